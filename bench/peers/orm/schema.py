"""The types: the same fields under the same names as the service's own."""

from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import func, select
from strawberry.extensions import ParserCache, ValidationCache

from bench.peers.orm import models
from bench.peers.orm.reading import Reading

T = TypeVar("T")


@strawberry.type
class Edge(Generic[T]):
    """One place in a page."""

    node: T


@strawberry.type
class Page(Generic[T]):
    """A page."""

    edges: list[Edge[T]]


def _page(rows: list[Any]) -> Any:
    return Page(edges=[Edge(node=row) for row in rows])


def _reading(info: strawberry.Info) -> Reading:
    reading: Reading = info.context["reading"]
    return reading


@strawberry.type
class Person:
    """A person."""

    display_name: str


@strawberry.type
class Seat:
    """An office held."""

    id: strawberry.ID
    office: str
    side: str
    title: str | None
    person_id: strawberry.Private[UUID]

    @strawberry.field
    async def person(self, info: strawberry.Info) -> Person:
        """Who holds it."""
        return await _reading(info).people.load(self.person_id)


@strawberry.type
class ResponsePoint:
    """A point."""

    position: int
    body: str


@strawberry.type
class Response:
    """A response."""

    id: strawberry.ID
    stance: str
    summary: str
    side: str
    office: str
    forum_id: strawberry.Private[UUID]

    @strawberry.field
    async def forum(self, info: strawberry.Info) -> "Forum | None":
        """The body."""
        return await _reading(info).forums.load(self.forum_id)

    @strawberry.field
    async def points(self, info: strawberry.Info) -> list[ResponsePoint]:
        """Its points."""
        return await _reading(info).points.load(self.id)


@strawberry.type
class Consultation:
    """A consultation."""

    id: strawberry.ID
    title: str
    summary: str
    kind: str
    drafted_by_side: str
    drafted_by_office: str
    created_at: datetime
    opened_at: datetime | None
    closes_at: datetime | None
    conclusion: str | None

    @strawberry.field
    async def responses(self, info: strawberry.Info, first: int) -> Page[Response]:
        """Its responses."""
        return _page(await _reading(info).page("responses", first).load(self.id))


@strawberry.type
class Forum:
    """A body."""

    id: strawberry.ID
    kind: str
    local_name: str

    @strawberry.field
    async def rooms(self, info: strawberry.Info) -> list[str]:
        """Its rooms that are open."""
        return [room.purpose for room in await _reading(info).rooms.load(self.id)]

    @strawberry.field
    async def seats(self, info: strawberry.Info, first: int) -> Page[Seat]:
        """Its seats."""
        return _page(await _reading(info).page("seats", first).load(self.id))

    @strawberry.field
    async def consultations(self, info: strawberry.Info, first: int) -> Page[Consultation]:
        """Its consultations."""
        return _page(await _reading(info).page("consultations", first).load(self.id))


@strawberry.type
class Organisation:
    """A trust."""

    id: strawberry.ID
    name: str

    @strawberry.field
    async def forums(self, info: strawberry.Info, first: int) -> Page[Forum]:
        """Its bodies."""
        return _page(await _reading(info).page("forums", first).load(self.id))


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def node(self, info: strawberry.Info, id: strawberry.ID) -> Consultation | None:
        """A consultation."""
        return await _reading(info).one(select(models.Consultation).where(models.Consultation.id == UUID(id)))

    @strawberry.field
    async def forum(self, info: strawberry.Info, id: strawberry.ID) -> Forum | None:
        """A body."""
        return await _reading(info).one(select(models.Forum).where(models.Forum.id == UUID(id)))

    @strawberry.field
    async def organisation(self, info: strawberry.Info, ods_code: str) -> Organisation | None:
        """A trust."""
        return await _reading(info).one(select(models.Organisation).where(models.Organisation.ods_code == ods_code))


@strawberry.type
class Comment:
    """A comment."""

    id: strawberry.ID
    body: str
    side: str


@strawberry.input
class CommentAddInput:
    """What is said, on what."""

    consultation_id: strawberry.ID
    body: str


@strawberry.type
class CommentAddPayload:
    """What came of it."""

    comment: Comment | None


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    async def comment_add(self, info: strawberry.Info, input: CommentAddInput) -> CommentAddPayload:
        """A comment and whose it is: no powers, no state, no key, no audit, no event."""
        reading = _reading(info)
        seat = await reading.one(select(models.Seat).where(models.Seat.id == func.access.seat()))
        on = await reading.one(select(models.Consultation).where(models.Consultation.id == UUID(input.consultation_id)))
        purpose = f"{seat.side}_SIDE"
        room = await reading.one(
            select(models.Room).where(models.Room.forum_id == seat.forum_id, models.Room.purpose == purpose)
        )
        comment = models.Comment(
            id=uuid4(),
            room_id=room.id,
            consultation_id=on.id,
            consultation_room=on.room_id,
            forum_id=seat.forum_id,
            side=seat.side,
            body=input.body,
        )
        reading.session.add(comment)
        await reading.session.flush()
        author = models.CommentAuthor(comment_id=comment.id, comment_room=room.id, room_id=seat.personal_room)
        reading.session.add(author)
        await reading.session.commit()
        return CommentAddPayload(comment=comment)  # type: ignore[arg-type]


schema = strawberry.Schema(Query, Mutation, extensions=[ParserCache, ValidationCache])
