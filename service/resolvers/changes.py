"""What changed since a position, for who asks."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from service.db.changes import Change, StalePosition, changes_since
from service.execution.errors import BadRequest
from service.resolvers.ids import global_id
from service.resolvers.paging import MOST
from service.resolvers.positions import sealed, unsealed
from service.resolvers.viewer import named


async def changes(
    roots: Sequence[Any],
    info: strawberry.Info,
    first: Annotated[int, strawberry.argument(description=f"How many at most, from 1 to {MOST}.")],
    since: Annotated[
        str | None,
        strawberry.argument(description="The cursor of the page before; leave it out to be told all that is there."),
    ] = None,
) -> list[dict[str, Any]]:
    """One page of the feed."""
    if not 1 <= first <= MOST:
        raise BadRequest(f"first must be from 1 to {MOST}.", field=("first",), rule=f"first, from 1 to {MOST}")
    context = info.context
    position = None
    if since is not None:
        position = unsealed(context.keys.feed, context.viewer, since)
        if position is None:
            raise _refused("This cursor is not one of yours in this capacity.")
    try:
        page = await changes_since(await context.reading(), context.doorway, position, first)
    except StalePosition:
        raise _refused("This cursor is from before the database was restored: begin again without one.") from None
    told = {
        "changes": [row_of(change) for change in page.changes],
        "cursor": sealed(context.keys.feed, context.viewer, page.position),
        "more": page.more,
    }
    return [told for _ in roots]


def _refused(message: str) -> BadRequest:
    return BadRequest(message, field=("since",), rule="a cursor from changes, in the same capacity")


def row_of(change: Change) -> dict[str, Any]:
    """A change as the graph reads it."""
    return {"kind": change.kind.value, "node_id": global_id(change.type_name, change.id)}


async def nodes_of_changes(rows: Sequence[Any], info: strawberry.Info) -> list[Any]:
    """The things, as they stand now."""
    return await named(info, [row["node_id"] for row in rows])
