"""Keep: one archive of everything that cannot be made again, and tidying up what is old; sends nothing."""

from __future__ import annotations

import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from digest.errors import StoreError, UsageError
from digest.pipeline.app import App
from digest.pipeline.vitals import TICK
from digest.store import Store
from digest.store.backup import check, copy
from subscribers import roster

DATABASE, KEYS, CONFIG, TEMPLATES = "digest.db", "link-keys", "config.toml", "templates"
#: A clock that looked this long ago is still running.
RUNNING = timedelta(minutes=3)
#: Who was asked to confirm and did nothing for so long is erased.
UNCONFIRMED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of an installation are."""

    database: Path
    keys: Path
    config: Path
    templates: Path


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was thrown away."""

    articles: int
    checks: int  #: of sources
    people: int  #: who never confirmed


def back_up(store: Store, places: Places, target: Path) -> int:
    """Write everything that cannot be made again into a new zip file that only its owner may read; return its bytes.

    The database is copied while it is in use, and the copy is checked. Raises StoreError, UsageError.
    """
    if target.exists():
        raise UsageError(f"{target} is there already; a backup never overwrites one")
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
        copied, draft = Path(work) / DATABASE, Path(work) / "draft.zip"
        copy(store, copied)
        draft.touch(mode=0o600)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copied, DATABASE)
            for name, file in ((KEYS, places.keys), (CONFIG, places.config)):
                if file.is_file():
                    archive.write(file, name)
            for file in sorted(each for each in places.templates.rglob("*") if each.is_file()):
                archive.write(file, f"{TEMPLATES}/{file.relative_to(places.templates).as_posix()}")
        with zipfile.ZipFile(draft) as archive:
            if damaged := archive.testzip():
                raise StoreError(f"backup not written: {target}: {damaged} does not read back")
        draft.replace(target)
    return target.stat().st_size


def restore(archive: Path, places: Places, now: datetime) -> tuple[str, ...]:
    """Put a backup's parts in their places and return their names; what was there is moved aside, never deleted.

    Raises UsageError where the file is no backup, StoreError where the database in it is not whole.
    """
    try:
        with TemporaryDirectory() as work, zipfile.ZipFile(archive) as packed:
            wanted = [each for each in packed.namelist() if _is_ours(each)]
            if DATABASE not in wanted:
                raise UsageError(f"{archive} is no backup of Broadsheet: it holds no {DATABASE}")
            for name in wanted:
                packed.extract(name, work)
            check(Path(work) / DATABASE)
            for name in wanted:
                _put(Path(work) / name, _place(name, places), now)
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"{archive}: cannot be read as a backup: {error}") from error
    return tuple(wanted)


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return name in (DATABASE, KEYS, CONFIG) or (inside and path.parts[0] == TEMPLATES and not name.endswith("/"))


def _place(name: str, places: Places) -> Path:
    known = {DATABASE: places.database, KEYS: places.keys, CONFIG: places.config}
    return known.get(name) or places.templates / PurePosixPath(name).relative_to(TEMPLATES)


def _put(file: Path, place: Path, now: datetime) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    # SQLite's journal belongs to the database that goes: it goes along.
    for there in (place, *(place.with_name(place.name + end) for end in ("-wal", "-shm"))):
        if there.exists():
            there.replace(there.with_name(f"{there.name}.before-{now:%Y%m%dT%H%M%S}"))
    draft = place.with_name(f".{place.name}.new")
    draft.touch(mode=0o600)
    draft.write_bytes(file.read_bytes())
    draft.replace(place)


def demand_stopped(database: Path, now: datetime) -> None:
    """Raise UsageError while ``digest serve`` runs on a database; one that cannot be read stops nobody."""
    value = ""
    if database.exists():
        with suppress(StoreError), closing(Store.open(f"sqlite:///{database}", migrate=False)) as store:
            value = store.meta.get(TICK)
    if value and now - datetime.fromisoformat(value) < RUNNING:
        raise UsageError(
            "digest serve is running on this store, or did so minutes ago; stop it first, then wait a little"
        )


def tidy(app: App, now: datetime, keep_days: int) -> Tidied:
    """Throw away articles and checks of sources older than ``keep_days``, and people who never confirmed.

    An edition keeps its own texts.
    """
    before = now - timedelta(days=keep_days)
    with app.store.begin() as connection:
        people = roster.tidy(connection, now - UNCONFIRMED_FOR, at=now, how="config")
    return Tidied(app.store.articles.tidy(before), app.store.sources.tidy(before), people)
