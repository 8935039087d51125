"""Recusal."""

from datetime import datetime

import strawberry

from service.schema.fields import plain, reference


@strawberry.type(description="Somebody has no part in a consultation, whatever seats they hold.")
class Recusal:
    person = reference("Person", "person_id", "Who; null where you cannot see any seat of theirs.")
    reason: str = plain("Why, in their words.")
    created_at: datetime = plain("Since when.")


@strawberry.input(description="Declare an interest, and close a consultation to oneself whatever seats one holds.")
class RecusalDeclareInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    reason: str = strawberry.field(description="Why, in a few words; of an owner's seat, both its sides can read it.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
