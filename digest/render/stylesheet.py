"""A style sheet cut into what goes onto elements and what stays in the head; knows no markup.

Written because inliners drop or break at-rules: they never see one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PIECE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[{};]|[^{};\"']+|.", re.DOTALL)
#: States and generated content exist in a client only; no element carries them as an attribute.
_DYNAMIC = re.compile(
    r"::|:(?:hover|focus|focus-within|focus-visible|active|visited|link|target|checked|before|after|root|"
    r"first-line|first-letter)\b|\[data-ogs[cb]\]|\[x-apple-data-detectors\]|^u \+ "
)
#: What premailer leaves out or puts in the wrong place.
_UNFIT = (
    (re.compile(r"\*(?!=)"), "`*` reaches no element once inlined: name the elements, or use a class"),
    (
        re.compile(r":(?!first-child|last-child)[a-z-]+"),
        "only :first-child and :last-child can be inlined: use a class",
    ),
    (re.compile(r"&"), "nested rules cannot be inlined: write each selector in full"),
)
_COMMA = re.compile(r",(?![^(\[]*[)\]])")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a style sheet."""

    prelude: str  #: selectors, or ``@media …``
    block: str | None  #: what stands between the braces; None for a statement such as ``@import``
    line: int  #: where it starts, from 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet in two parts."""

    inlined: str  #: rules whose declarations go onto the elements
    kept: str  #: at-rules and states, for a ``<style>`` in the head


def rules(css: str) -> tuple[Rule, ...]:
    """Return the top-level rules in order."""
    css = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), css)
    found: list[Rule] = []
    pending, depth, line, started = "", 0, 1, 1
    prelude = ""
    for piece in _PIECE.findall(css):
        if not pending.strip() and depth == 0 and not prelude:
            started = line + _leading_lines(piece)
        line += piece.count("\n")
        if piece == "{" and (depth := depth + 1) == 1:
            prelude, pending = pending.strip(), ""
        elif piece == "}" and depth and (depth := depth - 1) == 0:
            found.append(Rule(prelude, pending.strip(), started))
            prelude = pending = ""
        elif piece == ";" and depth == 0:
            found.append(Rule(pending.strip(), None, started))
            pending = ""
        else:
            pending += piece
    return tuple(rule for rule in found if rule.prelude)


def _leading_lines(piece: str) -> int:
    return piece[: len(piece) - len(piece.lstrip())].count("\n")


def selectors(prelude: str) -> tuple[str, ...]:
    """Return the selectors of a rule, each with its white space collapsed."""
    return tuple(filter(None, (" ".join(selector.split()) for selector in _COMMA.split(prelude))))


def split(css: str) -> Sheet:
    """Cut a style sheet into rules to inline and rules to keep, both in their order."""
    inlined, kept = [], []
    for rule in rules(css):
        if rule.block is None or rule.prelude.startswith("@"):
            kept.append(_written(rule.prelude, rule.block))
            continue
        states = [one for one in selectors(rule.prelude) if _DYNAMIC.search(one)]
        plain = [one for one in selectors(rule.prelude) if not _DYNAMIC.search(one)]
        if states:
            kept.append(_written(", ".join(states), rule.block))
        if plain:
            inlined.append(_written(", ".join(plain), rule.block))
    return Sheet("\n".join(inlined), "\n".join(kept))


def unfit(css: str) -> tuple[tuple[int, str], ...]:
    """Return the lines, from 1, of rules that cannot be inlined, each with what is wrong and the mend."""
    return tuple((rule.line, what) for rule in rules(css) for what in _faults(rule))


def _faults(rule: Rule) -> Iterator[str]:
    if rule.block is None or rule.prelude.startswith("@"):
        return
    for selector in selectors(rule.prelude):
        if not _DYNAMIC.search(selector):
            yield from (f"{selector}: {what}" for pattern, what in _UNFIT if pattern.search(selector))
            if "{" in rule.block:
                yield f"{selector}: a rule inside a rule cannot be inlined: write it on its own"
            if "!important" in rule.block:
                yield f"{selector}: !important does not beat a style attribute once inlined: use a class of its own"


def _written(prelude: str, block: str | None) -> str:
    return f"{prelude};" if block is None else f"{prelude} {{ {' '.join(block.split())} }}"
