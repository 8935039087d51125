"""A step is answered in the days that its route gives, by England's calendar and clock, and late from a known moment on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.forums.routes import ROUTES
from service.rules.calendar import england_day, is_working_day, working_days_between
from service.rules.escalations import CLOCK_DESCRIPTIONS, UNDER_WAY, Clock, Deadlines, StepState, deadlines, late_clock

SENT = StepState.SENT
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("sent_on", "days", "last"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a Friday: the weekend does not count
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # a Saturday: as good as Friday
        (date(2026, 12, 23), 2, date(2026, 12, 29)),  # Christmas, and Boxing Day's substitute on Monday 28
        (date(2026, 12, 24), 5, date(2027, 1, 5)),  # and New Year's Day
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday and Easter Monday
        (date(2026, 5, 1), 1, date(2026, 5, 5)),  # early May
        (date(2026, 8, 28), 1, date(2026, 9, 1)),  # England's late-August holiday, not Scotland's early one
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # the leap day is a working day
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
        (date(2027, 2, 26), 1, date(2027, 3, 1)),  # and there is none that year
        (date(2026, 3, 27), 1, date(2026, 3, 30)),  # across the night of the clocks going forward
        (date(2026, 10, 23), 1, date(2026, 10, 26)),  # and back
    ],
)
def test_a_receiver_is_not_charged_a_day_on_which_england_rests(sent_on: date, days: int, last: date) -> None:
    assert deadlines(sent_on, days, days) == Deadlines(last, last)


def test_a_receiver_is_not_charged_a_day_on_which_the_trust_is_closed() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert deadlines(friday, 1, 2, frozenset({monday})) == Deadlines(date(2026, 12, 1), date(2026, 12, 2))


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(ROUTES))
def test_a_receiver_who_counts_the_days_of_any_route_finds_as_many(sent_on: date, route: object) -> None:
    acknowledge, answer = route.acknowledge_days, route.answer_days  # type: ignore[attr-defined]
    last = deadlines(sent_on, acknowledge, answer)
    assert working_days_between(sent_on, last.acknowledge_by) == acknowledge
    assert working_days_between(sent_on, last.answer_by) == answer
    assert is_working_day(last.acknowledge_by) and is_working_day(last.answer_by)
    assert sent_on < last.acknowledge_by <= last.answer_by


@pytest.mark.parametrize(
    ("last", "ends"),
    [
        (date(2026, 11, 30), datetime(2026, 12, 1, 0, tzinfo=UTC)),  # winter: England's midnight is UTC's
        (date(2026, 6, 30), datetime(2026, 6, 30, 23, tzinfo=UTC)),  # summer: an hour earlier
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),  # a day of 23 hours
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, tzinfo=UTC)),  # a day of 25 hours
        (date(2028, 2, 29), datetime(2028, 3, 1, 0, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2027, 1, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_receiver_has_the_whole_last_day_by_englands_clock(last: date, ends: datetime) -> None:
    assert late_clock(SENT, last, date(2030, 1, 1), ends - INSTANT) is None
    assert late_clock(SENT, last, date(2030, 1, 1), ends) is Clock.ACKNOWLEDGE
    assert late_clock(StepState.ACCEPTED, date(2020, 1, 1), last, ends - INSTANT) is None
    assert late_clock(StepState.ACCEPTED, date(2020, 1, 1), last, ends) is Clock.ANSWER


@given(
    st.sampled_from(sorted(UNDER_WAY)),
    st.dates(date(2024, 1, 1), date(2032, 1, 1)),
    st.integers(0, 60),
    st.datetimes(datetime(2024, 1, 1), datetime(2033, 1, 1), timezones=st.just(UTC)),
)
def test_a_step_is_late_on_the_days_after_its_last_and_on_no_other(
    state: StepState, acknowledge_by: date, more: int, now: datetime
) -> None:
    """The same that the database counts by: `answer_by` before England's day."""
    answer_by = acknowledge_by + timedelta(days=more)
    today = england_day(now)
    expected = (
        Clock.ANSWER if answer_by < today else Clock.ACKNOWLEDGE if state is SENT and acknowledge_by < today else None
    )
    assert late_clock(state, acknowledge_by, answer_by, now) is expected


def test_a_step_that_was_acknowledged_is_no_longer_late_with_it() -> None:
    now, past, future = datetime(2026, 11, 27, 12, tzinfo=UTC), date(2026, 11, 1), date(2026, 12, 31)
    assert late_clock(SENT, past, future, now) is Clock.ACKNOWLEDGE
    assert late_clock(StepState.ACKNOWLEDGED, past, future, now) is None


@pytest.mark.parametrize("state", [state for state in StepState if state not in UNDER_WAY])
def test_a_step_that_was_not_sent_or_is_over_is_never_late(state: StepState) -> None:
    assert late_clock(state, date(2020, 1, 1), date(2020, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_a_step_without_days_is_never_late() -> None:
    assert late_clock(SENT, None, None, datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert late_clock(SENT, date.max, date.max, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_a_client_finds_every_clock_described() -> None:
    assert set(CLOCK_DESCRIPTIONS) == set(Clock)
