"""No body is given too little time, no option or channel, or papers without their impact assessment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.calendar import working_days_between
from service.rules.consultations import (
    DayUnit,
    Kind,
    MinimumPeriod,
    Option,
    Papers,
    Plan,
    minimum_closing,
    opening_problems,
    plan_problems,
)
from service.rules.problems import Code
from service.rules.redundancy import Facts

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
PAPERS = Papers(latest_version=1, impact_assessed_version=1)
PLAN = Plan(
    kind=Kind.POLICY,
    options=(Option("Adopt the draft", "As circulated."), Option("Keep the present policy", "")),
    channels=("Draft sent to network leads",),
    consultees=3,
    opens_on=TODAY,
    closes_on=date(2026, 9, 29),
    redundancy=None,
)
FACTS = Facts(24, "Pathology laboratory", True, TODAY, TODAY + timedelta(days=60), TODAY)
REDUNDANCY = replace(PLAN, kind=Kind.COLLECTIVE_REDUNDANCY, redundancy=FACTS, closes_on=date(2026, 9, 15))


def codes(plan: Plan, now: datetime = NOW, **terms: object) -> list[tuple[Code, str]]:
    return [(p.code, p.field[0]) for p in plan_problems(plan, now, **terms)]  # type: ignore[arg-type]


def opening_codes(plan: Plan, now: datetime = NOW, papers: Papers = PAPERS) -> list[Code]:
    return [p.code for p in opening_problems(plan, now, papers=papers)]


def test_both_sides_can_put_forward_a_full_plan() -> None:
    assert codes(PLAN) == []
    assert codes(REDUNDANCY) == []
    assert codes(replace(PLAN, options=(Option("A", "b"),) * 20, channels=("x",) * 20)) == []


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (replace(PLAN, options=()), (Code.REQUIRED, "options")),
        (replace(PLAN, options=(Option(" ", ""),)), (Code.REQUIRED, "options")),
        (replace(PLAN, options=(Option("A", "b"),) * 21), (Code.TOO_MANY, "options")),
        (replace(PLAN, options=(Option("A", "b" * 5_001),)), (Code.TOO_LONG, "options")),
        (replace(PLAN, channels=()), (Code.REQUIRED, "channels")),
        (replace(PLAN, channels=("",)), (Code.REQUIRED, "channels")),
        (replace(PLAN, channels=("x",) * 21), (Code.TOO_MANY, "channels")),
        (replace(PLAN, consultees=0), (Code.REQUIRED, "consulteeForumIds")),
        (replace(PLAN, opens_on=date(2026, 8, 31)), (Code.IN_THE_PAST, "opensOn")),
        (replace(PLAN, opens_on=date.min), (Code.IN_THE_PAST, "opensOn")),
        (replace(PLAN, closes_on=TODAY), (Code.DATE_ORDER, "closesOn")),
        (replace(PLAN, closes_on=date.min), (Code.DATE_ORDER, "closesOn")),
        (replace(PLAN, closes_on=date(2026, 9, 28)), (Code.TOO_SHORT_PERIOD, "closesOn")),
        (replace(PLAN, closes_on=date.max), (Code.TOO_FAR_AHEAD, "closesOn")),
        (replace(PLAN, opens_on=date.max, closes_on=date.max), (Code.TOO_FAR_AHEAD, "closesOn")),
        (replace(PLAN, redundancy=FACTS), (Code.INVALID, "redundancy")),
        (replace(REDUNDANCY, redundancy=None), (Code.REQUIRED, "redundancy")),
        (replace(REDUNDANCY, redundancy=replace(FACTS, hr1_submitted_on=None)), (Code.HR1_TOO_LATE, "redundancy")),
    ],
)
def test_body_is_not_consulted_on_a_plan_that_falls_short(plan: Plan, found: tuple[Code, str]) -> None:
    assert codes(plan) == [found]


def test_network_cannot_be_asked_in_the_place_of_union_representatives() -> None:
    facts = replace(FACTS, consultation_with_representatives_began_on=None)
    [problem] = plan_problems(replace(REDUNDANCY, redundancy=facts), NOW)
    assert problem.code == Code.REPRESENTATIVES_NOT_CONSULTED
    assert problem.field == ("redundancy", "consultationWithRepresentativesBeganOn")


def test_network_cannot_be_asked_before_union_representatives() -> None:
    facts = replace(FACTS, consultation_with_representatives_began_on=TODAY + timedelta(days=1))
    assert codes(replace(REDUNDANCY, redundancy=facts)) == []
    assert opening_codes(replace(REDUNDANCY, redundancy=facts)) == [Code.REPRESENTATIVES_NOT_CONSULTED]


def test_body_that_is_refused_a_short_plan_reads_the_earliest_closing_day() -> None:
    [problem] = plan_problems(replace(PLAN, closes_on=date(2026, 9, 2)), NOW)
    assert problem.message == (
        "It must stay open for at least 20 working days: the earliest closing day is 2026-09-29."
    )


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_body_always_has_twenty_working_days_for_a_policy(opens_on: date) -> None:
    closes_on = minimum_closing(Kind.POLICY, opens_on)
    assert working_days_between(opens_on, closes_on) == 20
    assert working_days_between(opens_on, closes_on - timedelta(days=1)) == 19


def test_body_is_given_the_period_of_the_day_on_which_the_consultation_opens() -> None:
    periods = (
        MinimumPeriod(Kind.POLICY, date(2020, 1, 1), date(2026, 8, 31), 10, DayUnit.WORKING, "old agreement"),
        MinimumPeriod(Kind.POLICY, date(2026, 9, 1), None, 42, DayUnit.CALENDAR, "new agreement"),
    )
    assert minimum_closing(Kind.POLICY, date(2026, 8, 28), periods=periods) == date(2026, 9, 14)  # a bank holiday
    assert minimum_closing(Kind.POLICY, date(2026, 8, 31), periods=periods) == date(2026, 9, 14)
    assert minimum_closing(Kind.POLICY, date(2026, 9, 1), periods=periods) == date(2026, 10, 13)
    assert codes(PLAN, periods=periods) == [(Code.TOO_SHORT_PERIOD, "closesOn")]


def test_body_is_given_a_day_more_when_a_day_is_proclaimed() -> None:
    closures = frozenset({date(2026, 9, 15)})
    assert codes(PLAN, closures=closures) == [(Code.TOO_SHORT_PERIOD, "closesOn")]
    assert codes(replace(PLAN, closes_on=date(2026, 9, 30)), closures=closures) == []


def test_planner_in_the_first_hour_of_a_summer_day_plans_for_that_day() -> None:
    half_past_midnight = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
    assert codes(PLAN, half_past_midnight) == []
    assert codes(replace(PLAN, opens_on=date(2026, 8, 31)), half_past_midnight) == [(Code.IN_THE_PAST, "opensOn")]


def test_secretary_can_open_a_planned_consultation_with_its_papers() -> None:
    assert opening_codes(PLAN) == []
    assert opening_codes(REDUNDANCY) == []


def test_secretary_cannot_open_before_the_planned_day() -> None:
    assert opening_codes(PLAN, NOW - timedelta(days=1)) == [Code.DATE_ORDER]


def test_secretary_who_opens_late_cannot_take_the_days_from_the_bodies() -> None:
    assert opening_codes(PLAN, NOW + timedelta(days=1)) == [Code.TOO_SHORT_PERIOD]
    assert opening_codes(replace(PLAN, closes_on=date(2026, 9, 30)), NOW + timedelta(days=1)) == []


@pytest.mark.parametrize("papers", [Papers(None, None), Papers(1, None), Papers(2, 1)])
def test_secretary_cannot_open_without_a_version_and_its_impact_assessment(papers: Papers) -> None:
    assert opening_codes(PLAN, papers=papers) == [Code.REQUIRED]


def test_secretary_cannot_open_with_nobody_to_consult() -> None:
    assert opening_codes(replace(PLAN, consultees=0)) == [Code.REQUIRED]


@given(st.dates(), st.dates(), st.integers(-1, 3), st.sampled_from(Kind), st.none() | st.just(FACTS))
def test_planner_can_send_any_dates_without_a_fault(
    opens_on: date, closes_on: date, consultees: int, kind: Kind, facts: Facts | None
) -> None:
    plan = replace(PLAN, opens_on=opens_on, closes_on=closes_on, consultees=consultees, kind=kind, redundancy=facts)
    problems = plan_problems(plan, NOW)
    assert problems or TODAY <= opens_on < closes_on
    assert all(isinstance(p.code, Code) for p in [*problems, *opening_problems(plan, NOW, papers=PAPERS)])
