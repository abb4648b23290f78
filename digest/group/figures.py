"""Read the numbers of a text, in digits of any script and in words of a few languages; knows no unit."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_SPACES = "\u00a0\u202f\u2009 "
_NUMBER = re.compile(rf"\d+(?:[.,٬٫{_SPACES}]\d+)*")
_GROUPED = re.compile(rf"\d{{1,3}}(?:[.,٬{_SPACES}]\d{{3}})+")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_WORD = re.compile(r"[^\W\d_]+")

#: From two upward: 'one' is a pronoun or an article in too many languages.
_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn zwanzig",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf vingt",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito "
    "dezenove vinte",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig",
}
_LARGE = {
    "en": {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
           "dozen": "12", "hundred": "100", "thousand": "1000", "million": "1000000", "billion": "1000000000"},
    "de": {"dreißig": "30", "vierzig": "40", "fünfzig": "50", "hundert": "100", "tausend": "1000"},
    "fr": {"trente": "30", "quarante": "40", "cinquante": "50", "cent": "100", "mille": "1000"},
    "es": {"treinta": "30", "cuarenta": "40", "cincuenta": "50", "cien": "100", "mil": "1000"},
}  # fmt: skip


def numbers(text: str) -> set[str]:
    """Return the numbers written in digits, without what groups thousands, with a point before decimals."""
    found: set[str] = set()
    for match in _NUMBER.finditer(western(text)):
        number = match[0]
        if _GROUPED.fullmatch(number):
            found.add(re.sub(r"\D", "", number))
        else:
            found.update(re.sub("[,٫]", ".", part) for part in re.split(f"[{_SPACES}]", number))
    return found


def spelled(text: str, language: str) -> set[str]:
    """Return the numbers written as words of a language, in digits; none for a language not known here."""
    known = _known(language)
    return {known[word] for word in map(str.lower, _WORD.findall(text)) if word in known} if known else set()


def western(text: str) -> str:
    """Return a text with its digits in the shapes 0–9."""
    if text.isascii() or not _OTHER_DIGIT.search(text):
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


@cache
def _known(language: str) -> dict[str, str]:
    words = _WORDS.get(language, "").split()
    return {word: str(number) for number, word in enumerate(words, 2)} | _LARGE.get(language, {})
