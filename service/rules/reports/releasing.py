"""Building a release: every cell of one kind of report, over what is published on the day it is frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from service.rules.reports.definitions import Definition, Dimension, Metric
from service.rules.reports.differencing import Place
from service.rules.reports.disclosure import DisclosureRule, rule_on
from service.rules.reports.open_cells import open_cells
from service.rules.reports.protected import COUNTED, Before, protected_cells
from service.rules.reports.releases import (
    Cell,
    Key,
    Published,
    Release,
    Status,
    Taken,
    expected_in,
    gathered,
    method_of,
)

_NO_DIRECTORY: Final[tuple[Place, ...]] = ()

_Slot = tuple[object, str, str, str]


def build(
    definition: Definition,
    reports: Sequence[Published],
    frozen_on: date,
    *,
    before: Sequence[Release] = (),
    directory: Sequence[Place] = _NO_DIRECTORY,
) -> Release:
    """The next release of a kind of report.

    `reports`: the published versions that it takes, each with the place of its trust in that period. `before`: every
    earlier release of the kind, oldest first. `directory`: the trusts that could have reported. The cells depend on
    nothing else, and their order on no order of the arguments.
    """
    rule = rule_on(frozen_on)
    number = before[-1].number + 1 if before else 1
    ordered = tuple(sorted(reports, key=lambda one: (one.period, one.place.trust, one.source, repr(one.figures))))
    expected = expected_in(directory)
    earlier = [(release, _slots(gathered(definition, release.taken)), _by_key(release)) for release in before]
    cells: dict[Key, Cell] = {}
    about_people: list[Taken] = []
    for one in gathered(definition, ordered):
        if one.metric.published_verbatim or not (one.metric.counts_people or one.metric.people):
            made = open_cells(one, definition.dimensions, number, expected)
        elif one.metric.people:
            about_people.append(one)
            continue
        else:
            of_before = [
                Before(release.number, slots[_slot(one)], by_key)
                for release, slots, by_key in earlier
                if _slot(one) in slots
            ]
            made = _of_people(definition, one, rule, number, expected, of_before)
        cells.update({cell.key: cell for cell in made})
    for one in about_people:
        made = _beside_people(definition, one, number, expected, cells, [by_key for _, _, by_key in earlier])
        cells.update({cell.key: cell for cell in made})
    return Release(
        definition=definition.code,
        number=number,
        frozen_on=frozen_on,
        rule=rule,
        method=method_of(rule),
        cells=tuple(cells[key] for key in sorted(cells)),
        taken=ordered,
    )


def _slot(one: Taken) -> _Slot:
    return (one.period, one.metric.code, one.group, one.band)


def _slots(taken: Sequence[Taken]) -> dict[_Slot, Taken]:
    return {_slot(one): one for one in taken}


def _by_key(release: Release) -> dict[Key, Cell]:
    return {cell.key: cell for cell in release.cells}


def _of_people(
    definition: Definition,
    one: Taken,
    rule: DisclosureRule,
    number: int,
    expected: Callable[[Key], int | None],
    before: Sequence[Before],
) -> list[Cell]:
    if one.metric.unit not in COUNTED:
        msg = f"{one.metric.code} counts people in a unit that cannot be rounded"
        raise ValueError(msg)
    network = one.metric.code in definition.network_members
    return protected_cells(one, definition.dimensions, rule, number, expected, before=before, network=network)


def _beside_people(
    definition: Definition,
    one: Taken,
    number: int,
    expected: Callable[[Key], int | None],
    cells: Mapping[Key, Cell],
    before: Sequence[Mapping[Key, Cell]],
) -> list[Cell]:
    """Hours or pounds of people: only in totals in which the count of these people is shown, and computed now.

    A total that an earlier release showed otherwise would give away by how much one trust's figure was corrected.
    """
    people = definition.metric(one.metric.people)
    return [
        cell if _spread(people, cell, cells, number) and not _corrected(cell, before) else _hidden(cell)
        for cell in open_cells(one, definition.dimensions, number, expected)
    ]


def _corrected(cell: Cell, before: Sequence[Mapping[Key, Cell]]) -> bool:
    earlier = [cells[cell.key] for cells in before if cell.key in cells]
    return any(old.status is Status.SHOWN and old.value != cell.value for old in earlier)


def _spread(people: Metric | None, cell: Cell, cells: Mapping[Key, Cell], number: int) -> bool:
    if people is None or cell.key.dimension is Dimension.TRUST:
        return False
    counted = cells.get(replace(cell.key, metric=people.code))
    return (
        counted is not None
        and counted.status is Status.SHOWN
        and counted.computed_in == number
        and counted.reporters == cell.reporters > 1
    )


def _hidden(cell: Cell) -> Cell:
    return replace(cell, status=Status.HIDDEN, value=None, numerator=None, denominator=None, base=None)
