"""Many reports at once: from HR's rows, from a body's file, and from the national survey's own; good files and bad ones."""

from base64 import b64encode
from datetime import date
from typing import Any

import pytest

from service.rules.reports.kinds import find
from service.rules.reports.periods import Period
from service.rules.reports.uploads import example
from tests.journeys.reporting import SURVEY_YEAR, YEAR, Reporters, hr_of, protected_time, regional, survey
from tests.journeys.stage import Cast, done, key, mark, nodes, refused, written
from tests.plugins.service import Person, World

RESULT = (
    "reportImport { id stored rowCount accepted unchanged refused leftOut problems { row column rule value message } }"
)
KIND = {"definitionCode": "PROTECTED_TIME"}


@pytest.fixture
def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


@pytest.fixture
def people(cast: Cast) -> Reporters:
    return Reporters(cast)


def file(text: str | bytes, name: str = "protected-time.csv") -> dict[str, str]:
    """A file as the graph takes it."""
    content = text.encode() if isinstance(text, str) else text
    return {"name": name, "content": b64encode(content).decode()}


def csv(*organisations: str, year: int = 2022, numbers: tuple[str, ...] = ("40", "31", "400", "310.5", "120")) -> str:
    """A protected-time file in the one layout of every kind."""
    definition = find("PROTECTED_TIME", 1)
    assert definition is not None
    period = Period(date(year, 4, 1), date(year + 1, 3, 31))
    lines: list[str] = []
    for code in organisations:
        header, *rows = example(definition, code, period)
        value = header.index("value")
        lines = lines or [",".join(header)]
        lines += [
            ",".join(number if place == value else cell for place, cell in enumerate(row))
            for row, number in zip(rows, numbers, strict=True)
        ]
    return "\n".join(lines) + "\n"


def row(organisation: str, figures: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"organisation": organisation, "period": YEAR, "figures": figures} | more


async def imported(who: Person, **said: Any) -> Any:
    payload = await done(who, "reportImport", RESULT, idempotencyKey=key(), **(KIND | said))
    return payload["reportImport"]


async def reports_of(person: Person, code: str = "RTD") -> list[Any]:
    """What somebody sees of a trust's reports, beside those of the demo."""
    query = (
        "query($c: String!) { organisation(odsCode: $c) { reports(first: 99) { edges { node {"
        " id state periodLabel externalKey definition { code } latestVersion { number } } } } } }"
    )
    found = nodes((await person.ask(query, c=code)).data["organisation"]["reports"])
    return [each for each in found if each["periodLabel"] in ("2021-22", "2022-23", "2024")]


async def test_hr_sends_rows_that_are_submitted_as_if_one_by_one(cast: Cast, people: Reporters) -> None:
    rows = [row("RTD", protected_time(), externalKey="PT-24")]
    found = await imported(people.hr, rows=rows)
    assert (found["stored"], found["accepted"], found["refused"], found["problems"]) == (True, 1, 0, [])
    (mine,) = await reports_of(people.hr)
    assert (mine["state"], mine["externalKey"]) == ("SUBMITTED", "PT-24")
    assert [each["state"] for each in await reports_of(cast.staff)] == ["SUBMITTED"]
    for stranger in (cast.world.as_("outsider"), hr_of(cast, "RR7"), regional(cast), cast.member("race")):
        assert await reports_of(stranger) == []
    before = await mark(cast.world)
    again = await imported(people.hr, rows=rows)
    assert (again["stored"], again["accepted"], again["unchanged"]) == (True, 0, 1)
    assert {name for name in await written(cast.world, before) if "report" in name} == {"graph.report_import"}


async def test_the_error_report_is_its_senders_alone(cast: Cast, people: Reporters) -> None:
    found = await imported(people.hr, rows=[row("RTD", protected_time(-1))])
    query = "query($id: ID!) { node(id: $id) { ... on ReportImport { refused } } }"
    assert (await people.hr.ask(query, id=found["id"])).data["node"] == {"refused": 1}
    for stranger in (
        cast.management,
        people.board_chair,
        hr_of(cast, "RR7"),
        regional(cast),
        cast.world.as_("operator"),
    ):
        assert (await stranger.ask(query, id=found["id"])).data["node"] is None


async def test_one_bad_row_stores_nothing_unless_the_good_ones_are_accepted(cast: Cast, people: Reporters) -> None:
    text = csv("RTD") + "".join(
        csv("RTD", year=2021, numbers=("-4", "x", "400", "310.5", "120")).splitlines(keepends=True)[1:]
    )
    before = await mark(cast.world)
    found = await imported(people.hr, file=file(text))
    assert (found["stored"], found["accepted"], found["refused"]) == (False, 0, 1)
    assert {name for name in await written(cast.world, before) if "report" in name} == {"graph.report_import"}
    told = [(each["row"], each["column"], each["rule"], each["value"]) for each in found["problems"]]
    assert (7, "value", "BELOW_RANGE", "-4") in told
    assert any(row == 8 and column == "value" for row, column, _, _ in told)
    found = await imported(people.hr, file=file(text), acceptValid=True)
    assert (found["stored"], found["accepted"], found["refused"]) == (True, 1, 1)
    assert [each["periodLabel"] for each in await reports_of(people.hr)] == ["2022-23"]


async def test_a_trust_reports_for_itself_and_no_code_of_another_tells_anything(cast: Cast, people: Reporters) -> None:
    found = await imported(
        people.hr, rows=[row("RR7", protected_time()), row("RE9", protected_time()), row("NOPE", [])]
    )
    assert (found["stored"], found["accepted"], found["leftOut"]) == (False, 0, 2)
    rules = {each["value"]: (each["rule"], each["message"]) for each in found["problems"]}
    assert rules["RR7"][0] == "OTHER_ORGANISATION"
    assert rules["RE9"] == ("CLOSED", "This trust was closed before this period. It became R0B.")
    assert rules["NOPE"][0] == "UNKNOWN_CODE"
    rows = [row("RTD", protected_time(), period={"startsOn": "2022-05-01", "endsOn": "2023-04-30"}),
            row("RTD", protected_time(), externalKey="")]  # fmt: skip
    found = await imported(people.hr, rows=rows)
    assert [(each["row"], each["column"]) for each in found["problems"]] == [(0, "period"), (1, "externalKey")]


async def test_what_was_submitted_is_not_changed_behind_its_receivers_backs(cast: Cast, people: Reporters) -> None:
    await imported(people.hr, file=file(csv("RTD")))
    changed = await imported(people.hr, file=file(csv("RTD", numbers=("41", "31", "400", "310.5", "120"))))
    assert (changed["stored"], [each["rule"] for each in changed["problems"]]) == (False, ["WRONG_STATE"])
    (report,) = await reports_of(cast.staff)
    version = (
        await cast.staff.ask(
            "query($id: ID!) { node(id: $id) { ... on Report { latestVersion { id } } } }", id=report["id"]
        )
    ).data["node"]
    await done(
        cast.staff, "reportReturn", "version { id }", versionId=version["latestVersion"]["id"], reason="Recount."
    )
    changed = await imported(people.hr, file=file(csv("RTD", numbers=("41", "31", "400", "310.5", "120"))))
    assert (changed["stored"], changed["accepted"]) == (True, 1)
    assert [each["latestVersion"]["number"] for each in await reports_of(cast.staff)] == [2]


BAD_FILES = {
    "wrong encoding": csv("RTD").replace("RTD", "R\u00e9D").encode("latin-1"),
    "UTF-16": csv("RTD").encode("utf-16"),
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"x" * 600,
    "no workbook inside": b"PK\x03\x04" + b"x" * 600,
    "nothing": b"",
    "a header alone": csv("RTD").splitlines()[0].encode(),
    "a duplicated column": csv("RTD").replace("metric", "organisation", 1).encode(),
    "a missing column": csv("RTD").replace("period_start", "periodstart", 1).encode(),
    "decimal commas and semicolons": csv("RTD").replace(",", ";").replace("310.5", "310,5").encode(),
    "a row of another length": (csv("RTD") + "RTD,2022-04-01\n").encode(),
    "mixed years": (csv("RTD") + csv("RTD").splitlines()[1].replace("2023-03-31", "2022-12-31") + "\n").encode(),
    "a date as Excel shows it": csv("RTD").replace("2022-04-01", "01/04/2024").encode(),
    "a NUL": csv("RTD").replace("RTD", "R\x00D").encode(),
}


@pytest.mark.parametrize("name", BAD_FILES)
async def test_a_bad_file_is_refused_in_words_and_nothing_is_stored(cast: Cast, people: Reporters, name: str) -> None:
    before = await mark(cast.world)
    answer = await people.hr.act("reportImport", RESULT, file=file(BAD_FILES[name]), idempotencyKey=key(), **KIND)
    payload = answer.only()
    stored = {each for each in await written(cast.world, before) if "report" in each}
    if payload["reportImport"] is None:
        assert {each["code"] for each in payload["userErrors"]} == {"FILE_REFUSED"}
        assert {tuple(each["field"]) for each in payload["userErrors"]} == {("file", "content")}
        assert all(len(each["message"]) > 10 for each in payload["userErrors"])
        assert stored == set()
    else:
        found = payload["reportImport"]
        assert (found["stored"], found["accepted"]) == (False, 0), found
        assert found["problems"] != []
        assert stored == {"graph.report_import"}


async def test_a_byte_order_mark_is_welcome(cast: Cast, people: Reporters) -> None:
    found = await imported(people.hr, file=file(b"\xef\xbb\xbf" + csv("RTD").encode()))
    assert (found["stored"], found["accepted"]) == (True, 1)


async def test_an_import_is_rows_or_a_file_of_a_kind_that_the_sender_makes(cast: Cast, people: Reporters) -> None:
    rows = [row("RTD", protected_time())]
    await refused(people.hr, "reportImport", "REQUIRED", field="rows", idempotencyKey=key(), **KIND)
    await refused(
        people.hr, "reportImport", "REQUIRED", field="rows", rows=rows, file=file("x"), idempotencyKey=key(), **KIND
    )
    await refused(
        people.hr,
        "reportImport",
        "INVALID",
        field="definitionCode",
        definitionCode="NONE",
        rows=rows,
        idempotencyKey=key(),
    )
    await refused(
        people.hr,
        "reportImport",
        "INVALID",
        field="definitionCode",
        definitionCode="NETWORK_ANNUAL",
        rows=[],
        idempotencyKey=key(),
    )
    broken = {"name": "x.csv", "content": "not base64!"}
    await refused(
        people.hr, "reportImport", "FILE_REFUSED", field="file.content", file=broken, idempotencyKey=key(), **KIND
    )
    await refused(
        people.hr, "reportImport", "REQUIRED", field="file.name", file=file("x", " "), idempotencyKey=key(), **KIND
    )
    await refused(
        people.hr,
        "reportImport",
        "TOO_LONG",
        field="file.name",
        file=file("x", "x" * 201),
        idempotencyKey=key(),
        **KIND,
    )
    for stranger in (cast.management, cast.member("race")):
        await refused(stranger, "reportImport", "NOT_PERMITTED", field=None, rows=rows, idempotencyKey=key(), **KIND)
    await refused(
        cast.management,
        "reportImport",
        "NOT_FOUND",
        field="forumId",
        forumId=cast.forum("unison"),
        rows=rows,
        idempotencyKey=key(),
        **KIND,
    )


async def test_the_national_survey_system_publishes_for_every_trust_what_is_public_already(cast: Cast) -> None:
    system = cast.world.as_("survey-system")
    rows = [row(code, survey(), period=SURVEY_YEAR) for code in ("RTD", "RR7", "RX6")]
    found = await imported(system, definitionCode="STAFF_SURVEY", rows=rows)
    assert (found["stored"], found["accepted"]) == (True, 3)
    assert [each["state"] for each in await reports_of(cast.member("race"))] == ["PUBLISHED"]
    assert await reports_of(cast.member("race"), "RR7") == [], "one's own trust's alone"
    assert [each["state"] for each in await reports_of(regional(cast), "RR7")] == ["PUBLISHED"]
    assert [each["state"] for each in await reports_of(cast.world.as_("outsider"), "RR7")] == ["PUBLISHED"]
    again = await imported(system, definitionCode="STAFF_SURVEY", rows=rows)
    assert (again["accepted"], again["unchanged"]) == (0, 3)
    corrected = await imported(system, definitionCode="STAFF_SURVEY", rows=[row("RTD", survey(11), period=SURVEY_YEAR)])
    assert corrected["accepted"] == 1
    assert [each["latestVersion"]["number"] for each in await reports_of(cast.member("race"))] == [2]
    # what counts people and is not public is no national body's to file
    await refused(system, "reportImport", "INVALID", field="definitionCode", rows=[], idempotencyKey=key(), **KIND)
