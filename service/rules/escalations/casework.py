"""An individual's case does not belong in a network or a committee: nothing is kept, and the right people are named.

Networks signpost, they do not solve (founding document S0, Top 10 tips); joint committees take no individual cases. The
guardian's route and the private channel to the staff side stay open to it, so that a possible protected disclosure gets
through: which routes divert is a column of `service.forums.routes`. Whoever is refused reads first what to do in an
emergency, then whom to turn to, by office and in the words that the trust has set; `DEFAULTS` stand where it set none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.rules.problems import Code, Problem
from service.rules.text import text_problems

WORDS_MOST: Final = 1_000
HOW_TO_REACH_MOST: Final = 1_000


class SignpostPurpose(StrEnum):
    """To whom somebody is pointed, in the order in which it is said."""

    URGENT_HARM = "URGENT_HARM"
    UNION_REPRESENTATIVE = "UNION_REPRESENTATIVE"
    GUARDIAN = "GUARDIAN"
    GRIEVANCE = "GRIEVANCE"


@dataclass(frozen=True, slots=True)
class Signpost:
    """Whom to turn to: what they do, and how to reach them."""

    purpose: SignpostPurpose
    words: str
    how_to_reach: str


SIGNPOST_PURPOSE_DESCRIPTIONS: Final = MappingProxyType(
    {
        SignpostPurpose.URGENT_HARM: "What to do when somebody is in danger now.",
        SignpostPurpose.UNION_REPRESENTATIVE: "A trade union's representative.",
        SignpostPurpose.GUARDIAN: "The freedom-to-speak-up guardian.",
        SignpostPurpose.GRIEVANCE: "The grievance procedure.",
    }
)

# What is said where the organisation has set nothing (SIGNPOST_SET). Each should: it knows its own numbers.
DEFAULTS: Final[Mapping[SignpostPurpose, Signpost]] = MappingProxyType(
    {
        SignpostPurpose.URGENT_HARM: Signpost(
            SignpostPurpose.URGENT_HARM,
            "If somebody is in immediate danger, call 999 now, and tell the person in charge where you are.",
            "999 in an emergency. For urgent help with mental health call NHS 111 and choose the mental health option; "
            "Samaritans listen on 116 123, free, day and night. "
            "If a child or an adult at risk may come to harm, tell your organisation's safeguarding team today.",
        ),
        SignpostPurpose.UNION_REPRESENTATIVE: Signpost(
            SignpostPurpose.UNION_REPRESENTATIVE,
            "A union representative can advise you, come with you to meetings and take up your own case.",
            "Your union's workplace representative or branch office.",
        ),
        SignpostPurpose.GUARDIAN: Signpost(
            SignpostPurpose.GUARDIAN,
            "The freedom-to-speak-up guardian helps anybody who works here to speak up, in confidence.",
            "Raise it with the guardian in this service, or ask your organisation's switchboard for the guardian.",
        ),
        SignpostPurpose.GRIEVANCE: Signpost(
            SignpostPurpose.GRIEVANCE,
            "The grievance procedure gives your own case a hearing and an answer.",
            "Your manager, or the people team if it concerns your manager.",
        ),
    }
)


def signposts(configured: Mapping[SignpostPurpose, Signpost]) -> tuple[Signpost, ...]:
    """Whom to turn to, in the order in which it is said: the organisation's own words, else the defaults."""
    return tuple(configured.get(purpose, DEFAULTS[purpose]) for purpose in SignpostPurpose)


def casework_problems(
    *,
    diverts_casework: bool,
    individual_case: bool,
    configured: Mapping[SignpostPurpose, Signpost] = MappingProxyType({}),
) -> list[Problem]:
    """Why a matter cannot go along a route: it is an individual's case, and the route (`diverts_casework`) takes none.

    The message repeats nothing that was written: whoever wrote it keeps the draft, and the service keeps none.
    """
    if not (diverts_casework and individual_case):
        return []
    first, *others = signposts(configured)
    lines = [
        f"{first.words} {first.how_to_reach}",
        "This concerns one person's case, which does not belong here. Nothing was kept. These can help:",
        *(f"{post.words} {post.how_to_reach}" for post in others),
    ]
    return [Problem(Code.CASEWORK_DIVERTED, "\n".join(lines), ("concernsIndividualCase",))]


def signpost_problems(words: str, how_to_reach: str) -> list[Problem]:
    """Why an organisation's own words for a signpost cannot be taken."""
    return [
        *text_problems(words, field=("words",), most=WORDS_MOST),
        *text_problems(how_to_reach, field=("howToReach",), most=HOW_TO_REACH_MOST),
    ]
