"""Whether mailboxes can know that mail from the sender's domain is the sender's: SPF, DKIM, DMARC; sends nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: Returns the TXT records at a name, () where there are none; raises OSError where DNS does not answer.
Ask = Callable[[str], tuple[str, ...]]

#: Domains that are never looked up (RFC 2606, RFC 6761).
RESERVED = ("example", "test", "invalid", "localhost", "local")
#: Names under which providers and mail servers usually publish their keys.
SELECTORS = ("s1", "s2", "default", "mail", "dkim", "k1", "k2", "k3", "google", "selector1", "selector2")
#: RFC 7208 §4.6.4: a receiver gives up after this many lookups.
MOST_LOOKUPS = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one record."""

    record: str  #: SPF, DKIM, DMARC
    is_fault: bool
    what: str


def is_reserved(domain: str) -> bool:
    """Return whether a domain can have no mail of its own."""
    return "." not in domain or domain.rpartition(".")[2].lower() in RESERVED


def verdicts(domain: str, ask: Ask, own_key: str = "") -> Iterator[Verdict]:
    """Look at the three records of a domain; one verdict, and no fault, where DNS does not answer.

    ``own_key`` is the name of the key that we sign with ourselves, ``SELECTOR._domainkey.DOMAIN``.
    """
    try:
        yield from (spf(domain, ask), dkim(domain, ask, own_key), dmarc(domain, ask))
    except OSError as error:
        yield Verdict("DNS", False, f"does not answer, so SPF, DKIM and DMARC of {domain} were left out ({error})")


def spf(domain: str, ask: Ask) -> Verdict:
    """Judge who may send for the domain (RFC 7208)."""
    found = _spf_records(domain, ask)
    if not found:
        return Verdict(
            "SPF", True, f'{domain} has none; publish TXT "v=spf1 include:PROVIDER -all" as your provider says'
        )
    if len(found) > 1:
        return Verdict("SPF", True, f"{domain} has {len(found)}, which counts as none: make them one")
    if re.search(r"(^|\s)\+?all\b", found[0]):
        return Verdict("SPF", True, f"{domain} lets anybody send in its name: end the record with -all or ~all")
    lookups = _lookups(found[0], ask, set())
    if lookups > MOST_LOOKUPS:
        what = f"{domain} takes {lookups} lookups and receivers stop at {MOST_LOOKUPS}: leave out what is not used"
        return Verdict("SPF", True, what)
    return Verdict("SPF", False, f"{domain}: {found[0]}")


def _spf_records(domain: str, ask: Ask) -> list[str]:
    return [each for each in ask(domain) if re.match(r"v=spf1(\s|$)", each, re.IGNORECASE)]


def _lookups(record: str, ask: Ask, seen: set[str]) -> int:
    number = 0
    for term in record.split()[1:]:
        name, _, value = re.sub(r"^[-+~?]", "", term).replace("=", ":", 1).partition(":")
        if name.lower() in ("include", "redirect"):
            number += 1
            if value and value not in seen and len(seen) <= MOST_LOOKUPS:
                seen.add(value)
                number += sum(_lookups(each, ask, seen) for each in _spf_records(value, ask)[:1])
        elif name.lower().partition("/")[0] in ("a", "mx", "ptr", "exists"):
            number += 1
    return number


def dkim(domain: str, ask: Ask, own_key: str = "") -> Verdict:
    """Look for a signing key (RFC 6376): our own, else under the usual names, for a provider chooses its own."""
    for name in [own_key] if own_key else [f"{selector}._domainkey.{domain}" for selector in SELECTORS]:
        for each in ask(name):
            if key := re.search(r"(?:^|;)\s*p=\s*([^;\s]*)", each):
                if key[1]:
                    return Verdict("DKIM", False, f"{name}: there is a key")
                return Verdict(
                    "DKIM", True, f"{name}: the key was withdrawn; publish the one that mails are signed with"
                )
    if own_key:
        mend = 'publish TXT "v=DKIM1; k=rsa; p=…" there, with the public half of BROADSHEET_DKIM_KEY'
        return Verdict("DKIM", True, f"{own_key}: there is no key, so signed mails count as forged; {mend}")
    return Verdict("DKIM", False, f"{domain}: no key under the usual names; a test mail's source should say dkim=pass")


def dmarc(domain: str, ask: Ask) -> Verdict:
    """Look for the policy of the domain or of one above it."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        name = ".".join(("_dmarc", *labels[start:]))
        found = [each for each in ask(name) if re.match(r"v=DMARC1\s*(;|$)", each)]
        if len(found) > 1:
            return Verdict("DMARC", True, f"{name} has {len(found)}, which counts as none: make them one")
        if found:
            policy = re.search(r";\s*p=\s*(\w+)", found[0])
            if policy is None:
                return Verdict("DMARC", True, f"{name} names no policy: add p=none, and later p=quarantine or p=reject")
            hint = "; read the reports, then raise it to quarantine" if policy[1] == "none" else ""
            return Verdict("DMARC", False, f"{name}: p={policy[1]}{hint}")
    mend = f'publish TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}" at _dmarc.{domain}'
    return Verdict("DMARC", True, f"{domain} has none; {mend}")


def asking(server: str = "", port: int = 53, patience: float = 5.0) -> Ask:
    """Return what asks a name server for TXT records, by default the machine's own, and waits so many seconds."""

    def ask(name: str) -> tuple[str, ...]:
        import dns.exception
        import dns.resolver

        try:
            resolver = dns.resolver.Resolver(configure=not server)
            if server:
                resolver.nameservers, resolver.port = [server], port
            answer = resolver.resolve(name, "TXT", lifetime=patience)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise OSError(str(error)) from error
        return tuple(b"".join(each.strings).decode("utf-8", "replace") for each in answer)

    return ask
