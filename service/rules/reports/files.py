"""Reading an uploaded file of figures: CSV or XLSX, from bytes to rows that keep their row and column.

Whatever can be wrong with such a file has a name: it is too large, not UTF-8 (a byte-order mark is welcome), no
spreadsheet, an archive that unpacks to too much, a column missing or given twice, a row of another length. Nothing is
guessed. Formulas are never computed: of a spreadsheet the values that it stores are read, and macros never. Everything
here is a plain computation over bytes, fit for a thread.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Final

from service.rules.reports.file_rules import (
    BYTES_MOST,
    CELL_MOST,
    COLUMNS_MOST,
    PROBLEMS_MOST,
    ROWS_MOST,
    FileProblem,
    FileRule,
    Line,
    Table,
    Value,
)
from service.rules.reports.workbooks import workbook_rows

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def read(content: bytes) -> Table | list[FileProblem]:
    """The rows of a CSV or XLSX file, told apart by their content; or what speaks against reading it."""
    if len(content) > BYTES_MOST:
        return [FileProblem(FileRule.TOO_LARGE)]
    if content.startswith(_OLD_EXCEL):
        return [FileProblem(FileRule.NOT_A_SPREADSHEET)]
    rows = workbook_rows(content) if content.startswith(_ZIP) else _csv_rows(content)
    return [rows] if isinstance(rows, FileProblem) else _table(rows)


def _csv_rows(content: bytes) -> list[Sequence[Value]] | FileProblem:
    text = _decoded(content)
    if isinstance(text, FileProblem):
        return text
    rows: list[Sequence[Value]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append([cell.strip() or None for cell in cells])
            if len(rows) > ROWS_MOST + 1:
                return FileProblem(FileRule.TOO_MANY_ROWS)
    except csv.Error:
        return FileProblem(FileRule.MALFORMED, row=len(rows) + 1)
    return rows


def _decoded(content: bytes) -> str | FileProblem:
    if content.startswith(_UTF16):
        return FileProblem(FileRule.NOT_UTF8)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        return FileProblem(FileRule.NOT_UTF8, row=content.count(b"\n", 0, wrong.start) + 1)
    if "\x00" in text:
        return FileProblem(FileRule.MALFORMED, row=text.count("\n", 0, text.index("\x00")) + 1)
    header = text.split("\n", 1)[0]
    if "," not in header and (";" in header or "\t" in header):
        return FileProblem(FileRule.WRONG_DELIMITER, row=1)
    return text


def _table(rows: Sequence[Sequence[Value]]) -> Table | list[FileProblem]:
    if len(rows) < 2:
        return [FileProblem(FileRule.EMPTY)]
    header = ["" if cell is None else str(cell) for cell in rows[0]]
    while header and not header[-1]:
        header.pop()
    if problems := _header_problems(header):
        return problems
    lines, problems = [], []
    for number, row in enumerate(rows[1:], start=2):
        cells = list(row)
        while len(cells) > len(header) and cells[-1] is None:
            cells.pop()
        if all(cell is None for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(FileProblem(FileRule.ROW_LENGTH, row=number))
        problems += [
            FileProblem(FileRule.CELL_TOO_LONG, row=number, column=column)
            for column, cell in zip(header, cells, strict=False)
            if isinstance(cell, str) and len(cell) > CELL_MOST
        ]
        lines.append(Line(number, dict(zip(header, cells, strict=False))))
    if problems:
        return problems[:PROBLEMS_MOST]
    return Table(tuple(header), tuple(lines)) if lines else [FileProblem(FileRule.EMPTY)]


def _header_problems(header: Sequence[str]) -> list[FileProblem]:
    if len(header) > COLUMNS_MOST:
        return [FileProblem(FileRule.TOO_MANY_COLUMNS, row=1)]
    problems = [FileProblem(FileRule.BLANK_COLUMN, row=1) for name in header if not name][:1]
    counted = Counter(header)
    return problems + [
        FileProblem(FileRule.DUPLICATED_COLUMN, row=1, column=name[:100])
        for name, times in counted.items()
        if times > 1 and name
    ]


def column_problems(table: Table, needed: Sequence[str], known: Sequence[str] | None = None) -> list[FileProblem]:
    """The columns that are missing, and those that are not `known` (None: others are let be)."""
    missing = [FileProblem(FileRule.MISSING_COLUMN, row=1, column=name) for name in needed if name not in table.columns]
    allowed = set(known) if known is not None else set(table.columns)
    unknown = [
        FileProblem(FileRule.UNKNOWN_COLUMN, row=1, column=name[:100]) for name in table.columns if name not in allowed
    ]
    return missing + unknown
