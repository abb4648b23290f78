"""Mails about a subscription itself, such as 'please confirm'; knows no edition."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta

import structlog

from digest.errors import BroadsheetError
from digest.model import Envelope, Recipient
from digest.pipeline.app import App
from digest.pipeline.rendering import mail_domain
from digest.render.notices import confirmation
from digest.send.provider import Mailing, Parcel, Provider
from subscribers import Notice, notices, roster

log = structlog.get_logger()

#: Whose server puts a mail off for so long gets it no more: they may ask for another.
FOR_A_DAY = timedelta(days=1)
#: What was asked for lately goes before what is put off again and again.
FRESH = timedelta(minutes=10)


def send_notices(app: App, limit: int = 100) -> int:
    """Send the notices that wait, at most ``limit``, and return how many went.

    One is marked after it left: a process killed between the two sends that one again, which confirms the same. What
    the other side puts off, as one that lists strangers grey does, is tried again for a day.
    """
    with app.store.begin() as connection:
        roster.settle(connection)  # wishes from the subscribe form that a process died over
        waiting = notices.due(connection, limit, fresh_since=app.clock() - FRESH)
    if not waiting:
        return 0
    sent = 0
    with closing(app.open_provider()) as provider:
        for notice in waiting:
            sent += _send(app, provider, notice)
    return sent


def _send(app: App, provider: Provider, notice: Notice) -> bool:
    at = app.clock()
    try:
        (receipt,) = provider.deliver(mailing(app, notice, at), Parcel((recipient(app, notice),)))
    except BroadsheetError as error:  # the provider, or a fault in a template of one's own
        log.warning("notice_not_sent", notice=notice.id, why=str(error))
        return False
    if receipt.fate == "later" and at - notice.at < FOR_A_DAY:
        log.warning("notice_not_sent", notice=notice.id, why=receipt.detail)
        return False
    with app.store.begin() as connection:
        notices.done(connection, notice.id, at=at)
    return receipt.fate == "sent"


def mailing(app: App, notice: Notice, at: datetime) -> Mailing:
    """Return the mail of a notice, its link as a slot."""
    message = confirmation(notice.list_title or notice.list_slug, languages(app, notice), app.templates)
    domain = mail_domain(app)
    envelope = Envelope(
        edition=f"notices/{notice.id}",
        sender=app.sender.address,
        list_id=f"{notice.list_slug}.{domain}",
        reply_to=app.sender.reply_to,
        message_id_domain=domain,
    )
    return Mailing(message, envelope, at)


def languages(app: App, notice: Notice) -> tuple[str, ...]:
    """Return the languages a notice may be in: the person's own, then those of what the list gets."""
    feeding = [each for each in app.newsletters if notice.list_slug in each.lists]
    return (notice.language, *(each.masthead.language for each in feeding or app.newsletters))


def recipient(app: App, notice: Notice) -> Recipient:
    """Return the person a notice goes to, with the link that confirms."""
    token = app.ring.sign("confirm", notice.public_id, notice.list_slug)
    return Recipient(
        id=notice.subscriber_id,
        public_id=notice.public_id,
        address=notice.address,
        name=notice.name,
        slots=(("CONFIRM_URL", f"{app.sender.links_url}/confirm/{token}"),),
    )
