"""Every route of the table is walked by its people: raised, drafted, consented to, received, answered; the rest refused."""

import pytest

from service.forums.routes import ROUTES, Route, routes_from
from service.rules.bodies import ForumKind, Office, Side
from service.rules.escalations import Carries
from tests.journeys.issue_stage import (
    LEADS,
    ROUTES_OF_ERRORS,
    STEP,
    SUMMARY,
    Matter,
    Place,
    arrived,
    carrying,
    consented,
    drafted,
    forum_id,
    issue_seen,
    lead,
    place_of,
    raised_in,
    raising,
    receiving,
    step_seen,
)
from tests.journeys.stage import Cast, done, key, mark, refused, written
from tests.plugins.service import World

RAISING = [route for route in ROUTES if route.kind == "RAISE"]
HOPS = [route for route in ROUTES if route.kind != "RAISE" and route.carries is not Carries.THEME]
ORIGINS = sorted({place_of(route.from_kind, route.from_channel) for route in HOPS})
NO_RAISING = sorted({ForumKind(place[0]) for place in LEADS} - {ForumKind(route.to_kind) for route in RAISING})


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


def named(route: Route) -> str:
    return route.code


def test_every_room_that_a_route_touches_has_somebody_to_act_in_it() -> None:
    touched = {place_of(route.to_kind, route.to_channel) for route in ROUTES} | set(ORIGINS)
    assert touched == set(LEADS)
    assert len(HOPS) + len(RAISING) + len([r for r in ROUTES if r.carries is Carries.THEME]) == len(ROUTES)


@pytest.mark.parametrize("route", RAISING, ids=named)
async def test_issue_is_raised_where_the_table_says_and_read_there_and_nowhere_else(cast: Cast, route: Route) -> None:
    place = place_of(route.to_kind, route.to_channel)
    matter = await raised_in(cast, place)
    for other, _ in LEADS.items():
        if other[0] != place[0]:
            assert await issue_seen(lead(cast, other), matter.id) is None, other
    if place[1] in ("STAFF_SIDE", "MANAGEMENT_SIDE"):
        beyond = "MANAGEMENT_SIDE" if place[1] == "STAFF_SIDE" else "STAFF_SIDE"
        assert await issue_seen(lead(cast, place_of(place[0], beyond)), matter.id) is None
    there = await issue_seen(lead(cast, place), matter.id)
    assert (there["state"], there["channel"]) == ("RAISED", place[1])
    own = await matter.seen()
    assert own["mine"] is (own["identity"] != "OFFICE")
    today = cast.world.today
    onward = {each.code for each in routes_from(*place, today) if each.carries is not Carries.THEME}
    assert {each["code"] for each in there["routes"]} == onward


@pytest.mark.parametrize("kind", NO_RAISING)
async def test_no_issue_is_raised_in_a_body_that_takes_none(cast: Cast, kind: ForumKind) -> None:
    chair = lead(cast, place_of(kind, "JOINT"))
    said = raising(forum_id(cast, kind))
    if LEADS[place_of(kind, "JOINT")][0] is Side.INDEPENDENT:  # who chairs a board raises nothing at all
        await refused(chair, "issueRaise", "NOT_PERMITTED", field=None, **said)
        return
    (error,) = await refused(chair, "issueRaise", "NO_ROUTE", field="forumId", **said)
    for those in ("a staff network", "staff side of the joint negotiating committee", "the speak-up guardian"):
        assert those in error["message"]


async def bystanders_see_nothing(cast: Cast, route: Route, step: str) -> None:
    """Nobody at the other end, in another body or on the other side knows of it before the raiser consents."""
    ours = place_of(route.from_kind, route.from_channel)
    for place in LEADS:
        if place[0] == ours[0] and (place == ours or ours[1] == "JOINT"):
            continue
        found = await step_seen(lead(cast, place), step)
        if found is not None:  # upstream: a status without a text, or the sender
            assert place != place_of(route.to_kind, route.to_channel)
            assert found["summary"] is None or found["issue"] is not None, place


@pytest.mark.parametrize("route", HOPS, ids=named)
async def test_step_goes_this_way_by_consent_and_is_answered(cast: Cast, route: Route) -> None:
    origin = place_of(route.from_kind, route.from_channel)
    sender, receiver = lead(cast, origin), receiving(cast, route)
    matter, previous = await arrived(cast, origin)
    before = await matter.seen()
    step = await drafted(matter, route, previous)
    assert (step["route"], step["carries"], step["summary"]["body"]) == (route.code, route.carries, SUMMARY)
    by_itself = before["identity"] == "OFFICE" and previous is None
    assert step["state"] == ("SENT" if by_itself else "AWAITING_CONSENT")
    if not by_itself:
        assert await step_seen(receiver, step["id"]) is None
        await bystanders_see_nothing(cast, route, step["id"])
        step = await consented(matter, step)
    there = await step_seen(receiver, step["id"])
    assert (there["state"], there["sentOn"], there["summary"]["body"]) == ("SENT", str(cast.world.today), SUMMARY)
    assert (there["consent"], there["issue"]) == (None, None), "nothing says where it came from"
    await done(receiver, "stepAcknowledge", "step { state }", stepId=step["id"], expectedRevision=there["revision"])
    await done(receiver, "stepAsk", stepId=step["id"], body="Which wards?")
    answering = sender if route.carries is Carries.OWN_ITEM else matter.raiser
    await done(answering, "stepAnswer", "step { id }", stepId=step["id"], body="Wards 4 and 5.")
    await done(receiver, "stepAccept", "step { state }", stepId=step["id"])
    await done(receiver, "stepNote", "step { id }", stepId=step["id"], body="Costly.")
    await done(receiver, "stepPlace", "step { id }", stepId=step["id"], title="Release", meetsOn=str(cast.world.today))
    await done(receiver, "stepResolve", stepId=step["id"], outcome="Agreed.", idempotencyKey=key())
    await answered(cast, matter, route, step["id"])


async def answered(cast: Cast, matter: Matter, route: Route, step: str) -> None:
    """The sender and the raiser read state, days and outcome, and nothing of the deliberation."""
    sender = lead(cast, place_of(route.from_kind, route.from_channel))
    receiver = receiving(cast, route)
    today = str(cast.world.today)
    for person in (sender, matter.raiser):
        found = await step_seen(person, step)
        assert (found["state"], found["outcome"]) == ("RESOLVED", "Agreed.")
        assert [found[day] for day in ("sentOn", "acknowledgedOn", "acceptedOn", "endedOn")] == [today] * 4
        assert [each["kind"] for each in found["messages"]] == ["QUESTION", "ANSWER"]
        if person.seat != receiver.seat and route.to_kind != route.from_kind:
            assert (found["notes"]["edges"], found["agendaItems"]) == ([], [])
    theirs = await step_seen(receiver, step)
    assert [edge["node"]["body"] for edge in theirs["notes"]["edges"]] == ["Costly."]
    assert [item["title"] for item in theirs["agendaItems"]] == ["Release"]
    assert (await matter.seen())["state"] in ("ANSWERED", "CARRIED")
    if route.carries is Carries.RECEIPT:
        assert theirs["summary"]["body"] == ""
        assert {each["body"] for each in theirs["messages"]} == {""}


@pytest.mark.parametrize("origin", ORIGINS, ids="-".join)
async def test_step_is_refused_where_no_route_leads_and_told_where_one_does(cast: Cast, origin: Place) -> None:
    matter, previous = await arrived(cast, origin)
    today, by = cast.world.today, lead(cast, origin)
    there_are = {r for r in routes_from(*origin, today) if r.carries is not Carries.THEME}
    leads_to = {place_of(r.to_kind, r.to_channel) for r in there_are if r.kind == "ESCALATE"}
    about = {"issueId": matter.id} if previous is None else {"stepId": previous}
    for place in sorted(set(LEADS) - leads_to):
        said = about | {
            "toForumId": forum_id(cast, place[0]), "channel": place[1], "summary": SUMMARY,
            "concernsIndividualCase": False, "idempotencyKey": key(),
        }  # fmt: skip
        await refused(by, "issueEscalate", "NO_ROUTE", field="toForumId", **said)
        document = f"mutation($input: IssueEscalateInput!) {{ issueEscalate(input: $input) {{ {ROUTES_OF_ERRORS} }} }}"
        (error,) = (await by.ask(document, input=said)).only()["userErrors"]
        assert {each["code"] for each in error["routes"]} == {r.code for r in there_are}
        for route in there_are:
            assert forum_id(cast, route.to_kind) in {each["forumId"] for each in error["routes"]}


async def test_private_channel_reaches_no_seat_of_management_in_any_capacity(cast: Cast) -> None:
    matter = await raised_in(cast, place_of(ForumKind.STAFF_NETWORK, "OFFICERS"))
    route = next(r for r in HOPS if r.code == "NETWORK_TO_JNC_STAFF_SIDE")
    step = await consented(matter, await drafted(matter, route))
    jnc = forum_id(cast, ForumKind.JOINT_NEGOTIATING_COMMITTEE)
    received = "query($id: ID!) { forum(id: $id) { stepsReceived(first: 100) { edges { cursor node { id } } } overdueSteps { route steps } } }"
    for person in (
        cast.management,
        cast.management_secretary,
        cast.secretariat,
        cast.hr,
        cast.management.acting_as("all"),
    ):
        assert await step_seen(person, step["id"]) is None
        found = (await person.ask(received, id=jnc)).only()
        assert found is None or step["id"] not in [edge["node"]["id"] for edge in found["stepsReceived"]["edges"]]
    assert (await step_seen(cast.staff, step["id"]))["summary"]["body"] == SUMMARY
    await refused(cast.management, "stepAcknowledge", "NOT_FOUND", field="stepId", stepId=step["id"])


async def test_a_theme_is_no_record_and_is_not_escalated(cast: Cast) -> None:
    origin = place_of(ForumKind.JOINT_NEGOTIATING_COMMITTEE, "JOINT")
    _, previous = await arrived(cast, origin)
    theme = next(r for r in ROUTES if r.code == "JNC_TO_SPF")
    said = carrying(theme, cast)
    await refused(lead(cast, origin), "issueEscalate", "NO_ROUTE", field="toForumId", stepId=previous, **said)


async def test_sideways_goes_to_its_matter_and_ends_the_step_at_hand(cast: Cast) -> None:
    origin = place_of(ForumKind.JOINT_NEGOTIATING_COMMITTEE, "JOINT")
    matter, previous = await arrived(cast, origin)
    route = next(r for r in HOPS if r.code == "JNC_REFERS_TO_SAFETY")
    step = await drafted(matter, route, previous)
    assert (await step_seen(cast.management, previous or ""))["state"] == "ACCEPTED", "nothing moved before the consent"
    await consented(matter, step)
    assert (await step_seen(cast.management, previous or ""))["state"] == "REFERRED"
    assert (await matter.seen())["state"] == "CARRIED"
    await refused(cast.management, "stepRefer", "WRONG_STATE", stepId=previous, **carrying(route, cast))
    escalated = next(r for r in HOPS if r.code == "JNC_TO_BOARD")
    await refused(cast.management, "issueEscalate", "WRONG_STATE", stepId=previous, **carrying(escalated, cast))


async def test_same_road_serves_members_without_a_seat_there(cast: Cast) -> None:
    """An employee in no body raises with the guardian alone, and nowhere that they hold no seat."""
    employee = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 5")
    before = await mark(cast.world)
    for kind in (ForumKind.STAFF_NETWORK, ForumKind.JOINT_NEGOTIATING_COMMITTEE):
        answer = await employee.act("issueRaise", f"issue {{ steps {{ {STEP} }} }}", **raising(forum_id(cast, kind)))
        assert answer.problems()[0] in ("NOT_PERMITTED", "NOT_FOUND")
    assert "graph.issue" not in await written(cast.world, before)
