"""The public NHS Staff Survey file, results by organisation and year, onto the staff-survey definition.

As such files are: in 2021 `Region` names the sustainability and transformation partnership and `ICS/STP` the region;
from 2022 `Region` is the region, and the integrated care system stands under `ICS/STP` in 2022 and under `ICS` from
2023. What is not given is `NA`, `<NA>`, `-` or blank. Commissioners, support units and social enterprises stand among
the trusts, and so do sectors of one trust under codes that are none: they are reported and left out. A trust that was
open in the year counts under its own code; one that was closed before names its successors.

Three things are our reading of the file: a sector is told by its name, a trust by its benchmarking group, and a region
by being one of England's seven.

The response rate of three questions is given as a fraction; it is kept as the two counts that it was made of, and a
file in which the fraction is another is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from service.rules.reports.checks import FigureProblem, figure_problems
from service.rules.reports.definitions import Definition, Figure, Part
from service.rules.reports.file_cells import number, text
from service.rules.reports.file_rules import FileProblem, FileRule, Line, Table
from service.rules.reports.files import column_problems
from service.rules.reports.kinds.staff_survey import ANSWERED, COLUMNS, RESPONDENTS
from service.rules.reports.periods import Period, definition_for, period_problems, year_of
from service.rules.reports.uploads import (
    DirectoryEntry,
    LeftOut,
    RowLeftOut,
    RowProblem,
    Submitted,
    SubmittedRow,
    left_out,
    of_figure,
    of_file,
)

CODE: Final = "ODS code"
YEAR: Final = "Year"
NAME: Final = "Organisation name"
KIND: Final = "Benchmarking group"
REGION: Final = "Region"
SYSTEM: Final = "ICS/STP"
SYSTEM_LATER: Final = "ICS"
TOOK_PART: Final = "Respondents"
NEEDED: Final = (
    CODE,
    YEAR,
    NAME,
    KIND,
    REGION,
    TOOK_PART,
    *dict.fromkeys(column for one in COLUMNS for column in (one.rate, one.base)),
    *(f"{stem}_response_rate" for stem in ANSWERED),
)
ABSENT: Final = frozenset({"", "-", "NA", "<NA>", "N/A"})
REGIONS: Final = frozenset(
    {
        "East of England",
        "London",
        "Midlands",
        "North East and Yorkshire",
        "North West",
        "South East",
        "South West",
    }
)
_FRACTION_TOLERANCE: Final = Decimal("1e-9")
_TRUSTS: Final = "Trusts"
_SECTOR: Final = "sector)"


@dataclass(frozen=True, slots=True)
class Body:
    """A trust that the file names: what the directory can learn of it, as the file's latest year says."""

    ods_code: str
    name: str
    trust_type: str
    icb: str
    region: str
    latest: int


def is_survey_file(table: Table) -> bool:
    """Whether the file has the columns by which the public file is known."""
    return {CODE, YEAR, KIND} <= set(table.columns)


def submitted(
    definitions: Sequence[Definition], table: Table, directory: Iterable[DirectoryEntry], today: date
) -> Submitted:
    """The reports of the file, one for each trust and year; other bodies are left out and reported."""
    if problems := [*column_problems(table, NEEDED), *_year_problems(table)]:
        return Submitted(problems=tuple(of_file(problem) for problem in problems))
    entries = {entry.ods_code: entry for entry in directory}
    rows: dict[tuple[str, Period], SubmittedRow] = {}
    outside: list[RowLeftOut] = []
    twice: list[RowProblem] = []
    for line in table.lines:
        code, period = text(line, CODE).upper(), year_of(int(text(line, YEAR)))
        if other := _other_body(line):
            outside.append(RowLeftOut(line.number, code[:40], other))
        elif reason := left_out(line.number, code, period, entries):
            outside.append(reason)
        elif (code, period) in rows:
            twice.append(RowProblem(line.number, CODE, "DUPLICATED", code, "The trust has two rows for this year."))
        else:
            rows[code, period] = _row(definitions, line, code, period, today)
    return Submitted(() if twice else tuple(rows.values()), tuple(twice), tuple(outside))


def bodies(table: Table) -> tuple[Body, ...]:
    """The trusts of the file, each once, by code: for a directory that does not know them yet."""
    found: dict[str, Body] = {}
    for line in table.lines:
        code, year = text(line, CODE).upper(), text(line, YEAR)
        if _other_body(line) is None and _is_year(year) and (code not in found or found[code].latest <= int(year)):
            region, system = _region_and_system(line)
            # A year that does not say the care board (an ambulance trust's may not) does not unsay it.
            kept = found[code].icb if code in found else ""
            found[code] = Body(code, text(line, NAME), text(line, KIND), system or kept, region, int(year))
    return tuple(found[code] for code in sorted(found))


def _other_body(line: Line) -> LeftOut | None:
    """Why the row is about no trust: another kind of body, or a part of one that the file gives a code of its own."""
    if _TRUSTS not in text(line, KIND):
        return LeftOut.OTHER_BODY
    return LeftOut.SECTOR_OF_TRUST if text(line, NAME).endswith(_SECTOR) else None


def _year_problems(table: Table) -> list[FileProblem]:
    """Years that are none; and a column in which some are written otherwise than the rest."""
    if YEAR not in table.columns:
        return []
    years = [(line.number, text(line, YEAR)) for line in table.lines]
    wrong = [(row, year) for row, year in years if not _is_year(year)]
    rule = FileRule.MIXED_YEARS if 0 < len(wrong) < len(years) else FileRule.NOT_A_YEAR
    return [FileProblem(rule, row, YEAR, year[:40]) for row, year in wrong]


def _is_year(year: str) -> bool:
    return len(year) == 4 and year.isascii() and year.isdigit() and 2003 <= int(year) <= 2100


def _row(definitions: Sequence[Definition], line: Line, code: str, period: Period, today: date) -> SubmittedRow:
    definition = definition_for(definitions, definitions[0].code, period) or definitions[-1]
    figures, problems = _figures(line)
    problems += [
        RowProblem(line.number, YEAR, found.code, period.label, found.message)
        for found in period_problems(definition, period, today)
    ]
    found = figure_problems(definition, figures, complete=not problems)
    problems += [of_figure(problem, line.number, _columns(problem)) for problem in found]
    region, system = _region_and_system(line)
    return SubmittedRow(
        row=line.number,
        ods_code=code,
        period=period,
        definition=definition,
        figures=tuple(figures),
        problems=tuple(problems),
        external_key=f"NSS {code} {period.label}",
        trust_type=text(line, KIND),
        icb=system,
        region=region,
    )


def _region_and_system(line: Line) -> tuple[str, str]:
    """Region and integrated care system, whichever column they stand in that year."""
    given = ["" if text(line, column) in ABSENT else text(line, column) for column in (REGION, SYSTEM, SYSTEM_LATER)]
    region = next((name for name in given if name in REGIONS), "")
    return region, next((name for name in given if name and name != region), "")


def _given(line: Line, column: str) -> Decimal | FileProblem | None:
    return None if text(line, column) in ABSENT else number(line, column)


def _figures(line: Line) -> tuple[list[Figure], list[RowProblem]]:
    figures: list[Figure] = []
    problems: list[FileProblem] = []

    def read(column: str) -> Decimal | None:
        found = _given(line, column)
        if isinstance(found, FileProblem):
            problems.append(found)
            return None
        return found

    took_part = read(TOOK_PART)
    if took_part is not None:
        figures.append(Figure(RESPONDENTS, value=took_part))
    for column in COLUMNS:
        rate, base = read(column.rate), read(column.base)
        if rate is not None or base is not None:
            figures.append(Figure(column.code, value=rate, base=base))
    fractions: list[RowProblem] = []
    for stem in ANSWERED:
        answered, fraction = read(f"{stem}_base"), read(f"{stem}_response_rate")
        if answered is None or took_part is None:
            continue
        figures.append(Figure(f"NSS_{stem.upper()}_ANSWERED", numerator=answered, denominator=took_part))
        if fraction is not None and took_part and abs(answered / took_part - fraction) > _FRACTION_TOLERANCE:
            message = "The response rate is not the number who answered of those who took part."
            where = f"{stem}_response_rate"
            fractions.append(RowProblem(line.number, where, "DOES_NOT_ADD_UP", str(fraction), message))
    unique = list(dict.fromkeys(problems))
    return figures, [*(of_file(problem) for problem in unique), *fractions]


_BY_METRIC: Final = {column.code: {Part.VALUE: column.rate, Part.BASE: column.base} for column in COLUMNS} | {
    RESPONDENTS: {Part.VALUE: TOOK_PART}
}


def _columns(problem: FigureProblem) -> dict[Part, str]:
    """The columns of the file in which the parts of a metric stand."""
    known = _BY_METRIC.get(problem.metric, {})
    return {part: known.get(part, problem.metric) for part in Part}
