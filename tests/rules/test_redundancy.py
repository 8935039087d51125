"""Nobody is dismissed sooner than the statute allows, and no network's answer stands in for the union's."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.problems import Code
from service.rules.redundancy import Facts, minimum_days, redundancy_problems

BEGAN = date(2026, 9, 1)
LAWFUL = Facts(
    employees=24,
    establishment="Pathology laboratory",
    within_90_days=True,
    consultation_with_representatives_began_on=BEGAN,
    first_dismissal_on=BEGAN + timedelta(days=30),
    hr1_submitted_on=BEGAN,
)


def codes(facts: Facts) -> list[Code]:
    return [p.code for p in redundancy_problems(facts)]


@pytest.mark.parametrize(
    ("employees", "on", "days"),
    [
        (0, BEGAN, None),
        (19, BEGAN, None),
        (20, BEGAN, 30),
        (99, BEGAN, 30),
        (100, BEGAN, 45),
        (5_000, BEGAN, 45),
        (100, date(2013, 4, 6), 45),
        (100, date(2013, 4, 5), 90),
        (20, date(2013, 4, 5), 30),
        (100, date(1990, 1, 1), None),
    ],
)
def test_employee_is_given_the_statutory_days(employees: int, on: date, days: int | None) -> None:
    assert minimum_days(employees, on) == days


def test_employee_cannot_be_dismissed_when_only_networks_were_consulted() -> None:
    facts = replace(LAWFUL, consultation_with_representatives_began_on=None)
    assert codes(facts) == [Code.REPRESENTATIVES_NOT_CONSULTED]


@pytest.mark.parametrize(("employees", "days"), [(20, 30), (99, 30), (100, 45)])
def test_employee_cannot_be_dismissed_a_day_too_soon(employees: int, days: int) -> None:
    in_time = replace(LAWFUL, employees=employees, first_dismissal_on=BEGAN + timedelta(days=days))
    too_soon = replace(in_time, first_dismissal_on=BEGAN + timedelta(days=days - 1), hr1_submitted_on=date(2026, 1, 1))
    assert codes(in_time) == []
    assert codes(too_soon) == [Code.STATUTORY_PERIOD]


@pytest.mark.parametrize("submitted", [None, BEGAN + timedelta(days=1)])
def test_employer_cannot_go_on_without_form_hr1_in_time(submitted: date | None) -> None:
    assert codes(replace(LAWFUL, hr1_submitted_on=submitted)) == [Code.HR1_TOO_LATE]


@pytest.mark.parametrize("facts", [replace(LAWFUL, employees=19), replace(LAWFUL, within_90_days=False)])
def test_employer_below_the_threshold_is_held_to_no_statutory_clock(facts: Facts) -> None:
    assert codes(replace(facts, consultation_with_representatives_began_on=None, hr1_submitted_on=None)) == []


def test_employer_cannot_name_no_establishment_or_no_employees() -> None:
    assert codes(replace(LAWFUL, establishment=" ")) == [Code.REQUIRED]
    assert codes(replace(LAWFUL, employees=0)) == [Code.INVALID]
    assert codes(replace(LAWFUL, employees=1)) == []


@given(st.integers(20, 3_000), st.dates(date(2013, 4, 6)), st.dates(), st.dates())
def test_employee_is_protected_whatever_the_dates(employees: int, began: date, dismissal: date, hr1: date) -> None:
    facts = Facts(employees, "Ward 3", True, began, dismissal, hr1)
    lawful = min(dismissal - began, dismissal - hr1) >= timedelta(days=45 if employees >= 100 else 30)
    assert (codes(facts) == []) is lawful
