"""Themes: what a region hears from its trusts, without any record."""

from datetime import date, datetime

import strawberry

from service.db import themes as db
from service.schema.enums import IssueCategory, Office, Side, ThemeStateKind
from service.schema.fields import Node, child, children, identity, lazy, plain, reference


@strawberry.type(description="One side's signature that the region may name the trust.")
class ThemeSignature:
    side: Side = plain("The side.")
    office: Office = plain("The office that signed.")
    signed_on: date = plain("The day it was signed.")


@strawberry.type(description="What a region said about a theme, and when.")
class ThemeAnswer:
    position: int = plain("Its place among the answers, from 1.")
    state: ThemeStateKind = plain("Where the theme stood from then on.")
    statement: str = plain("What was said.")
    side: Side = plain("The side that recorded it.")
    office: Office = plain("The office that recorded it.")
    said_on: date = plain("The day it was said.")


@strawberry.type(
    description="A theme that a trust's joint body offers its region: a category and a quarter, no record."
)
class ThemeOffer(Node):
    id: strawberry.ID = identity("ThemeOffer")
    forum = reference("Forum", "forum_id", "The body that offers it.")
    category: IssueCategory = plain("What it is about.")
    period: str = plain("The quarter, such as 2026-Q4.")
    offered_by_side: Side = plain("The side that offered it.")
    offered_by_office: Office = plain("The office that offered it.")
    offered_on: date = plain("The day it was offered.")
    signatures = children(db.SIGNATURES, ThemeSignature, "Who signed that the region may name the trust.")
    theme = child(db.OF_OFFERS, lazy("Theme"), "What became of it at the region; null until the region sees it.")


@strawberry.type(description="A theme as its region sees it.")
class Theme(Node):
    id: strawberry.ID = identity("Theme")
    forum = reference("Forum", "forum_id", "The forum that hears it; null for a trust, where its entry is not open.")
    category: IssueCategory = plain("What it is about.")
    period: str = plain("The quarter, such as 2026-Q4.")
    trusts: int | None = plain("From how many trusts: all where enough offered it, else those that agreed to be named.")
    state: ThemeStateKind = plain("Where it stands.")
    revision: int = plain("How often it changed.")
    created_at: datetime = plain("When the region first saw it.")
    named_trusts = children(db.NAMED_TRUSTS, lazy("Organisation"), "The trusts whose two sides signed to be named.")
    answers = children(db.ANSWERS, ThemeAnswer, "What the region said, in order.")


@strawberry.input(
    description="Offer a theme to one's region: a category and a quarter, and nothing else leaves the trust."
)
class ThemeOfferInput:
    forum_id: strawberry.ID = strawberry.field(description="One's own joint body.")
    category: IssueCategory = strawberry.field(description="What it is about.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    period: str | None = strawberry.field(default=None, description="The quarter, such as 2026-Q4; left out: this one.")


@strawberry.input(description="Sign for one's side that the region may name the trust.")
class ThemeSignInput:
    offer_id: strawberry.ID = strawberry.field(description="The offer.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(description="Say where a theme stands at the region.")
class ThemeAnswerInput:
    theme_id: strawberry.ID = strawberry.field(description="The theme.")
    state: ThemeStateKind = strawberry.field(description="Where it stands now.")
    statement: str = strawberry.field(description="What the region says about it.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
