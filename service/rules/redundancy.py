"""Collective redundancy: consult the representatives first, and long enough.

An employer proposing to dismiss 20 or more employees at one establishment within 90 days must consult
the appropriate representatives, and tell the Secretary of State on form HR1, at least 30 days before the
first dismissal takes effect, at least 45 days when it is 100 or more. Sources: Trade Union and Labour
Relations (Consolidation) Act 1992, s. 188(1), (1A) and s. 193(1), (2), as amended by SI 2013/763 for
proposals from 6 April 2013; DOMAIN 3.2. The days are calendar days, the people are *employees*.

Appropriate representatives are those of the recognised union, else elected ones (s. 188(1B)). A staff
network is neither, so that its response, however full, never starts or satisfies this clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from service.rules.problems import Code, Problem
from service.rules.text import line_problems

ESTABLISHMENT_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class StatutoryMinimum:
    """From `from_date`, for at least `employees`, so many calendar days before the first dismissal."""

    from_date: date
    employees: int
    days: int
    source: str


# Newest first, and within one date the largest number first: the first row that fits is the law.
STATUTORY_MINIMUMS: Final[tuple[StatutoryMinimum, ...]] = (
    StatutoryMinimum(date(2013, 4, 6), 100, 45, "TULRCA 1992 s. 188(1A)(a), as amended by SI 2013/763 art. 3(2)"),
    StatutoryMinimum(date(2013, 4, 6), 20, 30, "TULRCA 1992 s. 188(1A)(b)"),
    StatutoryMinimum(date(1995, 10, 26), 100, 90, "TULRCA 1992 s. 188(1A)(a), as inserted by SI 1995/2587"),
    StatutoryMinimum(date(1995, 10, 26), 20, 30, "TULRCA 1992 s. 188(1A)(b), as inserted by SI 1995/2587"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the statute asks about, kept apart from the consultation of networks."""

    employees: int
    establishment: str
    within_90_days: bool
    consultation_with_representatives_began_on: date | None
    first_dismissal_on: date
    hr1_submitted_on: date | None


def minimum_days(employees: int, on: date) -> int | None:
    """Calendar days before the first dismissal for a proposal of that day; None: no statutory minimum."""
    return next(
        (row.days for row in STATUTORY_MINIMUMS if row.from_date <= on and row.employees <= employees),
        None,
    )


def redundancy_problems(facts: Facts) -> list[Problem]:
    """Why the statutory clock is not kept; empty if it is, or if the statute sets none."""
    problems = line_problems(facts.establishment, field=("establishment",), most=ESTABLISHMENT_MOST)
    if facts.employees < 1:
        problems.append(Problem(Code.INVALID, "At least one employee must be concerned.", ("employees",)))
    began = facts.consultation_with_representatives_began_on
    days = minimum_days(facts.employees, began or facts.first_dismissal_on)
    if days is None or not facts.within_90_days:
        return problems
    return [
        *problems,
        *_consultation_problems(began, facts.first_dismissal_on, days),
        *_notification_problems(facts.hr1_submitted_on, facts.first_dismissal_on, days),
    ]


def _consultation_problems(began: date | None, first_dismissal: date, days: int) -> list[Problem]:
    if began is None:
        return [
            Problem(
                Code.REPRESENTATIVES_NOT_CONSULTED,
                "Give the day on which consultation with appropriate representatives began.",
                ("consultationWithRepresentativesBeganOn",),
            )
        ]
    if (first_dismissal - began).days < days:
        return [
            Problem(
                Code.STATUTORY_PERIOD,
                f"The first dismissal must come at least {days} days after consultation with representatives began.",
                ("firstDismissalOn",),
            )
        ]
    return []


def _notification_problems(submitted: date | None, first_dismissal: date, days: int) -> list[Problem]:
    if submitted is not None and (first_dismissal - submitted).days >= days:
        return []
    return [
        Problem(
            Code.HR1_TOO_LATE,
            f"Form HR1 must be submitted at least {days} days before the first dismissal.",
            ("hr1SubmittedOn",),
        )
    ]
