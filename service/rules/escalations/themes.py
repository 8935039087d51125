"""Themes: what a region hears of its trusts is a category, a quarter and how many trusts, and no record of any.

From a dated number of trusts up, so that no trust can be told by its theme. Below it, or by name, only those trusts
whose management side and staff side have both signed for it (DESIGN section 7). A board is not two sides: it adds to
the number, and what names its trust is the joint committee's two signatures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.rules.bodies import Side
from service.rules.problems import Code, Problem
from service.rules.text import text_problems

STATEMENT_MOST: Final = 10_000
SIGNING_SIDES: Final = (Side.MANAGEMENT, Side.STAFF)
_PERIOD: Final = re.compile(r"([0-9]{4})-Q([1-4])")


class ThemeState(StrEnum):
    """Where a theme stands with the forum that heard it."""

    RAISED = "RAISED"
    DISCUSSED = "DISCUSSED"
    IN_PROGRESS = "IN_PROGRESS"
    ANSWERED = "ANSWERED"


THEME_STATE_DESCRIPTIONS: Final = MappingProxyType(
    {
        ThemeState.RAISED: "The forum has been told of it.",
        ThemeState.DISCUSSED: "The forum has discussed it.",
        ThemeState.IN_PROGRESS: "The forum does something about it.",
        ThemeState.ANSWERED: "The forum has said what came of it.",
    }
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From that day on, so many trusts make a theme."""

    starts_on: date
    trusts: int


# Oldest first. Three: local practice, unverified; the database's `access.theme_threshold` says what holds in a region.
THRESHOLDS: Final[tuple[Threshold, ...]] = (Threshold(date.min, 3),)


@dataclass(frozen=True, slots=True)
class Offer:
    """One body's offer of a theme, with the sides that signed for the trust to be named."""

    trust: str
    sides_signed: frozenset[Side] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """What the region sees of a theme. `trusts` None: nothing, not even that there is one."""

    trusts: int | None
    named: frozenset[str]


def period_of(day: date) -> str:
    """The quarter of a day, such as "2026-Q4"."""
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def period_problems(period: str, today: date) -> list[Problem]:
    """Why a theme cannot be offered for that quarter: it is none, or it has not begun."""
    if _PERIOD.fullmatch(period) is None or period.startswith("0000"):
        return [Problem(Code.INVALID, 'A quarter is written such as "2026-Q4".', ("period",))]
    if period > period_of(today):
        return [Problem(Code.IN_THE_FUTURE, "A theme is of a quarter that has begun.", ("period",))]
    return []


def threshold(on: date, thresholds: Sequence[Threshold] = THRESHOLDS) -> int:
    """How many trusts make a theme on that day."""
    begun = (each for each in thresholds if each.starts_on <= on)
    return max(begun, key=lambda each: each.starts_on, default=THRESHOLDS[0]).trusts


def seen(offers: Iterable[Offer], least: int) -> Seen:
    """What the region sees of these offers of one theme, where `least` trusts make one. Each trust counts once."""
    given = tuple(offers)
    trusts = {offer.trust for offer in given}
    named = frozenset(offer.trust for offer in given if may_be_named(offer.sides_signed))
    if len(trusts) >= least:
        return Seen(len(trusts), named)
    return Seen(len(named) or None, named)


def may_be_named(sides_signed: Collection[str]) -> bool:
    """Whether both sides have signed that the trust may be named."""
    return all(side in sides_signed for side in SIGNING_SIDES)


def offer_problems(period: str, today: date, *, already_offered: bool) -> list[Problem]:
    """Why a body cannot offer a theme for that quarter."""
    problems = period_problems(period, today)
    if already_offered:
        problems.append(Problem(Code.ALREADY_OFFERED, "This body has offered this theme for this quarter already."))
    return problems


def theme_signature_problems(side: str, sides_signed: Collection[str]) -> list[Problem]:
    """Why a side cannot sign for its trust to be named: each of the two sides signs once."""
    if side not in SIGNING_SIDES:
        return [Problem(Code.NOT_PERMITTED, "Only management side and staff side sign.")]
    if side in sides_signed:
        return [Problem(Code.ALREADY_SIGNED, "This side has signed already.")]
    return []


def theme_answer_problems(state: ThemeState, to_state: ThemeState, statement: str) -> list[Problem]:
    """Why a forum cannot say that of a theme: it never goes back, and what is said is said in words."""
    problems = text_problems(statement, field=("statement",), most=STATEMENT_MOST)
    order = tuple(ThemeState)
    if to_state == ThemeState.RAISED:
        problems.append(Problem(Code.INVALID, "A forum says what it has done with a theme.", ("state",)))
    elif order.index(to_state) < order.index(state):
        message = f"This theme is {ThemeState(state)} already."
        problems.append(Problem(Code.WRONG_STATE, message, ("state",)))
    return problems
