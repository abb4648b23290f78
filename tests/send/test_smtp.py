"""SMTP: pipelined and plain, and every answer a server may give."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace

import pytest
from aiosmtpd.smtp import AuthResult

from digest.errors import ProviderBusy, ProviderRefused, StoreError
from digest.send.provider import Parcel
from digest.send.providers.smtp import Options, Smtp
from tests.send.certificates import certificate
from tests.send.mail_server import mail_server
from tests.send.provider_contract import ProviderContract, mailing, parcel, parsed
from tests.send.smtp_sink import SmtpSink
from tests.send.worlds import World, recipient

__all__ = ["mailing"]

#: Seconds that are waited for a server that answers; a busy machine needs far less.
PATIENCE = 60

PIPELINING = ("PIPELINING", "SIZE 200000", "8BITMIME", "SMTPUTF8")


@pytest.fixture(params=[PIPELINING, ("SIZE 200000", "8BITMIME", "SMTPUTF8")], ids=["pipelining", "plain"])
def sink(request):
    sink = SmtpSink(extensions=request.param)
    yield sink
    sink.close()


@pytest.fixture
def provider(sink):
    provider = Smtp(Options("127.0.0.1", sink.port, security="none", timeout=PATIENCE, local_hostname="test.example"))
    yield provider
    provider.close()


def fates(receipts) -> dict[int, str]:
    return {receipt.recipient: receipt.fate for receipt in receipts}


class TestContract(ProviderContract):
    @pytest.fixture(autouse=True)
    def _sink(self, sink):
        self.sink = sink

    def arrived(self, provider):
        return [address for address, _ in self.sink.mails]


def test_connections_are_kept(provider, sink, mailing):
    for n in range(3):
        provider.deliver(mailing, parcel(n + 1))
    assert sink.connections == 1


def test_pipelining_sends_content_and_the_next_envelope_together(mailing):
    sink = SmtpSink()
    provider = Smtp(Options("127.0.0.1", sink.port, security="none", local_hostname="test.example"))
    provider.deliver(mailing, parcel(*range(1, 21)))
    provider.close()
    sink.close()
    assert len(sink.mails) == 20
    assert sink.largest_group > 3


def test_each_mail_has_its_own_headers_and_slots(provider, sink, mailing):
    provider.deliver(mailing, parcel(1, 2))
    for number, (_, content) in enumerate(sink.mails, start=1):
        assert parsed(content)["List-Unsubscribe"] == f"<https://news.example/u/{number}>"
        assert f"/u/{number}" in parsed(content).get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("command", "reply", "fate"),
    [
        ("MAIL", "451 later", "later"),
        ("RCPT", "450 grey", "later"),
        ("RCPT", "550 no such person", "rejected"),
        ("DATA", "451 later", "later"),
        ("DATA", "554 never", "rejected"),
        (".", "452 full", "later"),
        (".", "550 spam", "rejected"),
    ],
)
def test_an_answer_concerns_one_recipient_and_the_others_go_on(provider, sink, mailing, command, reply, fate):
    sink.order(command, "", reply)
    assert fates(provider.deliver(mailing, parcel(1, 2, 3))) == {1: "sent", 2: fate, 3: "sent"}
    assert [address for address, _ in sink.mails] == [f"reader{n}@readers.example" for n in (1, 3)]
    assert sink.connections == 1


@pytest.mark.parametrize(
    ("command", "reply", "is_nobody"),
    [
        ("RCPT", "550 5.1.1 <reader2@readers.example>: no such user", True),
        ("RCPT", "550-5.1.1 No such user.\r\n550 5.1.1 Try the directory.", True),
        ("RCPT", "553 5.1.6 moved, and nobody knows where", True),
        ("RCPT", "556 5.1.10 the domain takes no mail", True),
        ("RCPT", "550 no such user", False),
        ("RCPT", "550 <5.1.1@readers.example> is listed", False),
        ("RCPT", "550 5.1.8 your own address is wrong", False),
        ("RCPT", "550 5.1.12 what this means is not known", False),
        ("RCPT", "550 5.1.1.7 is no code", False),
        ("RCPT", "550 5.7.1 not from you", False),
        ("RCPT", "552 5.2.2 full", False),
        ("RCPT", "450 4.1.1 not yet", False),
        ("RCPT", "450 5.1.1 contradicts itself", False),
        ("MAIL", "450 5.1.1 of the sender", False),
        ("DATA", "550 5.1.1 too late to say", False),
        (".", "550 5.1.1 somebody behind us says so", False),
    ],
)
def test_nobody_is_at_an_address_only_where_the_answer_to_it_says_so_for_certain(
    provider, sink, mailing, command, reply, is_nobody
):
    sink.order(command, "", reply)
    receipts = provider.deliver(mailing, parcel(1, 2, 3))
    assert {each.recipient: each.has_no_mailbox for each in receipts} == {1: False, 2: is_nobody, 3: False}


@pytest.mark.parametrize(
    ("greeting", "error"), [("cut", ProviderBusy), ("421 busy", ProviderBusy), ("554 no", ProviderRefused)]
)
def test_a_server_that_does_not_greet_gets_nothing(provider, sink, mailing, greeting, error):
    sink.order("CONNECT", greeting)
    with pytest.raises(error):
        provider.deliver(mailing, parcel(1))
    assert sink.mails == []
    assert fates(provider.deliver(mailing, parcel(1))) == {1: "sent"}


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_content_leaves_nobody_uncertain(provider, sink, mailing, command):
    sink.order(command, "cut")
    assert fates(provider.deliver(mailing, parcel(1, 2))) == {1: "later", 2: "later"}
    assert fates(provider.deliver(mailing, parcel(1, 2))) == {1: "sent", 2: "sent"}


@pytest.mark.parametrize("command", [".", "ACCEPT"])
def test_a_connection_lost_after_the_content_leaves_that_mail_uncertain(provider, sink, mailing, command):
    sink.order(command, "", "cut")
    assert fates(provider.deliver(mailing, parcel(1, 2, 3))) == {1: "sent", 2: "uncertain", 3: "later"}


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
def test_421_puts_off_the_mail_and_those_after_it(provider, sink, mailing, command):
    sink.order(command, "", "421 shutting down")
    assert fates(provider.deliver(mailing, parcel(1, 2, 3))) == {1: "sent", 2: "later", 3: "later"}
    assert fates(provider.deliver(mailing, parcel(2, 3))) == {2: "sent", 3: "sent"}


def test_a_server_that_hangs_after_the_content_is_uncertain(sink, mailing):
    provider = Smtp(Options("127.0.0.1", sink.port, security="none", timeout=5.0, local_hostname="test.example"))
    sink.order(".", "hang")
    assert fates(provider.deliver(mailing, parcel(1, 2))) == {1: "uncertain", 2: "later"}
    provider.close()


def test_a_refused_sender_stops_the_send(provider, sink, mailing):
    sink.order("MAIL", "550 sender unknown")
    with pytest.raises(ProviderRefused, match=r"\[site\] sender"):
        provider.deliver(mailing, parcel(1, 2))


def test_a_mail_larger_than_the_server_takes_is_not_tried(provider, sink, mailing):
    large = replace(mailing.message, html="<p>" + "x" * 300_000)
    receipts = provider.deliver(replace(mailing, message=large), parcel(1))
    assert fates(receipts) == {1: "rejected"}
    assert "200000" in receipts[0].detail


def test_an_address_beyond_ascii_needs_the_servers_consent(mailing):
    people = Parcel((recipient(1, "jürgen@readers.example"), recipient(2)))
    for extensions, fate in ((PIPELINING, "sent"), (("PIPELINING",), "rejected")):
        sink = SmtpSink(extensions=extensions)
        provider = Smtp(Options("127.0.0.1", sink.port, security="none", local_hostname="test.example"))
        assert fates(provider.deliver(mailing, people)) == {1: fate, 2: "sent"}
        provider.close()
        sink.close()


def test_lines_that_begin_with_a_dot_arrive_as_they_were(provider, sink, mailing):
    dotted = replace(mailing.message, text=".a\n..b\n.\nc\n")
    provider.deliver(replace(mailing, message=dotted), parcel(1))
    assert parsed(sink.mails[0][1]).get_body(("plain",)).get_content().split() == [".a", "..b", ".", "c"]


def test_a_server_that_is_not_there_is_busy(mailing):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # held, and nobody listens
        port = silent.getsockname()[1]
        provider = Smtp(Options("127.0.0.1", port, security="none", timeout=PATIENCE, local_hostname="test.example"))
        with pytest.raises(ProviderBusy, match="not reached"):
            provider.deliver(mailing, parcel(1))


def test_a_whole_send_with_every_trouble_leaves_nobody_out_and_nobody_twice(provider, sink, tmp_path):
    world = World(tmp_path, people=400)
    sink.order("RCPT", "", "450 grey", "", "", "550 gone", "", "cut")
    sink.order(".", "", "", "421 busy", "", "cut", "452 full")
    sink.order("ACCEPT", *[""] * 60, "cut")
    report = world.send(provider)
    world.store.close()
    arrived = [address for address, _ in sink.mails]
    assert len(set(arrived)) == len(arrived)
    assert (report.planned, report.unsent, report.rejected) == (400, 0, 1)
    assert report.sent + report.uncertain == 399
    assert len(arrived) >= report.sent


def test_whoever_is_not_there_is_given_up_once_with_the_refusal(provider, sink, tmp_path):
    world = World(tmp_path, people=30)
    give_up, failures = world.people.give_up, [StoreError("locked")]

    def give_up_at_the_second_try(connection, ids, edition, at):
        assert ids
        if failures:
            raise failures.pop()
        give_up(connection, ids, edition, at)

    world.people.give_up = give_up_at_the_second_try
    sink.order("RCPT", *[""] * 4, "550 5.1.1 nobody", "550 5.7.1 policy", "550 nobody", "552 5.2.2 full")
    report = world.send(provider)
    world.store.close()
    arrived = {address for address, _ in sink.mails}
    ((number, edition),) = world.people.given_up
    assert (report.planned, report.sent, report.rejected, failures) == (30, 26, 4, [])
    assert (len(sink.mails), len(arrived)) == (26, 26)
    assert f"reader{number}@readers.example" not in arrived
    assert edition == "morning/2026-03-04"


class Inbox:
    """Takes mails in aiosmtpd's way, after a login."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 fine"


def login(server, session, envelope, mechanism, data) -> AuthResult:
    return AuthResult(success=data.login == b"tarrow" and data.password == b"right", handled=False)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=["starttls", "tls"])
def guarded(request, pair):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*pair)
    inbox = Inbox()
    kind = {"tls_context": server, "require_starttls": True} if request.param == "starttls" else {"ssl_context": server}
    strict = request.param == "starttls"  # aiosmtpd does not know that the other one is protected from the start
    asks = {"authenticator": login, "auth_required": strict, "auth_require_tls": strict}
    with mail_server(inbox, **kind, **asks) as port:
        options = Options("127.0.0.1", port, request.param, "tarrow", "right", PATIENCE, local_hostname="test.example")
        yield inbox, options


@pytest.fixture
def trusting(pair) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=pair[0])


def test_a_protected_connection_with_login(guarded, trusting, mailing):
    inbox, options = guarded
    provider = Smtp(options, context=trusting)
    assert "lets us in" in provider.check()
    provider.deliver(mailing, parcel(1, 2))
    provider.close()
    assert [address for address, _ in inbox.mails] == ["reader1@readers.example", "reader2@readers.example"]


def test_a_refused_login_names_the_setting(guarded, trusting, mailing):
    inbox, options = guarded
    provider = Smtp(replace(options, password="wrong"), context=trusting)
    for ask in (provider.check, lambda: provider.deliver(mailing, parcel(1))):
        with pytest.raises(ProviderRefused, match="BROADSHEET_SMTP_PASSWORD"):
            ask()
    assert inbox.mails == []


def test_a_certificate_nobody_vouches_for_is_refused(guarded):
    _, options = guarded
    with pytest.raises(ProviderRefused, match="security"):
        Smtp(options).check()


def test_a_server_without_starttls_is_refused(sink):
    options = Options("127.0.0.1", sink.port, "starttls", timeout=PATIENCE, local_hostname="test.example")
    with pytest.raises(ProviderRefused, match="STARTTLS"):
        Smtp(options).check()
