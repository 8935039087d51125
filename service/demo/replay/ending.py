"""How a demo consultation ends: outcomes, signatures or statements, ratification, withdrawal."""

from service.demo.cases import Did, Disagreement, Outcome, Ratification, Withdrawal
from service.demo.clauses import address
from service.demo.replay.case import Case, Done
from service.demo.replay.papers import clause_id
from service.rules.consultations import Conclusion, State, complete


def record_outcome(case: Case, did: Did, given: Outcome) -> Done:
    """What became of a point, in the room of the response that made it."""
    seat, id = case.seat(did), case.id("outcome", given.point)
    forum = next(r.forum for r in case.given.responses for point in r.points if point.key == given.point)
    engaged = case.consultees[forum]
    changed = None
    if given.clause is not None and given.version is not None:
        changed = clause_id(case, given.version, address(case.given.policy, given.version, given.clause))
    case.add(
        "outcome",
        id=id,
        room_id=engaged["room_id"],
        point_id=case.id("point", given.point),
        consultation_id=case.row["id"],
        decision=given.decision,
        reason=given.reason or "",
        changed_clause_id=changed,
        changed_clause_room=changed and case.papers,
        side=seat.side,
        office=seat.office,
        created_at=did.at,
    )
    return Done(id, "outcome.recorded", engaged["room_id"], 1)


def sign(case: Case, did: Did) -> Done:
    """One side's signature on the latest version; the second ends it as agreed."""
    version = case.id("version", case.given.versions[-1].number)
    case.sign(did, case.papers, case.latest_hash, policy_version_id=version)
    if complete(case.signatures):
        _conclude(case, did, Conclusion.AGREED)
    return Done(case.row["id"], "consultation.signed", case.papers, case.bump())


def record_disagreement(case: Case, did: Did, given: Disagreement) -> Done:
    """One side's statement; with both, it ends without agreement."""
    seat = case.seat(did)
    case.add(
        "disagreement",
        id=case.id("disagreement", seat.side),
        room_id=case.deliberation,
        consultation_id=case.row["id"],
        consultation_room=case.papers,
        policy_version_id=case.id("version", case.given.versions[-1].number),
        side=seat.side,
        office=seat.office,
        statement=given.statement,
        disputes_procedure=given.disputes_procedure,
        status_quo_clause=given.status_quo,
        created_at=did.at,
    )
    case.signatures.add(seat.side)
    if complete(case.signatures):
        _conclude(case, did, Conclusion.NOT_AGREED)
        case.bump()
    return Done(case.row["id"], "disagreement.recorded", case.deliberation)


def _conclude(case: Case, did: Did, how: Conclusion) -> None:
    case.row |= {"stored_state": State.CONCLUDED, "concluded_at": did.at, "conclusion": how}
    case.final_version = case.id("version", case.given.versions[-1].number)


def ratify(case: Case, did: Did, given: Ratification) -> Done:
    """When it was ratified, takes effect and will be reviewed."""
    case.row |= {
        "ratified_on": given.ratified_on,
        "effective_on": given.effective_on,
        "review_on": given.review_on,
    }
    return Done(case.row["id"], "consultation.ratified", case.papers, case.bump())


def withdraw(case: Case, did: Did, given: Withdrawal) -> Done:
    """The side that drafted it takes it back."""
    case.row |= {"stored_state": State.WITHDRAWN, "withdrawn_at": did.at, "withdrawn_reason": given.reason}
    return Done(case.row["id"], "consultation.withdrawn", case.papers, case.bump())
