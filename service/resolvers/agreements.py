"""How a consultation ends: more time, signatures on the final text or both statements, ratification, withdrawal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson

from service.access.viewer import Row
from service.db import consultations as db
from service.db.writing import add
from service.resolvers.acting import Acting, Done, Refused, Target, not_permitted, refuse_if
from service.resolvers.plans import add_signature, sides_signed
from service.resolvers.targets import check_state, consultation_of, found, node, relations_to
from service.rules.calendar import end_of_day, england_day
from service.rules.consultations import (
    ConsulteeState,
    Ending,
    LateDecision,
    State,
    closing_moment,
    complete,
    conclusion_problems,
    consultee_state,
    disagreement_problems,
    extension_problems,
    ratification_problems,
    signature_problems,
)
from service.rules.problems import Code, Problem
from service.rules.text import normalised, text_problems

if TYPE_CHECKING:
    from service.schema.agreements import (
        ConsultationRatifyInput,
        ConsultationSignInput,
        ConsultationWithdrawInput,
        ConsulteeExtendInput,
        DisagreementRecordInput,
        ExtensionProposeInput,
        ExtensionSignInput,
    )

REASON_MOST = 2_000


async def extend_consultee(acting: Acting, target: Target, said: ConsulteeExtendInput) -> Done:
    """One body's time, lengthened as a reasonable adjustment by one signature."""
    engaged, consultation = target.row, target.parent
    assert consultation is not None
    check_state(acting, acting.act, consultation)
    closing = closing_moment(consultation["closes_at"], engaged["extended_to"])
    until = end_of_day(said.closes_on)
    refuse_if(
        [
            *extension_problems(closing, until, acting.now),
            *text_problems(said.reason, field=("reason",), most=REASON_MOST),
        ]
    )
    await acting.snapshot.fetch(db.EXTEND_CONSULTEE, id=engaged["id"], until=until, reason=normalised(said.reason))
    return Done(engaged["id"], "consultee.extended", engaged["room_id"], revision=engaged["revision"] + 1)


async def propose_extension(acting: Acting, target: Target, said: ExtensionProposeInput) -> Done:
    """A later closing for every body, signed by the proposing side; it takes the other's signature to hold."""
    consultation, snapshot = target.row, acting.snapshot
    check_state(acting, acting.act, consultation)
    closes, reason = end_of_day(said.closes_on), normalised(said.reason)
    refuse_if(
        [
            *extension_problems(consultation["closes_at"], closes, acting.now),
            *text_problems(reason, field=("reason",), most=REASON_MOST),
        ]
    )
    await snapshot.fetch(db.SUPERSEDE_EXTENSIONS, id=consultation["id"])
    identity = acting.new_id()
    words = {"consultation": str(consultation["id"]), "closes_on": said.closes_on, "reason": reason}
    row = {
        "id": identity,
        "room_id": consultation["case_room"],
        "content_hash": sha256(orjson.dumps(words, option=orjson.OPT_SORT_KEYS)).hexdigest(),
    }
    await add(
        snapshot,
        "extension",
        consultation_id=consultation["id"],
        consultation_room=consultation["room_id"],
        closes_at=closes,
        reason=reason,
        made_by_side=acting.side,
        made_by_office=acting.office,
        **row,
    )
    extension = await found_extension(acting, identity)
    await add_signature(acting, extension, extension_id=identity)
    return Done(identity, "extension.proposed", consultation["case_room"])


async def found_extension(acting: Acting, identity: object) -> Row:
    """The extension just made."""
    row = await acting.snapshot.one(db.EXTENSION, id=identity)
    assert row is not None
    return row


async def load_extension(acting: Acting, said: ExtensionSignInput) -> Target:
    """The proposed extension, with its consultation locked."""
    extension = await node(acting, said.extension_id, "Extension", "extensionId")
    consultation = await consultation_of(acting, extension, lock=True)
    row = await found_extension(acting, extension["id"])
    return Target(row, await relations_to(acting, consultation), consultation["revision"], consultation)


async def sign_extension(acting: Acting, target: Target, said: ExtensionSignInput) -> Done:
    """The second signature moves the closing."""
    extension, consultation = target.row, target.parent
    assert consultation is not None
    check_state(acting, acting.act, consultation)
    if extension["state"] != "PROPOSED":
        raise Refused(Problem(Code.WRONG_STATE, "This extension is agreed already, or another has taken its place."))
    signed = await sides_signed(acting, extension["id"])
    refuse_if(signature_problems(acting.side, signed, said.content_hash, extension["content_hash"]))
    await add_signature(acting, extension, extension_id=extension["id"])
    if complete({*signed, acting.side}):
        await acting.snapshot.fetch(db.AGREE_EXTENSION, id=extension["id"])
        await acting.snapshot.fetch(db.EXTEND, id=consultation["id"], closes=extension["closes_at"])
    return Done(extension["id"], "extension.signed", extension["room_id"])


async def _ending(acting: Acting, consultation: Row, version: Row, state: State) -> Ending:
    """What must be in order, seen alike by both sides: what only one of them can read never counts."""
    snapshot = acting.snapshot
    engaged = [
        row for row in await snapshot.fetch(db.CONSULTEES_LOCKED, id=consultation["id"]) if row["reach"] == "JOINT"
    ]
    closings = {row["id"]: closing_moment(consultation["closes_at"], row["extended_to"]) for row in engaged}
    states = [
        consultee_state(
            row["responded_at"],
            None if row["late_decision"] is None else LateDecision(row["late_decision"]),
            closings[row["id"]],
            acting.now,
        )
        for row in engaged
    ]
    points = await snapshot.one(db.OPEN_POINTS, id=consultation["id"])
    latest = await snapshot.one(db.VERSION_LATEST, id=consultation["id"])
    assessed = await snapshot.one(db.ASSESSMENT_LATEST, id=consultation["id"])
    assert points is not None
    assert latest is not None
    return Ending(
        state=state,
        open_points=points["open"],
        late_undecided=states.count(ConsulteeState.LATE),
        still_awaited=states.count(ConsulteeState.AWAITED),
        final_version=version["number"],
        latest_version=latest["number"],
        impact_assessed_version=None if assessed is None else assessed["number"],
        impact_assessed_on=None if assessed is None else assessed["assessed_on"],
        closed_on=_last_day([consultation["closes_at"], *closings.values()]),
    )


def _last_day(closings: list[datetime]) -> date:
    """The last day, in England, on which a body could respond in time: a closing is the first moment after it."""
    return england_day(max(closings) - timedelta(microseconds=1))


async def _final_version(acting: Acting, consultation: Row, given: str) -> Row:
    version = await found(acting, db.VERSION, given, "PolicyVersion", "policyVersionId")
    if version["consultation_id"] != consultation["id"]:
        raise Refused(
            Problem(Code.INVALID, "This is a version of another consultation's policy.", ("policyVersionId",))
        )
    return version


async def sign(acting: Acting, target: Target, said: ConsultationSignInput) -> Done:
    """One side's signature over the final version's hash; the second ends the consultation as agreed."""
    consultation, snapshot = target.row, acting.snapshot
    state = check_state(acting, acting.act, consultation)
    version = await _final_version(acting, consultation, said.policy_version_id)
    refuse_if(conclusion_problems(await _ending(acting, consultation, version, state)))
    signed = await sides_signed(acting, version["id"])
    refuse_if(signature_problems(acting.side, signed, said.content_hash, version["content_hash"]))
    await add_signature(acting, version, policy_version_id=version["id"])
    if complete({*signed, acting.side}):
        await snapshot.fetch(db.CONCLUDE, id=consultation["id"], now=acting.now, how="AGREED", version=version["id"])
    else:
        await snapshot.fetch(db.TOUCH, id=consultation["id"])
    revision = consultation["revision"] + 1
    return Done(consultation["id"], "consultation.signed", consultation["room_id"], revision=revision)


async def record_disagreement(acting: Acting, target: Target, said: DisagreementRecordInput) -> Done:
    """One side's statement that there is no agreement; with both, the consultation ends so."""
    consultation, snapshot = target.row, acting.snapshot
    state = check_state(acting, acting.act, consultation)
    version = await _final_version(acting, consultation, said.policy_version_id)
    stated = {row["side"] for row in await snapshot.fetch(db.STATED, id=consultation["id"])}
    refuse_if(
        [
            *conclusion_problems(await _ending(acting, consultation, version, state)),
            *disagreement_problems(
                acting.side,
                stated,
                statement=said.statement,
                procedure=said.disputes_procedure,
                status_quo=said.status_quo_clause or "",
            ),
        ]
    )
    identity = acting.new_id()
    await add(
        snapshot,
        "disagreement",
        id=identity,
        room_id=consultation["case_room"],
        consultation_id=consultation["id"],
        consultation_room=consultation["room_id"],
        policy_version_id=version["id"],
        side=acting.side,
        office=acting.office,
        statement=normalised(said.statement),
        disputes_procedure=normalised(said.disputes_procedure),
        status_quo_clause=normalised(said.status_quo_clause) if said.status_quo_clause else None,
    )
    if complete({*stated, acting.side}):
        await snapshot.fetch(
            db.CONCLUDE, id=consultation["id"], now=acting.now, how="NOT_AGREED", version=version["id"]
        )
    return Done(consultation["id"], "disagreement.recorded", consultation["case_room"])


async def ratify(acting: Acting, target: Target, said: ConsultationRatifyInput) -> Done:
    """When it was ratified, takes effect and will be reviewed."""
    consultation = target.row
    check_state(acting, acting.act, consultation)
    refuse_if(
        ratification_problems(
            said.ratified_on,
            said.effective_on,
            said.review_on,
            england_day(consultation["concluded_at"]),
            england_day(acting.now),
        )
    )
    await acting.snapshot.fetch(
        db.RATIFY,
        id=consultation["id"],
        ratified=said.ratified_on,
        effective=said.effective_on,
        review=said.review_on,
    )
    revision = consultation["revision"] + 1
    return Done(consultation["id"], "consultation.ratified", consultation["room_id"], revision=revision)


async def withdraw(acting: Acting, target: Target, said: ConsultationWithdrawInput) -> Done:
    """The side that drafted it takes it back, with a reason."""
    consultation = target.row
    check_state(acting, acting.act, consultation)
    if acting.side != consultation["drafted_by_side"]:
        raise not_permitted()
    refuse_if(text_problems(said.reason, field=("reason",), most=REASON_MOST))
    reason = normalised(said.reason)
    await acting.snapshot.fetch(db.WITHDRAW, id=consultation["id"], now=acting.now, reason=reason)
    revision = consultation["revision"] + 1
    return Done(consultation["id"], "consultation.withdrawn", consultation["room_id"], revision=revision)
