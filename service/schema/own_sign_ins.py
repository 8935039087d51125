"""A sign-in of one's own, by which whoever leaves the trust keeps sight of what they raised."""

import strawberry


@strawberry.input(description="Ask for a code with which a sign-in of one's own keeps sight of what one raised.")
class OwnSignInInviteInput:
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Keep sight of what one raised from the sign-in that this request is made with.")
class OwnSignInAcceptInput:
    code: str = strawberry.field(description="The code.")
    idempotency_key: str | None = strawberry.field(default=None, description="The code works once, whatever the key.")
