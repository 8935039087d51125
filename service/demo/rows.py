"""What a demo row is on its way to the database, and the rooms and doors that every body has from the start."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from service.demo.shapes import demo_id
from service.rules.bodies import Purpose


class Row(NamedTuple):
    """One row to insert: its table, with the schema, and its values by column; the rest is the table's default."""

    table: str
    values: dict[str, Any]


def room_id(owner: str, purpose: Purpose) -> UUID:
    """The id of the room that a forum, an organisation or a seat keeps for a purpose."""
    return demo_id("room", f"{owner}/{purpose}")


def room(id: UUID, purpose: Purpose, **more: Any) -> Iterator[Row]:
    """A room, and the door that every room has into itself."""
    yield Row("graph.room", {"id": id, "purpose": purpose, **more})
    yield door(id, id, may_write=True)


def door(from_room: UUID, into_room: UUID, *, may_write: bool) -> Row:
    """A door that stands open for good."""
    return Row("graph.door", {"from_room": from_room, "into_room": into_room, "may_write": may_write})
