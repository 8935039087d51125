"""What can be wrong with an uploaded file, each with a name; its rows; and how large it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

BYTES_MOST: Final = 20_000_000
UNPACKED_MOST: Final = 200_000_000
ENTRIES_MOST: Final = 1_000
ROWS_MOST: Final = 200_000
COLUMNS_MOST: Final = 500
CELL_MOST: Final = 10_000
PROBLEMS_MOST: Final = 1_000

Value = str | Decimal | date | bool | None


class FileRule(StrEnum):
    """What is wrong with a file, or with one cell of it before any definition is asked."""

    TOO_LARGE = "TOO_LARGE"
    EMPTY = "EMPTY"
    NOT_UTF8 = "NOT_UTF8"
    NOT_A_SPREADSHEET = "NOT_A_SPREADSHEET"
    SEVERAL_SHEETS = "SEVERAL_SHEETS"
    WRONG_DELIMITER = "WRONG_DELIMITER"
    MALFORMED = "MALFORMED"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    TOO_MANY_COLUMNS = "TOO_MANY_COLUMNS"
    CELL_TOO_LONG = "CELL_TOO_LONG"
    BLANK_COLUMN = "BLANK_COLUMN"
    DUPLICATED_COLUMN = "DUPLICATED_COLUMN"
    MISSING_COLUMN = "MISSING_COLUMN"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN"
    ROW_LENGTH = "ROW_LENGTH"
    REQUIRED = "REQUIRED"
    DECIMAL_COMMA = "DECIMAL_COMMA"
    DATE_FOR_NUMBER = "DATE_FOR_NUMBER"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_A_DATE = "NOT_A_DATE"
    NOT_A_YEAR = "NOT_A_YEAR"
    MIXED_YEARS = "MIXED_YEARS"


DESCRIPTIONS: Final[Mapping[FileRule, str]] = MappingProxyType(
    {
        FileRule.TOO_LARGE: "The file, or what it unpacks to, is larger than can be taken.",
        FileRule.EMPTY: "The file has no row of figures.",
        FileRule.NOT_UTF8: "The file is not in UTF-8: save it as CSV UTF-8, or as XLSX.",
        FileRule.NOT_A_SPREADSHEET: "The file is neither CSV nor a spreadsheet (XLSX) that can be read.",
        FileRule.SEVERAL_SHEETS: "The workbook has several sheets with content: leave the one that is meant.",
        FileRule.WRONG_DELIMITER: "The columns are parted by semicolons or tabs: part them by commas.",
        FileRule.MALFORMED: "A quotation mark is not closed, or a character cannot be kept.",
        FileRule.TOO_MANY_ROWS: "The file has more rows than can be taken.",
        FileRule.TOO_MANY_COLUMNS: "The file has more columns than can be taken.",
        FileRule.CELL_TOO_LONG: "A cell is longer than can be taken.",
        FileRule.BLANK_COLUMN: "A column with values has no name.",
        FileRule.DUPLICATED_COLUMN: "A column is given twice.",
        FileRule.MISSING_COLUMN: "A column that is needed is missing.",
        FileRule.UNKNOWN_COLUMN: "A column is not one of this layout.",
        FileRule.ROW_LENGTH: "The row has more or fewer cells than there are columns.",
        FileRule.REQUIRED: "A cell that is needed is blank.",
        FileRule.DECIMAL_COMMA: "A number is written with a comma: write a point, and no separator for thousands.",
        FileRule.DATE_FOR_NUMBER: "A spreadsheet turned the number into a date: format the column as a number.",
        FileRule.NOT_A_NUMBER: "The cell is not a number.",
        FileRule.NOT_A_DATE: "The cell is not a day written as YYYY-MM-DD.",
        FileRule.NOT_A_YEAR: "The cell is not a year of four digits.",
        FileRule.MIXED_YEARS: "Reports of one organisation are about years that overlap, or are written in two ways.",
    }
)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong with a file: row (1 is the header, None the file), column, rule, and what was found there."""

    rule: FileRule
    row: int | None = None
    column: str = ""
    value: str = ""

    @property
    def message(self) -> str:
        """The rule in plain words."""
        return DESCRIPTIONS[self.rule]


@dataclass(frozen=True, slots=True)
class Line:
    """One row below the header: its number in the file, and its cells by column."""

    number: int
    cells: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that could be read: its columns in order, and its rows that are not blank."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
