"""What is wrong with the figures of a report, under the checks of its definition.

Each problem says where it is (row and metric, group, band, part), which rule it breaks and the value that was given,
so that whoever sent a file finds the cell. A value is repeated only where it is a number of the reporter's own: text
never is. A part that is missing, or one that its unit has no place for, is a problem as well; a cell that the
definition does not know is never dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, assert_never

from service.rules.reports.definitions import (
    OPTIONAL_PARTS,
    AddUpTo,
    AtMost,
    BandsAddUp,
    Check,
    Definition,
    Figure,
    Metric,
    NotMoreThan,
    NotZero,
    Part,
    Range,
    SumsTo,
    TextLength,
    Whole,
)
from service.rules.text import text_problems

DIGITS_MOST: Final = 40
PLACES_MOST: Final = 20


class Rule(StrEnum):
    """Which rule a figure breaks."""

    UNKNOWN_METRIC = "UNKNOWN_METRIC"
    UNKNOWN_GROUP = "UNKNOWN_GROUP"
    UNKNOWN_BAND = "UNKNOWN_BAND"
    DUPLICATED = "DUPLICATED"
    MISSING = "MISSING"
    MISSING_PART = "MISSING_PART"
    PART_NOT_TAKEN = "PART_NOT_TAKEN"
    ESTIMATE_NOT_TAKEN = "ESTIMATE_NOT_TAKEN"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    BELOW_RANGE = "BELOW_RANGE"
    ABOVE_RANGE = "ABOVE_RANGE"
    NOT_WHOLE = "NOT_WHOLE"
    ZERO = "ZERO"
    PART_ABOVE_WHOLE = "PART_ABOVE_WHOLE"
    DOES_NOT_ADD_UP = "DOES_NOT_ADD_UP"
    ABOVE_OTHER_METRIC = "ABOVE_OTHER_METRIC"
    TEXT = "TEXT"


DESCRIPTIONS: Final[Mapping[Rule, str]] = MappingProxyType(
    {
        Rule.UNKNOWN_METRIC: "The definition has no such metric.",
        Rule.UNKNOWN_GROUP: "The metric has no such group.",
        Rule.UNKNOWN_BAND: "The metric has no such band.",
        Rule.DUPLICATED: "The same cell is given twice.",
        Rule.MISSING: "A cell that the definition asks for is not given.",
        Rule.MISSING_PART: "A part that the unit asks for is not given.",
        Rule.PART_NOT_TAKEN: "The unit of the metric has no such part.",
        Rule.ESTIMATE_NOT_TAKEN: "The definition takes no estimates.",
        Rule.NOT_A_NUMBER: "The value is no number that can be kept.",
        Rule.BELOW_RANGE: "The value is below the least that is possible.",
        Rule.ABOVE_RANGE: "The value is above the most that is possible.",
        Rule.NOT_WHOLE: "The value must be a whole number.",
        Rule.ZERO: "The value must not be zero.",
        Rule.PART_ABOVE_WHOLE: "A part is more than the whole that it is taken from.",
        Rule.DOES_NOT_ADD_UP: "The parts do not add up to their total.",
        Rule.ABOVE_OTHER_METRIC: "The value is more than that of the metric that contains it.",
        Rule.TEXT: "The text is too long, blank, or holds characters that cannot be kept.",
    }
)


@dataclass(frozen=True, slots=True)
class FigureProblem:
    """One thing wrong: the cell and part, the rule, the number given."""

    metric: str
    rule: Rule
    group: str = ""
    band: str = ""
    part: Part | None = None
    value: Decimal | None = None

    @property
    def message(self) -> str:
        """The rule in plain words."""
        return DESCRIPTIONS[self.rule]


_Cells = Mapping[tuple[str, str, str], Figure]


def figure_problems(definition: Definition, figures: Sequence[Figure], *, complete: bool = True) -> list[FigureProblem]:
    """What is wrong with the figures, in the order given; `complete`: cells that are missing are a problem too.

    A draft may be incomplete, a submitted report may not.
    """
    problems = [problem for figure in figures for problem in _own_problems(definition, figure)]
    counted = Counter(figure.key for figure in figures)
    problems += [_at(Rule.DUPLICATED, key) for key, times in counted.items() if times > 1]
    cells = {figure.key: figure for figure in figures}
    if complete:
        problems += _missing(definition, cells)
    if any(problem.rule in _UNREADABLE for problem in problems):
        return problems
    problems += [
        problem
        for metric in definition.metrics
        for check in metric.checks
        for problem in _across_problems(metric, check, cells)
    ]
    return problems


# With one of these a sum would say the same thing again, about a number that is none.
_UNREADABLE: Final = frozenset({Rule.DUPLICATED, Rule.NOT_A_NUMBER, Rule.UNKNOWN_METRIC})


def _at(rule: Rule, key: tuple[str, str, str], part: Part | None = None, value: Decimal | None = None) -> FigureProblem:
    metric, group, band = key
    return FigureProblem(metric=metric, rule=rule, group=group, band=band, part=part, value=value)


def _missing(definition: Definition, cells: _Cells) -> list[FigureProblem]:
    return [
        _at(Rule.MISSING, (metric.code, group, band))
        for metric in definition.metrics
        if metric.required
        for group, band in metric.cells
        if (metric.code, group, band) not in cells
    ]


def _own_problems(definition: Definition, figure: Figure) -> Iterator[FigureProblem]:
    metric = definition.metric(figure.metric)
    if metric is None:
        yield _at(Rule.UNKNOWN_METRIC, figure.key)
        return
    if (figure.group, figure.band) not in metric.cells:
        groups = {group for group, _ in metric.cells}
        yield _at(Rule.UNKNOWN_BAND if figure.group in groups else Rule.UNKNOWN_GROUP, figure.key)
        return
    if figure.estimated and not definition.takes_estimates:
        yield _at(Rule.ESTIMATE_NOT_TAKEN, figure.key)
    yield from _part_problems(metric, figure)
    if not any(number is not None and _unreadable(number) for number in _numbers(figure)):
        for check in metric.checks:
            yield from _single_problems(check, figure)


def _numbers(figure: Figure) -> tuple[Decimal | None, ...]:
    return (figure.value, figure.numerator, figure.denominator, figure.base)


def _unreadable(number: Decimal) -> bool:
    """Whether it is infinite, not a number, or longer than a figure is."""
    if not number.is_finite():
        return True
    _, digits, exponent = number.as_tuple()
    return len(digits) > DIGITS_MOST or not isinstance(exponent, int) or not -PLACES_MOST <= exponent <= PLACES_MOST


def _part_problems(metric: Metric, figure: Figure) -> Iterator[FigureProblem]:
    optional = OPTIONAL_PARTS.get(metric.unit, frozenset())
    for part in Part:
        number = figure.number(part)
        given = figure.text is not None if part is Part.TEXT else number is not None
        if part not in metric.parts:
            if given:
                yield _at(Rule.PART_NOT_TAKEN, figure.key, part)
        elif not given and part not in optional:
            yield _at(Rule.MISSING_PART, figure.key, part)
        elif number is not None and _unreadable(number):
            yield _at(Rule.NOT_A_NUMBER, figure.key, part)


def _single_problems(check: Check, figure: Figure) -> Iterator[FigureProblem]:
    """What a check that looks at one cell finds; those that look at several find nothing here."""
    match check:
        case Range():
            yield from _range_problems(check, figure)
        case Whole(part):
            number = figure.number(part)
            if number is not None and number != number.to_integral_value():
                yield _at(Rule.NOT_WHOLE, figure.key, part, number)
        case NotZero(part):
            number = figure.number(part)
            if number is not None and number == 0:
                yield _at(Rule.ZERO, figure.key, part, number)
        case AtMost(part, of):
            number, whole = figure.number(part), figure.number(of)
            if number is not None and whole is not None and number > whole:
                yield _at(Rule.PART_ABOVE_WHOLE, figure.key, part, number)
        case TextLength(most):
            if figure.text is not None and text_problems(figure.text, field=(), most=most):
                yield _at(Rule.TEXT, figure.key, Part.TEXT)
        case BandsAddUp() | AddUpTo() | SumsTo() | NotMoreThan():
            return
        case _:
            assert_never(check)


def _range_problems(check: Range, figure: Figure) -> Iterator[FigureProblem]:
    number = figure.number(check.part)
    if number is None:
        return
    if check.least is not None and number < check.least:
        yield _at(Rule.BELOW_RANGE, figure.key, check.part, number)
    if check.most is not None and number > check.most:
        yield _at(Rule.ABOVE_RANGE, figure.key, check.part, number)


def _across_problems(metric: Metric, check: Check, cells: _Cells) -> Iterator[FigureProblem]:
    """What a check that looks at several cells finds; a sum of which one part is missing is left alone."""
    match check:
        case BandsAddUp(part, total, tolerance):
            yield from _bands(metric, part, total, tolerance, cells)
        case AddUpTo(part, others, whole, tolerance):
            for group, band in metric.cells:
                added = _sum([(code, group, band) for code in (metric.code, *others)], part, cells)
                if added is not None and abs(added - whole) > tolerance:
                    yield _at(Rule.DOES_NOT_ADD_UP, (metric.code, group, band), part, added)
        case SumsTo(part, others, total, tolerance):
            for group, band in metric.cells:
                added = _sum([(code, group, band) for code in (metric.code, *others)], part, cells)
                given = _number((total, group, band), part, cells)
                if added is not None and given is not None and abs(added - given) > tolerance:
                    yield _at(Rule.DOES_NOT_ADD_UP, (total, group, band), part, given)
        case NotMoreThan(part, of):
            for group, band in metric.cells:
                key = (metric.code, group, band)
                number, most = _number(key, part, cells), _number((of, group, band), part, cells)
                if number is not None and most is not None and number > most:
                    yield _at(Rule.ABOVE_OTHER_METRIC, key, part, number)
        case Range() | Whole() | NotZero() | AtMost() | TextLength():
            return
        case _:
            assert_never(check)


def _bands(metric: Metric, part: Part, total: str, tolerance: Decimal, cells: _Cells) -> Iterator[FigureProblem]:
    for group in tuple(choice.code for choice in metric.groups) or ("",):
        bands = [(metric.code, group, band.code) for band in metric.bands if band.code != total]
        added, key = _sum(bands, part, cells), (metric.code, group, total)
        given = _number(key, part, cells)
        if added is not None and given is not None and abs(added - given) > tolerance:
            yield _at(Rule.DOES_NOT_ADD_UP, key, part, given)


def _number(key: tuple[str, str, str], part: Part, cells: _Cells) -> Decimal | None:
    figure = cells.get(key)
    return None if figure is None else figure.number(part)


def _sum(keys: Sequence[tuple[str, str, str]], part: Part, cells: _Cells) -> Decimal | None:
    numbers = [_number(key, part, cells) for key in keys]
    return None if None in numbers else sum((number for number in numbers if number is not None), Decimal(0))
