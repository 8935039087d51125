"""The plan of a consultation: options, channels, bodies and dates, agreed before it opens.

Consultation is option-based and early, so that staff have an impact on the decision (founding document
S4, Communications); timelines and channels are agreed with those consulted (S0, Work programmes).
Minimum periods are dated data: law and local agreements change, and a trust may pass a table of its own.
For collective redundancy no period of the consultation as such is prescribed; the statute's clock runs
between consulting representatives and the first dismissal (`rules.redundancy`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, assert_never

from service.rules.calendar import NO_CLOSURES, add_working_days, england_day
from service.rules.consultations.states import Kind
from service.rules.problems import Code, Problem
from service.rules.redundancy import Facts, redundancy_problems
from service.rules.text import line_problems, text_problems

OPTIONS_MOST: Final = 20
CHANNELS_MOST: Final = 20
TITLE_MOST: Final = 200
DETAIL_MOST: Final = 5_000
AHEAD_MOST: Final = timedelta(days=5 * 366)


class DayUnit(StrEnum):
    """Which days a period counts."""

    WORKING = "WORKING"
    CALENDAR = "CALENDAR"


@dataclass(frozen=True, slots=True)
class MinimumPeriod:
    """How long a kind of consultation that opens from `from_date` until `until_date` (None: on) must stay open."""

    kind: Kind
    from_date: date
    until_date: date | None
    days: int
    unit: DayUnit
    source: str


MINIMUM_PERIODS: Final[tuple[MinimumPeriod, ...]] = (
    MinimumPeriod(
        Kind.POLICY,
        date(2000, 1, 1),
        None,
        20,
        DayUnit.WORKING,
        "Common local practice (four working weeks), to be verified against the trust's own agreement",
    ),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One of the ways to go on which views are sought."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What both sides sign before a consultation opens; it closes at the end of `closes_on` in England."""

    kind: Kind
    options: tuple[Option, ...]
    channels: tuple[str, ...]
    consultees: int
    opens_on: date
    closes_on: date
    redundancy: Facts | None


@dataclass(frozen=True, slots=True)
class Papers:
    """What there is to consult on: the latest version, and the latest that has an equality impact assessment."""

    latest_version: int | None
    impact_assessed_version: int | None


def plan_hash(plan: Plan, bodies: Iterable[str], number: int) -> str:
    """What both sides sign: SHA-256, in hexadecimal, over the plan's words, its bodies' ids and its number."""
    words = {**asdict(plan), "bodies": sorted(bodies), "number": number}
    return sha256(json.dumps(words, sort_keys=True, default=str).encode()).hexdigest()


def minimum_closing(
    kind: Kind,
    opens_on: date,
    closures: frozenset[date] = NO_CLOSURES,
    periods: Sequence[MinimumPeriod] = MINIMUM_PERIODS,
) -> date:
    """The first day on which a consultation that opens that day may close: the next, where no rule says more."""
    period = _period(kind, opens_on, periods)
    return opens_on + timedelta(days=1) if period is None else _end(period, opens_on, closures)


def plan_problems(
    plan: Plan,
    now: datetime,
    closures: frozenset[date] = NO_CLOSURES,
    periods: Sequence[MinimumPeriod] = MINIMUM_PERIODS,
) -> list[Problem]:
    """Why a plan cannot be put forward; empty if it can."""
    today = england_day(now)
    return [
        *_option_problems(plan.options),
        *_channel_problems(plan.channels),
        *_consultee_problems(plan.consultees),
        *_date_problems(plan.opens_on, plan, today, closures, periods),
        *_redundancy_problems(plan),
    ]


def opening_problems(
    plan: Plan,
    now: datetime,
    papers: Papers,
    closures: frozenset[date] = NO_CLOSURES,
    periods: Sequence[MinimumPeriod] = MINIMUM_PERIODS,
) -> list[Problem]:
    """Why a planned consultation cannot open now: opened late, it must still stay open for the minimum.

    What is wrong is in the plan or the papers: no field of the opening names it.
    """
    today = england_day(now)
    if today < plan.opens_on:
        return [Problem(Code.DATE_ORDER, "The plan lets the consultation open on a later day.")]
    problems = [
        *_consultee_problems(plan.consultees),
        *_date_problems(today, plan, today, closures, periods),
        *_redundancy_problems(plan),
        *_begun_problems(plan.redundancy, today),
        *_paper_problems(papers),
    ]
    return [replace(problem, field=()) for problem in problems]


def _period(kind: Kind, opens_on: date, periods: Sequence[MinimumPeriod]) -> MinimumPeriod | None:
    return next(
        (
            p
            for p in periods
            if p.kind == kind and p.from_date <= opens_on and (p.until_date is None or opens_on <= p.until_date)
        ),
        None,
    )


def _end(period: MinimumPeriod, opens_on: date, closures: frozenset[date]) -> date:
    match period.unit:
        case DayUnit.WORKING:
            return add_working_days(opens_on, period.days, closures)
        case DayUnit.CALENDAR:
            return opens_on + timedelta(days=period.days)
        case _:
            assert_never(period.unit)


def _option_problems(options: Sequence[Option]) -> list[Problem]:
    problems = _number_problems(len(options), OPTIONS_MOST, "option", ("options",))
    for place, option in enumerate(options[:OPTIONS_MOST]):
        at = ("options", str(place))
        problems += line_problems(option.title, field=(*at, "title"), most=TITLE_MOST)
        problems += text_problems(option.detail, field=(*at, "detail"), most=DETAIL_MOST, required=False)
    return problems


def _channel_problems(channels: Sequence[str]) -> list[Problem]:
    problems = _number_problems(len(channels), CHANNELS_MOST, "channel", ("channels",))
    for place, channel in enumerate(channels[:CHANNELS_MOST]):
        problems += line_problems(channel, field=("channels", str(place)), most=TITLE_MOST)
    return problems


def _number_problems(number: int, most: int, noun: str, field: tuple[str, ...]) -> list[Problem]:
    if number < 1:
        return [Problem(Code.REQUIRED, f"A plan needs at least one {noun}.", field)]
    if number > most:
        return [Problem(Code.TOO_MANY, f"A plan takes at most {most} {noun}s.", field)]
    return []


def _consultee_problems(consultees: int) -> list[Problem]:
    if consultees >= 1:
        return []
    return [Problem(Code.REQUIRED, "At least one body must be consulted.", ("consulteeForumIds",))]


def _date_problems(
    opens_on: date,
    plan: Plan,
    today: date,
    closures: frozenset[date],
    periods: Sequence[MinimumPeriod],
) -> list[Problem]:
    if opens_on < today:
        return [Problem(Code.IN_THE_PAST, "A consultation cannot open on a day that has gone by.", ("opensOn",))]
    if max(opens_on, plan.closes_on) > today + AHEAD_MOST:
        return [Problem(Code.TOO_FAR_AHEAD, "A consultation can be planned at most five years ahead.", ("closesOn",))]
    if plan.closes_on <= opens_on:
        return [Problem(Code.DATE_ORDER, "A consultation must close after the day it opens.", ("closesOn",))]
    period = _period(plan.kind, opens_on, periods)
    if period is None or plan.closes_on >= _end(period, opens_on, closures):
        return []
    days, earliest = f"{period.days} {period.unit.lower()} days", _end(period, opens_on, closures)
    message = f"It must stay open for at least {days}: the earliest closing day is {earliest.isoformat()}."
    return [Problem(Code.TOO_SHORT_PERIOD, message, ("closesOn",))]


def _redundancy_problems(plan: Plan) -> list[Problem]:
    facts = plan.redundancy
    match plan.kind:
        case Kind.COLLECTIVE_REDUNDANCY:
            if facts is None:
                message = "Collective redundancy needs the facts of the statute."
                return [Problem(Code.REQUIRED, message, ("redundancy",))]
            return [problem.under("redundancy") for problem in redundancy_problems(facts)]
        case Kind.POLICY:
            if facts is None:
                return []
            return [Problem(Code.INVALID, "A policy consultation takes no redundancy facts.", ("redundancy",))]
        case _:
            assert_never(plan.kind)


def _begun_problems(facts: Facts | None, today: date) -> list[Problem]:
    began = facts and facts.consultation_with_representatives_began_on
    if not began or began <= today:
        return []
    message = "Consultation with appropriate representatives must have begun before networks are asked."
    return [Problem(Code.REPRESENTATIVES_NOT_CONSULTED, message)]


def _paper_problems(papers: Papers) -> list[Problem]:
    if papers.latest_version is None:
        return [Problem(Code.REQUIRED, "There is no policy version to consult on.")]
    if papers.latest_version != papers.impact_assessed_version:
        message = "The version consulted on needs an equality impact assessment."
        return [Problem(Code.REQUIRED, message)]
    return []
