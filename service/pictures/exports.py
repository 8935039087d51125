"""Tables to take away, as CSV and XLSX, which no spreadsheet turns into a formula.

A text that begins with = + - @, a tab or a line break, also after spaces, would be computed by the program that opens
it (OWASP, CSV injection): in CSV it gets an apostrophe before it, in XLSX it is written as text. Numbers stay numbers.
Every text of a CSV is quoted. Days are written as YYYY-MM-DD. The same rows give the same bytes.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

Value = str | Decimal | int | date | bool | None

_DANGEROUS: Final = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
_CELL_MOST: Final = 32_767
_MADE: Final = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # a workbook knows no time zone
_XLSX_DIGITS: Final = 15
_FIRST_DAY: Final = date(1900, 3, 1)


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The table as CSV in UTF-8 with a byte-order mark, which spreadsheets need to read it as such."""
    lines: list[Sequence[Value]] = [header, *rows]
    return "".join(",".join(map(_csv_cell, line)) + "\r\n" for line in lines).encode("utf-8-sig")


def xlsx_table(header: Sequence[str], rows: Iterable[Sequence[Value]], title: str = "Figures") -> bytes:
    """The table as a workbook of one sheet, its header frozen. A number of more digits than a cell keeps is text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": _clean(title), "created": _MADE})
    sheet = book.add_worksheet("Figures")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate(header):
        sheet.write_string(0, column, _clean(name), bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            match value:
                case None:
                    continue
                case bool():
                    sheet.write_boolean(number, column, value)
                case Decimal() | int() if _fits(Decimal(value)):
                    sheet.write_number(number, column, value)
                case date() if value >= _FIRST_DAY:
                    sheet.write_datetime(number, column, value, day)
                case _:
                    sheet.write_string(number, column, _clean(str(value)))
    book.close()
    return out.getvalue()


def disarmed(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would compute it."""
    clean = _clean(text)
    bare = clean.lstrip(" \u00a0\ufeff\u200b")
    return f"'{clean}" if (bare[:1] in _DANGEROUS and bare) or clean[:1] in _DANGEROUS else clean


def _csv_cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return '"' + disarmed(value).replace('"', '""') + '"'


def _fits(value: Decimal) -> bool:
    return value.is_finite() and len(value.normalize().as_tuple().digits) <= _XLSX_DIGITS


def _clean(text: str) -> str:
    """Without characters that XML cannot hold, and no longer than a cell is."""
    kept = "".join(c for c in text if c in "\t\r\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept[:_CELL_MOST]
