"""The viewer, and the seats in which they can act."""

import strawberry

from service.db import issues as issue_db
from service.db import release_notes as note_db
from service.db import webhooks as webhook_db
from service.resolvers.batch import batched
from service.resolvers.forums import audit_of_rooms
from service.resolvers.ids import global_id
from service.resolvers.mail import preferences
from service.schema.enums import ForumKind, Office, RoomPurpose, Side
from service.schema.fields import PAGE_ARGUMENTS, computed, connection, connection_type, lazy, plain, reference
from service.schema.mail import MailPreference


@strawberry.type(
    description="A seat of your own, with what you need to choose between seats, whichever you act in now."
)
class ViewerSeat:
    id: strawberry.ID = computed(
        lambda rows, info: [global_id("Seat", row["id"]) for row in rows],
        strawberry.ID,
        "Send it as the header Acting-As to act in this seat.",
    )
    office: Office = plain("The office.")
    side: Side = plain("The side it speaks for.")
    title: str | None = plain("The office's local title.")
    forum_name: str | None = plain("The body's name; null for a seat in the organisation itself.")
    forum_kind: ForumKind | None = plain("The body's kind.")
    organisation_name: str = plain("The organisation's name.")
    acting: bool = plain("Whether you act in it now.")
    rooms: list[RoomPurpose] = plain("The kinds of room that it opens.")
    forum = reference("Forum", "forum_id", "The body; null while you act in a seat that does not open its entry.")
    organisation = reference("Organisation", "organisation_id", "The organisation.")


@strawberry.type(description="Who asks.")
class Viewer:
    person: lazy("Person") | None = plain("You; null until you are enrolled.")  # type: ignore[valid-type]
    seats: list[ViewerSeat] = plain("The seats that you hold now, by organisation and body.")
    issues = connection(
        issue_db.OWN,
        "Issue",
        "What you raised yourself, oldest first; from another body's seat it is not to be seen.",
    )
    webhook_endpoints = connection(
        webhook_db.OF_ROOMS,
        "WebhookEndpoint",
        "The addresses that the seat you act in has told what changes, oldest first.",
        key="room_id",
    )
    mail_preference = strawberry.field(
        resolver=batched(preferences, returns=MailPreference | None, reads=("id",)),
        description="Whether and where this sign-in of yours is sent mail, whichever seat you act in; null: none.",
    )
    release_notes = connection(
        note_db.OF_ROOMS,
        "ReleaseNote",
        "The notes that the seat you act in has issued, oldest first.",
        key="room_id",
    )
    audit = strawberry.field(
        resolver=batched(audit_of_rooms, returns=connection_type("AuditEntry"), arguments=PAGE_ARGUMENTS),
        description="What only you can see of what you did in the seat you act in: refusals, comments, oldest first.",
    )
