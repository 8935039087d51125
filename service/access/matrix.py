"""Who opens which rooms and who may do what, printed for people to review: docs/access-rooms.md, docs/access-acts.md.

The tables are made from `service.forums` and `POWERS` alone. A test compares the files with the code, and another
compares what `access.enter` really opens in a database for a seat of every office. `python -m service.access.matrix`
writes both files; a change in either is a change in who may see or do what, and is reviewed as one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from service.access.powers import POWERS
from service.forums import BODIES, ORGANISATION_OFFICES
from service.forums.body import OfficeRow
from service.rules.acts import Act
from service.rules.bodies import ForumKind, Purpose, Relation

DOCS: Final = Path(__file__).parents[2] / "docs"
OF_ORGANISATION: Final = "The organisation itself"
REGIONAL: Final = frozenset({ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM.value})
TABLES: Final[Mapping[str, tuple[OfficeRow, ...]]] = MappingProxyType(
    {OF_ORGANISATION: ORGANISATION_OFFICES, **{body.kind.value: body.offices for body in BODIES}}
)
RELATIONS: Final = (Relation.OWNER, Relation.CONSULTEE, Relation.RECEIVER, Relation.EMPLOYER)

ROOMS_INTRODUCTION: Final = """# Which office opens which rooms

Made from `service/forums` by `python -m service.access.matrix`; a test compares it with the code and with the database.
Change the code, write this file again, and have the difference reviewed: it says who can see what.

- **Opens**: the rooms of its body that a seat of this office opens. Beside them every seat opens its own PERSONAL room
  and the open directory of its organisation (ORGANISATION; REGION in the region). CASE rooms open by doors alone.
- **By terms**: rooms that it opens only where the body's terms of reference say so today.
- **Recorded in**: the room where its seats are recorded, so who can see that somebody holds it.
  "or ORGANISATION": where the body chooses to name the officer in the trust's directory.
- **Granted from**: who holds one of these rooms grants and ends it. WORKFORCE is the HR system's.
"""
ACTS_INTRODUCTION: Final = """# Which office may do which act

Made from `POWERS` by `python -m service.access.matrix`; a test compares it with the code. A power opens no room: an act
on what the seat cannot see is NOT_FOUND, whatever this page says.

How the seat's own body must stand to what is acted on: **O** it owns it; **C** it was asked for its view; **R** it was
sent to it; **E** the
seat is the organisation's own, for bodies of that organisation. A dot: never. Offices that may do the same share a
column.
"""


def rooms_page() -> str:
    """docs/access-rooms.md."""
    head = ("Side", "Office", "Opens", "By terms", "Recorded in", "Granted from")
    parts = [ROOMS_INTRODUCTION]
    for kind, rows in TABLES.items():
        parts += [f"## {kind}\n", _table(head, (_room_cells(row) for row in rows))]
    return "\n".join(parts)


def _room_cells(row: OfficeRow) -> tuple[str, ...]:
    home = f"{row.home} or ORGANISATION" if row.may_be_public else row.home.value
    cells = (_words(row.opens), _words(row.opens_by_terms), home, _words(row.granted_by))
    return (row.side.value, row.office.value, *cells)


def _words(purposes: Iterable[Purpose]) -> str:
    return ", ".join(purposes) or "·"


def acts_page() -> str:
    """docs/access-acts.md."""
    parts = [ACTS_INTRODUCTION, "## Any current seat\n"]
    parts.append("\n".join(_line(act) for act in Act if act in anybodys()) + "\n")
    for kind, rows in TABLES.items():
        columns = _columns(rows)
        acts = [act for act in Act if act not in anybodys() and any(letters(act, row) for row in rows)]
        head = ("Act", *(_offices(same) for same in columns))
        parts.append(f"## {kind}\n")
        parts.append(_table(head, (_act_cells(act, columns) for act in acts)))
        idle = [f"{row.side} {row.office}" for row in rows if not any(_all_letters(row))]
        if idle:
            parts.append(f"May do none of these: {', '.join(idle)}.\n")
    return "\n".join(parts)


def anybodys() -> frozenset[Act]:
    """The acts that a seat may do however its body stands to the target."""
    return frozenset(
        act for act, powers in POWERS.items() if any(relation is Relation.ANYONE for *_, relation in powers)
    )


def excepted(act: Act) -> list[str]:
    """The offices that may not do one of anybody's acts."""
    rows = dict.fromkeys((row.side, row.office) for rows in TABLES.values() for row in rows)
    return [f"{side} {office}" for side, office in rows if (side, office, Relation.ANYONE) not in POWERS[act]]


def _line(act: Act) -> str:
    return f"- {act}" + (f", but not {', '.join(excepted(act))}" if excepted(act) else "")


def letters(act: Act, row: OfficeRow) -> str:
    """The relations in which this office has the power, as letters."""
    return "".join(relation[0] for relation in RELATIONS if (row.side, row.office, relation) in POWERS[act])


def _all_letters(row: OfficeRow) -> tuple[str, ...]:
    return tuple(letters(act, row) for act in Act)


def _columns(rows: Sequence[OfficeRow]) -> list[list[OfficeRow]]:
    """The offices that may do anything, those of one side that may do the same together."""
    found: dict[tuple[str, ...], list[OfficeRow]] = {}
    for row in rows:
        if any(_all_letters(row)):
            found.setdefault((row.side, *_all_letters(row)), []).append(row)
    return list(found.values())


def _offices(same: Sequence[OfficeRow]) -> str:
    return f"{same[0].side}: {', '.join(row.office for row in same)}"


def _act_cells(act: Act, columns: Iterable[Sequence[OfficeRow]]) -> Iterator[str]:
    yield act.value
    for same in columns:
        yield letters(act, same[0]) or "·"


def _table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def opened(kind: str, row: OfficeRow, *, by_terms: bool = False) -> frozenset[Purpose]:
    """The purposes of all rooms that a seat of this office opens directly; `by_terms`: where the terms let it in."""
    of_body = (*row.opens, *(row.opens_by_terms if by_terms else ()))
    return frozenset({Purpose.PERSONAL, Purpose.REGION if kind in REGIONAL else Purpose.ORGANISATION, *of_body})


def pages() -> Mapping[Path, str]:
    """Each file with what belongs in it."""
    return {DOCS / "access-rooms.md": rooms_page(), DOCS / "access-acts.md": acts_page()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
