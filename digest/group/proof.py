"""Say what speaks against a dek that a model wrote: it may hold nothing that its article does not; knows no model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.group.figures import numbers, spelled
from digest.group.languages import heard
from digest.group.sounds import bare, plain
from digest.group.words import terms
from digest.model import Article

#: Characters a dek may have: a writer that fills its words with something else writes no dek.
_LONGEST = 400
#: A quotation of so many words must stand in the article as it is.
_QUOTED_WORDS = 3

_LINK = re.compile(r"\w+:/|\bwww\.|\b[\w-]+\.(?:com|org|net|info|app|dev|io|ly|co|example)\b|\S@\w", re.IGNORECASE)
_MARKUP = re.compile(r"[<>{}\[\]`|\\~^]|\*\*|__|&#?\w+;|^\s*(?:[#*>•-]|\d+[.)]\s)|%%")
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OPENS = re.compile(r"(?:^|[.!?…:;]['\"”’»)]*\s+|^\W+|\s[\"“„«‹(]\s?)$")
_QUOTATION = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]")
#: Scripts whose words stand without spaces: a pair of characters is compared.
_PAIR = re.compile(r"[぀-ヿ㐀-鿿豈-﫿฀-๿຀-໿ក-៿က-႟]")

_OPENERS = """
    the a an in on at of to by for from with after before as when while if it he she they we this that these those
    his her their its there here more most many some all no not new over under about two both each but and or so
    der die das den dem des ein eine einer einem einen im in am an auf aus bei mit nach vor von zu zum zur über unter
    es er sie wir ihr sein seine wie wer was wenn weil für bis ab auch nur noch mehr viele alle kein keine doch aber und
    le la les l un une des du de d en au aux à dans sur sous par pour avec sans après avant selon il elle ils elles on
    ce cet cette ces son sa ses leur leurs plus tous deux mais et ou où quand si qui
    el la los las un una unos unas en al del de con sin por para tras según sobre entre hasta desde es su sus se lo
    este esta estos estas más todos dos pero y o si cuando que quien
    il lo gli i uno nel nella da di per tra fra dopo o os as um uma no na do da dos das em com sem após
    de het een in op na met voor van bij om te hij zij ze er maar
"""
#: Words that open sentences and are never names.
_OPENER = frozenset(_OPENERS.split())


def objection(text: str, article: Article, words: int) -> str:
    """Return why a dek may not stand for an article, '' where nothing speaks against it.

    It may have no link and no markup, be in no other language, and have no number, name or quotation that is not in
    headline, dek, byline or body. A name is a word with a capital, but for the small words that open sentences (many a
    common word is a name: London, John, May); where a script has no capitals, every word must stand in the article.
    """
    if not text.strip():
        return "it is empty"
    if len(text.split()) > words or len(text) > _LONGEST:
        return f"it is longer than {words} words"
    for what, sign in (("a link", _LINK), ("markup", _MARKUP), ("an unseen character", _UNSEEN)):
        if sign.search(text):
            return f"it has {what}"
    told = f"{article.headline} {article.dek} {article.byline} {article.body}"
    if _is_foreign(text, told, article.language):
        return "it is in another language"
    tongue = article.language[:2].lower() or "en"
    for figure in sorted((numbers(text) | spelled(text, tongue)) - numbers(told) - spelled(told, tongue)):
        return f"the number {figure} is not in the article"
    for name in _strange(text, told):
        return f'"{name}" is not in the article'
    for quotation in _QUOTATION.findall(text):
        if len(quotation.split()) >= _QUOTED_WORDS and " ".join(terms(quotation)) not in " ".join(terms(told)):
            return f'nobody in the article says "{quotation}"'
    return ""


def _is_foreign(text: str, told: str, tag: str) -> bool:
    """Return whether a text surely is in another language than its article; of scripts the words are looked at."""
    own = {heard(told), tag.replace("_", "-").split("-")[0].lower()} - {""}
    said = heard(text)
    return bool(own) and len(said) == len("en") and said not in own


def _strange(text: str, told: str) -> Iterator[str]:
    """Yield the names of a text that its article does not know."""
    known = {term for word in _WORD.findall(told) for term in terms(word)}
    bare_known = {bare(plain(word)) for word in _WORD.findall(told) if not word.isascii()}
    for match in _WORD.finditer(text):
        word = match[0]
        if word[0].islower() or (word.lower() in _OPENER and _OPENS.search(text[: match.start()])):
            continue
        if _PAIR.match(word) or word[0].isupper():
            found = all(term in known for term in terms(word))
        else:
            found = len(word) < 3 or bare(plain(word)) in bare_known
        if not found:
            yield word
