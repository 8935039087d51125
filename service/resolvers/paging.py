"""Connections: `first` or `last` from 1 to 100, and cursors that are signed and bound to who asked and what for.

A cursor holds the ordering values of a row that its holder has seen, and nothing else. One that was made for another
viewer, another capacity, another field or another filter is refused like one that was never made (THREATS A7).
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
import strawberry

from service.access.viewer import Row
from service.db.pages import Page, Pages, Slice
from service.execution.errors import BadRequest
from service.forums import BODIES
from service.resolvers.context import Context

MOST: Final = 100
SIGNATURE: Final = 16
FORUM_TYPES: Final = frozenset(body.type_name for body in BODIES)


def field_of(info: strawberry.Info) -> str:
    """The field that a cursor is bound to. Bodies of every kind share theirs: one batch may hold several kinds."""
    parent = info.path.typename
    return f"{'Forum' if parent in FORUM_TYPES else parent}.{info.field_name}"


def _binding(context: Context, field: str, filters: dict[str, Any]) -> str:
    viewer = context.viewer
    return f"{viewer.account}|{viewer.seat}|{viewer.merge}|{field}|{sorted(filters.items())!r}"


def cursor(context: Context, field: str, filters: dict[str, Any], place: Sequence[Any]) -> str:
    """The opaque cursor of a place."""
    said = orjson.dumps(list(place))
    seal = context.mark(context.keys.cursors, _binding(context, field, filters), said.hex())[:SIGNATURE]
    return urlsafe_b64encode(seal + said).rstrip(b"=").decode()


def _place(
    context: Context, field: str, filters: dict[str, Any], pages: Pages, given: str, name: str
) -> tuple[Any, ...]:
    refused = BadRequest(
        "This cursor is not one of this list for you.", field=(name,), rule="a cursor from the same list"
    )
    try:
        raw = urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except ValueError:
        raise refused from None
    seal, said = raw[:SIGNATURE], raw[SIGNATURE:]
    expected = context.mark(context.keys.cursors, _binding(context, field, filters), said.hex())[:SIGNATURE]
    if not hmac.compare_digest(seal, expected) or cursor(context, field, filters, orjson.loads(said)) != given:
        raise refused
    return tuple(_typed(kind, value) for kind, value in zip(pages.types, orjson.loads(said), strict=True))


def _typed(kind: type, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    return UUID(value) if kind is UUID else value


def page_asked(
    context: Context,
    field: str,
    filters: dict[str, Any],
    pages: Pages,
    *,
    first: int | None,
    last: int | None,
    after: str | None,
    before: str | None,
) -> Page:
    """The page that the arguments ask for. Raises BadRequest, which names the argument and the rule."""
    rule = f"first or last, from 1 to {MOST}"
    if (first is None) == (last is None):
        raise BadRequest("Say how many: either first or last.", field=("first",), rule=rule)
    name, size = ("first", first) if first is not None else ("last", last)
    assert size is not None
    if not 1 <= size <= MOST:
        raise BadRequest(f"{name} must be from 1 to {MOST}.", field=(name,), rule=rule)
    backwards = last is not None
    if (after is not None and backwards) or (before is not None and not backwards):
        stray = "after" if backwards else "before"
        raise BadRequest(
            "Use first with after, last with before.", field=(stray,), rule="first with after, last with before"
        )
    given, place_name = (before, "before") if backwards else (after, "after")
    place = None if given is None else _place(context, field, filters, pages, given, place_name)
    return Page(size, place, backwards)


def connection(context: Context, field: str, filters: dict[str, Any], pages: Pages, found: Slice) -> dict[str, Any]:
    """The Relay connection of a slice."""
    edges = [{"node": row, "cursor": cursor(context, field, filters, _plain(pages.place(row)))} for row in found.rows]
    return {
        "edges": edges,
        "page_info": {
            "has_next_page": found.has_next,
            "has_previous_page": found.has_previous,
            "start_cursor": edges[0]["cursor"] if edges else None,
            "end_cursor": edges[-1]["cursor"] if edges else None,
        },
    }


def _plain(place: Sequence[Any]) -> list[Any]:
    return [
        value if isinstance(value, int | str) else value.isoformat() if isinstance(value, date) else str(value)
        for value in place
    ]


async def pages_of(
    context: Context,
    field: str,
    pages: Pages,
    parents: Sequence[Row | None],
    arguments: dict[str, Any],
    filters: dict[str, Any] | None = None,
    *,
    key: str = "id",
    more: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """One connection for each parent, in one statement. `filters` bind the cursor; `more` are further parameters."""
    chosen = filters or {}
    page = page_asked(context, field, chosen, pages, **arguments)
    snapshot = await context.reading()
    ids = [parent[key] for parent in parents if parent is not None]
    slices = await pages.fetch(snapshot, page, ids, **chosen, **(more or {}))
    return [connection(context, field, chosen, pages, each) for each in slices]
