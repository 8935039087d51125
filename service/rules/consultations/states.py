"""What is possible when: the states of a consultation, and the clock of each body consulted.

A consultation is open until its closing moment, then closed without anybody's doing; what is stored
stays OPEN. States and acts are compared by value, so that a word read from a row is judged as its enum.
While it is open the papers do not change and no point is decided: consult before making a
decision (founding document S4). Silence is never consent: a body that says nothing is NO_RESPONSE.

A body whose time was extended has a closing moment of its own (`closing_moment`): judge that body's acts
by `state_at` with that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from service.rules.acts import Act
from service.rules.consultations.responses import LateDecision
from service.rules.problems import Code, Problem

EXTENSION_MOST: Final = timedelta(days=184)


class Kind(StrEnum):
    """What is consulted on."""

    POLICY = "POLICY"
    COLLECTIVE_REDUNDANCY = "COLLECTIVE_REDUNDANCY"


class State(StrEnum):
    """Where a consultation stands."""

    DRAFT = "DRAFT"
    PLANNED = "PLANNED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    CONCLUDED = "CONCLUDED"
    WITHDRAWN = "WITHDRAWN"


class ProposalState(StrEnum):
    """Where a plan or an extension stands, which takes both sides' signatures."""

    PROPOSED = "PROPOSED"
    AGREED = "AGREED"
    SUPERSEDED = "SUPERSEDED"


class Conclusion(StrEnum):
    """How a consultation ended."""

    AGREED = "AGREED"
    NOT_AGREED = "NOT_AGREED"


class ConsulteeState(StrEnum):
    """Where one body consulted stands."""

    AWAITED = "AWAITED"
    RESPONDED = "RESPONDED"
    LATE = "LATE"
    NO_RESPONSE = "NO_RESPONSE"
    LATE_CONSIDERED = "LATE_CONSIDERED"
    LATE_DECLINED = "LATE_DECLINED"


@dataclass(frozen=True, slots=True)
class Move:
    """An act, from one state to another or the same; `from_state` None: there is nothing yet."""

    from_state: State | None
    to_state: State
    act: Act


def _staying(act: Act, *states: State) -> tuple[Move, ...]:
    return tuple(Move(state, state, act) for state in states)


# Two moves with one act from one state: the second signature (or statement) makes the difference.
MOVES: Final[tuple[Move, ...]] = (
    Move(None, State.DRAFT, Act.CONSULTATION_DRAFT),
    *_staying(Act.POLICY_VERSION_ADD, State.DRAFT, State.CLOSED),
    *_staying(Act.IMPACT_ASSESSMENT_RECORD, State.DRAFT, State.PLANNED, State.CLOSED),
    *_staying(Act.CONSULTATION_PLAN, State.DRAFT),
    Move(State.PLANNED, State.DRAFT, Act.CONSULTATION_PLAN),
    *_staying(Act.PLAN_SIGN, State.DRAFT),
    Move(State.DRAFT, State.PLANNED, Act.PLAN_SIGN),
    Move(State.DRAFT, State.PLANNED, Act.PLAN_PROCEED),
    *_staying(Act.CONSULTEE_ADD, State.OPEN),
    Move(State.PLANNED, State.OPEN, Act.CONSULTATION_OPEN),
    *_staying(Act.COMMENT_ADD, State.OPEN),
    *_staying(Act.COMMENT_WITHDRAW, State.OPEN, State.CLOSED, State.CONCLUDED, State.WITHDRAWN),
    *_staying(Act.RESPONSE_DRAFT, State.OPEN, State.CLOSED),
    *_staying(Act.RESPONSE_SUBMIT, State.OPEN, State.CLOSED),
    *_staying(Act.RESPONSE_SHARE, State.OPEN, State.CLOSED, State.CONCLUDED),
    *_staying(Act.RESPONSE_CONSIDER, State.CLOSED),
    *_staying(Act.CONSULTEE_EXTEND, State.OPEN, State.CLOSED),
    *_staying(Act.EXTENSION_PROPOSE, State.OPEN),
    *_staying(Act.EXTENSION_SIGN, State.OPEN),
    *_staying(Act.OUTCOME_RECORD, State.CLOSED),
    *_staying(Act.CONSULTATION_SIGN, State.CLOSED),
    Move(State.CLOSED, State.CONCLUDED, Act.CONSULTATION_SIGN),
    *_staying(Act.DISAGREEMENT_RECORD, State.CLOSED),
    Move(State.CLOSED, State.CONCLUDED, Act.DISAGREEMENT_RECORD),
    *_staying(Act.CONSULTATION_RATIFY, State.CONCLUDED),
    Move(State.DRAFT, State.WITHDRAWN, Act.CONSULTATION_WITHDRAW),
    Move(State.PLANNED, State.WITHDRAWN, Act.CONSULTATION_WITHDRAW),
    Move(State.OPEN, State.WITHDRAWN, Act.CONSULTATION_WITHDRAW),
    Move(State.CLOSED, State.WITHDRAWN, Act.CONSULTATION_WITHDRAW),
)

CONSULTATION_ACTS: Final[frozenset[Act]] = frozenset(move.act for move in MOVES)


def state_at(stored: State, closes_at: datetime | None, now: datetime) -> State:
    """The state at that moment: a stored OPEN is CLOSED from its closing moment on."""
    if stored == State.OPEN and closes_at is not None and late(closes_at, now):
        return State.CLOSED
    return stored


def late(closing: datetime, now: datetime) -> bool:
    """Whether that moment comes too late for that closing."""
    return now >= closing


def closing_moment(closes_at: datetime, extended_to: datetime | None) -> datetime:
    """When one body's time ends: its own extension counts only where it is the later."""
    return closes_at if extended_to is None else max(closes_at, extended_to)


def consultee_state(
    responded_at: datetime | None,
    late_decision: LateDecision | None,
    closing: datetime,
    now: datetime,
) -> ConsulteeState:
    """Where a body stands, given its own closing moment; a response within it is never late."""
    if responded_at is None:
        return ConsulteeState.NO_RESPONSE if late(closing, now) else ConsulteeState.AWAITED
    if not late(closing, responded_at):
        return ConsulteeState.RESPONDED
    match late_decision:
        case None:
            return ConsulteeState.LATE
        case LateDecision.CONSIDERED:
            return ConsulteeState.LATE_CONSIDERED
        case LateDecision.DECLINED:
            return ConsulteeState.LATE_DECLINED
        case _:
            assert_never(late_decision)


def destinations(state: State | None, act: Act) -> frozenset[State]:
    """The states to which the act can lead from there; empty: it is not possible."""
    return frozenset(move.to_state for move in MOVES if move.act == act and move.from_state == state)


def may(state: State | None, act: Act) -> bool:
    """Whether the act is possible in that state."""
    return bool(destinations(state, act))


def move_problems(state: State | None, act: Act) -> list[Problem]:
    """WRONG_STATE, naming the states in which the act is possible; empty if it is possible now."""
    if may(state, act):
        return []
    states = [move.from_state for move in MOVES if move.act == act and move.from_state is not None]
    if not states:
        return [Problem(Code.WRONG_STATE, "This is not possible on a consultation that exists.")]
    named = " or ".join(dict.fromkeys(states))
    return [Problem(Code.WRONG_STATE, f"This is possible only while the consultation is {named}.")]


def extension_problems(closing: datetime, proposed: datetime, now: datetime) -> list[Problem]:
    """Why a closing moment cannot be moved to the one proposed, for one body or for all."""
    field = ("closesOn",)
    if proposed <= closing:
        return [Problem(Code.DATE_ORDER, "An extension must end later than the closing that stands.", field)]
    if late(proposed, now):
        return [Problem(Code.IN_THE_PAST, "An extension must end in the future.", field)]
    if proposed - closing > EXTENSION_MOST:
        return [Problem(Code.TOO_LONG_PERIOD, "An extension can last at most six months.", field)]
    return []
