"""Archive: everything that cannot be made again in one zip file, and back; sends nothing."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from digest.errors import StoreError, UsageError
from digest.pipeline.vitals import TICK
from digest.store import Store
from digest.store.backup import check, copy, pour

DATABASE, KEYS, CONFIG = "digest.db", "link-keys", "config.toml"
#: A clock that looked this long ago is still running.
RUNNING = timedelta(minutes=3)
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
        with TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
            draft = _packed(store, places, Path(work))
            with zipfile.ZipFile(draft) as archive:
                if damaged := archive.testzip():
                    raise StoreError(f"backup not written: {target}: {damaged} does not read back")
            draft.replace(target)
        return target.stat().st_size
    except OSError as error:
        raise UsageError(f"backup not written: {target}: {error.strerror}") from error


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


def restore(archive: Path, places: Places, now: datetime) -> tuple[str, ...]:
    """Put a backup's parts in their places and return their names; what was there is moved aside, never deleted.

    A server's database has to be empty. Raises UsageError where the file is no backup, StoreError where the database
    in it is not whole or its place is taken.
    """
    demand_backup(archive)
    try:
        with TemporaryDirectory() as work, zipfile.ZipFile(archive) as packed:
            wanted = [each for each in packed.namelist() if _is_ours(each, places)]
            for name in wanted:
                packed.extract(name, work)
            check(Path(work) / DATABASE, archive)
            _put_database(Path(work) / DATABASE, places, now)
            for name in wanted:
                if name != DATABASE and not _is_there(Path(work) / name, _place(name, places)):
                    _put(Path(work) / name, _place(name, places), now)
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


def _is_there(file: Path, place: Path) -> bool:
    return place.is_file() and place.read_bytes() == file.read_bytes()


def _put_database(file: Path, places: Places, now: datetime) -> None:
    if places.database is not None:
        _put(file, places.database, now)
        return
    with closing(Store.open(places.store)) as store:
        pour(file, store)


def _put(file: Path, place: Path, now: datetime) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    # SQLite's journal belongs to the database that goes: it goes along.
    for there in (place, *(place.with_name(place.name + end) for end in ("-wal", "-shm"))):
        if there.exists():
            there.replace(set_aside(there, now))
    draft = place.with_name(f".{place.name}.new")
    draft.touch(mode=0o600)
    draft.write_bytes(file.read_bytes())
    draft.replace(place)


def set_aside(file: Path, now: datetime) -> Path:
    """Return where a file goes that a restored one replaces."""
    return file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%S}")


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
