"""When a delivery that failed is tried again: ever later, spread by chance, for three days; then it is dead."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

FIRST_WAIT: Final = timedelta(seconds=10)
FACTOR: Final = 3
LONGEST_WAIT: Final = timedelta(hours=6)
SPREAD: Final = 0.25
GIVEN_UP_AFTER: Final = timedelta(days=3)
GONE: Final = 410
LONGEST_ASKED_WAIT: Final = timedelta(hours=12)


class Fate(Enum):
    """What becomes of a delivery after an attempt; ENDED ends its endpoint too."""

    DELIVERED = "DELIVERED"
    AGAIN = "AGAIN"
    DEAD = "DEAD"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fate, and for AGAIN how long until the next attempt."""

    fate: Fate
    wait: timedelta = timedelta()


def fate_of(
    status: int | None, attempts: int, trying_for: timedelta, chance: float, asked_wait: timedelta | None = None
) -> Verdict:
    """The verdict on an attempt.

    `status`: the answer's, None where there was no answer. `attempts`: how many were made, this one included.
    `trying_for`: how long since the first. `chance`: from 0 to 1. `asked_wait`: the answer's Retry-After.
    """
    if status is not None and 200 <= status < 300:
        return Verdict(Fate.DELIVERED)
    if status == GONE:
        return Verdict(Fate.ENDED)
    if trying_for >= GIVEN_UP_AFTER:
        return Verdict(Fate.DEAD)
    steps = min(attempts - 1, 20)  # more would only make a number that is cut off below
    usual = min(FIRST_WAIT * FACTOR**steps, LONGEST_WAIT) * (1 - SPREAD + 2 * SPREAD * chance)
    asked = min(max(asked_wait or timedelta(), timedelta()), LONGEST_ASKED_WAIT)
    # the last attempt is made when the three days are over, and not before
    return Verdict(Fate.AGAIN, min(max(usual, asked), GIVEN_UP_AFTER - trying_for))
