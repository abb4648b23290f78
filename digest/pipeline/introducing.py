"""What readers and editors are told of a source: what the config says, else what it says of itself; asks none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from digest.model import Introduction, Source, SourceState


def introduced(source: Source, state: SourceState | None, before: Sequence[Source] = ()) -> Source:
    """Return a source with what it says of itself where the config is silent.

    That is what is remembered of it, else what it was called ``before``, in editions that were made.
    """
    said = [state.introduction] if state else []
    said += [_as_introduced(each) for each in before if each.slug == source.slug]
    for each in said:
        source = _filled(source, each)
    return source


def all_introduced(sources: Sequence[Source], states: Mapping[str, SourceState]) -> tuple[Source, ...]:
    """Return the sources in their order, each with what is remembered of it."""
    return tuple(introduced(source, states.get(source.slug)) for source in sources)


def _as_introduced(source: Source) -> Introduction:
    return Introduction(source.title, source.homepage, source.tagline, source.logo, source.language)


def _filled(source: Source, said: Introduction) -> Source:
    has_title = source.is_named or source.title not in ("", source.slug)
    return replace(
        source,
        title=source.title if has_title else said.title or source.title,
        homepage=source.homepage or said.homepage,
        tagline=source.tagline or said.tagline,
        logo=source.logo or said.logo,
        language=source.language or said.language,
    )
