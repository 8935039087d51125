"""A demo consultation as one line of acts in the order of their moments: what the loader writes and the tests judge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from service.demo.cases import (
    Comment,
    Consultation,
    Consultee,
    Did,
    Disagreement,
    ImpactAssessment,
    Outcome,
    Plan,
    Ratification,
    Response,
    Version,
    Withdrawal,
)
from service.rules.acts import Act

Fact: TypeAlias = (
    Version | ImpactAssessment | Plan | Consultee | Comment | Response | Outcome | Disagreement | Ratification
) | Withdrawal


@dataclass(frozen=True, slots=True)
class Entry:
    """One act; `what` is the fact it made, None where the act is the fact (a signature)."""

    act: Act
    did: Did
    what: Fact | None = None


def timeline(consultation: Consultation) -> tuple[Entry, ...]:
    """Every act of the consultation, earliest first."""
    return tuple(sorted(_entries(consultation), key=lambda entry: entry.did.at))


def _entries(consultation: Consultation) -> Iterator[Entry]:
    yield from _up_to_opening(consultation)
    yield from _from_bodies(consultation)
    yield from _to_the_end(consultation)


def _up_to_opening(consultation: Consultation) -> Iterator[Entry]:
    first, *later = consultation.versions
    yield Entry(Act.CONSULTATION_DRAFT, consultation.drafted, first)
    for version in later:
        yield Entry(Act.POLICY_VERSION_ADD, version.did, version)
    for assessment in consultation.impact_assessments:
        yield Entry(Act.IMPACT_ASSESSMENT_RECORD, assessment.did, assessment)
    if consultation.plan is not None:
        yield Entry(Act.CONSULTATION_PLAN, consultation.plan.did, consultation.plan)
        for did in consultation.plan.signed:
            yield Entry(Act.PLAN_SIGN, did)
    for consultee in consultation.consultees:
        if consultee.added is not None:
            yield Entry(Act.CONSULTEE_ADD, consultee.added, consultee)
        if consultee.extended is not None:
            yield Entry(Act.CONSULTEE_EXTEND, consultee.extended, consultee)
    if consultation.opened is not None:
        yield Entry(Act.CONSULTATION_OPEN, consultation.opened, consultation.plan)


def _from_bodies(consultation: Consultation) -> Iterator[Entry]:
    for comment in consultation.comments:
        yield Entry(Act.COMMENT_ADD, comment.did, comment)
        if comment.withdrawn is not None:
            yield Entry(Act.COMMENT_WITHDRAW, comment.withdrawn, comment)
    for response in consultation.responses:
        yield Entry(Act.RESPONSE_DRAFT, response.drafted, response)
        if response.submitted is not None:
            yield Entry(Act.RESPONSE_SUBMIT, response.submitted, response)


def _to_the_end(consultation: Consultation) -> Iterator[Entry]:
    for outcome in consultation.outcomes:
        yield Entry(Act.OUTCOME_RECORD, outcome.did, outcome)
    for did in consultation.signed:
        yield Entry(Act.CONSULTATION_SIGN, did)
    for disagreement in consultation.disagreements:
        yield Entry(Act.DISAGREEMENT_RECORD, disagreement.did, disagreement)
    if consultation.ratification is not None:
        yield Entry(Act.CONSULTATION_RATIFY, consultation.ratification.did, consultation.ratification)
    if consultation.withdrawal is not None:
        yield Entry(Act.CONSULTATION_WITHDRAW, consultation.withdrawal.did, consultation.withdrawal)
