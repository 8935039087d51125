"""An issue as it is raised: what about, how formally, by whom, and what may be written.

Mechanisms bring issues forward "formally and informally" (founding document S0, section 2): an informal issue may say
nothing but its category, so that somebody can ask for a conversation without writing anything down. It has no title,
because a title is what everybody repeats. Confidential is not anonymous: one recipient, whom the raiser chooses, knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.rules.problems import Code, Problem
from service.rules.text import line_problems, text_problems

BODY_MOST: Final = 20_000
EFFECT_MOST: Final = 2_000
SUMMARY_MOST: Final = 10_000
MESSAGE_MOST: Final = 5_000
NOTE_MOST: Final = 10_000
REASON_MOST: Final = 2_000
OUTCOME_MOST: Final = 10_000
RECEIPT_MOST: Final = 200
AGENDA_TITLE_MOST: Final = 200
AGENDA_FURTHEST_DAYS: Final = 731
IMPLICATED_MOST: Final = 20


class Category(StrEnum):
    """What an issue is about: the focus areas of networks and the themes of partnership (S0)."""

    POLICY = "POLICY"
    PAY_AND_TERMS = "PAY_AND_TERMS"
    BULLYING_HARASSMENT_VIOLENCE = "BULLYING_HARASSMENT_VIOLENCE"
    HEALTH_AND_WELLBEING = "HEALTH_AND_WELLBEING"
    RAISING_CONCERNS = "RAISING_CONCERNS"
    TIME_OFF = "TIME_OFF"
    SAFE_SPACE = "SAFE_SPACE"
    STAFF_EXPERIENCE = "STAFF_EXPERIENCE"
    ACTION_PLANNING = "ACTION_PLANNING"
    PEER_SUPPORT = "PEER_SUPPORT"
    BEST_PRACTICE = "BEST_PRACTICE"


class Manner(StrEnum):
    """How formally an issue is raised."""

    FORMAL = "FORMAL"
    INFORMAL = "INFORMAL"


class IdentityMode(StrEnum):
    """Who is told who raised an issue."""

    NAMED = "NAMED"
    CONFIDENTIAL = "CONFIDENTIAL"
    OFFICE = "OFFICE"


CATEGORY_DESCRIPTIONS: Final = MappingProxyType(
    {
        Category.POLICY: "A policy, or how it is applied.",
        Category.PAY_AND_TERMS: "Pay, and terms and conditions.",
        Category.BULLYING_HARASSMENT_VIOLENCE: "Bullying, harassment or violence.",
        Category.HEALTH_AND_WELLBEING: "Health, safety and wellbeing at work.",
        Category.RAISING_CONCERNS: "How concerns are raised and heard.",
        Category.TIME_OFF: "Time off, for a network, a union or a caring duty.",
        Category.SAFE_SPACE: "A safe space to raise concerns.",
        Category.STAFF_EXPERIENCE: "Staff experience, and the data about it.",
        Category.ACTION_PLANNING: "Action plans, such as those on race and disability equality.",
        Category.PEER_SUPPORT: "Support among colleagues.",
        Category.BEST_PRACTICE: "Good practice that others should know of.",
    }
)
MANNER_DESCRIPTIONS: Final = MappingProxyType(
    {
        Manner.FORMAL: "In writing, for an answer on record.",
        Manner.INFORMAL: "For a conversation; it may hold no text at all.",
    }
)
IDENTITY_MODE_DESCRIPTIONS: Final = MappingProxyType(
    {
        IdentityMode.NAMED: "Those who hold the issue are told who raised it; no later reader is.",
        IdentityMode.CONFIDENTIAL: "Confidential, not anonymous: one recipient, chosen by the raiser, is told.",
        IdentityMode.OFFICE: "The body raises it itself, by its officers.",
    }
)


@dataclass(frozen=True, slots=True)
class Raise:
    """An issue as it is put in; `implicated` counts persons and offices, `is_officer` is whether the raiser is one."""

    manner: Manner
    identity: IdentityMode
    body: str
    effect_sought: str
    has_recipient: bool
    implicated: int
    is_officer: bool = False


def raise_problems(said: Raise) -> list[Problem]:
    """Why an issue cannot be raised in these words; where it may be raised is a matter of routes."""
    problems = [
        *text_problems(said.body, field=("body",), most=BODY_MOST, required=said.manner != Manner.INFORMAL),
        *text_problems(said.effect_sought, field=("effectSought",), most=EFFECT_MOST, required=False),
        *_recipient_problems(said.identity, has_recipient=said.has_recipient),
    ]
    if said.identity == IdentityMode.OFFICE and not said.is_officer:
        message = "Only an officer raises an issue for the body itself."
        problems.append(Problem(Code.NOT_PERMITTED, message, ("identity",)))
    if said.implicated > IMPLICATED_MOST:
        message = f"At most {IMPLICATED_MOST} persons and offices can be named as implicated."
        problems.append(Problem(Code.TOO_MANY, message, ("implicated",)))
    return problems


def _recipient_problems(identity: IdentityMode, *, has_recipient: bool) -> list[Problem]:
    confidential = identity == IdentityMode.CONFIDENTIAL
    if confidential and not has_recipient:
        message = "A confidential issue needs the one person whom its raiser entrusts with the identity."
        return [Problem(Code.REQUIRED, message, ("recipientSeatId",))]
    if has_recipient and not confidential:
        message = "Only a confidential issue is entrusted to one recipient."
        return [Problem(Code.INVALID, message, ("recipientSeatId",))]
    return []


def summary_problems(summary: str) -> list[Problem]:
    """Why a text cannot be sent to another body."""
    return text_problems(summary, field=("summary",), most=SUMMARY_MOST)


def message_problems(body: str) -> list[Problem]:
    """Why a message, a question or an answer cannot be taken."""
    return text_problems(body, field=("body",), most=MESSAGE_MOST)


def note_problems(body: str) -> list[Problem]:
    """Why a receiver's own note cannot be taken."""
    return text_problems(body, field=("body",), most=NOTE_MOST)


def reason_problems(reason: str) -> list[Problem]:
    """Why a step cannot be returned, or an issue closed, with that reason."""
    return text_problems(reason, field=("reason",), most=REASON_MOST)


def outcome_problems(outcome: str) -> list[Problem]:
    """Why a step cannot be resolved with that outcome."""
    return text_problems(outcome, field=("outcome",), most=OUTCOME_MOST)


def receipt_problems(receipt: str) -> list[Problem]:
    """Why an issue cannot be handed over against that receipt, which names the guardian's own record and no content."""
    return line_problems(receipt, field=("receipt",), most=RECEIPT_MOST)


def agenda_problems(title: str, meets_on: date | None, today: date) -> list[Problem]:
    """Why a step cannot be placed so on the agenda; the day may not be known yet."""
    problems = line_problems(title, field=("title",), most=AGENDA_TITLE_MOST)
    if meets_on is None:
        return problems
    if meets_on < today:
        problems.append(Problem(Code.IN_THE_PAST, "The meeting lies in the past.", ("meetsOn",)))
    elif (meets_on - today).days > AGENDA_FURTHEST_DAYS:
        problems.append(Problem(Code.TOO_FAR_AHEAD, "A meeting lies at most two years ahead.", ("meetsOn",)))
    return problems
