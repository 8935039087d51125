"""Where a report stands: draft, submitted, returned or acknowledged, published.

Every version is kept: what was submitted never changes, a change is the next version. A report that is returned comes
back as a new version, and so does a correction of one that is published; what was published stays in the releases
that took it, and the next release takes the correction. The sender's own (external) key says which report a
re-submission is about: the same content again changes nothing.

A definition that asks for the sign-off of a board's senior responsible officer (SRO) takes no submission without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from service.rules.problems import Code, Problem
from service.rules.reports.definitions import Definition, Figure, Part

_NUMERIC: Final = (Part.VALUE, Part.NUMERATOR, Part.DENOMINATOR, Part.BASE)


class State(StrEnum):
    """Where the latest version of a report stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    PUBLISHED = "PUBLISHED"


class Verb(StrEnum):
    """What can be done to a report; the service's acts are `REPORT_` and this word."""

    DRAFT = "DRAFT"
    REVISE = "REVISE"
    SIGN_OFF = "SIGN_OFF"
    SUBMIT = "SUBMIT"
    RETURN = "RETURN"
    ACKNOWLEDGE = "ACKNOWLEDGE"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Move:
    """A verb, from one state to another or the same; `from_state` None: there is nothing yet.

    `next_version`: the figures that stood stay as they were, and the move makes the next version.
    """

    from_state: State | None
    to_state: State
    verb: Verb
    next_version: bool = False


MOVES: Final[tuple[Move, ...]] = (
    Move(None, State.DRAFT, Verb.DRAFT, next_version=True),
    Move(State.DRAFT, State.DRAFT, Verb.REVISE),
    Move(State.RETURNED, State.DRAFT, Verb.REVISE, next_version=True),
    Move(State.PUBLISHED, State.DRAFT, Verb.REVISE, next_version=True),
    Move(State.DRAFT, State.DRAFT, Verb.SIGN_OFF),
    Move(State.DRAFT, State.SUBMITTED, Verb.SUBMIT),
    Move(State.SUBMITTED, State.RETURNED, Verb.RETURN),
    Move(State.SUBMITTED, State.ACKNOWLEDGED, Verb.ACKNOWLEDGE),
    Move(State.ACKNOWLEDGED, State.PUBLISHED, Verb.PUBLISH),
)

# A version that anyone but its author's body has seen: its figures never change again.
FIXED: Final[frozenset[State]] = frozenset({State.SUBMITTED, State.RETURNED, State.ACKNOWLEDGED, State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report: its number, where it stands, and the digest of its figures."""

    number: int
    state: State
    digest: str
    signed_off_digest: str | None = None
    submitted_at: datetime | None = None
    published_at: datetime | None = None


class Resubmission(StrEnum):
    """What a submission with a known external key does."""

    NEW = "NEW"
    REPLACES_DRAFT = "REPLACES_DRAFT"
    NEXT_VERSION = "NEXT_VERSION"
    UNCHANGED = "UNCHANGED"
    NOT_NOW = "NOT_NOW"


def move(state: State | None, verb: Verb) -> Move | None:
    """The move that the verb makes from there; None: it is not possible."""
    return next((row for row in MOVES if row.from_state == state and row.verb == verb), None)


def move_problems(state: State | None, verb: Verb) -> list[Problem]:
    """WRONG_STATE, naming the states in which the verb is possible; empty if it is possible now."""
    if move(state, verb) is not None:
        return []
    states = [row.from_state for row in MOVES if row.verb == verb and row.from_state is not None]
    if not states:
        return [Problem(Code.WRONG_STATE, "This is not possible on a report that exists.")]
    return [
        Problem(Code.WRONG_STATE, f"This is possible only while the report is {' or '.join(dict.fromkeys(states))}.")
    ]


def sign_off_problems(definition: Definition, digest: str, signed_off_digest: str | None) -> list[Problem]:
    """Why a report cannot be submitted without the officer's word on exactly these figures; empty if it can."""
    if not definition.needs_sro_sign_off or signed_off_digest == digest:
        return []
    if signed_off_digest is None:
        message = "This report needs the sign-off of the board's senior responsible officer."
    else:
        message = "The figures changed after the board's senior responsible officer signed them off."
    return [Problem(Code.SIGNATURE_MISSING, message, ("signOff",))]


def resubmission(latest: Version | None, digest: str) -> Resubmission:
    """What a submission under a known external key does to the latest version of that report."""
    if latest is None:
        return Resubmission.NEW
    if latest.digest == digest and latest.state != State.RETURNED:
        return Resubmission.UNCHANGED
    if latest.state == State.DRAFT:
        return Resubmission.REPLACES_DRAFT
    # Between submission and its answer the receiver is reading: a change then would be behind their back.
    if latest.state in {State.SUBMITTED, State.ACKNOWLEDGED}:
        return Resubmission.NOT_NOW
    return Resubmission.NEXT_VERSION


def digest_of(definition: Definition, figures: Sequence[Figure]) -> str:
    """SHA-256 (hexadecimal) over definition and figures, whatever their order and however a number is written."""
    rows = sorted(
        [
            [*figure.key, *(_plain(figure.number(part)) for part in _NUMERIC), figure.text, figure.estimated]
            for figure in figures
        ],
        key=lambda row: [str(cell) for cell in row],
    )
    text = json.dumps([definition.code, definition.version, rows], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(number: Decimal | None) -> str | None:
    """1, 1.0 and 1.00 are one number."""
    if number is None:
        return None
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
