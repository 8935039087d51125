"""Cells of what needs no hiding: figures that trusts have published themselves, and figures that count no people.

A trust's own figure is repeated to its last digit. Over several trusts counts, hours and pounds are added, percentages
are made of added numerators and denominators, and rates and scores are weighted by their base: without a base, or over
reports under definitions that do not compare, there is no number and the cell says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from service.rules.reports.definitions import Dimension, Figure, Part, Unit
from service.rules.reports.releases import COMPUTED, Cell, Key, Reason, Status, Taken, members

TWO_PLACES: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)

_Numbers = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]


def open_cells(
    one: Taken, dimensions: Sequence[Dimension], number: int, expected: Callable[[Key], int | None]
) -> list[Cell]:
    """The cells of these figures in the dimensions given."""
    return [
        _cell(one, dimension, member, trusts, number, expected)
        for dimension in dimensions
        for member, trusts in members(one, dimension).items()
    ]


def _cell(
    one: Taken,
    dimension: Dimension,
    member: str,
    trusts: Sequence[str],
    number: int,
    expected: Callable[[Key], int | None],
) -> Cell:
    key = one.key(dimension, member)
    figures = [figure for trust in trusts for figure in one.by_trust[trust]]
    reasons = _reasons(one, trusts, figures, expected(key))
    broken = bool({Reason.MIXED_DEFINITIONS, Reason.BASE_MISSING} & set(reasons))
    alone = dimension is Dimension.TRUST
    verbatim = alone and one.metric.published_verbatim
    numbers: _Numbers = (None, None, None, None) if broken else combined(one.metric.unit, figures)
    if numbers[0] is None and not broken:
        reasons = (*reasons, Reason.UNDEFINED)
    return Cell(
        key=key,
        status=Status.NOT_COMPARABLE if broken else Status.VERBATIM if verbatim else Status.SHOWN,
        value=numbers[0],
        numerator=numbers[1],
        denominator=numbers[2],
        base=numbers[3],
        reporters=len(trusts),
        expected=expected(key),
        source=one.sources[trusts[0]] if alone else COMPUTED,
        computed_in=number,
        reasons=reasons,
    )


def _reasons(one: Taken, trusts: Sequence[str], figures: Sequence[Figure], expected: int | None) -> tuple[Reason, ...]:
    found = []
    if expected is not None and len(trusts) < expected:
        found.append(Reason.PARTIAL)
    if len({one.versions[trust] for trust in trusts}) > 1:
        found.append(Reason.MIXED_DEFINITIONS)
    weighted = one.metric.unit in {Unit.RATE_WITH_BASE, Unit.SCORE} and len(figures) > 1
    if weighted and any(not figure.base for figure in figures):
        found.append(Reason.BASE_MISSING)
    if any(figure.estimated for figure in figures):
        found.append(Reason.ESTIMATED)
    return tuple(found)


def combined(unit: Unit, figures: Sequence[Figure]) -> _Numbers:
    """Value, numerator, denominator and base over the figures: one as it is, several added or weighted by base."""
    if unit in {Unit.PERCENTAGE, Unit.LIKELIHOOD_RATIO}:
        numerator, denominator = _sum(figures, Part.NUMERATOR), _sum(figures, Part.DENOMINATOR)
        value = (_HUNDRED * numerator / denominator).quantize(TWO_PLACES, ROUND_HALF_UP) if denominator else None
        return value, numerator, denominator, None
    if len(figures) == 1:
        return figures[0].value, None, None, figures[0].base
    if unit in {Unit.RATE_WITH_BASE, Unit.SCORE}:
        base = _sum(figures, Part.BASE)
        products = [(figure.value or Decimal(0)) * (figure.base or Decimal(0)) for figure in figures]
        value = (sum(products, Decimal(0)) / base).quantize(TWO_PLACES, ROUND_HALF_UP) if base else None
        return value, None, None, base
    return _sum(figures, Part.VALUE), None, None, None


def _sum(figures: Sequence[Figure], part: Part) -> Decimal:
    return sum((figure.number(part) or Decimal(0) for figure in figures), Decimal(0))
