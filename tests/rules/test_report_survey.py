"""The public staff-survey file comes in whole, and the region's numbers are what an independent sum says they are."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

import polars as pl
import pytest

from service.rules.reports.definitions import Dimension
from service.rules.reports.differencing import Place
from service.rules.reports.file_rules import Line, Table
from service.rules.reports.kinds import DEFINITIONS
from service.rules.reports.releases import Published, Release, Status
from service.rules.reports.releasing import build
from service.rules.reports.staff_survey_file import REGIONS, bodies, is_survey_file, submitted
from service.rules.reports.uploads import DirectoryEntry, LeftOut, Submitted
from service.rules.successions import succession_of
from tests.rules.survey import PLACE, needs_the_file, survey_table

pytestmark = needs_the_file
SURVEY = [d for d in DEFINITIONS if d.code == "STAFF_SURVEY"]
TODAY = date(2026, 11, 27)
THREE = ("Discrimination_internal", "Stress", "Autonomy")


def directory(table: Table) -> list[DirectoryEntry]:
    found = []
    for body in bodies(table):
        ended = succession_of(body.ods_code)
        closed, successors = (ended.last_day, ended.successors) if ended else (None, ())
        found.append(DirectoryEntry(body.ods_code, is_trust=True, closed_on=closed, successors=successors))
    return found


@lru_cache(maxsize=1)
def imported() -> Submitted:
    return submitted(SURVEY, survey_table(), directory(survey_table()), TODAY)


@lru_cache(maxsize=1)
def released() -> Release:
    reports = [
        Published(Place(r.ods_code, r.trust_type, r.icb, r.region), 1, r.period, r.figures, "NHS Staff Survey")
        for r in imported().rows
    ]
    return build(SURVEY[0], reports, TODAY)


def with_cells(line: int, **cells: str) -> Table:
    table = survey_table()
    lines = list(table.lines)
    lines[line] = Line(lines[line].number, {**lines[line].cells, **cells})
    return replace(table, lines=tuple(lines))


def first_trust() -> int:
    return next(n for n, line in enumerate(survey_table().lines) if line.cells["ODS code"] == "RTD")


def test_every_row_is_a_report_or_is_left_out_with_its_reason() -> None:
    found = imported()
    assert is_survey_file(survey_table())
    assert found.every_problem == ()
    assert len(found.rows) + len(found.left_out) == 1075
    assert Counter(o.reason for o in found.left_out) == {LeftOut.OTHER_BODY: 220, LeftOut.SECTOR_OF_TRUST: 14}
    assert {len(row.figures) for row in found.rows} == {42}


def test_the_whole_file_is_judged_in_a_fraction_of_a_minute() -> None:
    begun = time.process_time()
    submitted(SURVEY, survey_table(), directory(survey_table()), TODAY)
    assert time.process_time() - begun < 60


def test_every_trust_stands_in_its_region_whatever_column_names_it_that_year() -> None:
    assert {row.region for row in imported().rows} == REGIONS
    newcastle = [row for row in imported().rows if row.ods_code == "RTD"]
    assert {row.region for row in newcastle} == {"North East and Yorkshire"}
    assert [row.icb for row in sorted(newcastle, key=lambda r: r.period)][1:] == ["North East and North Cumbria"] * 3


def test_a_trust_that_was_merged_counts_in_its_own_years_and_not_after() -> None:
    devon = [row.period.label for row in imported().rows if row.ods_code == "RBZ"]
    assert devon == ["2021"]
    late = with_cells(
        next(n for n, li in enumerate(survey_table().lines) if li.cells["ODS code"] == "RBZ"), Year="2023"
    )
    found = submitted(SURVEY, late, directory(survey_table()), TODAY)
    assert [(o.ods_code, o.reason, o.successors) for o in found.left_out if o.reason is LeftOut.CLOSED] == [
        ("RBZ", LeftOut.CLOSED, ("RH8",))
    ]


def test_trusts_that_the_directory_does_not_know_are_reported() -> None:
    found = submitted(SURVEY, survey_table(), [DirectoryEntry("RTD", is_trust=True)], TODAY)
    assert {row.ods_code for row in found.rows} == {"RTD"}
    assert Counter(o.reason for o in found.left_out)[LeftOut.UNKNOWN_CODE] == 841 - 4


@pytest.mark.parametrize(
    ("cells", "rule", "column"),
    [
        ({"Stress_rate": "101"}, "ABOVE_RANGE", "Stress_rate"),
        ({"Stress_rate": "40,5"}, "DECIMAL_COMMA", "Stress_rate"),
        ({"Stress_rate": "Jan-50"}, "DATE_FOR_NUMBER", "Stress_rate"),
        ({"Stress_rate": "NA"}, "MISSING_PART", "Stress_rate"),
        ({"Stress_base": "0"}, "ZERO", "Stress_base"),
        ({"Stress_base": "12.5"}, "NOT_WHOLE", "Stress_base"),
        ({"Religion_None_rate": "0"}, "DOES_NOT_ADD_UP", "Religion_Any_other_rate"),
        ({"Burned_out_ever_rate": "1"}, "ABOVE_OTHER_METRIC", "Burned_out_sometimes_rate"),
        ({"Burned_out_response_rate": "0.5"}, "DOES_NOT_ADD_UP", "Burned_out_response_rate"),
    ],
)
def test_a_spoilt_cell_is_found_at_its_row_and_column(cells: dict[str, str], rule: str, column: str) -> None:
    at = first_trust()
    found = submitted(SURVEY, with_cells(at, **cells), directory(survey_table()), TODAY)
    assert (survey_table().lines[at].number, column, rule) in [(p.row, p.column, p.rule) for p in found.every_problem]
    assert {p.row for p in found.every_problem} == {survey_table().lines[at].number}


@pytest.mark.parametrize(("year", "rule"), [("2021-22", "MIXED_YEARS"), ("21", "MIXED_YEARS"), ("9999", "MIXED_YEARS")])
def test_a_year_written_in_another_way_stops_the_file(year: str, rule: str) -> None:
    found = submitted(SURVEY, with_cells(first_trust(), Year=year), directory(survey_table()), TODAY)
    assert [(p.rule, p.column, p.value) for p in found.problems] == [(rule, "Year", year)]
    assert found.rows == ()


def test_a_trust_that_stands_twice_in_one_year_stops_the_file() -> None:
    table = survey_table()
    doubled = replace(table, lines=(*table.lines, replace(table.lines[first_trust()], number=1077)))
    found = submitted(SURVEY, doubled, directory(table), TODAY)
    assert [(p.row, p.rule) for p in found.problems] == [(1077, "DUPLICATED")]
    assert found.rows == ()


def independent() -> pl.DataFrame:
    """The file as polars reads it, its columns set right by rules of this test's own."""
    frame = pl.read_csv(PLACE, infer_schema_length=0)
    trusts = frame.filter(
        pl.col("Benchmarking group").str.ends_with("Trusts") & ~pl.col("Organisation name").str.contains("sector")
    )
    return trusts.with_columns(
        pl.when(pl.col("Year") == "2021").then(pl.col("ICS/STP")).otherwise(pl.col("Region")).alias("region"),
        pl.col("Year").cast(pl.Int32),
    )


@pytest.mark.parametrize("stem", THREE)
def test_every_trusts_number_is_the_files_to_the_last_digit(stem: str) -> None:
    expected = {
        (row["ODS code"], row["Year"]): (row[f"{stem}_rate"], row[f"{stem}_base"])
        for row in independent().iter_rows(named=True)
    }
    found = {
        (c.key.member, c.key.period.starts_on.year): (str(c.value), str(c.base))
        for c in released().cells
        if c.key.metric == f"NSS_{stem.upper()}" and c.key.dimension is Dimension.TRUST
    }
    assert found == expected
    assert len(found) == 841
    assert {
        c.status
        for c in released().cells
        if c.key.metric == f"NSS_{stem.upper()}" and c.key.dimension is Dimension.TRUST
    } == {Status.VERBATIM}


@pytest.mark.parametrize("stem", THREE)
@pytest.mark.parametrize(
    ("dimension", "by"),
    [
        (Dimension.REGION, ["Year", "region"]),
        (Dimension.ENGLAND, ["Year"]),
        (Dimension.TRUST_TYPE, ["Year", "region", "Benchmarking group"]),
    ],
)
def test_every_total_is_what_an_independent_sum_says_to_the_last_digit(
    stem: str, dimension: Dimension, by: list[str]
) -> None:
    rate, base = pl.col(f"{stem}_rate").cast(pl.Float64), pl.col(f"{stem}_base").cast(pl.Int64)
    frame = (
        independent()
        .group_by(by)
        .agg((rate * base).sum().alias("weighted"), base.sum().alias("base"), pl.len().alias("trusts"))
        .with_columns((pl.col("weighted") / pl.col("base")).alias("rate"))
    )
    expected = {}
    for row in frame.iter_rows(named=True):
        member = "/".join(row[name] for name in by[1:]) or "ENGLAND"
        expected[row["Year"], member] = (f"{row['rate']:.2f}", row["base"], row["trusts"])
    found = {
        (c.key.period.starts_on.year, c.key.member): (f"{c.value:.2f}", c.base, c.reporters)
        for c in released().cells
        if c.key.metric == f"NSS_{stem.upper()}" and c.key.dimension is dimension
    }
    assert found == expected


def test_the_picture_of_newcastle_in_2024_is_the_published_one() -> None:
    cell = next(
        c
        for c in released().cells
        if (c.key.member, c.key.metric, c.key.period.label) == ("RTD", "NSS_DISCRIMINATION_INTERNAL", "2024")
    )
    assert cell.value is not None
    assert cell.value.quantize(Decimal("0.1")) == Decimal("8.4")
    people = next(
        c
        for c in released().cells
        if (c.key.member, c.key.metric, c.key.period.label) == ("RTD", "NSS_RESPONDENTS", "2024")
    )
    assert people.value == 10329
