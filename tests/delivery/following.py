"""A client that keeps a copy by the feed alone, and what it should hold."""

from dataclasses import dataclass, field
from uuid import UUID

from service.access.viewer import Doorway, Snapshot, Viewer
from service.db.changes import _TYPES, Change, ChangeKind, Position, changes_since
from service.db.nodes import by_ids


async def visible(snapshot: Snapshot) -> set[UUID]:
    """Every thing that the entered viewer may read by its id, of the tables that the feed follows."""
    seen: set[UUID] = set()
    for table, name in _TYPES.items():
        ids = [row["id"] for row in await snapshot.connection.fetch(f"select id from graph.{table}")]
        seen |= {row["id"] for row in await by_ids(snapshot, name, ids) if row is not None}
    return seen


@dataclass
class Follower:
    """One viewer's copy, and what was told of since `told` was cleared."""

    doorway: Doorway
    viewer: Viewer
    position: Position | None = None
    things: set[UUID] = field(default_factory=set)
    told: set[UUID] = field(default_factory=set)
    could_see: set[UUID] = field(default_factory=set)

    async def read(self, first: int) -> bool:
        """One page; whether there is more. The position is packed and unpacked, as between two requests."""
        async with self.doorway.reading(self.viewer) as snapshot:
            page = await changes_since(snapshot, self.doorway, self.position, first)
            self.could_see |= await visible(snapshot)
        assert len(page.changes) <= first
        self.position = Position.unpacked(page.position.packed())
        assert self.position == page.position
        for change in page.changes:
            self.take(change)
        return page.more

    def take(self, change: Change) -> None:
        """What the documentation asks of a client."""
        match change.kind:
            case ChangeKind.GONE:
                assert change.id in self.could_see, "nobody is told to forget what they never could see"
                self.things.discard(change.id)
            case ChangeKind.CHANGED:
                self.things.add(change.id)
                self.told.add(change.id)

    async def catch_up(self, first: int = 100) -> None:
        """All that there is to read now: the end of the pass under way, and what was committed while it was read."""
        for _ in range(2):
            while await self.read(first):
                pass
