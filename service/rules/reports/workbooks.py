"""Reading a workbook (XLSX): the values that its one sheet stores, formulas never computed, macros never run."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from service.rules.reports.file_rules import COLUMNS_MOST, ROWS_MOST, UNPACKED_MOST, FileProblem, FileRule, Value

ENTRIES_MOST: Final = 1_000
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
)


def workbook_rows(content: bytes) -> list[Sequence[Value]] | FileProblem:
    """The rows of the sheet that has content; or what speaks against reading it."""
    if problem := _archive_problem(content):
        return problem
    try:
        return _rows(content)
    # A damaged workbook fails inside the reader in ways that it does not name.
    except (CalamineError, OSError, ValueError, KeyError, IndexError):
        return FileProblem(FileRule.NOT_A_SPREADSHEET)
    except BaseException as wrong:
        # The reader is Rust: what it did not foresee comes as a panic, which is no Exception.
        if type(wrong).__name__ != "PanicException":
            raise
        return FileProblem(FileRule.NOT_A_SPREADSHEET)


def _rows(content: bytes) -> list[Sequence[Value]] | FileProblem:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    filled = [sheet for sheet in sheets if sheet.end is not None]
    if problem := _sheet_problem(filled):
        return problem
    found = [sheet.to_python(skip_empty_area=False) for sheet in filled]
    return [[_value(cell) for cell in row] for row in (found[0] if found else [])]


def _sheet_problem(filled: Sequence[CalamineSheet]) -> FileProblem | None:
    if len(filled) > 1:
        return FileProblem(FileRule.SEVERAL_SHEETS)
    ends = [sheet.end for sheet in filled if sheet.end is not None]
    if any(row > ROWS_MOST for row, _ in ends):
        return FileProblem(FileRule.TOO_MANY_ROWS)
    if any(column >= COLUMNS_MOST for _, column in ends):
        return FileProblem(FileRule.TOO_MANY_COLUMNS)
    return None


def _archive_problem(content: bytes) -> FileProblem | None:
    """Whether the archive is none, or unpacks to more than is taken: counted by unpacking, not by what it claims."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES_MOST or "xl/workbook.xml" not in archive.namelist():
                return FileProblem(FileRule.NOT_A_SPREADSHEET)
            if sum(entry.file_size for entry in entries) > UNPACKED_MOST:
                return FileProblem(FileRule.TOO_LARGE)
            unpacked = 0
            for entry in entries:
                with archive.open(entry) as part:
                    while piece := part.read(1 << 20):
                        unpacked += len(piece)
                        if unpacked > UNPACKED_MOST:
                            return FileProblem(FileRule.TOO_LARGE)
    except _DAMAGED:
        return FileProblem(FileRule.NOT_A_SPREADSHEET)
    return None


def _value(cell: object) -> Value:
    value: Value
    match cell:
        case bool() | None:
            value = cell
        case int():
            value = Decimal(cell)
        case float():
            # The shortest text that is this number: what the person sees in the cell.
            value = Decimal(repr(cell))
        case datetime():
            value = cell.date()
        case date():
            value = cell
        case _:
            value = str(cell).strip() or None
    return value
