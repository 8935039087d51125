"""An attacker with a linear programme: what everything that the releases show together leaves of each count.

It knows the rule, every cell of every release it is given, which trust stands where, that a numerator is at most its
denominator, and which of a trust's counts are the same in two releases. It asks of each count the least and the most
that fit. It shares no code with what it attacks but the shape of a cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

HALF = 2
HIDDEN = (1, 7)


@dataclass
class Knowledge:
    """Variables (one a count), what bounds each, and what bounds sums of them."""

    variables: dict[str, int] = field(default_factory=dict)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    sums: list[tuple[dict[int, int], float, float]] = field(default_factory=list)

    def variable(self, name: str, least: float = 0, most: float = math.inf) -> int:
        if name not in self.variables:
            self.variables[name] = len(self.bounds)
            self.bounds.append((0, math.inf))
        number = self.variables[name]
        was = self.bounds[number]
        self.bounds[number] = (max(was[0], least), min(was[1], most))
        return number

    def total(self, names: Iterable[str], least: float, most: float) -> None:
        self.sums.append(({self.variable(name): 1 for name in names}, least, most))

    def at_most(self, small: str, large: str) -> None:
        self.sums.append(({self.variable(small): 1, self.variable(large): -1}, -math.inf, 0))

    def ranges(self, wanted: Sequence[Mapping[str, int]], truth: Mapping[str, int]) -> list[tuple[int, int]]:
        """The least and the most of each sum wanted, in whole numbers; where they are four values apart, no further.

        Every answer of the programme is a world that fits, so that what differs much between two answers is known to be
        open without asking for it; what does not is asked for, least and most. `truth` is only the first such world, and
        shows that what the attacker believes is true.
        """
        matrix, limits = self._matrix()
        aims = np.zeros((len(wanted), len(self.bounds)))
        for row, terms in enumerate(wanted):
            for name, factor in terms.items():
                aims[row, self.variables[name]] = factor
        true = np.array([truth[name] for name in self.variables], dtype=float)
        assert matrix is None or (matrix @ true <= np.array(limits) + 1e-9).all(), (
            "the attacker believes what is not so"
        )
        assert all(low <= count <= high for count, (low, high) in zip(true, self.bounds, strict=True))
        least = most = aims @ true
        chance = np.random.default_rng(0)
        trial = [np.ones(len(self.bounds)), *(chance.choice([-1.0, 1.0], len(self.bounds)) for _ in range(2))]
        for aim in (sign * one for one in trial for sign in (1, -1)):
            world = aims @ self._world(aim, matrix, limits)
            least, most = np.minimum(least, world), np.maximum(most, world)
        for row, aim in enumerate(aims):
            for sign in (1, -1):
                if most[row] - least[row] < 3 - 1e-6:
                    world = aims @ self._world(sign * aim, matrix, limits)
                    least, most = np.minimum(least, world), np.maximum(most, world)
        return [(math.ceil(low - 1e-6), math.floor(high + 1e-6)) for low, high in zip(least, most, strict=True)]

    def _matrix(self) -> tuple[csr_matrix | None, list[float]]:
        rows, columns, values, limits = [], [], [], []
        for terms, least, most in self.sums:
            for sign, limit in ((1, most), (-1, -least)):
                if not math.isinf(limit):
                    rows += [len(limits)] * len(terms)
                    columns += terms
                    values += [sign * factor for factor in terms.values()]
                    limits.append(limit)
        shape = (len(limits), len(self.bounds))
        return (csr_matrix((values, (rows, columns)), shape=shape) if limits else None), limits

    def _world(self, aim: np.ndarray, matrix: csr_matrix | None, limits: list[float]) -> np.ndarray:
        """Counts that fit everything shown, at which the aim is least; an open count is at most a million."""
        bounds = [(least, min(most, 1e6)) for least, most in self.bounds]
        answer = linprog(aim, A_ub=matrix, b_ub=limits or None, bounds=bounds, method="highs")
        assert answer.status == 0, answer.message
        return np.asarray(answer.x)


def interval(value: int | None, hidden: tuple[int, int] = HIDDEN) -> tuple[int, int]:
    """What a count can be that is shown so."""
    if value is None:
        return hidden
    return (0, 0) if value == 0 else (value - HALF, value + HALF)
