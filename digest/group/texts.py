"""Turn what articles say into weighted terms and vectors; knows no article."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from digest.group.forms import cut
from digest.group.lexicon import lexicon
from digest.group.meaning import apart, means, understood
from digest.group.reading import Readings
from digest.group.words import brevity, is_bent

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: How often a headline's words count beside a body.
_HEADLINE = 2
#: Share of a word's weight that its rarity in general has, beside its rarity on the day: in short and long texts.
_GENERAL_SHORT, _GENERAL_LONG = 0.5, 0.2
#: What is a short and a long text, in words.
_SHORT, _LONG = 15, 300
#: So many texts of a language tell as much of what is rare in it as all texts together.
_OF_A_LANGUAGE = 5.0
#: How much more alike two texts of at least so many words count, which never share most of what they say;
#: texts of up to the first number of words count as they are.
_LOUDER, _QUIET_WORDS, _LOUD_WORDS = 2.6, 60, 300
#: Share of reports that stand alone from which texts of more than so many words borrow less from their neighbours, and
#: from which those of the second number of words borrow nothing.
_SOME_ALONE, _MANY_ALONE = 0.15, 0.3
_BORROWING_WORDS = 100, 200
#: Words of a text that are cut into parts; of those further down the roots must do.
_OPENING = 60
#: How much more alike two texts count of whose words nothing is known beforehand: rarity on the day makes most of
#: what they do not share.
_UNKNOWING = 1.3
#: A word commoner than one in e⁵ tells nothing.
_COMMONEST = 5.0
#: A term of more than this share of a source's articles counts less, where they are so many: it is the source's form.
_OFTEN_IN_A_SOURCE, _MANY_OF_A_SOURCE = 1 / 3, 9
#: Share of a text's squared weight above which no word counts more: one name in common is not yet a story.
_ONE_WORD = 0.25
#: Share of meaning beside words in the likeness of two headlines, and how it falls with length.
_MEANING, _MEANING_WORDS, _MEANING_FALL = 0.6, 20, 0.8
#: A text of which the lexicon knows a smaller share of words is of another language.
_KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Texts:
    """Articles as rows of a sparse matrix of terms and a dense one of meanings; a row's squares sum to 1 or 0."""

    starts: Ints  #: row n holds the postings starts[n] … starts[n + 1]
    terms: Ints  #: a term's number for each posting, ascending in a row
    weights: Floats
    meanings: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> Ints:
        """The row of each posting."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


def scaled(texts: Texts, factors: Floats | None) -> Texts:
    """Return the texts, each times its factor; as they are where there is none."""
    if factors is None:
        return texts
    return replace(texts, weights=texts.weights * factors[texts.rows], meanings=texts.meanings * factors[:, None])


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """Return start, start + 1, … for each start and length, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    found: Ints = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each article says each term."""

    starts: Ints
    terms: Ints
    counts: Floats
    lexical: Ints  #: each term's row in the lexicon, −1 where it has none
    rarity: Floats  #: each term's, in general
    brevity: Floats  #: what each term counts for its length, where its language is not known
    words: Floats  #: how many words each article has
    bent: npt.NDArray[np.bool_]  #: whether its words are counted by their parts
    headed: npt.NDArray[np.bool_]  #: whether its meaning tells nothing
    own: Floats  #: what each posting counts: less the more of its source's articles say the same, 1 at most

    @property
    def rows(self) -> Ints:
        """The row of each posting."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def count(readings: Readings) -> Counts:
    """Count the terms of headline, address, dek and body, or their parts where the language bends its words."""
    size = len(readings)
    texts = [part for each in zip(readings.texts, readings.headlines, readings.addresses, strict=True) for part in each]
    lengths = np.array([len(text) for text in texts], np.int64)
    worth = np.array([(1, _HEADLINE if len(text) else 1, 1) for text in readings.texts], np.float32)
    rows, amounts = np.repeat(np.repeat(np.arange(size), 3), lengths), np.repeat(worth.ravel(), lengths)
    found = np.concatenate(texts).astype(np.int64) if texts else np.empty(0, np.int64)
    words = np.bincount(rows, amounts, minlength=size).astype(np.float32)
    numbers = readings.numbers
    bent = np.fromiter(map(is_bent, readings.languages), np.bool_, size)
    if bent.any():
        places = np.arange(len(found)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        numbers, postings, found = cut(numbers, found, readings.languages, rows, places < _OPENING)
        rows, amounts = rows[postings], amounts[postings]
    width, known = max(len(numbers), 1), lexicon()
    cells, cell = np.unique(rows * width + found, return_inverse=True)
    starts = np.searchsorted(cells, np.arange(size + 1) * width)
    return Counts(
        starts=starts,
        terms=cells % width,
        counts=np.bincount(cell, amounts, minlength=len(cells)).astype(np.float32),
        lexical=np.fromiter((known.numbers.get(term, -1) for term in numbers), np.int64),
        rarity=np.fromiter(map(known.rarity_of, numbers), np.float32),
        brevity=np.fromiter(map(brevity, numbers), np.float32),
        words=words,
        bent=bent,
        headed=np.isin(np.arange(size), list(readings.headed)),
        own=_own(np.repeat(np.arange(size), np.diff(starts)), cells % width, readings.sources, width),
    )


def weigh(counts: Counts, telling: Floats | None = None, kinds: Ints | None = None) -> Texts:
    """Weigh the terms by their rarity, on the day and in general, times ``telling`` (a factor a term) where given.

    ``kinds`` is each text's language, by number: rarity on the day is counted within it, else the small words of a
    language that few write in would pass for rare ones.
    """
    rows, size = counts.rows, len(counts.starts) - 1
    lengths = counts.words
    rarity = _rarity(counts, rows, lengths, kinds) * counts.own
    weight = _levelled((1 + np.log(counts.counts)) * rarity, rows, size)
    if telling is not None:
        weight *= telling[counts.terms]
    words = counts.lexical[counts.terms]
    meanings = means(words, weight, rows, size)
    share = _MEANING * np.minimum(1, _MEANING_WORDS / np.maximum(lengths, 1)) ** _MEANING_FALL
    share *= understood(words, weight, rows, size) * ~counts.headed
    norms = np.sqrt(np.bincount(rows, weight**2, minlength=size)).astype(np.float32)
    weight /= np.maximum(norms, np.float32(1e-9))[rows]
    meanings = apart(meanings, _alike(counts, weight))
    weight *= np.sqrt(1 - share)[rows]
    return Texts(counts.starts, counts.terms, weight, meanings * np.sqrt(share)[:, None])


def loudness(counts: Counts) -> Floats:
    """Return a factor for each text, the larger the longer it is: two long texts on one event share less of each."""
    span = np.log(np.maximum(counts.words, 1) / _QUIET_WORDS) / math.log(_LOUD_WORDS / _QUIET_WORDS)
    return np.asarray(np.sqrt(1 + (_LOUDER - 1) * np.clip(span, 0, 1)), np.float32)


def borrowing(counts: Counts, alone: float) -> Floats | None:
    """Return a factor for what each text borrows from its neighbours; None: all are 1.

    A headline needs them to be understood. A long text tells enough itself, and where many reports stand ``alone``
    (their share) its neighbours are more often of other stories on its topic.
    """
    few, many = _BORROWING_WORDS
    many_alone = min(1.0, (alone - _SOME_ALONE) / (_MANY_ALONE - _SOME_ALONE))
    if many_alone <= 0 or not (counts.words > few).any():
        return None
    length = np.clip(np.log(np.maximum(counts.words, 1) / few) / math.log(many / few), 0, 1)
    return np.asarray(1 - many_alone * length, np.float32)


def clearness(counts: Counts) -> Floats | None:
    """Return a factor for each text, above 1 where nothing is known of its words beforehand; None: all are 1."""
    return np.where(counts.bent, math.sqrt(_UNKNOWING), 1).astype(np.float32) if counts.bent.any() else None


def _own(rows: Ints, terms: Ints, sources: Sequence[str], width: int) -> Floats:
    """Return for each posting what its term counts in its source: what stands in most articles is the source's form."""
    found = np.ones(len(rows), np.float32)
    names, source, articles = np.unique(np.array(sources, object), return_inverse=True, return_counts=True)
    many = np.flatnonzero(((articles >= _MANY_OF_A_SOURCE) & (names != ""))[source[rows]])
    _, place, held = np.unique(source[rows[many]] * width + terms[many], return_inverse=True, return_counts=True)
    share = held[place] / articles[source[rows[many]]]
    found[many] = np.minimum(1, (1 - share) / (1 - _OFTEN_IN_A_SOURCE))
    return found


def _levelled(weight: Floats, rows: Ints, size: int) -> Floats:
    """Return the weights, none above what one word may count in its text."""
    most = np.sqrt(_ONE_WORD * np.bincount(rows, weight**2, minlength=size))
    return np.asarray(np.minimum(weight, most[rows]), np.float32)


def _alike(counts: Counts, weight: Floats) -> float:
    """Return how alike two texts are by their terms on the mean: the fewer stories there are, the more."""
    sums, told = np.bincount(counts.terms, weight), int(np.count_nonzero(np.diff(counts.starts)))
    return max(0.0, float(sums @ sums - told) / max(told * (told - 1), 1))


def _rarity(counts: Counts, rows: Ints, lengths: Floats, kinds: Ints | None) -> Floats:
    """Return for each posting how rare its term is: on the day, and in general where the language is known."""
    size = len(lengths)
    general = np.maximum(0, counts.rarity - _COMMONEST)
    span = (np.log(np.maximum(lengths, 1)) - math.log(_SHORT)) / math.log(_LONG / _SHORT)
    share = _GENERAL_SHORT + (_GENERAL_LONG - _GENERAL_SHORT) * np.clip(span, 0, 1)
    known = np.bincount(rows, (counts.lexical >= 0)[counts.terms], minlength=size)
    foreign = counts.bent | (known < _KNOWN * np.diff(counts.starts))
    share[foreign] = 0
    day = _rarity_on_the_day(counts, rows, size, kinds)
    day *= np.where(foreign[rows], counts.brevity[counts.terms], 1)
    return np.asarray((1 - share[rows]) * day + share[rows] * general[counts.terms], np.float32)


def _rarity_on_the_day(counts: Counts, rows: Ints, size: int, kinds: Ints | None) -> Floats:
    """Return for each posting how rare its term is among the texts of its language."""
    held = np.bincount(counts.terms, minlength=len(counts.lexical))
    everywhere = np.log((size + 1) / (held + 0.5))[counts.terms]
    if kinds is None:
        return np.asarray(everywhere)
    kinds = np.where(counts.bent, kinds, 0)  # what may be English, by tag or by its words, is counted together
    if (kinds == kinds[0]).all():
        return np.asarray(everywhere)
    own = kinds[rows]
    texts = np.bincount(kinds)[own]
    _, place, inside = np.unique(own * len(counts.lexical) + counts.terms, return_inverse=True, return_counts=True)
    within = np.log((texts + 1) / (inside[place] + 0.5))
    share = texts / (texts + _OF_A_LANGUAGE)
    return np.asarray(share * within + (1 - share) * everywhere)
