"""Archive: everything that cannot be made again in one zip file, and back; sends nothing."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from digest.errors import StoreError, UsageError, demand_text
from digest.pipeline.placing import put
from digest.pipeline.putting_back import fold_in, put_back
from digest.pipeline.putting_back import set_aside as set_aside
from digest.pipeline.resting import let_rest
from digest.pipeline.vitals import TICK
from digest.store import Store
from digest.store.backup import check, copy, pour
from digest.store.moving import demand_empty

DATABASE, KEYS, CONFIG = "digest.db", "link-keys", "config.toml"
#: A clock that looked this long ago is still running.
RUNNING = timedelta(minutes=3)
#: A folder this young, in seconds, may be one that its process has not taken for itself yet.
JUST_MADE = 60
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of an installation are."""

    store: str  #: the database's address; of a SQLite file with its whole path
    keys: Path
    config: Path
    templates: Path  #: a folder
    pictures: Path  #: a folder

    @property
    def database(self) -> Path | None:
        """The database's file, None for a server's."""
        return Path(self.store.removeprefix(SQLITE)) if self.store.startswith(SQLITE) else None

    @property
    def server(self) -> str:
        """The database's address without a password."""
        parts = urlsplit(self.store)
        return parts._replace(netloc=f"{parts.username or ''}@{parts.netloc.rpartition('@')[2]}").geturl()

    @property
    def folders(self) -> dict[str, Path]:
        """The folders that are kept whole, by their name in the archive."""
        return {"templates": self.templates, "pictures": self.pictures}


def back_up(store: Store, places: Places, target: Path) -> int:
    """Write everything that cannot be made again into a new zip file that only its owner may read; return its bytes.

    The database is copied while it is in use, and the copy is checked. Raises StoreError, UsageError.
    """
    if target.exists():
        raise UsageError(f"{target} is there already; a backup never overwrites one")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _workplace(target.parent) as work:
            draft = _packed(store, places, work)
            with zipfile.ZipFile(draft) as archive:
                if damaged := archive.testzip():
                    raise StoreError(f"backup not written: {target}: {damaged} does not read back")
            put(draft, target)
        return target.stat().st_size
    except OSError as error:
        raise UsageError(f"backup not written: {target}: {error.strerror}") from error


@contextmanager
def _workplace(beside: Path) -> Iterator[Path]:
    """Give a folder to pack in; those of backups that were killed are thrown away, as they hold whole databases."""
    for folder in beside.glob(".backup-*"):
        with suppress(OSError), _holding(folder) as is_alone:
            if is_alone and time.time() - folder.stat().st_mtime > JUST_MADE:
                shutil.rmtree(folder)
    with TemporaryDirectory(dir=beside, prefix=".backup-") as work, _holding(Path(work)):
        yield Path(work)


@contextmanager
def _holding(folder: Path) -> Iterator[bool]:
    """Hold a folder against other processes; tell whether that is so: one of them may, and some disks know no locks."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        is_alone = False
        with suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_alone = True
        yield is_alone
    finally:
        os.close(number)


def _packed(store: Store, places: Places, work: Path) -> Path:
    copied, draft = work / DATABASE, work / "draft.zip"
    copy(store, copied)
    draft.touch(mode=0o600)
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in ((DATABASE, copied), (KEYS, places.keys), (CONFIG, places.config)):
            if file.is_file():
                archive.write(file, name)
        for name, file in _files(places):
            archive.write(file, name)
    return draft


def _files(places: Places) -> Iterator[tuple[str, Path]]:
    for name, folder in places.folders.items():
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            demand_text(file, UsageError, "backup not written")
            yield f"{name}/{file.relative_to(folder).as_posix()}", file


def demand_backup(archive: Path) -> None:
    """Raise UsageError unless a file is one of our backups, so that nobody is asked about another."""
    try:
        with zipfile.ZipFile(archive) as packed:
            if DATABASE not in packed.namelist():
                raise UsageError(f"{archive} is no backup of Broadsheet: it holds no {DATABASE}")
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"{archive}: cannot be read as a backup: {error}") from error


def store_named(archive: Path) -> str:
    """Return the database's address in an archive's config, '' where it names none or cannot be read."""
    with suppress(OSError, zipfile.BadZipFile, KeyError, ValueError), zipfile.ZipFile(archive) as packed:
        return str(tomllib.loads(packed.read(CONFIG).decode()).get("store", {}).get("url", ""))
    return ""


def taken_at(archive: Path) -> datetime:
    """Return when a backup was made, to the minute and aware, taking it that this machine's zone is that one's."""
    with zipfile.ZipFile(archive) as packed:
        year, month, day, hour, minute, _ = packed.getinfo(DATABASE).date_time
    return datetime(year, month, day, hour, minute).astimezone()


def restore(archive: Path, places: Places, now: datetime) -> tuple[str, ...]:
    """Put a backup's parts in their places and return their names; what was there is moved aside, never deleted.

    A server's database has to be empty. Raises UsageError where the file is no backup, StoreError where the database
    in it is not whole or its place is taken. One that was killed is ended by the same call again: what is missing comes
    first, then the database, then what replaces something; a server's database, which is full from then on, comes last.
    What was on its way when the backup was made is paused before the database takes its place.
    """
    demand_backup(archive)
    try:
        with TemporaryDirectory() as work, zipfile.ZipFile(archive) as packed:
            wanted = [each for each in packed.namelist() if _is_ours(each, places)]
            for name in wanted:
                packed.extract(name, work)
            check(Path(work) / DATABASE, archive)
            _demand_room(places)
            let_rest(Path(work) / DATABASE, taken_at(archive).astimezone(UTC), now)
            rest = [name for name in wanted if name != DATABASE]
            early = [name for name in rest if places.database is None or not _place(name, places).exists()]
            for name in early:
                put_back(Path(work) / name, _place(name, places), now)
            _put_database(Path(work) / DATABASE, places, now)
            for name in rest:
                put_back(Path(work) / name, _place(name, places), now)
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"{archive}: cannot be read as a backup: {error}") from error
    return tuple(wanted)


def _is_ours(name: str, places: Places) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    return name in (DATABASE, KEYS, CONFIG) or (inside and path.parts[0] in places.folders and not name.endswith("/"))


def _place(name: str, places: Places) -> Path:
    if name in (KEYS, CONFIG):
        return places.keys if name == KEYS else places.config
    folder, _, rest = name.partition("/")
    return places.folders[folder] / rest


def _demand_room(places: Places) -> None:
    """Raise StoreError where a server's database holds something."""
    if places.database is None:
        with closing(Store.open(places.store)) as store, store.read() as connection:
            demand_empty(connection, store.name)


def _put_database(file: Path, places: Places, now: datetime) -> None:
    if places.database is not None:
        if places.database.exists():
            fold_in(places.database, now)
        put_back(file, places.database, now)
        return
    with closing(Store.open(places.store)) as store:
        pour(file, store)


def demand_stopped(places: Places, now: datetime) -> None:
    """Raise UsageError while ``digest serve`` or a send runs on a database; one that cannot be read stops nobody."""
    value, sending = "", False
    if places.database is None or places.database.exists():
        with suppress(StoreError), closing(Store.open(places.store, migrate=False)) as store:
            value = store.meta.get(TICK)
            sending = store.ledger.senders.are_at_work(now)
    if value and now - datetime.fromisoformat(value) < RUNNING:
        raise UsageError(
            "digest serve is running on this store, or did so minutes ago; stop it first, then wait a little"
        )
    if sending:
        raise UsageError("a send is under way on this store: wait until it is done, or stop it with digest pause")
