"""A file of figures becomes reports whole, or its sender is told each row and column that stands in the way."""

from dataclasses import replace
from datetime import date

import pytest

from service.rules.reports.file_rules import Table
from service.rules.reports.files import read
from service.rules.reports.kinds import DEFINITIONS
from service.rules.reports.periods import months_from
from service.rules.reports.uploads import COLUMNS, DirectoryEntry, LeftOut, Submitted, example, submitted

TODAY = date(2026, 11, 27)
FACILITY = [d for d in DEFINITIONS if d.code == "PROTECTED_TIME"]
DIRECTORY = [
    DirectoryEntry("RTD", is_trust=True),
    DirectoryEntry("RR7", is_trust=True),
    DirectoryEntry("RE9", is_trust=True, closed_on=date(2019, 3, 31), successors=("R0B",)),
    DirectoryEntry("NEW", is_trust=True, opened_on=date(2027, 4, 1)),
    DirectoryEntry("QHM", is_trust=False),
]
GOOD = {"PT_OFFICERS": "9", "PT_WITH_TIME": "7", "PT_AGREED": "400", "PT_TAKEN": "310.5", "PT_BACKFILLED": "20"}


def rows_of(code: str = "RTD", start: str = "2025-04-01", end: str = "2026-03-31", **values: str) -> list[str]:
    return [f"{code},{start},{end},{metric},{value}" for metric, value in (GOOD | values).items()]


def sent(*rows: str, header: str = "organisation,period_start,period_end,metric,value") -> Submitted:
    table = read("\n".join((header, *rows)).encode())
    assert isinstance(table, Table), table
    return submitted(FACILITY, table, DIRECTORY, TODAY)


def named(found: Submitted) -> list[tuple[int | None, str, str, str]]:
    return [(p.row, p.column, p.rule, p.value) for p in found.every_problem]


def test_rows_of_one_trust_and_year_are_one_report() -> None:
    found = sent(*rows_of(), *rows_of("RR7"), *rows_of("RR7", "2024-04-01", "2025-03-31"))
    assert named(found) == []
    assert [(r.row, r.ods_code, r.period.label, len(r.figures)) for r in found.rows] == [
        (2, "RTD", "2025-26", 5),
        (7, "RR7", "2025-26", 5),
        (12, "RR7", "2024-25", 5),
    ]


def test_a_wrong_cell_is_named_by_row_column_rule_and_value() -> None:
    found = sent(*rows_of(PT_OFFICERS="-1", PT_TAKEN='"12,5"'))
    assert named(found) == [
        (2, "value", "BELOW_RANGE", "-1"),
        (3, "value", "ABOVE_OTHER_METRIC", "7"),
        (5, "value", "DECIMAL_COMMA", "12,5"),
    ]
    assert [r.problems != () for r in found.rows] == [True]


def test_a_good_report_stands_beside_a_bad_one() -> None:
    found = sent(*rows_of(PT_OFFICERS="x"), *rows_of("RR7"))
    assert [(r.ods_code, bool(r.problems)) for r in found.rows] == [("RTD", True), ("RR7", False)]


def test_a_missing_figure_is_missed() -> None:
    assert [(p.rule, p.row) for p in sent(*rows_of()[1:]).every_problem] == [("MISSING", 2)]


@pytest.mark.parametrize(
    ("code", "start", "reason", "successors"),
    [
        ("XYZ", "2025-04-01", LeftOut.UNKNOWN_CODE, ()),
        ("QHM", "2025-04-01", LeftOut.OTHER_BODY, ()),
        ("RE9", "2025-04-01", LeftOut.CLOSED, ("R0B",)),
        ("NEW", "2025-04-01", LeftOut.NOT_YET_OPEN, ()),
    ],
)
def test_other_bodies_are_left_out_and_reported(
    code: str, start: str, reason: LeftOut, successors: tuple[str, ...]
) -> None:
    found = sent(*rows_of(code, start), *rows_of("RTD"))
    assert [(o.row, o.ods_code, o.reason, o.successors) for o in found.left_out] == [(2, code, reason, successors)]
    assert [r.ods_code for r in found.rows] == ["RTD"]


def test_a_year_mistyped_in_some_rows_is_a_mixed_year() -> None:
    rows = rows_of()
    rows[2] = rows[2].replace("2025-04-01", "2025-05-01")
    assert [p.rule for p in sent(*rows).every_problem] == ["MIXED_YEARS"]
    assert sent(*rows).rows == ()


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (",2025-04-01,2026-03-31,PT_OFFICERS,9", "REQUIRED", "organisation"),
        ("RTD,01/04/2025,2026-03-31,PT_OFFICERS,9", "NOT_A_DATE", "period_start"),
        ("RTD,2025-04-01,,PT_OFFICERS,9", "REQUIRED", "period_end"),
        ("RTD,2025-01-01,2025-12-31,PT_OFFICERS,9", "INVALID", "period_start"),
        ("RTD,2027-04-01,2028-03-31,PT_OFFICERS,9", "IN_THE_FUTURE", "period_start"),
        ("RTD,1999-04-01,2000-03-31,PT_OFFICERS,9", "INVALID", "period_start"),
    ],
)
def test_a_row_that_cannot_be_placed_stops_the_file(row: str, rule: str, column: str) -> None:
    found = sent(row)
    assert [(p.row, p.rule, p.column) for p in found.problems] == [(2, rule, column)]
    assert found.rows == ()


def test_a_column_that_is_missing_or_none_of_the_layout_stops_the_file() -> None:
    found = sent("RTD,2025-04-01,2026-03-31,9,x", header="organisation,period_start,period_end,value,name")
    assert [(p.rule, p.column) for p in found.problems] == [("MISSING_COLUMN", "metric"), ("UNKNOWN_COLUMN", "name")]


def test_an_estimate_and_a_senders_key_are_kept() -> None:
    header = "organisation,period_start,period_end,metric,band,value,estimated,external_key"
    table = read(f"{header}\nRTD,2026-01-01,2026-03-31,JE_IN_USE,BAND_5,40,yes,ESR-77\n".encode())
    assert isinstance(table, Table)
    jobs = [d for d in DEFINITIONS if d.code == "JOB_EVALUATION"]
    row = submitted(jobs, table, DIRECTORY, TODAY).rows[0]
    assert row.external_key == "ESR-77"
    assert row.figures[0].estimated
    assert {p.rule for p in row.problems} == {"MISSING"}


def test_an_example_file_is_read_back_and_asks_only_for_its_numbers() -> None:
    rows = example(FACILITY[0], "RTD", months_from(date(2025, 4, 1), 12))
    assert rows[0] == COLUMNS
    table = read("\n".join(",".join(row) for row in rows).encode())
    assert isinstance(table, Table)
    found = submitted(FACILITY, table, DIRECTORY, TODAY)
    assert {p.rule for p in found.every_problem} == {"MISSING_PART"}


def test_the_same_file_makes_the_same_reports() -> None:
    one, other = sent(*rows_of()), sent(*rows_of())
    assert [replace(r) for r in one.rows] == list(other.rows)
