"""Whoever uploads a bad file is told what is wrong and where; nothing is guessed and nothing raises."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from service.rules.reports.file_cells import day, number, text
from service.rules.reports.file_rules import BYTES_MOST, FileProblem, FileRule, Line, Table
from service.rules.reports.files import column_problems, read


def table(content: bytes) -> Table:
    found = read(content)
    assert isinstance(found, Table), found
    return found


def problems(content: bytes) -> list[tuple[FileRule, int | None, str]]:
    found = read(content)
    assert isinstance(found, list)
    assert all(problem.message for problem in found)
    return [(p.rule, p.row, p.column) for p in found]


def workbook(*sheets: list[list[object]], formula: str = "") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day_format = book.add_format({"num_format": "dd/mm/yyyy"})
    for rows in sheets:
        sheet = book.add_worksheet()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, day_format)
                else:
                    sheet.write(r, c, value)
        if formula:
            sheet.write_formula(5, 0, formula, None, 42)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_csv_is_read_with_and_without_a_byte_order_mark(mark: bytes, end: bytes) -> None:
    found = table(mark + end.join([b"name,value", "Café,1.5".encode(), b'"two, lines",', b"", b"x,2"]))
    assert found.columns == ("name", "value")
    assert [(line.number, dict(line.cells)) for line in found.lines] == [
        (2, {"name": "Café", "value": "1.5"}),
        (3, {"name": "two, lines", "value": None}),
        (5, {"name": "x", "value": "2"}),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (FileRule.EMPTY, None, "")),
        (b"a,b\n", (FileRule.EMPTY, None, "")),
        (b"a,b\n,\n\n", (FileRule.EMPTY, None, "")),
        ("a,b\nx,é\n".encode("latin-1"), (FileRule.NOT_UTF8, 2, "")),
        ("a,b\n1,2\n".encode("utf-16"), (FileRule.NOT_UTF8, None, "")),
        (b"a,b\n1,\x00\n", (FileRule.MALFORMED, 2, "")),
        (b'a,b\n1,"open\n', (FileRule.MALFORMED, 2, "")),
        (b"a;b\n1;2\n", (FileRule.WRONG_DELIMITER, 1, "")),
        (b"a\tb\n1\t2\n", (FileRule.WRONG_DELIMITER, 1, "")),
        (b"a,a\n1,2\n", (FileRule.DUPLICATED_COLUMN, 1, "a")),
        (b"a,,b\n1,2,3\n", (FileRule.BLANK_COLUMN, 1, "")),
        (b"a,b\n1,2,3\n", (FileRule.ROW_LENGTH, 2, "")),
        (b"a,b\n1\n", (FileRule.ROW_LENGTH, 2, "")),
        (b"a,b\n1," + b"x" * 10_001 + b"\n", (FileRule.CELL_TOO_LONG, 2, "b")),
        (b",".join(b"c%d" % n for n in range(501)) + b"\n1\n", (FileRule.TOO_MANY_COLUMNS, 1, "")),
        (b"a,b\n" + b"1,2\n" * 200_001, (FileRule.TOO_MANY_ROWS, None, "")),
        (b"x" * (BYTES_MOST + 1), (FileRule.TOO_LARGE, None, "")),
        (b"\xd0\xcf\x11\xe0" + b"old excel", (FileRule.NOT_A_SPREADSHEET, None, "")),
        (b"PK\x03\x04" + b"not really", (FileRule.NOT_A_SPREADSHEET, None, "")),
    ],
)
def test_each_bad_file_has_a_clear_error(content: bytes, expected: tuple[FileRule, int | None, str]) -> None:
    assert problems(content)[0] == expected


def test_a_hundred_megabytes_are_refused_unread() -> None:
    assert problems(bytes(100_000_000)) == [(FileRule.TOO_LARGE, None, "")]


def test_a_workbook_is_read_as_it_shows() -> None:
    found = table(workbook([["name", "value", "day"], ["Café", 0.1, date(2024, 4, 1)], ["y", 3, ""]]))
    assert found.lines[0].cells == {"name": "Café", "value": Decimal("0.1"), "day": date(2024, 4, 1)}
    assert found.lines[1].cells == {"name": "y", "value": Decimal(3), "day": None}


def test_a_formula_is_never_computed() -> None:
    found = table(workbook([["name"], ["a"]], formula='=HYPERLINK("http://example.org","x")'))
    assert found.lines[-1].cells["name"] in (Decimal(42), "42")


def test_a_workbook_of_two_sheets_is_refused() -> None:
    assert problems(workbook([["a"], [1]], [["a"], [2]])) == [(FileRule.SEVERAL_SHEETS, None, "")]


def bomb(*, honest: bool) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(250):
                part.write(bytes(1_000_000))
    content = out.getvalue()
    if honest:
        return content
    # The directory claims ten bytes; what it unpacks to is another matter.
    return content.replace((250_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


@pytest.mark.parametrize("honest", [True, False])
def test_an_archive_that_unpacks_to_much_is_refused(honest: bool) -> None:
    assert problems(bomb(honest=honest))[0][0] in {FileRule.TOO_LARGE, FileRule.NOT_A_SPREADSHEET}


def test_an_encrypted_or_foreign_archive_is_no_spreadsheet() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert problems(out.getvalue()) == [(FileRule.NOT_A_SPREADSHEET, None, "")]


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda b: b"PK\x03\x04" + b) | st.text().map(str.encode))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read(content), Table | list)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=20))
def test_no_damaged_workbook_raises(at: int, damage: bytes) -> None:
    good = workbook([["name", "value"], ["a", 1]])
    at %= len(good)
    assert isinstance(read(good[:at] + damage + good[at + len(damage) :]), Table | list)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=20))
def test_no_damaged_sheet_inside_a_whole_archive_raises(at: int, damage: bytes) -> None:
    good = zipfile.ZipFile(io.BytesIO(workbook([["name", "value"], ["a", 1], ["b", date(2024, 4, 1)]])))
    names = good.namelist()
    spoilt = names[at % len(names)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            content = good.read(name)
            place = at % len(content)
            archive.writestr(name, content[:place] + damage + content[place:] if name == spoilt else content)
    assert isinstance(read(out.getvalue()), Table | list)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None),
        ("12", Decimal(12)),
        ("-1.5", Decimal("-1.5")),
        (Decimal("3.0"), Decimal(3)),
        ("12,5", FileRule.DECIMAL_COMMA),
        ("1.234,5", FileRule.DECIMAL_COMMA),
        ("1,234", FileRule.DECIMAL_COMMA),
        ("Jan-50", FileRule.DATE_FOR_NUMBER),
        ("01/05/2024", FileRule.DATE_FOR_NUMBER),
        (date(2024, 5, 1), FileRule.DATE_FOR_NUMBER),
        ("12%", FileRule.NOT_A_NUMBER),
        ("£12", FileRule.NOT_A_NUMBER),
        ("1_000", FileRule.NOT_A_NUMBER),
        ("٣", FileRule.NOT_A_NUMBER),
        ("NaN", FileRule.NOT_A_NUMBER),
        ("Infinity", FileRule.NOT_A_NUMBER),
        ("=1+1", FileRule.NOT_A_NUMBER),
        (True, FileRule.NOT_A_NUMBER),
    ],
)
def test_a_cell_is_a_number_or_the_reason_why_not(cell: object, expected: object) -> None:
    found = number(Line(7, {"value": cell}), "value")  # type: ignore[dict-item]
    if isinstance(found, FileProblem):
        assert (found.rule, found.row, found.column) == (expected, 7, "value")
    else:
        assert found == expected


def test_a_day_is_a_day() -> None:
    assert day(Line(2, {"d": "2024-04-01"}), "d") == date(2024, 4, 1)
    assert day(Line(2, {"d": date(2024, 4, 1)}), "d") == date(2024, 4, 1)
    for wrong, rule in (("01/04/2024", FileRule.NOT_A_DATE), ("2024", FileRule.NOT_A_DATE), (None, FileRule.REQUIRED)):
        found = day(Line(2, {"d": wrong}), "d")
        assert isinstance(found, FileProblem)
        assert found.rule is rule


def test_a_year_that_a_spreadsheet_kept_as_a_number_reads_as_it_shows() -> None:
    assert text(Line(2, {"y": Decimal("2021.0")}), "y") == "2021"
    assert text(Line(2, {"y": datetime(2021, 1, 1).date()}), "y") == "2021-01-01"
    assert text(Line(2, {"y": None}), "y") == ""


def test_missing_and_unknown_columns_are_each_named() -> None:
    found = column_problems(table(b"a,b\n1,2\n"), ("a", "c", "d"), ("a", "c", "d"))
    assert [(p.rule, p.column) for p in found] == [
        (FileRule.MISSING_COLUMN, "c"),
        (FileRule.MISSING_COLUMN, "d"),
        (FileRule.UNKNOWN_COLUMN, "b"),
    ]
