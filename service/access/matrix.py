"""Who opens which rooms, who may do what and where an issue can go, printed for people to review in `docs`.

access-rooms.md, access-acts.md and routes.md are made from `service.forums` and `POWERS` alone. A test compares the
files with the code, and another compares what `access.enter` really opens in a database for a seat of every office.
`python -m service.access.matrix` writes all three; a change in one is a change in who may see or do what, and is
reviewed as one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from service.access.powers import POWERS
from service.forums import BODIES, ORGANISATION_OFFICES
from service.forums.body import OfficeRow
from service.forums.routes import NO_END, ROUTES, Route, words
from service.rules.acts import Act
from service.rules.bodies import ForumKind, Office, Purpose, Relation, Side
from service.rules.escalations.hops import Carries, RouteKind

DOCS: Final = Path(__file__).parents[2] / "docs"
OF_ORGANISATION: Final = "The organisation itself"
# Where one of anybody's acts is anybody's only in part: inside a body, the tables say who.
ANYBODYS: Final[Mapping[Act, str]] = MappingProxyType({Act.ISSUE_RAISE: "with the speak-up guardian"})
REGIONAL: Final = frozenset({ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM.value})
TABLES: Final[Mapping[str, tuple[OfficeRow, ...]]] = MappingProxyType(
    {OF_ORGANISATION: ORGANISATION_OFFICES, **{body.kind.value: body.offices for body in BODIES}}
)
OF_RAISER: Final = "Whoever raised an issue, about that issue"
# Who acts: the offices of bodies, and a raiser, whose office no body has and nobody grants.
ACTORS: Final[Mapping[str, tuple[OfficeRow, ...]]] = MappingProxyType(
    {OF_RAISER: (OfficeRow(Side.NONE, Office.RAISER, (), Purpose.CASE, ()),), **TABLES}
)
RELATIONS: Final[Mapping[Relation, str]] = MappingProxyType(
    {
        Relation.OWNER: "O",
        Relation.CONSULTEE: "C",
        Relation.EMPLOYER: "E",
        Relation.RECEIVER: "R",
        Relation.SENDER: "S",
        Relation.RAISER: "I",
    }
)

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
sent to it; **S** the step came from it; **E** the seat is the organisation's own, for bodies of that organisation;
**I** it is one's own issue. A dot: never. Offices that may do the same share a column.
"""
ROUTES_INTRODUCTION: Final = """# Where an issue may be raised, and where it can go

Made from `service/forums/routes.py` by `python -m service.access.matrix`; a test compares it with the code and with the
database. What has no row is no route: it is refused, and the refusal names the rows that there are.

- **Carries**: RECORD, a summary from a body that is named. OWN_ITEM, a summary as the sender's own, with nothing about
  where it had it. THEME, a category and a quarter and no record. RECEIPT, handed over: only a receipt is kept.
- **Case**: what becomes of an individual's case. "diverted": nothing is kept, and the right people are named.
- **Days**: working days to acknowledge / to answer. Local practice, and **not verified**: to be agreed by each trust
  and its unions before they are relied on.
- **Received by**: who takes it up on each side that receives it, in order of succession. Where all of a side are barred
  it goes back, and never to the other side.
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
    for kind, rows in ACTORS.items():
        columns = _columns(rows)
        acts = [act for act in Act if any(letters(act, row) for row in rows)]
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
    where = f" {ANYBODYS[act]}" if act in ANYBODYS else ""
    return f"- {act}{where}" + (f", but not {', '.join(excepted(act))}" if excepted(act) else "")


def letters(act: Act, row: OfficeRow) -> str:
    """The relations in which this office has the power, as letters."""
    return "".join(letter for relation, letter in RELATIONS.items() if (row.side, row.office, relation) in POWERS[act])


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


def routes_page() -> str:
    """docs/routes.md."""
    parts = [ROUTES_INTRODUCTION, "## Where an issue may be raised\n"]
    raising = [route for route in ROUTES if route.kind is RouteKind.RAISE]
    head = ("In", "By", "Case", "Days", "Received by", "In force", "Source", "Code")
    parts.append(_table(head, (_raising_cells(route) for route in raising)))
    head = ("To", "Carries", "Case", "Days", "Received by", "In force", "Source", "Code")
    for origin in dict.fromkeys((route.from_kind, route.from_channel) for route in ROUTES):
        onward = [route for route in ROUTES if (route.from_kind, route.from_channel) == origin and route not in raising]
        if onward:
            parts += [f"## From {words(*origin)}\n", _table(head, (_route_cells(route) for route in onward))]
    return "\n".join(parts)


def _raising_cells(route: Route) -> tuple[str, ...]:
    return (words(route.to_kind, route.to_channel), words(route.from_kind, route.from_channel), *_more_cells(route))


def _route_cells(route: Route) -> tuple[str, ...]:
    carries = f"{route.carries}, sideways" if route.kind is RouteKind.REFER else route.carries.value
    return (words(route.to_kind, route.to_channel), carries, *_more_cells(route))


def _more_cells(route: Route) -> tuple[str, ...]:
    case = "·" if route.carries is Carries.THEME else "diverted" if route.diverts_casework else "taken"
    days = "·" if route.carries is Carries.THEME else f"{route.acknowledge_days} / {route.answer_days}"
    until = "" if route.ends_on == NO_END else f" until {route.ends_on}"
    force = f"from {route.starts_on}{until}"
    return (case, days, ", ".join(route.received_by), force, route.source, f"`{route.code}`")


def _table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def opened(kind: str, row: OfficeRow, *, by_terms: bool = False) -> frozenset[Purpose]:
    """The purposes of all rooms that a seat of this office opens directly; `by_terms`: where the terms let it in."""
    of_body = (*row.opens, *(row.opens_by_terms if by_terms else ()))
    return frozenset({Purpose.PERSONAL, Purpose.REGION if kind in REGIONAL else Purpose.ORGANISATION, *of_body})


def pages() -> Mapping[Path, str]:
    """Each file with what belongs in it."""
    return {
        DOCS / "access-rooms.md": rooms_page(),
        DOCS / "access-acts.md": acts_page(),
        DOCS / "routes.md": routes_page(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
