"""Asking to join a network, being accepted, leaving."""

from datetime import date, datetime

import strawberry

from service.schema.enums import RequestState
from service.schema.fields import Node, identity, plain, reference


@strawberry.type(description="Somebody asked to join a network. Only its officers see it, and whoever asked.")
class MembershipRequest(Node):
    id: strawberry.ID = identity("MembershipRequest")
    state: RequestState = plain("Where it stands.")
    forum = reference("Forum", "forum_id", "The network.")
    person = reference("Person", "person_id", "Who asked; null until they hold a seat that you can see.")
    created_at: datetime = plain("When they asked.")
    decided_at: datetime | None = plain("When it was answered.")


@strawberry.input(description="Ask to join a network. Nothing has to be declared.")
class MembershipJoinInput:
    forum_id: strawberry.ID = strawberry.field(description="The network.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Give up one's own seat in a body, at once.")
class MembershipLeaveInput:
    forum_id: strawberry.ID = strawberry.field(description="The body.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Accept somebody who asked to join.")
class MembershipAcceptInput:
    request_id: strawberry.ID = strawberry.field(description="The request.")
    ends_on: date | None = strawberry.field(
        default=None, description="The last day of the membership; memberships are renewed."
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Decline somebody who asked to join.")
class MembershipDeclineInput:
    request_id: strawberry.ID = strawberry.field(description="The request.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
