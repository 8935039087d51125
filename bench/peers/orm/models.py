"""The mapped classes: only what is asked for, as mapped columns; relations are the loaders' work."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All of them are in the schema `graph`."""

    __table_args__ = {"schema": "graph"}
    type_annotation_map = {datetime: DateTime(timezone=True)}


class Organisation(Base):
    """A trust."""

    __tablename__ = "organisation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    ods_code: Mapped[str | None]
    name: Mapped[str]


class Forum(Base):
    """A body."""

    __tablename__ = "forum"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    kind: Mapped[str]
    local_name: Mapped[str]


class Room(Base):
    """A room."""

    __tablename__ = "room"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    forum_id: Mapped[UUID | None]
    purpose: Mapped[str]


class Person(Base):
    """A person."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str]


class Seat(Base):
    """An office held."""

    __tablename__ = "seat"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    forum_id: Mapped[UUID | None]
    person_id: Mapped[UUID]
    personal_room: Mapped[UUID]
    office: Mapped[str]
    side: Mapped[str]
    title: Mapped[str | None]
    created_at: Mapped[datetime]


class Consultation(Base):
    """A consultation."""

    __tablename__ = "consultation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID]
    forum_id: Mapped[UUID]
    title: Mapped[str]
    summary: Mapped[str]
    kind: Mapped[str]
    drafted_by_side: Mapped[str]
    drafted_by_office: Mapped[str]
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    conclusion: Mapped[str | None]


class Response(Base):
    """A body's response."""

    __tablename__ = "response"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    consultation_id: Mapped[UUID]
    forum_id: Mapped[UUID]
    stance: Mapped[str]
    summary: Mapped[str]
    side: Mapped[str]
    office: Mapped[str]
    created_at: Mapped[datetime]


class ResponsePoint(Base):
    """A point of a response."""

    __tablename__ = "response_point"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID]
    position: Mapped[int]
    body: Mapped[str]


class Comment(Base):
    """A comment."""

    __tablename__ = "comment"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID]
    consultation_id: Mapped[UUID]
    consultation_room: Mapped[UUID]
    forum_id: Mapped[UUID]
    side: Mapped[str]
    body: Mapped[str]


class CommentAuthor(Base):
    """Whose comment it is, in the author's own room."""

    __tablename__ = "comment_author"
    comment_id: Mapped[UUID] = mapped_column(primary_key=True)
    comment_room: Mapped[UUID]
    room_id: Mapped[UUID]
