"""A union group is asked by the staff side alone: management cannot see, count or time that, until the group shares."""

from datetime import timedelta

import pytest

from service.resolvers.ids import parts
from service.rules.bodies import Office, Side
from service.rules.calendar import add_working_days
from tests.journeys.stage import (
    TITLE,
    Case,
    Cast,
    closed,
    done,
    drafted,
    key,
    nodes,
    opened,
    random_like,
    refused,
    seen,
)
from tests.plugins.service import Person, World


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


EVERYTHING = """query($id: ID!, $jnc: ID!, $union: ID!) {
    viewer { seats { id rooms } audit(last: 100) { totalCount: __typename edges { node { act outcome } } } }
    node(id: $id) { ... on Consultation {
      id state revision closesAt viewerCan { consultation_sign: __typename consultationSign outcomeRecord }
      versions(first: 50) { edges { cursor node { id signatures { side } } } }
      plans(first: 50) { edges { node { id state } } }
      consultees(first: 50) { pageInfo { hasNextPage } edges { node { id revision state respondedAt } } }
      extensions(first: 50) { edges { node { id state } } }
      comments(first: 50) { edges { node { id body } } }
      responses(first: 50) { edges { node { id late } } }
      points(first: 50) { edges { node { id outcome { id } } } }
      disagreements { side } recusals { reason } audit(first: 100) { edges { node { sequence act hash } } } } }
    forum(id: $jnc) { audit(last: 100) { edges { node { sequence hash } } } rooms
      engagements(first: 100) { edges { node { id } } } consultations(first: 100) { edges { node { id revision } } } }
    union: forum(id: $union) { id }
    organisation(odsCode: "RTD") { forums(first: 100) { edges { node { id localName } } } }
    hidden: node(id: $union) { id } }"""


async def all_of(person: Person, case: Case) -> bytes:
    """Everything that somebody can ask about a case and its bodies, as it was sent."""
    answer = await person.ask(EVERYTHING, id=case.id, jnc=case.cast.forum("jnc"), union=case.cast.forum("unison"))
    assert "errors" not in answer.body, answer.body
    return answer.raw


async def traces_management_could_reach(cast: Cast, person: Person) -> list[tuple[str, int]]:
    """Doors aside, how many rows stand in each table that are in rooms which the seat's own doors lead into."""
    assert person.seat is not None
    found = parts(person.seat)
    assert found is not None
    query = """with own as (select unnest(access.rooms_of(s)) as id from graph.seat s where s.id = $1),
        reach as (select distinct d.into_room as id from graph.door d join own on own.id = d.from_room)
      select 'audit' as name, count(*) as n from graph.audit_entry a join reach on reach.id = a.room_id
      union all select 'event', count(*) from graph.event e join reach on reach.id = e.room_id
      union all select 'consultee', count(*) from graph.consultee c join reach on reach.id = c.room_id
      union all select 'response', count(*) from graph.response c join reach on reach.id = c.room_id
      union all select 'comment', count(*) from graph.comment c join reach on reach.id = c.room_id
      union all select 'door', count(*) from graph.door d join own on own.id = d.from_room"""
    async with cast.world.admin() as db:
        return [(row["name"], row["n"]) for row in await db.fetch(query, found[1])]


async def test_management_sees_no_trace_of_the_union_group_until_it_shares_and_then_its_points_block(
    cast: Cast,
) -> None:
    case = await opened(cast, "race")
    management = (cast.management, cast.management_secretary, cast.secretariat)
    before = [(await all_of(p, case), await traces_management_could_reach(cast, p)) for p in management]

    async def still_nothing() -> None:
        assert [(await all_of(p, case), await traces_management_could_reach(cast, p)) for p in management] == before

    await done(cast.staff, "consulteeAdd", consultationId=case.id, forumId=cast.forum("unison"))
    await still_nothing()
    found = await case.engagement("unison", cast.staff)
    assert (found["sharedWithBothSides"], found["addedBySide"], found["state"]) == (False, "STAFF", "AWAITED")
    union = found["id"]
    member = cast.union_member()
    await done(member, "commentAdd", consultationId=case.id, body="Pay for the notice.")
    assert [c["body"] for c in nodes((await case.seen(cast.union_chair))["comments"])] == ["Pay for the notice."]
    assert nodes((await case.seen(cast.staff))["comments"]) == []
    response = await case.respond(cast.union_chair, union, "Pay for it.", minorityViews=["Some would strike."])
    point = response["points"][0]["id"]
    await still_nothing()
    hidden = {"consulteeId": union}
    for given in (union, random_like(union)):
        for act, said in (
            ("responseConsider", {"decision": "CONSIDERED"}),
            ("consulteeExtend", {"closesOn": str(cast.world.today), "reason": "Because."}),
            ("responseShare", {"forumId": cast.forum("jnc")}),
            ("responseDraft", {"stance": "NO_VIEW"}),
            ("responseSubmit", {"draftRevision": 1, "idempotencyKey": key()}),
        ):
            await refused(
                cast.management, act, "NOT_FOUND", field="consulteeId", **(hidden | {"consulteeId": given}), **said
            )
    for given in (point, random_like(point)):
        reject = {"decision": "REJECTED", "reason": "No."}
        await refused(cast.management, "outcomeRecord", "NOT_FOUND", field="pointId", pointId=given, **reject)
    await refused(
        cast.management,
        "consulteeAdd",
        "NOT_FOUND",
        field="forumId",
        consultationId=case.id,
        forumId=cast.forum("unison"),
    )

    await case.close()
    await case.assess()
    before = [(await all_of(p, case), await traces_management_could_reach(cast, p)) for p in management]
    await done(cast.staff, "outcomeRecord", pointId=point, decision="REJECTED", reason="Staff side's own answer.")
    await done(cast.staff, "outcomeRecord", pointId=point, decision="REJECTED", reason="Put better.")
    late = cast.holding(cast.trust.union_chair("RCN"))
    await still_nothing()
    assert await case.seen(late) is None

    # what the staff side alone was told never blocks; what is shared does
    fresh = await case.final() | {"idempotencyKey": key()}
    share = {"consulteeId": union, "forumId": cast.forum("jnc")}
    for person in (cast.staff, member):
        await refused(person, "responseShare", "NOT_PERMITTED", field=None, **share)
    await done(cast.union_chair, "responseShare", "consultee { sharedWithBothSides }", **share)
    for person in management:
        shared = await engagement_of(case, person, union)
        assert shared is not None
        assert (shared["sharedWithBothSides"], shared["forum"]) == (True, None)
    await done(cast.management, "consultationSign", **fresh)


async def engagement_of(case: Case, person: Person, consultee: str) -> dict[str, object] | None:
    """One engagement among those that somebody sees, by its id."""
    found: list[dict[str, object]] = nodes((await case.seen(person))["consultees"])
    return next((each for each in found if each["id"] == consultee), None)


async def test_points_that_a_union_group_shares_stand_between_the_consultation_and_its_end(cast: Cast) -> None:
    case = await opened(cast, "race")
    await done(cast.staff, "consulteeAdd", consultationId=case.id, forumId=cast.forum("unison"))
    union = (await case.engagement("unison", cast.staff))["id"]
    await case.respond(cast.union_chair, union, "Pay for it.")
    await case.close()
    await case.assess()
    final = await case.final()
    await done(cast.union_chair, "responseShare", consulteeId=union, forumId=cast.forum("jnc"))
    for person in (cast.management, cast.staff):
        await refused(person, "consultationSign", "OPEN_POINTS", field=None, **final, idempotencyKey=key())
        await refused(
            person, "disagreementRecord", "OPEN_POINTS", idempotencyKey=key(), consultationId=case.id,
            policyVersionId=final["policyVersionId"], statement="No.", disputesProcedure="Section 9.",
        )  # fmt: skip
    shared = await engagement_of(case, cast.management, union)
    assert shared is not None
    assert shared["response"]["points"][0]["body"] == "Pay for it."  # type: ignore[index]
    point = nodes((await case.seen())["points"])[0]["id"]
    await done(cast.management, "outcomeRecord", pointId=point, decision="REJECTED", reason="No money this year.")
    await case.sign()
    assert (await case.seen(cast.union_member()))["conclusion"] == "AGREED"
    assert nodes((await case.seen(cast.union_member()))["points"])[0]["outcome"]["reason"] == "No money this year."


async def test_a_body_shares_its_own_response_with_another_body_and_nobody_shares_it_for_them(cast: Cast) -> None:
    case = await opened(cast, "race", "women")
    mine = case.consultee("race")
    response = await case.respond(cast.chair("race"), mine, "Make it eight.")
    query = "query($id: ID!) { node(id: $id) { ... on Response { points { body } } } }"

    async def read(person: Person) -> object:
        return (await person.ask(query, id=response["id"])).data["node"]

    readers = (cast.member("women"), cast.chair("lgbt"))
    assert [await read(person) for person in readers] == [None, None]
    act, said = "responseShare", {"consulteeId": mine}
    await refused(cast.chair("race"), act, "NOT_FOUND", field="forumId", forumId=cast.forum("unison"), **said)
    await refused(
        cast.chair("race"), act, "NOT_FOUND", field="forumId", forumId=random_like(cast.forum("women")), **said
    )
    for person in (cast.member("race"), cast.management, cast.staff):
        await refused(person, act, "NOT_PERMITTED", field=None, forumId=cast.forum("women"), **said)
    await refused(cast.chair("women"), act, "NOT_FOUND", field="consulteeId", forumId=cast.forum("women"), **said)
    for network in ("women", "lgbt"):
        await done(cast.chair("race"), act, forumId=cast.forum(network), **said)
    assert [await read(person) for person in readers] == [{"points": [{"body": "Make it eight."}]}] * 2
    # they read it, and can do nothing to it
    point = response["points"][0]["id"]
    for person in (cast.chair("women"), cast.chair("lgbt")):
        await refused(person, "outcomeRecord", "NOT_PERMITTED", pointId=point, decision="REJECTED", reason="No.")
    await refused(cast.chair("women"), act, "NOT_PERMITTED", forumId=cast.forum("faith"), **said)
    await refused(
        cast.chair("women"), "responseDraft", "NOT_PERMITTED", consulteeId=mine, stance="SUPPORT", draftRevision=1
    )
    assert await seen(cast.chair("lgbt"), case.id) is None
    withdrawn = {"consultationId": case.id, "expectedRevision": await case.revision(), "reason": "Too soon."}
    await done(cast.management, "consultationWithdraw", **withdrawn)
    await refused(cast.chair("race"), act, "WRONG_STATE", forumId=cast.forum("faith"), **said)


async def test_staff_sides_own_draft_asks_its_union_group_only_once_it_is_open(cast: Cast) -> None:
    case = await drafted(cast, cast.staff, title=TITLE)
    act, said = "consulteeAdd", {"consultationId": case.id, "forumId": cast.forum("unison")}
    await refused(cast.staff, act, "WRONG_STATE", field=None, **said)
    rep = cast.seat("jnc", Side.STAFF, Office.WORKPLACE_REPRESENTATIVE, "disability chair")
    await refused(rep, act, "NOT_PERMITTED", field=None, **said)
    await refused(cast.union_chair, act, "NOT_FOUND", field="consultationId", **said)


async def test_union_member_sees_what_staff_side_does_to_their_groups_time_and_management_does_not(cast: Cast) -> None:
    case = await closed(cast, "race")
    other = await opened(cast, "race")
    await done(cast.staff, "consulteeAdd", consultationId=other.id, forumId=cast.forum("unison"))
    union = (await other.engagement("unison", cast.staff))["id"]
    before = await all_of(cast.management, other)
    until = add_working_days(cast.world.today, 20) + timedelta(days=10)
    await done(cast.staff, "consulteeExtend", consulteeId=union, closesOn=str(until), reason="A ballot runs.")
    assert await all_of(cast.management, other) == before
    assert (await other.engagement("unison", cast.union_member()))["extendedTo"] is not None
    await other.close()
    await other.assess()
    await other.sign()  # their longer time is the staff side's affair, and holds nothing up
    assert (await other.seen())["state"] == "CONCLUDED"
    assert await case.seen(cast.union_chair) is None
