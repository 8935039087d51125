"""Release from work for partnership and network duties: a note for a line manager, and a total for the trust.

A member of a network may not be known to be one, so a note says that its holder is released for a recognised duty, when
and for how long, and neither for which body nor of which side or kind (DESIGN section 7, Network). Whoever plans a
trust's time off reads how many people and hours a quarter took in the whole trust: nothing where fewer than the
threshold for networks, so that nought looks as a few do; hours only beside a number, each person's up to a most, in
coarse steps, so that nobody's own can be worked out of them. A quarter is counted as it stood on one fixed day. The
most, the step and the days are ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from service.rules.calendar import start_of_day
from service.rules.problems import Code, Problem
from service.rules.reports.disclosure import rule_on, shown

STATEMENT: Final = "Released for a recognised partnership or network duty"
HOURS_MOST: Final = Decimal(12)
HOURS_STEP: Final = Decimal("0.25")
BACK_MOST: Final = timedelta(days=31)
"""How long after the day a note can still be asked for; a quarter is counted only after that."""
AHEAD_MOST: Final = timedelta(days=92)
VERIFIABLE: Final = timedelta(days=92)
"""How long after the day its code still shows a note."""
COUNTED_AFTER: Final = timedelta(days=42)
COUNTED_MOST: Final = Decimal(75)
"""Hours of one person in a quarter that a total counts: ten days of 7.5."""
TOTAL_STEP: Final = Decimal(25)
_QUARTER: Final = re.compile(r"(20[0-9]{2})-Q([1-4])")


def note_problems(on: date, hours: Decimal, today: date) -> list[Problem]:
    """Why no note can be had for that day and so many hours."""
    problems = []
    if on < today - BACK_MOST:
        problems.append(Problem(Code.IN_THE_PAST, f"A note is asked for within {BACK_MOST.days} days.", ("on",)))
    if on > today + AHEAD_MOST:
        problems.append(Problem(Code.TOO_FAR_AHEAD, f"A note is for at most {AHEAD_MOST.days} days ahead.", ("on",)))
    if not hours.is_finite() or not 0 < hours <= HOURS_MOST or hours % HOURS_STEP:
        problems.append(Problem(Code.INVALID, f"Hours are quarters of an hour, up to {HOURS_MOST} a day.", ("hours",)))
    return problems


def verifiable_until(on: date) -> date:
    """The last day on which a note's code shows it."""
    return on + VERIFIABLE


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year, with its first and last day, and the day from whose beginning on its total stands."""

    name: str
    first: date
    last: date

    @property
    def counted_on(self) -> date:
        """The fixed day."""
        return self.last + COUNTED_AFTER

    @property
    def as_of(self) -> datetime:
        """The moment as of which it is counted."""
        return start_of_day(self.counted_on)


def quarter_of(name: str) -> Quarter | None:
    """The quarter written such as "2026-Q4"; None for anything else."""
    found = _QUARTER.fullmatch(name)
    if found is None:
        return None
    year, number = int(found[1]), int(found[2])
    following = date(year + number // 4, number % 4 * 3 + 1, 1)
    return Quarter(name, date(year, number * 3 - 2, 1), following - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Total:
    """People and hours as they are shown; both None where there were too few, or nobody."""

    people: int | None
    hours: int | None


def total_shown(people: int, hours: Decimal, on: date) -> Total:
    """The exact figures as they are shown under the rule of that day."""
    seen = shown(people, rule_on(on), network=True).value
    if not seen:
        return Total(None, None)
    return Total(seen, int((hours / TOTAL_STEP).quantize(Decimal(1), ROUND_HALF_UP) * TOTAL_STEP))
