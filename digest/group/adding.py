"""Say in one line what the other reports of a story know that its lead article does not; knows no page."""

from __future__ import annotations

from collections.abc import Collection

from digest.group.languages import spoken
from digest.group.marks import Reading, read, telling
from digest.group.sentences import is_whole, length, sentences
from digest.group.words import root, roots
from digest.model import Article, Story

#: New names and numbers that a sentence must hold to be worth a line, by weight: one sure name is enough.
_ENOUGH = 0.5
#: Words after which a sentence's news counts half: of two that tell the same, the shorter one.
_LONG = 40
#: Sentences of a body that are read, and the fewest words of one.
_READ, _SHORT = 8, 6
#: Share of a sentence's longer words that the lead article has too, where both are about one event.
_SAME_EVENT, _TELLING_LETTERS = 0.3, 4
#: In these languages every noun has a capital, so that one word alone is no name.
_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb", "nds", "gsw"})


def added(story: Story, words: int, shown: Collection[str] = ()) -> tuple[str, str]:
    """Return the sentence of another report that adds most, and the slug of its source; both '' where none does.

    The report is another owner's than the lead article. The sentence is about the same event, at most ``words`` words
    long, and none of those that are ``shown`` already. What it adds is counted in names and numbers.
    """
    told = read([story.lead])
    tongue = spoken(story.articles)
    known = set(roots(f"{story.lead.headline} {story.lead.dek} {story.lead.body}", tongue))
    best, most = ("", ""), _ENOUGH
    for article in (a for a in story.related if _speaker(a) != _speaker(story.lead)):
        for sentence in (*sentences(article.dek), *sentences(article.body)[:_READ]):
            size = length(sentence)
            if not _SHORT <= size <= words or not is_whole(sentence) or any(sentence in text for text in shown):
                continue
            new = _news(sentence, tongue, told, known) / (1 + size / _LONG)
            if new > most:
                best, most = (sentence, article.source), new
    return best


def _speaker(article: Article) -> str:
    return article.owner or article.source


def _news(sentence: str, language: str, told: Reading, known: set[str]) -> float:
    """Return the weight of a sentence's new names and numbers, 0 where it is about something else."""
    own = read([Article(key="", source="", url="", headline=sentence)]).marks
    words = {term for term in roots(sentence, language) if len(term) >= _TELLING_LETTERS}
    if not own.keys() & told.marks.keys() or len(words & known) < _SAME_EVENT * len(words) or "://" in sentence:
        return 0.0
    in_row = {form for key, mark in own.items() if " " in key for pair in mark.forms for form in pair.split()}
    needs_row = language in _NOUNS_HAVE_CAPITALS
    return sum(
        telling(form)
        for key, mark in own.items()
        if key not in told.marks
        for form, sure in mark.forms.items()
        if root(form, language) not in known
        and (form[0].isdigit() or form in in_row or (_is_name(form, sure) and not needs_row))
    )


def _is_name(form: str, sure: float) -> bool:
    """Return whether a word surely is a name: it has a capital where not every word has one."""
    return sure == 1.0 and form != form.upper()
