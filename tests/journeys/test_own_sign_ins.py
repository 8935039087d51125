"""Whoever leaves the trust keeps sight of what they raised, from a sign-in of their own that opens nothing else."""

from service.demo.shapes import demo_id
from tests.journeys.stage import done, refused
from tests.plugins.service import Person, World

ISSUES = "{ viewer { person { id } seats { id } issues(first: 5) { edges { node { id state steps { id state summary { body contentHash } } } } } } }"


async def raised(world: World) -> tuple[Person, str]:
    """A network member's issue, in their own name."""
    member, race = world.as_("network-member"), world.id("StaffNetwork", "forum", "RTD/race")
    payload = await done(
        member, "issueRaise", "issue { id }", forumId=race, category="TIME_OFF", identity="NAMED",
        concernsIndividualCase=False, idempotencyKey="left", body="Nobody is released for meetings.",
    )  # fmt: skip
    return member, payload["issue"]["id"]


async def leave(world: World, subject: str) -> None:
    """Their seats end, and the trust's sign-in is closed."""
    async with world.admin() as db:
        person = demo_id("person", subject)
        await db.execute("update graph.seat set ends_at = now() where person_id = $1", person)
        await db.execute("update access.account set closed_at = now() where person_id = $1 and not own_only", person)


async def test_a_raiser_who_left_consents_and_takes_back_from_a_sign_in_of_their_own(fresh_world: World) -> None:
    world = fresh_world
    member, issue = await raised(world)
    payload = await done(member, "ownSignInInvite", "issued code")
    assert payload["issued"] is True
    again = await done(member, "ownSignInInvite", "code")
    assert again["code"] == payload["code"]
    own = world.as_("somebody at home")
    accepted = await done(own, "ownSignInAccept", "accepted", code=payload["code"])
    assert accepted["accepted"] is True
    await leave(world, "network-member")
    jnc = world.id("JointNegotiatingCommittee", "forum", "RTD/jnc")
    step = (await done(
        world.as_("network-chair"), "issueEscalate", "step { id summary { contentHash } }", issueId=issue, toForumId=jnc,
        channel="JOINT", summary="Release for meetings is refused.", concernsIndividualCase=False, idempotencyKey="on",
    ))["step"]  # fmt: skip
    seen = (await own.ask(ISSUES)).data["viewer"]
    assert seen["person"] is None, "the other sign-in does not learn who this is"
    assert seen["seats"] == []
    (edge,) = seen["issues"]["edges"]
    assert edge["node"]["id"] == issue
    given = await done(
        own,
        "consentGive",
        "step { state }",
        stepId=step["id"],
        contentHash=step["summary"]["contentHash"],
        idempotencyKey="yes",
    )
    assert given["step"]["state"] == "SENT"
    taken = await done(own, "consentWithdraw", "step { state summary { body } }", stepId=step["id"])
    assert taken["step"] == {"state": "WITHDRAWN", "summary": {"body": ""}}


async def test_a_sign_in_of_ones_own_opens_no_seat_and_no_room_of_the_trust(fresh_world: World) -> None:
    world = fresh_world
    chair, jnc = world.as_("staff-side-chair"), world.id("JointNegotiatingCommittee", "forum", "RTD/jnc")
    code = (await done(chair, "ownSignInInvite", "code"))["code"]
    own = world.as_("somebody at home")
    await done(own, "ownSignInAccept", "accepted", code=code)
    assert (await own.ask("query($id: ID!) { node(id: $id) { id } }", id=jnc)).only() is None
    assert (await own.ask("{ viewer { seats { id } person { id } } }")).only() == {"seats": [], "person": None}
    (seat,) = [each["id"] for each in await chair.seats() if each["office"] == "CHAIR"]
    assert (await own.acting_as(seat).ask("{ viewer { seats { id } } }")).fault == "BAD_REQUEST"
    await refused(
        own, "membershipJoin", "NOT_PERMITTED", forumId=world.id("StaffNetwork", "forum", "RTD/race"), traced=False
    )


async def test_a_code_works_once_and_for_a_sign_in_that_is_nobodys(fresh_world: World) -> None:
    world = fresh_world
    code = (await done(world.as_("network-member"), "ownSignInInvite", "code"))["code"]
    await refused(world.as_("management-chair"), "ownSignInAccept", "NOT_FOUND", code=code, traced=False)
    await done(world.as_("somebody at home"), "ownSignInAccept", "accepted", code=code)
    await refused(world.as_("somebody else"), "ownSignInAccept", "NOT_FOUND", code=code, traced=False)
    await refused(world.as_("somebody else"), "ownSignInAccept", "NOT_FOUND", code="A" * 32, traced=False)
