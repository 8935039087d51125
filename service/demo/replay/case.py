"""A demo consultation on its way into the database: what stands so far, and the rows and traces that its acts leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from service.demo.cases import Consultation, Did
from service.demo.directory_rows import entry_room
from service.demo.rows import Row, door, room, room_id
from service.demo.shapes import Forum, Region, Seat, demo_id
from service.rules.acts import Act
from service.rules.bodies import Purpose, Side


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did and where it is recorded; a room of None is the acting seat's own."""

    target: UUID
    event: str
    audit_room: UUID | None
    revision: int | None = None
    event_room: UUID | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One act's audit entry and event, before they are chained. `key` names the act for ever.

    `own`: the room of whoever raised an issue, whose act it is; then it is by no body, and on a day.
    """

    key: str
    act: Act
    seat: Seat
    at: datetime
    done: Done
    own: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The demo's seats, forums and names, by key."""

    seats: Mapping[str, Seat]
    forums: Mapping[str, Forum]
    names: Mapping[str, str]


@dataclass(slots=True)
class Case:
    """A consultation part of the way through its acts. `row` is its own row, which later acts change."""

    given: Consultation
    place: Place
    row: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    final_version: UUID | None = None
    plan_hash: str = ""
    latest_hash: str = ""
    signatures: set[Side] = field(default_factory=set)
    consultees: dict[str, dict[str, Any]] = field(default_factory=dict)

    def id(self, kind: str, key: object = "") -> UUID:
        """The id of one of this consultation's rows."""
        return demo_id(kind, f"{self.given.key}/{key}")

    def seat(self, did: Did) -> Seat:
        """Who did it."""
        return self.place.seats[did.seat]

    @property
    def papers(self) -> UUID:
        """The room of the papers."""
        return self.id("room", "papers")

    @property
    def deliberation(self) -> UUID:
        """The room of plan and statements, the owners' own."""
        return self.id("room", "deliberation")

    def owners_room(self, purpose: Purpose) -> UUID:
        """A room of the forum that owns the consultation."""
        return room_id(self.given.forum, purpose)

    def add(self, table: str, **values: Any) -> dict[str, Any]:
        """One more row of the graph; the values are given back, and may still change."""
        self.rows.append(Row(f"graph.{table}", values))
        return values

    def open_case(self, new: UUID, from_room: UUID, at: datetime) -> None:
        """As `access.open_case`: a room for one matter, opened from a room."""
        self.rows += [*room(new, Purpose.CASE, created_at=at), door(from_room, new, may_write=True)]

    def admit(self, into: UUID, from_room: UUID, *, may_write: bool) -> None:
        """As `access.admit`: let the holders of a room in."""
        self.rows.append(door(from_room, into, may_write=may_write))

    def sign(self, did: Did, room: UUID, content_hash: str, **over: UUID) -> None:
        """A side's signature over a hash, in the room of what is signed."""
        seat = self.seat(did)
        self.signatures.add(seat.side)
        self.add(
            "signature",
            id=self.id("signature", f"{content_hash}/{seat.side}"),
            room_id=room,
            forum_id=demo_id("forum", self.given.forum),
            side=seat.side,
            office=seat.office,
            content_hash=content_hash,
            signed_at=did.at,
            **over,
        )

    def bump(self) -> int:
        """The consultation changed: its next revision."""
        self.row["revision"] += 1
        return int(self.row["revision"])


def place_of(region: Region) -> Place:
    """The region's seats, forums and names, by key."""
    return Place(
        {seat.key: seat for seat in region.seats},
        {forum.key: forum for forum in region.forums},
        {person.subject: person.name for person in region.people},
    )


def entry(case: Case, forum: str) -> UUID:
    """The room of a forum's entry."""
    return entry_room(case.place.forums[forum])
