"""What is true of every body of one kind, as data: its offices, and the rooms that each office opens.

An office row says, for one side: which rooms it opens, in which room its seats are recorded (so who can see that
somebody holds it), and whose rooms grant it. The database keeps the same rows in `access.office`, and `access.enter`
reads them there; Python only prints and narrows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.rules.bodies import ForumKind, Office, Purpose, Side


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office on one side of one kind of body."""

    side: Side
    office: Office
    opens: tuple[Purpose, ...]
    home: Purpose
    granted_by: tuple[Purpose, ...]
    may_be_public: bool = False
    opens_by_terms: tuple[Purpose, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """One kind of body.

    `comments` is where a seat of each side writes its comments on a draft policy; `informed` are the rooms that get
    a door into the papers when the body is consulted; `answers` is the room where its formal response is drafted.
    """

    kind: ForumKind
    type_name: str
    rooms: tuple[Purpose, ...]
    offices: tuple[OfficeRow, ...]
    comments: Mapping[Side, Purpose] = field(default_factory=dict)
    informed: tuple[Purpose, ...] = ()
    answers: Purpose | None = None
    two_sided: bool = False
    joinable: bool = False

    def comments_alone(self, side: Side) -> bool:
        """Whether only this side comments in its room. Where several do, a comment's side would name its one author."""
        return list(self.comments.values()).count(self.comments[side]) == 1


def rows(
    side: Side,
    offices: tuple[Office, ...],
    *,
    opens: tuple[Purpose, ...],
    home: Purpose,
    granted_by: tuple[Purpose, ...],
    may_be_public: bool = False,
    opens_by_terms: tuple[Purpose, ...] = (),
) -> tuple[OfficeRow, ...]:
    """The same row for several offices of one side."""
    return tuple(OfficeRow(side, office, opens, home, granted_by, may_be_public, opens_by_terms) for office in offices)
