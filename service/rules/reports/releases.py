"""The region's picture: tables built beforehand over published reports, frozen, the same for everyone who sees them.

The dimensions are fixed (period, metric, and one of trust, trust type in its region, care board, region, England), so
that no question of anyone's own reaches a raw count (THREATS F3). What a trust has itself published appears as
published, and sums of it are exact: the picture never contradicts them. Counts of people that nobody has published
come under the disclosure rule (`protected`). A release never changes. A correction makes the next one, and a total
that few corrected counts would give away by comparison is carried over from the release that showed it, or withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from service.rules.reports.definitions import Definition, Dimension, Figure, Metric, Unit
from service.rules.reports.differencing import Place
from service.rules.reports.disclosure import DisclosureRule
from service.rules.reports.periods import Period


class Status(StrEnum):
    """What a cell of a release is."""

    SHOWN = "SHOWN"
    HIDDEN = "HIDDEN"
    VERBATIM = "VERBATIM"
    NOT_COMPARABLE = "NOT_COMPARABLE"


class Reason(StrEnum):
    """What a reader has to know beside the number; none of these says why a cell is hidden."""

    PARTIAL = "PARTIAL"
    CARRIED_OVER = "CARRIED_OVER"
    MIXED_DEFINITIONS = "MIXED_DEFINITIONS"
    BASE_MISSING = "BASE_MISSING"
    UNDEFINED = "UNDEFINED"
    ESTIMATED = "ESTIMATED"


ENGLAND: Final = "ENGLAND"
COMPUTED: Final = "Computed from the published reports of the trusts counted"
PROTECTED: Final = "Computed from the published reports of the trusts counted, under the disclosure rule"


@dataclass(frozen=True, slots=True)
class Published:
    """One published report as a release takes it: whose, where that trust stands, under which definition."""

    place: Place
    version: int
    period: Period
    figures: tuple[Figure, ...]
    source: str


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which cell: a metric's group and band, in a period, for a member of a dimension."""

    period: Period
    metric: str
    group: str
    band: str
    dimension: Dimension
    member: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `value` in the metric's unit (percentages 0-100); None: hidden, undefined or not comparable.

    `reporters`: of how many trusts; `expected`: of how many there could be. `computed_in`: the release whose number
    this is, an earlier one where it was carried over.
    """

    key: Key
    status: Status
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    base: Decimal | None
    reporters: int
    expected: int | None
    source: str
    computed_in: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A frozen picture of one kind of report: the cells in a fixed order, and how they were made.

    `taken`: the reports behind it, kept so that the next release can be compared with it; never shown.
    """

    definition: str
    number: int
    frozen_on: date
    rule: DisclosureRule
    method: str
    cells: tuple[Cell, ...]
    taken: tuple[Published, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """The figures of one cell of the reports in one period: by trust, of the reports that have it."""

    metric: Metric
    period: Period
    group: str
    band: str
    by_trust: dict[str, tuple[Figure, ...]]
    places: dict[str, Place]
    versions: dict[str, int]
    sources: dict[str, str]

    def key(self, dimension: Dimension, member: str) -> Key:
        """The key of one cell of these figures."""
        return Key(self.period, self.metric.code, self.group, self.band, dimension, member)


def method_of(rule: DisclosureRule) -> str:
    """How a release is made, in words for its readers."""
    return (
        f"Counts of people: 0 as it is, 1 to {rule.threshold - 1} hidden, others to the nearest {rule.base}; members "
        f"of networks from {rule.network_threshold}. Totals are computed from exact counts and then rounded, "
        f"percentages from rounded counts. Totals that could give a count away beside what else is shown are hidden. "
        f"What trusts have published themselves appears as published. Source of the rule: {rule.source}."
    )


def member_of(place: Place, dimension: Dimension) -> str:
    """The member of a dimension that the trust counts in; empty: none."""
    match dimension:
        case Dimension.TRUST:
            return place.trust
        case _:
            return next((member for one, member in place.totals() if one == dimension), "")


def gathered(definition: Definition, reports: Sequence[Published]) -> list[Taken]:
    """The figures of the reports, cell by cell, in a fixed order; texts and what stays in the trust are left out."""
    periods = sorted({report.period for report in reports})
    taken = []
    for period in periods:
        of_period = [report for report in reports if report.period == period]
        for metric in definition.metrics:
            if metric.unit is Unit.TEXT or not metric.regional:
                continue
            taken += [_taken(metric, period, group, band, of_period) for group, band in metric.cells]
    return [one for one in taken if one.by_trust]


def _taken(metric: Metric, period: Period, group: str, band: str, reports: Iterable[Published]) -> Taken:
    one = Taken(metric, period, group, band, {}, {}, {}, {})
    for report in reports:
        trust = report.place.trust
        found = tuple(figure for figure in report.figures if figure.key == (metric.code, group, band))
        if found:
            one.by_trust[trust] = (*one.by_trust.get(trust, ()), *found)
            one.places[trust] = report.place
            one.versions[trust] = report.version
            one.sources[trust] = report.source
    return one


def members(one: Taken, dimension: Dimension) -> dict[str, list[str]]:
    """The trusts that reported, by the member of the dimension that they count in."""
    found: dict[str, list[str]] = {}
    for trust in sorted(one.by_trust):
        member = member_of(one.places[trust], dimension)
        if member:
            found.setdefault(member, []).append(trust)
    return found


def expected_in(directory: Sequence[Place]) -> Callable[[Key], int | None]:
    """How many trusts of the directory could report in a cell; None where there is no directory."""
    counts: dict[tuple[Dimension, str], int] = {}
    for place in directory:
        for dimension in Dimension:
            member = member_of(place, dimension)
            counts[dimension, member] = counts.get((dimension, member), 0) + 1
    return lambda key: counts.get((key.dimension, key.member)) if directory else None
