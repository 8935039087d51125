"""Recusal."""

import strawberry


@strawberry.input(description="Declare an interest, and close a consultation to oneself whatever seats one holds.")
class RecusalDeclareInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    reason: str = strawberry.field(description="Why, in a few words; who remains in the room can read it.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
