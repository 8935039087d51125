"""The region's picture: who freezes it, who reads it, and that nobody reads in it what nobody published."""

from datetime import timedelta
from typing import Any

import pytest

from service.demo.shapes import seat_key
from service.rules.bodies import Office, Side
from tests.journeys.reporting import (
    SURVEY_YEAR,
    Reporters,
    hr_of,
    protected_time,
    published,
    regional,
    survey,
)
from tests.journeys.stage import Cast, done, key, nodes, refused
from tests.plugins.service import Person, World

SEEN = """query($id: ID!) { node(id: $id) { ... on Release { number method contentHash contributorCount
  contributors { odsCode } definition { code } forum { localName } whole: cells(first: 100) { edges { node {
    position metric { code } periodLabel group band dimension member status value numerator denominator base source reporters
    expected computedIn reasons } } } } } }"""
OF_FORUM = "query($id: ID!) { forum(id: $id) { releases(first: 9) { edges { node { id } } } } }"
RELEASE = "release { id number contentHash }"


@pytest.fixture
def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


def spf(cast: Cast) -> str:
    return cast.world.id("RegionalSocialPartnershipForum", "forum", "north-east/spf")


def at(cast: Cast, trust: str) -> Cast:
    from service.demo.consultations.seats import Seats

    return Cast(cast.world, Seats(trust))


async def frozen(who: Person, cast: Cast, code: str) -> Any:
    payload = await done(who, "releaseFreeze", RELEASE, forumId=spf(cast), definitionCode=code, idempotencyKey=key())
    return payload["release"]


async def seen(person: Person, release: str) -> Any:
    return (await person.ask(SEEN, id=release)).data["node"]


async def everywhere(cast: Cast, officers: dict[str, int]) -> None:
    """Each of these trusts publishes its protected time."""
    for trust, count in officers.items():
        there = at(cast, trust)
        await published(hr_of(cast, trust), there.management, "PROTECTED_TIME", protected_time(count))


async def shown(cast: Cast, release: Any) -> list[tuple[str, str, str | None]]:
    """The numbers of a release, each where it stands."""
    cells = nodes((await seen(cast.management, release["id"]))["whole"])
    return [
        (each["metric"]["code"], each["member"], each["value"]) for each in cells if each["periodLabel"] == "2022-23"
    ]


COUNTS = {"RTD": 40, "RR7": 44, "RXP": 52, "RVW": 61, "RTR": 38, "RTF": 33, "R0B": 47, "RX4": 35}


async def test_the_region_and_every_contributing_trust_read_the_same_bytes(cast: Cast) -> None:
    before = [
        each["id"] for each in nodes((await regional(cast).ask(OF_FORUM, id=spf(cast))).data["forum"]["releases"])
    ]
    assert len(before) == 2, "the demo's"
    await everywhere(cast, COUNTS)
    release = await frozen(regional(cast), cast, "PROTECTED_TIME")
    readers = (
        regional(cast, Side.STAFF),
        cast.management,
        cast.staff,
        cast.member("race"),
        cast.world.as_("outsider"),
        hr_of(cast, "RTR"),
    )
    bodies = {(await reader.ask(SEEN, id=release["id"])).raw.replace(b'"forum":null', b"") for reader in readers[1:]}
    assert len(bodies) == 1
    first = await seen(readers[0], release["id"])
    assert (first["number"], first["contributorCount"], len(first["contributors"])) == (3, 10, 10)
    for stranger in (
        hr_of(cast, "RNN"),
        cast.world.as_("operator"),
        cast.world.as_("survey-system"),
    ):
        assert await seen(stranger, release["id"]) is None, "a trust that did not contribute, and nobody's seat"
    found = (await regional(cast).ask(OF_FORUM, id=spf(cast))).data["forum"]["releases"]
    assert [each["id"] for each in nodes(found)] == [*before, release["id"]]


async def test_no_small_count_and_no_exact_count_of_people_is_in_the_picture(cast: Cast) -> None:
    """RTD's officers with protected time are few: nobody reads how many."""
    there = at(cast, "RTD")
    figures = protected_time(8)
    figures[1]["value"] = "5"
    await published(hr_of(cast, "RTD"), there.management, "PROTECTED_TIME", figures)
    await everywhere(cast, {trust: count for trust, count in COUNTS.items() if trust != "RTD"})
    release = await frozen(regional(cast), cast, "PROTECTED_TIME")
    cells = nodes((await seen(cast.member("race"), release["id"]))["whole"])
    people = [each for each in cells if each["metric"]["code"] in ("PT_OFFICERS", "PT_WITH_TIME")]
    of_year = [each for each in cells if each["periodLabel"] == "2022-23"]
    assert people != []
    for cell in people:
        shown = None if cell["value"] is None else int(cell["value"])
        assert shown is None or shown == 0 or (shown >= 8 and shown % 5 == 0), cell
    mine = next(c for c in of_year if c["metric"]["code"] == "PT_WITH_TIME" and c["member"] == "RTD")
    assert (mine["status"], mine["value"]) == ("HIDDEN", None)
    hours = next(c for c in of_year if c["metric"]["code"] == "PT_TAKEN" and c["member"] == "RTD")
    assert hours["source"] != ""


async def test_what_is_public_stands_in_the_picture_as_its_trust_published_it(cast: Cast) -> None:
    rows = [
        {"organisation": code, "period": SURVEY_YEAR, "figures": survey(rate)}
        for code, rate in (("RTD", 7), ("RR7", 12), ("RX6", 30))
    ]
    await done(
        cast.world.as_("survey-system"), "reportImport", "reportImport { accepted }", definitionCode="STAFF_SURVEY",
        rows=rows, idempotencyKey=key(),
    )  # fmt: skip
    release = await frozen(regional(cast), cast, "STAFF_SURVEY")
    cells = nodes((await seen(cast.member("race"), release["id"]))["whole"])
    autonomy = {each["member"]: each for each in cells if each["metric"]["code"] == "NSS_AUTONOMY"}
    assert (autonomy["RTD"]["status"], autonomy["RTD"]["value"], autonomy["RTD"]["base"]) == ("VERBATIM", "7", "100")
    assert "NHS England" in autonomy["RTD"]["source"]


async def test_a_correction_makes_the_next_release_and_the_first_stays_as_it_was(cast: Cast) -> None:
    await everywhere(cast, COUNTS)
    first = await frozen(regional(cast), cast, "PROTECTED_TIME")
    before = await cast.management.ask(SEEN, id=first["id"])
    people = Reporters(cast)
    mine = '{ organisation(odsCode: "RTD") { reports(first: 99) { edges { node { id periodLabel draft { revision } } } } } }'
    found = nodes((await people.hr.ask(mine)).data["organisation"]["reports"])
    report = next(each for each in found if each["periodLabel"] == "2022-23")
    await done(
        people.hr,
        "reportRevise",
        "report { id }",
        reportId=report["id"],
        expectedRevision=report["draft"]["revision"],
        figures=protected_time(58),
    )
    version = await done(
        people.hr, "reportSubmit", "version { id }", reportId=report["id"], idempotencyKey=key(),
        expectedRevision=report["draft"]["revision"] + 1,
    )  # fmt: skip
    unpublished = await frozen(regional(cast), cast, "PROTECTED_TIME")
    assert await shown(cast, unpublished) == await shown(cast, first), "what is not published is in no picture"
    await done(cast.management, "reportAcknowledge", "version { id }", versionId=version["version"]["id"])
    await done(people.hr, "reportPublish", "version { id }", versionId=version["version"]["id"])
    third = await frozen(regional(cast), cast, "PROTECTED_TIME")
    assert third["number"] == 5
    assert await shown(cast, third) != await shown(cast, first)
    assert (await cast.management.ask(SEEN, id=first["id"])).raw == before.raw


async def test_only_the_regions_own_forum_freezes_its_picture(cast: Cast) -> None:
    said = {"definitionCode": "PROTECTED_TIME"}
    nothing = {"definitionCode": "BEHAVIOURS_AUDIT", "forumId": spf(cast)}
    await refused(
        regional(cast), "releaseFreeze", "NOTHING_PUBLISHED", field="definitionCode", idempotencyKey=key(), **nothing
    )
    await refused(
        regional(cast),
        "releaseFreeze",
        "INVALID",
        field="definitionCode",
        forumId=spf(cast),
        definitionCode="NONE",
        idempotencyKey=key(),
    )
    await refused(
        regional(cast),
        "releaseFreeze",
        "INVALID",
        field="definitionCode",
        forumId=spf(cast),
        definitionCode="ACTION_PLAN",
        idempotencyKey=key(),
    )
    await refused(
        cast.management,
        "releaseFreeze",
        "INVALID",
        field="forumId",
        forumId=cast.forum("jnc"),
        idempotencyKey=key(),
        **said,
    )
    for stranger in (cast.management, cast.hr, cast.member("race"), cast.world.as_("outsider")):
        await refused(
            stranger, "releaseFreeze", "NOT_FOUND", field="forumId", forumId=spf(cast), idempotencyKey=key(), **said
        )
    from service.demo.shapes import seat_key
    from service.rules.bodies import Office

    director = cast.holding(seat_key("north-east", "spf", Side.MANAGEMENT, Office.MEMBER, "RTD"))
    await refused(
        director, "releaseFreeze", "NOT_PERMITTED", field=None, forumId=spf(cast), idempotencyKey=key(), **said
    )


async def test_every_networks_year_counts_in_the_picture_and_none_is_told_apart(cast: Cast) -> None:
    """Two networks of one trust published: the region reads their sum."""
    year = {"startsOn": "2024-04-01", "endsOn": "2025-03-31"}
    figures = [{"metric": "NW_MEMBERS", "value": "61"}, {"metric": "NW_SUMMARY", "text": "We met."}]
    chair = cast.chair("carers")
    await published(chair, cast.management, "NETWORK_ANNUAL", figures, forumId=cast.forum("carers"), period=year)
    release = await frozen(regional(cast), cast, "NETWORK_ANNUAL")
    cells = nodes((await seen(cast.member("race"), release["id"]))["whole"])
    mine = [each for each in cells if each["metric"]["code"] == "NW_MEMBERS" and each["member"] == "RTD"]
    assert [(each["status"], each["value"]) for each in mine] == [("SHOWN", "155")]
    assert "NW_SUMMARY" not in {each["metric"]["code"] for each in cells}, "and no words"


async def test_a_day_is_set_ahead_and_taken_back_by_the_forums_leads(cast: Cast) -> None:
    chair, today = regional(cast), cast.world.today
    said = {"forumId": spf(cast), "definitionCode": "PROTECTED_TIME", "freezeOn": str(today + timedelta(days=30))}
    select = "releaseSchedule { id state freezeOn revision }"
    await refused(cast.management, "releaseSchedule", "NOT_FOUND", field="forumId", **said)
    await refused(chair, "releaseSchedule", "IN_THE_PAST", field="freezeOn", **said | {"freezeOn": str(today)})
    far = {"freezeOn": str(today + timedelta(days=401))}
    await refused(chair, "releaseSchedule", "TOO_FAR_AHEAD", field="freezeOn", **said | far)
    await refused(chair, "releaseSchedule", "INVALID", field="definitionCode", **said | {"definitionCode": "NO_KIND"})
    await refused(member_of_region(cast), "releaseSchedule", "NOT_PERMITTED", field=None, **said)
    found = (await done(chair, "releaseSchedule", select, **said))["releaseSchedule"]
    assert (found["state"], found["revision"]) == ("PLANNED", 1)
    await refused(chair, "releaseSchedule", "INVALID", field="freezeOn", **said)
    one = {"scheduleId": found["id"]}
    await refused(cast.management, "releaseUnschedule", "NOT_FOUND", field="scheduleId", **one)
    await refused(member_of_region(cast), "releaseUnschedule", "NOT_PERMITTED", field=None, **one)
    await refused(chair, "releaseUnschedule", "STALE_REVISION", field="expectedRevision", **one, expectedRevision=9)
    gone = (await done(regional(cast, Side.STAFF), "releaseUnschedule", select, **one))["releaseSchedule"]
    assert (gone["state"], gone["revision"]) == ("WITHDRAWN", 2)
    await refused(chair, "releaseUnschedule", "WRONG_STATE", field="scheduleId", **one)


def member_of_region(cast: Cast) -> Person:
    return cast.holding(seat_key("north-east", "spf", Side.MANAGEMENT, Office.MEMBER, "RTD"))
