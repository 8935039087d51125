"""Joining and leaving a network, and enrolment by invitation: who asks, who decides, and who learns of it."""

from datetime import timedelta
from typing import Any

import pytest

from service.identity.demo import ISSUER
from service.rules.bodies import Office, Side
from tests.journeys.stage import Cast, done, key, mark, nodes, random_like, refused, written
from tests.plugins.service import Person, World


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


def employee(cast: Cast, number: int) -> Person:
    return cast.seat(None, Side.NONE, Office.EMPLOYEE, f"employee {number}")


async def requests_of(person: Person, forum: str) -> list[Any]:
    query = "query($id: ID!) { forum(id: $id) { membershipRequests(first: 100) { edges { node { id state person { id } } } } } }"
    return nodes((await person.ask(query, id=forum)).data["forum"]["membershipRequests"])


async def request_seen(person: Person, request: str) -> Any:
    query = "query($id: ID!) { node(id: $id) { ... on MembershipRequest { state } } }"
    return (await person.ask(query, id=request)).data["node"]


async def offices(person: Person) -> list[tuple[str | None, str]]:
    """The seats that somebody holds: body and office."""
    return [(seat["forumName"], seat["office"]) for seat in await person.acting_as(None).seats()]


LGBT = "LGBT+ Staff Network"
JOIN = "membershipRequest { id state }"


async def test_who_asks_to_join_is_seen_by_the_networks_officers_alone_and_asks_once(cast: Cast) -> None:
    lgbt, joiner = cast.forum("lgbt"), employee(cast, 1)
    first = await joiner.act("membershipJoin", JOIN, forumId=lgbt)
    again = await joiner.act("membershipJoin", JOIN, forumId=lgbt)
    assert first.raw == again.raw
    request = first.only()["membershipRequest"]
    assert request["state"] == "PENDING"
    assert [each["id"] for each in await requests_of(joiner, lgbt)] == [request["id"]]
    for officer in (cast.chair("lgbt"), cast.secretary("lgbt")):
        found = await requests_of(officer, lgbt)
        assert [(each["id"], each["person"]) for each in found] == [(request["id"], None)]
    strangers = (cast.member("lgbt"), cast.chair("race"), cast.management, cast.staff, cast.hr, employee(cast, 2))
    for stranger in strangers:
        assert await requests_of(stranger, lgbt) == []
        assert await request_seen(stranger, request["id"]) is None
    sponsor = cast.seat("lgbt", Side.MANAGEMENT, Office.SPONSOR, "finance director")
    assert await requests_of(sponsor, lgbt) == []
    async with cast.world.admin() as db:
        rooms = await db.fetch(
            "select distinct r.purpose from graph.audit_entry a join graph.room r on r.id = a.room_id where a.act = 'MEMBERSHIP_JOIN'"
            " union select distinct r.purpose from graph.event e join graph.room r on r.id = e.room_id where e.type = 'membership.requested'"
        )
    assert [row["purpose"] for row in rooms] == ["PERSONAL"], "the trace of asking is the asker's own"


async def test_officers_accept_or_decline_and_nobody_else_answers_a_request(cast: Cast) -> None:
    lgbt, joiner, other = cast.forum("lgbt"), employee(cast, 3), employee(cast, 4)
    today = cast.world.today
    request = (await done(joiner, "membershipJoin", JOIN, forumId=lgbt))["membershipRequest"]["id"]
    declined = (await done(other, "membershipJoin", JOIN, forumId=lgbt))["membershipRequest"]["id"]
    for act in ("membershipAccept", "membershipDecline"):
        for stranger in (cast.member("lgbt"), cast.chair("race"), cast.management, cast.hr, cast.staff):
            await refused(stranger, act, "NOT_FOUND", field="requestId", requestId=request)
        await refused(joiner, act, "NOT_PERMITTED", field=None, requestId=request)
        await refused(cast.chair("lgbt"), act, "NOT_FOUND", field="requestId", requestId=random_like(request))
    past = str(today - timedelta(days=1))
    officer = cast.seat("lgbt", Side.NETWORK, Office.OFFICER, "lgbt membership officer")
    await refused(officer, "membershipAccept", "IN_THE_PAST", field="endsOn", requestId=request, endsOn=past)
    await refused(
        officer, "membershipAccept", "INVALID", field="endsOn", traced=False, requestId=request, endsOn="2999-01-01"
    )
    accepted = await done(
        officer, "membershipAccept", "membershipRequest { state person { displayName } decidedAt }", requestId=request,
        endsOn=str(today + timedelta(days=365)),
    )  # fmt: skip
    assert accepted["membershipRequest"]["state"] == "ACCEPTED"
    assert accepted["membershipRequest"]["person"] is not None, "officers now know who their member is"
    assert (LGBT, "MEMBER") in await offices(joiner)
    await done(cast.chair("lgbt"), "membershipDecline", requestId=declined)
    assert (await request_seen(other, declined))["state"] == "DECLINED"
    assert (LGBT, "MEMBER") not in await offices(other)
    for act in ("membershipAccept", "membershipDecline"):
        for answered in (request, declined):
            await refused(officer, act, "WRONG_STATE", field="requestId", requestId=answered)


async def test_joining_is_for_networks_that_one_can_see(cast: Cast) -> None:
    joiner = employee(cast, 5)
    for forum in ("jnc", "board", "speak-up", "edi"):
        await refused(joiner, "membershipJoin", "INVALID", field="forumId", forumId=cast.forum(forum))
    hidden = cast.forum("unison")
    elsewhere = cast.world.id("StaffNetwork", "forum", "RR7/race")
    for forum in (hidden, random_like(hidden), elsewhere):
        await refused(joiner, "membershipJoin", "NOT_FOUND", field="forumId", forumId=forum)
        await refused(joiner, "membershipLeave", "NOT_FOUND", field="forumId", forumId=forum)
    await refused(joiner, "membershipLeave", "NOT_FOUND", field="forumId", forumId=cast.forum("race"))
    async with cast.world.admin() as db:
        await db.execute(
            "update graph.forum set closed_on = current_date where local_name = 'Faith and Belief Network' and"
            " organisation_id = (select id from graph.organisation where ods_code = 'RTD')"
        )
    await refused(joiner, "membershipJoin", "INVALID", field="forumId", forumId=cast.forum("faith"))


@pytest.mark.parametrize("capacity", ["member", "employee"])
async def test_a_member_leaves_at_once_from_either_capacity_and_is_answered(cast: Cast, capacity: str) -> None:
    member = cast.member("women", 5 if capacity == "member" else 6)
    seat = member.seat
    await refused(cast.chair("women"), "membershipLeave", "NOT_FOUND", field="forumId", forumId=cast.forum("race"))
    acting = member
    if capacity == "employee":
        mine = next(each["id"] for each in await member.seats() if each["office"] == "EMPLOYEE")
        acting = member.acting_as(mine)
    payload = await done(acting, "membershipLeave", "seat { id office endsAt }", forumId=cast.forum("women"))
    assert (payload["seat"]["id"], payload["seat"]["office"]) == (seat, "MEMBER")
    assert payload["seat"]["endsAt"] is not None
    assert "Women's Network" not in [forum for forum, _ in await offices(member)]
    assert (await member.ask("{ viewer { seats { id } } }")).fault == "BAD_REQUEST"
    for stranger in (cast.management, cast.hr, cast.staff):
        query = "query($id: ID!) { node(id: $id) { id } }"
        assert (await stranger.ask(query, id=seat)).data["node"] is None


async def invite(person: Person, **said: Any) -> Any:
    world = person.world
    good = {"office": "MEMBER", "side": "NETWORK", "expiresOn": str(world.today + timedelta(days=14))}
    return await done(person, "invitationIssue", "code invitation { id office acceptedAt }", **(good | said))


async def test_somebody_unknown_enrols_by_a_code_that_only_its_issuer_was_shown(cast: Cast) -> None:
    race, chair = cast.forum("race"), cast.chair("race")
    once = key()
    said = {"forumId": race, "idempotencyKey": once}
    issued = await invite(chair, **said)
    before = await mark(cast.world)
    assert await invite(chair, **said) == issued, "the same key shows the code again"
    assert await written(cast.world, before) == {}
    assert len(issued["code"]) == 32
    async with cast.world.admin() as db:
        kept = await db.fetchval(
            "select string_agg(i::text, '') || (select string_agg(d.detail, '') from graph.audit_detail d) from graph.invitation i"
        )
    assert issued["code"] not in kept
    listed = "query($id: ID!) { forum(id: $id) { invitations(first: 9) { edges { node { id } } } } }"
    for person, count in ((cast.secretary("race"), 1), (cast.member("race"), 0), (cast.management, 0), (cast.hr, 0)):
        assert len(nodes((await person.ask(listed, id=race)).data["forum"]["invitations"])) == count

    bank_worker = cast.world.as_("bank-worker-1")
    assert (await bank_worker.ask("{ viewer { person { id } seats { id } } }")).data["viewer"] == {
        "person": None,
        "seats": [],
    }
    accept = {"code": issued["code"].lower(), "idempotencyKey": key()}
    taken = await bank_worker.act(
        "invitationAccept", "seat { id office forum { localName } person { displayName } }", **accept
    )
    assert taken.only()["seat"]["office"] == "MEMBER"
    assert taken.only()["seat"]["forum"] == {"localName": "Race Equality Network"}
    assert await offices(bank_worker) == [("Race Equality Network", "MEMBER")]
    before = await mark(cast.world)
    again = await bank_worker.act(
        "invitationAccept", "seat { id office forum { localName } person { displayName } }", **accept
    )
    assert again.raw == taken.raw, "the same key gives the same answer, also to whoever was not known before"
    assert await written(cast.world, before) == {}
    for stranger in (cast.management, cast.hr, cast.chair("women"), cast.member("race", 2)):
        query = "query($id: ID!) { node(id: $id) { id } }"
        assert (await stranger.ask(query, id=taken.only()["seat"]["id"])).data["node"] is None


async def test_a_used_expired_bound_or_invented_code_opens_nothing_and_tells_nothing(cast: Cast) -> None:
    race, chair, stranger = cast.forum("race"), cast.chair("race"), cast.world.as_("bank-worker-2")
    used, expired = await invite(chair, forumId=race), await invite(chair, forumId=race)
    bound = await invite(chair, forumId=race, issuer="https://sign-in.union.example")
    await done(cast.world.as_("bank-worker-3"), "invitationAccept", code=used["code"], idempotencyKey=key())
    async with cast.world.admin() as db:
        await db.execute(
            "update graph.invitation set expires_at = now() - interval '1 second' where accepted_at is null and issuer is null"
        )
    answers = []
    for code in (
        used["code"],
        expired["code"],
        bound["code"],
        "A" * 32,
        "",
        "x" * 5_000,
        "\u202ereversed",
    ):
        said = {"code": code, "idempotencyKey": key()}
        await refused(stranger, "invitationAccept", "NOT_FOUND", field="code", traced=False, **said)
        answers.append((await stranger.act("invitationAccept", "seat { id }", **said)).raw)
    assert len(set(answers)) == 1
    assert (await stranger.ask("{ viewer { person { id } } }")).data["viewer"] == {"person": None}
    # somebody who is known already is told no more
    await refused(
        cast.management,
        "invitationAccept",
        "NOT_FOUND",
        field="code",
        traced=False,
        code=used["code"],
        idempotencyKey=key(),
    )


async def test_a_code_bound_to_an_issuer_is_taken_there_and_its_seat_works_there(cast: Cast) -> None:
    issued = await invite(cast.union_chair, forumId=cast.forum("unison"), side="STAFF", issuer=ISSUER)
    agency = cast.world.as_("agency-worker-1")
    await done(agency, "invitationAccept", "seat { id }", code=issued["code"], idempotencyKey=key())
    assert await offices(agency) == [("UNISON branch at RTD", "MEMBER")]
    assert (await agency.ask("{ viewer { seats { rooms } } }")).data["viewer"]["seats"][0]["rooms"] == [
        "JOINT", "MEMBERS", "ORGANISATION", "PERSONAL",
    ]  # fmt: skip


async def test_somebody_known_takes_a_second_seat_and_must_then_choose(cast: Cast) -> None:
    issued = await invite(cast.chair("women"), forumId=cast.forum("women"))
    manager = cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 3")
    before = await offices(manager)
    await done(manager, "invitationAccept", "seat { office }", code=issued["code"], idempotencyKey=key())
    assert sorted(await offices(manager), key=str) == sorted([*before, ("Women's Network", "MEMBER")], key=str)
    answer = await manager.acting_as(None).act("membershipJoin", forumId=cast.forum("race"))
    assert answer.problems() == ["CAPACITY_REQUIRED"]


async def test_each_body_invites_to_its_own_offices_only(cast: Cast) -> None:
    today = cast.world.today
    race, act = cast.forum("race"), "invitationIssue"
    good: dict[str, Any] = {
        "forumId": race,
        "office": "MEMBER",
        "side": "NETWORK",
        "expiresOn": str(today + timedelta(days=14)),
    }
    chair = cast.chair("race")
    await refused(chair, act, "INVALID", field="office", **(good | {"office": "GUARDIAN"}))
    for day in (today - timedelta(days=1), today + timedelta(days=91)):
        await refused(chair, act, "INVALID", field="expiresOn", **(good | {"expiresOn": str(day)}))
    await refused(chair, act, "INVALID", field="expiresOn", traced=False, **(good | {"expiresOn": "2999-01-01"}))
    await refused(chair, act, "TOO_LONG", field="issuer", issuer="x" * 501, **good)
    await refused(chair, act, "REQUIRED", field="issuer", issuer=" ", **good)
    for other in (cast.member("race"), cast.chair("women"), cast.management, cast.hr):
        await refused(other, act, "NOT_PERMITTED", field=None, **good)
    for other in (cast.management, cast.chair("race"), cast.hr):
        union = good | {"forumId": cast.forum("unison"), "side": "STAFF"}
        await refused(other, act, "NOT_FOUND", field="forumId", **union)
    jnc = good | {"forumId": cast.forum("jnc"), "office": "FULL_TIME_OFFICIAL", "side": "STAFF"}
    await refused(cast.management, act, "NOT_PERMITTED", field=None, **jnc)
    issued = await done(cast.staff, act, "code", **jnc)
    official = cast.world.as_("union-official-1")
    await done(official, "invitationAccept", code=issued["code"], idempotencyKey=key())
    assert [office for _, office in await offices(official)] == ["FULL_TIME_OFFICIAL"]
