"""Tell: whoever looks after a newsletter that it waits for them, by mail and webhook; sends no edition."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass

import structlog

from digest.errors import BroadsheetError, TemplateError
from digest.model import Envelope, Message, Recipient
from digest.pipeline.app import App
from digest.pipeline.rendering import mail_domain
from digest.render.notices import Alarming
from digest.render.notices import alarm as notice
from digest.send.provider import Mailing, Parcel

log = structlog.get_logger()

#: Seconds to wait for a webhook.
PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something a person should know."""

    edition: str  #: its name, such as ``morning/2026-03-04``
    what: Alarming
    why: str


def post(url: str, body: bytes) -> None:
    """Post JSON to an address; raise OSError where it does not take it."""
    headers = {"Content-Type": "application/json", "User-Agent": "Broadsheet"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 (the settings allow http and https alone)
    with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310
        pass


def tell(app: App, alarm: Alarm, post: Callable[[str, bytes], None] = post) -> None:
    """Tell of an alarm by every way that is set, each once an edition and kind; one that fails is only logged."""
    ways: dict[str, Callable[[], None]] = {}
    if app.alarms.mail or app.alarms.webhook:
        message = _said(app, alarm)
    if app.alarms.mail:
        ways["mail"] = lambda: _mail(app, alarm, message)
    if app.alarms.webhook:
        body = json.dumps({**asdict(alarm), "text": message.text.strip()}).encode()
        ways["webhook"] = lambda: post(app.alarms.webhook, body)
    for way, go in ways.items():
        told = f"told {alarm.edition} {alarm.what} {way}"
        if app.store.meta.get(told):
            continue
        try:
            go()
        except (BroadsheetError, OSError, ValueError) as error:
            log.warning("alarm_not_told", edition=alarm.edition, way=way, why=str(error))
        else:
            app.store.meta.set(told, app.clock().isoformat())


def _said(app: App, alarm: Alarm) -> Message:
    """Return the mail of an alarm in its newsletter's language; a faulty template of one's own silences none."""
    slug = alarm.edition.partition("/")[0]
    language = next((each.masthead.language for each in app.newsletters if each.slug == slug), "en")
    try:
        return notice(alarm.what, alarm.edition, alarm.why, language, app.templates)
    except TemplateError:
        return notice(alarm.what, alarm.edition, alarm.why, language)


def _mail(app: App, alarm: Alarm, message: Message) -> None:
    domain = mail_domain(app)
    envelope = Envelope(
        edition=f"alarms/{alarm.edition}/{alarm.what}",
        sender=app.sender.address,
        list_id=f"alarms.{domain}",
        message_id_domain=domain,
    )
    with closing(app.open_provider()) as provider:
        provider.deliver(
            Mailing(message, envelope, app.clock()),
            Parcel((Recipient(id=0, public_id=f"alarm-{alarm.what}", address=app.alarms.mail),)),
        )
