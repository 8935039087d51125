"""What changed since a position, for who asks."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from service.db.changes import Change, Page, Position, StalePosition, changes_since
from service.execution.errors import BadRequest
from service.resolvers.context import Context
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
    position = None if since is None else position_given(context, since)
    try:
        page = await changes_since(await context.reading(), context.doorway, position, first)
    except StalePosition:
        raise stale() from None
    told = page_of(context, page.changes, page)
    return [told for _ in roots]


def position_given(context: Context, since: str) -> Position:
    """The position that a cursor stands for. Raises BadRequest."""
    position = unsealed(context.keys.feed, context.viewer, since)
    if position is None:
        raise _refused("This cursor is not one of yours in this capacity.")
    return position


def page_of(context: Context, changes: Sequence[Change], page: Page) -> dict[str, Any]:
    """A page as the graph reads it, with these of its changes."""
    return {
        "changes": [row_of(change) for change in changes],
        "cursor": sealed(context.keys.feed, context.viewer, page.position),
        "more": page.more,
    }


def stale() -> BadRequest:
    """The answer to a cursor of another database."""
    return _refused("This cursor is from before the database was restored: begin again without one.")


def _refused(message: str) -> BadRequest:
    return BadRequest(message, field=("since",), rule="a cursor from changes, in the same capacity")


def row_of(change: Change) -> dict[str, Any]:
    """A change as the graph reads it."""
    return {"kind": change.kind.value, "node_id": global_id(change.type_name, change.id)}


async def nodes_of_changes(rows: Sequence[Any], info: strawberry.Info) -> list[Any]:
    """The things, as they stand now."""
    return await named(info, [row["node_id"] for row in rows])
