"""Settings in, an assembled application out; the only place that builds adapters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from digest.collect.limits import Limits
from digest.config import (
    Config,
    NewsletterSettings,
    OutboxSettings,
    SendgridSettings,
    SmtpSettings,
    SourceSettings,
)
from digest.errors import ConfigError, Fault, ProviderRefused, StoreError
from digest.group.rules import Rules
from digest.model import CallToAction, Masthead, Source, Sponsor
from digest.pipeline.app import Alarms, App, Newsletter, Sender
from digest.pipeline.endpoint import Endpoint
from digest.pipeline.keyring import FILE, FreshRing, keep
from digest.send.addresses import quoted
from digest.send.provider import Provider
from digest.send.signing import Key, Signer
from digest.store import Limits as SendLimits
from digest.store import Store
from digest.store.engine import mend_of_access
from subscribers import KeyFault, KeyRing, roster


def build(config: Config, *, now: datetime, read_only: bool = False) -> App:
    """Assemble the application a config describes; ``now`` dates the lists it may have to make.

    With ``read_only`` a SQLite database that is not there, or was not begun, is replaced by an empty one in memory.
    """
    settings = config.settings
    sources = tuple(source(config, each) for each in settings.sources)
    newsletters = tuple(newsletter(config, each, sources) for each in settings.newsletters)
    app = App(
        store=open_store(config, read_only=read_only),
        newsletters=newsletters,
        sources=sources,
        limits=limits(config),
        sender=sender(config),
        keys=keys(config, read_only=read_only),
        provider_kind=settings.provider.kind,
        pace=pace(config),
        open_provider=provider(config),
        folder=config.resolve("out"),
        pictures=config.resolve("var/pictures"),
        indexed=settings.site.indexed,
        inliner=settings.site.inliner,
        webhook_key=config.secrets.get("SENDGRID_WEBHOOK_KEY"),
        templates=templates(config),
        alarms=Alarms(settings.site.alarm_mail, settings.site.alarm_webhook),
        writer=writer(config),
        keep_days=settings.store.keep_days,
    )
    if not read_only or _in_memory(app.store):
        make_lists(app, now)
    return app


def _in_memory(store: Store) -> bool:
    return store.name == "sqlite://"


def make_lists(app: App, now: datetime) -> None:
    """Make the lists that the config names and the store does not have."""
    with app.store.read() as connection:
        there = set(roster.slugs(connection))
    missing = [(slug, each) for each in app.newsletters for slug in each.lists if slug not in there]
    if missing:
        with app.store.begin() as connection:
            for slug, each in missing:
                roster.ensure_list(connection, slug, title=list_title(each, slug), opt_in=each.opt_in, at=now)


def list_title(newsletter: Newsletter, slug: str) -> str:
    """Return what a new list is called: readers choose among those of a newsletter, so no two are called the same."""
    is_first = slug == newsletter.slug or (slug == newsletter.lists[0] and newsletter.slug not in newsletter.lists)
    title = newsletter.masthead.title
    return title if is_first else f"{title}: {slug.replace('-', ' ')}"


def open_store(config: Config, *, read_only: bool = False) -> Store:
    """Open the store, a SQLite path seen from the config's folder."""
    url = config.settings.store.url
    if url.startswith("sqlite:///"):
        file = config.resolve(url.removeprefix("sqlite:///"))
        if read_only and not (file.exists() and file.stat().st_size):
            return Store.open("sqlite://")
        return Store.open(f"sqlite:///{file}", migrate=not read_only)
    return Store.open(with_password(url, config.secrets.get("BROADSHEET_STORE_PASSWORD")), migrate=not read_only)


def with_password(url: str, password: str) -> str:
    """Return a database's address with its password, which never stands in the config."""
    parts = urlsplit(url)
    if parts.password:
        raise StoreError(
            "the store's address carries a password; take it out of config.toml and set BROADSHEET_STORE_PASSWORD"
        )
    if not password or not parts.username:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace("@", f":{quote(password, safe='')}@", 1)))


def keys(config: Config, *, read_only: bool = False) -> Callable[[], KeyRing]:
    """Return what gives the keys of readers' links: those of the environment, else those the file has at that moment.

    The file stands beside the store and is made when missing.
    """
    if text := config.secrets.get("BROADSHEET_LINK_KEYS"):
        ring = _ring("BROADSHEET_LINK_KEYS", lambda: text)
        return lambda: ring
    file = config.resolve(FILE)

    def read() -> KeyRing:
        return _ring(str(file), lambda: file.read_text(encoding="ascii"))

    if not file.exists():
        first = KeyRing.generate()
        if read_only:
            return lambda: first
        keep(first, file)
    return FreshRing(file, read)


def _ring(where: str, read: Callable[[], str]) -> KeyRing:
    try:
        return KeyRing.from_text(read())
    except PermissionError as fault:
        raise StoreError(f"{where}: the keys of readers' links cannot be read; {mend_of_access()}") from fault
    except (KeyFault, OSError, UnicodeDecodeError) as fault:
        mend = "put back the one that signed the links readers have, as from a backup"
        raise StoreError(f"{where}: the keys of readers' links cannot be read: {fault}; {mend}") from fault


def templates(config: Config) -> Path | None:
    """Return the user's own templates folder, None where there is none."""
    folder = config.resolve("templates")
    return folder if folder.is_dir() else None


def limits(config: Config) -> Limits:
    """Return the limits of collecting."""
    collect = config.settings.collect
    return Limits(
        connections=collect.connections,
        host_gap=collect.host_gap,
        connect_timeout=collect.connect_timeout,
        total_timeout=collect.timeout,
        max_body_bytes=collect.max_body_mb * 1_000_000,
        allow_hosts=collect.allow_hosts,
        interval_minutes=collect.interval_minutes,
        full_texts=collect.full_texts,
        full_texts_of_stubs=collect.full_texts_of_stubs,
        full_texts_in_all=collect.full_texts_in_all,
    )


def sender(config: Config) -> Sender:
    """Return who the mails are from, and where readers' links lead."""
    site, serve, provider = config.settings.site, config.settings.serve, config.settings.provider
    base_url = site.base_url.rstrip("/")
    dkim_name = ""
    if isinstance(provider, SmtpSettings) and provider.dkim_domain and provider.dkim_selector:
        dkim_name = f"{provider.dkim_selector}._domainkey.{provider.dkim_domain}"
    return Sender(
        address=site.sender or f"{quoted(site.title)} <news@localhost>",
        reply_to=site.reply_to,
        unsubscribe_mailbox=site.unsubscribe_mailbox,
        base_url=base_url,
        links_url=base_url or f"http://{serve.host}:{serve.port}",
        dkim_name=dkim_name,
    )


def writer(config: Config) -> Endpoint | None:
    """Return the language model that writes deks, None where there is none.

    Raises ConfigError where its key would leave this machine for all to read.
    """
    settings, key = config.settings.writer, config.secrets.get("BROADSHEET_WRITER_KEY")
    if not settings.base_url:
        return None
    host = urlsplit(settings.base_url).hostname or ""
    if key and settings.base_url.startswith("http://") and host not in ("localhost", "127.0.0.1", "::1"):
        what = f"[writer] base_url is http://{host}: its key would be read on the way; use https://"
        raise ConfigError([Fault(config.file, 1, 1, what)])
    return Endpoint(settings.base_url, settings.model, key, settings.timeout, settings.connections)


def source(config: Config, settings: SourceSettings) -> Source:
    """Return a source's settings as the value that flows on."""
    values = settings.model_dump()
    values["path"] = str(config.resolve(settings.path)) if settings.path else ""
    values |= {"title": settings.title or settings.slug, "is_named": bool(settings.title)}
    values["path_as_given"] = settings.path
    return Source(**values)


def newsletter(config: Config, settings: NewsletterSettings, sources: tuple[Source, ...]) -> Newsletter:
    """Return a newsletter's settings, with the site's where it has none of its own."""
    site = config.settings.site
    zone = settings.timezone or site.timezone
    chosen = settings.sources or tuple(each.slug for each in sources)
    return Newsletter(
        slug=settings.slug,
        masthead=masthead(config, settings),
        sources=tuple(each for each in sources if each.slug in chosen),
        lists=settings.audience,
        zone=ZoneInfo(zone),
        times=times(settings),
        days=settings.days,
        month_days=settings.month_days,
        holidays=settings.holidays,
        opt_in=settings.opt_in,
        design=settings.template,
        rules=rules(settings),
        approval_required=settings.approval == "required",
        late=settings.late,
        late_hours=settings.late_hours,
        readers_time=settings.readers_time,
    )


def times(settings: NewsletterSettings) -> tuple[str, ...]:
    """Return the local times of day a newsletter is due, in order."""
    if not settings.every_hours:
        return tuple(sorted(set(settings.send_at)))
    hour, minute = min(settings.send_at).split(":")
    return tuple(f"{each:02}:{minute}" for each in range(int(hour), 24, settings.every_hours))


def masthead(config: Config, settings: NewsletterSettings) -> Masthead:
    """Return what stands at the top and the foot of a newsletter's editions."""
    site = config.settings.site
    sponsor, call = settings.sponsor, settings.call_to_action
    return Masthead(
        title=settings.title or site.title,
        language=settings.language or site.language,
        timezone=settings.timezone or site.timezone,
        base_url=site.base_url.rstrip("/"),
        postal_address=site.postal_address,
        sponsor=Sponsor(**sponsor.model_dump()) if sponsor else None,
        call_to_action=CallToAction(**call.model_dump()) if call else None,
    )


def rules(settings: NewsletterSettings) -> Rules:
    """Return how an edition is made from its articles."""
    return Rules(
        stories=settings.stories,
        lead_related=settings.lead_related,
        related=settings.related,
        brief=settings.brief,
        dek_words=settings.dek_words,
        sections=settings.sections,
        min_stories=settings.min_stories,
        same_as_before=settings.hold_updates,
        dead_sources=settings.hold_dead_sources,
        low_lead=settings.hold_low_lead,
        repeat_days=settings.repeat_days,
        new_facts=settings.new_facts,
        least_new_facts=settings.least_new_facts,
        half_life=settings.half_life_hours,
        position_floor=settings.last_place,
        position_half=settings.place_half,
    )


def provider(config: Config) -> Callable[[], Provider]:
    """Return what opens the provider; nothing is opened before it is needed."""
    settings = config.settings.provider

    def opening() -> Provider:
        match settings:
            case OutboxSettings():
                from digest.send.providers import outbox

                return outbox.Outbox(outbox.Options(folder=config.resolve(settings.folder)))
            case SmtpSettings():
                return _smtp(config, settings)
            case SendgridSettings():
                return _sendgrid(config, settings)

    return opening


def pace(config: Config) -> SendLimits:
    """Return how many mails may leave; the outbox has no limit."""
    match config.settings.provider:
        case OutboxSettings():
            return SendLimits()
        case settings:
            return SendLimits(settings.per_second, settings.per_hour, settings.per_day, settings.warm_up)


def _smtp(config: Config, settings: SmtpSettings) -> Provider:
    from digest.send.providers import smtp

    password = config.secrets.get("BROADSHEET_SMTP_PASSWORD")
    if settings.username and not password:
        raise ProviderRefused(
            f'smtp: [provider] username is "{settings.username}" but BROADSHEET_SMTP_PASSWORD is not set; '
            "nothing was sent"
        )
    options = smtp.Options(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        username=settings.username,
        password=password,
        timeout=settings.timeout,
        connections=settings.connections,
    )
    if not settings.dkim_domain:
        return smtp.Smtp(options)
    return smtp.Smtp(options, sign=_signer(config, settings).sign)


def _signer(config: Config, settings: SmtpSettings) -> Signer:
    key = config.secrets.get("BROADSHEET_DKIM_KEY")
    if not key or not settings.dkim_selector:
        raise ProviderRefused(
            "smtp: [provider] dkim_domain is set, so dkim_selector and BROADSHEET_DKIM_KEY must be set too"
        )
    return Signer(Key(settings.dkim_domain, settings.dkim_selector, key))


def _sendgrid(config: Config, settings: SendgridSettings) -> Provider:
    from digest.send.providers import sendgrid

    key = config.secrets.get("SENDGRID_API_KEY")
    if not key:
        raise ProviderRefused("sendgrid: SENDGRID_API_KEY is not set in the environment; nothing was sent")
    options = sendgrid.Options(
        api_key=key,
        api=settings.api,
        timeout=settings.timeout,
        connections=settings.connections,
        open_tracking=settings.open_tracking,
        click_tracking=settings.click_tracking,
        sandbox=settings.sandbox,
    )
    return sendgrid.Sendgrid(options)
