"""Acts on the papers, up to the opening that lets the bodies consulted in."""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

import orjson

from service.demo.cases import Consultee, Did, ImpactAssessment, Plan, Version
from service.demo.policies import TITLES, text
from service.demo.replay.case import Case, Done, entry
from service.demo.rows import room_id
from service.demo.shapes import demo_id
from service.forums import BODY
from service.rules import consultations as rules
from service.rules.bodies import Purpose
from service.rules.calendar import end_of_day
from service.rules.consultations import State, complete
from service.rules.policies import clauses, content_hash
from service.rules.text import normalised

SUMMARY: Final = (
    "A demonstration, invented throughout. The bodies named in the plan are asked for their view on the draft; every"
    " point that they make gets a change or a reason."
)

MORE_TIME: Final = "A reasonable adjustment: members asked for the draft in other formats."


def draft(case: Case, did: Did, version: Version) -> Done:
    """A draft lives in rooms that only the drafter's side opens."""
    seat, id = case.seat(did), case.id("consultation")
    for new in (case.papers, case.deliberation):
        case.open_case(new, case.owners_room(Purpose.MANAGEMENT_SIDE), did.at)
    case.row = case.add(
        "consultation",
        id=id,
        room_id=case.papers,
        case_room=case.deliberation,
        forum_id=demo_id("forum", case.given.forum),
        forum_room=entry(case, case.given.forum),
        kind=case.given.kind,
        title=case.given.title,
        summary=SUMMARY,
        stored_state=State.DRAFT,
        revision=1,
        drafted_by_side=seat.side,
        drafted_by_office=seat.office,
        opened_at=None,
        closes_at=None,
        concluded_at=None,
        conclusion=None,
        ratified_on=None,
        effective_on=None,
        review_on=None,
        withdrawn_at=None,
        withdrawn_reason=None,
        created_at=did.at,
    )
    _add_version(case, did, version, "")
    return Done(id, "consultation.drafted", case.papers, 1)


def add_version(case: Case, did: Did, version: Version) -> Done:
    """The next version of the text."""
    id = _add_version(case, did, version, version.note)
    return Done(id, "policyVersion.added", case.papers, case.bump())


def _add_version(case: Case, did: Did, version: Version, note: str) -> UUID:
    seat, policy = case.seat(did), case.given.policy
    title, body = TITLES[policy], normalised(text(policy, version.number))
    id = case.id("version", version.number)
    case.latest_hash, case.signatures = content_hash(title, body), set()
    case.add(
        "policy_version",
        id=id,
        room_id=case.papers,
        consultation_id=case.row["id"],
        number=version.number,
        title=title,
        body=body,
        content_hash=case.latest_hash,
        change_note=note,
        made_by_side=seat.side,
        made_by_office=seat.office,
        created_at=did.at,
    )
    for clause in clauses(body):
        case.add(
            "clause",
            id=clause_id(case, version.number, clause.address),
            room_id=case.papers,
            policy_version_id=id,
            address=clause.address,
            heading=clause.heading,
            body=clause.text,
            position=clause.position,
        )
    return id


def clause_id(case: Case, version: int, address: str) -> UUID:
    """The id of a clause by its address."""
    return case.id("clause", f"{version}/{address}")


def assess(case: Case, did: Did, assessment: ImpactAssessment) -> Done:
    """A dated assessment of the latest version."""
    seat, id = case.seat(did), case.id("assessment", assessment.version)
    case.add(
        "impact_assessment",
        id=id,
        room_id=case.papers,
        policy_version_id=case.id("version", assessment.version),
        assessed_on=assessment.assessed_on,
        groups=assessment.groups,
        findings=assessment.findings,
        mitigations=assessment.mitigations,
        made_by_side=seat.side,
        made_by_office=seat.office,
        created_at=did.at,
    )
    return Done(id, "impactAssessment.recorded", case.papers, case.bump())


def plan(case: Case, did: Did, given: Plan) -> Done:
    """The plan opens papers and deliberation to both sides."""
    seat, id = case.seat(did), case.id("plan")
    for into in (case.papers, case.deliberation):
        case.admit(into, case.owners_room(Purpose.JOINT), may_write=True)
    content = {
        "options": [{"title": title, "detail": detail} for title, detail in given.options],
        "channels": list(given.channels),
        "redundancy": None if given.redundancy is None else asdict(given.redundancy),
        "opens_on": given.opens_on,
        "closes_on": given.closes_on,
    }
    consulted = [str(demo_id("forum", consultee.forum)) for consultee in given.consultees]
    words = rules.Plan(
        kind=rules.Kind(case.row["kind"]),
        options=tuple(rules.Option(title, detail) for title, detail in given.options),
        channels=tuple(given.channels),
        consultees=len(consulted),
        opens_on=given.opens_on,
        closes_on=given.closes_on,
        redundancy=given.redundancy,
    )
    case.plan_hash = rules.plan_hash(words, consulted, 1)
    case.add(
        "consultation_plan",
        id=id,
        room_id=case.deliberation,
        consultation_id=case.row["id"],
        consultation_room=case.papers,
        number=1,
        content_hash=case.plan_hash,
        state="AGREED",
        made_by_side=seat.side,
        made_by_office=seat.office,
        created_at=did.at,
        **{**content, "redundancy": orjson.loads(orjson.dumps(content["redundancy"]))},
    )
    for consultee in given.consultees:
        case.add(
            "plan_consultee",
            plan_id=id,
            room_id=case.deliberation,
            forum_id=demo_id("forum", consultee.forum),
            forum_room=entry(case, consultee.forum),
        )
    case.bump()
    return Done(id, "plan.proposed", case.deliberation)


def sign_plan(case: Case, did: Did) -> Done:
    """One side's signature on the plan; the second agrees it."""
    case.sign(did, case.deliberation, case.plan_hash, plan_id=case.id("plan"))
    if complete(case.signatures):
        case.row["stored_state"] = State.PLANNED
        case.bump()
    return Done(case.id("plan"), "plan.signed", case.deliberation)


def open_(case: Case, did: Did, given: Plan) -> Done:
    """Opens the papers to every body in the plan, and a room for each body's own engagement."""
    case.row |= {"stored_state": State.OPEN, "opened_at": did.at, "closes_at": end_of_day(given.closes_on)}
    for consultee in given.consultees:
        _engage(case, did, consultee, Purpose.JOINT)
    return Done(case.row["id"], "consultation.opened", case.papers, case.bump())


def add_consultee(case: Case, did: Did, consultee: Consultee) -> Done:
    """The staff side asks a union group, and only the staff side sees that it was asked."""
    engaged = _engage(case, did, consultee, Purpose.STAFF_SIDE)
    return Done(engaged["id"], "consultee.added", engaged["room_id"], 1)


def _engage(case: Case, did: Did, consultee: Consultee, owners: Purpose) -> dict[str, Any]:
    forum, into = case.place.forums[consultee.forum], case.id("room", consultee.forum)
    body = BODY[forum.kind]
    case.open_case(into, case.owners_room(owners), did.at)
    for purpose in body.informed:
        informed = room_id(forum.key, purpose)
        case.admit(case.papers, informed, may_write=False)
        case.admit(into, informed, may_write=purpose == body.answers)
    case.consultees[forum.key] = case.add(
        "consultee",
        id=case.id("consultee", forum.key),
        room_id=into,
        consultation_id=case.row["id"],
        consultation_room=case.papers,
        forum_id=demo_id("forum", forum.key),
        forum_room=entry(case, forum.key),
        reach=owners,
        added_by_side=case.seat(did).side,
        extended_to=None,
        extension_reason=None,
        responded_at=None,
        revision=1,
        created_at=did.at,
    )
    return case.consultees[forum.key]


def extend(case: Case, did: Did, consultee: Consultee) -> Done:
    """More time for one body, by one signature."""
    if consultee.extended_to is None:
        raise ValueError("an extension needs its closing day")
    engaged = case.consultees[consultee.forum]
    engaged |= {"extended_to": end_of_day(consultee.extended_to), "extension_reason": MORE_TIME}
    engaged["revision"] += 1
    return Done(engaged["id"], "consultee.extended", engaged["room_id"], engaged["revision"])
