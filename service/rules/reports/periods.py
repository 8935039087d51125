"""The time that a report is about: from a day to a day, as its definition cuts years and quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, assert_never

from service.rules.problems import Code, Problem
from service.rules.reports.definitions import Definition, Frequency

_MONTHS: Final = {Frequency.YEARLY: 12, Frequency.QUARTERLY: 3}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `starts_on` to `ends_on`, both within it."""

    starts_on: date
    ends_on: date

    @property
    def label(self) -> str:
        """`2024` for a calendar year, `2024-25` for a financial one, else both days."""
        if self == Period(date(self.starts_on.year, 1, 1), date(self.starts_on.year, 12, 31)):
            return str(self.starts_on.year)
        if self == months_from(self.starts_on, 12):
            return f"{self.starts_on.year}-{self.ends_on.year % 100:02d}"
        return f"{self.starts_on.isoformat()} to {self.ends_on.isoformat()}"


def months_from(starts_on: date, months: int) -> Period:
    """The period of so many whole months that begins on that first day of a month."""
    year, month = divmod(starts_on.month - 1 + months, 12)
    return Period(starts_on, date(starts_on.year + year, month + 1, 1) - timedelta(days=1))


def year_of(year: int) -> Period:
    """The calendar year, in which a staff survey is taken."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def definition_for(definitions: Sequence[Definition], code: str, period: Period) -> Definition | None:
    """The version of the definition that governs a period by the day it begins; None: there is none."""
    governing = [
        definition
        for definition in definitions
        if definition.code == code
        and definition.starts_on <= period.starts_on
        and (definition.ends_on is None or period.starts_on < definition.ends_on)
    ]
    return max(governing, key=lambda definition: definition.version, default=None)


def period_problems(definition: Definition, period: Period, today: date) -> list[Problem]:
    """Why a report under the definition cannot be about that period; empty if it can."""
    if period.ends_on < period.starts_on:
        return [Problem(Code.DATE_ORDER, "A period ends on or after the day it begins.", ("period", "endsOn"))]
    if period.starts_on > today:
        return [Problem(Code.IN_THE_FUTURE, "A report is about a time that has begun.", ("period", "startsOn"))]
    governed = definition.starts_on <= period.starts_on and (
        definition.ends_on is None or period.starts_on < definition.ends_on
    )
    if not governed:
        return [Problem(Code.INVALID, "This version of the definition governs other years.", ("period", "startsOn"))]
    return _shape_problems(definition, period)


def _shape_problems(definition: Definition, period: Period) -> list[Problem]:
    field = ("period",)
    match definition.frequency:
        case Frequency.AS_NEEDED:
            return []
        case Frequency.YEARLY | Frequency.QUARTERLY:
            months = _MONTHS[definition.frequency]
        case _:
            assert_never(definition.frequency)
    month, day = definition.period_begins or (period.starts_on.month, 1)
    begins = period.starts_on.day == day and (period.starts_on.month - month) % months == 0
    if begins and period == months_from(period.starts_on, months):
        return []
    return [
        Problem(Code.INVALID, f"The period is not one of the definition's: {months} months from its first day.", field)
    ]
