"""Choose the article that stands for a story, and the order of the others; knows no score."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from digest.group.languages import spoken
from digest.group.repeat import weight
from digest.group.sentences import length
from digest.group.words import roots
from digest.model import Article

#: What closeness to the core counts, another angle, and an outlet not yet heard.
_CORE, _ANGLE, _OUTLET = 1.0, 0.4, 0.4
#: So many reports are put in order carefully; nobody reads further.
_CAREFULLY = 40


_KINDS = """
    live watch listen video videos picture pictures photo photos gallery podcast opinion analysis comment
    editorial letter letters column review explainer explained factbox timeline quiz interview profile obituary
    newsletter breaking recap liveblog kommentar meinung analyse liveticker newsticker ticker bilder foto fotos
    direct vidéo tribune éditorial directo opinión análisis vídeo عاجل بالفيديو بالصور رأي مباشر
"""
#: A headline that names its kind before a colon or a bar, or ends as a live page does: no report of what happened.
_LABEL = re.compile(
    rf"\W*(?:(?:full|in|en) )?(?:{'|'.join(_KINDS.split())})\b[^:|–—]{{0,20}}[:|–—]|.*\b(?:live|live updates?)\W*$",
    re.IGNORECASE,
)


_ASKING = """
    how why what where who when which wie warum weshalb wieso was wer wo wann comment pourquoi où cómo quién dónde
    cuándo come perché chi dove hoe waarom wat wie как почему что кто где كيف لماذا ماذا
"""
_ASKING_FORMS = "|".join(f"[{word[0]}{word[0].upper()}]{word[1:]}" for word in _ASKING.split())
#: A headline that explains, from its beginning or after the name of its story; the WHO in capitals does not.
_ASKS = re.compile(rf"(?:[^:|–—]{{1,40}}[:|–—]\s+)?\W*(?:{_ASKING_FORMS})\b")


def in_order(reports: Sequence[Article], pinned: Sequence[str] = ()) -> list[Article]:
    """Return a story's reports, its representative first, then other outlets and angles first.

    The representative is the report closest to the story's core with a real headline, a byline and a picture;
    one that an editor pinned always is. What follows trades closeness against likeness to what stands above
    it (maximal marginal relevance: Carbonell & Goldstein 1998).
    """
    if len(reports) < 2:
        return list(reports)
    language = spoken(reports)
    heads = {a.key: frozenset(roots(a.headline, language)) for a in reports}
    words = {a.key: heads[a.key].union(roots(a.dek, language)) for a in reports}
    seen = Counter(word for own in words.values() for word in own)
    weights = {word: weight(word, language) for word in seen}
    core = {a.key: sum(_closeness(own[a.key], seen, weights) for own in (heads, words)) for a in reports}
    most = max(core.values(), default=0.0) or 1.0
    sure = (len(reports) - 1) / (len(reports) + 1)  # of two reports the shorter is always closer to what they share
    pins = {key: -len(pinned) + n for n, key in enumerate(pinned)}
    ranked = sorted(
        reports, key=lambda a: (pins.get(a.key, 0), -sure * core[a.key] / most - _finish(a), a.headline, a.key)
    )
    return _spread(ranked[:_CAREFULLY], words, {k: v / most for k, v in core.items()}) + ranked[_CAREFULLY:]


def _closeness(words: frozenset[str], seen: Counter[str], weights: dict[str, float]) -> float:
    """Say how much of what a report says the others say too: the rarer the word the more."""
    shared = math.fsum(weights[word] * (seen[word] - 1) for word in words)  # exact, so in whatever order
    return shared / math.sqrt(math.fsum(weights[word] for word in words) or 1.0)


def _spread(ranked: list[Article], words: dict[str, frozenset[str]], core: dict[str, float]) -> list[Article]:
    """Return the first as it is, then again and again what is close to the core and unlike what was chosen."""
    chosen, waiting = ranked[:1], {a.key: a for a in ranked[1:]}
    likeness = dict.fromkeys(waiting, 0.0)
    sources: Counter[str] = Counter()
    while waiting:
        last = chosen[-1]
        sources[last.source] += 1
        for key in waiting:
            likeness[key] = max(likeness[key], _likeness(words[key], words[last.key]))
        value = {
            key: _CORE * core[key] - _ANGLE * likeness[key] - _OUTLET * sources[a.source] for key, a in waiting.items()
        }
        chosen.append(waiting.pop(min(waiting, key=lambda key: (-value[key], waiting[key].headline, key))))
    return chosen


def _finish(article: Article) -> float:
    """Say how fit an article is to stand first, beside its closeness to the core: 0…0.7."""
    signs = (bool(article.byline), bool(article.image), bool(article.dek or article.body))
    return 0.2 * is_headline(article.headline) + 0.1 * sum(signs) + 0.2 * 5 / (5 + article.position)


def is_headline(text: str) -> bool:
    """Return whether a headline says what happened: whole, of a headline's length, no label, no how and why."""
    words = length(text)
    is_whole = 4 <= words <= 20 and not text.rstrip().endswith(("...", "…", "?", "？", "؟"))
    says = is_whole and not _LABEL.match(text) and not _ASKS.match(text)
    return says and (text != text.upper() or text == text.lower())


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (min(len(one), len(other)) or 1)
