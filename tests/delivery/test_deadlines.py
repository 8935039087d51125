"""Moments that come by themselves: told of once, to who may see what they are about, and not where they were mended."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.access.viewer import Doorway
from service.db import deadlines as db
from service.delivery.deadlines import AT_ONCE, LEASE_SECONDS, Deadlines
from tests.journeys.issue_stage import by_code, pass_days, raised, row, sent
from tests.journeys.stage import Cast, done, opened
from tests.plugins.service import Person, World

CHANGES = "query($since: String) { changes(since: $since, first: 100) { cursor more changes { kind nodeId } } }"


@pytest.fixture
async def cast(fresh_world: World) -> Cast:
    async with fresh_world.admin() as admin:  # what these tests move into the past lies after the beginning
        await admin.execute("update access.scheduler set since = now() - interval '50 days'")
    return Cast(fresh_world)


@pytest.fixture
async def doorway(cast: Cast) -> AsyncIterator[Doorway]:
    async with cast.world.doorway() as made:
        await Deadlines(made).look()  # what the demo region has behind it
        yield made


async def told(person: Person, since: str | None) -> tuple[str, list[tuple[str, str]]]:
    """What the feed tells from a position on, and the position after it."""
    found: list[tuple[str, str]] = []
    while True:
        page = (await person.ask(CHANGES, since=since)).data["changes"]
        since = page["cursor"]
        found += [(each["kind"], each["nodeId"]) for each in page["changes"]]
        if not page["more"]:
            assert since is not None
            return since, found


async def events(cast: Cast, given: str) -> list[tuple[str, Any]]:
    async with cast.world.admin() as admin:
        rows = await admin.fetch(
            "select type, happened_at from graph.event where target_id = $1 order by sequence", row(given)
        )
    return [(each["type"], each["happened_at"]) for each in rows]


async def test_a_consultation_that_closed_is_told_of_once_and_to_its_readers_alone(
    cast: Cast, doorway: Doorway
) -> None:
    case = await opened(cast, "race")
    await cast.world.pass_time(case.id, 45)
    readers = (cast.management, cast.staff, cast.chair("race"), cast.member("race"))
    strangers = (cast.chair("disability"), cast.member("disability"), cast.union_chair, cast.world.as_("outsider"))
    positions = {each.token: (await told(each, None))[0] for each in (*readers, *strangers)}
    assert await Deadlines(doorway).look() == 1
    assert await Deadlines(doorway).look() == 0
    for reader in readers:
        _, found = await told(reader, positions[reader.token])
        assert ("CHANGED", case.id) in found
    for stranger in strangers:
        assert (await told(stranger, positions[stranger.token]))[1] == []
    async with cast.world.admin() as admin:
        closes_at = await admin.fetchval("select closes_at from graph.consultation where id = $1", row(case.id))
    assert [each for each in await events(cast, case.id) if each[0] == "consultation.closed"] == [
        ("consultation.closed", closes_at)
    ]


async def test_two_replicas_tell_once_and_a_killed_one_leaves_nothing_untold(cast: Cast, doorway: Doorway) -> None:
    cases = [await opened(cast, "race") for _ in range(3)]
    for case in cases:
        await cast.world.pass_time(case.id, 45)
    one, other = Deadlines(doorway), Deadlines(doorway)
    assert sum(await asyncio.gather(one.look(), other.look())) == 3
    more = await opened(cast, "race")
    await cast.world.pass_time(more.id, 45)
    lease = uuid4()
    async with cast.world.admin() as admin:
        await admin.execute("update access.scheduler set leased_until = '-infinity'")
        (moment,) = await db.due(doorway, lease, LEASE_SECONDS, AT_ONCE)  # in hand, and then its replica dies
        assert await db.due(doorway, uuid4(), LEASE_SECONDS, AT_ONCE) == [], "nobody else takes it meanwhile"
        await admin.execute("update access.scheduler set leased_until = '-infinity'")
    assert await Deadlines(doorway).look() == 1
    assert not await db.passed(doorway, moment), "the first comes back to life"
    found = await asyncio.gather(*(db.passed(doorway, moment) for _ in range(3)))
    assert not any(found)
    closings = [kind for kind, _ in await events(cast, more.id) if kind == "consultation.closed"]
    assert closings == ["consultation.closed"]


async def test_at_the_same_moment_one_of_many_tells(cast: Cast, doorway: Doorway) -> None:
    case = await opened(cast, "race")
    await cast.world.pass_time(case.id, 45)
    (moment,) = await db.due(doorway, uuid4(), 0, AT_ONCE)
    assert sorted(await asyncio.gather(*(db.passed(doorway, moment) for _ in range(3)))) == [False, False, True]


async def test_what_an_act_moved_or_mended_is_not_told_of(cast: Cast, doorway: Doorway) -> None:
    case = await opened(cast, "race")
    await cast.world.pass_time(case.id, 45)
    (moment,) = await db.due(doorway, uuid4(), 0, AT_ONCE)
    async with cast.world.admin() as admin:
        await admin.execute(
            "update graph.consultation set closes_at = now() + interval '1 day' where id = $1", row(case.id)
        )
    assert not await db.passed(doorway, moment)
    early = db.Moment(moment.kind, moment.id, moment.moment + timedelta(days=90))
    assert not await db.passed(doorway, early)
    matter = await raised(cast, cast.member("race", 1), cast.forum("race"))
    late, mended = [await sent(matter, by_code("NETWORK_TO_JNC")) for _ in range(2)]
    for step in (late, mended):
        await pass_days(cast.world, step["id"], 20)
    await done(cast.management, "stepAcknowledge", stepId=mended["id"])
    staff, _ = await told(cast.staff, None)
    assert await Deadlines(doorway).look() == 1, "the one that nobody acknowledged"
    assert [kind for kind, _ in await events(cast, late["id"])].count("step.overdue") == 1
    assert "step.overdue" not in [kind for kind, _ in await events(cast, mended["id"])]
    _, found = await told(cast.staff, staff)
    assert ("CHANGED", late["id"]) in found


async def test_an_answer_that_is_late_is_told_of_beside_the_acknowledgement(cast: Cast, doorway: Doorway) -> None:
    matter = await raised(cast, cast.member("race", 1), cast.forum("race"))
    step = await sent(matter, by_code("NETWORK_TO_JNC_STAFF_SIDE"))
    await pass_days(cast.world, step["id"], 45)
    management, _ = await told(cast.management, None)
    assert await Deadlines(doorway).look() == 2
    assert (await told(cast.management, management))[1] == [], "management side hears nothing of staff side's clock"


async def test_seats_that_begin_and_end_on_a_day_set_beforehand(cast: Cast, doorway: Doorway) -> None:
    person = await cast.world.as_(cast.subject(cast.trust.management_secretary)).ask("{ viewer { person { id } } }")
    said = {"forumId": cast.forum("jnc"), "personId": person.data["viewer"]["person"]["id"], "side": "MANAGEMENT"}
    today = cast.world.today
    days = {"startsOn": str(today + timedelta(days=2)), "endsOn": str(today + timedelta(days=5))}
    seat = (await done(cast.management, "seatGrant", "seat { id }", **said, **days, office="DEPUTY"))["seat"]["id"]
    assert await Deadlines(doorway).look() == 0
    back = "update graph.seat set {0} = ({0} at time zone 'Europe/London' - $2::interval) at time zone 'Europe/London' where id = $1"
    for column, days_on, what in (("starts_at", 3, "seat.started"), ("ends_at", 6, "seat.ended")):
        position, _ = await told(cast.staff, None)
        outside, _ = await told(cast.world.as_("outsider"), None)
        async with cast.world.admin() as admin:
            await admin.execute(
                "update graph.seat set created_at = created_at - interval '9 days' where id = $1", row(seat)
            )
            await admin.execute(back.format(column), row(seat), timedelta(days=days_on))
        position, _ = await told(cast.staff, position)  # the superuser's own hand
        assert await Deadlines(doorway).look() == 1
        assert ("CHANGED", seat) in (await told(cast.staff, position))[1]
        assert (await told(cast.world.as_("outsider"), outside))[1] == []
        assert (await events(cast, seat))[-1][0] == what
    ended = (await done(cast.management, "seatGrant", "seat { id }", **said, office="DEPUTY"))["seat"]["id"]
    await done(cast.management, "seatEnd", seatId=ended)
    assert await Deadlines(doorway).look() == 0, "what an act ends, it tells of itself"


async def test_what_was_before_the_beginning_is_not_told_of(cast: Cast, doorway: Doorway) -> None:
    case = await opened(cast, "race")
    await cast.world.pass_time(case.id, 45)
    async with cast.world.admin() as admin:
        await admin.execute("update access.scheduler set since = now()")
    assert await Deadlines(doorway).look() == 0


async def test_old_keys_go_and_young_ones_stay(cast: Cast, doorway: Doorway) -> None:
    await opened(cast, "race")
    async with cast.world.admin() as admin:
        count = "select count(*) from graph.idempotency where created_at < now() - interval '7 days'"
        await admin.execute(
            "update graph.idempotency set created_at = now() - interval '8 days' where key in (select key from graph.idempotency limit 2)"
        )
        young = await admin.fetchval(
            "select count(*) from graph.idempotency where created_at > now() - interval '7 days'"
        )
        assert await admin.fetchval(count) >= 2
        await db.pruned(doorway)
        assert await admin.fetchval(count) == 0
        assert await admin.fetchval("select count(*) from graph.idempotency") == young
