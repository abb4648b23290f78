"""SendGrid: the request by its rules, and every answer it may give."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sendgrid.helpers.mail import CustomArg, Header, Personalization, Substitution, To

from digest.errors import ProviderBusy, ProviderRefused, ProviderUncertain
from digest.model import Envelope, Message
from digest.send.provider import Mailing, Parcel
from digest.send.providers.sendgrid import Options, Sendgrid
from digest.send.providers.sendgrid_request import Frame, Tracking
from tests.send.fake_sendgrid import FakeSendgrid, faults
from tests.send.provider_contract import ProviderContract, mailing, parcel
from tests.send.worlds import World, recipient
from tests.store.samples import ENVELOPE, MESSAGE, NOW

__all__ = ["mailing"]

#: Seconds that are waited for a server that answers; a busy machine needs far less.
PATIENCE = 60


@pytest.fixture
def api():
    api = FakeSendgrid()
    yield api
    api.close()


@pytest.fixture
def provider(api):
    provider = Sendgrid(Options("SG.right", api=api.address, timeout=PATIENCE))
    yield provider
    provider.close()


class TestContract(ProviderContract):
    @pytest.fixture(autouse=True)
    def _api(self, api):
        self.api = api

    def arrived(self, provider):
        return [each["to"][0]["email"] for taken in self.api.taken for each in taken.body["personalizations"]]


def request(*, message: Message = MESSAGE, envelope: Envelope = ENVELOPE, people: Parcel | None = None) -> dict:
    frame = Frame(Mailing(message, envelope, NOW), Tracking())
    return json.loads(frame.body(people or parcel(1, 2)))


def test_the_request_says_everything_the_rules_ask_for():
    body = request()
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    assert body["custom_args"] == {"edition": "morning/2026-03-04", "batch": "7", "attempt": "1"}
    assert body["personalizations"][0]["custom_args"] == {"recipient": "p1"}
    assert body["tracking_settings"] == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }
    assert body["mail_settings"] == {"footer": {"enable": False}, "sandbox_mode": {"enable": False}}
    assert faults(json.dumps(body).encode()) == (202, [])


def test_slots_become_substitutions_escaped_for_html_and_plain_for_text():
    message = replace(MESSAGE, text="Dear %%NAME%%", html="<p>Dear %%NAME%%</p>", subject="For %%NAME%%")
    body = request(message=message, people=Parcel((recipient(1, name="Ann & <Bo>"),)))
    assert body["personalizations"][0]["substitutions"] == {
        "%%NAME%%": "Ann & <Bo>",
        "%%NAME:html%%": "Ann &amp; &lt;Bo&gt;",
    }
    assert body["content"][1]["value"] == "<p>Dear %%NAME:html%%</p>"


def test_personalizations_equal_the_packages_own():
    someone = recipient(1, name="Ann Orr")
    ours = request(people=Parcel((someone,)))["personalizations"][0]
    theirs = Personalization()
    theirs.add_to(To("reader1@readers.example", "Ann Orr"))
    theirs.add_custom_arg(CustomArg("recipient", "p1"))
    theirs.add_header(Header("List-Unsubscribe", "<https://news.example/u/1>"))
    theirs.add_header(Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    for tag in ("%%UNSUBSCRIBE_URL%%", "%%UNSUBSCRIBE_URL:html%%"):
        theirs.add_substitution(Substitution(tag, "https://news.example/u/1"))
    assert ours == theirs.get()


ODD = st.text(st.characters(codec="utf-8"), max_size=30)


@given(values=st.lists(st.tuples(ODD, ODD, ODD), min_size=1, max_size=4))
def test_many_at_once_are_what_each_is_by_itself(values):
    message = replace(MESSAGE, text="%%UNSUBSCRIBE_URL%% %%NAME%%", html="<p>%%NAME%%</p>")
    people = tuple(
        replace(recipient(n, name=name), public_id=public_id, slots=(("UNSUBSCRIBE_URL", url), ("NAME", name)))
        for n, (name, public_id, url) in enumerate(values, 1)
    )
    together = request(message=message, people=Parcel(people))["personalizations"]
    assert together == [request(message=message, people=Parcel((each,)))["personalizations"][0] for each in people]
    assert [each["substitutions"]["%%NAME:html%%"] for each in together] == [escape(name) for name, _, _ in values]
    assert [each["custom_args"]["recipient"] for each in together] == [public_id for _, public_id, _ in values]


def test_domains_beyond_ascii_are_sent_as_a_labels():
    body = request(people=Parcel((recipient(1, "jo@bücher.example"),)))
    assert body["personalizations"][0]["to"] == [{"email": "jo@xn--bcher-kva.example"}]


def test_no_value_can_start_a_header():
    envelope = replace(ENVELOPE, sender='"News\r\nBcc: all@x.example" <news@morning.example>')
    body = request(envelope=envelope, people=Parcel((recipient(1, name="Ann\r\nBcc: x@x.example"),)))
    assert "\n" not in json.dumps(body["from"]).replace("\\n", "\n")
    assert body["personalizations"][0]["to"][0]["name"] == "Ann Bcc: x@x.example"


def test_values_too_long_for_a_recipient_are_refused_before_anything_is_sent(provider, api, mailing):
    someone = replace(recipient(1), slots=(("UNSUBSCRIBE_URL", "x" * 6000),))
    with pytest.raises(ProviderRefused, match="10000"):
        provider.deliver(mailing, Parcel((someone,)))
    assert api.requests == 0


@pytest.mark.data
def test_the_request_fits_sendgrids_own_description(data):
    described = json.loads((data / "sendgrid/tsg_mail_v3.json").read_text())
    named = described["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
    whole = named | {"components": described["components"]}
    faulty = [
        error
        for error in Draft202012Validator(whole).iter_errors(request())
        if list(error.absolute_path) != ["custom_args"]  # described as a string, documented and taken as an object
    ]
    assert faulty == []


def test_a_thousand_go_in_one_request(provider, api, mailing):
    receipts = provider.deliver(mailing, parcel(*range(1, 1001)))
    assert len(receipts) == 1000
    assert api.requests == 1
    assert {receipt.reference for receipt in receipts} == {"message-1"}


def test_connections_are_kept(provider, api, mailing):
    for n in range(5):
        provider.deliver(mailing, parcel(n + 1))
    assert api.connections == 1


def test_a_connection_the_server_closed_is_replaced(provider, api, mailing):
    api.order("accept and cut")
    with pytest.raises(ProviderUncertain):
        provider.deliver(mailing, parcel(1))
    assert provider.deliver(mailing, parcel(2))[0].fate == "sent"


def test_the_wrong_key_is_refused_and_names_the_setting(api, mailing):
    provider = Sendgrid(Options("SG.wrong", api=api.address, timeout=PATIENCE))
    for ask in (provider.check, lambda: provider.deliver(mailing, parcel(1))):
        with pytest.raises(ProviderRefused, match="SENDGRID_API_KEY"):
            ask()
    provider.close()
    assert api.taken == []


def test_a_key_without_the_right_to_send_is_told():
    api = FakeSendgrid(scopes=("stats.read",))
    provider = Sendgrid(Options("SG.right", api=api.address, timeout=PATIENCE))
    with pytest.raises(ProviderRefused, match="mail\\.send"):
        provider.check()
    provider.close()
    api.close()


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ("400", ProviderRefused),
        ("401", ProviderRefused),
        ("403", ProviderRefused),
        ("404", ProviderRefused),
        ("413", ProviderRefused),
        ("429", ProviderBusy),
        ("500", ProviderUncertain),
        ("503", ProviderUncertain),
        ("accept and 500", ProviderUncertain),
        ("cut", ProviderUncertain),
        ("accept and cut", ProviderUncertain),
    ],
)
def test_every_answer_has_its_meaning(provider, api, mailing, order, error):
    api.order(order)
    with pytest.raises(error):
        provider.deliver(mailing, parcel(1))


def test_a_server_that_hangs_is_uncertain_after_the_time_limit(api, mailing):
    provider = Sendgrid(Options("SG.right", api=api.address, timeout=1.0))
    api.order("hang")
    with pytest.raises(ProviderUncertain, match="timed out"):
        provider.deliver(mailing, parcel(1))
    provider.close()


def test_a_server_that_is_not_there_is_busy_and_nothing_was_sent(mailing):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # held, and nobody listens
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        provider = Sendgrid(Options("SG.right", api=address, timeout=PATIENCE))
        with pytest.raises(ProviderBusy, match="not reached"):
            provider.deliver(mailing, parcel(1))


def test_429_says_when_to_come_back(api, mailing):
    now = time.time()
    provider = Sendgrid(Options("SG.right", api=api.address, timeout=PATIENCE), clock=lambda: now)
    api.orders.reset_at = now + 90
    api.order("429")
    with pytest.raises(ProviderBusy) as caught:
        provider.deliver(mailing, parcel(1))
    provider.close()
    assert 88 < caught.value.retry_after <= 90


def test_one_bad_address_is_left_out_and_the_others_are_sent(provider, api, mailing):
    people = Parcel((recipient(1), recipient(2, "no address"), recipient(3)))
    fates = {receipt.recipient: receipt.fate for receipt in provider.deliver(mailing, people)}
    assert fates == {1: "sent", 2: "rejected", 3: "sent"}
    assert api.requests == 2


def test_after_a_bad_address_an_unanswered_request_is_uncertain_for_the_others_alone(provider, api, mailing):
    people = Parcel((recipient(1), recipient(2, "no address"), recipient(3)))
    api.order("", "accept and cut")
    fates = {receipt.recipient: receipt.fate for receipt in provider.deliver(mailing, people)}
    assert fates == {1: "uncertain", 2: "rejected", 3: "uncertain"}


def test_a_request_too_large_is_halved(provider, api, mailing):
    api.order("413", "", "429")
    fates = {receipt.recipient: receipt.fate for receipt in provider.deliver(mailing, parcel(1, 2, 3, 4))}
    assert fates == {1: "sent", 2: "sent", 3: "later", 4: "later"}


def test_a_whole_send_with_every_trouble_leaves_nobody_out_and_nobody_twice(provider, api, tmp_path):
    world = World(tmp_path, people=6000)
    api.orders.reset_at = 1.0
    api.order("429", "500", "accept and 500", "accept and cut", "cut", "cut early")
    report = world.send(provider)
    assert report.planned == 6000
    assert report.sent + report.uncertain == 6000
    assert max(api.mails.values()) == 1
    assert sum(api.mails.values()) >= report.sent
    world.store.close()
