"""Who is part of a matter sees nothing of it, in any seat; who declares an interest steps back; no side takes up for the other."""

from typing import Any

import pytest

from service.rules.bodies import Office, Side
from tests.journeys.issue_stage import (
    Matter,
    accepted,
    by_code,
    carrying,
    drafted,
    notices,
    raised,
    sent,
    step_seen,
)
from tests.journeys.stage import Cast, done, key, random_like, refused
from tests.plugins.service import Person, World

TO_JNC, TO_STAFF = by_code("NETWORK_TO_JNC"), by_code("NETWORK_TO_JNC_STAFF_SIDE")
STAFF_SUCCESSION = ("CHAIR", "SECRETARY", "VICE_CHAIR", "FULL_TIME_OFFICIAL")


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
def race(cast: Cast) -> str:
    return cast.forum("race")


def office(forum: str, side: str, which: str) -> dict[str, str]:
    """An office that is part of the matter."""
    return {"forumId": forum, "side": side, "office": which}


async def capacities(person: Person) -> list[Person]:
    """Somebody in each of their seats, in all of them at once and in none."""
    seats = await person.acting_as(None).seats()
    return [*(person.acting_as(seat["id"]) for seat in seats), person.acting_as("all"), person.acting_as(None)]


async def sees_nothing(person: Person, matter: Matter, *steps: str) -> None:
    """In no capacity is anything of it there."""
    for capacity in await capacities(person):
        assert await matter.seen(capacity) is None, capacity.seat
        for step in steps:
            assert await step_seen(capacity, step) is None, capacity.seat


async def test_implicated_by_office_sees_no_issue_no_status_and_no_later_step_in_any_seat(
    cast: Cast, race: str
) -> None:
    implicated = [
        office(cast.forum("jnc"), "MANAGEMENT", "VICE_CHAIR")
    ]  # the people director, who chairs the committee above
    director = cast.seat("people", Side.MANAGEMENT, Office.CHAIR, "people director")
    matter = await raised(cast, cast.member("race", 1), race, implicatedOffices=implicated)
    first = await accepted(matter, TO_JNC)
    second = await sent(matter, by_code("JNC_TO_EXECUTIVE"), first["id"])
    third = await drafted(matter, by_code("JNC_TO_BOARD"), first["id"])
    await sees_nothing(director, matter, first["id"], second["id"], third["id"])
    assert len(await capacities(director)) >= 6
    for act, said in (("stepAcknowledge", {}), ("stepAccept", {}), ("interestDeclare", {})):
        await refused(director, act, "NOT_FOUND", field="stepId", stepId=second["id"], **said)
    vice = cast.seat("people", Side.MANAGEMENT, Office.VICE_CHAIR, "nursing director")
    await done(vice, "stepAccept", "step { state }", stepId=second["id"])
    listed = "query($id: ID!) { forum(id: $id) { stepsReceived(first: 100) { edges { node { id } } } overdueSteps { steps } } }"
    for capacity in await capacities(director):
        found = (await capacity.ask(listed, id=cast.forum("people"))).only()
        assert found is None or found["stepsReceived"]["edges"] == []


async def test_implicated_by_person_is_barred_in_the_network_too(cast: Cast, race: str) -> None:
    secretary = cast.secretary("race")
    person = (await secretary.ask("{ viewer { person { id } } }")).only()["person"]["id"]
    matter = await raised(cast, cast.member("race", 1), race, implicatedPersonIds=[person])
    step = await sent(matter, TO_JNC)
    await sees_nothing(secretary, matter, step["id"])
    await refused(secretary, "messageSend", "NOT_FOUND", field="issueId", issueId=matter.id, body="Who says so?")
    assert (await matter.seen(cast.chair("race")))["state"] == "CARRIED"


TRACES = """query($jnc: ID!, $race: ID!) {
  race: forum(id: $race) { ... on StaffNetwork { issueNotices(first: 100) { edges { node { id state } } } audit(last: 100) { edges { node { act } } } } }
  jnc: forum(id: $jnc) { ... on JointNegotiatingCommittee { audit(last: 100) { edges { node { act } } } } }
}"""


async def test_whoever_is_implicated_finds_no_notice_of_it_and_no_trace_of_what_was_noted(
    cast: Cast, race: str
) -> None:
    async def traces(person: Person) -> list[Any]:
        said = {"jnc": cast.forum("jnc"), "race": race}
        return [(await capacity.ask(TRACES, **said)).data for capacity in await capacities(person)]

    secretary, management = cast.secretary("race"), cast.management
    person = (await secretary.ask("{ viewer { person { id } } }")).only()["person"]["id"]
    before = [await traces(each) for each in (secretary, management)]
    of_members = await notices(cast.member("race", 2), race)
    matter = await raised(
        cast,
        cast.member("race", 1),
        race,
        implicatedPersonIds=[person],
        implicatedOffices=[office(cast.forum("jnc"), "MANAGEMENT", "CHAIR")],
    )
    step = await sent(matter, TO_JNC)
    await done(cast.staff, "stepAccept", stepId=step["id"])
    await done(cast.staff, "stepAsk", stepId=step["id"], body="Which wards?")
    await done(cast.staff, "stepNote", stepId=step["id"], body="Costly.")
    await done(cast.staff, "stepPlace", stepId=step["id"], title="Release")
    await done(cast.staff, "stepResolve", stepId=step["id"], outcome="Agreed.", idempotencyKey=key())
    assert [await traces(each) for each in (secretary, management)] == before
    assert len(await notices(cast.member("race", 2), race)) == len(of_members) + 1, "the control"


async def test_seat_emptied_passes_within_its_side(cast: Cast, race: str) -> None:
    jnc = cast.forum("jnc")
    matter = await raised(
        cast,
        cast.member("race", 1),
        race,
        implicatedOffices=[office(jnc, "STAFF", each) for each in STAFF_SUCCESSION[:3]],
    )
    step = await sent(matter, TO_STAFF)
    assert step["state"] == "SENT"
    for barred in (cast.staff, cast.staff_secretary):
        await refused(barred, "stepAccept", "NOT_FOUND", field="stepId", stepId=step["id"])
    for beyond in (cast.management, cast.management_secretary, cast.secretariat):
        assert await step_seen(beyond, step["id"]) is None
    official = cast.seat("jnc", Side.STAFF, Office.FULL_TIME_OFFICIAL, "UNISON official")
    await done(official, "stepAccept", "step { state }", stepId=step["id"])


@pytest.mark.parametrize("route", [TO_STAFF, TO_JNC], ids=lambda route: route.code)
async def test_where_a_side_has_nobody_left_it_goes_back_and_never_across(cast: Cast, race: str, route) -> None:  # type: ignore[no-untyped-def]
    jnc = cast.forum("jnc")
    matter = await raised(
        cast, cast.member("race", 1), race, implicatedOffices=[office(jnc, "STAFF", each) for each in STAFF_SUCCESSION]
    )
    step = await sent(matter, route)
    assert (step["state"], step["reason"]) == ("RETURNED", "Nobody there can take this up.")
    for person in (cast.management, cast.management_secretary, cast.staff, cast.secretariat):
        assert await step_seen(person, step["id"]) is None
    assert (await matter.seen())["state"] == "RETURNED"


async def test_interest_declared_closes_the_step_and_all_it_becomes_to_that_person_alone(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await accepted(matter, TO_JNC)
    declared = await done(cast.management_secretary, "interestDeclare", "step { id }", stepId=step["id"])
    assert declared["step"] is None, "it is closed from that moment on"
    await sees_nothing(cast.management_secretary, matter, step["id"])
    await refused(cast.management_secretary, "interestDeclare", "NOT_FOUND", field="stepId", stepId=step["id"])
    await done(
        cast.management, "stepResolve", "step { state }", stepId=step["id"], outcome="Agreed.", idempotencyKey=key()
    )


async def test_last_of_a_side_to_step_back_sends_it_back(cast: Cast, race: str) -> None:
    jnc = cast.forum("jnc")
    leads = [office(jnc, "MANAGEMENT", each) for each in ("SECRETARY", "VICE_CHAIR")]
    matter = await raised(cast, cast.member("race", 1), race, implicatedOffices=leads)
    step = await sent(matter, TO_JNC)
    await done(cast.management, "interestDeclare", stepId=step["id"])
    found = await matter.seen()
    assert (found["state"], found["steps"][0]["state"], found["steps"][0]["reason"]) == (
        "RETURNED",
        "RETURNED",
        "Nobody there can take this up.",
    )


async def test_officer_steps_back_from_an_issue_and_from_its_steps(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await sent(matter, TO_JNC)
    answer = await done(cast.secretary("race"), "interestDeclare", "step { id }", issueId=matter.id)
    assert answer["step"] is None
    await sees_nothing(cast.secretary("race"), matter, step["id"])
    later = await drafted(matter, TO_STAFF)
    await sees_nothing(cast.secretary("race"), matter, later["id"])
    assert (await matter.seen(cast.chair("race")))["state"] == "CARRIED"


async def test_one_says_what_one_steps_back_from_and_has_a_part_in_it(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await sent(matter, TO_JNC)
    chair = cast.chair("race")
    await refused(chair, "interestDeclare", "INVALID", field="stepId")
    await refused(chair, "interestDeclare", "INVALID", field="stepId", stepId=step["id"], issueId=matter.id)
    for wrong in (random_like(matter.id), step["id"], "nonsense"):
        await refused(chair, "interestDeclare", "NOT_FOUND", field="issueId", issueId=wrong)
    await refused(chair, "interestDeclare", "NOT_PERMITTED", stepId=step["id"])
    await refused(cast.staff, "interestDeclare", "NOT_FOUND", field="issueId", issueId=matter.id)
    await refused(
        chair, "issueEscalate", "NOT_FOUND", field="stepId", stepId=random_like(step["id"]), **carrying(TO_JNC, cast)
    )
