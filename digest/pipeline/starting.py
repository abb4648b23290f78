"""Start: a new newsletter's folder, from the bundled samples; knows no command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import digest
from digest.config.schema import DIRECTIVE, NAME, schema_text
from digest.errors import UsageError
from digest.pipeline.blank import blank, titled
from digest.pipeline.placing import replacing

#: The samples' own now: their articles are of the twenty-four hours before it.
SAMPLE_NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)

ISO = re.compile(r"\b2026-0[23]-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)")
RFC_822 = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? (?:Feb|Mar) 2026 \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")


@dataclass(frozen=True, slots=True)
class Started:
    """A new newsletter's folder."""

    folder: Path
    config: Path
    sources: int  #: sample sources written


def bundled(name: str) -> Path:
    """Return a file or folder that comes with Broadsheet, in a wheel or a checkout."""
    package = Path(digest.__file__).parent
    return next((where / name for where in (package, package.parent) if (where / name).exists()), package / name)


def start(folder: Path, now: datetime, *, title: str = "", with_samples: bool = True) -> Started:
    """Write config, schema, templates folder and samples into ``folder``; raise UsageError where a config is there.

    The samples' times are moved so that their day ends at ``now``.
    """
    settings = bundled("config.toml").read_text("utf-8")
    settings = settings if with_samples else blank(settings)
    settings = titled(settings, title) if title else settings
    config = folder / "config.toml"
    if config.exists():
        raise UsageError(f"{config} is there already; digest init never overwrites, name another folder")
    if with_samples:
        _demand_free(folder / "samples")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = _copy_samples(folder / "samples", now) if with_samples else 0
        (folder / "templates").mkdir(exist_ok=True)
        if not (folder / "templates" / "README.md").exists():
            (folder / "templates" / "README.md").write_text(TEMPLATES, encoding="utf-8")
        write_schema(folder)
        # Last, and whole: until it is there, the same command begins anew.
        with replacing(config) as draft:
            draft.write_text(_for_editors(settings), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    return Started(folder, config, written)


def write_schema(folder: Path) -> Path:
    """Write what editors read to complete config.toml beside it, anew where it is there; return the file."""
    file = folder / NAME
    try:
        file.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error
    return file


def copy_template(folder: Path, name: str) -> Path:
    """Copy a bundled template, such as ``email/morning/style.css``, into ``folder``'s own, to be changed; return it.

    Raises UsageError where there is none of that name, or the folder has one already.
    """
    there = {each.relative_to(bundled("templates")).as_posix(): each for each in bundled("templates").rglob("*.*")}
    if name not in there:
        near = get_close_matches(name, there, n=3, cutoff=0.5)
        raise UsageError(f'no template "{name}" comes with Broadsheet; such are: {", ".join(near or sorted(there))}')
    file = folder / "templates" / name
    if file.exists():
        raise UsageError(f"{file} is there already; it was left as it is")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(there[name].read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error
    return file


def _for_editors(config: str) -> str:
    """Let the first line name the schema beside the file, wherever the bundled one names it."""
    return f"{DIRECTIVE}\n" + "".join(each for each in config.splitlines(True) if not each.startswith("#:schema"))


def _demand_free(samples: Path) -> None:
    """Raise UsageError where the samples would come among other files; those of a start that was cut short are ours."""
    if not samples.exists() or (samples.is_dir() and not any(samples.iterdir())):
        return
    ours = (bundled("samples") / "README.md").read_bytes()
    readme = samples / "README.md"
    if not (readme.is_file() and ours.startswith(readme.read_bytes())):
        mend = "name another folder, or leave the samples out with --without-samples"
        raise UsageError(f"{samples} is there already; digest init never overwrites: {mend}")


def _copy_samples(folder: Path, now: datetime) -> int:
    folder.mkdir(exist_ok=True)
    return sum([_copy(file, folder / file.name, now) for file in sorted(bundled("samples").iterdir())])


def _copy(file: Path, target: Path, now: datetime) -> bool:
    if file.suffix in (".md", ".csv"):
        target.write_bytes(file.read_bytes())
        return False
    target.write_bytes(move_dates(file.read_bytes().decode("latin-1"), now).encode("latin-1"))
    return True


def move_dates(text: str, now: datetime) -> str:
    """Move every time of the samples' days by the same span, so that their last one is just before ``now``."""
    shift = now.astimezone(UTC).replace(second=0, microsecond=0) - SAMPLE_NOW
    text = ISO.sub(lambda found: (datetime.fromisoformat(found[0]) + shift).isoformat(), text)
    return RFC_822.sub(lambda found: format_datetime(parsedate_to_datetime(found[0]) + shift), text)


TEMPLATES = """\
# Your own templates

Put a file here under the name of a bundled one, and it takes its place: `email/morning/style.css`,
`email/morning/body.html`, `email/morning/subject.txt`. A folder `email/mine/` is a design of your own:
set `template = "mine"` in config.toml. `digest init --template email/morning/style.css .` copies a bundled file
here to be changed; `digest preview --open` shows the result.
"""
