"""SPF, DKIM and DMARC of a sender's domain, asked of records written by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.pipeline.sender_domain import Ask, asking, dkim, dmarc, is_reserved, spf, verdicts
from tests.pipeline.name_server import NameServer

GOOD = {
    "news.paper.net": ("v=spf1 include:_spf.post.net -all", "something else"),
    "_spf.post.net": ("v=spf1 ip4:192.0.2.0/24 -all",),
    "s1._domainkey.news.paper.net": ("k=rsa; t=s; p=MIGfMA0",),
    "_dmarc.paper.net": ("v=DMARC1; p=reject; rua=mailto:d@paper.net",),
}


def zone(records: dict[str, tuple[str, ...]]) -> Ask:
    """Return a resolver that knows these TXT records."""
    return lambda name: records.get(name, ())


def test_a_domain_set_up_well_has_no_fault_and_finds_the_policy_above_it() -> None:
    found = list(verdicts("news.paper.net", zone(GOOD)))
    assert [(each.record, each.is_fault) for each in found] == [("SPF", False), ("DKIM", False), ("DMARC", False)]
    assert "_dmarc.paper.net: p=reject" in found[2].what


def test_a_domain_without_records_is_told_what_to_publish() -> None:
    faults = [each for each in verdicts("paper.net", zone({})) if each.is_fault]
    assert [each.record for each in faults] == ["SPF", "DMARC"]
    assert "v=DMARC1; p=none" in faults[1].what


SPF = [
    ("two records", ("v=spf1 -all", "v=spf1 ~all"), True),
    ("anybody may send", ("v=spf1 include:a.net +all",), True),
    ("anybody may send, said shortly", ("v=spf1 all",), True),
    ("eleven lookups", ("v=spf1 " + " ".join(f"include:x{n}.net" for n in range(11)) + " -all",), True),
    ("a and mx count as lookups", ("v=spf1 " + "a mx " * 5 + "ptr -all",), True),
    ("ten lookups", ("v=spf1 " + "a mx " * 5 + "-all",), False),
    ("softfail", ("v=spf1 ip6:2001:db8::/32 ~all",), False),
    ("a record that only looks alike", ("v=spf10 -all",), True),
]


@pytest.mark.parametrize(("records", "is_fault"), [case[1:] for case in SPF], ids=[case[0] for case in SPF])
def test_spf_with(records: tuple[str, ...], is_fault: bool) -> None:
    assert spf("paper.net", zone({"paper.net": records})).is_fault is is_fault


def test_lookups_of_what_is_included_count_and_a_circle_ends() -> None:
    deep = {f"x{n}.net": (f"v=spf1 include:x{n + 1}.net -all",) for n in range(20)}
    assert spf("x0.net", zone(deep)).is_fault
    circle = {"a.net": ("v=spf1 include:b.net -all",), "b.net": ("v=spf1 include:a.net -all",)}
    assert not spf("a.net", zone(circle)).is_fault


def test_a_withdrawn_key_is_a_fault_and_an_unknown_selector_is_not() -> None:
    assert dkim("paper.net", zone({"s1._domainkey.paper.net": ("v=DKIM1; p=",)})).is_fault
    assert not dkim("paper.net", zone({})).is_fault


def test_a_policy_of_none_is_told_to_rise_and_one_without_a_word_is_a_fault() -> None:
    assert "raise it" in dmarc("paper.net", zone({"_dmarc.paper.net": ("v=DMARC1; p=none",)})).what
    assert dmarc("paper.net", zone({"_dmarc.paper.net": ("v=DMARC1; rua=mailto:a@b.net",)})).is_fault


def test_a_machine_without_dns_is_no_fault_of_the_domain() -> None:
    def silent(_name: str) -> tuple[str, ...]:
        raise OSError("timed out")

    (only,) = verdicts("paper.net", silent)
    assert not only.is_fault
    assert "left out" in only.what


def test_domains_that_nobody_owns_are_not_asked_about() -> None:
    assert all(map(is_reserved, ("localhost", "daily.example", "a.test", "host.local")))
    assert not is_reserved("paper.net")


@pytest.fixture
def name_server() -> Iterator[NameServer]:
    """Return a name server that knows a domain set up well."""
    server = NameServer(GOOD, broken="broken.net", silent="silent.net")
    yield server
    server.close()


def test_a_name_server_is_asked_and_pieces_of_a_record_are_one(name_server: NameServer) -> None:
    ask = asking("127.0.0.1", name_server.port)
    assert ask("_dmarc.paper.net") == GOOD["_dmarc.paper.net"]
    assert sorted(ask("news.paper.net")) == sorted(GOOD["news.paper.net"])
    assert ask("nothing.paper.net") == ()
    assert not any(each.is_fault for each in verdicts("news.paper.net", ask))


@pytest.mark.parametrize("domain", ["broken.net", "silent.net"])
def test_a_name_server_that_fails_proves_nothing(name_server: NameServer, domain: str) -> None:
    (found,) = verdicts(domain, asking("127.0.0.1", name_server.port, patience=0.5))
    assert (found.record, found.is_fault) == ("DNS", False)
    assert domain in found.what


def test_our_own_signature_needs_its_key_where_it_says() -> None:
    assert not dkim("paper.net", zone({"tea._domainkey.paper.net": ("p=MIG",)}), "tea._domainkey.paper.net").is_fault
    found = dkim("paper.net", zone({"s1._domainkey.paper.net": ("p=MIG",)}), "tea._domainkey.paper.net")
    assert found.is_fault
    assert "BROADSHEET_DKIM_KEY" in found.what
