"""Attacks on mail to people: whoever can run any SQL as the service learns of nobody's, and turns on or off their own alone."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from service.access.proofs import feed_proof, mail_proof, now_micros
from service.identity.demo import ISSUER
from tests.walls.attacks import Attack, is_
from tests.walls.ground import MANAGEMENT_CHAIR, OTHER_ISSUER, REFUSED, STAFF_CHAIR, Entered, Ground, account

SOME: Final = "gen_random_uuid()"
SET: Final = "select access.mail_set($3, $4, 'STEADY', 'a', 'm', $5, 5, gen_random_uuid(), $1, $2)"
OFF: Final = "select access.mail_off(gen_random_uuid(), $3, $1, $2)"
CONFIRM: Final = "select access.mail_confirm($3, $4, $1, $2)"
OWN: Final = "select count(*) from access.mail_own($3, $1, $2)"
ASKED: Final = {
    "mail_own": SOME,
    "mail_unsubscribe": f"{SOME}, 'm'",
    "mail_turns": f"0, 9, {SOME}",
    "mail_gathered": f"{SOME}, {SOME}, 1, {SOME}, 's', false, null, null",
    "mail_due": f"{SOME}, {SOME}",
    "mail_recorded": f"{SOME}, {SOME}, {SOME}, 'SENT', 9",
    "mail_lost": f"{SOME}, {SOME}",
    "mail_freed": f"{SOME}, {SOME}, 1, 9",
    "mail_pruned": "",
}


def _proven(ground: Ground) -> tuple[int, str]:
    made = now_micros()
    return made, mail_proof(ground.key, ground.app.get_server_pid(), made)


async def mail_is_for_the_service_alone_not_for_any_sql(ground: Ground) -> None:
    here, made = ground.app.get_server_pid(), now_micros()
    me, later = account("management-chair"), datetime.now(UTC) + timedelta(days=1)
    made_up = {
        "no proof": None,
        "a made-up one": "0" * 64,
        "another key's": mail_proof(b"x" * 32, here, made),
        "another backend's": mail_proof(ground.key, ground.other.get_server_pid(), made),
        "one for the feed": feed_proof(ground.key, here, made),
    }
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        calls: list[tuple[str, list[Any]]] = [(SET, [uuid4(), me, later]), (OFF, [me]), (CONFIRM, [me, 1])]
        for function, given in ASKED.items():
            calls.append((f"select count(*) from access.{function}({given}{', ' if given else ''}$1, $2)", []))
        for sql, more in calls:
            for what, proof in made_up.items():
                is_(await chair.state(sql, made, proof, *more), REFUSED, f"{sql}: {what}")
            is_((await chair.state(sql, *_proven(ground), *more))[:2], "ok", f"{sql}: the control")
        old = made - 60_000_000
        is_(await chair.state(OWN, old, mail_proof(ground.key, here, old), me), REFUSED, "an old one")


async def nobody_turns_on_or_off_or_sees_the_mail_of_another_or_of_another_sign_in(ground: Ground) -> None:
    """Not of another's account, nor of an account of one's own at another sign-in or that was closed; and in a seat alone."""
    later = datetime.now(UTC) + timedelta(days=1)
    async with _accounts(ground) as accounts:
        async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
            for what, who in accounts.items():
                proven = _proven(ground)
                is_(await chair.connection.fetchval(OWN, *proven, who), int(what == "own"), f"seeing {what}")
                expected = "ok" if what == "own" else REFUSED
                for sql, more in ((SET, [uuid4(), who, later]), (OFF, [who]), (CONFIRM, [who, 9])):
                    is_((await chair.state(sql, *proven, *more))[: len(expected)], expected, f"{sql} of {what}")
        async with ground.entered("management-chair", merge=True) as merged:
            proven, own = _proven(ground), accounts["own"]
            is_(await merged.connection.fetchval(OWN, *proven, own), 1, "one's own shows in every capacity")
            for sql, more in ((SET, [uuid4(), own, later]), (OFF, [own]), (CONFIRM, [own, 1])):
                is_(await merged.state(sql, *proven, *more), REFUSED, f"{sql} in no seat")
        async with ground.entered("staff-side-chair", STAFF_CHAIR) as staff:
            is_(await staff.connection.fetchval(OWN, *_proven(ground), accounts["own"]), 0, "the other side's")


@asynccontextmanager
async def _accounts(ground: Ground) -> AsyncIterator[dict[str, UUID]]:
    """Accounts that are mailed: one's own, another's, and two more of one's own person."""
    person = await ground.admin.fetchval(
        "select person_id from access.account where id = $1", account("management-chair")
    )
    more = {"at another sign-in": uuid4(), "closed": uuid4()}
    found = {"own": account("management-chair"), "another's": account("staff-side-chair"), **more}
    insert = "insert into access.account (id, issuer, subject, person_id, closed_at) values ($1, $2, $3, $4, $5::text::timestamptz)"
    try:
        await ground.admin.execute(insert, more["at another sign-in"], OTHER_ISSUER, "mailed", person, "infinity")
        await ground.admin.execute(insert, more["closed"], ISSUER, "mailed once", person, "2020-01-01")
        for who in found.values():
            await _mailed(ground, who, who)
        yield found
    finally:
        await ground.admin.execute("delete from access.mail_preference where id = any($1)", [*found.values()])
        await ground.admin.execute("delete from access.account where id = any($1)", [*more.values()])


async def _mailed(ground: Ground, preference: UUID, who: UUID) -> None:
    await ground.admin.execute(
        "insert into access.mail_preference (id, account_id, state, address, address_mark) values ($1, $2, 'CONFIRMED', 'a', $3)",
        preference, who, preference.bytes)  # fmt: skip


async def an_address_is_confirmed_by_its_last_code_in_time_and_ended_by_its_own_link(ground: Ground) -> None:
    me, now = account("management-chair"), datetime.now(UTC)
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        proven, preference = _proven(ground), uuid4()

        async def say(sql: str, *more: Any) -> Any:
            return await chair.connection.fetchval(sql, *proven, *more)

        is_(await say(SET, preference, me, now - timedelta(minutes=1)), "CODE", "a code")
        is_(await say(CONFIRM, me, 1), False, "a code that ran out")
        is_(await say(SET, preference, me, now + timedelta(days=1)), "CODE", "another one")
        is_(await say(CONFIRM, me, 1), False, "the code before it")
        is_(await say(CONFIRM, me, 2), True, "the control")
        is_(await say(CONFIRM, me, 2), False, "a code that was given")
        unsubscribe = "select access.mail_unsubscribe($3, $4, $1, $2)"
        await say(unsubscribe, preference, b"another address")
        is_(await say(OWN, me), 1, "ended by another address's link")
        await say(unsubscribe, preference, b"m")
        is_(await say(OWN, me), 0, "the control")


async def what_is_in_another_workers_hand_is_nobody_elses(ground: Ground) -> None:
    me, later = account("management-chair"), datetime.now(UTC) + timedelta(days=1)
    leaver = uuid4()
    try:
        await ground.admin.execute("insert into graph.person (id, display_name) values ($1, 'Gone')", leaver)
        await ground.admin.execute(
            "insert into access.account (id, issuer, subject, person_id) values ($1, $2, 'gone', $1)", leaver, ISSUER)  # fmt: skip
        await _mailed(ground, leaver, leaver)
        async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
            await _in_hand(ground, chair, me, leaver, later)
    finally:
        await ground.admin.execute("delete from access.mail_preference where id = $1", leaver)
        await ground.admin.execute("delete from access.account where id = $1", leaver)
        await ground.admin.execute("delete from graph.person where id = $1", leaver)


async def _in_hand(ground: Ground, chair: Entered, me: UUID, leaver: UUID, later: datetime) -> None:
    proven, preference, mine, others = _proven(ground), uuid4(), uuid4(), uuid4()

    async def say(sql: str, *more: Any) -> Any:
        return await chair.connection.fetchval(sql, *proven, *more)

    await say(SET, preference, me, later)
    is_(await say(CONFIRM, me, 1), True, "the control")
    turns = "select jsonb_object_agg(t.preference_id, t.revision)::text from access.mail_turns(1000, 60, $3, $1, $2) t"
    taken = json.loads(await say(turns, mine))
    assert str(preference) in taken, "the control"
    assert str(leaver) not in taken, "who holds no seat is mailed"
    is_(await say(turns, others), None, "what is in hand already")
    revision = taken[str(preference)]
    gather = "select access.mail_gathered($3, $4, $5, gen_random_uuid(), 'slot', false, null, null, $1, $2)"
    is_(await say(gather, preference, others, revision), False, "gathered by another's hand")
    is_(await say(gather, preference, mine, revision), True, "the control")
    due = "select count(*) from access.mail_due($3, $4, $1, $2)"
    is_(await say(due, preference, others), 0, "read by another's hand")
    is_(await say(due, preference, mine), 1, "the control")
    await say("select access.mail_freed($3, $4, 0, 0, $1, $2)", preference, others)
    is_(await say(due, preference, mine), 1, "freed by another's hand")
    await say("select access.mail_lost($3, $4, $1, $2)", preference, others)
    is_(await say(OWN, me), 1, "ended by another's hand")
    await say("select access.mail_lost($3, $4, $1, $2)", preference, mine)
    is_(await say(OWN, me), 0, "the control")


MAIL_ATTACKS: Final[tuple[Attack, ...]] = (
    mail_is_for_the_service_alone_not_for_any_sql,
    nobody_turns_on_or_off_or_sees_the_mail_of_another_or_of_another_sign_in,
    an_address_is_confirmed_by_its_last_code_in_time_and_ended_by_its_own_link,
    what_is_in_another_workers_hand_is_nobody_elses,
)
