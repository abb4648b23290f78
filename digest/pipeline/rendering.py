"""Render: an edition as mail, as files for people to look at; knows no recipient's list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from digest.errors import UsageError
from digest.model import Edition, Envelope, Message, Recipient
from digest.pipeline.app import App, Newsletter
from digest.pipeline.desk import pages
from digest.render import render
from digest.render.check import faults
from digest.render.fitting import size
from digest.render.inline import INLINERS
from digest.render.scheme import in_scheme
from digest.render.slots import fill, fill_html
from digest.send.mime import Mould


@dataclass(frozen=True, slots=True)
class Preview:
    """An edition on disk."""

    edition: Edition
    message: Message
    html: Path
    text: Path
    eml: Path
    page: Path  #: all of them side by side, and the headers
    size: int  #: bytes of HTML, as mailed
    faults: tuple[str, ...]  #: what should be mended before it goes


def message_of(app: App, newsletter: Newsletter, edition: Edition) -> Message:
    """Render the edition in its newsletter's design."""
    return render(edition, design=newsletter.design, overrides=app.templates, inliner=INLINERS[app.inliner])


def mail_domain(app: App) -> str:
    """Return the domain of the sender's address."""
    return app.sender.address.rpartition("@")[2].rstrip("> ") or "localhost"


def envelope_of(app: App, edition: Edition) -> Envelope:
    """Return what every mail of the edition has in common."""
    domain = mail_domain(app)
    return Envelope(
        edition=edition.id,
        sender=app.sender.address,
        list_id=f"{edition.newsletter}.{domain}",
        reply_to=app.sender.reply_to,
        unsubscribe_mailbox=app.sender.unsubscribe_mailbox,
        message_id_domain=domain,
    )


def sample_recipient(app: App, address: str, public_id: str = "preview") -> Recipient:
    """Return a recipient for a test or a preview, whose links lead nowhere that changes anything."""
    url = f"{app.sender.links_url}/u/preview"
    slots = (("ADDRESS", address), ("NAME", ""), ("PREFERENCES_URL", url), ("UNSUBSCRIBE_URL", url))
    return Recipient(id=0, public_id=public_id, address=address, slots=slots, one_click_url=url)


def write(
    app: App, newsletter: Newsletter, edition: Edition, folder: Path, at: datetime, *, watch: bool = False
) -> Preview:
    """Render the edition into ``folder`` as HTML, text, .eml, and a page that shows them side by side.

    With ``watch`` the page loads itself anew every other second.
    """
    message = message_of(app, newsletter, edition)
    recipient = sample_recipient(app, "reader@example.org")
    values = dict(recipient.slots)
    preview = Preview(
        edition,
        message,
        html=folder / "edition.html",
        text=folder / "edition.txt",
        eml=folder / "edition.eml",
        page=folder / "index.html",
        size=size(message.html),
        faults=faults(message, edition),
    )
    mail = Mould(message, envelope_of(app, edition), date=at).fill(recipient)
    text = fill(message.text, values)
    html = fill_html(message.html, values)
    files = {
        preview.html: html.encode(),
        folder / "light.html": in_scheme(html, is_dark=False).encode(),
        folder / "dark.html": in_scheme(html, is_dark=True).encode(),
        preview.text: text.encode(),
        preview.eml: mail,
        preview.page: side_by_side(app, preview, text, mail, watch).encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            _write(file, content)
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    return preview


def _write(file: Path, content: bytes) -> None:
    """Write a file whole: a browser that looks meanwhile sees the old one, never half of the new."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_bytes(content)
    draft.replace(file)


def side_by_side(app: App, preview: Preview, text: str, mail: bytes, watch: bool) -> str:
    """Return the page that shows an edition as phone, desktop, dark, text and headers."""
    template = pages(app.templates).get_template("preview/index.html")
    return template.render(
        subject=preview.message.subject,
        preheader=preview.message.preheader,
        edition=preview.edition.id,
        size=f"{preview.size:,}",
        hold=preview.edition.hold,
        faults=preview.faults,
        text=text,
        headers=mail.partition(b"\r\n\r\n")[0].decode("utf-8", "replace"),
        watch=watch,
    )


def marked_as_test(message: Message) -> Message:
    """Return the message marked as a test."""
    return replace(message, subject=f"[Test] {message.subject}")
