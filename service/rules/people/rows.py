"""The rows of an HR file, each judged: one row for each assignment, in these columns.

    person_number      the employer's number of the person (needed)
    assignment_number  the employer's number of the assignment, such as 20012345-2 (needed)
    display_name       the name that colleagues know the person by (needed)
    subject            who they are to the issuer that signs them in; never an e-mail address that may pass on (needed)
    issuer             who signs them in; blank: whoever signs HR's own account in
    starts_on          first day, YYYY-MM-DD or DD/MM/YYYY (needed)
    ends_on            last day; blank, or 31/12/4712 as the Electronic Staff Record writes it, for none
    body               the forum in which the assignment holds a seat, by its local name; blank for none
    body_kind          the forum's kind, where two bear one name
    side, office       the seat's; the side may be left blank for MANAGEMENT
    title              the office's local title

`31/12/4712` is the end of time in Oracle's HR systems, of which the Electronic Staff Record is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from service.rules.bodies import ForumKind, Office, Side
from service.rules.calendar import EARLIEST, LATEST
from service.rules.reports.file_cells import text
from service.rules.reports.file_rules import Line, Table
from service.rules.reports.files import column_problems
from service.rules.reports.uploads import RowProblem, of_file
from service.rules.text import line_problems, normalised

NEEDED: Final = ("person_number", "assignment_number", "display_name", "subject", "starts_on")
COLUMNS: Final = (*NEEDED, "issuer", "ends_on", "body", "body_kind", "side", "office", "title")
NUMBER_MOST: Final = 60
NAME_MOST: Final = 200
SUBJECT_MOST: Final = 255
ISSUER_MOST: Final = 500
TITLE_MOST: Final = 100
END_OF_TIME: Final = date(4712, 12, 31)


Word = TypeVar("Word", bound=StrEnum)


class Mode(StrEnum):
    """Whether a file is everybody, or only what changed."""

    FULL = "FULL"
    CHANGES = "CHANGES"


@dataclass(frozen=True, slots=True)
class Body:
    """A forum that HR sees, and the offices in it that HR keeps: management's and neutral ones, never staff side's."""

    id: UUID
    kind: ForumKind
    local_name: str
    offices: frozenset[tuple[Side, Office]]


@dataclass(frozen=True, slots=True)
class Post:
    """A seat that goes with an assignment."""

    forum: UUID
    side: Side
    office: Office
    title: str | None = None

    @property
    def place(self) -> tuple[UUID, Side, Office]:
        """The body, and the side's office in it."""
        return self.forum, self.side, self.office


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment as a file tells of it. `ends_on` is its last day; None: it has no end."""

    row: int
    person_number: str
    assignment_number: str
    display_name: str
    issuer: str
    subject: str
    starts_on: date
    ends_on: date | None = None
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The rows that hold, what is wrong with the others, and of those the assignments and persons that they are about.

    `blind` says that a row which does not hold names no assignment, so that nobody can tell whom it was about.
    """

    rows: tuple[AssignmentRow, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    row_count: int = 0
    spared: frozenset[str] = frozenset()
    blind: bool = False


def from_table(table: Table, bodies: Sequence[Body], own_issuer: str) -> Judged:
    """The rows of a file. With a column missing, unknown or given twice there are none."""
    if wrong := column_problems(table, NEEDED, COLUMNS):
        return Judged(problems=tuple(of_file(each) for each in wrong))
    return judged_together([_of_line(line, bodies, own_issuer) for line in table.lines])


Read = AssignmentRow | tuple[int, str, list[RowProblem]]
"""A row, or its place, the assignment that it names (empty: none), and what is wrong with it."""


def judged_together(read: Sequence[Read]) -> Judged:
    """Rows side by side: no assignment twice, one name and one sign-in for each person, no sign-in for two."""
    good = [each for each in read if isinstance(each, AssignmentRow)]
    bad = [each for each in read if not isinstance(each, AssignmentRow)]
    clashes = _clashes(good)
    spared = {number for _, number, _ in bad} | {row.assignment_number for row in good if row.row in clashes}
    problems = [each for _, _, wrong in bad for each in wrong] + [each for found in clashes.values() for each in found]
    return Judged(
        tuple(row for row in good if row.row not in clashes),
        tuple(sorted(problems, key=lambda each: each.row or 0)),
        len(read),
        frozenset(spared - {""}),
        blind="" in spared,
    )


def _clashes(rows: Sequence[AssignmentRow]) -> dict[int, list[RowProblem]]:
    found: dict[int, list[RowProblem]] = defaultdict(list)
    first: dict[str, AssignmentRow] = {}
    person: dict[str, AssignmentRow] = {}
    sign_in: dict[tuple[str, str], AssignmentRow] = {}
    for row in rows:
        before = first.setdefault(row.assignment_number, row)
        if before is not row:
            message = f"Row {before.row} is about this assignment too."
            found[row.row].append(problem(row.row, "assignment_number", "DUPLICATE", row.assignment_number, message))
        other = person.setdefault(row.person_number, row)
        for column in ("display_name", "issuer", "subject"):
            if getattr(other, column) != getattr(row, column):
                message = f"Row {other.row} says otherwise of the same person."
                found[row.row].append(problem(row.row, column, "PERSON_DIFFERS", getattr(row, column), message))
        signed = sign_in.setdefault((row.issuer, row.subject), row)
        if signed.person_number != row.person_number:
            message = f"Row {signed.row} gives this sign-in to another person."
            found[row.row].append(problem(row.row, "subject", "SIGN_IN_TWICE", row.subject, message))
    return found


def problem(row: int | None, column: str, rule: str, value: object, message: str) -> RowProblem:
    """One thing wrong with a row."""
    return RowProblem(row, column, rule, str(value)[:NAME_MOST], message)


def _of_line(line: Line, bodies: Sequence[Body], own_issuer: str) -> Read:
    cells = {column: normalised(text(line, column)) for column in COLUMNS}
    problems: list[RowProblem] = []
    days = _day(line, "starts_on", problems), _day(line, "ends_on", problems)
    post = _post(line.number, cells, bodies, problems)
    return judged_row(line.number, cells, days, post, problems, own_issuer)


def judged_row(
    row: int,
    cells: Mapping[str, str],
    days: tuple[date | None, date | None],
    post: Post | None,
    problems: list[RowProblem],
    own_issuer: str,
) -> Read:
    """One row by itself. `cells` are its lines of text by column, `problems` what is known to be wrong already."""
    for column, most in _LINES:
        for each in line_problems(cells[column], field=(column,), most=most, required=column in NEEDED):
            problems.append(problem(row, column, each.code, cells[column], each.message))
    starts_on, ends_on = days
    found = AssignmentRow(
        row,
        cells["person_number"],
        cells["assignment_number"],
        cells["display_name"],
        cells["issuer"] or own_issuer,
        cells["subject"],
        starts_on or date.min,
        None if ends_on == END_OF_TIME else ends_on,
        post,
    )
    problems += _row_problems(found, own_issuer)
    return (row, cells["assignment_number"], problems) if problems else found


_LINES: Final = (
    ("person_number", NUMBER_MOST),
    ("assignment_number", NUMBER_MOST),
    ("display_name", NAME_MOST),
    ("subject", SUBJECT_MOST),
    ("issuer", ISSUER_MOST),
    ("title", TITLE_MOST),
)


def _row_problems(row: AssignmentRow, own_issuer: str) -> list[RowProblem]:
    """What one row cannot say, whatever the others do: HR speaks for the sign-in that it uses itself, and no other."""
    found = []
    if row.issuer != own_issuer:
        message = "HR tells of those who sign in where its own account does, and of nobody else."
        found.append(problem(row.row, "issuer", "OTHER_ISSUER", row.issuer, message))
    for column, day in (("starts_on", row.starts_on), ("ends_on", row.ends_on)):
        if day not in (None, date.min) and not EARLIEST <= day <= LATEST:
            found.append(problem(row.row, column, "NOT_A_DATE", day, f"A day lies between {EARLIEST} and {LATEST}."))
    if row.ends_on is not None and row.ends_on < row.starts_on:
        found.append(problem(row.row, "ends_on", "DATE_ORDER", row.ends_on, "An assignment ends after it starts."))
    return found


def _day(line: Line, column: str, problems: list[RowProblem]) -> date | None:
    cell = line.cells.get(column)
    if isinstance(cell, date):
        found: date | None = cell
    else:
        given = text(line, column)
        found = _written(given)
        if given and found is None:
            message = "This is no day written as YYYY-MM-DD or DD/MM/YYYY."
            problems.append(problem(line.number, column, "NOT_A_DATE", given, message))
        elif not given and column in NEEDED:
            problems.append(problem(line.number, column, "REQUIRED", "", "This cannot be left blank."))
    return found


def _written(given: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(given, form).date()
        except ValueError:
            continue
    return None


def _post(row: int, cells: Mapping[str, str], bodies: Sequence[Body], problems: list[RowProblem]) -> Post | None:
    if not any(cells[column] for column in ("body", "body_kind", "side", "office", "title")):
        return None
    if not cells["body"] or not cells["office"]:
        column = "office" if cells["body"] else "body"
        problems.append(problem(row, column, "REQUIRED", "", "A seat needs its body and its office."))
        return None
    body = _body(row, cells, bodies, problems)
    side = _one_of(Side, row, "side", cells["side"] or Side.MANAGEMENT, problems)
    office = _one_of(Office, row, "office", cells["office"], problems)
    if body is None or side is None or office is None:
        return None
    problems += office_problems(row, body, side, office)
    return Post(body.id, side, office, cells["title"] or None)


def office_problems(row: int, body: Body, side: Side, office: Office) -> list[RowProblem]:
    """Why HR keeps no such seat in that body."""
    if (side, office) in body.offices:
        return []
    message = "This is no office that HR keeps in this kind of body: staff side, unions and networks fill their own."
    return [problem(row, "office", "NOT_KEPT_BY_HR", office, message)]


def _body(row: int, cells: Mapping[str, str], bodies: Sequence[Body], problems: list[RowProblem]) -> Body | None:
    kind = _one_of(ForumKind, row, "body_kind", cells["body_kind"], problems) if cells["body_kind"] else None
    if cells["body_kind"] and kind is None:
        return None
    named = [body for body in bodies if _alike(body.local_name) == _alike(cells["body"])]
    found = [body for body in named if kind in (None, body.kind)]
    if len(found) == 1:
        return found[0]
    if found:
        message = "Several bodies bear this name: give the kind too."
        problems.append(problem(row, "body_kind", "SEVERAL", cells["body"], message))
    else:
        message = "There is no such body, or none that you may see."
        problems.append(problem(row, "body", "NOT_FOUND", cells["body"], message))
    return None


def _alike(name: str) -> str:
    return " ".join(name.casefold().split())


def _one_of(kind: type[Word], row: int, column: str, given: str, problems: list[RowProblem]) -> Word | None:
    word = given.strip().upper().replace(" ", "_").replace("-", "_")
    if word in kind.__members__:
        return kind[word]
    problems.append(problem(row, column, "INVALID", given, "This is not one of the words that this column takes."))
    return None
