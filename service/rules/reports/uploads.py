"""From the rows of a file to reports: one layout for every definition, and the survey's own file as it is published.

Every kind but the staff survey comes in one long layout, a row for each figure, in these columns:

    organisation   the trust's ODS code (needed)
    period_start   first day of the period, YYYY-MM-DD (needed)
    period_end     last day of the period, YYYY-MM-DD (needed)
    metric         the metric's code (needed)
    group, band    their codes, blank where the metric has none
    value | numerator, denominator | value, base | text     the parts that the metric's unit has
    estimated      yes or no, blank for no
    external_key   the sender's own key of the report, the same in all of its rows

Rows of one organisation and period make one report. `example` writes such a file's header and keys. A report is judged
whole, and its problems point at the row and column that they are about. A body that is no trust, or was closed before
the period, is left out and reported: its figures would count twice beside its successor's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from service.rules.reports.checks import FigureProblem, figure_problems
from service.rules.reports.definitions import Definition, Figure, Part
from service.rules.reports.file_cells import day, number, text
from service.rules.reports.file_rules import FileProblem, FileRule, Line, Table
from service.rules.reports.files import column_problems
from service.rules.reports.periods import Period, definition_for, period_problems

NEEDED: Final = ("organisation", "period_start", "period_end", "metric")
PARTS: Final = {
    Part.VALUE: "value",
    Part.NUMERATOR: "numerator",
    Part.DENOMINATOR: "denominator",
    Part.BASE: "base",
    Part.TEXT: "text",
}
COLUMNS: Final = (*NEEDED, "group", "band", *PARTS.values(), "estimated", "external_key")
_YES: Final = frozenset({"yes", "true", "1"})
_NO: Final = frozenset({"", "no", "false", "0"})


class LeftOut(StrEnum):
    """Why a body's figures are not taken."""

    OTHER_BODY = "OTHER_BODY"
    SECTOR_OF_TRUST = "SECTOR_OF_TRUST"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    NOT_YET_OPEN = "NOT_YET_OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A trust as the directory knows it: open from day to day (None: no end), and who took it over."""

    ods_code: str
    is_trust: bool
    opened_on: date | None = None
    closed_on: date | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong: row and column of the file, the rule's code, what was given, the rule in plain words."""

    row: int | None
    column: str
    rule: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A body that was left out: row, code, why, and for one that was closed the bodies that took it over."""

    row: int
    ods_code: str
    reason: LeftOut
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmittedRow:
    """One report of a file: the row it begins in, whose it is, under which version, and its figures.

    `trust_type`, `icb` and `region` are what the file itself says, empty where it says nothing.
    """

    row: int
    ods_code: str
    period: Period
    definition: Definition
    figures: tuple[Figure, ...]
    problems: tuple[RowProblem, ...] = ()
    external_key: str = ""
    trust_type: str = ""
    icb: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a file holds. `problems` are those of the file itself: with any of them there are no rows."""

    rows: tuple[SubmittedRow, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    left_out: tuple[RowLeftOut, ...] = ()

    @property
    def every_problem(self) -> tuple[RowProblem, ...]:
        """The problems of the file and of all its rows, in the order of rows."""
        inside = [problem for row in self.rows for problem in row.problems]
        return tuple(sorted((*self.problems, *inside), key=lambda problem: problem.row or 0))


def of_file(problem: FileProblem) -> RowProblem:
    """A problem of the file, as a problem of a row."""
    return RowProblem(problem.row, problem.column, problem.rule, problem.value, problem.message)


def of_figure(problem: FigureProblem, row: int | None, columns: Mapping[Part, str] = PARTS) -> RowProblem:
    """A problem of a figure, at its row and in the column of its part."""
    where = columns[problem.part] if problem.part else ""
    cell = " ".join(word for word in (problem.metric, problem.group, problem.band) if word)
    value = "" if problem.value is None else str(problem.value)
    return RowProblem(row, where or "metric", problem.rule, value, f"{cell}: {problem.message}")


def left_out(row: int, code: str, period: Period, directory: Mapping[str, DirectoryEntry]) -> RowLeftOut | None:
    """Why the body's figures of that period are not taken; None: they are."""
    entry = directory.get(code)
    if entry is None:
        return RowLeftOut(row, code[:20], LeftOut.UNKNOWN_CODE)
    if not entry.is_trust:
        return RowLeftOut(row, code, LeftOut.OTHER_BODY)
    if entry.closed_on is not None and entry.closed_on < period.starts_on:
        return RowLeftOut(row, code, LeftOut.CLOSED, entry.successors)
    if entry.opened_on is not None and entry.opened_on > period.ends_on:
        return RowLeftOut(row, code, LeftOut.NOT_YET_OPEN)
    return None


def submitted(
    definitions: Sequence[Definition], table: Table, directory: Iterable[DirectoryEntry], today: date
) -> Submitted:
    """The reports of a file in the long layout; `definitions`: the versions of the one kind that it is about."""
    if columns := column_problems(table, NEEDED, COLUMNS):
        return Submitted(problems=tuple(of_file(problem) for problem in columns))
    entries = {entry.ods_code: entry for entry in directory}
    gathered: dict[tuple[str, Period], list[Line]] = {}
    problems: list[FileProblem] = []
    outside: dict[tuple[str, LeftOut], RowLeftOut] = {}
    for line in table.lines:
        code = text(line, "organisation").upper()
        begins, ends = day(line, "period_start"), day(line, "period_end")
        wrong = [found for found in (begins, ends) if isinstance(found, FileProblem)]
        if not code:
            wrong.append(FileProblem(FileRule.REQUIRED, line.number, "organisation"))
        if wrong or isinstance(begins, FileProblem) or isinstance(ends, FileProblem):
            problems += wrong
            continue
        period = Period(begins, ends)
        if reason := left_out(line.number, code, period, entries):
            outside.setdefault((code, reason.reason), reason)
        else:
            gathered.setdefault((code, period), []).append(line)
    problems += _overlaps(gathered)
    if problems:
        return Submitted(problems=tuple(of_file(problem) for problem in problems))
    rows, unfit = [], []
    for (code, period), lines in gathered.items():
        row = _report(definitions, code, period, lines, today)
        if isinstance(row, RowProblem):
            unfit.append(row)
        else:
            rows.append(row)
    return Submitted(tuple(rows) if not unfit else (), tuple(unfit), tuple(outside.values()))


def _overlaps(gathered: Mapping[tuple[str, Period], Sequence[Line]]) -> Iterator[FileProblem]:
    """Two reports of one organisation about times that overlap and are not the same: a year mistyped in some rows."""
    by_code: dict[str, list[tuple[Period, int]]] = {}
    for (code, period), lines in gathered.items():
        by_code.setdefault(code, []).append((period, lines[0].number))
    for periods in by_code.values():
        ordered = sorted(periods)
        for (before, _), (after, row) in pairwise(ordered):
            if after.starts_on <= before.ends_on:
                yield FileProblem(FileRule.MIXED_YEARS, row, "period_start", after.label)


def _report(
    definitions: Sequence[Definition], code: str, period: Period, lines: Sequence[Line], today: date
) -> SubmittedRow | RowProblem:
    first = lines[0].number
    definition = definition_for(definitions, definitions[0].code, period)
    unfit = period_problems(definition, period, today) if definition else []
    if definition is None or unfit:
        message = unfit[0].message if unfit else "No version of the definition governs this period."
        return RowProblem(first, "period_start", unfit[0].code if unfit else "INVALID", period.label, message)
    figures: list[Figure] = []
    problems: list[RowProblem] = []
    rows: dict[tuple[str, str, str], int] = {}
    for line in lines:
        figure = _figure(line)
        if isinstance(figure, list):
            problems += [of_file(problem) for problem in figure]
        else:
            figures.append(figure)
            rows.setdefault(figure.key, line.number)
    # What is missing because its row could not be read is not missed a second time.
    found = figure_problems(definition, figures, complete=not problems)
    problems += [of_figure(p, rows.get((p.metric, p.group, p.band), first)) for p in found]
    keys = sorted({text(line, "external_key") for line in lines} - {""})
    return SubmittedRow(
        first, code, period, definition, tuple(figures), tuple(problems), external_key=keys[0] if len(keys) == 1 else ""
    )


def _figure(line: Line) -> Figure | list[FileProblem]:
    parts: dict[Part, Decimal | None] = {}
    problems = []
    for part, column in PARTS.items():
        if part is Part.TEXT:
            continue
        found = number(line, column)
        if isinstance(found, FileProblem):
            problems.append(found)
        else:
            parts[part] = found
    metric, estimated = text(line, "metric").upper(), text(line, "estimated").lower()
    if not metric:
        problems.append(FileProblem(FileRule.REQUIRED, line.number, "metric"))
    if estimated not in _YES | _NO:
        problems.append(FileProblem(FileRule.MALFORMED, line.number, "estimated", estimated[:40]))
    if problems:
        return problems
    return Figure(
        metric=metric,
        group=text(line, "group").upper(),
        band=text(line, "band").upper(),
        value=parts[Part.VALUE],
        numerator=parts[Part.NUMERATOR],
        denominator=parts[Part.DENOMINATOR],
        base=parts[Part.BASE],
        text=text(line, "text") or None,
        estimated=estimated in _YES,
    )


def example(definition: Definition, ods_code: str, period: Period) -> list[tuple[str, ...]]:
    """Header and rows of a file for one report: every cell that the definition asks for, with its numbers blank."""
    rows = [
        (ods_code, period.starts_on.isoformat(), period.ends_on.isoformat(), metric.code, group, band, *[""] * 7)
        for metric in definition.metrics
        for group, band in metric.cells
    ]
    return [COLUMNS, *rows]
