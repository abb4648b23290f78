"""Turns the bytes of a broken feed into text, whatever encoding they claim; knows no XML but its first line."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
#: Labels read as a larger set that contains them (WHATWG Encoding §4.2).
_READ_AS = {
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252", "us-ascii": "windows-1252",
    "ascii": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949",
    "iso-8859-9": "cp1254",
}  # fmt: skip
#: How an XML declaration begins in EBCDIC; what follows up to its end is the same in all kinds of it (XML 1.0, F.1).
_EBCDIC = "<?xm".encode("cp037")
_TAG = re.compile(r"<[^<>]*>|https?://[^\s<>]+")
_STRAY = re.compile("[\udc80-\udcff]+")
_MULTIBYTE = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
#: What stands beside ASCII in text of western Europe; other encodings put their letters elsewhere too.
_WESTERN = frozenset(
    "àâäáãåæçèéêëìíîïñòóôöõøùúûüýÿßœðþÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜÝŒŠšžŸÐÞ“”‘’‚„–—…€£¥©®™°«»‹›·•¿¡§´ºª½¼²\xa0"
)
#: How much is looked at to guess an encoding.
_SAMPLE = 65536


def decode(raw: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text, and a note for people where it is not in the encoding it declares, else ''.

    The order: a byte order mark, UTF-8 where the bytes are (nothing else looks like it by accident), what the
    document declares, what the server said, UTF-8 with single stray bytes, a guess. No byte is left out.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            start = len(mark) if mark[:1] not in (b"<", b"\x00") else 0
            return raw[start:].decode(name, "replace"), ""
    declared = _declared(raw, content_type)
    # ISO-2022 writes other scripts in bytes of ASCII, so it would pass for UTF-8.
    believed = declared if any(name.startswith("iso-2022") for name in declared) else ["utf-8", *declared]
    for name in believed:
        try:
            return raw.decode(name), _note(name, declared)
        except (UnicodeDecodeError, LookupError):
            continue
    return _salvaged(raw) or _guessed(raw)


def _declared(raw: bytes, content_type: str) -> list[str]:
    found = []
    head = raw[:1024]
    if head.startswith(_EBCDIC):
        head = head.decode("cp037").encode("ascii", "replace")
    if inside := _DECLARED.search(head):
        found.append(inside[1].decode("ascii", "replace").lower())
    if outside := _CHARSET.search(content_type):
        found.append(outside[1].lower())
    return [_READ_AS.get(name, name) for name in found]


def _note(name: str, declared: list[str]) -> str:
    if not declared or name == declared[0] or name.replace("-", "") == declared[0].replace("-", "").replace("_", ""):
        return ""
    return f"read as {name}, not as the {declared[0]} it declares"


def _salvaged(raw: bytes) -> tuple[str, str] | None:
    """Read UTF-8 with some stray bytes of windows-1252 in it; None where the bytes are mostly not UTF-8."""
    text = raw.decode("utf-8", "surrogateescape")
    stray = _STRAY.findall(text)
    if sum(map(len, stray)) > 2 * len(_MULTIBYTE.findall(text)):
        return None
    return _STRAY.sub(_western, text), f"read {len(stray)} stray pieces of windows-1252 in UTF-8 text"


def _western(stray: re.Match[str]) -> str:
    return stray[0].encode("ascii", "surrogateescape").decode("windows-1252", "replace")


def _guessed(raw: bytes) -> tuple[str, str]:
    name = "windows-1252" if _looks_western(raw[:_SAMPLE]) else _most_likely(raw[:_SAMPLE])
    return raw.decode(name, "replace"), f"read as {name.replace('_', '-')}, a guess"


def _looks_western(raw: bytes) -> bool:
    """Tell whether bytes above ASCII read as windows-1252 are western letters, scattered among plain ones."""
    text = _TAG.sub(" ", raw.decode("windows-1252", "replace"))  # names of elements are in plain letters everywhere
    other = [character for character in text if character > "\x7f"]
    letters = sum(map(str.isalpha, text))
    return all(character in _WESTERN for character in other) and sum(map(str.isalpha, other)) * 4 < letters


def _most_likely(raw: bytes) -> str:
    import charset_normalizer  # only feeds that declare nothing pay for loading it

    found = charset_normalizer.from_bytes(raw).best()
    return found.encoding if found else "windows-1252"
