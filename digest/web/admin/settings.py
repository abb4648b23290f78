"""The newsletters with their next runs, and the settings as they are read; changes none, shows no secret."""

from __future__ import annotations

from starlette.responses import Response

from digest.pipeline.app import App, Newsletter
from digest.schedule import upcoming
from digest.schedule.running import rule_of
from subscribers.web.admin.asked import Asked, Page

#: Runs shown of each newsletter.
RUNS = 7


class SettingPages:
    """What config.toml says, as it is understood."""

    def __init__(self, app: App) -> None:
        self._app = app

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/settings", "viewer", self.show, for_all=True),
            Page("GET", "/newsletters", "viewer", self.newsletters),
        ]

    def newsletters(self, asked: Asked) -> Response:
        """Show each newsletter with its next runs, in its own time."""
        now = asked.by["at"]
        rows = []
        for each in (each for each in self._app.newsletters if asked.reach.touches(each.lists)):
            due = upcoming(rule_of(each), now, each.zone, RUNS)
            rows.append((each, facts(each), [(run.at.astimezone(each.zone), run.slot) for run in due]))
        return asked.show("newsletters", rows=rows)

    def show(self, asked: Asked) -> Response:
        """Show the rest of the settings, by the names they have in config.toml."""
        app = self._app
        site = (
            ("sender", app.sender.address),
            ("reply_to", app.sender.reply_to),
            ("base_url", app.sender.base_url),
            ("unsubscribe_mailbox", app.sender.unsubscribe_mailbox),
        )
        limits = app.limits
        collect = (
            ("connections", limits.connections),
            ("timeout", f"{limits.total_timeout:g} s"),
            ("max_body_mb", limits.max_body_bytes // 1_000_000),
            ("interval_minutes", limits.interval_minutes),
            ("allow_hosts", ", ".join(limits.allow_hosts)),
        )
        tables = (
            ("site", site),
            ("store", (("url", app.store.name),)),
            ("provider", (("kind", app.provider_kind),)),
            ("collect", collect),
        )
        return asked.show("settings", tables=tables)


def facts(newsletter: Newsletter) -> tuple[tuple[str, str], ...]:
    """Return what is set for a newsletter, by the names of config.toml."""
    rules = newsletter.rules
    return (
        ("lists", ", ".join(newsletter.lists)),
        ("send_at", ", ".join(newsletter.times)),
        ("days", ", ".join(newsletter.days)),
        ("timezone", newsletter.zone.key),
        ("approval", "required" if newsletter.approval_required else "automatic"),
        ("late", newsletter.late + (f", up to {newsletter.late_hours:g} h" if newsletter.late == "send" else "")),
        ("template", newsletter.design),
        ("stories", str(rules.stories)),
        ("sources", str(len(newsletter.sources))),
    )
