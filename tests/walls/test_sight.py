"""What a seat sees of two worlds that differ in an act it must not learn of: every row, setting and route, any SQL (THREATS F7-F9, A16).

An act is done in one of two equal transactions and not in the other, or by one person in the one and by another in the other.
Everything that the watching seat can read of every table must be equal, with its times, sequences, revisions and audit numbers.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

import pytest

from service.demo.rows import room_id
from service.demo.shapes import demo_id, seat_key
from service.rules.bodies import Office, Purpose, Side
from tests.walls.carried import (
    GUARDIAN,
    JNC,
    MANAGEMENT_SECRETARY,
    NETWORK_OFFICER,
    OTHER_MEMBER,
    RAISER,
    RECIPIENT,
    SPEAK_UP,
    STAFF_SECRETARY,
    WITHDRAW,
    Carried,
    carried,
    id_of,
)
from tests.walls.ground import MANAGEMENT_CHAIR, OUTSIDER, SERVICE, STAFF_CHAIR, Ground, account
from tests.walls.issue_attacks import _offer

Act = Callable[[Carried], Awaitable[None]]
STAFF_SIDE = room_id("RTD/jnc", Purpose.STAFF_SIDE)
JOINT = room_id("RTD/jnc", Purpose.JOINT)
MANAGERS: Final = (MANAGEMENT_CHAIR, MANAGEMENT_SECRETARY)


async def _nothing(under_way: Carried) -> None:
    """The other world."""


async def _seen(ground: Ground, act: Act, watcher: str | None, *, merge: bool = False) -> dict[str, list[str]]:
    async with carried(ground) as under_way:
        await act(under_way)
        if watcher is None:
            await under_way.enter(account("regional-chair"), None)
            return await under_way.seen()
        return await under_way.seen(watcher, merge=merge)


async def _alike(ground: Ground, less: Act, more: Act, watcher: str | None, *, merge: bool = False) -> None:
    found = [await _seen(ground, act, watcher, merge=merge) for act in (less, more)]
    differing = {name: (found[0][name], found[1][name]) for name in found[0] if found[0][name] != found[1][name]}
    # the moment of the transaction is the clock's, and no act's
    assert differing == {}, (watcher, differing)


# From a network to the staff side alone ----------------------------------------------------------------------------------


async def _raised(under_way: Carried) -> None:
    await under_way.raised("issue", RAISER, "CONFIDENTIAL", recipient=RECIPIENT)


async def _drafted(under_way: Carried) -> None:
    await _raised(under_way)
    await under_way.drafted("first", NETWORK_OFFICER, "NETWORK_TO_JNC_STAFF_SIDE", JNC, issue="issue")


async def _sent(under_way: Carried) -> None:
    await _drafted(under_way)
    assert await under_way.consented("first", RAISER) is None


async def _asked_and_answered(under_way: Carried) -> None:
    await _sent(under_way)
    on = {"step_id": f"'{id_of('first')}'", "step_room": f"'{id_of('first room')}'"}
    await under_way.said(STAFF_CHAIR, "first content", "graph.step_message", position="1", kind="'QUESTION'", **on)
    as_raiser = {"office": "'RAISER'", "side": "'NONE'"}
    await under_way.said(
        RAISER, "first content", "graph.step_message", position="2", kind="'ANSWER'", **on, **as_raiser
    )
    await under_way.moved("first", STAFF_CHAIR, "ACCEPTED")
    entered = await under_way.as_(STAFF_CHAIR)
    for table in ("step_note", "agenda_item"):
        await entered.connection.execute(
            under_way.ground.table(f"graph.{table}").insert(room_id=f"'{STAFF_SIDE}'", **on)
        )


async def _withdrawn(under_way: Carried) -> None:
    await _asked_and_answered(under_way)
    await under_way.as_(RAISER)
    await under_way.do(WITHDRAW, id_of("first"), uuid4())


async def _resolved(under_way: Carried) -> None:
    await _asked_and_answered(under_way)
    await under_way.moved("first", STAFF_CHAIR, "RESOLVED")
    await under_way.do("step_ended($1)", id_of("first"))


async def _returned(under_way: Carried) -> None:
    await _sent(under_way)
    await under_way.moved("first", STAFF_CHAIR, "RETURNED")
    await under_way.do("step_ended($1)", id_of("first"))


async def _stepped_back(under_way: Carried) -> None:
    await _sent(under_way)
    await under_way.as_(STAFF_SECRETARY)
    await under_way.do("interest_declare(null, $1)", id_of("first"))


async def _with_the_guardian(under_way: Carried) -> None:
    await under_way.raised("spoken", RAISER, "NAMED", SPEAK_UP)
    await under_way.as_(GUARDIAN)
    await under_way.do("handover_take($1, 'r')", id_of("spoken"))


PRIVATE: Final = (
    _raised,
    _drafted,
    _sent,
    _asked_and_answered,
    _withdrawn,
    _resolved,
    _returned,
    _stepped_back,
    _with_the_guardian,
)


@pytest.mark.parametrize("act", PRIVATE, ids=lambda act: act.__name__.strip("_"))
async def test_management_cannot_tell_that_a_network_went_to_the_staff_side_alone(ground: Ground, act: Act) -> None:
    for watcher in (*MANAGERS, SERVICE, OUTSIDER):
        await _alike(ground, _nothing, act, watcher)
    await _alike(ground, _nothing, act, MANAGEMENT_CHAIR, merge=True)
    await _alike(ground, _nothing, act, None)


@pytest.mark.parametrize("act", PRIVATE, ids=lambda act: act.__name__.strip("_"))
async def test_members_of_the_network_cannot_tell_it_either(ground: Ground, act: Act) -> None:
    await _alike(ground, _nothing, act, OTHER_MEMBER)


async def test_whatever_stays_with_the_staff_side_leaves_nothing_elsewhere(ground: Ground) -> None:
    """All of it at once, for who sees most of the rest: one of the attacks that mutants meet."""
    for watcher in (MANAGEMENT_CHAIR, OTHER_MEMBER):
        await _alike(ground, _nothing, _resolved, watcher)


async def test_the_staff_side_sees_what_came_to_it(ground: Ground) -> None:
    """The control: what differs for those who may see it differs."""
    with pytest.raises(AssertionError):
        await _alike(ground, _nothing, _sent, STAFF_CHAIR)
    with pytest.raises(AssertionError):
        await _alike(ground, _sent, _resolved, NETWORK_OFFICER)


# Who stands behind ---------------------------------------------------------------------------------------------------------


def _by(key: str) -> Act:
    async def raised(under_way: Carried) -> None:
        await under_way.raised("issue", key, "CONFIDENTIAL", recipient=RECIPIENT)
        await under_way.sent("first", RECIPIENT, key, "NETWORK_TO_JNC", JNC, issue="issue")
        await under_way.raised("second", key, "CONFIDENTIAL", recipient=RECIPIENT)
        await under_way.as_(key)
        on = {"issue_id": f"'{id_of('second')}'", "from_raiser": "true", "position": "1", "id": f"'{uuid4()}'"}
        await under_way.said(key, "second identity", "graph.issue_message", **on)

    return raised


async def test_nobody_but_the_recipient_can_tell_who_raised_it(ground: Ground) -> None:
    """A member, another member and an officer of another side raise the same: for officers, members and receivers it is one world."""
    lead = seat_key("RTD", "race", Side.STAFF, Office.STAFF_SIDE_LEAD, "UNISON equality representative")
    watchers = (NETWORK_OFFICER, STAFF_CHAIR, MANAGEMENT_CHAIR, GUARDIAN, OUTSIDER)
    for watcher in watchers:
        for other in (OTHER_MEMBER, lead):
            await _alike(ground, _by(RAISER), _by(other), watcher)
    with pytest.raises(AssertionError):
        await _alike(ground, _by(RAISER), _by(OTHER_MEMBER), RECIPIENT)


async def _staff_sides_own(under_way: Carried) -> None:
    """An item of the staff side's own, with nobody behind it."""
    await under_way.raised("own", STAFF_CHAIR, "OFFICE", JNC, "STAFF_SIDE")
    await under_way.sent("item", STAFF_CHAIR, STAFF_CHAIR, "JNC_STAFF_SIDE_TO_JNC", JNC, issue="own")


AGED = """
do $$ declare c record; begin
  for c in select table_name as t, column_name as n, data_type as k from information_schema.columns
            where table_schema = 'graph' and data_type in ('date', 'timestamp with time zone')
              and table_name in (select table_name from information_schema.tables where table_schema = 'graph' and table_type = 'BASE TABLE') loop
    execute format('update graph.%I set %I = (%I - interval ''3 days'')::%s where xmin = pg_current_xact_id()::xid and isfinite(%I)', c.t, c.n, c.n, c.k, c.n);
  end loop;
end $$"""


@asynccontextmanager
async def _by_the_superuser(ground: Ground) -> AsyncIterator[Carried]:
    """A transaction on the superuser's connection, whose seats are entered as the service's role: so that days can pass in it."""
    app = ground.app
    ground.app = ground.admin
    await ground.admin.execute("begin; set local role partnership_app")
    try:
        yield Carried(ground)
    finally:
        await ground.admin.execute("rollback")
        ground.app = app


async def _days_pass(ground: Ground) -> None:
    """Everything that this transaction wrote so far was three days ago."""
    await ground.admin.execute("set local role none")
    await ground.admin.execute(AGED)
    await ground.admin.execute("set local role partnership_app")


async def test_the_joint_room_cannot_tell_whether_a_networks_issue_stands_behind_an_item_of_the_staff_sides_own(
    ground: Ground,
) -> None:
    """Nor that its consent took three days: not by any column, audit entry, event, time or sequence."""
    people: dict[str, object] = {}
    async with carried(ground) as known:  # who is who, looked up before the superuser's connection is in a transaction
        for key in (RAISER, RECIPIENT, NETWORK_OFFICER, STAFF_CHAIR, *MANAGERS):
            await known.as_(key)
        people = dict(known.people)
    worlds = []
    for behind in (False, True):
        async with _by_the_superuser(ground) as under_way:
            under_way.people.update(people)  # type: ignore[arg-type]
            if behind:
                await under_way.raised("issue", RAISER, "CONFIDENTIAL", recipient=RECIPIENT)
                await under_way.sent("first", NETWORK_OFFICER, RAISER, "NETWORK_TO_JNC_STAFF_SIDE", JNC, issue="issue")
                await under_way.moved("first", STAFF_CHAIR, "ACCEPTED")
                await under_way.drafted("item", STAFF_CHAIR, "JNC_STAFF_SIDE_TO_JNC", JNC, previous="first")
                await _days_pass(ground)
                assert await under_way.consented("item", RAISER) is None
            else:
                await _staff_sides_own(under_way)
            await under_way.moved("item", STAFF_CHAIR, "ACCEPTED")
            worlds.append({key: await under_way.seen(key) for key in MANAGERS})
            if behind:
                await under_way.as_(RAISER)
            else:
                await under_way.as_(STAFF_CHAIR)
            await under_way.do(WITHDRAW, id_of("item"), id_of("withdrawal"))
            worlds[-1]["withdrawn"] = await under_way.seen(MANAGEMENT_CHAIR)
    for key, less in worlds[0].items():
        differing = {name: (less[name], worlds[1][key][name]) for name in less if less[name] != worlds[1][key][name]}
        assert differing == {}, (key, differing)
    assert any(str(id_of("item")) in row for row in worlds[0][MANAGEMENT_CHAIR]["graph.escalation_step"]), "the control"


# A theme below the threshold --------------------------------------------------------------------------------------------------


async def _offered(under_way: Carried) -> None:
    await under_way.as_(STAFF_CHAIR)
    await under_way.ground.app.execute(_offer(under_way.ground, "own", STAFF_CHAIR, JNC, "RTD", JOINT))
    await under_way.do("theme_count($1, $2, $3)", id_of("own"), id_of("theme"), id_of("theme room"))


async def _signed_by_one(under_way: Carried) -> None:
    await _offered(under_way)
    signature = under_way.ground.table("graph.theme_signature")
    await under_way.ground.app.execute(signature.insert(room_id=f"'{JOINT}'", offer_id=f"'{id_of('own')}'"))
    await under_way.do("theme_count($1, $2, $3)", id_of("own"), id_of("theme"), id_of("theme room"))


async def _signed_by_both(under_way: Carried) -> None:
    await _signed_by_one(under_way)
    await under_way.as_(MANAGEMENT_CHAIR)
    signature = under_way.ground.table("graph.theme_signature")
    await under_way.ground.app.execute(signature.insert(room_id=f"'{JOINT}'", offer_id=f"'{id_of('own')}'"))
    await under_way.do("theme_count($1, $2, $3)", id_of("own"), id_of("theme"), id_of("theme room"))


@pytest.mark.parametrize("act", [_offered, _signed_by_one], ids=["offered", "signed by one side"])
async def test_the_region_cannot_tell_a_theme_of_fewer_trusts_than_three(ground: Ground, act: Act) -> None:
    for watcher in (None, OUTSIDER, NETWORK_OFFICER):
        await _alike(ground, _nothing, act, watcher)
    with pytest.raises(AssertionError):
        await _alike(ground, _nothing, _signed_by_both, None)


# Whoever is implicated ----------------------------------------------------------------------------------------------------------


async def _names_the_chair(under_way: Carried) -> None:
    chair = demo_id("person", "network-chair")
    await under_way.raised(
        "issue",
        RAISER,
        "CONFIDENTIAL",
        recipient=NETWORK_OFFICER,
        people=[chair],
        offices=[(JNC, "MANAGEMENT", "CHAIR")],
    )
    await under_way.sent("first", NETWORK_OFFICER, RAISER, "NETWORK_TO_JNC", JNC, issue="issue")


@pytest.mark.parametrize("watcher", [RECIPIENT, MANAGEMENT_CHAIR])
async def test_whoever_is_implicated_reads_nothing_of_it_in_any_table(ground: Ground, watcher: str) -> None:
    """All but what `access.enter` sets: that one is barred from a room shows to any SQL (README, what stays visible)."""
    for merge in (False, True):
        found = [await _seen(ground, act, watcher, merge=merge) for act in (_nothing, _names_the_chair)]
        assert {name for name in found[0] if found[0][name] != found[1][name]} <= {"settings"}
