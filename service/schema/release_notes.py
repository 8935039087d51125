"""Release notes, and a trust's time off in figures."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from service.schema.fields import Node, computed, identity, plain


@strawberry.type(
    description="That the holder of the seat it lies with is released for a day: no body, side or kind stands in it."
)
class ReleaseNote(Node):
    id: strawberry.ID = identity("ReleaseNote")
    on: date = computed(lambda rows, info: [row["on_day"] for row in rows], date, "The day.", reads=("on_day",))
    hours: Decimal = plain("The hours.")
    verifiable_until: date = plain("The last day on which its code shows it.")
    created_at: datetime = plain("When it was issued.")
    revoked_at: datetime | None = plain("When it was revoked.")
    revision: int = plain("How often it was changed.")


@strawberry.type(description="What partnership and network duties took of a whole trust's time in one quarter.")
class TimeOffTotals:
    quarter: str = plain("The quarter.")
    counted_on: date = plain("The day as of whose beginning it was counted; it never changes after.")
    people: int | None = plain("How many people were released, to the nearest 5; null where few or none were.")
    hours: int | None = plain(
        "For how many hours, to the nearest 25, at most 75 of each person; null where the number of people is."
    )


@strawberry.input(description="Have a note that the acting seat's holder is released for a day, to show to anybody.")
class ReleaseNoteIssueInput:
    on: date = strawberry.field(description="The day: at most 31 days ago, at most 92 ahead.")
    hours: Decimal = strawberry.field(description="How many hours, in quarters of an hour, at most 12.")
    idempotency_key: str = strawberry.field(description="Same key, same outcome, but the code is told only once.")


@strawberry.input(description="Let a release note's code show nothing any more.")
class ReleaseNoteRevokeInput:
    note_id: strawberry.ID = strawberry.field(description="The note.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that one has read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
