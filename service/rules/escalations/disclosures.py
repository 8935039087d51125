"""When the identity behind a confidential issue may be disclosed: with consent, or on a listed ground with a reason.

The raiser is told first, on an earlier day, so that they can answer or get help; where telling would itself put
somebody in danger, the record says why it was not safe (DESIGN section 3, Sealed). Consent needs no waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.rules.problems import Code, Problem
from service.rules.text import text_problems

REASON_MOST: Final = 2_000


class DisclosureGround(StrEnum):
    """Why an identity may be disclosed."""

    RAISER_CONSENT = "RAISER_CONSENT"
    SERIOUS_HARM = "SERIOUS_HARM"
    SAFEGUARDING = "SAFEGUARDING"
    COURT_ORDER = "COURT_ORDER"


DISCLOSURE_GROUND_DESCRIPTIONS: Final = MappingProxyType(
    {
        DisclosureGround.RAISER_CONSENT: "The raiser consents to this disclosure to this person.",
        DisclosureGround.SERIOUS_HARM: "Somebody may otherwise come to serious harm.",
        DisclosureGround.SAFEGUARDING: "A child or an adult at risk must be protected.",
        DisclosureGround.COURT_ORDER: "A court has ordered it.",
    }
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure as it stands; days are England's, None where it has not happened."""

    ground: DisclosureGround
    safe_to_tell: bool
    why_not_told: str
    notified_on: date | None
    consented_on: date | None
    disclosed_on: date | None


def notification_problems(
    ground: DisclosureGround, reason: str, *, safe_to_tell: bool, why_not_told: str
) -> list[Problem]:
    """Why a disclosure cannot be prepared so: it has a reason, and another where the raiser is not told."""
    problems = text_problems(reason, field=("reason",), most=REASON_MOST)
    problems += text_problems(why_not_told, field=("whyNotTold",), most=REASON_MOST, required=not safe_to_tell)
    if ground == DisclosureGround.RAISER_CONSENT and not safe_to_tell:
        message = "Nobody consents to what they are not told of."
        problems.append(Problem(Code.INVALID, message, ("safeToTell",)))
    return problems


def identity_consent_problems(disclosure: Disclosure) -> list[Problem]:
    """Why a raiser cannot consent to a disclosure: it has happened, or was consented to already."""
    if disclosure.disclosed_on is not None:
        return [_happened()]
    if disclosure.consented_on is not None:
        return [Problem(Code.WRONG_STATE, "This disclosure has been consented to already.")]
    return []


def disclosure_problems(disclosure: Disclosure, today: date) -> list[Problem]:
    """Why an identity cannot be disclosed today; empty if it can."""
    if disclosure.disclosed_on is not None:
        return [_happened()]
    if disclosure.consented_on is not None:
        return []
    if disclosure.ground == DisclosureGround.RAISER_CONSENT:
        return [Problem(Code.CONSENT_REQUIRED, "The raiser has not consented to this disclosure.")]
    if not disclosure.safe_to_tell:
        return text_problems(disclosure.why_not_told, field=("whyNotTold",), most=REASON_MOST)
    if disclosure.notified_on is None or disclosure.notified_on >= today:
        message = "The raiser must be told on an earlier day, or consent. It can be disclosed tomorrow at the earliest."
        return [Problem(Code.NOT_TOLD_YET, message)]
    return []


def _happened() -> Problem:
    return Problem(Code.WRONG_STATE, "This disclosure has been made already.")
