"""Numbers derived from reported figures: percentages, relative likelihoods, gaps between groups, series, comparisons.

A ratio whose denominator is nought is undefined, not 0 or 1. A relative likelihood follows the direction of its
metric: above 1 (a difference: above 0) the group that the metric names fares worse, whatever a trust's own report
calls it. Every number carries its base, and says where it does not compare with the one before: another version of
the definition that breaks the series, a missing base, an estimate. Comparison with others is rank-free: nobody is
first or last. Sources: DOMAIN 2.1, 2.2; NHS England, WRES and WDES technical guidance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, assert_never

from service.rules.reports.definitions import (
    Comparison,
    Definition,
    Dimension,
    Direction,
    Figure,
    Method,
    Metric,
    Unit,
)
from service.rules.reports.periods import Period
from service.rules.reports.releases import Cell, Status

TWO_PLACES: Final = Decimal("0.01")
FEW: Final = 10
_HUNDRED: Final = Decimal(100)
_ONE: Final = Decimal(1)


class Caution(StrEnum):
    """What a reader has to know beside a derived number."""

    UNDEFINED = "UNDEFINED"
    CHANGED_DEFINITION = "CHANGED_DEFINITION"
    BASE_MISSING = "BASE_MISSING"
    SMALL_BASE = "SMALL_BASE"
    ESTIMATED = "ESTIMATED"
    GROUP_MISSING = "GROUP_MISSING"
    PARTIAL = "PARTIAL"


# With one of these a number does not compare with another.
BREAKING: Final = frozenset(
    {Caution.UNDEFINED, Caution.CHANGED_DEFINITION, Caution.BASE_MISSING, Caution.GROUP_MISSING, Caution.PARTIAL}
)


@dataclass(frozen=True, slots=True)
class Number:
    """A derived number in its metric's unit (percentages 0-100), its base, and what to know; None: there is none."""

    value: Decimal | None
    base: Decimal | None = None
    cautions: tuple[Caution, ...] = ()

    @property
    def comparable(self) -> bool:
        """Whether it compares with another number of its kind."""
        return self.value is not None and not BREAKING & set(self.cautions)


@dataclass(frozen=True, slots=True)
class Gap:
    """How two groups differ: the ratio or the difference, exactly in the metric's own direction.

    `worse`: the group that fares worse by it; empty where neither does, or it is undefined.
    """

    method: Method
    first: str
    second: str
    number: Number
    worse: str


@dataclass(frozen=True, slots=True)
class Point:
    """One report's number in a series."""

    period: Period
    version: int
    number: Number


@dataclass(frozen=True, slots=True)
class Reported:
    """The figures of one published report, for a series."""

    period: Period
    definition: Definition
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """One's own number beside that of a wider circle; `difference`: own less theirs, None where they do not compare."""

    dimension: Dimension
    member: str
    number: Number
    difference: Decimal | None


def percentage(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Of a hundred, exactly; None where it is undefined."""
    if numerator is None or not denominator:
        return None
    return _HUNDRED * numerator / denominator


def relative_likelihood(first: Figure, second: Figure) -> Decimal | None:
    """(first of how many) over (second of how many), exactly; None where any of the three divisions is undefined."""
    one, other = percentage(first.numerator, first.denominator), percentage(second.numerator, second.denominator)
    if one is None or not other or first.numerator is None or second.numerator is None:
        return None
    # Multiplied out, so that 46 % over 23 % is 2 and not nearly 2.
    assert first.denominator is not None
    assert second.denominator is not None
    return (first.numerator * second.denominator) / (first.denominator * second.numerator)


def of_figure(metric: Metric, figure: Figure) -> Number:
    """A figure as one number with its base."""
    cautions = [Caution.ESTIMATED] if figure.estimated else []
    match metric.unit:
        case Unit.PERCENTAGE | Unit.LIKELIHOOD_RATIO:
            value, base = percentage(figure.numerator, figure.denominator), figure.denominator
        case Unit.RATE_WITH_BASE | Unit.SCORE:
            value, base = figure.value, figure.base
            if metric.unit is Unit.RATE_WITH_BASE and not base:
                cautions.append(Caution.BASE_MISSING)
        case Unit.COUNT | Unit.HOURS | Unit.POUNDS:
            value, base = figure.value, None
        case Unit.TEXT:
            value, base = None, None
        case _:
            assert_never(metric.unit)
    if value is None:
        cautions.append(Caution.UNDEFINED)
    if base is not None and 0 < base < FEW:
        cautions.append(Caution.SMALL_BASE)
    return Number(value, base, tuple(cautions))


def gap(metric: Metric, figures: Iterable[Figure], band: str = "") -> Gap | None:
    """The gap between the two groups that the metric compares; None: it compares none."""
    if metric.comparison is None:
        return None
    comparison = metric.comparison
    of_group = {figure.group: figure for figure in figures if (figure.metric, figure.band) == (metric.code, band)}
    first, second = of_group.get(comparison.first), of_group.get(comparison.second)
    if first is None or second is None:
        return _gap(comparison, Number(None, None, (Caution.GROUP_MISSING,)))
    numbers = (of_figure(metric, first), of_figure(metric, second))
    value = _compared(comparison, first, second, numbers)
    base = min((n.base for n in numbers if n.base is not None), default=None)
    every = [caution for number in numbers for caution in number.cautions]
    cautions: list[Caution] = [caution for caution in every if caution is not Caution.UNDEFINED]
    if value is None:
        cautions.append(Caution.UNDEFINED)
    return _gap(comparison, Number(value, base, tuple(dict.fromkeys(cautions))))


def _compared(comparison: Comparison, first: Figure, second: Figure, numbers: tuple[Number, Number]) -> Decimal | None:
    one, other = numbers[0].value, numbers[1].value
    match comparison.method:
        case Method.DIFFERENCE:
            return None if one is None or other is None else one - other
        case Method.RATIO:
            return relative_likelihood(first, second)
        case _:
            assert_never(comparison.method)


def _gap(comparison: Comparison, number: Number) -> Gap:
    level = _ONE if comparison.method is Method.RATIO else Decimal(0)
    other = comparison.second if comparison.above_disadvantages == comparison.first else comparison.first
    worse = ""
    if number.value is not None and number.value != level:
        worse = comparison.above_disadvantages if number.value > level else other
    return Gap(comparison.method, comparison.first, comparison.second, number, worse)


def series(reports: Sequence[Reported], metric: str, group: str = "", band: str = "") -> tuple[Point, ...]:
    """The metric's numbers over time, oldest first. A point under a version that breaks the series says so."""
    points = []
    before: Definition | None = None
    for report in sorted(reports, key=lambda one: one.period):
        known = report.definition.metric(metric)
        figure = next((f for f in report.figures if f.key == (metric, group, band)), None)
        if known is None or figure is None:
            continue
        number = of_figure(known, figure)
        changed = before is not None and before.version != report.definition.version and bool(report.definition.change)
        points.append(Point(report.period, report.definition.version, _with(number, changed=changed)))
        before = report.definition
    return tuple(points)


def gap_series(reports: Sequence[Reported], metric: str, band: str = "") -> tuple[tuple[Period, Gap], ...]:
    """The metric's gap over time, oldest first; nothing where it compares no groups."""
    found = []
    for report in sorted(reports, key=lambda one: one.period):
        known = report.definition.metric(metric)
        one = gap(known, report.figures, band) if known is not None else None
        if one is not None:
            found.append((report.period, one))
    return tuple(found)


def _with(number: Number, *, changed: bool) -> Number:
    if not changed:
        return number
    return Number(number.value, number.base, (*number.cautions, Caution.CHANGED_DEFINITION))


def change(points: Sequence[Point]) -> Decimal | None:
    """The last number less the one before it; None where they do not compare."""
    if len(points) < 2 or not points[-1].number.comparable:
        return None
    now, then = points[-1].number.value, points[-2].number.value
    return None if now is None or then is None or Caution.UNDEFINED in points[-2].number.cautions else now - then


def better(direction: Direction, before: Decimal, after: Decimal) -> bool | None:
    """Whether the second number is better for the people it is about; None where it is neither, or no direction is."""
    if before == after:
        return None
    match direction:
        case Direction.HIGHER_IS_BETTER:
            return after > before
        case Direction.LOWER_IS_BETTER:
            return after < before
        case Direction.CLOSER_TO_ONE_IS_BETTER:
            return _nearer(before, after, _ONE)
        case Direction.CLOSER_TO_ZERO_IS_BETTER:
            return _nearer(before, after, Decimal(0))
        case Direction.NEUTRAL:
            return None
        case _:
            assert_never(direction)


def _nearer(before: Decimal, after: Decimal, to: Decimal) -> bool | None:
    was, now = abs(before - to), abs(after - to)
    return None if was == now else now < was


def beside(own: Number, cells: Sequence[Cell]) -> tuple[Beside, ...]:
    """One's own number beside the cells of a release: trust type, care board, region, England, and no order of trusts.

    Cells of other trusts are left out. A hidden number stays hidden, and there is no difference to it.
    """
    order = (Dimension.TRUST_TYPE, Dimension.ICB, Dimension.REGION, Dimension.ENGLAND)
    found = []
    for cell in sorted((c for c in cells if c.key.dimension in order), key=lambda c: order.index(c.key.dimension)):
        number = _of_cell(cell)
        both = own.value is not None and number.value is not None and own.comparable and number.comparable
        difference = own.value - number.value if both and own.value is not None and number.value is not None else None
        found.append(Beside(cell.key.dimension, cell.key.member, number, difference))
    return tuple(found)


def _of_cell(cell: Cell) -> Number:
    cautions = [Caution.PARTIAL] if cell.expected is not None and cell.reporters < cell.expected else []
    if cell.status is Status.NOT_COMPARABLE:
        cautions.append(Caution.CHANGED_DEFINITION)
    base = cell.base if cell.base is not None else cell.denominator
    return Number(cell.value, base, tuple(cautions))


def shares_of_band(figures: Iterable[Figure], metric: str, group: str) -> Mapping[str, Decimal | None]:
    """By band, the group's share of everybody counted there (WRES 1, WDES 1); None where nobody is."""
    by_band: dict[str, dict[str, Decimal]] = {}
    for figure in figures:
        if figure.metric == metric and figure.value is not None:
            by_band.setdefault(figure.band, {})[figure.group] = figure.value
    return {
        band: percentage(counts.get(group, Decimal(0)), sum(counts.values(), Decimal(0)))
        for band, counts in by_band.items()
    }


def as_read(value: Decimal | None, places: Decimal = TWO_PLACES) -> Decimal | None:
    """The number rounded half up for people to read; what is compared is exact."""
    return None if value is None else value.quantize(places, ROUND_HALF_UP)
