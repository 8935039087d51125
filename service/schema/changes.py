"""The change feed: what a client that keeps a copy has to read again, and what it has to forget."""

import strawberry

from service.resolvers.batch import batched
from service.resolvers.changes import nodes_of_changes
from service.schema.enums import ChangeKind
from service.schema.fields import Node, plain


@strawberry.type(description="One thing that changed, or that you may no longer see.")
class Change:
    kind: ChangeKind = plain("What to do with your copy.")
    node_id: strawberry.ID = plain("The thing's global id.")
    node = strawberry.field(
        resolver=batched(nodes_of_changes, returns=Node | None),
        description="The thing as it stands now; null where it is gone.",
    )


@strawberry.type(description="A page of the change feed.")
class ChangePage:
    changes: list[Change] = plain(
        "What changed, each thing at least once. What opens to you is told of whole, what closes as gone or changed."
    )
    cursor: str = plain("Give it as `since` to go on from here: now if there is more, later if there is not.")
    more: bool = plain("Whether there is more to read now.")
