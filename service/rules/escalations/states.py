"""What is possible when: the states of a step, and what an issue's state is, given its steps.

A step is one hop. Nobody at its other end knows of it before the raiser consents to its text. What a receiver may do
is data (`MOVES`); what is answered stays answered. An issue has no state of its own while it travels: its steps tell
(`issue_state`), so that both always agree. States and acts are compared by value, as in `rules.consultations.states`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.rules.acts import Act
from service.rules.problems import Code, Problem


class StepState(StrEnum):
    """Where a step stands."""

    AWAITING_CONSENT = "AWAITING_CONSENT"
    SENT = "SENT"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ACCEPTED = "ACCEPTED"
    ON_AGENDA = "ON_AGENDA"
    RESOLVED = "RESOLVED"
    RETURNED = "RETURNED"
    REFERRED = "REFERRED"
    WITHDRAWN = "WITHDRAWN"


class IssueState(StrEnum):
    """Where an issue stands."""

    RAISED = "RAISED"
    CARRIED = "CARRIED"
    ANSWERED = "ANSWERED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    HANDED_OVER = "HANDED_OVER"
    CLOSED = "CLOSED"


STEP_STATE_DESCRIPTIONS: Final = MappingProxyType(
    {
        StepState.AWAITING_CONSENT: "Written, and seen by nobody at the other end: the raiser has not consented.",
        StepState.SENT: "The raiser consented to this text, and the receiver can read it.",
        StepState.ACKNOWLEDGED: "The receiver says that it has arrived.",
        StepState.ACCEPTED: "The receiver has taken it up.",
        StepState.ON_AGENDA: "It is on the receiver's agenda.",
        StepState.RESOLVED: "Answered, with an outcome.",
        StepState.RETURNED: "Given back one level, with a reason.",
        StepState.REFERRED: "Passed sideways, with the raiser's consent, to the body whose matter it is.",
        StepState.WITHDRAWN: "The raiser took the consent back before it was accepted; the text is gone.",
    }
)

ISSUE_STATE_DESCRIPTIONS: Final = MappingProxyType(
    {
        IssueState.RAISED: "With the body where it was raised; nothing was sent on yet.",
        IssueState.CARRIED: "A step is under way.",
        IssueState.ANSWERED: "No step is under way, and the last one was resolved.",
        IssueState.RETURNED: "No step is under way, and the last one was returned.",
        IssueState.WITHDRAWN: "No step is under way, and the raiser took the last one back.",
        IssueState.HANDED_OVER: "With the guardian, outside this service: only a receipt is kept.",
        IssueState.CLOSED: "Its body carries it no further, with a reason.",
    }
)

UNDER_WAY: Final = frozenset({StepState.SENT, StepState.ACKNOWLEDGED, StepState.ACCEPTED, StepState.ON_AGENDA})
TAKEN_UP: Final = frozenset({StepState.ACCEPTED, StepState.ON_AGENDA})
ENDED: Final = frozenset({StepState.RESOLVED, StepState.RETURNED, StepState.REFERRED, StepState.WITHDRAWN})
READABLE: Final = UNDER_WAY | ENDED  # by its receiver: whatever was sent; a tombstone where it was withdrawn
ISSUE_ENDED: Final = frozenset({IssueState.HANDED_OVER, IssueState.CLOSED})


@dataclass(frozen=True, slots=True)
class Move:
    """An act, from one state of a step to another or the same; `from_state` None: there is no step yet."""

    from_state: StepState | None
    to_state: StepState
    act: Act


def _staying(act: Act, *states: StepState) -> tuple[Move, ...]:
    return tuple(Move(state, state, act) for state in states)


def _to(state: StepState, act: Act, *states: StepState) -> tuple[Move, ...]:
    return tuple(Move(before, state, act) for before in states)


_AWAITING, _SENT, _ACKNOWLEDGED = StepState.AWAITING_CONSENT, StepState.SENT, StepState.ACKNOWLEDGED
_ACCEPTED, _ON_AGENDA = StepState.ACCEPTED, StepState.ON_AGENDA
_RECEIVED: Final = (_SENT, _ACKNOWLEDGED, _ACCEPTED, _ON_AGENDA)

# Two moves with one act from one state: whether anybody is left to take it up makes the difference, and of a referral
# whether the raiser has consented to what it is sent on with.
MOVES: Final[tuple[Move, ...]] = (
    Move(None, _AWAITING, Act.ISSUE_ESCALATE),
    Move(None, _AWAITING, Act.STEP_REFER),
    # A step that is taken up goes on to the next body, or sideways, as a step of its own.
    *_staying(Act.ISSUE_ESCALATE, _ACCEPTED, _ON_AGENDA),
    *_staying(Act.STEP_REFER, _ACCEPTED, _ON_AGENDA),
    *_to(StepState.REFERRED, Act.STEP_REFER, _ACCEPTED, _ON_AGENDA),
    Move(_AWAITING, _SENT, Act.CONSENT_GIVE),
    Move(_AWAITING, StepState.RETURNED, Act.CONSENT_GIVE),
    *_to(StepState.WITHDRAWN, Act.CONSENT_WITHDRAW, _AWAITING, _SENT, _ACKNOWLEDGED),
    *_staying(Act.CONSENT_WITHDRAW, _ACCEPTED, _ON_AGENDA),
    Move(_SENT, _ACKNOWLEDGED, Act.STEP_ACKNOWLEDGE),
    *_to(_ACCEPTED, Act.STEP_ACCEPT, _SENT, _ACKNOWLEDGED),
    *_staying(Act.STEP_ASK, *_RECEIVED),
    *_staying(Act.STEP_ANSWER, *_RECEIVED),
    *_staying(Act.STEP_NOTE, *_RECEIVED),
    Move(_ACCEPTED, _ON_AGENDA, Act.STEP_PLACE),
    *_to(StepState.RETURNED, Act.STEP_RETURN, *_RECEIVED),
    *_to(StepState.RESOLVED, Act.STEP_RESOLVE, _ACCEPTED, _ON_AGENDA),
    *_staying(Act.INTEREST_DECLARE, *StepState),
    *_to(StepState.RETURNED, Act.INTEREST_DECLARE, *_RECEIVED),
)

STEP_ACTS: Final[frozenset[Act]] = frozenset(move.act for move in MOVES)

# In which states of an issue an act is possible on the issue itself.
_LIVE: Final = (IssueState.RAISED, IssueState.CARRIED, IssueState.ANSWERED, IssueState.RETURNED, IssueState.WITHDRAWN)
ISSUE_ACTS: Final = MappingProxyType(
    {
        Act.ISSUE_ESCALATE: frozenset(_LIVE),
        Act.ISSUE_CLOSE: frozenset(_LIVE) - {IssueState.CARRIED},
        Act.RECIPIENT_CHOOSE: frozenset(_LIVE),
        Act.MESSAGE_SEND: frozenset(_LIVE),
        Act.HANDOVER_TAKE: frozenset({IssueState.RAISED, IssueState.CARRIED}),
        Act.INTEREST_DECLARE: frozenset(IssueState),
    }
)


def destinations(state: StepState | None, act: Act) -> frozenset[StepState]:
    """The states to which the act can lead from there; empty: it is not possible."""
    return frozenset(move.to_state for move in MOVES if move.act == act and move.from_state == state)


def may(state: StepState | None, act: Act) -> bool:
    """Whether the act is possible on a step in that state."""
    return bool(destinations(state, act))


def move_problems(state: StepState | None, act: Act) -> list[Problem]:
    """WRONG_STATE, naming the states in which the act is possible; empty if it is possible now."""
    if may(state, act):
        return []
    states = [move.from_state for move in MOVES if move.act == act and move.from_state is not None]
    if not states:
        return [Problem(Code.WRONG_STATE, "This is not possible on a step that exists.")]
    named = " or ".join(dict.fromkeys(states))
    return [Problem(Code.WRONG_STATE, f"This is possible only while the step is {named}.")]


def issue_act_problems(state: IssueState, act: Act) -> list[Problem]:
    """WRONG_STATE, naming the states in which the act is possible on the issue; empty if it is possible now."""
    possible = ISSUE_ACTS.get(act, frozenset[IssueState]())
    if state in possible:
        return []
    named = " or ".join(each for each in IssueState if each in possible)
    if not named:
        return [Problem(Code.WRONG_STATE, "This is not possible on an issue.")]
    return [Problem(Code.WRONG_STATE, f"This is possible only while the issue is {named}.")]


def issue_state(stored: IssueState, steps: Sequence[StepState]) -> IssueState:
    """The state of an issue whose steps, in the order of their numbers, stand so.

    `stored` decides where the issue was ended by itself. A step that awaits consent is no news: nothing was sent.
    """
    if stored in ISSUE_ENDED:
        return IssueState(stored)
    if any(step in UNDER_WAY for step in steps):
        return IssueState.CARRIED
    ended = [step for step in steps if step in ENDED]
    return _AFTER[StepState(ended[-1])] if ended else IssueState.RAISED


_AFTER: Final = MappingProxyType(
    {
        StepState.RESOLVED: IssueState.ANSWERED,
        StepState.RETURNED: IssueState.RETURNED,
        StepState.WITHDRAWN: IssueState.WITHDRAWN,
        StepState.REFERRED: IssueState.CARRIED,  # what it was referred with is a later step
    }
)
