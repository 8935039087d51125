"""The days on which a region's pictures are frozen: set beforehand, so that nobody picks them by the figures."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from service.rules.problems import Code, Problem

FARTHEST: Final = timedelta(days=400)


class ScheduleState(StrEnum):
    """What became of a day that was set."""

    PLANNED = "PLANNED"
    FROZEN = "FROZEN"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"
    WITHDRAWN = "WITHDRAWN"


STATE_DESCRIPTIONS: Final = {
    ScheduleState.PLANNED: "On its day the picture is frozen.",
    ScheduleState.FROZEN: "The picture was frozen.",
    ScheduleState.REFUSED: "Nothing could be frozen: no trust of the region had published such a report.",
    ScheduleState.LAPSED: "The day went by: the seat that set it had ended.",
    ScheduleState.WITHDRAWN: "It was taken back.",
}


def state_on(stored: ScheduleState, freeze_on: date, today: date) -> ScheduleState:
    """The state on a day: what is planned for a day that has gone by was never carried out."""
    return ScheduleState.LAPSED if stored is ScheduleState.PLANNED and freeze_on < today else stored


def schedule_problems(freeze_on: date, today: date) -> list[Problem]:
    """Why a day cannot be set: it is ahead, and not too far."""
    if freeze_on <= today:
        return [Problem(Code.IN_THE_PAST, "A picture is frozen on a day ahead; now, by releaseFreeze.", ("freezeOn",))]
    if freeze_on > today + FARTHEST:
        message = f"A picture is frozen within {FARTHEST.days} days."
        return [Problem(Code.TOO_FAR_AHEAD, message, ("freezeOn",))]
    return []
