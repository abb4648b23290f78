"""Builds the body of SendGrid's v3 mail/send; opens no connection.

The sendgrid package's own classes make the part that all recipients share. The personalizations are written
directly, which takes a tenth of the time; a test holds them equal to what the package would write.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sendgrid.helpers.mail import (
    Category,
    ClickTracking,
    CustomArg,
    FooterSettings,
    From,
    Ganalytics,
    Header,
    HtmlContent,
    Mail,
    MailSettings,
    OpenTracking,
    PlainTextContent,
    ReplyTo,
    SandBoxMode,
    Subject,
    SubscriptionTracking,
    TrackingSettings,
)

from digest.errors import ProviderRefused
from digest.model import SLOT, Recipient
from digest.send.addresses import ascii_domain, one_line, split
from digest.send.mime import list_headers, unsubscribe_ways
from digest.send.provider import Mailing, Parcel
from digest.send.together import each, in_json

#: Bytes of substitutions a recipient may have (SendGrid, "Personalizations", limitations).
MOST_SUBSTITUTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Tracking:
    """What SendGrid adds to mails; always said explicitly, whatever the account's own settings are."""

    opens: bool = False
    clicks: bool = False
    sandbox: bool = False  #: check the request, send nothing


class Frame:
    """The part of a request that all batches of a send share."""

    def __init__(self, mailing: Mailing, tracking: Tracking) -> None:
        self._mailbox = mailing.envelope.unsubscribe_mailbox
        message = mailing.message
        self._plain = tuple(dict.fromkeys(SLOT.findall(message.subject + message.text)))
        self._marked = tuple(dict.fromkeys(SLOT.findall(message.html)))
        shared = _shared(mailing, tracking).get()
        shared.pop("personalizations", None)
        self._shared = json.dumps(shared, ensure_ascii=False).encode()[1:].partition(b'"custom_args": {')

    def body(self, parcel: Parcel) -> bytes:
        """Return the request for a parcel, at most a thousand recipients."""
        before, custom_args, after = self._shared
        custom = json.dumps({"batch": str(parcel.batch), "attempt": str(parcel.attempt)})[1:-1].encode()
        people = self._personalizations(parcel.recipients).encode()
        return b"".join((b'{"personalizations":[', people, b"],", before, custom_args, custom, b", ", after))

    def _personalizations(self, people: Sequence[Recipient]) -> str:
        """Return what each recipient has of their own, column by column: one call escapes a value of all of them."""
        columns = [_to(people), each(in_json, [person.public_id for person in people]), self._headers(people)]
        form = '{"to":[{"email":"%s"}],"custom_args":{"recipient":"%s"}%s'
        if self._plain or self._marked:
            form += ',"substitutions":{%s}'
            columns.append(self._substitutions(people))
        return ",".join(map((form + "}").__mod__, zip(*columns, strict=True)))

    def _headers(self, people: Sequence[Recipient]) -> list[str]:
        ways = [", ".join(unsubscribe_ways(one.one_click_url, self._mailbox, one.public_id)) for one in people]
        post = '","List-Unsubscribe-Post":"List-Unsubscribe=One-Click"}'
        ends = [post if person.one_click_url else '"}' for person in people]
        written = each(in_json, ways)
        start = ',"headers":{"List-Unsubscribe":"'
        return [f"{start}{way}{end}" if way else "" for way, end in zip(written, ends, strict=True)]

    def _substitutions(self, people: Sequence[Recipient]) -> list[str]:
        """Return the values of the slots: plain for subject and text, escaped for HTML."""
        values = [dict(person.slots) for person in people]
        try:
            found = {name: [own[name] for own in values] for name in {*self._plain, *self._marked}}
        except KeyError as missing:
            raise ProviderRefused(f"the message has a slot %%{missing.args[0]}%% and no value for it") from missing
        columns = [each(in_json, found[name]) for name in self._plain]
        columns += [each(in_json, each(escape, found[name])) for name in self._marked]
        tags = [f"%%{name}%%" for name in self._plain] + [_marked(name) for name in self._marked]
        form = ",".join(f'"{in_json(tag)}":"%s"'.replace("%%", "%%%%") for tag in tags)
        filled = list(map(form.__mod__, zip(*columns, strict=True)))
        _demand_room(filled)
        return filled


def _to(people: Sequence[Recipient]) -> list[str]:
    """Return addresses, each with its name where there is one, as they stand between the quotes."""
    addresses = [person.address for person in people]
    if not "".join(addresses).isascii():
        addresses = [ascii_domain(address) for address in addresses]
    names = [one_line(person.name) if person.name else "" for person in people]
    written = zip(each(in_json, addresses), each(in_json, names), strict=True)
    return [f'{address}","name":"{name}' if name else address for address, name in written]


def _demand_room(filled: Sequence[str]) -> None:
    """Refuse values that SendGrid has no room for; a text needs at most four bytes a character."""
    for values in filled:
        if len(values) > MOST_SUBSTITUTIONS // 4:
            size = len(values.encode()) + len("{}")
            if size > MOST_SUBSTITUTIONS:
                raise ProviderRefused(f"sendgrid: a recipient's values take {size} bytes, {MOST_SUBSTITUTIONS} fit")


def _shared(mailing: Mailing, tracking: Tracking) -> Mail:
    message, envelope = mailing.message, mailing.envelope
    mail = Mail()
    name, address = split(envelope.sender)
    mail.from_email = From(ascii_domain(address), name or None)
    mail.subject = Subject(one_line(message.subject))
    mail.add_content(PlainTextContent(message.text))
    mail.add_content(HtmlContent(SLOT.sub(lambda found: _marked(found[1]), message.html)))
    if envelope.reply_to:
        reply_name, reply_address = split(envelope.reply_to)
        mail.reply_to = ReplyTo(ascii_domain(reply_address), reply_name or None)
    for header, value in list_headers(envelope).items():
        mail.add_header(Header(header, value))
    mail.add_custom_arg(CustomArg("edition", envelope.edition))
    mail.add_category(Category(envelope.edition.partition("/")[0]))
    mail.tracking_settings = TrackingSettings(
        ClickTracking(tracking.clicks, False),
        OpenTracking(tracking.opens),
        SubscriptionTracking(False),
        Ganalytics(False),
    )
    mail.mail_settings = MailSettings(footer_settings=FooterSettings(False), sandbox_mode=SandBoxMode(tracking.sandbox))
    return mail


def _marked(name: str) -> str:
    """Name a slot in HTML, where values are escaped: the same tag cannot have two values."""
    return f"%%{name}:html%%"
