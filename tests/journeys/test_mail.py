"""Asking for mail: nobody else learns that somebody did, an address is confirmed first, and what tells is understood."""

from typing import Any
from uuid import UUID

import pytest

from service.resolvers.context import Keys
from service.resolvers.mail_marks import code_of
from service.rules.bodies import Office, Side
from service.rules.mail import MOST_CODES
from tests.journeys.stage import Cast, done, key, mark, refused, written
from tests.plugins.service import Person, World

ADDRESS = "somebody@example.org"
MINE = "{ viewer { mailPreference { address state cadence confirmBy } } }"


@pytest.fixture
async def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


async def mine(person: Person) -> Any:
    return (await person.ask(MINE)).data["viewer"]["mailPreference"]


async def code(world: World) -> str:
    """The code that waits to be given, as the service mails it."""
    async with world.admin() as db:
        row = await db.fetchrow("select * from access.mail_preference where state = 'UNCONFIRMED'")
    preference: UUID = row["id"]
    return code_of(Keys.derived(world.settings.key).mail, preference, row["address_mark"], row["code_number"])


async def test_nobody_but_the_person_sees_that_they_asked_whichever_seat_they_act_in(cast: Cast) -> None:
    dual = cast.world.as_("dual-role")
    seats = [dual.acting_as(seat["id"]) for seat in await dual.seats()]
    await done(seats[0], "mailPreferenceSet", "set", address=ADDRESS)
    for seat in (*seats, dual, dual.acting_as("all")):
        assert (await mine(seat))["address"] == ADDRESS
    for other in (
        cast.chair("disability"),
        cast.management,
        cast.staff,
        cast.hr,
        cast.world.as_("outsider"),
        cast.world.as_("operator"),
    ):
        if other.subject != dual.subject:
            assert await mine(other) is None


async def test_another_sign_in_of_the_same_person_has_mail_of_its_own(cast: Cast) -> None:
    """Whoever runs the trust's sign-in does not learn where a union's member is mailed."""
    member = cast.member("race", 2)
    await done(member, "mailPreferenceSet", "set", address=ADDRESS)
    own = await done(member, "ownSignInInvite", "code")
    home = cast.world.as_("somebody at home")
    await done(home, "ownSignInAccept", code=own["code"])
    assert await mine(home) is None
    await refused(home, "mailPreferenceSet", "NOT_PERMITTED", traced=False, address=ADDRESS)
    async with cast.world.admin() as db:
        await db.execute("update access.account set own_only = false where subject = $1", home.subject)
    assert await mine(home) is None
    await done(home.acting_as(member.seat), "mailPreferenceSet", "set", address="other@example.org")
    assert (await mine(member))["address"] == ADDRESS
    assert (await mine(home))["address"] == "other@example.org"


async def test_what_is_kept_tells_neither_the_address_nor_the_code(cast: Cast) -> None:
    before = await mark(cast.world)
    await done(cast.staff, "mailPreferenceSet", "set", address=ADDRESS)
    found = await written(cast.world, before)
    assert {name for name in found if name.startswith("access.")} == {"access.mail_preference", "access.mail_outgoing"}
    waits = await code(cast.world)
    async with cast.world.admin() as db:
        dump = ""
        for table in found:
            dump += str([dict(row) for row in await db.fetch(f"select t::text from {table} t where t.xmin::text::bigint > $1", before.transaction)])  # fmt: skip
        rooms = [
            row[0] for row in await db.fetch("select room_id from graph.audit_entry where act = 'MAIL_PREFERENCE_SET'")
        ]
        assert rooms == [await db.fetchval("select personal_room from graph.seat where id = $1", _row(cast.staff.seat))]
    assert ADDRESS not in dump
    assert ADDRESS.encode().hex() not in dump
    assert waits not in dump


def _row(given: str | None) -> UUID:
    from service.resolvers.ids import parts

    found = parts(given or "")
    assert found is not None
    return found[1]


async def test_an_address_counts_once_its_code_was_given_and_the_last_code_alone(cast: Cast) -> None:
    await refused(cast.staff, "mailAddressConfirm", "NOT_FOUND", field="code", code="A" * 16)
    await done(cast.staff, "mailPreferenceSet", "set", address=ADDRESS)
    first = await code(cast.world)
    asked = await mine(cast.staff)
    assert (asked["state"], asked["cadence"]) == ("UNCONFIRMED", "STEADY")
    assert asked["confirmBy"] is not None
    await done(cast.staff, "mailPreferenceSet", "set", address=ADDRESS)
    second = await code(cast.world)
    for wrong in (first, "", "x", "Ж" * 16, second[:-1]):
        await refused(cast.staff, "mailAddressConfirm", "NOT_FOUND", field="code", code=wrong)
    await refused(cast.management, "mailAddressConfirm", "NOT_FOUND", field="code", code=second)
    typed = f" {second[:8].lower()} {second[8:]} "
    await done(cast.staff, "mailAddressConfirm", "confirmed", code=typed)
    assert await mine(cast.staff) == {"address": ADDRESS, "state": "CONFIRMED", "cadence": "STEADY", "confirmBy": None}
    await refused(cast.staff, "mailAddressConfirm", "NOT_FOUND", field="code", code=second)
    # another address waits for a code of its own, and nothing goes to the old one
    await done(cast.staff, "mailPreferenceSet", "set", address="new@example.org")
    assert (await mine(cast.staff))["state"] == "UNCONFIRMED"


async def test_a_code_lasts_a_day(cast: Cast) -> None:
    await done(cast.staff, "mailPreferenceSet", "set", address=ADDRESS)
    waits = await code(cast.world)
    async with cast.world.admin() as db:
        await db.execute("update access.mail_preference set code_until = now()")
    await refused(cast.staff, "mailAddressConfirm", "NOT_FOUND", field="code", code=waits)


async def test_a_cadence_that_tells_is_chosen_by_who_has_understood_it(cast: Cast) -> None:
    for cadence in ("DAILY", "AT_ONCE"):
        await refused(cast.staff, "mailPreferenceSet", "REQUIRED", field="understood", address=ADDRESS, cadence=cadence)
    await refused(cast.staff, "mailPreferenceSet", "REQUIRED", field="address", cadence="DAILY", understood=True)
    await done(cast.staff, "mailPreferenceSet", "set", address=ADDRESS, cadence="AT_ONCE", understood=True)
    await done(cast.staff, "mailAddressConfirm", code=await code(cast.world))
    await done(cast.staff, "mailPreferenceSet", cadence="DAILY", understood=True)
    now = await mine(cast.staff)
    assert (now["state"], now["cadence"]) == ("CONFIRMED", "DAILY")
    await done(cast.staff, "mailPreferenceSet", address=ADDRESS.replace("somebody", "SOMEBODY"))
    now = await mine(cast.staff)
    assert (now["state"], now["cadence"]) == ("CONFIRMED", "STEADY")
    await done(cast.staff, "mailPreferenceSet", cadence="OFF")
    assert await mine(cast.staff) is None
    await refused(cast.staff, "mailPreferenceSet", "REQUIRED", field="address", cadence="STEADY")
    await done(cast.staff, "mailPreferenceSet", cadence="OFF")  # off is off


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a@example.org\r\nBcc: b@example.org", "a@example.org,b@example.org"]
)
async def test_anything_but_one_plain_address_is_refused(world: World, address: str) -> None:
    await refused(Cast(world).management, "mailPreferenceSet", "INVALID", field="address", address=address)


async def test_so_many_codes_are_mailed_in_a_day_to_whomever(cast: Cast) -> None:
    for turn in range(MOST_CODES):
        await done(cast.staff, "mailPreferenceSet", address=f"{turn}@example.org")
        await done(cast.staff, "mailPreferenceSet", cadence="OFF")
    await refused(cast.staff, "mailPreferenceSet", "TOO_MANY", field="address", address=ADDRESS)
    await done(cast.management, "mailPreferenceSet", address=ADDRESS)


async def test_the_same_key_mails_one_code(cast: Cast) -> None:
    said = {"address": ADDRESS, "idempotencyKey": key()}
    for _ in range(2):
        await done(cast.staff, "mailPreferenceSet", "set", **said)
    async with cast.world.admin() as db:
        assert await db.fetchval("select count(*) from access.mail_outgoing") == 1


async def test_a_service_without_a_relay_takes_no_address_and_lets_anybody_off(cast: Cast) -> None:
    from dataclasses import replace

    from tests.plugins.service import running

    none = {"smtp_host": None, "smtp_from": None, "portal_url": None, "public_url": None, "smtp_tls": "starttls"}
    silent = replace(cast.world, settings=cast.world.settings.model_copy(update=none))
    silent.http = type(cast.world.http)(timeout=30)
    async with running(silent) as world:
        person = Cast(world).staff
        await refused(person, "mailPreferenceSet", "WRONG_STATE", field=None, address=ADDRESS)
        await done(person, "mailPreferenceSet", "set", cadence="OFF")


async def test_whoever_has_no_seat_is_mailed_nothing_and_an_employee_may_be(cast: Cast) -> None:
    await refused(cast.world.as_("operator"), "mailPreferenceSet", "NOT_PERMITTED", traced=False, address=ADDRESS)
    await refused(cast.hr, "mailPreferenceSet", "NOT_PERMITTED", field=None, address=ADDRESS)
    await refused(cast.hr, "mailAddressConfirm", "NOT_PERMITTED", field=None, code="A" * 16)
    await done(cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 3"), "mailPreferenceSet", address=ADDRESS)
