"""Builds the body of SendGrid's v3 mail/send; opens no connection.

The sendgrid package's own classes make the part that all recipients share. The personalizations are written
directly, which takes a quarter of the time; a test holds them equal to what the package would write.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any

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
        self._shared = json.dumps(shared, ensure_ascii=False).encode()[1:]

    def body(self, parcel: Parcel) -> bytes:
        """Return the request for a parcel, at most a thousand recipients."""
        people = json.dumps(
            [self.personalization(each) for each in parcel.recipients], ensure_ascii=False, separators=(",", ":")
        )
        custom = json.dumps({"batch": str(parcel.batch), "attempt": str(parcel.attempt)})[1:-1]
        shared = self._shared.replace(b'"custom_args": {', b'"custom_args": {' + custom.encode() + b", ", 1)
        return b'{"personalizations":' + people.encode() + b"," + shared

    def personalization(self, recipient: Recipient) -> dict[str, Any]:
        """Return what one recipient has of their own."""
        to = {"email": ascii_domain(recipient.address)}
        if recipient.name:
            to["name"] = one_line(recipient.name)
        own: dict[str, Any] = {"to": [to], "custom_args": {"recipient": recipient.public_id}}
        ways = unsubscribe_ways(recipient.one_click_url, self._mailbox, recipient.public_id)
        if ways:
            own["headers"] = {"List-Unsubscribe": ", ".join(ways)}
        if recipient.one_click_url:
            own["headers"]["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if self._plain or self._marked:
            own["substitutions"] = self._substitutions(recipient)
        return own

    def _substitutions(self, recipient: Recipient) -> dict[str, str]:
        """Return the values of the slots: plain for subject and text, escaped for HTML."""
        values = dict(recipient.slots)
        try:
            filled = {f"%%{name}%%": values[name] for name in self._plain}
            filled |= {_marked(name): escape(values[name]) for name in self._marked}
        except KeyError as missing:
            raise ProviderRefused(f"the message has a slot %%{missing.args[0]}%% and no value for it") from missing
        if sum(map(len, filled.values())) > MOST_SUBSTITUTIONS // 4:
            size = len(json.dumps(filled, ensure_ascii=False).encode())
            if size > MOST_SUBSTITUTIONS:
                raise ProviderRefused(f"sendgrid: a recipient's values take {size} bytes, {MOST_SUBSTITUTIONS} fit")
        return filled


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
