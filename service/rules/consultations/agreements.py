"""How a consultation ends: two signatures on the same words, or a recorded failure to agree.

What is joint needs both sides (DESIGN section 2, idea 4; founding document S4, "joint signatures on
shared documents"). Before anybody signs, every point has its answer and the equality impact assessment
looks at the text as it came out of the consultation (public sector equality duty: Equality Act 2010
s. 149; due regard is had before and at the decision, not once beforehand). A side that cannot agree
says so, and names the disputes procedure and any status-quo clause that then holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.rules.bodies import Side
from service.rules.consultations.responses import REASON_MOST
from service.rules.consultations.states import State
from service.rules.problems import Code, Problem
from service.rules.text import text_problems

SIGNING_SIDES: Final = (Side.MANAGEMENT, Side.STAFF)

STATEMENT_MOST: Final = 20_000
PROCEDURE_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Ending:
    """What must be in order before a side can sign the final version or state that it cannot.

    `closed_on` is the last day (in England) on which any body could still respond in time;
    `still_awaited` counts the bodies whose own, extended time runs on.
    """

    state: State
    open_points: int
    late_undecided: int
    still_awaited: int
    final_version: int
    latest_version: int
    impact_assessed_version: int | None
    impact_assessed_on: date | None
    closed_on: date


def proceed_problems(sides_signed: Collection[str], reason: str) -> list[Problem]:
    """Why a plan cannot go ahead with one signature: there must be one, and a reason why the other is missing."""
    problems = text_problems(reason, field=("reason",), most=REASON_MOST)
    if not any(side in sides_signed for side in SIGNING_SIDES):
        problems.append(Problem(Code.SIGNATURE_MISSING, "A plan needs at least one side's signature to go ahead."))
    return problems


def assessment_problems(assessed_on: date, today: date) -> list[Problem]:
    """Why an equality impact assessment cannot bear that date."""
    if assessed_on <= today:
        return []
    return [Problem(Code.IN_THE_FUTURE, "An assessment is recorded once it has been made.", ("assessedOn",))]


def complete(sides: Collection[str]) -> bool:
    """Whether both sides have signed (or both have made their statement)."""
    return all(side in sides for side in SIGNING_SIDES)


def conclusion_problems(ending: Ending) -> list[Problem]:
    """Why the consultation cannot be brought to its end; empty if it can."""
    if ending.state != State.CLOSED:
        return [Problem(Code.WRONG_STATE, "A consultation can be concluded only once it is CLOSED.")]
    return [
        *_unanswered_problems(ending),
        *_version_problems(ending),
        *_assessment_problems(ending),
    ]


def signature_problems(
    side: str,
    sides_signed: Collection[str],
    offered_hash: str,
    version_hash: str,
) -> list[Problem]:
    """Why a side cannot sign: it signs once, and only the words that stand."""
    problems = _side_problems(side, sides_signed)
    if offered_hash != version_hash:
        message = "The hash offered is not that of the text that stands: read it again before signing."
        problems.append(Problem(Code.HASH_MISMATCH, message, ("contentHash",)))
    return problems


def disagreement_problems(
    side: str,
    sides_stated: Collection[str],
    *,
    statement: str,
    procedure: str,
    status_quo: str = "",
) -> list[Problem]:
    """Why a side's statement of a failure to agree cannot be taken; a status-quo clause is optional."""
    return [
        *_side_problems(side, sides_stated),
        *text_problems(statement, field=("statement",), most=STATEMENT_MOST),
        *text_problems(procedure, field=("disputesProcedure",), most=PROCEDURE_MOST),
        *text_problems(status_quo, field=("statusQuoClause",), most=PROCEDURE_MOST, required=False),
    ]


def ratification_problems(
    ratified_on: date,
    effective_on: date,
    review_on: date,
    concluded_on: date,
    today: date,
) -> list[Problem]:
    """Why these dates cannot be recorded: concluded, ratified, in effect, reviewed, in that order."""
    problems: list[Problem] = []
    if ratified_on < concluded_on:
        message = "Ratification cannot come before the consultation was concluded."
        problems.append(Problem(Code.DATE_ORDER, message, ("ratifiedOn",)))
    if ratified_on > today:
        problems.append(Problem(Code.IN_THE_FUTURE, "Ratification is recorded once it has happened.", ("ratifiedOn",)))
    if effective_on < ratified_on:
        problems.append(Problem(Code.DATE_ORDER, "A policy takes effect once it is ratified.", ("effectiveOn",)))
    if review_on <= effective_on:
        problems.append(Problem(Code.DATE_ORDER, "A policy is reviewed after it took effect.", ("reviewOn",)))
    return problems


def _unanswered_problems(ending: Ending) -> list[Problem]:
    problems: list[Problem] = []
    if ending.open_points > 0:
        problems.append(Problem(Code.OPEN_POINTS, "Every point needs an outcome before the end."))
    if ending.late_undecided > 0:
        problems.append(Problem(Code.LATE_UNDECIDED, "Every late response must be considered or declined first."))
    if ending.still_awaited > 0:
        problems.append(Problem(Code.RESPONSE_AWAITED, "A body whose time was extended may still respond."))
    return problems


def _version_problems(ending: Ending) -> list[Problem]:
    if ending.final_version == ending.latest_version:
        return []
    return [Problem(Code.NOT_LATEST_VERSION, "Only the latest version can be the final one.", ("policyVersionId",))]


def _assessment_problems(ending: Ending) -> list[Problem]:
    assessed_on = ending.impact_assessed_on
    if (
        ending.impact_assessed_version == ending.final_version
        and assessed_on is not None
        and assessed_on > ending.closed_on
    ):
        return []
    message = "The final version needs an equality impact assessment dated after the consultation closed."
    return [Problem(Code.IMPACT_ASSESSMENT_DATED, message)]


def _side_problems(side: str, sides_done: Collection[str]) -> list[Problem]:
    if side not in SIGNING_SIDES:
        return [Problem(Code.NOT_PERMITTED, "Only management side and staff side sign.")]
    if side in sides_done:
        return [Problem(Code.ALREADY_SIGNED, "This side has signed, or made its statement, already.")]
    return []
