"""Nobody is found by arithmetic: not within a release, not between two, not over dimensions that overlap.

The attacker solves a linear programme over all cells. Of 1,000 random regions it recovers no count exactly, and at
most 2 % to within three values (THREATS F2).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest

from service.rules.reports import protected
from service.rules.reports.definitions import Dimension, Figure, Part
from service.rules.reports.differencing import Place, Slice, Total
from service.rules.reports.disclosure import DisclosureRule, Shown
from service.rules.reports.releases import Published, Release, Status, member_of
from service.rules.reports.releasing import build
from tests.rules.attacker import Knowledge, interval
from tests.rules.regions import FROZEN, OF_PEOPLE, YEAR, corrected, exact, places, published

SLICES = (
    ("PEOPLE", "", (Part.VALUE,)),
    *(("SHARE", g, (Part.NUMERATOR, Part.DENOMINATOR)) for g in ("STAFF", "MANAGEMENT")),
)


@dataclass
class Tally:
    counts: int = 0
    exactly: int = 0
    within_three: int = 0
    totals_shown: int = 0
    totals: int = 0

    def add(self, ranges: Sequence[tuple[int, int]]) -> None:
        for least, most in ranges:
            self.counts += 1
            self.exactly += least == most
            self.within_three += most - least < 3


def name(trust: str, part: Part, value: int) -> str:
    return f"{trust} {part} {value}"


def learn(
    knowledge: Knowledge,
    release: Release,
    reports: Sequence[Published],
    metric: str,
    group: str,
    parts: Sequence[Part],
    insider: str | None,
) -> None:
    """What one release tells of one slice. A variable is one trust's one count: it is another once corrected."""
    truth = {part: exact(reports, metric, group, part) for part in parts}
    place = {report.place.trust: report.place for report in reports}
    for trust in place:
        for part in parts:
            own = truth[part][trust]
            known = (own, own) if trust == insider else (0, float("inf"))
            knowledge.variable(name(trust, part, own), *known)
        if len(parts) == 2:
            knowledge.at_most(*(name(trust, part, truth[part][trust]) for part in parts))
    for cell in release.cells:
        key = cell.key
        if (key.metric, key.group) != (metric, group):
            continue
        inside = [t for t in place if member_of(place[t], key.dimension) == key.member]
        seen = {Part.VALUE: cell.value, Part.NUMERATOR: cell.numerator, Part.DENOMINATOR: cell.denominator}
        for part in parts:
            value = seen[part]
            if cell.status is Status.SHOWN and cell.computed_in == release.number:
                assert value is not None
                knowledge.total([name(t, part, truth[part][t]) for t in inside], *interval(int(value)))
            elif cell.status is Status.HIDDEN and key.dimension is Dimension.TRUST and len(parts) == 1:
                knowledge.total([name(t, part, truth[part][t]) for t in inside], *interval(None))


def attack(
    tally: Tally,
    releases: Sequence[tuple[Release, Sequence[Published]]],
    insider: str | None = None,
    slices: Sequence[tuple[str, str, tuple[Part, ...]]] = SLICES,
) -> None:
    for metric, group, parts in slices:
        knowledge = Knowledge()
        for release, reports in releases:
            learn(knowledge, release, reports, metric, group, parts, insider)
        wanted: list[dict[str, int]] = []
        world: dict[str, int] = {}
        for release, reports in releases:
            for part in parts:
                truth = exact(reports, metric, group, part)
                world |= {name(trust, part, value): value for trust, value in truth.items()}
                wanted += [{name(t, part, value): 1} for t, value in truth.items() if value and t != insider]
                for cell in release.cells:
                    if (cell.key.metric, cell.key.group) != (metric, group) or cell.key.dimension is Dimension.TRUST:
                        continue
                    inside = [
                        r.place.trust for r in reports if member_of(r.place, cell.key.dimension) == cell.key.member
                    ]
                    if len(parts) == 1:
                        tally.totals += 1
                        tally.totals_shown += cell.status is Status.SHOWN
                    if sum(truth[t] for t in inside) and insider is None:
                        wanted.append({name(t, part, truth[t]): 1 for t in inside})
        unique = {tuple(sorted(terms)): terms for terms in wanted}
        tally.add(knowledge.ranges(list(unique.values()), world))


def one_region(seed: int, tally: Tally, between: Tally, inside: Tally) -> None:
    rng = random.Random(seed)
    reports = published(rng, places(rng))
    first = build(OF_PEOPLE, reports, FROZEN)
    attack(tally, [(first, reports)])
    attack(inside, [(first, reports)], insider=rng.choice(reports).place.trust)
    later = corrected(rng, reports)
    second = build(OF_PEOPLE, later, FROZEN, before=[first])
    latest = corrected(rng, later)
    third = build(OF_PEOPLE, latest, FROZEN, before=[first, second])
    attack(between, [(first, reports), (second, later), (third, latest)])


def judge(seeds: range) -> tuple[Tally, Tally, Tally]:
    tally, between, inside = Tally(), Tally(), Tally()
    for seed in seeds:
        one_region(seed, tally, between, inside)
    for found in (tally, between, inside):
        assert found.counts > 50 * len(seeds)
        assert found.exactly == 0
        assert found.within_three <= 0.02 * found.counts
    return tally, between, inside


@pytest.mark.parametrize("part", range(8))
def test_nobody_is_found_by_arithmetic_in_two_hundred_regions(part: int) -> None:
    judge(range(25 * part, 25 * part + 25))


@pytest.mark.deep
@pytest.mark.parametrize("part", range(8, 40))
def test_nobody_is_found_by_arithmetic_in_a_thousand_regions(part: int) -> None:
    judge(range(25 * part, 25 * part + 25))


def test_the_attacker_finds_people_where_totals_are_only_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(one: Slice, totals_shown: dict[Total, Shown], rule: DisclosureRule) -> frozenset[Total]:
        return frozenset(totals_shown)

    monkeypatch.setattr(protected, "allowed_totals", all_of_them)
    tally, between, inside = Tally(), Tally(), Tally()
    for seed in range(40):
        one_region(seed, tally, between, inside)
    assert tally.within_three > 0.02 * tally.counts
    assert between.within_three > 0.02 * between.counts
    assert inside.within_three > 0.02 * inside.counts


def four_at_the_end_of_their_rounding() -> list[Published]:
    counts = {"RTD": 12, "RXP": 17, "RR7": 22, "RVW": 27}
    return [
        Published(
            Place(trust, "Acute", "QHM", "North East"), 1, YEAR, (Figure("PEOPLE", value=Decimal(n)),), "Invented"
        )
        for trust, n in counts.items()
    ]


def test_four_trusts_at_the_end_of_their_rounding_are_not_given_away_by_their_total() -> None:
    reports = four_at_the_end_of_their_rounding()
    cells = {c.key.member: c for c in build(OF_PEOPLE, reports, FROZEN).cells if c.key.dimension is Dimension.REGION}
    assert cells["North East"].status is Status.HIDDEN


def test_their_total_beside_them_would_give_each_of_them_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protected, "allowed_totals", lambda one, totals_shown, rule: frozenset(totals_shown))
    reports = four_at_the_end_of_their_rounding()
    tally = Tally()
    attack(tally, [(build(OF_PEOPLE, reports, FROZEN), reports)], slices=SLICES[:1])
    assert tally.exactly >= 4
