"""What an attacker once found, each from the person who must not see (THREATS D3, A16; founding document S0, section 6)."""

from datetime import timedelta

import asyncpg
import pytest

from service.access.proofs import enter_proof, now_micros
from service.rules.bodies import Office, Side
from tests.journeys.stage import Cast, done, key, nodes, opened
from tests.plugins.service import World
from tests.walls.attacks import is_
from tests.walls.ground import MANAGEMENT_CHAIR, NETWORK_MEMBER, STAFF_CHAIR, Ground, forum


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


async def test_management_with_any_sql_learns_of_no_recusal_inside_a_body_consulted(ground: Ground) -> None:
    """Nor that a union group was asked at all: a bar with the person's id and reason used to lie in the papers' room."""
    union = await ground.admin.fetchrow(
        "select a.id as account, s.id from graph.seat s join access.account a on a.person_id = s.person_id"
        " where s.forum_id = $1 and s.office = 'MEMBER' and s.ends_at > now() order by s.id limit 1", forum("RTD/unison"))  # fmt: skip
    papers = ground.facts["papers"]["id"]
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as management:
        before = await management.ids("graph.bar")
        made = now_micros()
        proof = enter_proof(ground.key, union["account"], union["id"], False, ground.app.get_server_pid(), made)
        await ground.app.execute(
            "select access.enter($1, $2, false, $3, $4)", union["account"], union["id"], made, proof
        )
        await ground.app.execute("select access.recuse($1, 'My branch asked me.')", papers)
        await ground.enter(ground.app, "network-member", NETWORK_MEMBER)
        await ground.app.execute("select access.recuse($1, 'I am in this network.')", papers)
        for subject, seat in (("management-chair", MANAGEMENT_CHAIR), ("staff-side-chair", STAFF_CHAIR)):
            await ground.enter(ground.app, subject, seat)
            is_(await management.ids("graph.bar"), before, f"{subject}: recusals of members")
        await ground.app.execute("select access.recuse($1, 'It concerns my own post.')", papers)
        await ground.enter(ground.app, "management-chair", MANAGEMENT_CHAIR)
        is_(
            await management.count("graph.bar", "reason = 'It concerns my own post.'"), 1, "an owner's own, the control"
        )


async def test_network_chair_cannot_tell_the_staff_side_leads_unnamed_comment_by_its_side(cast: Cast) -> None:
    """A network has one staff-side lead: the side of an unnamed comment would be a name."""
    case = await opened(cast)
    for body, named in (("Unnamed.", False), ("Named.", True)):
        for person in (
            cast.seat("race", Side.STAFF, Office.STAFF_SIDE_LEAD, "UNISON equality representative"),
            cast.member("race", 2),
        ):
            await done(person, "commentAdd", consultationId=case.id, body=body, showName=named)
    query = (
        "query($id: ID!) { node(id: $id) { ... on Consultation { comments(first: 9) { edges { node {"
        " body author office side } } } } } }"
    )
    for person in (cast.chair("race"), cast.member("race", 3)):
        found = nodes((await person.ask(query, id=case.id)).data["node"]["comments"])
        first, second, *named = found
        assert first == second == {"body": "Unnamed.", "author": "A member", "office": None, "side": "NONE"}
        assert [each["side"] for each in named] == ["STAFF", "NETWORK"]


async def test_chair_voted_out_does_not_come_back_by_an_invitation_they_kept(cast: Cast) -> None:
    race, vice = cast.forum("race"), cast.secretary("race")
    said = {"forumId": race, "office": "CHAIR", "side": "NETWORK"}
    expires = str(cast.world.today + timedelta(days=60))
    chair = cast.chair("race")
    kept, control = [
        (await done(who, "invitationIssue", "code", expiresOn=expires, **said))["code"] for who in (chair, vice)
    ]
    await done(vice, "seatEnd", seatId=chair.seat)
    voted_out = chair.acting_as(None)
    refused = await voted_out.act("invitationAccept", "seat { office }", code=kept, idempotencyKey=key())
    nothing = await voted_out.act("invitationAccept", "seat { office }", code="NOSUCHCODE", idempotencyKey=key())
    assert refused.only() == nothing.only()
    assert refused.problems() == ["NOT_FOUND"]
    taken = await cast.world.as_("newcomer").act(
        "invitationAccept", "seat { office }", code=control, idempotencyKey=key()
    )
    assert taken.only()["seat"] == {"office": "CHAIR"}


async def test_management_leaves_no_statement_behind_for_the_next_viewer_of_its_backend(ground: Ground) -> None:
    """A connection outlives its viewer, and so do its prepared statements: one put in another's place ran as whoever came next."""
    asked = "select local_name from graph.forum where id = $1"
    for subject, seat in (("staff-side-chair", STAFF_CHAIR), ("management-chair", MANAGEMENT_CHAIR)):
        async with ground.entered(subject, seat):
            await ground.app.fetch(asked, forum("RTD/jnc"))
            name = await ground.app.fetchval("select name from pg_prepared_statements where statement = $1", asked)
    await ground.app.execute(f'deallocate "{name}"')
    await ground.app.execute(
        f"prepare \"{name}\" (uuid) as select local_name from graph.forum where kind = 'TRADE_UNION_GROUP'"
    )
    try:
        async with ground.nobody():
            with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
                await ground.enter(ground.app, "staff-side-chair", STAFF_CHAIR)
    finally:
        await ground.app.execute(f'deallocate "{name}"')
        await ground.app.reload_schema_state()
    async with ground.entered("staff-side-chair", STAFF_CHAIR) as staff:
        assert await staff.count("graph.forum", "kind = 'TRADE_UNION_GROUP'") > 0, "the control"


async def test_network_member_cannot_count_the_owners_rounds_of_planning(world: World) -> None:
    consultation = world.id("Consultation", "consultation", "RTD/flexible-working/")
    asked = "query($id: ID!) { node(id: $id) { ... on Consultation { title revision } } }"
    owner = (await world.as_("management-chair").ask(asked, id=consultation)).data["node"]
    member = (await world.as_("network-member").ask(asked, id=consultation)).data["node"]
    assert owner["revision"] > 0
    assert member == {"title": owner["title"], "revision": None}
