"""Signposts: whom an organisation's people can turn to."""

import strawberry

from service.schema.enums import SignpostPurposeKind
from service.schema.fields import Node, identity, plain


@strawberry.type(description="Whom to turn to with what an act was refused for.")
class Help:
    purpose: SignpostPurposeKind = plain("For what.")
    words: str = plain("What to know first.")
    how_to_reach: str = plain("How to reach them.")


@strawberry.type(description="Whom an organisation's people can turn to, by office, in its own words.")
class Signpost(Node):
    id: strawberry.ID = identity("Signpost")
    purpose: SignpostPurposeKind = plain("For what.")
    words: str = plain("What to know first.")
    how_to_reach: str = plain("How to reach them.")
    revision: int = plain("How often it was set.")


@strawberry.input(description="Say how one office of one's organisation can be reached.")
class SignpostSetInput:
    organisation_id: strawberry.ID = strawberry.field(description="One's organisation.")
    purpose: SignpostPurposeKind = strawberry.field(description="For what.")
    words: str = strawberry.field(description="What to know first.")
    how_to_reach: str = strawberry.field(description="How to reach them.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
