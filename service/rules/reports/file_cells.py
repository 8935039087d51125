"""Reading one cell of a file: as a number, a day, a text. Nothing is guessed, and what is wrong has a name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from service.rules.reports.file_rules import FileProblem, FileRule, Line

_MONTHS: Final = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})


def number(line: Line, column: str) -> Decimal | FileProblem | None:
    """The cell as a number; None where it is blank; a problem where it is something else."""
    cell = line.cells.get(column)
    match cell:
        case None:
            return None
        case bool():
            return FileProblem(FileRule.NOT_A_NUMBER, line.number, column, str(cell))
        case Decimal():
            return cell
        case date():
            return FileProblem(FileRule.DATE_FOR_NUMBER, line.number, column, cell.isoformat())
        case _:
            return _number(cell, line.number, column)


def _number(cell: str, row: int, column: str) -> Decimal | FileProblem:
    short = cell[:40]
    if _looks_like_date(cell):
        return FileProblem(FileRule.DATE_FOR_NUMBER, row, column, short)
    if "," in cell and cell.replace(",", "").replace(".", "").removeprefix("-").isdigit():
        return FileProblem(FileRule.DECIMAL_COMMA, row, column, short)
    if "_" in cell or not cell.isascii():
        return FileProblem(FileRule.NOT_A_NUMBER, row, column, short)
    try:
        found = Decimal(cell)
    except InvalidOperation:
        return FileProblem(FileRule.NOT_A_NUMBER, row, column, short)
    return found if found.is_finite() else FileProblem(FileRule.NOT_A_NUMBER, row, column, short)


def _looks_like_date(cell: str) -> bool:
    """`Jan-50`, `01/05/2024`, `2024-05-01`: what a spreadsheet makes of `1-50`."""
    parts = cell.replace("/", "-").split("-")
    if len(parts) == 3:
        return all(part.isdigit() for part in parts)
    return len(parts) == 2 and any(part[:3].lower() in _MONTHS for part in parts)


def day(line: Line, column: str) -> date | FileProblem:
    """The cell as a day, a spreadsheet's date or YYYY-MM-DD; a problem where it is something else or blank."""
    cell = line.cells.get(column)
    if isinstance(cell, date):
        return cell
    if cell is None:
        return FileProblem(FileRule.REQUIRED, line.number, column)
    try:
        return date.fromisoformat(str(cell))
    except ValueError:
        return FileProblem(FileRule.NOT_A_DATE, line.number, column, str(cell)[:40])


def text(line: Line, column: str) -> str:
    """The cell as text; empty where it is blank. A whole number that a spreadsheet kept as one reads as it shows."""
    cell = line.cells.get(column)
    match cell:
        case None:
            return ""
        case Decimal():
            return str(int(cell)) if cell == cell.to_integral_value() else str(cell)
        case bool():
            return "yes" if cell else "no"
        case date():
            return cell.isoformat()
        case _:
            return cell
