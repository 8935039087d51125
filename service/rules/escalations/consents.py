"""Consent: to exactly this text, for exactly this body, and taken back at any time.

A later hop needs a new consent, because its text is another. Taken back before the receiver accepted the step, the text
goes and a tombstone stays; taken back afterwards, the receiver is told, and decides what follows, on record.
Whoever has left the trust still consents and takes back (DESIGN section 9: a raiser keeps sight of their own issue).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Final, assert_never

from service.rules.acts import Act
from service.rules.escalations.issues import IdentityMode
from service.rules.escalations.states import StepState, move_problems
from service.rules.problems import Code, Problem
from service.rules.text import normalised


class Withdrawal(StrEnum):
    """What taking consent back does."""

    TOMBSTONE = "TOMBSTONE"
    TOLD = "TOLD"


WITHDRAWAL_DESCRIPTIONS: Final = MappingProxyType(
    {
        Withdrawal.TOMBSTONE: "The text is gone, and the step is withdrawn.",
        Withdrawal.TOLD: "The receiver had accepted it: it is told, and decides what follows.",
    }
)


def content_hash(text: str) -> str:
    """What is consented to: SHA-256, in hexadecimal, over the text as it is kept, in UTF-8."""
    return sha256(normalised(text).encode()).hexdigest()


def covers(consented_hash: str, text: str) -> bool:
    """Whether that consent was to exactly this text."""
    return consented_hash == content_hash(text)


def consent_problems(state: StepState, offered_hash: str, summary_hash: str) -> list[Problem]:
    """Why consent cannot be given: nothing awaits it, or the hash is not that of the text that would be sent."""
    problems = [_withdrawn()] if state == StepState.WITHDRAWN else move_problems(state, Act.CONSENT_GIVE)
    if offered_hash != summary_hash:
        message = "The hash offered is not that of the text that would be sent: read it again before you consent."
        problems.append(Problem(Code.HASH_MISMATCH, message, ("contentHash",)))
    return problems


def sending_problems(consented_hash: str | None, withdrawn_on: date | None, summary: str) -> list[Problem]:
    """Why a text cannot be shown to its receiver: there is no consent to exactly it, or it was taken back."""
    if withdrawn_on is not None:
        return [_withdrawn()]
    if consented_hash is None or not covers(consented_hash, summary):
        return [Problem(Code.CONSENT_REQUIRED, "The raiser has not consented to exactly this text.")]
    return []


def withdrawal_problems(state: StepState, withdrawn_on: date | None) -> list[Problem]:
    """Why consent cannot be taken back: it was already, or the step is over."""
    return [_withdrawn()] if withdrawn_on is not None else move_problems(state, Act.CONSENT_WITHDRAW)


def withdrawal(state: StepState) -> Withdrawal | None:
    """What taking consent back does to a step in that state; None: it cannot be taken back any more."""
    match StepState(state):
        case StepState.AWAITING_CONSENT | StepState.SENT | StepState.ACKNOWLEDGED:
            return Withdrawal.TOMBSTONE
        case StepState.ACCEPTED | StepState.ON_AGENDA:
            return Withdrawal.TOLD
        case StepState.RESOLVED | StepState.RETURNED | StepState.REFERRED | StepState.WITHDRAWN:
            return None
        case other:
            assert_never(other)


def speaks_for(identity: IdentityMode, *, is_raiser: bool, is_officer: bool) -> bool:
    """Whether somebody consents for an issue: its raiser; its body's officers only where nobody's person raised it."""
    return is_officer if identity == IdentityMode.OFFICE else is_raiser


def _withdrawn() -> Problem:
    return Problem(Code.ALREADY_WITHDRAWN, "Consent to this step has been taken back.")
