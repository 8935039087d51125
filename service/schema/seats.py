"""Seats and the people who hold them, and the acts that grant and end them."""

from datetime import date, datetime

import strawberry

from service.db import directory as db
from service.schema.enums import Office, Side
from service.schema.fields import Node, computed, connection, identity, plain, reference


@strawberry.type(description="A person or a service account. Visible where one of its seats is, and to itself.")
class Person(Node):
    id: strawberry.ID = identity("Person")
    display_name: str = plain("The name that it goes by here.")
    is_service: bool = plain("Whether it is a system and not a human being.")
    seats = connection(db.SEATS_OF_PEOPLE, "Seat", "Its seats that you may see, oldest first.")


@strawberry.type(description="An office held in a body, or in an organisation, for a time. Membership is a seat.")
class Seat(Node):
    id: strawberry.ID = identity("Seat")
    office: Office = plain("The office.")
    side: Side = plain("The side it speaks for.")
    title: str | None = plain("The office's local title.")
    forum = reference("Forum", "forum_id", "The body, where the seat is in one.")
    organisation = reference("Organisation", "organisation_id", "The organisation.")
    person = reference("Person", "person_id", "Who holds it.")
    union = reference("Organisation", "union_id", "The trade union that its holder represents.")
    starts_at: datetime | None = computed(
        lambda rows, info: [_finite(row["starts_at"]) for row in rows],
        datetime | None,
        "From when it is held; null when that is not on record.",
        reads=("starts_at",),
    )
    ends_at: datetime | None = computed(
        lambda rows, info: [_finite(row["ends_at"]) for row in rows],
        datetime | None,
        "Until when it is held; null while no end is set.",
        reads=("ends_at",),
    )


def _finite(moment: datetime) -> datetime | None:
    return moment if datetime.min.year < moment.year < datetime.max.year else None


@strawberry.input(
    description="Grant a seat in one's own body; the HR system also grants employment and management-side seats."
)
class SeatGrantInput:
    person_id: strawberry.ID = strawberry.field(description="Who is to hold it: somebody whom you can see.")
    office: Office = strawberry.field(description="The office.")
    side: Side = strawberry.field(description="The side it speaks for.")
    forum_id: strawberry.ID | None = strawberry.field(
        default=None, description="The body. Either this or organisationId."
    )
    organisation_id: strawberry.ID | None = strawberry.field(default=None, description="The employing organisation.")
    title: str | None = strawberry.field(default=None, description="The office's local title.")
    union_id: strawberry.ID | None = strawberry.field(default=None, description="The union that the holder represents.")
    issuer: str | None = strawberry.field(
        default=None,
        description="The only identity provider through which the seat may be used, such as the union's own.",
    )
    public: bool = strawberry.field(
        default=False, description="Whether a network names this officer in the trust's directory."
    )
    starts_on: date | None = strawberry.field(default=None, description="The first day; at once when left out.")
    ends_on: date | None = strawberry.field(default=None, description="The last day; no end when left out.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="End a seat that one's own body grants.")
class SeatEndInput:
    seat_id: strawberry.ID = strawberry.field(description="The seat.")
    ends_on: date | None = strawberry.field(default=None, description="The last day; at once when left out.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
