"""What the partnership reads out of published figures, in the graph and as pictures; and who reads nothing."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from service.db.definitions import metric_id
from service.demo.shapes import demo_id
from service.resolvers.ids import global_id
from service.rules.reports.calculations import relative_likelihood
from service.rules.reports.definitions import Figure
from service.rules.reports.kinds import find
from tests.journeys.reporting import YEAR, Reporters, hr_of, protected_time, published, regional, submitted
from tests.journeys.stage import Cast, nodes, random_like
from tests.plugins.service import Person, World

SERIES = """query($metric: ID!, $organisation: ID!) { node(id: $metric) { ... on Metric { code series(organisationId: $organisation) {
  organisation { odsCode } chartUrl gapChartUrl csvUrl xlsxUrl
  points { periodLabel group band value base comparable cautions version { number } }
  gaps { periodLabel band method first second value base worse comparable cautions }
  comparisons { periodLabel dimension member own value base difference comparable cautions } } } } }"""
PICTURE = """query($metric: ID!, $release: ID!) { node(id: $metric) { ... on Metric { picture(releaseId: $release) {
  chartUrl csvUrl xlsxUrl cells { member dimension status value } } } } }"""


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


def metric(code: str, name: str) -> str:
    definition = find(code, 1)
    assert definition is not None
    return global_id("Metric", metric_id(definition, name))


def organisation(code: str) -> str:
    return global_id("Organisation", demo_id("organisation", code))


async def series(person: Person, code: str, name: str, of: str = "RTD") -> Any:
    answer = await person.ask(SERIES, metric=metric(code, name), organisation=organisation(of))
    return answer.data["node"]["series"]


async def got(person: Person, path: str) -> tuple[int, dict[str, str], bytes]:
    """A picture as somebody gets it."""
    headers = {"Authorization": f"Bearer {person.token}"} | ({"Acting-As": person.seat} if person.seat else {})
    sent = await person.world.http.get(f"{person.world.base}{path}", headers=headers)
    kept = {name: value for name, value in sent.headers.items() if name not in ("date", "x-request-id")}
    return sent.status_code, kept, sent.content


async def the_release(person: Person, world: World) -> str:
    query = "query($id: ID!) { forum(id: $id) { releases(last: 1) { edges { node { id } } } } }"
    forum = world.id("RegionalSocialPartnershipForum", "forum", "north-east/spf")
    found: str = nodes((await person.ask(query, id=forum)).data["forum"]["releases"])[0]["id"]
    return found


async def test_whoever_reads_no_report_of_a_trust_reads_no_series_of_it(cast: Cast) -> None:
    for stranger in (cast.world.as_("outsider"), hr_of(cast, "RR7"), regional(cast), cast.world.as_("operator")):
        assert await series(stranger, "PROTECTED_TIME", "PT_TAKEN") is None
    mine = await series(cast.member("race"), "PROTECTED_TIME", "PT_TAKEN")
    assert [(each["periodLabel"], each["value"]) for each in mine["points"]] == [("2023-24", "915"), ("2024-25", "986")]
    # what was submitted and is not published is no part of anybody's series
    assert await series(cast.management, "FACILITY_TIME", "FT4_FACILITY") is None


async def test_the_gap_follows_the_metrics_own_direction(cast: Cast) -> None:
    found = await series(cast.staff, "WRES", "WRES2")
    assert [each["periodLabel"] for each in found["gaps"]] == ["2023-24", "2024-25"]
    (_, latest) = found["gaps"]
    white = Figure("WRES2", "WHITE", numerator=Decimal(640), denominator=Decimal(3900))
    bme = Figure("WRES2", "BME", numerator=Decimal(150), denominator=Decimal(1010))
    assert Decimal(latest["value"]) == relative_likelihood(white, bme)
    assert (latest["method"], latest["first"], latest["second"], latest["worse"]) == ("RATIO", "WHITE", "BME", "BME")
    assert {(each["group"], each["base"]) for each in found["points"]} == {("WHITE", "3900"), ("BME", "1010")}


async def test_a_trust_stands_beside_its_region_and_nobody_is_ranked(cast: Cast) -> None:
    found = await series(cast.management, "PROTECTED_TIME", "PT_TAKEN")
    beside = {each["dimension"]: each for each in found["comparisons"]}
    assert "TRUST" not in beside
    assert {"ICB", "REGION"} <= set(beside)
    assert (beside["REGION"]["member"], beside["REGION"]["own"]) == ("North East", "986")
    assert beside["ICB"]["member"] == "QHM"


async def test_a_chart_is_a_picture_with_words_and_the_table_beside_it_says_the_same(cast: Cast) -> None:
    found = await series(cast.member("race"), "WRES", "WRES2")
    for url in (found["chartUrl"], found["gapChartUrl"]):
        status, headers, content = await got(cast.member("race"), url)
        assert (status, headers["content-type"]) == (200, "image/svg+xml")
        assert headers["cache-control"] == "private, no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        drawn = ElementTree.fromstring(content)
        assert {child.tag.rsplit("}")[-1] for child in drawn} >= {"title", "desc"}
        assert b"<script" not in content and b"http" not in content.replace(b"http://www.w3.org", b"")
    status, headers, content = await got(cast.member("race"), found["csvUrl"])
    assert (status, headers["content-disposition"]) == (200, 'attachment; filename="figures.csv"')
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == len(found["points"])
    assert [row["base"] for row in rows] == [each["base"] for each in found["points"]]
    status, _, content = await got(cast.member("race"), found["xlsxUrl"])
    assert status == 200 and "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()


async def test_A15_an_export_of_a_release_is_the_rows_of_its_pages_for_whoever_reads_it(cast: Cast) -> None:
    query = "query($id: ID!, $after: String) { node(id: $id) { ... on Release { csvUrl xlsxUrl cells(first: 100, after: $after) { pageInfo { endCursor hasNextPage } edges { node { metric { code } member value } } } } } }"
    release = await the_release(regional(cast), cast.world)
    bodies = set()
    for reader in (regional(cast), cast.member("race"), cast.world.as_("outsider")):
        paged: list[Any] = []
        after = None
        while True:
            node = (await reader.ask(query, id=release, after=after)).data["node"]
            paged += [(c["metric"]["code"], c["member"], c["value"] or "") for c in nodes(node["cells"])]
            if not node["cells"]["pageInfo"]["hasNextPage"]:
                break
            after = node["cells"]["pageInfo"]["endCursor"]
        status, _, content = await got(reader, node["csvUrl"])
        assert status == 200
        bodies.add(content)
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        assert [(row["metric"], row["member"], row["value"]) for row in rows] == paged
    assert len(bodies) == 1, "the same bytes for all"


async def test_a_picture_that_is_hidden_is_not_found_like_one_that_never_was(cast: Cast) -> None:
    release = await the_release(regional(cast), cast.world)
    taken = metric("PROTECTED_TIME", "PT_TAKEN")
    shown = (await cast.staff.ask(PICTURE, metric=taken, release=release)).data["node"]["picture"]
    assert shown["cells"] != []
    for path in (shown["chartUrl"], shown["csvUrl"], shown["xlsxUrl"]):
        assert (await got(cast.staff, path))[0] == 200
    stranger = hr_of(cast, "RNN")  # of a trust that did not contribute
    assert (await stranger.ask(PICTURE, metric=taken, release=release)).data["node"]["picture"] is None
    for form in ("svg", "csv", "xlsx"):
        hidden = await got(stranger, f"/pictures/release/{release}/{taken}.{form}")
        absent = await got(stranger, f"/pictures/release/{random_like(release)}/{taken}.{form}")
        assert hidden == absent
        assert hidden[0] == 404
        own = f"{organisation('RTD')}/{taken}.{form}"
        nowhere = f"{organisation('RTD')}/{random_like(taken)}.{form}"
        assert await got(stranger, f"/pictures/series/{own}") == await got(stranger, f"/pictures/series/{nowhere}")
    for path in ("/pictures/series/x/y.svg", "/pictures/gap/x/y.csv", f"/pictures/release/{release}.svg", f"/pictures/release/{release}.exe",
                 f"/pictures/gap/{organisation('RTD')}/{taken}.svg", f"/pictures/release/{release}/{release}.svg"):  # fmt: skip
        assert (await got(cast.staff, path))[0] == 404, path


async def test_a_picture_needs_the_same_sign_in_and_the_same_capacity(cast: Cast) -> None:
    path = f"/pictures/series/{organisation('RTD')}/{metric('WRES', 'WRES2')}.svg"
    sent = await cast.world.http.get(f"{cast.world.base}{path}")
    assert sent.status_code == 401
    assert json.loads(sent.content)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    status, _, content = await got(cast.world.as_("management-chair").acting_as(cast.staff.seat), path)
    assert (status, json.loads(content)["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    posted = await cast.world.http.post(
        f"{cast.world.base}{path}", headers={"Authorization": f"Bearer {cast.staff.token}"}
    )
    assert posted.status_code == 405


async def test_D6_what_a_network_wrote_is_no_formula_in_a_table(cast: Cast) -> None:
    """Texts are in no export: of a text metric a series has no number, and its words stay in the report."""
    people = Reporters(cast)
    await published(people.hr, cast.management, "PROTECTED_TIME", protected_time(), period=YEAR)
    status, _, content = await got(cast.staff, (await series(cast.staff, "PROTECTED_TIME", "PT_TAKEN"))["csvUrl"])
    assert status == 200
    for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        assert not any(cell[:1] in "=+-@\t\r" and cell for cell in line), line
    chair = cast.chair("race")
    await submitted(
        chair, "NETWORK_ANNUAL", [{"metric": "NW_SUMMARY", "text": "=cmd|' /C calc'!A0"}], forumId=cast.forum("race")
    )
