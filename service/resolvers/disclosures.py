"""Disclosing who raised a confidential issue: to one seat, on a listed ground, the raiser told first where safe."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from service.access.viewer import Row
from service.db import issues as db
from service.resolvers.acting import Acting, Done, Refused, Target, not_permitted, refuse_if
from service.resolvers.issues import own_by
from service.resolvers.targets import node
from service.rules.bodies import Relation
from service.rules.calendar import england_day
from service.rules.escalations import (
    Disclosure,
    DisclosureGround,
    IdentityMode,
    disclosure_problems,
    identity_consent_problems,
    notification_problems,
)
from service.rules.problems import Code, Problem
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.disclosures import DisclosureNotifyInput, IdentityConsentInput, IdentityDiscloseInput


async def notify(acting: Acting, target: Target, said: DisclosureNotifyInput) -> Done:
    """Put on record to whom an identity is to be disclosed, and why; the raiser reads it at once where that is safe."""
    issue = target.row
    if issue["identity"] != IdentityMode.CONFIDENTIAL:
        raise Refused(Problem(Code.WRONG_STATE, "Only a confidential identity is disclosed.", ("issueId",)))
    ground = DisclosureGround(said.ground)
    refuse_if(
        notification_problems(ground, said.reason, safe_to_tell=said.safe_to_tell, why_not_told=said.why_not_told)
    )
    if await acting.snapshot.one(db.RAISER_OF, id=issue["id"]) is None:
        raise not_permitted()
    seat = await node(acting, said.to_seat_id, "Seat", "toSeatId")
    identity = uuid4()
    words = f"{seat['office']} {seat['side']}"
    await acting.snapshot.call(
        db.OPEN_DISCLOSURE, identity, uuid4(), issue["id"], seat["id"], words, ground.value, normalised(said.reason),
        said.safe_to_tell, normalised(said.why_not_told),
    )  # fmt: skip
    return Done(identity, "disclosure.notified", None, revision=1)


own_of_disclosure = own_by("disclosure_id", "IdentityDisclosure", db.OWN_OF_DISCLOSURE)


async def load_disclosure(acting: Acting, said: IdentityConsentInput | IdentityDiscloseInput) -> Target:
    """The disclosure, as its raiser or the recipient sees it."""
    row = await node(acting, said.disclosure_id, "IdentityDisclosure", "disclosureId")
    if acting.raising:
        return Target(row, frozenset({Relation.RAISER}), row["revision"])
    held = await acting.snapshot.one(db.RAISER_OF, id=row["issue_id"])
    mine = held is not None and held["recipient_seat"] == acting.seat["id"]
    return Target(row, frozenset({Relation.OWNER} if mine else ()), row["revision"])


def _as_it_stands(row: Row) -> Disclosure:
    return Disclosure(
        DisclosureGround(row["ground"]),
        row["safe_to_tell"],
        row["why_not_told"],
        row["notified_on"],
        row["consented_on"],
        row["disclosed_on"],
    )


async def consent(acting: Acting, target: Target, said: IdentityConsentInput) -> Done:
    """The raiser agrees that this seat may know."""
    row = target.row
    refuse_if(identity_consent_problems(_as_it_stands(row)))
    await acting.snapshot.call(db.CONSENT_TO_DISCLOSURE, row["id"])
    return Done(row["id"], "disclosure.consented", row["room_id"], revision=row["revision"] + 1)


async def disclose(acting: Acting, target: Target, said: IdentityDiscloseInput) -> Done:
    """Let the one seat know who it was."""
    row = target.row
    refuse_if(disclosure_problems(_as_it_stands(row), england_day(acting.now)))
    await acting.snapshot.call(db.DISCLOSE, row["id"])
    return Done(row["id"], "disclosure.made", row["room_id"], revision=row["revision"] + 1)
