"""Connections: `first` or `last` from 1 to 100, and cursors that are signed and bound to who asked and what for.

A cursor holds the ordering values of a row that its holder has seen, and nothing else. One that was made for another
viewer, another capacity, another field or another filter is refused like one that was never made (THREATS A7).
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
import strawberry

from service.access.statement import Columns
from service.access.viewer import Row
from service.db.pages import Page, Pages, Slice
from service.execution.errors import BadRequest
from service.forums import FORUM_TYPES
from service.resolvers.context import Context

MOST: Final = 100
SIGNATURE: Final = 16


def field_of(info: strawberry.Info) -> str:
    """The field that a cursor is bound to. Bodies of every kind share theirs: one batch may hold several kinds."""
    parent = info.path.typename
    return f"{'Forum' if parent in FORUM_TYPES else parent}.{info.field_name}"


class Cursors:
    """The cursors of one field for one viewer and filter. One object serves all the connections of a call."""

    __slots__ = ("_bound", "_key", "_pages")

    def __init__(self, context: Context, field: str, filters: dict[str, Any], pages: Pages) -> None:
        viewer = context.viewer
        bound = f"{viewer.account}|{viewer.seat}|{viewer.merge}|{field}|{sorted(filters.items())!r}\x1f"
        self._key, self._bound, self._pages = context.keys.cursors, bound.encode(), pages

    def of(self, row: Row) -> str:
        """The opaque cursor of a row's place."""
        return self.at(_plain(self._pages.place(row)))

    def at(self, place: Sequence[Any]) -> str:
        """The opaque cursor of a place."""
        said = orjson.dumps(list(place))
        return urlsafe_b64encode(self.seal(said) + said).rstrip(b"=").decode()

    def seal(self, said: bytes) -> bytes:
        """What only this service can say of it: 128 bits over the place and all that it is bound to."""
        return hmac.digest(self._key, self._bound + said.hex().encode(), "sha256")[:SIGNATURE]


def _place(cursors: Cursors, pages: Pages, given: str, name: str) -> tuple[Any, ...]:
    refused = BadRequest(
        "This cursor is not one of this list for you.", field=(name,), rule="a cursor from the same list"
    )
    try:
        raw = urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except ValueError:
        raise refused from None
    seal, said = raw[:SIGNATURE], raw[SIGNATURE:]
    if not hmac.compare_digest(seal, cursors.seal(said)) or cursors.at(orjson.loads(said)) != given:
        raise refused
    return tuple(_typed(kind, value) for kind, value in zip(pages.types, orjson.loads(said), strict=True))


def _typed(kind: type, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    return UUID(value) if kind is UUID else value


def page_asked(
    cursors: Cursors,
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
    place = None if given is None else _place(cursors, pages, given, place_name)
    return Page(size, place, backwards)


def connection(cursors: Cursors, found: Slice) -> dict[str, Any]:
    """The Relay connection of a slice. A cursor is worked out where it is asked for: `cursors_of`, `ends_of`."""
    rows = found.rows
    return {
        "edges": [{"node": row, "cursors": cursors} for row in rows],
        "page_info": {
            "has_next_page": found.has_next,
            "has_previous_page": found.has_previous,
            "cursors": cursors,
            "start": rows[0] if rows else None,
            "end": rows[-1] if rows else None,
        },
    }


def cursors_of(edges: Sequence[dict[str, Any]], info: strawberry.Info) -> list[str]:
    """The cursor of each edge."""
    return [edge["cursors"].of(edge["node"]) for edge in edges]


def ends_of(end: str) -> Callable[[Sequence[dict[str, Any]], strawberry.Info], list[str | None]]:
    """The cursor of the `start` or the `end` of each page; null of an empty one."""

    def cursors(pages: Sequence[dict[str, Any]], info: strawberry.Info) -> list[str | None]:
        return [None if page[end] is None else page["cursors"].of(page[end]) for page in pages]

    return cursors


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
    columns: Columns = None,
) -> list[dict[str, Any]]:
    """One connection for each parent, in one statement. `filters` bind the cursor."""
    chosen = filters or {}
    cursors = Cursors(context, field, chosen, pages)
    page = page_asked(cursors, pages, **arguments)
    snapshot = await context.reading()
    ids = [parent[key] for parent in parents if parent is not None]
    slices = await pages.fetch(snapshot, page, ids, columns, **chosen)
    return [connection(cursors, each) for each in slices]
