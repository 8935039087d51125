"""What can be wrong with an act, said in one vocabulary.

A person who is refused deserves the rule in plain words and the field it concerns, and a program a code
that does not change (DESIGN section 9: "bad input gets a typed error with the field and the rule").
A message never repeats what the person wrote: refusals are audited, and free text has no place there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Code(StrEnum):
    """Why an act was refused."""

    NOT_FOUND = "NOT_FOUND"
    NOT_PERMITTED = "NOT_PERMITTED"
    CAPACITY_REQUIRED = "CAPACITY_REQUIRED"
    STALE_REVISION = "STALE_REVISION"
    IDEMPOTENCY_KEY_REQUIRED = "IDEMPOTENCY_KEY_REQUIRED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    TOO_DEEP = "TOO_DEEP"

    WRONG_STATE = "WRONG_STATE"
    DATE_ORDER = "DATE_ORDER"
    IN_THE_PAST = "IN_THE_PAST"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    TOO_FAR_AHEAD = "TOO_FAR_AHEAD"
    TOO_SHORT_PERIOD = "TOO_SHORT_PERIOD"
    TOO_LONG_PERIOD = "TOO_LONG_PERIOD"

    STATUTORY_PERIOD = "STATUTORY_PERIOD"
    REPRESENTATIVES_NOT_CONSULTED = "REPRESENTATIVES_NOT_CONSULTED"
    HR1_TOO_LATE = "HR1_TOO_LATE"

    UNKNOWN_CLAUSE = "UNKNOWN_CLAUSE"
    ALREADY_RESPONDED = "ALREADY_RESPONDED"
    NOT_LATE = "NOT_LATE"
    CHANGE_REQUIRED = "CHANGE_REQUIRED"

    OPEN_POINTS = "OPEN_POINTS"
    LATE_UNDECIDED = "LATE_UNDECIDED"
    RESPONSE_AWAITED = "RESPONSE_AWAITED"
    IMPACT_ASSESSMENT_DATED = "IMPACT_ASSESSMENT_DATED"
    NOT_LATEST_VERSION = "NOT_LATEST_VERSION"
    ALREADY_SIGNED = "ALREADY_SIGNED"
    SIGNATURE_MISSING = "SIGNATURE_MISSING"
    HASH_MISMATCH = "HASH_MISMATCH"

    NO_ROUTE = "NO_ROUTE"
    CASEWORK_DIVERTED = "CASEWORK_DIVERTED"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    NO_RECEIVER = "NO_RECEIVER"
    ALREADY_WITHDRAWN = "ALREADY_WITHDRAWN"
    NOT_TOLD_YET = "NOT_TOLD_YET"
    ALREADY_OFFERED = "ALREADY_OFFERED"
    FIGURE_REFUSED = "FIGURE_REFUSED"
    ALREADY_REPORTED = "ALREADY_REPORTED"
    NOTHING_PUBLISHED = "NOTHING_PUBLISHED"
    FILE_REFUSED = "FILE_REFUSED"
    UNCONFIRMED = "UNCONFIRMED"


DESCRIPTIONS: Final[Mapping[Code, str]] = MappingProxyType(
    {
        Code.NOT_FOUND: "There is no such thing, or none that you may see.",
        Code.NOT_PERMITTED: "The seat you act in has no power to do this here.",
        Code.CAPACITY_REQUIRED: "You hold several seats: choose the one in which you act.",
        Code.STALE_REVISION: "Somebody changed this since you read it: read it again.",
        Code.IDEMPOTENCY_KEY_REQUIRED: "This act needs an idempotency key, so that a retry cannot double it.",
        Code.IDEMPOTENCY_KEY_REUSED: "This idempotency key was used before with another input.",
        Code.REQUIRED: "A value that the act needs is missing or blank.",
        Code.INVALID: "A value is not of the kind that this field takes.",
        Code.TOO_LONG: "A text is longer than this field takes.",
        Code.TOO_MANY: "There are more entries than this field takes.",
        Code.TOO_DEEP: "A text nests lists or quotations more deeply than can be shown.",
        Code.WRONG_STATE: "The act is not possible in the state that the matter is in.",
        Code.DATE_ORDER: "One date must come after another and does not.",
        Code.IN_THE_PAST: "A date or moment that must lie ahead has gone by.",
        Code.IN_THE_FUTURE: "A date that must have come lies ahead.",
        Code.TOO_FAR_AHEAD: "A date lies further ahead than anything can be planned.",
        Code.TOO_SHORT_PERIOD: "The period is shorter than the minimum for this kind of consultation.",
        Code.TOO_LONG_PERIOD: "The period is longer than the rule allows.",
        Code.STATUTORY_PERIOD: "The first dismissal comes sooner than the statutory minimum allows.",
        Code.REPRESENTATIVES_NOT_CONSULTED: (
            "Statutory consultation with appropriate representatives has not begun; "
            "responses from networks cannot stand in for it."
        ),
        Code.HR1_TOO_LATE: "Form HR1 is missing or later than the statutory minimum before the first dismissal.",
        Code.UNKNOWN_CLAUSE: "The policy version has no clause of this address.",
        Code.ALREADY_RESPONDED: "This body has made its one formal response.",
        Code.NOT_LATE: "Only a late response that nobody has decided on can be considered or declined.",
        Code.CHANGE_REQUIRED: "A point that is accepted, wholly or partly, needs a clause changed in a later version.",
        Code.OPEN_POINTS: "Some points have no outcome yet.",
        Code.LATE_UNDECIDED: "Some late responses are neither considered nor declined yet.",
        Code.RESPONSE_AWAITED: "A body whose time was extended may still respond.",
        Code.IMPACT_ASSESSMENT_DATED: (
            "The final version needs an equality impact assessment dated after the consultation closed."
        ),
        Code.NOT_LATEST_VERSION: "Only the latest version of the policy can be signed.",
        Code.ALREADY_SIGNED: "This side has signed, or made its statement, already.",
        Code.SIGNATURE_MISSING: "No side has signed yet.",
        Code.HASH_MISMATCH: "The hash offered is not that of the text that stands.",
        Code.NO_ROUTE: "An issue cannot go there from here; the message names where it can go.",
        Code.CASEWORK_DIVERTED: (
            "An individual's case does not belong on this route. Nothing was kept; the message says who can help."
        ),
        Code.CONSENT_REQUIRED: "The person concerned has not consented to this.",
        Code.NO_RECEIVER: "Everybody who could take this up there is barred from it.",
        Code.ALREADY_WITHDRAWN: "Consent to this has been taken back already.",
        Code.NOT_TOLD_YET: "The raiser must be told on an earlier day, or consent.",
        Code.ALREADY_OFFERED: "This body has offered this theme for this quarter already.",
        Code.FIGURE_REFUSED: "A figure breaks a check of the report's definition; the message names the rule.",
        Code.ALREADY_REPORTED: "This body has a report of this kind on this period already: revise that one.",
        Code.NOTHING_PUBLISHED: "No trust of the region has published a report of this kind.",
        Code.FILE_REFUSED: "The file cannot be read; the message names the reason.",
        Code.UNCONFIRMED: "The act would do so much at once that its extent must be confirmed.",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why an act cannot be done: code, plain sentence, path of the input field."""

    code: Code
    message: str
    field: tuple[str, ...] = ()

    def under(self, *prefix: str) -> Problem:
        """The same problem, seen from an input that holds the field under `prefix`."""
        return replace(self, field=(*prefix, *self.field))
