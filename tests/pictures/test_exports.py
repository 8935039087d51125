"""Nothing that is taken away is computed by the program that opens it, and every number stays one."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from service.pictures.exports import csv_table, disarmed, xlsx_table

FORMULAS = [
    "=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "   +1", "\u00a0=1", "\ufeff=1", "\u200b=1", "\uff1d1",
    "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "%0A=1", "|calc",
]  # fmt: skip
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**9), 10**9, places=4),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def sheet(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_csv_is_a_text(formula: str) -> None:
    content = csv_table([formula], [[formula]])
    assert read_csv(content) == [["'" + formula]] * 2
    assert disarmed(formula).startswith("'")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_workbook_is_a_text(formula: str) -> None:
    content = xlsx_table([formula], [[formula]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        cells = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in cells
        assert not any("externalLink" in name or "vbaProject" in name for name in archive.namelist())
    assert isinstance(sheet(content)[1][0], str)


def test_a_web_address_is_no_link() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_table(["a"], [["https://example.org"]]))) as archive:
        assert b"hyperlink" not in archive.read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers_to_the_last_digit() -> None:
    row = [Decimal("85.1851851851852"), Decimal("1E+3"), Decimal("-0.50"), 12345678901234567, 7]
    content = csv_table(["a"] * 5, [row])
    assert content.splitlines()[1] == b"85.1851851851852,1000,-0.50,12345678901234567,7"
    found = sheet(xlsx_table(["a"] * 5, [row]))[1]
    assert found == [85.1851851851852, 1000.0, -0.5, "12345678901234567", 7.0]


def test_days_blanks_and_answers_are_themselves() -> None:
    row = [date(2026, 4, 1), None, True, date(1850, 1, 1)]
    assert read_csv(csv_table(["d", "n", "b", "old"], [row]))[1] == ["2026-04-01", "", "yes", "1850-01-01"]
    assert sheet(xlsx_table(["d", "n", "b", "old"], [row]))[1] == [date(2026, 4, 1), "", True, "1850-01-01"]


@given(st.lists(st.tuples(VALUES, VALUES), max_size=5))
def test_every_text_comes_back_and_none_begins_as_a_formula(rows) -> None:
    for read, given_row in zip(read_csv(csv_table(["a", "b"], rows))[1:], rows, strict=True):
        for cell, value in zip(read, given_row, strict=True):
            if isinstance(value, str):
                assert cell in (value, "'" + value)
                assert not cell.lstrip()[:1] or cell.lstrip()[0] not in "=+-@"
            elif isinstance(value, Decimal) or type(value) is int:
                assert Decimal(cell) == value


def test_the_same_table_makes_the_same_bytes() -> None:
    rows = [["x", Decimal("1.5"), date(2026, 4, 1)]]
    assert csv_table(["a", "b", "c"], rows) == csv_table(["a", "b", "c"], rows)
    assert xlsx_table(["a", "b", "c"], rows) == xlsx_table(["a", "b", "c"], rows)


def test_a_text_that_no_cell_holds_is_cut_and_its_controls_are_left_out() -> None:
    found = sheet(xlsx_table(["a"], [["x" * 40_000], ["a\x00\x0bb"]]))
    assert [len(str(found[1][0])), found[2][0]] == [32_767, "ab"]
