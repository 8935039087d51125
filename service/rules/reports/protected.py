"""Cells of counts of people that nobody has published: rounded, hidden, withheld or carried over.

Each count (of a percentage the numerator and the denominator, each) is one slice: what is shown of the trusts, and
which totals may stand beside them (`differencing`). A cell of which one count is hidden shows neither. Totals that
earlier releases computed of the same counts are held against the new ones: where they differ by too few counts, the
old number is carried over if every corrected count moved by no more than the rounding shows, else it is withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from service.rules.reports.definitions import Dimension, Part, Unit
from service.rules.reports.differencing import Slice, Total, allowed_totals
from service.rules.reports.disclosure import DisclosureRule, Shown, hidden_most, share, shown, whole_count
from service.rules.reports.releases import PROTECTED, Cell, Key, Reason, Status, Taken, members

COUNTED: Final[Mapping[Unit, tuple[Part, ...]]] = {
    Unit.COUNT: (Part.VALUE,),
    Unit.PERCENTAGE: (Part.NUMERATOR, Part.DENOMINATOR),
    Unit.LIKELIHOOD_RATIO: (Part.NUMERATOR, Part.DENOMINATOR),
}


@dataclass(frozen=True, slots=True)
class Before:
    """The same cell's figures in an earlier release, and the cells that it showed."""

    number: int
    taken: Taken
    cells: Mapping[Key, Cell]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What of one count may be shown: each trust's and each total's, None where it is withheld."""

    one: Slice
    totals: Mapping[Total, Shown]
    allowed: frozenset[Total]

    def seen(self, dimension: Dimension, member: str) -> int | None:
        """The count as it is shown for the member; None: it is hidden."""
        if dimension is Dimension.TRUST:
            return self.one.shown[member].value
        total = (dimension, member)
        return self.totals[total].value if total in self.allowed else None


def exact_counts(one: Taken, part: Part) -> dict[str, int]:
    """The count of each trust, over all of its reports."""
    return {
        trust: sum(whole_count(figure.number(part) or Decimal(0)) for figure in figures)
        for trust, figures in one.by_trust.items()
    }


def judged(
    one: Taken, part: Part, rule: DisclosureRule, before: Sequence[Before] = (), *, network: bool = False
) -> Judgement:
    """What of one count of the figures may be shown, beside everything shown before."""
    counts = exact_counts(one, part)
    seen = {trust: shown(count, rule, network=network) for trust, count in counts.items()}
    earlier = tuple(terms for release in before for terms in _terms_before(release, part))
    of_slice = Slice(one.places, counts, seen, hidden_most(rule, network=network), earlier)
    sums: dict[Total, int] = {}
    for trust, count in counts.items():
        for total in one.places[trust].totals():
            sums[total] = sums.get(total, 0) + count
    totals = {total: shown(count, rule, network=network) for total, count in sums.items()}
    return Judgement(of_slice, totals, allowed_totals(of_slice, totals, rule))


def _terms_before(release: Before, part: Part) -> list[frozenset[str]]:
    """What the totals that the release itself computed and showed added up; of one or none, nothing."""
    counts = exact_counts(release.taken, part)
    found = []
    for dimension in Dimension:
        if dimension is Dimension.TRUST:
            continue
        for member, trusts in members(release.taken, dimension).items():
            cell = release.cells.get(release.taken.key(dimension, member))
            parts = [trust for trust in trusts if counts[trust]]
            if cell is not None and cell.status is Status.SHOWN and cell.computed_in == release.number:
                found += [frozenset(f"{trust}={counts[trust]}" for trust in parts)] if len(parts) > 1 else []
    return found


def protected_cells(
    one: Taken,
    dimensions: Sequence[Dimension],
    rule: DisclosureRule,
    number: int,
    expected: Callable[[Key], int | None],
    *,
    before: Sequence[Before] = (),
    network: bool = False,
) -> list[Cell]:
    """The cells of these figures in the dimensions given, under the rule."""
    judgements = {part: judged(one, part, rule, before, network=network) for part in COUNTED[one.metric.unit]}
    cells = []
    for dimension in dimensions:
        for member, trusts in members(one, dimension).items():
            cell = _cell(one, dimension, member, trusts, judgements, number, expected)
            if cell.status is Status.HIDDEN and dimension is not Dimension.TRUST:
                cell = _carried(cell, trusts, judgements, before, rule) or cell
            cells.append(cell)
    return cells


def _cell(
    one: Taken,
    dimension: Dimension,
    member: str,
    trusts: Sequence[str],
    judgements: Mapping[Part, Judgement],
    number: int,
    expected: Callable[[Key], int | None],
) -> Cell:
    key = one.key(dimension, member)
    seen = {part: judgement.seen(dimension, member) for part, judgement in judgements.items()}
    mixed = len({one.versions[trust] for trust in trusts}) > 1
    hidden = None in seen.values()
    numbers = {part: Decimal(value) for part, value in seen.items() if value is not None and not hidden and not mixed}
    numerator, denominator = numbers.get(Part.NUMERATOR), numbers.get(Part.DENOMINATOR)
    value = numbers.get(Part.VALUE)
    if denominator is not None:
        value = share(seen[Part.NUMERATOR], seen[Part.DENOMINATOR])
    reasons = []
    if (most := expected(key)) is not None and len(trusts) < most:
        reasons.append(Reason.PARTIAL)
    if mixed:
        reasons.append(Reason.MIXED_DEFINITIONS)
    elif not hidden and value is None:
        reasons.append(Reason.UNDEFINED)
    return Cell(
        key=key,
        status=Status.HIDDEN if hidden else Status.NOT_COMPARABLE if mixed else Status.SHOWN,
        value=value,
        numerator=numerator,
        denominator=denominator,
        base=None,
        reporters=len(trusts),
        expected=most,
        source=PROTECTED,
        computed_in=number,
        reasons=tuple(reasons),
    )


def _carried(
    cell: Cell,
    trusts: Sequence[str],
    judgements: Mapping[Part, Judgement],
    before: Sequence[Before],
    rule: DisclosureRule,
) -> Cell | None:
    """The number of the release that last computed this total, if no count moved visibly since; None: it is gone."""
    for release in reversed(before):
        old = release.cells.get(cell.key)
        if old is None or old.status is not Status.SHOWN:
            return None
        if old.computed_in != release.number:
            continue
        taken = members(release.taken, cell.key.dimension).get(cell.key.member, [])
        near = taken == list(trusts) and all(
            _near(release.taken, part, judgement, trusts, rule) for part, judgement in judgements.items()
        )
        carried = (*(reason for reason in old.reasons if reason is not Reason.CARRIED_OVER), Reason.CARRIED_OVER)
        return replace(old, reasons=carried) if near else None
    return None


def _near(taken: Taken, part: Part, judgement: Judgement, trusts: Sequence[str], rule: DisclosureRule) -> bool:
    """Whether no count moved visibly since; a total of nought or of one trust says what that trust's cell says."""
    before, now = exact_counts(taken, part), judgement.one.counts
    if min(sum(before[t] > 0 for t in trusts), sum(now[t] > 0 for t in trusts)) < 2:
        return False
    return all(abs(_as_seen(before[t], rule) - _as_seen(now[t], rule)) <= rule.base for t in trusts)


def _as_seen(count: int, rule: DisclosureRule) -> int:
    seen = shown(count, rule)
    return rule.base if seen.value is None else seen.value
