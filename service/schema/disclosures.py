"""Disclosing who raised a confidential issue, to one seat and on a listed ground."""

from datetime import date

import strawberry

from service.schema.enums import DisclosureGroundKind
from service.schema.fields import Node, identity, plain, reference


@strawberry.type(
    description="A disclosure of who raised a confidential issue: for the recipient, for the raiser where it is safe, "
    "and once it was made the one seat that it was made to."
)
class IdentityDisclosure(Node):
    id: strawberry.ID = identity("IdentityDisclosure")
    issue = reference("Issue", "issue_id", "The issue; null for the seat that it was disclosed to.")
    to_seat = reference("Seat", "to_seat", "The seat that is to know; null where it is not open to you.")
    to_words: str = plain("The office and side of that seat.")
    ground: DisclosureGroundKind = plain("On which ground.")
    reason: str = plain("Why it is to be disclosed.")
    safe_to_tell: bool = plain("Whether it was safe to tell the raiser first.")
    why_not_told: str = plain("Why they were not told first.")
    notified_on: date | None = plain("The day the raiser was told.")
    consented_on: date | None = plain("The day the raiser agreed.")
    disclosed_on: date | None = plain("The day it was made.")
    display_name: str | None = plain("Who raised the issue; null until it was made.")
    revision: int = plain("How often it changed.")


@strawberry.input(
    description="Put on record to whom an identity is to be disclosed, and tell the raiser where that is safe."
)
class DisclosureNotifyInput:
    issue_id: strawberry.ID = strawberry.field(description="The issue.")
    to_seat_id: strawberry.ID = strawberry.field(description="The one seat that is to know.")
    ground: DisclosureGroundKind = strawberry.field(description="On which ground.")
    reason: str = strawberry.field(description="Why it is to be disclosed.")
    safe_to_tell: bool = strawberry.field(description="Whether it is safe to tell the raiser first.")
    why_not_told: str = strawberry.field(default="", description="Where it is not: why.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Agree that a seat may know that you raised the issue.")
class IdentityConsentInput:
    disclosure_id: strawberry.ID = strawberry.field(description="The disclosure.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Let the one seat know who raised the issue.")
class IdentityDiscloseInput:
    disclosure_id: strawberry.ID = strawberry.field(description="The disclosure.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
