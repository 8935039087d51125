"""Moments that come by themselves, and that they were told of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from service.access.viewer import Doorway

_DUE: Final = "select kind, id, moment from access.moments_due($1, $2, $3, $4, $5)"
_PASSED: Final = "select access.moment_passed($1, $2, $3, $4, $5, $6)"
_PRUNED: Final = "select access.kept_pruned($1, $2)"


@dataclass(frozen=True, slots=True)
class Moment:
    """What came when: a consultation closed, an extension or a seat ended or began, a clock ran out."""

    kind: str
    id: UUID
    moment: datetime


async def due(doorway: Doorway, lease: UUID, seconds: float, most: int) -> list[Moment]:
    """The next moments that nobody was told of, in hand for so many seconds; none where another has them in hand."""
    async with doorway.pool.acquire() as connection:
        rows = await connection.fetch(_DUE, lease, seconds, most, *doorway.deadline_proof(connection))
    return [Moment(*row) for row in rows]


async def freed(doorway: Doorway, lease: UUID) -> None:
    """Give the moments out of hand."""
    await due(doorway, lease, 0, 0)


async def passed(doorway: Doorway, moment: Moment) -> bool:
    """Tell of a moment; whether that was for the first time, and it still holds."""
    async with doorway.pool.acquire() as connection:
        made = doorway.deadline_proof(connection)
        told: bool = await connection.fetchval(_PASSED, moment.kind, moment.id, moment.moment, uuid4(), *made)
        return told


async def pruned(doorway: Doorway) -> None:
    """Let go of outcomes that were kept under keys for a week."""
    async with doorway.pool.acquire() as connection:
        await connection.execute(_PRUNED, *doorway.deadline_proof(connection))
