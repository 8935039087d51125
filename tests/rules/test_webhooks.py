"""Webhooks: who cannot be reached, what is no address, what can be heard of, and when one tries again (THREATS D7)."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.db.changes import FOLLOWED
from service.forums import FORUM_TYPES
from service.rules.webhooks import EVENT_TYPES, Fate, address_refused, endpoint_problems, event_type, fate_of, pinned
from service.rules.webhooks.events import TOLD_OF
from service.rules.webhooks.retries import GIVEN_UP_AFTER, LONGEST_ASKED_WAIT

REFUSED = (
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.0.192", "198.18.0.1", "168.63.129.16",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:53aa::1", "2001:db8::1", "fec0::1",
    "2606:4700::1%1", "2130706433", "0x7f.1", "127.1", "017700000001", "", "localhost",
)  # fmt: skip
HOSTILE = (
    "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/", "https:///x",
    "https://user@example.org/", "https://user:word@example.org/", "https://@example.org/", "https://example.org:22/", "https://example.org:0/",
    "https://example.org:99999/", "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://0x7f000001/", "https://localhost/",
    "https://example.org\r\nX-A: b/", "https://example.org/\r\nX: y", "https://example.org/a b", "https://example.org/#x",
    "https://example.org\\@evil.example/", "https://exa\u2024mple.org/", "https://exämple.org/", "https://[fe80::1%25eth0]/",
    "https://example.org/" + "a" * 500, "https://-a.example/", "https://example..org/", "https://[::1/", "https://example.org:+443/", "",
)  # fmt: skip
HEARD = ["consultation.changed"]


@pytest.mark.parametrize("address", REFUSED)
def test_D7_no_webhook_reaches_an_address_inside(address: str) -> None:
    assert address_refused(address)
    assert pinned([address]) is None
    assert pinned(["8.8.8.8", address]) is None


@pytest.mark.parametrize("address", ["8.8.8.8", "51.140.1.1", "2606:4700::1111", "2a00:1450::1"])
def test_a_webhook_reaches_the_open_internet(address: str) -> None:
    assert pinned([address]) == address


def test_a_test_network_opens_itself_and_nothing_beside_it() -> None:
    allowed = [ip_network("127.0.0.0/30")]
    assert not address_refused("127.0.0.1", allowed)
    assert address_refused("127.0.0.8", allowed)
    assert address_refused("::ffff:127.0.0.1", allowed)


@given(
    st.ip_addresses(v=6, network="64:ff9b::/96")
    | st.ip_addresses(v=6, network="::ffff:0:0/96")
    | st.ip_addresses(v=6, network="2002::/16")
)
def test_no_address_that_carries_another_is_reached(address: object) -> None:  # fmt: skip
    assert address_refused(str(address))


@pytest.mark.parametrize("url", HOSTILE)
def test_D4_an_address_that_is_none_is_refused_and_never_repeated(url: str) -> None:
    (problem,) = endpoint_problems(url, HEARD)
    assert problem.field == ("url",)
    assert url == "" or url not in problem.message


@pytest.mark.parametrize("url", ["https://hr.example.org/in?x=1", "https://hr.example.org:8443/", "https://8.8.8.8/in"])
def test_a_plain_address_is_taken(url: str) -> None:
    assert endpoint_problems(url, HEARD) == []


@pytest.mark.parametrize("types", [[], ["consultation.opened"], HEARD * 2, ["person.changed"], ["door.changed"]])
def test_only_types_that_there_are_can_be_chosen(types: list[str]) -> None:
    assert [problem.field for problem in endpoint_problems("https://hr.example.org/", types)] == [("types",)]


def test_what_can_be_chosen_is_what_the_feed_tells_of() -> None:
    told = (FOLLOWED - {"Forum", "WebhookEndpoint"}) | set(FORUM_TYPES)
    assert set(TOLD_OF) == told
    assert {event_type(name, kind) for name in told for kind in ("CHANGED", "GONE")} == EVENT_TYPES


@given(st.floats(0, 1), st.sampled_from([None, 301, 302, 400, 404, 429, 500, 503]))
def test_E11_a_dead_endpoint_is_tried_for_three_days_later_each_time_and_then_no_more(
    chance: float, status: int | None
) -> None:
    passed, waits = timedelta(), []
    while (verdict := fate_of(status, len(waits) + 1, passed, chance)).fate is Fate.AGAIN:
        waits.append(verdict.wait)
        passed += verdict.wait
    assert verdict.fate is Fate.DEAD
    assert passed == GIVEN_UP_AFTER
    assert 12 <= len(waits) <= 30
    assert waits[:-1] == sorted(waits[:-1])


def test_what_an_answer_asks_is_obeyed_within_bounds() -> None:
    assert fate_of(503, 1, timedelta(), 0.5, timedelta(hours=1)).wait == timedelta(hours=1)
    assert fate_of(503, 1, timedelta(), 0.5, timedelta(days=900)).wait == LONGEST_ASKED_WAIT
    assert fate_of(503, 1, timedelta(), 0.5, timedelta(0)).wait > timedelta(seconds=5)


def test_an_answer_of_success_ends_it_and_gone_ends_the_endpoint() -> None:
    assert fate_of(204, 9, GIVEN_UP_AFTER * 2, 0).fate is Fate.DELIVERED
    assert fate_of(410, 1, timedelta(), 0).fate is Fate.ENDED
