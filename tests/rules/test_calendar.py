"""A body is given the days it was promised, by England's calendar and clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.calendar import (
    add_working_days,
    end_of_day,
    england_day,
    is_working_day,
    working_days_between,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CLOSURES = st.frozensets(DAYS, max_size=5)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 20), True),  # Friday
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 22), False),  # Sunday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday: England, not Scotland
        (date(2026, 12, 28), False),  # Boxing Day's substitute
        (date(2026, 1, 2), True),  # a holiday in Scotland only
        (date(2026, 8, 3), True),  # a holiday in Scotland only
        (date(2022, 9, 19), False),  # the State Funeral, by proclamation
        (date(2020, 5, 4), True),  # May Day was moved ...
        (date(2020, 5, 8), False),  # ... to VE Day
    ],
)
def test_consultee_is_not_charged_a_day_on_which_england_rests(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_consultee_is_not_charged_a_newly_proclaimed_day() -> None:
    friday = date(2027, 6, 4)
    assert is_working_day(friday)
    assert not is_working_day(friday, frozenset({friday}))
    assert add_working_days(date(2027, 6, 3), 1, frozenset({friday})) == date(2027, 6, 7)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 4, 1), 20, date(2026, 5, 1)),  # across Easter: four weeks and two days
        (date(2026, 4, 1), 0, date(2026, 4, 1)),
        (date(2026, 4, 1), -3, date(2026, 4, 1)),
        (date.max, 5, date.max),
    ],
)
def test_consultee_gets_every_working_day(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count) == end


@given(DAYS, st.integers(1, 40), CLOSURES)
def test_consultee_who_counts_the_days_finds_as_many(start: date, count: int, closures: frozenset[date]) -> None:
    end = add_working_days(start, count, closures)
    assert is_working_day(end, closures)
    assert working_days_between(start, end, closures) == count
    assert working_days_between(start, end - timedelta(days=1), closures) == count - 1


@given(DAYS, DAYS, DAYS, CLOSURES)
def test_consultee_who_counts_in_two_parts_finds_as_many(a: date, b: date, c: date, closures: frozenset[date]) -> None:
    first, middle, last = sorted((a, b, c))
    middle = min(middle, first + timedelta(days=400))
    last = min(last, middle + timedelta(days=400))
    parts = working_days_between(first, middle, closures) + working_days_between(middle, last, closures)
    assert working_days_between(first, last, closures) == parts


def test_consultee_finds_no_days_between_a_day_and_one_before() -> None:
    assert working_days_between(date(2026, 5, 8), date(2026, 5, 1)) == 0


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 16, 0, 0, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 15, 23, 0, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 29, 0, 0, tzinfo=UTC)),  # before the clocks go forward
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, 0, tzinfo=UTC)),  # a day of 23 hours
        (date(2026, 10, 24), datetime(2026, 10, 24, 23, 0, tzinfo=UTC)),  # before they go back
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),  # a day of 25 hours
    ],
)
def test_consultee_may_respond_until_midnight_in_england(day: date, ends: datetime) -> None:
    assert end_of_day(day) == ends
    assert england_day(ends - timedelta(microseconds=1)) == day
    assert england_day(ends) == day + timedelta(days=1)


@given(DAYS)
def test_consultee_loses_no_moment_between_two_days(day: date) -> None:
    hours = (end_of_day(day) - end_of_day(day - timedelta(days=1))) / timedelta(hours=1)
    assert hours in {23, 24, 25}
    assert england_day(end_of_day(day)) == day + timedelta(days=1)


def test_operator_cannot_pass_a_moment_without_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        england_day(datetime(2026, 1, 1))
