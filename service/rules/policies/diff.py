"""What changed between two texts, word by word.

"You said, we did" has to show the words that changed, and nothing that did not (DESIGN section 7). Lines
are matched first, then the words within lines that changed; a run of words is told as deleted, then
inserted. Joining the equal and deleted hunks gives the old text exactly, the equal and inserted the new.

`difflib` may take cubic time, which a hostile text would use. Here the longest common subsequence is found
with bit vectors (Hyyro, "Bit-parallel LCS-length computation revisited", 2004): one operation on long
integers per word. Beyond `_CELLS_MOST` comparisons a block is told as replaced whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeAlias

_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_CELLS_MOST: Final = 10_000_000


class HunkKind(StrEnum):
    """What happened to a run of words."""

    EQUAL = "EQUAL"
    DELETED = "DELETED"
    INSERTED = "INSERTED"


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of words with one fate; never empty, and never beside another of its kind."""

    kind: HunkKind
    text: str


# A stretch of both texts: whether equal, then its words in the old and in the new.
Stretch: TypeAlias = tuple[bool, str, str]


def word_diff(old: str, new: str) -> tuple[Hunk, ...]:
    """The hunks, in reading order, that lead from the old text to the new."""
    return tuple(_hunks(_joined(_spaces_with_changes(_joined(_stretches(old, new))))))


def _stretches(old: str, new: str) -> Iterator[Stretch]:
    for equal, old_lines, new_lines in _joined(_aligned(_LINES.findall(old), _LINES.findall(new))):
        if equal:
            yield equal, old_lines, new_lines
        else:
            yield from _aligned(_WORDS.findall(old_lines), _WORDS.findall(new_lines))


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of one kind as one, so that equal and replaced stretches alternate."""
    groups = ((equal, list(group)) for equal, group in groupby(stretches, key=itemgetter(0)))
    return [(equal, "".join(old for _, old, _ in run), "".join(new for _, _, new in run)) for equal, run in groups]


def _spaces_with_changes(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Space alone between two changes is part of the change: words are replaced, not the gaps between them."""
    last = len(stretches) - 1
    for place, (equal, old, new) in enumerate(stretches):
        yield equal and not (0 < place < last and old.isspace()), old, new


def _hunks(stretches: Iterable[Stretch]) -> Iterator[Hunk]:
    for equal, old, new in stretches:
        if equal:
            yield Hunk(HunkKind.EQUAL, old)
            continue
        if old:
            yield Hunk(HunkKind.DELETED, old)
        if new:
            yield Hunk(HunkKind.INSERTED, new)


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Equal and replaced stretches of two lists of words; common ends are taken off before the search."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    yield from ((True, word, word) for word in old[:head])
    done_a = done_b = 0
    for i, j in [*_common(a, b), (len(a), len(b))]:
        if done_a < i or done_b < j:
            yield False, "".join(a[done_a:i]), "".join(b[done_b:j])
        yield from ((True, word, word) for word in a[i : i + 1])
        done_a, done_b = i + 1, j + 1
    yield from ((True, word, word) for word in old[len(old) - tail :])


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    """How many items the two have in common from their start on."""
    shorter = min(len(a), len(b))
    return next((n for n in range(shorter) if a[n] != b[n]), shorter)


def _common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of a longest common subsequence; none where finding it would cost too much."""
    if not a or not b or len(a) * len(b) > _CELLS_MOST:
        return []
    rows = _steps(a, b)
    pairs: list[tuple[int, int]] = []
    i, j = len(a) - 1, len(b) - 1
    while i >= 0 and j >= 0:
        if a[i] == b[j]:
            pairs.append((i, j))
            i, j = i - 1, j - 1
        elif rows[i] >> j & 1:
            j -= 1
        else:
            i -= 1
    return pairs[::-1]


def _steps(a: Sequence[str], b: Sequence[str]) -> list[int]:
    """Per prefix of `a` an integer: bit j is clear where b[j] lengthens the common subsequence with b[:j]."""
    places: dict[str, int] = {}
    for j, item in enumerate(b):
        places[item] = places.get(item, 0) | 1 << j
    everywhere = (1 << len(b)) - 1
    row, rows = everywhere, []
    for item in a:
        matched = row & places.get(item, 0)
        row = ((row + matched) | (row - matched)) & everywhere
        rows.append(row)
    return rows
