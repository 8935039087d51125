"""A seat's calendar: the address under which a calendar program reads its consultations' dates."""

import strawberry


@strawberry.input(description="Have an address for the acting seat's calendar; the one before it opens nothing then.")
class CalendarAddressCreateInput:
    idempotency_key: str | None = strawberry.field(
        default=None, description="Same key, same outcome, but the address is told only once."
    )


@strawberry.input(description="Let the address of the acting seat's calendar open nothing any more.")
class CalendarAddressRevokeInput:
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
