"""By when a step is acknowledged and answered, and from when on it is late.

Working days in England, counted from the day on which it was sent, as the route says. A clock that ends on a day is
late from the end of that day by England's calendar, and stops when what it waits for has happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.rules.calendar import NO_CLOSURES, add_working_days, end_of_day
from service.rules.escalations.states import UNDER_WAY, StepState


class Clock(StrEnum):
    """What a step's receiver is late with."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    ANSWER = "ANSWER"


CLOCK_DESCRIPTIONS: Final = MappingProxyType(
    {
        Clock.ACKNOWLEDGE: "It is not acknowledged in time.",
        Clock.ANSWER: "It is not answered in time.",
    }
)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The last days on which a step is acknowledged and answered in time."""

    acknowledge_by: date
    answer_by: date


def deadlines(
    sent_on: date, acknowledge_days: int, answer_days: int, closures: frozenset[date] = NO_CLOSURES
) -> Deadlines:
    """The last days in time for a step sent on that day, by its route's working days."""
    return Deadlines(
        add_working_days(sent_on, acknowledge_days, closures), add_working_days(sent_on, answer_days, closures)
    )


def late_clock(state: StepState, acknowledge_by: date | None, answer_by: date | None, now: datetime) -> Clock | None:
    """With what a step is late at that moment; the answer weighs more. None: with nothing, or it is over."""
    if state not in UNDER_WAY:
        return None
    if _over(answer_by, now):
        return Clock.ANSWER
    if state == StepState.SENT and _over(acknowledge_by, now):
        return Clock.ACKNOWLEDGE
    return None


def _over(last: date | None, now: datetime) -> bool:
    return last is not None and last < date.max and now >= end_of_day(last)
