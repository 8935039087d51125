"""What bodies and their members say, and the answer that every point gets.

Members comment inside their own body; the body makes one formal response, with the views of a minority
beside it (DESIGN section 7). Each point is answered: accepted, partly, or rejected. *You said, we did*:
an acceptance shows in a clause of a later version, a refusal gives its reason (founding document S4,
feedback mechanism). A late response is kept, and considered or declined openly.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.rules.problems import Code, Problem
from service.rules.text import text_problems

SUMMARY_MOST: Final = 20_000
POINT_MOST: Final = 5_000
POINTS_MOST: Final = 200
MINORITY_VIEW_MOST: Final = 10_000
MINORITY_VIEWS_MOST: Final = 20
REASON_MOST: Final = 5_000
COMMENT_MOST: Final = 5_000


class Stance(StrEnum):
    """What a body thinks of the draft as a whole."""

    SUPPORT = "SUPPORT"
    SUPPORT_WITH_CHANGES = "SUPPORT_WITH_CHANGES"
    OPPOSE = "OPPOSE"
    NO_VIEW = "NO_VIEW"


class Decision(StrEnum):
    """What became of one point."""

    ACCEPTED = "ACCEPTED"
    PARTLY = "PARTLY"
    REJECTED = "REJECTED"


class LateDecision(StrEnum):
    """What became of a late response."""

    CONSIDERED = "CONSIDERED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a body asks for; `address` None: on the draft as a whole."""

    address: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """A body's one formal response."""

    stance: Stance
    summary: str
    points: tuple[Point, ...]
    minority_views: tuple[str, ...] = ()


def comment_problems(text: str, address: str | None, known_addresses: Collection[str]) -> list[Problem]:
    """Why a member's comment cannot be taken; `address` None: on the draft as a whole."""
    return [
        *text_problems(text, field=("body",), most=COMMENT_MOST),
        *_address_problems(address, known_addresses, ("clauseId",)),
    ]


def response_problems(
    response: Response,
    known_addresses: Collection[str],
    *,
    already_submitted: bool,
) -> list[Problem]:
    """Why a body's response cannot be submitted; a late one can, and is kept as late."""
    if already_submitted:
        return [Problem(Code.ALREADY_RESPONDED, "A body makes one formal response, and this body has made it.")]
    return [
        *text_problems(response.summary, field=("summary",), most=SUMMARY_MOST, required=False),
        *_point_problems(response.points, known_addresses),
        *_minority_problems(response.minority_views),
        *_stance_problems(response),
    ]


def late_decision_problems(decision: LateDecision, reason: str, *, undecided_late: bool) -> list[Problem]:
    """Why a late response cannot be considered or declined so; declining one needs a reason."""
    if not undecided_late:
        return [Problem(Code.NOT_LATE, "Only a late response without a decision can be considered or declined.")]
    required = decision == LateDecision.DECLINED
    return text_problems(reason, field=("reason",), most=REASON_MOST, required=required)


def outcome_problems(decision: Decision, reason: str, *, clause_changed: bool) -> list[Problem]:
    """Why a point cannot have this outcome; `clause_changed`: a changed clause of a later version is named."""
    problems = text_problems(reason, field=("reason",), most=REASON_MOST, required=decision != Decision.ACCEPTED)
    if decision == Decision.REJECTED and clause_changed:
        problems.append(Problem(Code.INVALID, "A rejected point changes no clause.", ("changedClauseId",)))
    if decision != Decision.REJECTED and not clause_changed:
        message = "An accepted point needs a clause changed in a later version."
        problems.append(Problem(Code.CHANGE_REQUIRED, message, ("changedClauseId",)))
    return problems


def _address_problems(address: str | None, known_addresses: Collection[str], field: tuple[str, ...]) -> list[Problem]:
    if address is None or address in known_addresses:
        return []
    return [Problem(Code.UNKNOWN_CLAUSE, "The policy version consulted on has no such clause.", field)]


def _point_problems(points: Sequence[Point], known_addresses: Collection[str]) -> list[Problem]:
    if len(points) > POINTS_MOST:
        return [Problem(Code.TOO_MANY, f"A response takes at most {POINTS_MOST} points.", ("points",))]
    known = frozenset(known_addresses)
    problems: list[Problem] = []
    for place, point in enumerate(points):
        at = ("points", str(place))
        problems += text_problems(point.text, field=(*at, "body"), most=POINT_MOST)
        problems += _address_problems(point.address, known, (*at, "clauseId"))
    return problems


def _minority_problems(views: Sequence[str]) -> list[Problem]:
    if len(views) > MINORITY_VIEWS_MOST:
        message = f"A response takes at most {MINORITY_VIEWS_MOST} minority views."
        return [Problem(Code.TOO_MANY, message, ("minorityViews",))]
    problems: list[Problem] = []
    for place, view in enumerate(views):
        problems += text_problems(view, field=("minorityViews", str(place)), most=MINORITY_VIEW_MOST)
    return problems


def _stance_problems(response: Response) -> list[Problem]:
    """A change that is asked for must be named, and opposition explained, or nobody could answer it."""
    if response.points:
        return []
    if response.stance == Stance.SUPPORT_WITH_CHANGES:
        return [Problem(Code.REQUIRED, "Support with changes needs at least one point.", ("points",))]
    if response.stance == Stance.OPPOSE and not response.summary.strip():
        return [Problem(Code.REQUIRED, "Opposition needs a summary or at least one point.", ("summary",))]
    return []
