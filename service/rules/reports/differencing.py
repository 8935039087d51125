"""What can be worked out of counts that are shown together, and which totals must be withheld for it.

Rounding alone does not withstand subtraction. Of two trusts shown as 20 and 30 whose total shows as 55, each is one of
two values, about every fourth time; of four that are all at the end of their rounding, every one is known exactly.
So totals are withheld in two steps (DOMAIN 5, THREATS F2):

1. By structure, from what is shown anyway, so that withholding tells nothing. Rounded numbers that add up are each off
   by at most 2, and together by a multiple of 5: for one of seven to be left with three values they would have to be
   off by 15, and seven can be off by 14. So every sum that can be made of what is shown relates at least seven
   (`numbers_least`) numbers: a total and its parts that are not nought, two or three totals, of this release or
   of earlier ones, and the counts they differ by, a total with the totals inside it and what they leave. And a total
   is shown only if its parts, as shown, lift it over the threshold: that it is hidden never says that it is small.
2. By an exact audit of what is left. Trusts lie between a trust type and a care board, so the sums form a circulation
   (England, region, type, trust, care board, and back), whose true flow is known here: how far a count can move while
   everything shown stays as it is, is how far flow can be pushed round. Such flows are whole numbers, so the audit
   finds what a linear programme finds. It looks from outside, and from each trust, which knows its own count and
   reads the same release. Where fewer than `values_least` values are left, the smallest total concerned is withheld.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from service.rules.reports.definitions import Dimension
from service.rules.reports.disclosure import DisclosureRule, Shown

# The order in which totals are taken in: it is the region's picture.
TOTALS: Final = (Dimension.REGION, Dimension.ENGLAND, Dimension.ICB, Dimension.TRUST_TYPE)
# From more trusts than this, what one of them knows of itself opens no other (see the tests' attacker).
INSIDERS_MOST: Final = 30
_OPEN: Final = 10**9

Total = tuple[Dimension, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a trust stands in the dimensions; empty: nowhere in that one."""

    trust: str
    trust_type: str
    icb: str
    region: str

    def totals(self) -> tuple[Total, ...]:
        """The totals that the trust counts in, largest first."""
        places = ((Dimension.ENGLAND, "ENGLAND"), (Dimension.REGION, self.region), (Dimension.ICB, self.icb))
        in_type = (Dimension.TRUST_TYPE, f"{self.region}/{self.trust_type}" if self.trust_type else "")
        return tuple((dimension, member) for dimension, member in (*places, in_type) if member)


@dataclass(frozen=True, slots=True)
class Slice:
    """One metric's counts in one period, for one group and band: by trust, exact and as shown.

    `hidden_most`: the largest count that is hidden.
    `before`: the terms of the totals that earlier releases showed of the same counts.
    """

    places: Mapping[str, Place]
    counts: Mapping[str, int]
    shown: Mapping[str, Shown]
    hidden_most: int
    before: tuple[frozenset[str], ...] = ()

    def parts(self) -> dict[Total, frozenset[str]]:
        """The trusts in each total whose count is not nought: who is nought is shown, and counts for nothing."""
        gathered: dict[Total, set[str]] = {}
        for trust in self.counts:
            for total in self.places[trust].totals():
                gathered.setdefault(total, set())
                if self.shown[trust].most > 0:
                    gathered[total].add(trust)
        return {total: frozenset(trusts) for total, trusts in gathered.items()}

    def terms(self, trusts: Iterable[str]) -> frozenset[str]:
        """What a total adds up: a count that was corrected is another term than it was."""
        return frozenset(f"{trust}={self.counts[trust]}" for trust in trusts)


def allowed_totals(one: Slice, totals_shown: Mapping[Total, Shown], rule: DisclosureRule) -> frozenset[Total]:
    """The totals that may be shown beside the trusts' counts and beside each other."""
    parts = one.parts()
    accepted = _by_structure(one, parts, rule)
    while True:
        exposed = _exposed(one, parts, accepted, totals_shown, rule)
        if exposed is None:
            return frozenset(accepted)
        concerned = [total for total in accepted if exposed in parts[total] and len(parts[total]) > 1]
        accepted.remove(min(concerned, key=lambda total: (len(parts[total]), -TOTALS.index(total[0]), total[1])))


def _by_structure(one: Slice, parts: Mapping[Total, frozenset[str]], rule: DisclosureRule) -> list[Total]:
    accepted: list[Total] = []
    bits = _Bits()
    others = [bits.mask(terms) for terms in one.before]
    for total in sorted(parts, key=lambda total: (TOTALS.index(total[0]), -len(parts[total]), total[1])):
        trusts = parts[total]
        # A total of none, or of one, says only what is shown of that one.
        if len(trusts) <= 1:
            accepted.append(total)
            continue
        lifted = sum(one.shown[trust].least for trust in trusts) > one.hidden_most
        enough = 1 + len(trusts) >= rule.numbers_least
        terms = bits.mask(one.terms(trusts))
        if lifted and enough and _apart(terms, others, rule) and not _closes(total, parts, accepted, rule):
            others.append(terms)
            accepted.append(total)
    return accepted


@dataclass(frozen=True, slots=True)
class _Bits:
    """Sets of terms as whole numbers, so that comparing many of them is quick."""

    known: dict[str, int] = field(default_factory=dict)

    def mask(self, terms: Iterable[str]) -> int:
        return sum(1 << self.known.setdefault(term, len(self.known)) for term in terms)


def _apart(total: int, others: Sequence[int], rule: DisclosureRule) -> bool:
    """Whether the total is left far enough by every other, and by every two of them added or taken away."""
    for one in others:
        differing = (total ^ one).bit_count()
        if differing and 2 + differing < rule.numbers_least:
            return False
    for one, two in combinations(dict.fromkeys(others), 2):
        # Counts that stand in one or in all three of them are left once; in two of the same sign, twice.
        left = (total ^ one ^ two).bit_count() + 2 * min(
            (one & two & ~total).bit_count(), (total & one & ~two).bit_count(), (total & two & ~one).bit_count()
        )
        if 3 + left < rule.numbers_least and total not in (one, two):
            return False
    return True


def _closes(
    total: Total, parts: Mapping[Total, frozenset[str]], accepted: Sequence[Total], rule: DisclosureRule
) -> bool:
    """Whether, with this total, one that holds others is left as the sum of them and of too few counts."""
    joined = [one for one in (*accepted, total) if len(parts[one]) > 1]
    for whole in joined:
        for dimension in TOTALS:
            inside = [one for one in joined if one[0] == dimension and parts[one] < parts[whole]]
            left = parts[whole].difference(*(parts[one] for one in inside))
            if inside and 1 + len(inside) + len(left) < rule.numbers_least:
                return True
    return False


@dataclass(slots=True)
class _Circulation:
    """Edges from node to node with a flow and its bounds; flow is conserved at every node."""

    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    flows: list[int] = field(default_factory=list)
    least: list[int] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    nodes: dict[object, int] = field(default_factory=dict)
    leaving: list[list[int]] = field(default_factory=list)
    entering: list[list[int]] = field(default_factory=list)

    def node(self, name: object) -> int:
        if name not in self.nodes:
            self.nodes[name] = len(self.nodes)
            self.leaving.append([])
            self.entering.append([])
        return self.nodes[name]

    def edge(self, tail: object, head: object, flow: int, bounds: tuple[int, int]) -> int:
        start, end = self.node(tail), self.node(head)
        self.tails.append(start)
        self.heads.append(end)
        self.flows.append(flow)
        self.least.append(bounds[0])
        self.most.append(bounds[1])
        number = len(self.tails) - 1
        self.leaving[start].append(number)
        self.entering[end].append(number)
        return number

    def values(self, edge: int, enough: int, frozen: int | None = None) -> int:
        """How many values the edge's flow can have, counted up to `enough`; `frozen`: an edge that cannot move."""
        kept = list(self.flows)
        found = 1
        for step in (1, -1):
            self.flows = list(kept)
            while found < enough and self._pushed(edge, step, frozen):
                found += 1
        self.flows = kept
        return found

    def _pushed(self, edge: int, step: int, frozen: int | None) -> bool:
        """Whether one unit more (or less) goes through the edge, and round; if so it is done."""
        if not self.least[edge] <= self.flows[edge] + step <= self.most[edge]:
            return False
        start, end = (self.heads[edge], self.tails[edge]) if step > 0 else (self.tails[edge], self.heads[edge])
        path = self._path(start, end, {edge, frozen})
        if path is None:
            return False
        self.flows[edge] += step
        for other, change in path:
            self.flows[other] += change
        return True

    def _path(self, start: int, end: int, without: set[int | None]) -> list[tuple[int, int]] | None:
        came: dict[int, tuple[int, int, int]] = {start: (-1, 0, -1)}
        waiting = deque([start])
        while waiting and end not in came:
            node = waiting.popleft()
            for edge in self.leaving[node]:
                head = self.heads[edge]
                if head not in came and edge not in without and self.flows[edge] < self.most[edge]:
                    came[head] = (edge, 1, node)
                    waiting.append(head)
            for edge in self.entering[node]:
                tail = self.tails[edge]
                if tail not in came and edge not in without and self.flows[edge] > self.least[edge]:
                    came[tail] = (edge, -1, node)
                    waiting.append(tail)
        if end not in came:
            return None
        path = []
        while end != start:
            edge, change, end = came[end]
            path.append((edge, change))
        return path


def _exposed(
    one: Slice,
    parts: Mapping[Total, frozenset[str]],
    accepted: Sequence[Total],
    totals_shown: Mapping[Total, Shown],
    rule: DisclosureRule,
) -> str | None:
    """A trust in a total that gives too much away, about itself or about the total; None: nothing does."""
    shown_totals = {total: totals_shown[total] for total in accepted}
    circulation, trusts, totals = _circulation(one, shown_totals)
    joined = [total for total in accepted if len(parts[total]) > 1]
    for total in joined:
        if circulation.values(totals[total], rule.values_least) < rule.values_least:
            return min(parts[total])
    for trust in sorted({trust for total in joined for trust in parts[total]}):
        knowing = _beside(trust, parts, joined)
        for frozen in (None, *(trusts[other] for other in knowing)):
            if circulation.values(trusts[trust], rule.values_least, frozen) < rule.values_least:
                return trust
    return None


def _beside(trust: str, parts: Mapping[Total, frozenset[str]], joined: Iterable[Total]) -> list[str]:
    """The trusts that share a total of not too many with that trust, and know their own count."""
    sharing = (parts[total] for total in joined if trust in parts[total] and len(parts[total]) <= INSIDERS_MOST)
    return sorted(frozenset().union(*sharing) - {trust})


def _circulation(
    one: Slice, shown_totals: Mapping[Total, Shown]
) -> tuple[_Circulation, dict[str, int], dict[Total, int]]:
    """England to region to type to trust to care board and back, with the true flow and the bounds of what is shown."""
    made = _Circulation()
    sums: dict[Total, int] = {}
    inner: dict[tuple[object, object], int] = {}
    trusts: dict[str, int] = {}
    for trust, count in sorted(one.counts.items()):
        place = one.places[trust]
        for total in place.totals():
            sums[total] = sums.get(total, 0) + count
        region, kind, board = place.region, f"{place.region}/{place.trust_type}", place.icb
        seen = one.shown[trust]
        trusts[trust] = made.edge(("type", kind), ("board", board), count, (seen.least, seen.most))
        for pair in (("start", ("region", region)), (("region", region), ("type", kind)), (("board", board), "end")):
            inner[pair] = inner.get(pair, 0) + count
    totals: dict[Total, int] = {}
    inner[("end", "start")] = sum(one.counts.values())
    for (tail, head), flow in inner.items():
        total = _total_of(tail, head)
        bounds = shown_totals.get(total)
        number = made.edge(tail, head, flow, (0, _OPEN) if bounds is None else (bounds.least, bounds.most))
        totals[total] = number
    return made, trusts, totals


def _total_of(tail: object, head: object) -> Total:
    match tail, head:
        case "end", "start":
            return (Dimension.ENGLAND, "ENGLAND")
        case "start", ("region", str(region)):
            return (Dimension.REGION, region)
        case ("board", str(board)), "end":
            return (Dimension.ICB, board)
        case _, ("type", str(kind)):
            return (Dimension.TRUST_TYPE, kind)
        case _:
            msg = "no such edge"
            raise AssertionError(msg)
