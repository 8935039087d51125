"""Acts up to opening: the plan, its two signatures, and the opening that lets the bodies consulted in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from service.access.viewer import Row
from service.db import consultations as db
from service.db.directory import room_of
from service.db.nodes import by_ids
from service.db.rooms import admit, open_case
from service.db.writing import add, add_all
from service.forums import BODY, FORUM_TYPES
from service.resolvers.acting import Acting, Done, Refused, Target, not_found, refuse_if
from service.resolvers.ids import row_id
from service.resolvers.targets import check_state, consultation_of, names_forum, node, relations_to
from service.rules.bodies import ForumKind, Purpose, Side
from service.rules.calendar import end_of_day
from service.rules.consultations import (
    Kind,
    Option,
    Papers,
    Plan,
    complete,
    opening_problems,
    plan_hash,
    plan_problems,
    proceed_problems,
    signature_problems,
)
from service.rules.problems import Code, Problem
from service.rules.redundancy import Facts
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.plans import (
        ConsultationOpenInput,
        ConsultationPlanInput,
        ConsulteeAddInput,
        PlanProceedInput,
        PlanSignInput,
    )

ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
CONSULTEES_MOST = 60


def _rule_plan(kind: str, said: ConsultationPlanInput) -> Plan:
    facts = said.redundancy
    return Plan(
        kind=Kind(kind),
        options=tuple(Option(normalised(option.title), normalised(option.detail)) for option in said.options),
        channels=tuple(normalised(channel) for channel in said.channels),
        consultees=len(said.consultee_forum_ids),
        opens_on=said.opens_on,
        closes_on=said.closes_on,
        redundancy=None if facts is None else Facts(**vars(facts)),
    )


def _stored_plan(kind: str, plan: Row, consultees: int) -> Plan:
    facts: dict[str, Any] | None = plan["redundancy"]
    return Plan(
        kind=Kind(kind),
        options=tuple(Option(**option) for option in plan["options"]),
        channels=tuple(plan["channels"]),
        consultees=consultees,
        opens_on=plan["opens_on"],
        closes_on=plan["closes_on"],
        redundancy=None if facts is None else facts_of(facts),
    )


def facts_of(stored: dict[str, Any]) -> Facts:
    """The statutory facts as they were stored."""
    dates = {name: value and date.fromisoformat(value) for name, value in stored.items() if name.endswith("_on")}
    return Facts(**{**stored, **dates})


def facts_to_store(facts: Facts) -> dict[str, Any]:
    """The statutory facts with their days as text."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(facts))
    return plain


async def _consulted_forums(acting: Acting, consultation: Row, given: Sequence[str]) -> list[Row]:
    """The bodies to be consulted, each once. The staff side asks union groups itself, once it is open."""
    if len(given) > CONSULTEES_MOST:
        message = f"A plan names at most {CONSULTEES_MOST} bodies."
        raise Refused(Problem(Code.TOO_MANY, message, ("consulteeForumIds",)))
    rows = await by_ids(acting.snapshot, "Forum", [row_id(each, *FORUM_TYPES) for each in given])
    forums: list[Row] = []
    for place, row in enumerate(rows):
        at = ("consulteeForumIds", str(place))
        if row is None or not names_forum(given[place], row):
            raise not_found(*at)
        if row["id"] == consultation["forum_id"] or row["kind"] == ForumKind.TRADE_UNION_GROUP:
            message = "The owner is not consulted, and the staff side consults union groups itself."
            raise Refused(Problem(Code.INVALID, message, at))
        if row["closed_on"] is not None:
            raise Refused(Problem(Code.INVALID, "This body has closed.", at))
        if row["id"] in {forum["id"] for forum in forums}:
            raise Refused(Problem(Code.INVALID, "A body is named once.", at))
        forums.append(row)
    return forums


async def propose(acting: Acting, target: Target, said: ConsultationPlanInput) -> Done:
    """A plan for both sides to sign; it opens the papers and the deliberation to the other side."""
    consultation, snapshot = target.row, acting.snapshot
    check_state(acting, acting.act, consultation)
    forums = await _consulted_forums(acting, consultation, said.consultee_forum_ids)
    plan = _rule_plan(consultation["kind"], said)
    refuse_if(plan_problems(plan, acting.now))
    for room in (consultation["room_id"], consultation["case_room"]):
        await admit(snapshot, room, consultation["forum_id"], Purpose.JOINT, may_write=True)
    before = await snapshot.one(db.PLAN_LATEST, id=consultation["id"])
    number = 1 if before is None else before["number"] + 1
    await snapshot.fetch(db.SUPERSEDE_PLANS, id=consultation["id"])
    identity = acting.new_id()
    await add(
        snapshot,
        "consultation_plan",
        id=identity,
        room_id=consultation["case_room"],
        consultation_id=consultation["id"],
        consultation_room=consultation["room_id"],
        number=number,
        options=[asdict(option) for option in plan.options],
        channels=list(plan.channels),
        redundancy=None if plan.redundancy is None else facts_to_store(plan.redundancy),
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        content_hash=plan_hash(plan, (str(forum["id"]) for forum in forums), number),
        made_by_side=acting.side,
        made_by_office=acting.office,
    )
    await add_all(
        snapshot,
        "plan_consultee",
        [
            {
                "plan_id": identity,
                "room_id": consultation["case_room"],
                "forum_id": forum["id"],
                "forum_room": forum["room_id"],
            }
            for forum in forums
        ],
    )
    await snapshot.fetch(db.SET_STATE, id=consultation["id"], to_state="DRAFT")
    return Done(identity, "plan.proposed", consultation["case_room"])


async def load_plan(acting: Acting, said: PlanSignInput | PlanProceedInput) -> Target:
    """The plan, with its consultation locked."""
    seen = await node(acting, said.plan_id, "ConsultationPlan", "planId")
    consultation = await consultation_of(acting, seen, lock=True)
    # read again under the lock: another plan may just have taken its place
    plan = await acting.snapshot.one(db.PLAN, id=seen["id"])
    assert plan is not None
    return Target(plan, await relations_to(acting, consultation), consultation["revision"], consultation)


async def sides_signed(acting: Acting, identity: UUID) -> set[str]:
    """The sides that have signed this plan, extension or version."""
    return {row["side"] for row in await acting.snapshot.fetch(db.SIGNED, id=identity)}


async def sign(acting: Acting, target: Target, said: PlanSignInput) -> Done:
    """One side's signature on the plan; the second agrees it."""
    plan, consultation = target.row, target.parent
    assert consultation is not None
    check_state(acting, acting.act, consultation)
    _check_stands(plan)
    signed = await sides_signed(acting, plan["id"])
    refuse_if(signature_problems(acting.side, signed, said.content_hash, plan["content_hash"]))
    await add_signature(acting, plan, plan_id=plan["id"])
    if complete({*signed, acting.side}):
        await _agree(acting, plan, consultation)
    return Done(plan["id"], "plan.signed", plan["room_id"])


async def add_signature(acting: Acting, over: Row, **what: UUID) -> None:
    """The acting side's signature over a row's content hash, in that row's room."""
    await add(
        acting.snapshot,
        "signature",
        id=acting.new_id(),
        room_id=over["room_id"],
        forum_id=acting.seat["forum_id"],
        side=acting.side,
        office=acting.office,
        content_hash=over["content_hash"],
        **what,
    )


def _check_stands(plan: Row) -> None:
    if plan["state"] != "PROPOSED":
        raise Refused(
            Problem(Code.WRONG_STATE, "This plan is agreed already, or another has taken its place.", ("planId",))
        )


async def _agree(acting: Acting, plan: Row, consultation: Row) -> None:
    await acting.snapshot.fetch(db.AGREE_PLAN, id=plan["id"])
    await acting.snapshot.fetch(db.SET_STATE, id=consultation["id"], to_state="PLANNED")


async def proceed(acting: Acting, target: Target, said: PlanProceedInput) -> Done:
    """Go ahead without the other side's signature: only after one's own, and with the reason on record."""
    plan, consultation = target.row, target.parent
    assert consultation is not None
    check_state(acting, acting.act, consultation)
    _check_stands(plan)
    signed = await sides_signed(acting, plan["id"])
    refuse_if(proceed_problems(signed, said.reason))
    if acting.side not in signed:
        raise Refused(
            Problem(Code.SIGNATURE_MISSING, "A side that goes ahead alone signs the plan first.", ("planId",))
        )
    missing = Side.STAFF if acting.side is Side.MANAGEMENT else Side.MANAGEMENT
    await add(
        acting.snapshot,
        "missing_signature",
        id=acting.new_id(),
        room_id=plan["room_id"],
        plan_id=plan["id"],
        side=missing,
        reason=normalised(said.reason),
        recorded_by_side=acting.side,
        recorded_by_office=acting.office,
    )
    await _agree(acting, plan, consultation)
    return Done(plan["id"], "plan.proceeded", plan["room_id"])


async def open_(acting: Acting, target: Target, said: ConsultationOpenInput) -> Done:
    """Opens the papers to the rooms of every body in the agreed plan, and gives each a room for its own engagement."""
    consultation, snapshot = target.row, acting.snapshot
    check_state(acting, acting.act, consultation)
    plan = await snapshot.one(db.PLAN_LATEST, id=consultation["id"])
    assert plan is not None
    forums = await snapshot.fetch(db.PLAN_FORUMS, ids=[plan["id"]])
    latest = await snapshot.one(db.VERSION_LATEST, id=consultation["id"])
    assessed = await snapshot.one(db.ASSESSMENT_LATEST, id=consultation["id"])
    refuse_if(
        opening_problems(
            _stored_plan(consultation["kind"], plan, len(forums)),
            acting.now,
            papers=Papers(
                latest_version=None if latest is None else latest["number"],
                impact_assessed_version=None if assessed is None else assessed["number"],
            ),
        )
    )
    await snapshot.fetch(db.OPEN, id=consultation["id"], opened=acting.now, closes=end_of_day(plan["closes_on"]))
    joint = await room_of(snapshot, consultation["forum_id"], Purpose.JOINT)
    assert joint is not None
    for forum in forums:
        await engage(acting, consultation, forum, joint, reach="JOINT")
    return Done(
        consultation["id"], "consultation.opened", consultation["room_id"], revision=consultation["revision"] + 1
    )


async def engage(acting: Acting, consultation: Row, forum: Row, owners: UUID, *, reach: str) -> UUID:
    """Let one body into the papers, and open the room where it answers and is answered: to itself and to `owners`."""
    snapshot, body = acting.snapshot, BODY[ForumKind(forum["kind"])]
    room, identity = acting.new_id(), acting.new_id()
    await open_case(snapshot, room, owners, consultation["room_id"])
    for purpose in body.informed:
        await admit(snapshot, consultation["room_id"], forum["id"], purpose, may_write=False)
        await admit(snapshot, room, forum["id"], purpose, may_write=purpose == body.answers)
    await add(
        snapshot,
        "consultee",
        id=identity,
        room_id=room,
        consultation_id=consultation["id"],
        consultation_room=consultation["room_id"],
        forum_id=forum["id"],
        forum_room=forum["room_id"],
        reach=reach,
        added_by_side=acting.side,
    )
    return identity


async def add_consultee(acting: Acting, target: Target, said: ConsulteeAddInput) -> Done:
    """Ask one more body. A union group is asked by the staff side alone, and only the staff side sees that it was."""
    consultation, snapshot = target.row, acting.snapshot
    check_state(acting, acting.act, consultation)
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    union_group = forum["kind"] == ForumKind.TRADE_UNION_GROUP
    if forum["id"] == consultation["forum_id"] or (union_group and acting.side is not Side.STAFF):
        raise Refused(Problem(Code.INVALID, "This body is not one that can be asked here.", ("forumId",)))
    await snapshot.call(ONE_AT_A_TIME, f"consultee|{consultation['id']}|{forum['id']}")
    if forum["closed_on"] is not None:
        raise Refused(Problem(Code.INVALID, "This body has closed.", ("forumId",)))
    if await snapshot.one(db.CONSULTEE_OF_FORUM, id=consultation["id"], forum=forum["id"]) is not None:
        raise Refused(Problem(Code.INVALID, "This body was asked already.", ("forumId",)))
    owners = await room_of(snapshot, consultation["forum_id"], Purpose.STAFF_SIDE if union_group else Purpose.JOINT)
    assert owners is not None
    identity = await engage(acting, consultation, forum, owners, reach="STAFF_SIDE" if union_group else "JOINT")
    engaged = (await by_ids(snapshot, "Consultee", [identity]))[0]
    assert engaged is not None
    return Done(identity, "consultee.added", engaged["room_id"], revision=1)
