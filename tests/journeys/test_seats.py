"""Who grants and ends which seats: each side, union and network its own, HR employment and management side alone."""

from datetime import timedelta
from typing import Any

import pytest

from service.demo.shapes import demo_id, seat_key
from service.demo.spf import SPF
from service.identity.demo import ISSUER
from service.resolvers.ids import global_id
from service.rules.bodies import Office, Side
from tests.journeys.stage import Cast, done, drafted, key, mark, nodes, random_like, refused, seen, written
from tests.plugins.service import Person, World


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


async def person_id(person: Person) -> str:
    found: str = (await person.ask("{ viewer { person { id } } }")).data["viewer"]["person"]["id"]
    return found


async def holds(person: Person, seat: str) -> bool:
    """Whether somebody could act in this seat now."""
    return seat in {each["id"] for each in await person.acting_as(None).seats()}


SEEN = "query($id: ID!) { node(id: $id) { ... on Seat { office side person { id } endsAt } } }"


async def seat_seen(person: Person, seat: str) -> Any:
    return (await person.ask(SEEN, id=seat)).data["node"]


def employee(cast: Cast, number: int) -> Person:
    return cast.seat(None, Side.NONE, Office.EMPLOYEE, f"employee {number}")


async def test_each_side_grants_and_ends_its_own_seats_and_never_the_others(cast: Cast) -> None:
    jnc = {"forumId": cast.forum("jnc")}
    staff_person = await person_id(
        cast.seat("jnc", Side.STAFF, Office.EQUALITY_REPRESENTATIVE, "UNISON equality representative")
    )
    manager = await person_id(cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 2"))
    staff_seat = {"office": "DEPUTY", "side": "STAFF", "personId": staff_person}
    manager_seat = {"office": "DEPUTY", "side": "MANAGEMENT", "personId": manager}
    for granter, own, others in ((cast.staff, staff_seat, manager_seat), (cast.management, manager_seat, staff_seat)):
        await refused(granter, "seatGrant", "NOT_PERMITTED", field=None, **jnc, **others)
        seat = (await done(granter, "seatGrant", "seat { id office side }", **jnc, **own))["seat"]
        assert (seat["office"], seat["side"]) == ("DEPUTY", own["side"])
        other = cast.management if granter.seat == cast.staff.seat else cast.staff
        assert await seat_seen(other, seat["id"]) is not None, "who sits at the joint table, both sides know"
        for person in (other, cast.secretariat):
            await refused(person, "seatEnd", "NOT_PERMITTED", field=None, seatId=seat["id"])
        listed = own["side"] == "MANAGEMENT"  # the directory lists the employer's side, and HR keeps its seats
        for person in (cast.chair("race"), cast.union_chair, *(() if listed else (cast.hr,))):
            if listed:
                await refused(person, "seatEnd", "NOT_PERMITTED", field=None, seatId=seat["id"])
            else:
                await refused(person, "seatEnd", "NOT_FOUND", field="seatId", seatId=seat["id"])
        ended = await done(granter, "seatEnd", "seat { endsAt }", seatId=seat["id"])
        assert ended["seat"]["endsAt"] is not None
        await refused(granter, "seatEnd", "WRONG_STATE", field="seatId", seatId=seat["id"])


async def test_a_granted_seat_opens_its_sides_room_and_an_ended_one_opens_nothing(cast: Cast) -> None:
    case = await drafted(cast)
    director = cast.seat("people", Side.MANAGEMENT, Office.CHAIR, "people director")
    adviser = cast.seat("safety", Side.MANAGEMENT, Office.CHAIR, "estates director")
    assert await seen(adviser, case.id) is None
    said = {
        "forumId": cast.forum("jnc"),
        "office": "MEMBER",
        "side": "MANAGEMENT",
        "personId": await person_id(adviser),
    }
    seat = (await done(cast.management, "seatGrant", "seat { id }", **said))["seat"]["id"]
    assert await holds(adviser, seat)
    assert (await seen(adviser.acting_as(seat), case.id))["state"] == "DRAFT"
    assert await seen(adviser, case.id) is None, "it is the capacity that opens, not the person"
    assert not await holds(director, seat)
    await done(cast.management, "seatEnd", seatId=seat)
    assert not await holds(adviser, seat)
    answer = await adviser.acting_as(seat).ask("{ viewer { seats { id } } }")
    assert answer.fault == "BAD_REQUEST"


async def test_granter_is_told_which_field_of_a_seat_is_wrong(cast: Cast) -> None:
    person = await person_id(cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 2"))
    good: dict[str, Any] = {"forumId": cast.forum("jnc"), "office": "DEPUTY", "side": "MANAGEMENT", "personId": person}
    act, today = "seatGrant", cast.world.today

    async def wrong(code: str, field: str, *more: str, traced: bool | None = None, **said: Any) -> None:
        await refused(cast.management, act, code, *more, field=field, traced=traced, **(good | said))

    await wrong("REQUIRED", "forumId", forumId=None)
    await wrong("REQUIRED", "forumId", organisationId=cast.world.id("Organisation", "organisation", "RTD"))
    await wrong("NOT_FOUND", "forumId", forumId=random_like(cast.forum("jnc")))
    await wrong("NOT_FOUND", "forumId", forumId=cast.forum("unison"))
    await wrong("NOT_FOUND", "personId", personId=random_like(person))
    member = await person_id(cast.member("lgbt"))
    await wrong("NOT_FOUND", "personId", personId=member)
    await wrong("INVALID", "office", office="GUARDIAN")
    await wrong("INVALID", "office", side="NETWORK")
    await wrong("REQUIRED", "title", title=" ")
    await wrong("TOO_LONG", "title", title="x" * 101)
    await wrong("INVALID", "title", title="two\nlines")
    await wrong("TOO_LONG", "issuer", issuer="x" * 501)
    await wrong("INVALID", "public", public=True)
    await wrong("DATE_ORDER", "endsOn", startsOn=str(today), endsOn=str(today - timedelta(days=1)))
    await wrong("DATE_ORDER", "endsOn", endsOn=str(today - timedelta(days=1)))
    await wrong("INVALID", "startsOn", startsOn="1066-10-14", traced=False)
    await wrong("INVALID", "unionId", unionId=cast.world.id("Organisation", "organisation", "RTD"))
    await wrong("NOT_FOUND", "unionId", unionId=random_like(person))
    manager = cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 1")
    for other in (manager, cast.secretariat, cast.safety_management, cast.chair("race")):
        await refused(other, act, "NOT_PERMITTED", field=None, **good)
    seat = global_id("Seat", demo_id("seat", seat_key("RTD", "jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 4")))
    await refused(
        cast.management, "seatEnd", "IN_THE_PAST", field="endsOn", seatId=seat, endsOn=str(today - timedelta(days=1))
    )


async def test_hr_keeps_employment_and_management_side_and_nothing_of_staff_networks_or_unions(cast: Cast) -> None:
    hr = cast.hr
    me = await person_id(employee(cast, 5))
    trust = cast.world.id("Organisation", "organisation", "RTD")
    await done(hr, "seatGrant", organisationId=trust, office="EMPLOYEE", side="NONE", personId=me)
    seat = (
        await done(
            hr, "seatGrant", "seat { id }", forumId=cast.forum("jnc"), office="MEMBER", side="MANAGEMENT", personId=me
        )
    )["seat"]
    await done(hr, "seatEnd", seatId=seat["id"])
    for forum, office, side in (
        ("jnc", "CHAIR", "STAFF"),
        ("jnc", "MEMBER", "STAFF"),
        ("safety", "SAFETY_REPRESENTATIVE", "STAFF"),
        ("race", "CHAIR", "NETWORK"),
        ("race", "MEMBER", "NETWORK"),
        ("lgbt", "SPONSOR", "MANAGEMENT"),
        ("speak-up", "GUARDIAN", "INDEPENDENT"),
        ("edi", "CHAIR", "MANAGEMENT"),
    ):
        said = {"forumId": cast.forum(forum), "office": office, "side": side, "personId": me}
        await refused(hr, "seatGrant", "NOT_PERMITTED", field=None, **said)
    union = {"forumId": cast.forum("unison"), "office": "MEMBER", "side": "STAFF", "personId": me}
    for given in (union, union | {"forumId": random_like(union["forumId"])}):
        await refused(hr, "seatGrant", "NOT_FOUND", field="forumId", **given)
    service = {"organisationId": trust, "office": "SERVICE", "side": "NONE", "personId": me}
    await refused(hr, "seatGrant", "NOT_PERMITTED", field=None, **service)
    elsewhere = cast.world.id("Organisation", "organisation", "RR7")
    await refused(hr, "seatGrant", "NOT_PERMITTED", **(service | {"organisationId": elsewhere, "office": "EMPLOYEE"}))
    # what it cannot see it cannot end, nor tell apart from nothing
    for hidden in (cast.member("lgbt"), cast.chair("lgbt"), cast.union_member(), cast.union_chair):
        assert hidden.seat is not None
        first = await hr.act("seatEnd", seatId=hidden.seat)
        assert first.raw == (await hr.act("seatEnd", seatId=random_like(hidden.seat))).raw
        assert first.problems() == ["NOT_FOUND"]
    for public in (
        cast.staff,
        cast.chair("race"),
        cast.world.as_("guardian").acting_as(cast.seat("speak-up", Side.INDEPENDENT, Office.GUARDIAN, "guardian").seat),
    ):
        await refused(hr, "seatEnd", "NOT_PERMITTED", field=None, seatId=public.seat)
    await done(hr, "seatEnd", seatId=employee(cast, 6).seat)
    assert await employee(cast, 6).acting_as(None).seats() == []


async def test_hr_ends_a_management_seat_and_an_import_never_varies_with_seats_it_cannot_see(cast: Cast) -> None:
    hr, secretary = cast.hr, cast.management_secretary
    member, nobody = await person_id(cast.member("lgbt", 3)), await person_id(employee(cast, 7))
    said = {
        "organisationId": cast.world.id("Organisation", "organisation", "RTD"),
        "office": "EMPLOYEE",
        "side": "NONE",
    }
    answers = [await hr.act("seatGrant", "seat { office endsAt person { seats(first: 9) { edges { node { office } } } } }",
        personId=person, **said) for person in (member, nobody)]  # fmt: skip
    assert answers[0].raw == answers[1].raw, "a network's member looks like anybody else"
    assert secretary.seat is not None
    await done(hr, "seatEnd", seatId=secretary.seat)
    assert not await holds(secretary, secretary.seat)


async def test_a_network_grants_its_own_offices_and_chooses_who_is_named(cast: Cast) -> None:
    lgbt, chair = cast.forum("lgbt"), cast.chair("lgbt")
    first, second = await person_id(cast.member("lgbt", 1)), await person_id(cast.member("lgbt", 2))
    said = {"forumId": lgbt, "office": "OFFICER", "side": "NETWORK"}
    hidden = (await done(chair, "seatGrant", "seat { id }", personId=first, title="Events", **said))["seat"]["id"]
    named = (await done(chair, "seatGrant", "seat { id }", personId=second, public=True, **said))["seat"]["id"]
    for person in (cast.management, cast.staff, cast.chair("race"), employee(cast, 8)):
        assert await seat_seen(person, hidden) is None
        found = await seat_seen(person, named)
        assert (found["office"], found["person"]) == ("OFFICER", {"id": second})
    assert await seat_seen(cast.member("lgbt", 4), hidden) is not None
    ordinary = cast.member("lgbt", 4)
    await refused(ordinary, "seatGrant", "NOT_PERMITTED", field=None, personId=first, **said)
    member = {"forumId": lgbt, "office": "MEMBER", "side": "NETWORK", "personId": first}
    await refused(chair, "seatGrant", "INVALID", field="public", public=True, **member)
    await refused(
        cast.chair("race"), "seatGrant", "NOT_FOUND", field="personId", **(member | {"forumId": cast.forum("race")})
    )
    await refused(cast.chair("race"), "seatGrant", "NOT_PERMITTED", field=None, **member)
    await refused(cast.chair("race"), "seatEnd", "NOT_FOUND", field="seatId", seatId=hidden)
    await refused(cast.chair("race"), "seatEnd", "NOT_PERMITTED", field=None, seatId=named)
    await refused(cast.member("lgbt", 4), "seatEnd", "NOT_PERMITTED", field=None, seatId=hidden)
    later = str(cast.world.today + timedelta(days=30))
    ended = (await done(chair, "seatEnd", "seat { endsAt }", seatId=hidden, endsOn=later))["seat"]
    assert ended["endsAt"] > later
    longer = await done(
        chair, "seatEnd", "seat { endsAt }", seatId=hidden, endsOn=str(cast.world.today + timedelta(days=90))
    )
    assert longer["seat"] == ended, "a seat is never lengthened"


async def test_a_union_group_grants_its_own_unseen_by_the_employer(cast: Cast) -> None:
    person = await person_id(cast.union_member(3))
    unison = cast.world.id("Organisation", "organisation", "UNISON")
    said = {"forumId": cast.forum("unison"), "office": "SAFETY_REPRESENTATIVE", "side": "STAFF", "unionId": unison}
    seat = (await done(cast.union_chair, "seatGrant", "seat { id union { name } }", personId=person, **said))["seat"]
    assert seat["union"]["name"]
    for employer in (cast.management, cast.hr, cast.secretariat):
        assert await seat_seen(employer, seat["id"]) is None
        await refused(employer, "seatEnd", "NOT_FOUND", field="seatId", seatId=seat["id"])
        await refused(employer, "seatGrant", "NOT_FOUND", field="forumId", personId=person, **said)
    assert await seat_seen(cast.staff, seat["id"]) is not None
    await refused(cast.staff, "seatEnd", "NOT_PERMITTED", field=None, seatId=seat["id"])
    await refused(cast.holding(cast.trust.union_chair("RCN")), "seatGrant", "NOT_FOUND", personId=person, **said)


async def test_a_seat_bound_to_the_unions_issuer_is_nothing_to_whoever_runs_the_trusts_sign_in(cast: Cast) -> None:
    who = cast.seat("jnc", Side.STAFF, Office.WORKPLACE_REPRESENTATIVE, "RCN representative 1")
    said = {"forumId": cast.forum("jnc"), "office": "VICE_CHAIR", "side": "STAFF", "personId": await person_id(who)}
    before = {seat["id"] for seat in await who.acting_as(None).seats()}
    bound = (await done(cast.staff, "seatGrant", "seat { id }", issuer="https://sign-in.union.example", **said))[
        "seat"
    ]["id"]
    assert {seat["id"] for seat in await who.acting_as(None).seats()} == before
    assert (await who.acting_as(bound).ask("{ viewer { seats { id } } }")).fault == "BAD_REQUEST"
    open_to_us = (await done(cast.staff, "seatGrant", "seat { id }", issuer=ISSUER, **said))["seat"]["id"]
    assert await holds(who, open_to_us)
    assert (await who.acting_as(open_to_us).seats())[0] is not None


async def test_who_ends_the_very_seat_they_act_in_is_answered_and_acts_in_it_no_more(cast: Cast) -> None:
    vice = cast.seat("jnc", Side.MANAGEMENT, Office.VICE_CHAIR, "people director")
    payload = await done(vice, "seatEnd", "seat { office endsAt }", seatId=vice.seat)
    assert payload["seat"]["office"] == "VICE_CHAIR"
    assert payload["seat"]["endsAt"] is not None
    before = await mark(cast.world)
    answer = await vice.act("consultationDraft", forumId=cast.forum("jnc"), title="T", body="B", idempotencyKey=key())
    assert answer.fault == "BAD_REQUEST"
    assert await written(cast.world, before) == {}


async def test_the_regional_forums_sides_keep_their_own_and_hr_none_of_it(cast: Cast) -> None:
    chair = cast.world.as_("regional-chair")
    seats = await chair.seats()
    spf = cast.world.id("RegionalSocialPartnershipForum", "forum", SPF.key)
    me = await person_id(chair)
    said = {"forumId": spf, "personId": me}
    assert [seat["office"] for seat in seats] == ["CHAIR"]
    await refused(chair, "seatGrant", "NOT_PERMITTED", field=None, office="MEMBER", side="STAFF", **said)
    await refused(cast.hr, "seatGrant", "NOT_FOUND", field="forumId", office="MEMBER", side="MANAGEMENT", **said)
    await refused(
        cast.management, "seatGrant", "NOT_FOUND", field="forumId", office="MEMBER", side="MANAGEMENT", **said
    )
    await done(chair, "seatGrant", "seat { office }", office="DEPUTY", side="MANAGEMENT", **said)


async def test_network_seats_are_told_to_nobody_by_the_forums_list_of_seats(cast: Cast) -> None:
    query = "query($id: ID!) { forum(id: $id) { seats(first: 100) { edges { node { office } } } } }"
    lgbt = cast.forum("lgbt")
    for person in (cast.management, cast.hr, cast.chair("race"), employee(cast, 9)):
        offices = {seat["office"] for seat in nodes((await person.ask(query, id=lgbt)).data["forum"]["seats"])}
        assert offices <= {"SPONSOR", "EDI_LEAD", "OFFICER"}
    offices = {seat["office"] for seat in nodes((await cast.chair("lgbt").ask(query, id=lgbt)).data["forum"]["seats"])}
    assert {"MEMBER", "ALLY", "CHAIR"} <= offices
