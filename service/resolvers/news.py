"""What changes while somebody listens: the change feed as it grows, read again as the viewer each time it does.

Nothing is held while it waits: no connection, no snapshot. An id that is hidden and one of nothing are the same: a
stream that says nothing, until there is something that the viewer may see.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import strawberry

from service.access.statement import Statement
from service.access.viewer import Snapshot, UnknownSeat
from service.db.changes import Change, Position, StalePosition, changes_since
from service.db.concerns import OF_CONSULTATION, OF_FORUM
from service.resolvers.changes import page_of, position_given, stale
from service.resolvers.context import Context, unknown_seat
from service.resolvers.ids import parts
from service.resolvers.paging import MOST

LOOK_SECONDS: Final = 30.0
"""How long at most until a door that opens or closes by its date alone is noticed."""
Since = Annotated[
    str | None,
    strawberry.argument(description="Go on from this cursor of `changes` or of a stream; without it, from now."),
]
Concerns = Callable[[Snapshot, Sequence[Change]], Awaitable[list[Change]]]


async def inbox(root: Any, info: strawberry.Info, since: Since = None) -> AsyncIterator[dict[str, Any]]:
    """Everything that the viewer may see."""
    async for news in _news(info.context, since, _everything):
        yield news


async def consultation_changed(
    root: Any,
    info: strawberry.Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The consultation's global id.")],
    since: Since = None,
) -> AsyncIterator[dict[str, Any]]:
    """One consultation, and what belongs to it."""
    async for news in _news(info.context, since, _of(OF_CONSULTATION, id)):
        yield news


async def forum_changed(
    root: Any,
    info: strawberry.Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The body's global id.")],
    since: Since = None,
) -> AsyncIterator[dict[str, Any]]:
    """One body, and what is its own."""
    async for news in _news(info.context, since, _of(OF_FORUM, id)):
        yield news


async def _everything(snapshot: Snapshot, changes: Sequence[Change]) -> list[Change]:
    return list(changes)


def _of(statement: Statement, given: str) -> Concerns:
    """The changes of a thing itself and of those that belong to it."""
    found = parts(given)
    of = UUID(int=0) if found is None else found[1]

    async def concerns(snapshot: Snapshot, changes: Sequence[Change]) -> list[Change]:
        ids = [change.id for change in changes]
        rows = await snapshot.fetch(statement, ids=ids, of=of) if ids else []
        near = {row["id"] for row in rows} | {of}
        return [change for change in changes if change.id in near]

    return concerns


async def _news(context: Context, since: str | None, concerns: Concerns) -> AsyncIterator[dict[str, Any]]:
    """Pages of the feed with what concerns the listener, for as long as they may listen."""
    assert context.hub is not None
    viewer, doorway = context.viewer, context.doorway
    position = None if since is None else position_given(context, since)
    try:
        if position is None:
            async with doorway.reading(viewer) as snapshot:
                position = await Position.now(snapshot)
    except UnknownSeat:
        raise unknown_seat() from None
    async with context.hub.watch(position.rooms, viewer) as bell:
        while not bell.over.is_set():
            try:
                async with doorway.reading(viewer) as snapshot:
                    page = await changes_since(snapshot, doorway, position, MOST)
                    kept = await concerns(snapshot, page.changes)
            except UnknownSeat:  # it ended: whoever holds the connection is told so in their turn
                return
            except StalePosition:
                raise stale() from None
            position = page.position
            if kept:
                yield page_of(context, kept, page)
            if not page.more:
                bell.rooms = position.rooms
                await bell.rung(LOOK_SECONDS)
