"""A note says when; a total says how many, and nothing where few or none were."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.problems import Code
from service.rules.release_notes import (
    AHEAD_MOST,
    BACK_MOST,
    COUNTED_AFTER,
    STATEMENT,
    Total,
    note_problems,
    quarter_of,
    total_shown,
    verifiable_until,
)

TODAY = date(2026, 5, 4)
HOURS = st.decimals(min_value=0, max_value=3000, places=2)


@pytest.mark.parametrize("hours", ["0", "-1", "12.25", "0.1", "NaN", "sNaN", "Infinity", "1E+400", "1E-400"])
def test_a_member_is_told_what_hours_a_note_can_have(hours: str) -> None:
    assert [each.code for each in note_problems(TODAY, Decimal(hours), TODAY)] == [Code.INVALID]


def test_a_note_is_for_days_that_are_near() -> None:
    assert (
        note_problems(TODAY - BACK_MOST, Decimal("0.25"), TODAY)
        == note_problems(TODAY + AHEAD_MOST, Decimal(12), TODAY)
        == []
    )
    day = timedelta(days=1)
    assert note_problems(TODAY - BACK_MOST - day, Decimal(1), TODAY)[0].code is Code.IN_THE_PAST
    assert note_problems(TODAY + AHEAD_MOST + day, Decimal(1), TODAY)[0].code is Code.TOO_FAR_AHEAD
    assert verifiable_until(TODAY) > TODAY + BACK_MOST


def test_nothing_is_said_of_a_body_or_a_side() -> None:
    assert {"union", "staff side", "race"} & set(STATEMENT.lower().split()) == set()


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_each_day_is_in_one_quarter_which_is_counted_after_its_last_note_can_be_asked_for(day: date) -> None:
    quarter = quarter_of(f"{day.year}-Q{(day.month + 2) // 3}")
    assert quarter is not None
    assert quarter.first <= day <= quarter.last
    assert (quarter.first.day, (quarter.last + timedelta(days=1)).day) == (1, 1)
    assert quarter.counted_on > quarter.last + BACK_MOST
    assert COUNTED_AFTER > BACK_MOST


@pytest.mark.parametrize("name", ["2026-Q5", "2026-Q0", "2026", "1999-Q1", "2026-Q1 ", "2026-q1", "\uff12026-Q1", ""])
def test_what_is_no_quarter_is_none(name: str) -> None:
    assert quarter_of(name) is None


@given(st.integers(0, 12), HOURS)
def test_hr_cannot_tell_twelve_from_one_or_from_nobody(people: int, hours: Decimal) -> None:
    assert total_shown(people, hours, TODAY) == Total(None, None)


@given(st.integers(13, 3000), HOURS)
def test_hr_cannot_tell_five_numbers_apart_nor_one_persons_hours(people: int, hours: Decimal) -> None:
    total = total_shown(people, hours, TODAY)
    assert total.people is not None
    assert total.hours is not None
    assert total.people % 5 == 0
    assert abs(total.people - people) <= 2
    assert total.hours % 25 == 0
    assert abs(total.hours - hours) <= Decimal("12.5")
    same = {total_shown(near, hours, TODAY).people for near in range(total.people - 2, total.people + 3)}
    assert same == {total.people}
