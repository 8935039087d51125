"""Signposts: whom a trust's people can turn to, in the trust's own words, set by its HR and read by its people alone."""

from typing import Any

import pytest

from service.rules.bodies import Office, Side
from service.rules.escalations import DEFAULTS, SignpostPurpose
from tests.journeys.issue_stage import ROUTES_OF_ERRORS, raising
from tests.journeys.stage import Cast, done, random_like, refused
from tests.plugins.service import Person, World

READ = "query($code: String!) { organisation(odsCode: $code) { id signposts { purpose words howToReach revision } } }"


@pytest.fixture
async def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


async def trust(person: Person, code: str = "RTD") -> Any:
    """A trust with its signposts, as somebody sees it."""
    return (await person.ask(READ, code=code)).only()


async def diverted(cast: Cast) -> list[Any]:
    """What a member is told whose matter is one person's case."""
    document = f"mutation($input: IssueRaiseInput!) {{ issueRaise(input: $input) {{ {ROUTES_OF_ERRORS} }} }}"
    said = raising(cast.forum("race"), concernsIndividualCase=True)
    (error,) = (await cast.member("race", 1).ask(document, input=said)).only()["userErrors"]
    return list(error["signposts"])


async def test_who_is_turned_away_reads_the_trusts_own_words_and_the_defaults_where_it_set_none(cast: Cast) -> None:
    organisation = (await trust(cast.hr))["id"]
    async with cast.world.admin() as db:
        await db.execute("delete from graph.signpost")
    said = {
        "organisationId": organisation,
        "purpose": "GUARDIAN",
        "words": "Our guardian listens.",
        "howToReach": "Extension 100.",
    }
    before = await diverted(cast)
    assert [each["words"] for each in before] == [DEFAULTS[purpose].words for purpose in SignpostPurpose]
    first = await done(cast.hr, "signpostSet", "signpost { words revision }", **said)
    assert first["signpost"] == {"words": "Our guardian listens.", "revision": 1}
    after = await diverted(cast)
    assert [each["purpose"] for each in after] == [each["purpose"] for each in before]
    assert (after[2]["words"], after[2]["howToReach"]) == ("Our guardian listens.", "Extension 100.")
    anew = await done(cast.hr, "signpostSet", "signpost { words revision }", **said | {"words": "Ask for Ash."})
    assert anew["signpost"] == {"words": "Ask for Ash.", "revision": 2}
    assert [each["words"] for each in (await trust(cast.member("race", 1)))["signposts"]] == ["Ask for Ash."]
    elsewhere = await trust(cast.world.as_("outsider"))
    assert elsewhere is None or elsewhere["signposts"] == []


async def test_only_the_trusts_own_hr_sets_them_and_in_words_that_can_be_kept(cast: Cast) -> None:
    organisation = (await trust(cast.hr))["id"]
    said = {"organisationId": organisation, "purpose": "URGENT_HARM", "words": "Call 999.", "howToReach": "999."}
    employee = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 4")
    for person in (employee, cast.management, cast.staff, cast.chair("race")):
        await refused(person, "signpostSet", "NOT_PERMITTED", **said)
    for wrong in (random_like(organisation), cast.forum("jnc"), "nonsense"):
        await refused(cast.hr, "signpostSet", "NOT_FOUND", field="organisationId", **said | {"organisationId": wrong})
    for field in ("words", "howToReach"):
        for code, text in (
            ("REQUIRED", " "),
            ("TOO_LONG", "x" * 1_001),
            ("INVALID", "a\u0007"),
            ("INVALID", "a\u202eb"),
        ):
            await refused(cast.hr, "signpostSet", code, field=field, **said | {field: text})
