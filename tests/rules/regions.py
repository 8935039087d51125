"""Random regions for the attacker and the properties: invented trusts, types, boards, counts of people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from service.rules.reports.definitions import Choice, Definition, Dimension, Figure, Metric, Part, Unit
from service.rules.reports.differencing import Place
from service.rules.reports.periods import Period, months_from
from service.rules.reports.releases import Published

YEAR = months_from(date(2026, 4, 1), 12)
FROZEN = date(2027, 6, 1)
COUNTED = Metric(code="PEOPLE", label="People", unit=Unit.COUNT, source="invented", counts_people=True)
SHARED = Metric(
    code="SHARE",
    label="Share of people",
    unit=Unit.PERCENTAGE,
    source="invented",
    counts_people=True,
    groups=(Choice("STAFF", "Staff side"), Choice("MANAGEMENT", "Management side")),
)
OF_PEOPLE = Definition(
    code="INVENTED",
    version=1,
    title="Invented counts of people",
    starts_on=date(2020, 4, 1),
    ends_on=None,
    source="invented",
    metrics=(COUNTED, SHARED),
    dimensions=tuple(Dimension),
)


def places(rng: random.Random) -> list[Place]:
    """3 to 40 trusts in 1 to 3 regions, each with up to 5 types and up to 6 boards."""
    regions, types, boards = rng.randint(1, 3), rng.randint(1, 5), rng.randint(1, 6)
    made = []
    for number in range(rng.randint(3, 40)):
        region = rng.randrange(regions)
        board = rng.randrange(boards)
        made.append(Place(f"T{number:02d}", f"K{rng.randrange(types)}", f"I{region}{board}", f"R{region}"))
    return made


def count(rng: random.Random, most: int) -> int:
    """Many small counts, some nought."""
    return rng.choice([0, rng.randint(1, 7), rng.randint(1, 30), rng.randint(1, most), rng.randint(1, most)])


def figures(rng: random.Random, most: int) -> tuple[Figure, ...]:
    made = [Figure("PEOPLE", value=Decimal(count(rng, most)))]
    for group in ("STAFF", "MANAGEMENT"):
        whole = count(rng, most)
        made.append(Figure("SHARE", group, numerator=Decimal(rng.randint(0, whole)), denominator=Decimal(whole)))
    return tuple(made)


def published(rng: random.Random, of: Sequence[Place], period: Period = YEAR) -> list[Published]:
    most = rng.choice([12, 40, 200, 3000])
    return [Published(place, 1, period, figures(rng, most), "Invented report") for place in of]


def corrected(rng: random.Random, reports: Sequence[Published]) -> list[Published]:
    """The same reports with one to six of them corrected, perhaps one gone, perhaps one come late."""
    made = list(reports)
    for number in rng.sample(range(len(made)), min(len(made), rng.randint(1, 6))):
        made[number] = replace(made[number], figures=tuple(_moved(rng, figure) for figure in made[number].figures))
    if rng.random() < 0.3 and len(made) > 3:
        made.pop(rng.randrange(len(made)))
    return made


def _moved(rng: random.Random, figure: Figure) -> Figure:
    by = Decimal(rng.choice([-3, -1, 0, 1, 1, 2, 4, 30]))
    if figure.value is not None:
        return replace(figure, value=max(Decimal(0), figure.value + by))
    assert figure.numerator is not None
    assert figure.denominator is not None
    whole = max(Decimal(0), figure.denominator + by)
    return replace(figure, denominator=whole, numerator=min(figure.numerator, whole))


def exact(reports: Sequence[Published], metric: str, group: str, part: Part) -> dict[str, int]:
    """The true counts, by trust."""
    return {
        report.place.trust: int(figure.number(part) or 0)
        for report in reports
        for figure in report.figures
        if figure.key == (metric, group, "")
    }
