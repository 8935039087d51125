"""The public staff survey comes in whole, by the command's own way: every trust, every year, every number as published.

The file is never committed; where it is absent these tests are skipped, and say so.
"""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars
import pytest

from service.identity.demo import ISSUER
from service.importing import ImportRefused, Result, import_organisations, import_reports
from tests.plugins.service import World
from tests.rules.survey import PLACE, needs_the_file

METRICS = {
    "NSS_DISCRIMINATION_INTERNAL": ("Discrimination_internal_rate", "Discrimination_internal_base"),
    "NSS_STRESS": ("Stress_rate", "Stress_base"),
    "NSS_ETHNIC_MINORITY": ("Ethnic_minority_rate", "Ethnic_minority_base"),
}
STORED = """
    select o.ods_code, extract(year from r.starts_on)::int as year, g.value, g.base from graph.report_figure g
      join graph.metric m on m.id = g.metric_id join graph.report_version v on v.id = g.version_id
      join graph.report_publication p on p.version_id = v.id join graph.report r on r.id = v.report_id
      join graph.organisation o on o.id = r.organisation_id where m.code = $1"""


@pytest.fixture
async def ready(fresh_world: World) -> AsyncIterator[World]:
    added = await import_organisations(fresh_world.url("partnership_migrator"), PLACE)
    assert added > 190
    assert await import_organisations(fresh_world.url("partnership_migrator"), PLACE) == 0, "the same file adds nothing"
    yield fresh_world


async def imported(world: World, file: Path, *, accept_valid: bool = False, subject: str = "survey-system") -> Result:
    return await import_reports(
        world.settings,
        ISSUER,
        subject,
        "STAFF_SURVEY",
        file,
        accept_valid=accept_valid,
        progress=lambda done, total: None,
    )


@needs_the_file
async def test_every_trust_and_year_of_the_public_file_is_stored_to_the_last_digit_and_only_once(ready: World) -> None:
    first = await imported(ready, PLACE)
    assert (first.stored, first.refused, first.unchanged) == (True, 0, 0)
    assert (first.accepted, first.left_out) == (841, 234)
    assert {problem[2] for problem in first.problems} <= {"OTHER_BODY", "SECTOR_OF_TRUST"}
    table = polars.read_csv(PLACE, infer_schema_length=0).filter(
        polars.col("Benchmarking group").str.contains("Trusts") & ~polars.col("ODS code").is_in(await _sectors(first))
    )
    async with ready.admin() as admin:
        for code, (rate, base) in METRICS.items():
            stored = {
                (row["ods_code"], row["year"]): (row["value"], row["base"]) for row in await admin.fetch(STORED, code)
            }
            expected = {
                (row["ODS code"], int(row["Year"])): (Decimal(row[rate]), Decimal(row[base]))
                for row in table.iter_rows(named=True)
                if row[rate] not in (None, "NA", "<NA>", "-", "")
            }
            assert stored == expected, code
    before = await ready.everything()
    again = await imported(ready, PLACE)
    assert (again.accepted, again.unchanged, again.left_out) == (0, 841, 234)
    after = await ready.everything()
    changed = {name for name in after if after[name] != before[name] and "report" in name}
    assert changed == {"graph.report_import"}


async def _sectors(result: Result) -> list[str]:
    return [value for _, _, rule, value, _ in result.problems if rule == "SECTOR_OF_TRUST"]


@needs_the_file
async def test_an_import_that_was_cut_off_takes_up_where_it_stopped(ready: World, tmp_path: Path) -> None:
    lines = PLACE.read_text(encoding="utf-8").splitlines(keepends=True)
    trusts = [line for line in lines[1:] if ",R" in f",{line[:2]}"][:150]
    some, all_ = tmp_path / "some.csv", tmp_path / "all.csv"
    some.write_text("".join([lines[0], *trusts[:100]]), encoding="utf-8")
    all_.write_text("".join([lines[0], *trusts]), encoding="utf-8")
    first = await imported(ready, some, accept_valid=True)
    then = await imported(ready, all_, accept_valid=True)
    assert then.unchanged == first.accepted
    assert then.accepted > 0


@needs_the_file
async def test_one_bad_number_keeps_the_whole_file_out(ready: World, tmp_path: Path) -> None:
    text = PLACE.read_text(encoding="utf-8").splitlines(keepends=True)
    header = text[0].rstrip("\n").split(",")
    place = next(number for number, line in enumerate(text) if line.startswith("RTD,2024"))
    cells: list[Any] = text[place].rstrip("\n").split(",")
    cells[header.index("Stress_rate")] = "140"
    bad = tmp_path / "bad.csv"
    bad.write_text("".join([*text[:place], ",".join(cells) + "\n", *text[place + 1 :]]), encoding="utf-8")
    before = await ready.everything()
    found = await imported(ready, bad)
    assert (found.stored, found.accepted, found.refused) == (False, 0, 1)
    row, column, rule, value, _ = next(each for each in found.problems if each[2] == "ABOVE_RANGE")
    assert (row, column, rule, value) == (str(place + 1), "Stress_rate", "ABOVE_RANGE", "140")
    after = await ready.everything()
    assert {name for name in after if after[name] != before[name] and "report" in name} == {"graph.report_import"}


async def test_nobody_sends_a_file_who_may_not_report_or_is_not_known(fresh_world: World, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    for subject in ("nobody-knows", "operator", "network-member", "management-chair", "hr-service"):
        with pytest.raises(ImportRefused):
            await imported(fresh_world, file, subject=subject)
