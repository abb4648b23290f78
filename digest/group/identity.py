"""Say whether two addresses are the same article; knows addresses only, never a text."""

from __future__ import annotations

import contextlib
import hashlib
import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from digest.model import Article

_DEFAULT_PORTS = {"http": 80, "https": 443}

#: Query parameters that say how a reader came, never what is read.
_TRACKING = re.compile(
    r"""
    (?:utm_ | at_ | ns_ | pk_ | piwik_ | mtm_ | matomo_ | hsa_ | ga_ | stm_ | itm_ | wt_) .* |
    fbclid | gclid | gclsrc | dclid | gbraid | wbraid | msclkid | yclid | ysclid | twclid | ttclid |
    igshid | igsh | li_fat_id | epik | srsltid | _ga | _gl | _hsenc | _hsmi | __hstc | __hssc | __hsfp |
    hsctatracking | mc_cid | mc_eid | mkt_tok | vero_id | vero_conv | oly_anon_id | oly_enc_id | cmp |
    cmpid | cmpgn | ocid | smid | smtyp | smvar | ncid | icid | intcid | int_cmp | int_cid | s_cid |
    scid | xtor | ito | wt_mc | wt\.mc_id | wt_zmc | trk | trkcampaign | trackingid | traffic_source |
    ref_src | ref_url | sr_share | soc_src | soc_trk | guccounter | guce_referrer | guce_referrer_sig |
    __twitter_impression | taid | spm | rss | feedtype | fromrss | amp | outputtype | jsessionid |
    phpsessid | sharetype | share_source | ssm | partner_id | cvid | pc_source | linkid | algtrack |
    mbid | reflink | sc_cid | campaign_id | emc | regi_id | segment_id | action_object_map | fb_ref |
    fb_source | fb_action_ids | fb_action_types | nocache | utm
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Parameters that track when they hold a word (``ref=rss``) and name an article when they hold a number.
_WORDS_TRACK = re.compile(
    r"""
    ref | referrer | referer | source | src | from | feed | partner | via | share | medium | campaign |
    channel | origin | cid | mod
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_MOBILE_HOST = re.compile(r"(?:(?<=^)|(?<=\.))(?:www\d?|m|mobile|amp|amphtml|touch|wap)\.(?=[^.]+\.[^.])")
_AMP_PATH = re.compile(r"(?:/amp|\.amp|/amp\.html?)/?$|\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_FRONT = re.compile(r"^/amp(?=/.)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
#: RFC 3986 §2.3 unreserved and §3.3 path characters: shown as they are.
_PATH_SAFE = "-._~!$&'()*+,;=:@"


def canonical_url(url: str) -> str:
    """Return the one spelling of an address under which an article is known, '' for an address of no host.

    The scheme, ``www``, mobile and AMP spellings, default ports, percent-encoding, fragments and parameters
    that only track are taken out; what is left of the query is put in order (RFC 3986 §6.2).
    """
    try:
        parts = urlsplit(_tidy(url))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url.strip()
    host = _host(host)
    if not _HOST.fullmatch(host) or parts.scheme not in _DEFAULT_PORTS:
        return url.strip()
    if port not in (None, _DEFAULT_PORTS[parts.scheme]):
        host += f":{port}"
    query = _query(parts.query)
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    return f"https://{host}{_path(parts.path)}{'?' + query if query else ''}{fragment}"


def article_key(article: Article) -> str:
    """Return the canonical key of an article: its address, by its page's own word, else its guid, else its text."""
    if article.url:
        return canonical_url(article.canonical or article.url)
    if article.guid:
        return f"{article.source}#{article.guid}"
    text = " ".join((article.headline, article.dek, article.body[:500])).casefold()
    return f"{article.source}#{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def _tidy(url: str) -> str:
    """Undo what feeds do to addresses: blanks, HTML entities left in the query, a missing scheme."""
    url = "".join(url.split()).replace("&amp;", "&").replace("&amp;", "&").replace("\\", "")
    return urljoin("https:", url) if url.startswith("//") else url


def _host(host: str) -> str:
    host = unicodedata.normalize("NFKC", host).lower()
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode()
    return f"[{host}]" if ":" in host else _MOBILE_HOST.sub("", host)


def _path(path: str) -> str:
    path = _SESSION.sub("", path)
    segments = [_encoded(segment) for segment in path.split("/")]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            kept = kept[:-1] or kept
        elif segment != ".":
            kept.append(segment)
    path = _INDEX.sub("", "/".join(kept).rstrip("/"))
    path = _AMP_FRONT.sub("", _AMP_PATH.sub("", path))
    return path.rstrip("/") or "/"


def _encoded(text: str) -> str:
    """Return a path segment with those characters encoded that need it: ``%7e`` is ``~``, ``%2F`` stays."""
    return quote(unquote_to_bytes(text), safe=_PATH_SAFE)


def _query(query: str) -> str:
    pairs = [tuple(pair.split("=", 1)) if "=" in pair else (pair, "") for pair in query.split("&") if pair]
    kept = sorted((_encoded(name), _encoded(value)) for name, value in pairs if not _tracks(name, value))
    return "&".join(f"{name}={value}" if value else name for name, value in kept)


def _tracks(name: str, value: str) -> bool:
    if _TRACKING.fullmatch(name):
        return True
    return bool(_WORDS_TRACK.fullmatch(name)) and not any(character.isdigit() for character in value)
