"""Enrolment by invitation, for people without an HR record."""

from datetime import date, datetime

import strawberry

from service.schema.enums import Office, Side
from service.schema.fields import Node, identity, plain, reference


@strawberry.type(description="An invitation to an office of a body. Its code is shown once, to whoever issued it.")
class Invitation(Node):
    id: strawberry.ID = identity("Invitation")
    office: Office = plain("The office.")
    side: Side = plain("The side it speaks for.")
    forum = reference("Forum", "forum_id", "The body.")
    expires_at: datetime = plain("Until when it can be accepted.")
    accepted_at: datetime | None = plain("When it was accepted; null while it was not.")
    created_at: datetime = plain("When it was issued.")


@strawberry.input(description="Invite one person to an office of one's own body.")
class InvitationIssueInput:
    forum_id: strawberry.ID = strawberry.field(description="The body.")
    office: Office = strawberry.field(description="The office.")
    side: Side = strawberry.field(description="The side it speaks for.")
    expires_on: date = strawberry.field(description="The last day on which it can be accepted, within 90 days.")
    issuer: str | None = strawberry.field(
        default=None, description="The only identity provider through which it may be accepted, and the seat used."
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer, same code.")


@strawberry.input(description="Accept an invitation, as whom one signed in.")
class InvitationAcceptInput:
    code: str = strawberry.field(description="The code.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
