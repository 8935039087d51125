"""Clocks of steps: late for sender and receiver alike, from the end of England's day, counted by route and side."""

from typing import Any

import pytest

from service.rules.calendar import add_working_days
from tests.journeys.issue_stage import Matter, by_code, pass_days, raised, raised_in, sent, step_seen
from tests.journeys.stage import Cast, done
from tests.plugins.service import Person, World

TO_JNC, TO_STAFF = by_code("NETWORK_TO_JNC"), by_code("NETWORK_TO_JNC_STAFF_SIDE")
OVERDUE = "query($id: ID!) { forum(id: $id) { overdueSteps { route channel side steps } } }"


@pytest.fixture
async def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


async def overdue(person: Person, forum: str) -> dict[tuple[str, str], int]:
    """How many late steps somebody sees, by route and side."""
    found: Any = (await person.ask(OVERDUE, id=forum)).only()
    return {(each["route"], each["side"]): each["steps"] for each in found["overdueSteps"]}


async def matter_of(cast: Cast) -> Matter:
    """A member's issue."""
    return await raised(cast, cast.member("race", 1), cast.forum("race"))


async def test_clocks_run_in_working_days_from_the_day_it_was_sent(cast: Cast) -> None:
    step, today = await sent(await matter_of(cast), TO_JNC), cast.world.today
    assert step["acknowledgeBy"] == str(add_working_days(today, TO_JNC.acknowledge_days))
    assert step["answerBy"] == str(add_working_days(today, TO_JNC.answer_days))
    assert step["late"] is None


async def test_late_is_seen_by_both_ends_from_the_day_after_and_counted_by_route_and_side(cast: Cast) -> None:
    matter, jnc = await matter_of(cast), cast.forum("jnc")
    known = {person.subject: await overdue(person, jnc) for person in (cast.management, cast.staff)}
    step, private = await sent(matter, TO_JNC), await sent(matter, TO_STAFF)
    today = cast.world.today
    left = (add_working_days(today, TO_JNC.acknowledge_days) - today).days
    await pass_days(cast.world, step["id"], left)
    assert (await step_seen(cast.management, step["id"]))["late"] is None, "its last day is in time"
    await pass_days(cast.world, step["id"], 1)
    for person in (matter.raiser, cast.chair("race"), cast.management, cast.staff):
        assert (await step_seen(person, step["id"]))["late"] == "ACKNOWLEDGE"
    await pass_days(cast.world, private["id"], 60)
    assert (await step_seen(cast.staff, private["id"]))["late"] == "ANSWER"
    theirs = await overdue(cast.management, jnc)
    ours = await overdue(cast.staff, jnc)
    assert rise(theirs, known[cast.management.subject]) == {("NETWORK_TO_JNC", "NONE"): 1}
    assert rise(ours, known[cast.staff.subject]) == {
        ("NETWORK_TO_JNC", "NONE"): 1,
        ("NETWORK_TO_JNC_STAFF_SIDE", "STAFF"): 1,
    }
    assert rise(await overdue(cast.chair("race"), jnc), {})[("NETWORK_TO_JNC", "NONE")] >= 1
    assert await overdue(cast.member("race", 2), jnc) == {}


def rise(now: dict[tuple[str, str], int], before: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """What came to a count."""
    return {name: steps - before.get(name, 0) for name, steps in now.items() if steps != before.get(name, 0)}


async def test_a_clock_stops_when_what_it_waits_for_has_happened(cast: Cast) -> None:
    step = await sent(await matter_of(cast), TO_JNC)
    await pass_days(cast.world, step["id"], 20)
    assert (await step_seen(cast.staff, step["id"]))["late"] == "ACKNOWLEDGE"
    await done(cast.staff, "stepAcknowledge", stepId=step["id"])
    assert (await step_seen(cast.staff, step["id"]))["late"] is None
    await pass_days(cast.world, step["id"], 60)
    assert (await step_seen(cast.chair("race"), step["id"]))["late"] == "ANSWER"
    await done(cast.staff, "stepReturn", stepId=step["id"], reason="Too late.")
    assert (await step_seen(cast.chair("race"), step["id"]))["late"] is None


async def test_a_draft_that_waits_for_consent_is_late_with_nothing(cast: Cast) -> None:
    matter = await raised_in(cast, (by_code("RAISE_IN_NETWORK").to_kind, "OFFICERS"))
    assert (await matter.seen())["steps"] == []
    assert await overdue(matter.raiser, cast.forum("jnc")) == {}
