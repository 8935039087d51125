"""Recusal: who declares an interest closes a consultation to themselves, whatever seats they hold; nobody else's eyes."""

import pytest

from service.rules.bodies import Office, Side
from tests.journeys.stage import Cast, closed, done, key, nodes, opened, random_like, refused, seen
from tests.plugins.service import Person, World


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def visible(person: Person, *ids: str) -> list[bool]:
    """Which of these somebody can see."""
    return [each is not None for each in (await person.ask(NODES, ids=list(ids))).data["nodes"]]


async def recusals(person: Person, consultation: str) -> list[dict[str, str]]:
    """The recusals that somebody can read."""
    query = "query($id: ID!) { node(id: $id) { ... on Consultation { recusals { reason } } } }"
    found: list[dict[str, str]] = (await person.ask(query, id=consultation)).data["node"]["recusals"]
    return found


async def test_dual_role_recused_as_network_chair_sees_nothing_of_it_as_union_representative_either(cast: Cast) -> None:
    case = await opened(cast, "disability", "race")
    chair = cast.chair("disability")
    as_rep = cast.seat("jnc", Side.STAFF, Office.WORKPLACE_REPRESENTATIVE, "disability chair")
    assert chair.subject == as_rep.subject == "dual-role"
    race = await case.respond(cast.chair("race"), case.consultee("race"), "Say why.")
    plan = nodes((await case.seen())["plans"])[0]["id"]
    version = (await case.version())["id"]
    mine, theirs = case.consultee("disability"), case.consultee("race")
    await done(chair, "responseDraft", consulteeId=mine, stance="NO_VIEW")
    everything = (case.id, plan, version, theirs, race["id"], race["points"][0]["id"])
    assert await visible(as_rep, *everything) == [True] * 6
    assert await visible(chair, case.id, version, mine) == [True] * 3

    await refused(chair, "recusalDeclare", "REQUIRED", field="reason", consultationId=case.id, reason=" ")
    await refused(chair, "recusalDeclare", "TOO_LONG", field="reason", consultationId=case.id, reason="x" * 501)
    for stranger in (cast.chair("lgbt"), cast.union_chair, cast.hr, cast.world.as_("outsider")):
        for given in (case.id, random_like(case.id)):
            await refused(
                stranger, "recusalDeclare", "NOT_FOUND", field="consultationId", consultationId=given, reason="Kin."
            )
    payload = await done(chair, "recusalDeclare", "consultation { id }", consultationId=case.id, reason="My own case.")
    assert payload == {"consultation": None, "userErrors": []}

    seats = [each["id"] for each in await chair.acting_as("all").seats()]
    assert len(seats) >= 3
    for seat in (*seats, "all"):
        assert await visible(chair.acting_as(seat), *everything, mine) == [False] * 7
        assert await seen(chair.acting_as(seat), case.id) is None
    said = {"consulteeId": mine, "draftRevision": 1, "idempotencyKey": key()}
    await refused(chair, "responseSubmit", "NOT_FOUND", field="consulteeId", **said)
    await refused(as_rep, "commentAdd", "NOT_FOUND", field="consultationId", consultationId=case.id, body="Still here?")

    # a body asked later: its engagement is closed to them too, and to nobody else
    await done(cast.staff, "consulteeAdd", consultationId=case.id, forumId=cast.forum("unison"))
    union = (await case.engagement("unison", cast.staff))["id"]
    reply = await case.respond(cast.union_chair, union, "Pay for it.")
    other_rep = cast.seat("jnc", Side.STAFF, Office.EQUALITY_REPRESENTATIVE, "UNISON equality representative")
    assert await visible(other_rep, union, reply["id"]) == [True, True]
    for seat in (*seats, "all"):
        assert await visible(chair.acting_as(seat), union, reply["id"]) == [False, False]

    # the others are unaffected, and the network's vice-chair takes over within the body
    assert await visible(cast.staff, *everything) == [True] * 6
    await done(cast.secretary("disability"), "responseSubmit", **said)
    assert await visible(cast.management, mine) == [True]


async def test_nobody_else_learns_of_a_recusal_and_other_consultations_stay_open(cast: Cast) -> None:
    case, other = await opened(cast), await opened(cast)
    race = cast.chair("race")
    before = [await case.seen(person) for person in (cast.management, cast.member("race"), cast.chair("women"))]
    await done(race, "recusalDeclare", consultationId=case.id, reason="A relative is concerned.")
    assert [await case.seen(person) for person in (cast.management, cast.member("race"), cast.chair("women"))] == before
    for person in (cast.management, cast.staff, cast.member("race")):
        assert await recusals(person, case.id) == []
    assert await other.seen(race) is not None
    again = await race.act("recusalDeclare", consultationId=case.id, reason="Again.")
    assert again.problems() == ["NOT_FOUND"]


async def test_management_chair_recused_signs_nothing_and_the_vice_chair_signs_for_the_side(cast: Cast) -> None:
    case = await closed(cast)
    await case.assess()
    final = await case.final()
    await done(cast.management, "recusalDeclare", consultationId=case.id, reason="It concerns my own post.")
    for person, listed in ((cast.staff, 1), (cast.management_secretary, 1), (cast.chair("race"), 0)):
        found = await recusals(person, case.id)
        assert [each["reason"] for each in found] == ["It concerns my own post."] * listed
    said = final | {"idempotencyKey": key()}
    await refused(cast.management, "consultationSign", "NOT_FOUND", field="consultationId", **said)
    vice = cast.seat("jnc", Side.MANAGEMENT, Office.VICE_CHAIR, "people director")
    await done(cast.staff, "consultationSign", **said)
    payload = await done(vice, "consultationSign", "consultation { state }", **said)
    assert payload["consultation"]["state"] == "CONCLUDED"
