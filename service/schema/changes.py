"""The change feed: what a client that keeps a copy has to read again, and what it has to forget."""

import strawberry

from service.resolvers.batch import batched
from service.resolvers.changes import nodes_of_changes
from service.schema.enums import ChangeKind
from service.schema.fields import Node, computed, plain


@strawberry.type(description="One thing that changed in a room, or a room that closed to you.")
class Change:
    kind: ChangeKind = plain("What to do with your copy.")
    room: str = plain(
        "An opaque name of the room it was told of in, the same in every page: keep it with your copy of the thing."
    )
    id: strawberry.ID | None = computed(
        lambda rows, info: [row["global_id"] for row in rows],
        strawberry.ID | None,
        "The thing's global id; null where a room closed.",
    )
    node = strawberry.field(
        resolver=batched(nodes_of_changes, returns=Node | None),
        description="The thing as it stands now; null where it is gone or a room closed.",
    )


@strawberry.type(description="A page of the change feed.")
class ChangePage:
    changes: list[Change] = plain(
        "What changed, each thing at least once, in order within a room. A room that opened to you is told of whole."
    )
    cursor: str = plain("Give it as `since` to go on from here: now if there is more, later if there is not.")
    more: bool = plain("Whether there is more to read now.")
