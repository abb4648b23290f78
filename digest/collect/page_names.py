"""How bylines are worded and names are written, in the languages of the news; knows no page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from digest.collect.date_names import month_of
from digest.collect.page_headline import fold
from digest.collect.page_text import WIDE

#: Words before a name that mean nothing else there.
_PLAIN = (
    r"by|von|par|por|door|autor(?:in|es|a|ka|zy|i)?|autorin/autor|autor(?:s|ius)|authors?|auteurs?|autore|szerző|yazar|yazan"
    r"|penulis|oleh|tác giả|автор(?:ы|и)?|пише|بقلم|كتب(?:ت)?|نویسنده|تحریر|מאת|लेखक|লেখক|ผู้เขียน|โดย"
)
#: Words before a name that mean other things elsewhere.
_WEAK = (
    r"di|de|da|av|af|per|text|texte|texto|testo|tekst|teksti|words|story|interview|intervju|interju|entrevista|intervista"
    r"|protokoll|reportage|текст|κείμενο|του|της|של"
)
_BY_VERBS = (
    r"(?:written|posted|submitted|published|reported|story) by"
    r"|(?:geschrieben|verfasst|veröffentlicht|eingestellt|erstellt) von"
    r"|(?:escrito|publicado) por|(?:écrit|rédigé|publié) par|(?:scritto|pubblicato) da|geschreven door|skre?ve[nt] av"
)
_WIDE_BY = r"(?:作者|撰文|文|记者|記者|取材・文|執筆|글)(?:\s*[:：/／=＝]\s*|\s+)"
BY = re.compile(rf"^(?:(?:{_BY_VERBS}|{_PLAIN}|{_WEAK})(?![\w'’-])(?:\s*[:：]\s*|\s+)|{_WIDE_BY})", re.IGNORECASE)
_FIRM_BY = re.compile(
    rf"^(?:(?:{_BY_VERBS}|{_PLAIN})(?![\w'’-])(?:\s*[:：]\s*|\s+)|(?:{_WEAK})\s*[:：]\s*|{_WIDE_BY})", re.IGNORECASE
)
#: A line that opens with one of these and goes on with a capital is a byline, wherever in the line it stands.
_OPENING = re.compile(
    r"(?:^|[|·•]\s)(?:By|BY|Von|Par|Por|Door|Av|Af|Written by|Autorin/Autor|Автор|بقلم)\b:?\s+(?=[^\W\d_a-z])"
)
#: What is set behind a journalist's name in Korean, Chinese and Japanese.
_BEHIND = re.compile(r"\s*(?:기자|특파원|記者|记者)$")
_LINE_END = re.compile(
    r"\s+[|•·]\s+|\s+[-–—]\s+|\s+(?:on|am|le|el|il|em|den)\s+(?=(?:[^\W\d_]+,?\s+)?\d)|\s*\d"
    r"|\s+(?:stand|updated|published|aktualisiert|veröffentlicht|publi[éc]\w*|pubblicat\w+|opublikow\w+|oppdatert|opdateret"
    r"|foto|fotos|photos?|bild|bilder|kuvat?)(?:\s|:|$)",
    re.IGNORECASE,
)
_AMERICAN_DAY = re.compile(r"\s*\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}")
_SPLIT = re.compile(
    r"\s*(?:[;,|·•&/，、；،؛／]|\b(?:and|und|et|og|och|ja|ve|en|és|και)\b|(?<=\S)\s(?:with|avec|mit|con)\s)\s*"
)
#: Words for *and* that may stand within a name, too: they are none before the last word, José Ortega y Gasset.
_SHORT_AND = re.compile(r"\s+(?:y|e|i|a|и|й|та|و)\s+(?=\S+\s+(?!(?:y|e|i|a|и|й|та|و)\s)\S)")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_NO_NAME = re.compile(r"[@:/\d#<>]|www\.|\.(?:com|org|net)\b|^https?", re.IGNORECASE)
#: What somebody is, set behind the name.
_ROLE = re.compile(
    r"^(?:\w+ ){0,3}(?:reporter|editor|correspondent|writer|journalist|columnist|contributor|producer|photographer"
    r"|redakteur(?:in)?|korrespondent(?:in)?|journalistin|reporterin|journaliste|correspondante?|periodista|corresponsal"
    r"|redactora?|giornalista|inviat[oa]|jornalista|repórter)$",
    re.IGNORECASE,
)
#: What systems call whoever has no name there, and what they say before one.
_NOBODY = re.compile(
    r"^(?:super ?user|(?:wp-?)?admin(?:istrator)?|webmaster|root|guest|anonymous|user|null|undefined|unknown"
    r"|(?:submitted|posted|published|updated|written|veröffentlicht|publié|publicado|pubblicato)\b.*"
    r"|(?:view|see|show|more|read|all)\b.*\b(?:articles|posts|stories))$",
    re.IGNORECASE,
)
#: What a link to somebody's articles says before the name.
_ALL_BY = re.compile(
    r"^(?:(?:show|view|see|read) )?(?:all|more|alle|mehr|weitere|tous|plus|todos|todas|más|tutti|altri)\b.{0,30}?"
    r"\b(?:by|of|from|von|de|par|por|di)\s+(?=\S)",
    re.IGNORECASE,
)
_AND = frozenset({"and", "und", "et", "y", "e", "&"})
#: Small words within names.
_SMALL = "al af av bin da das de del della den der di do dos du el ibn la le ten ter van vom von y zu zum"
_PARTICLES = frozenset(_SMALL.split())
#: News agencies sign with one word.
_ONE_WORD = (
    "Reuters AFP AP dpa APA EFE ANSA Lusa Belga ANP NTB TT Ritzau STT PAP ČTK MTI Tass TASS Xinhua PTI ANI IANS Bernama"
    " Kyodo Yonhap AAP SDA"
)
_AGENCIES = frozenset(_ONE_WORD.split())
#: Words: more of them are a sentence about the author.
LONGEST_NAME = 6


def names_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names in bylines, each once: ``By Ann Lee and Bo Ek`` gives ``Ann Lee`` and ``Bo Ek``."""
    found: dict[str, str] = {}
    for text in texts:
        for part in _parts(text):
            name = _ALL_BY.sub("", part.strip(" .,;:–-"))
            if is_name(name):
                found.setdefault(fold(name), name)
    people = tuple(name for name in found.values() if not _ROLE.search(name))
    return people or tuple(found.values())


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between a byline's commas and ands."""
    if "://" in text:
        return
    for part in _SPLIT.split(BY.sub("", _PARENTHESES.sub("", text).strip())):
        yield from _SHORT_AND.split(part)


def is_name(text: str) -> bool:
    """Tell whether a text may be a name: few words, no address, no number, and not a system's word for nobody."""
    is_short = 1 < len(text) <= 60 and len(text.split()) <= LONGEST_NAME
    return is_short and not _NO_NAME.search(text) and not _NOBODY.match(text)


def is_full(name: str) -> bool:
    """Tell whether a text on the page is a person's or an agency's full name, and not a label or a place."""
    parts = name.split()
    is_capital = len(parts) > 1 and not parts[0][0].islower() and not parts[-1][0].islower() and not name.isupper()
    return is_capital or name in _AGENCIES or bool(WIDE.search(name))


def line_of(text: str) -> str:
    """Return a byline up to the date or the place behind it; one in capitals as names are written."""
    text = BY.sub("", text)
    if end := _LINE_END.search(text):
        day = _AMERICAN_DAY.match(text, end.start())
        text = text[: end.start()]
        before, _, last = text.rpartition(" ")
        text = before if day and month_of(last) else text
    text = _BEHIND.sub("", text)
    return ", ".join(map(_in_capitals, text.split(", ")))


def _in_capitals(text: str) -> str:
    """Return a name set in capitals as it is written, without what follows it in small letters: what somebody is."""
    loud = list(takewhile(lambda word: word.isupper() or word in _AND, text.split()))
    is_name = sum(word.isupper() for word in loud) > 1
    return " ".join(word if word in _AND else word.title() for word in loud) if is_name else text


def signed(text: str) -> str:
    """Return who signs a line that is a byline whatever its markup says, '' for any other line.

    It has a word for *by* before names, or one for *reporter* behind them, or nothing but names before a day.
    """
    if opening := _OPENING.search(text):
        return line_of(text[opening.end() :])
    line = line_of(text)
    rest = BY.sub("", text)[len(line) :]
    is_dated = any(c.isdecimal() for c in rest)
    is_signed = _FIRM_BY.match(text) or (is_dated and BY.match(text)) or re.match(r"\s*(?:기자|특파원|記者|记者)", rest)
    is_listed = is_dated and re.match(r"\s*[|·•,–—]\s+\D{0,40}\d", rest)
    return line if (is_signed or is_listed) and _are_names(line, is_alone=not is_signed) else ""


def _are_names(line: str, *, is_alone: bool) -> bool:
    """Tell whether a line is names and no more, as far as capitals tell; without them it takes a word for *by*."""
    parts = [part.strip() for part in _parts(line) if part.strip()]
    return bool(parts) and all(_is_written_as_name(part, is_alone=is_alone) for part in parts)


def _is_written_as_name(text: str, *, is_alone: bool) -> bool:
    parts = text.split()
    if text in _AGENCIES or (not is_alone and len(text) <= 6 and WIDE.search(text)):
        return True
    has_case = text.lower() != text.upper()
    capital = [word[0].isupper() or word in _PARTICLES for word in parts] if has_case else [not is_alone]
    return 2 <= len(parts) <= 4 and all(capital) and is_name(text)
