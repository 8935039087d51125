"""Mail's rules: one plain address and nothing else, the days of the steady mail, what turns an address off."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from aiosmtplib.email import parse_address
from hypothesis import given
from hypothesis import strategies as st

from service.rules.mail import (
    CADENCE_DESCRIPTIONS,
    LONGEST_WAIT,
    SUBJECT,
    Cadence,
    address_of,
    closing_soon_until,
    is_of_the_address,
    next_look,
    preference_problems,
    slot_at,
    wait_after,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


@pytest.mark.parametrize(
    "given, found",
    [
        ("a.b+c@example.org", "a.b+c@example.org"),
        ("O'Hara@EXAMPLE.Org", "O'Hara@example.org"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_a_plain_address_is_taken_as_it_is(given: str, found: str) -> None:
    """ß stays a letter of its own: the name with ss may be somebody else's."""
    assert address_of(given) == found


@pytest.mark.parametrize(
    "given",
    ["", "@", "a", "a@", "@example.org", "a@b", "a@localhost", "a@127.0.0.1", "a@[127.0.0.1]", "a b@example.org", " a@example.org",
     "a@example.org ", "a@example.org\r\nRCPT TO:<b@example.org>", "a\n@example.org", "a@exam\x00ple.org", "a@example.org\n", "a@b@example.org",
     "<a@example.org>", "Ann <a@example.org>", "a@example.org,b@example.org", "a@example.org;b@example.org", '"a b"@example.org',
     "a..b@example.org", ".a@example.org", "a.@example.org", "a@-example.org", "a@example-.org", "a@example..org", "a@.example.org",
     "a@example.org.", "ä@example.org", "a@exa_mple.org", "x" * 65 + "@example.org", "a@" + "b" * 64 + ".org", "a@" + "b." * 130 + "org",
     "a(comment)@example.org", "a@example.org(comment)", "a%b:@example.org", "a@exa\u200bmple.org", "a@example\uff0eorg", "a@ex\u3002org",
     "a@example.org\u2028", "a@xn--\u00fc.org", "a@\u00ad.org"],
)  # fmt: skip
def test_anything_else_is_no_address(given: str) -> None:
    assert address_of(given) is None
    (problem,) = preference_problems(given, Cadence.STEADY, understood=False)
    assert problem.field == ("address",)
    assert problem.message == preference_problems("", Cadence.STEADY, understood=False)[0].message


@given(st.text(max_size=40) | st.from_regex(r"[!-~]{1,20}@[a-z.-]{1,20}", fullmatch=True))
def test_what_is_taken_is_sent_to_as_it_is_and_is_one_line_of_ascii(text: str) -> None:
    """The library that sends repairs what it does not understand: nothing that we take needs it."""
    found = address_of(text)
    if found is not None:
        assert found.isascii()
        assert found.isprintable()
        assert not set(found) & set(' <>()[]\\,;:"')
        assert parse_address(found) == found
        assert address_of(found) == found


@pytest.mark.parametrize("cadence", Cadence)
def test_a_mail_that_comes_with_news_is_for_who_has_understood_it(cadence: Cadence) -> None:
    tells = cadence in {Cadence.DAILY, Cadence.AT_ONCE}
    problems = preference_problems("a@example.org", cadence, understood=False)
    assert [problem.field for problem in problems] == [("understood",)] * tells
    assert preference_problems(None, cadence, understood=True) == []
    assert ("can tell others what you are part of" in CADENCE_DESCRIPTIONS[cadence]) == tells


@pytest.mark.parametrize(
    "now, name",
    [
        ("2026-12-01T08:59:59", None),
        ("2026-12-01T09:00:00", "STEADY 2026-12-01"),  # a Tuesday
        ("2026-12-01T20:59:00", "STEADY 2026-12-01"),
        ("2026-12-01T21:00:01", None),
        ("2026-12-02T09:00:00", None),
        ("2026-12-04T09:00:00", "STEADY 2026-12-04"),
        ("2026-12-05T09:00:00", None),
        ("2026-12-25T09:00:00", "STEADY 2026-12-25"),  # on a bank holiday too
        ("2026-07-07T08:00:00", "STEADY 2026-07-07"),  # by England's summer clock
        ("2026-07-07T07:59:59", None),
    ],
)
def test_the_steady_mail_goes_on_tuesdays_and_fridays_at_nine_and_not_long_after(now: str, name: str | None) -> None:
    slot = slot_at(Cadence.STEADY, at(now), LONG_AGO)
    assert (slot.name if slot else None) == name


@pytest.mark.parametrize("cadence", [Cadence.STEADY, Cadence.DAILY])
def test_who_asks_after_nine_is_mailed_the_next_time(cadence: Cadence) -> None:
    """A mail just after somebody asked would be at a time of its own."""
    asked = at("2026-12-01T09:30:00")
    assert slot_at(cadence, at("2026-12-01T09:31:00"), asked) is None
    later = slot_at(cadence, at("2026-12-04T09:01:00"), asked)
    assert later is not None
    assert later.tells_days


def test_at_once_tells_of_issues_in_the_first_quarter_after_nine_alone() -> None:
    quarters = [datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(96)]
    slots = [slot_at(Cadence.AT_ONCE, moment + timedelta(minutes=7), LONG_AGO) for moment in quarters]
    assert len({slot.name for slot in slots if slot}) == 96
    assert [slot.name for slot in slots if slot and slot.tells_days] == ["AT_ONCE 2026-12-01T09:00"]


def test_off_has_no_slot_and_no_look() -> None:
    assert slot_at(Cadence.OFF, LONG_AGO, LONG_AGO) is None
    assert next_look(Cadence.OFF, LONG_AGO) is None


@given(MOMENTS, st.sampled_from([Cadence.STEADY, Cadence.DAILY, Cadence.AT_ONCE]))
def test_whoever_looks_when_told_to_misses_no_slot(start: datetime, cadence: Cadence) -> None:
    looks = [start]
    for _ in range(10):
        wait = next_look(cadence, looks[-1])
        assert wait is not None
        assert timedelta() < wait <= timedelta(days=4, hours=1)
        looks.append(looks[-1] + wait)
    slots = [slot_at(cadence, each, LONG_AGO) for each in looks[1:]]
    assert None not in slots
    if cadence is not Cadence.AT_ONCE:
        assert all(one != other for one, other in pairwise(slots))


def test_closing_soon_is_within_five_working_days() -> None:
    friday = at("2026-12-18T12:00:00")
    # Christmas Day, and Boxing Day's substitute on the Monday
    assert closing_soon_until(friday) == at("2026-12-30T00:00:00")


@pytest.mark.parametrize(
    "code, words, refused",
    [
        (550, "5.1.1 No such user", True),
        (550, "No such user", True),
        (553, "5.1.3 Bad address", True),
        (550, "5.2.1 Mailbox disabled", True),
        (551, "User not local", True),
        (550, "5.7.1 Relaying denied", False),
        (554, "5.7.1 Relay access denied", False),
        (554, "Transaction failed", False),
        (550, "5.1.8 Bad sender's domain", False),
        (552, "5.2.2 Mailbox full", False),
        (503, "Bad sequence", False),
        (450, "4.1.1 Try again", False),
        (451, "5.1.1 odd", False),
        (250, "5.1.1 odd", False),
    ],
)
def test_an_address_is_refused_for_what_is_wrong_with_it_alone(code: int, words: str, refused: bool) -> None:
    assert is_of_the_address(code, words) is refused


@given(st.integers(1, 1000), st.floats(0, 1))
def test_tries_come_ever_later_and_at_least_about_every_hour(attempts: int, chance: float) -> None:
    assert timedelta(seconds=45) <= wait_after(attempts, chance) <= LONGEST_WAIT * 1.25


def test_the_subject_is_nobodys() -> None:
    assert SUBJECT == "Partnership: your update"
