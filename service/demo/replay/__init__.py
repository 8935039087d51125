"""The demo's consultations as rows: each act in its turn leaves what the service's own act would have left.

The moments are the demo's own, which the service's acts cannot be told, so their writing is said again here, act by
act; tests hold the two together.
"""

from service.demo.cases import (
    Comment,
    Consultation,
    Consultee,
    Disagreement,
    ImpactAssessment,
    Outcome,
    Plan,
    Ratification,
    Response,
    Version,
    Withdrawal,
)
from service.demo.replay import bodies, ending, papers
from service.demo.replay.case import Case, Done, Place, Trace
from service.demo.timeline import Entry, timeline
from service.rules.acts import Act


def replayed(consultation: Consultation, place: Place) -> Case:
    """The consultation after all its acts."""
    case = Case(consultation, place)
    for number, entry in enumerate(timeline(consultation)):
        done = _do(case, entry)
        key = f"{consultation.key}/{number}"
        case.traces.append(Trace(key, entry.act, case.seat(entry.did), entry.did.at, done))
    return case


def _do(case: Case, entry: Entry) -> Done:
    match entry.act, entry.what:
        case Act.CONSULTATION_DRAFT, Version() as version:
            return papers.draft(case, entry.did, version)
        case Act.POLICY_VERSION_ADD, Version() as version:
            return papers.add_version(case, entry.did, version)
        case Act.IMPACT_ASSESSMENT_RECORD, ImpactAssessment() as assessment:
            return papers.assess(case, entry.did, assessment)
        case Act.CONSULTATION_PLAN, Plan() as plan:
            return papers.plan(case, entry.did, plan)
        case Act.PLAN_SIGN, None:
            return papers.sign_plan(case, entry.did)
        case Act.CONSULTATION_OPEN, Plan() as plan:
            return papers.open_(case, entry.did, plan)
        case Act.CONSULTEE_ADD, Consultee() as consultee:
            return papers.add_consultee(case, entry.did, consultee)
        case Act.CONSULTEE_EXTEND, Consultee() as consultee:
            return papers.extend(case, entry.did, consultee)
        case Act.COMMENT_ADD, Comment() as comment:
            return bodies.comment(case, entry.did, comment)
        case Act.COMMENT_WITHDRAW, Comment() as comment:
            return bodies.withdraw_comment(case, entry.did, comment)
        case Act.RESPONSE_DRAFT, Response() as response:
            return bodies.save_draft(case, entry.did, response)
        case Act.RESPONSE_SUBMIT, Response() as response:
            return bodies.submit(case, entry.did, response)
        case Act.OUTCOME_RECORD, Outcome() as outcome:
            return ending.record_outcome(case, entry.did, outcome)
        case Act.CONSULTATION_SIGN, None:
            return ending.sign(case, entry.did)
        case Act.DISAGREEMENT_RECORD, Disagreement() as disagreement:
            return ending.record_disagreement(case, entry.did, disagreement)
        case Act.CONSULTATION_RATIFY, Ratification() as ratification:
            return ending.ratify(case, entry.did, ratification)
        case Act.CONSULTATION_WITHDRAW, Withdrawal() as withdrawal:
            return ending.withdraw(case, entry.did, withdrawal)
        case act, what:
            raise ValueError(f"no demo consultation has {act} with {type(what).__name__}")
