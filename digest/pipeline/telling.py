"""Tell: whoever looks after a newsletter that it waits for them, by mail and webhook; sends no edition."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

import structlog

from digest.errors import BroadsheetError, NoSuchEdition, ProviderBusy, TemplateError
from digest.model import EditionState, Envelope, Message, Recipient
from digest.pipeline.app import App
from digest.pipeline.rendering import mail_domain
from digest.pipeline.vitals import stopped_by
from digest.render.notices import Alarming
from digest.render.notices import alarm as notice
from digest.send.provider import Mailing, Parcel

log = structlog.get_logger()

#: Seconds to wait for a webhook.
PATIENCE = 10

#: How an alarm may be told: the names of what ``Alarms`` keeps of each.
Way = Literal["mail", "webhook"]

#: Under names that begin so stands what is not told yet, the edition and the kind behind.
WAITING = "to tell "

#: What is told since so short a time is still being told, by whoever noticed it.
JUST_NOW = timedelta(minutes=1)

#: Whom nothing reached for so long is told no more: the log says it all.
FOR_A_DAY = timedelta(days=1)


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
    """Tell of an alarm by every way that is set, each once an edition and kind.

    It is written down first: what one way did not take, or a process died over, ``tell_again`` tells.
    """
    left = [way for way in _ways(app) if not app.store.meta.get(_told(alarm, way))]
    if not left:
        return
    app.store.meta.set(_waiting(alarm), json.dumps({"why": alarm.why, "since": app.clock().isoformat()}))
    _tell(app, alarm, left, post)


def tell_again(app: App, post: Callable[[str, bytes], None] = post) -> None:
    """Tell of what was not told by every way yet, as long as it is still so, for a day at most."""
    for name, kept in app.store.meta.beginning(WAITING).items():
        edition, _, what = name.removeprefix(WAITING).rpartition(" ")
        value = json.loads(kept)
        alarm = Alarm(edition, what, value["why"])  # type: ignore[arg-type] # as we wrote it
        left = [way for way in _ways(app) if not app.store.meta.get(_told(alarm, way))]
        age = app.clock() - datetime.fromisoformat(value["since"])
        if age < JUST_NOW:
            continue
        if age > FOR_A_DAY or not left or not _is_still_so(app, alarm):
            log.info("alarm_dropped", edition=edition, what=what)
            app.store.meta.drop(name)
        else:
            _tell(app, alarm, left, post)


def _tell(app: App, alarm: Alarm, ways: Sequence[Way], post: Callable[[str, bytes], None]) -> None:
    message = _said(app, alarm)
    is_told = True
    for way in ways:
        try:
            if way == "mail":
                _mail(app, alarm, message)
            else:
                post(app.alarms.webhook, json.dumps({**asdict(alarm), "text": message.text.strip()}).encode())
        except (BroadsheetError, OSError, ValueError) as error:
            is_told = False
            log.warning("alarm_not_told", edition=alarm.edition, way=way, why=str(error))
        else:
            app.store.meta.set(_told(alarm, way), app.clock().isoformat())
    if is_told:
        app.store.meta.drop(_waiting(alarm))


def _ways(app: App) -> tuple[Way, ...]:
    return tuple(way for way in get_args(Way) if getattr(app.alarms, way))


def _told(alarm: Alarm, way: Way) -> str:
    return f"told {alarm.edition} {alarm.what} {way}"


def _waiting(alarm: Alarm) -> str:
    return f"{WAITING}{alarm.edition} {alarm.what}"


def _is_still_so(app: App, alarm: Alarm) -> bool:
    """Tell whether an alarm of a while ago still says what is so."""
    try:
        state = app.store.editions.get(alarm.edition).state
    except NoSuchEdition:
        return alarm.what == "failed"
    if alarm.what == "stopped":
        return bool(stopped_by(app, alarm.edition)) and state is not EditionState.SENT
    is_to_go = state in (EditionState.COMPOSED, EditionState.HELD, EditionState.PAUSED)
    return is_to_go or (alarm.what == "failed" and state in (EditionState.APPROVED, EditionState.FROZEN))


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
        (receipt,) = provider.deliver(
            Mailing(message, envelope, app.clock()),
            Parcel((Recipient(id=0, public_id=f"alarm-{alarm.what}", address=app.alarms.mail),)),
        )
    if receipt.fate in ("later", "rejected"):
        raise ProviderBusy(receipt.detail)
