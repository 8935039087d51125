"""Opening a room for one matter, and letting a body's rooms into it."""

from typing import Final
from uuid import UUID

from service.access.viewer import Snapshot
from service.rules.bodies import Purpose

_OPEN_CASE: Final = "select access.open_case($1, $2, $3)"
_ADMIT: Final = "select access.admit($1, $2, $3, $4)"


async def open_case(snapshot: Snapshot, room: UUID, opener: UUID, beside: UUID | None = None) -> None:
    """A new room for one matter, which the holders of `opener` open: but nobody who is barred from `beside`."""
    await snapshot.call(_OPEN_CASE, room, opener, beside)


async def admit(snapshot: Snapshot, room: UUID, forum: UUID, purpose: Purpose, *, may_write: bool) -> None:
    """Let the holders of a body's room of this purpose into a room for one matter."""
    await snapshot.call(_ADMIT, room, forum, purpose, may_write)
