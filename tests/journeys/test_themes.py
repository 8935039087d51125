"""Themes: a region hears a category, a quarter and a number of trusts, from three up; a name only with both sides' signatures."""

from datetime import date, timedelta
from typing import Any

import pytest

from service.demo.consultations.seats import Seats
from service.demo.organisations import NORTH_EAST
from service.demo.shapes import seat_key
from service.rules.bodies import Office, Side
from service.rules.escalations import period_of
from tests.journeys.issue_stage import found_anywhere
from tests.journeys.stage import Cast, done, key, mark, random_like, refused, written
from tests.plugins.service import Person, World

THEMES = """query($id: ID!) { forum(id: $id) { themes(first: 100) { edges { node { id category period trusts state
  revision namedTrusts { name odsCode } answers { position state statement side } } } } } }"""
OFFER = "themeOffer { id period signatures { side } theme { id trusts state namedTrusts { odsCode } answers { statement } } }"


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
def spf(cast: Cast) -> str:
    return cast.world.id("RegionalSocialPartnershipForum", "forum", f"{NORTH_EAST}/spf")


@pytest.fixture
def regional(cast: Cast) -> Person:
    return cast.holding(seat_key(NORTH_EAST, "spf", Side.MANAGEMENT, Office.CHAIR, "regional management chair"))


@pytest.fixture
def regional_staff(cast: Cast) -> Person:
    return cast.holding(seat_key(NORTH_EAST, "spf", Side.STAFF, Office.CO_CHAIR, "joint trade union chair 1"))


def at(cast: Cast, trust: str) -> Cast:
    """The same places at another trust."""
    return Cast(cast.world, Seats(trust))


def quarter(today: date, back: int) -> str:
    """A quarter that is over, so many before this one."""
    return period_of(today.replace(day=15) - timedelta(days=91 * back))


async def offered(trust: Cast, category: str, period: str, by: Person | None = None) -> Any:
    """A theme that a trust's committee offers."""
    said = {"forumId": trust.forum("jnc"), "category": category, "period": period, "idempotencyKey": key()}
    return (await done(by or trust.management, "themeOffer", OFFER, **said))["themeOffer"]


async def heard(person: Person, spf: str, category: str, period: str) -> Any:
    """The theme as somebody sees it, or None."""
    found = (await person.ask(THEMES, id=spf)).only()
    edges = [] if found is None else found["themes"]["edges"]
    return next((e["node"] for e in edges if (e["node"]["category"], e["node"]["period"]) == (category, period)), None)


async def again(trust: Cast, offer: Any) -> Any:
    """An offer as its trust sees it now."""
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on ThemeOffer {{ {OFFER[OFFER.index('{') + 1 : OFFER.rindex('}')]} }} }} }}"
    return (await trust.staff.ask(document, id=offer["id"])).only()


async def test_of_two_trusts_the_region_hears_nothing_and_of_three_a_number(
    cast: Cast, spf: str, regional: Person
) -> None:
    category, period = "PEER_SUPPORT", quarter(cast.world.today, 1)
    trusts = [at(cast, code) for code in ("RTD", "RXP", "RR7", "RVW")]
    known = (await regional.ask(THEMES, id=spf)).raw
    offers = [await offered(each, category, period) for each in trusts[:2]]
    assert await heard(regional, spf, category, period) is None
    assert (await regional.ask(THEMES, id=spf)).raw == known
    assert [each["theme"] for each in offers] == [None, None]
    offers.append(await offered(trusts[2], category, period))
    theme = await heard(regional, spf, category, period)
    assert (theme["trusts"], theme["namedTrusts"], theme["state"]) == (3, [], "RAISED")
    for code in ("RTD", "RXP", "RR7"):
        assert code not in str(theme)
    for trust, offer in zip(trusts, offers, strict=False):
        assert (await again(trust, offer))["theme"]["id"] == theme["id"]
        assert await again(trusts[3], offer) is None
    outsider = trusts[3].management
    assert (await outsider.ask("query($id: ID!) { node(id: $id) { id } }", id=theme["id"])).only() is None
    await offered(trusts[3], category, period)
    assert (await heard(regional, spf, category, period))["trusts"] == 4


async def test_same_trust_counts_once_whoever_of_it_offers(cast: Cast, spf: str, regional: Person) -> None:
    category, period = "SAFE_SPACE", quarter(cast.world.today, 2)
    board = cast.seat("board", Side.INDEPENDENT, Office.CHAIR, "board chair")
    await offered(cast, category, period)
    said = {"forumId": cast.forum("board"), "category": category, "period": period, "idempotencyKey": key()}
    await done(board, "themeOffer", OFFER, **said)
    await offered(at(cast, "RXP"), category, period)
    assert await heard(regional, spf, category, period) is None


async def test_trust_is_named_by_both_its_sides_and_by_no_one_alone(cast: Cast, spf: str, regional: Person) -> None:
    category, period = "BEST_PRACTICE", quarter(cast.world.today, 1)
    offer = await offered(cast, category, period)
    unsigned = await offered(at(cast, "RXP"), category, period)
    said = {"offerId": offer["id"]}
    signed = await done(cast.management, "themeSign", OFFER, **said, idempotencyKey=key())
    assert [each["side"] for each in signed["themeOffer"]["signatures"]] == ["MANAGEMENT"]
    assert await heard(regional, spf, category, period) is None
    await refused(cast.management, "themeSign", "ALREADY_SIGNED", **said, idempotencyKey=key())
    for person in (cast.secretariat, cast.management_secretary):
        await refused(person, "themeSign", "NOT_PERMITTED", **said, idempotencyKey=key())
    for person in (cast.chair("race"), at(cast, "RXP").staff, regional):
        await refused(person, "themeSign", "NOT_FOUND", field="offerId", **said, idempotencyKey=key())
    once = key()
    first = await cast.staff.act("themeSign", OFFER, **said, idempotencyKey=once)
    before = await mark(cast.world)
    assert (await cast.staff.act("themeSign", OFFER, **said, idempotencyKey=once)).raw == first.raw
    assert await written(cast.world, before) == {}
    theme = await heard(regional, spf, category, period)
    assert (theme["trusts"], [each["odsCode"] for each in theme["namedTrusts"]]) == (1, ["RTD"])
    assert (await again(at(cast, "RXP"), unsigned))["theme"] is None, "who is not named does not learn who is"
    third = await offered(at(cast, "RR7"), category, period)
    theme = await heard(regional, spf, category, period)
    assert (theme["trusts"], [each["odsCode"] for each in theme["namedTrusts"]]) == (3, ["RTD"])
    assert (await again(at(cast, "RR7"), third))["theme"]["trusts"] == 3


async def test_what_the_region_answers_goes_back_to_those_who_offered_it_and_to_nobody_else(
    cast: Cast, spf: str, regional: Person, regional_staff: Person
) -> None:
    category, period = "ACTION_PLANNING", quarter(cast.world.today, 1)
    trusts = [at(cast, code) for code in ("RTD", "RXP", "RR7")]
    offers = [await offered(each, category, period) for each in trusts]
    theme = await heard(regional, spf, category, period)
    said = {"themeId": theme["id"], "state": "DISCUSSED", "statement": "Quenbyford was discussed in all trusts."}
    for person in (cast.management, cast.staff):
        await refused(person, "themeAnswer", "NOT_PERMITTED", **said)
    secretariat = cast.holding(seat_key(NORTH_EAST, "spf", Side.NONE, Office.SECRETARIAT, "regional secretariat"))
    await refused(secretariat, "themeAnswer", "NOT_PERMITTED", **said)
    await refused(at(cast, "RVW").management, "themeAnswer", "NOT_FOUND", field="themeId", **said)
    for code, field, more in (
        ("REQUIRED", "statement", {"statement": ""}),
        ("TOO_LONG", "statement", {"statement": "x" * 10_001}),
        ("INVALID", "statement", {"statement": "a\u0007"}),
        ("INVALID", "state", {"state": "RAISED"}),
        ("NOT_FOUND", "themeId", {"themeId": random_like(theme["id"])}),
        ("STALE_REVISION", "expectedRevision", {"expectedRevision": 9}),
    ):
        await refused(regional, "themeAnswer", code, field=field, **said | more)
    await done(regional, "themeAnswer", "theme { state }", **said)
    await done(
        regional_staff,
        "themeAnswer",
        "theme { state }",
        themeId=theme["id"],
        state="ANSWERED",
        statement="A guide is out.",
    )
    await refused(regional, "themeAnswer", "WRONG_STATE", field="state", **said)
    for trust, offer in zip(trusts, offers, strict=True):
        found = (await again(trust, offer))["theme"]
        assert (found["state"], [each["statement"] for each in found["answers"]]) == (
            "ANSWERED",
            [said["statement"], "A guide is out."],
        )
    assert await found_anywhere(cast.world, "Quenbyford") == ["graph.theme_answer: Quenbyford"]
    for person in (at(cast, "RVW").management, cast.chair("race"), cast.member("race", 1), cast.hr):
        assert await heard(person, spf, category, period) is None


async def test_theme_is_offered_once_of_a_quarter_that_has_begun_by_a_body_that_has_a_region(cast: Cast) -> None:
    category, today = "TIME_OFF", cast.world.today
    good = {"forumId": cast.forum("jnc"), "category": category, "period": quarter(today, 3)}
    await done(cast.staff, "themeOffer", OFFER, **good, idempotencyKey=key())
    await refused(cast.management, "themeOffer", "ALREADY_OFFERED", **good, idempotencyKey=key())
    for code, period in (
        ("INVALID", "2026-Q5"), ("INVALID", "last quarter"), ("INVALID", "\u0007"), ("INVALID", ""), ("INVALID", "0000-Q1"),
        ("IN_THE_FUTURE", period_of(today + timedelta(days=92))),
    ):  # fmt: skip
        field = None if period == "" else "period"
        if field is not None:
            await refused(
                cast.management, "themeOffer", code, field=field, **good | {"period": period}, idempotencyKey=key()
            )
    for person in (cast.management_secretary, cast.secretariat):
        await refused(person, "themeOffer", "NOT_PERMITTED", **good | {"category": "POLICY"}, idempotencyKey=key())
    edi = cast.seat("edi", Side.MANAGEMENT, Office.CHAIR, "chief executive")
    await refused(
        edi, "themeOffer", "NO_ROUTE", field="forumId", **good | {"forumId": cast.forum("edi")}, idempotencyKey=key()
    )
    beyond = at(cast, "RNN")
    await refused(
        beyond.management,
        "themeOffer",
        "NO_ROUTE",
        field="forumId",
        **good | {"forumId": beyond.forum("jnc")},
        idempotencyKey=key(),
    )
    await refused(
        cast.management,
        "themeOffer",
        "NOT_FOUND",
        field="forumId",
        **good | {"forumId": random_like(cast.forum("jnc"))},
        idempotencyKey=key(),
    )
    await refused(beyond.management, "themeOffer", "NOT_FOUND", field="forumId", **good, idempotencyKey=key())
