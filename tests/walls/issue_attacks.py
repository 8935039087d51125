"""The attack set against issues, steps and themes: any SQL as partnership_app in a seat of the other side (DESIGN section 7).

Each is tried while one issue is on its way (`carried`); afterwards nothing of it is left.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID, uuid4

from service.access.proofs import identity_proof, now_micros
from service.demo.rows import room_id
from service.demo.shapes import demo_id, seat_key
from service.rules.bodies import Office, Purpose, Side
from tests.walls.carried import (
    CONSENT,
    GUARDIAN,
    JNC,
    MANAGEMENT_SECRETARY,
    NETWORK_OFFICER,
    OPEN,
    OTHER_MEMBER,
    RACE,
    RAISE,
    RAISER,
    RECIPIENT,
    SAFETY,
    SPEAK_UP,
    STAFF_SECRETARY,
    WITHDRAW,
    Carried,
    carried,
    carried_to_the_jnc,
    consenting,
    hash_of,
    id_of,
    opening,
    raising,
)
from tests.walls.ground import (
    MANAGEMENT_CHAIR,
    NOT_ALLOWED,
    OTHER_ISSUER,
    OUTSIDER,
    REFUSED,
    SERVICE,
    STAFF_CHAIR,
    Entered,
    Ground,
    account,
    forum,
    personal,
    seat,
)

JOINT = room_id("RTD/jnc", Purpose.JOINT)
WOMENS_CHAIR = seat_key("RTD", "women", Side.NETWORK, Office.CHAIR, "women chair")
SAFETY_CHAIR = seat_key("RTD", "safety", Side.MANAGEMENT, Office.CHAIR, "estates director")
OTHER_TRUSTS: Final = ("RR7", "RVW")
THIS: Final = f"issue_id = '{id_of('issue')}'"
GRANT = "seat_grant($1, $2, $3, $4, $5, $6, $7, null, null, null, false, now(), 'infinity')"
EVERYBODY_ELSE: Final = (
    MANAGEMENT_CHAIR, STAFF_CHAIR, OTHER_MEMBER, NETWORK_OFFICER, GUARDIAN, SERVICE, OUTSIDER, SAFETY_CHAIR,
)  # fmt: skip


async def _refused(entered: Entered, call: str, *arguments: Any, what: str = "") -> None:
    found = await entered.state(f"select access.{call}", *arguments)
    assert found == REFUSED, f"{call} {what}: {found}"


async def _done(entered: Entered, call: str, *arguments: Any, what: str = "") -> None:
    found = await entered.state(f"select access.{call}", *arguments)
    assert found.startswith("ok"), f"{call} {what}: {found}, the control"


# Raising ---------------------------------------------------------------------------------------------------------------


async def an_issue_is_raised_in_ones_own_body_or_with_the_guardian(ground: Ground) -> None:
    race_people = [demo_id("person", "network-chair")]
    async with carried(ground) as under_way:
        for key, what in (
            (MANAGEMENT_CHAIR, raising("x", "NAMED")),  # a network's
            (MANAGEMENT_CHAIR, raising("x", "NAMED", JNC, "STAFF_SIDE")),  # the other side's
            (STAFF_CHAIR, raising("x", "OFFICE", JNC, "MANAGEMENT_SIDE")),
            (RAISER, raising("x", "OFFICE")),  # in the body's name, as a member
            (RAISER, raising("x", "NAMED", RACE, "MEMBERS")),  # no route
            (RAISER, raising("x", "NAMED", forum("RTD/edi"), "JOINT")),
            (RAISER, raising("x", "NAMED", people=[ground.facts["guest_person"]])),  # somebody unseen
            (RAISER, raising("x", "NAMED", people=[uuid4()])),
            (RAISER, raising("x", "NAMED", offices=[(forum("RTD/unison"), "STAFF", "CHAIR")])),  # a body unseen
            (OUTSIDER, raising("x", "NAMED", SPEAK_UP)),  # another trust's guardian
            (OUTSIDER, raising("x", "NAMED", uuid4())),
        ):
            await _refused(await under_way.as_(key), RAISE, *what, what=f"by {key}")
        for key, what in (
            (RAISER, raising("x", "NAMED", people=race_people, offices=[(JNC, "STAFF", "CHAIR")])),
            (STAFF_CHAIR, raising("x", "OFFICE", JNC, "STAFF_SIDE")),
            (RAISER, raising("x", "NAMED", SPEAK_UP)),
        ):
            await _done(await under_way.as_(key), RAISE, *what, what=f"by {key}")
        await _refused(await under_way.as_(RAISER, merge=True), RAISE, *raising("x", "NAMED"), what="in no seat")
    async with ground.nobody() as nobody:
        await _refused(nobody, RAISE, *raising("x", "NAMED", SPEAK_UP))


async def a_name_is_entrusted_to_one_who_can_take_issues_there(ground: Ground) -> None:
    chair = demo_id("person", "network-chair")
    async with carried(ground) as under_way:
        raiser = await under_way.as_(RAISER)
        for what in (
            raising("x", "CONFIDENTIAL"),  # to nobody
            raising("x", "CONFIDENTIAL", recipient=RAISER),  # to oneself, and a member
            raising("x", "CONFIDENTIAL", recipient=OTHER_MEMBER),
            raising("x", "CONFIDENTIAL", recipient=STAFF_CHAIR),  # of another body
            raising("x", "CONFIDENTIAL", recipient=WOMENS_CHAIR),
            raising("x", "CONFIDENTIAL", recipient=RECIPIENT, people=[chair]),  # who is part of the matter
            raising("x", "CONFIDENTIAL", recipient=RECIPIENT, offices=[(RACE, "NETWORK", "CHAIR")]),
        ):
            await _refused(raiser, RAISE, *what)
        await _refused(
            await under_way.as_(RECIPIENT), RAISE, *raising("x", "CONFIDENTIAL", recipient=RECIPIENT), what="to oneself"
        )
        officer = await under_way.as_(NETWORK_OFFICER)
        assert await officer.count("graph.seat", "id = $1", seat(OTHER_MEMBER)) == 1
        await _refused(officer, RAISE, *raising("x", "CONFIDENTIAL", recipient=OTHER_MEMBER), what="to a member")
        former = "race former chair"
        ended = seat_key("RTD", "race", Side.NETWORK, Office.CHAIR, former)
        await _refused(
            await under_way.as_(RAISER),
            RAISE,
            *raising("x", "CONFIDENTIAL", recipient=ended),
            what="to a seat that ended",
        )
        await under_way.raised("x", RAISER, "CONFIDENTIAL", recipient=RECIPIENT)
        await under_way.raised("named", RAISER, "NAMED")
        choose = "recipient_choose($1, $2)"
        for key in EVERYBODY_ELSE:  # in the raiser's name
            await _refused(await under_way.as_(key), choose, id_of("x"), seat(RECIPIENT), what=key)
        raiser = await under_way.as_(RAISER)
        await _refused(raiser, choose, id_of("named"), seat(RECIPIENT))
        await _refused(raiser, choose, uuid4(), seat(RECIPIENT))
        await _done(raiser, choose, id_of("x"), seat(NETWORK_OFFICER))


async def nobody_but_raiser_and_recipient_opens_the_vault(ground: Ground) -> None:
    async with carried_to_the_jnc(ground) as under_way:
        for key in EVERYBODY_ELSE:
            other = await under_way.as_(key)
            assert await other.count("graph.raiser", THIS) == 0, f"{key} reads who raised it"
            for table in ("issue_message", "identity_disclosure"):
                assert await other.count(f"graph.{table}", THIS) == 0, (key, table)
        for key in (RAISER, RECIPIENT):
            assert await (await under_way.as_(key)).count("graph.raiser", THIS) == 1, f"{key}, the control"
        await under_way.as_(RAISER)
        await under_way.do("recipient_choose($1, $2)", id_of("issue"), seat(NETWORK_OFFICER))
        assert await (await under_way.as_(RECIPIENT)).count("graph.raiser", THIS) == 0, "who had it before"
        assert await (await under_way.as_(NETWORK_OFFICER)).count("graph.raiser", THIS) == 1


async def what_one_raised_shows_in_the_seat_it_was_raised_from_or_in_none(ground: Ground) -> None:
    """Never from another body's seat, nor through a sign-in that does not open the seat it was raised from."""
    async with carried_to_the_jnc(ground) as under_way:
        who, chosen = under_way.people[RAISER]
        person = demo_id("person", "network-member")
        other = id_of("another seat")
        await under_way.as_(SERVICE)
        await under_way.do(GRANT, other, uuid4(), JNC, None, person, "MANAGEMENT", "MEMBER")
        employed = await ground.admin.fetchval(
            "select id from graph.seat where person_id = $1 and office = 'EMPLOYEE'", person
        )
        for at, shown in ((chosen, 1), (employed, 1), (None, 1), (other, 0), (uuid4(), 0)):
            await under_way.enter(who, at)
            assert await under_way.entered.count("graph.raiser", THIS) == shown, (at, shown)
        for ending in (other, chosen):
            await under_way.enter(who, ending)
            await under_way.do("seat_end($1, now())", ending)
        await under_way.enter(who, None)
        assert await under_way.entered.count("graph.raiser", THIS) == 1, "after leaving the network"


async def what_was_raised_through_the_unions_sign_in_does_not_show_through_the_trusts(ground: Ground) -> None:
    person, union = demo_id("person", "network-member"), uuid4()
    bound = "update graph.seat set issuer = $2 where id = $1"
    insert = "insert into access.account (id, issuer, subject, person_id, own_only, vouched_by) values ($1, $2, $3, $4, $5, $6)"
    own, vouched = uuid4(), uuid4()
    try:
        await ground.admin.execute(bound, seat(RAISER), OTHER_ISSUER)
        await ground.admin.execute(insert, union, OTHER_ISSUER, "member", person, False, None)
        await ground.admin.execute(insert, own, "https://own.invalid", "a", person, True, ground.facts["issuer"])
        await ground.admin.execute(insert, vouched, "https://own.invalid", "b", person, True, OTHER_ISSUER)
        async with carried(ground) as under_way:
            await under_way.enter(union, seat(RAISER))
            await under_way.do(RAISE, *raising("bound", "NAMED", SPEAK_UP))
            assert await under_way.entered.count("graph.raiser", "issue_id = $1", id_of("bound")) == 1
            for what, who, merge, shown in (
                ("the trust's sign-in, in no seat", account("network-member"), False, 0),
                ("the trust's sign-in, merged", account("network-member"), True, 0),
                ("a sign-in of one's own that the trust's asked for", own, False, 0),
                ("a sign-in of one's own that the union's asked for", vouched, False, 1),
                ("the union's own", union, True, 1),
            ):
                await under_way.enter(who, None, merge=merge)
                found = await under_way.entered.count("graph.raiser", "issue_id = $1", id_of("bound"))
                assert found == shown, f"{what}: {found}"
            await under_way.enter(vouched, None)
            assert await under_way.entered.count("graph.seat") == 0, "a sign-in of one's own shows a seat"
            assert await under_way.entered.count("graph.person") == 0, "a sign-in of one's own shows who one is"
    finally:
        await ground.admin.execute("delete from access.account where id = any($1)", [union, own, vouched])
        await ground.admin.execute(bound, seat(RAISER), None)


async def a_sign_in_of_ones_own_is_ones_own(ground: Ground) -> None:
    accept = "own_sign_in_accept(sha256($1), $2, $3, $4, $5, $6, gen_random_uuid(), gen_random_uuid(), 's', 'd')"
    invite = "own_sign_in_invite(sha256($1), $2::text::timestamptz)"
    async with carried(ground) as under_way:
        raiser = await under_way.as_(RAISER)
        await _refused(await under_way.as_(RAISER, merge=True), invite, b"code", "infinity", what="in no seat")
        raiser = await under_way.as_(RAISER)
        await under_way.do(invite, b"old", "infinity")
        await under_way.do(invite, b"code", "infinity")
        made, here = now_micros(), ground.app.get_server_pid()
        good = identity_proof(ground.key, "accept", "https://own.invalid", "me", here, made)
        known = identity_proof(ground.key, "accept", ground.facts["issuer"], "network-member", here, made)
        for what, arguments in {
            "no such code": (b"nothing", "https://own.invalid", "me", uuid4(), made, good),
            "one that a later one replaced": (b"old", "https://own.invalid", "me", uuid4(), made, good),
            "as somebody else": (b"code", "https://own.invalid", "you", uuid4(), made, good),
            "no proof": (b"code", "https://own.invalid", "me", uuid4(), made, "x"),
            "an account that there is": (b"code", ground.facts["issuer"], "network-member", uuid4(), made, known),
        }.items():
            await _refused(raiser, accept, *arguments, what=what)
        await _done(raiser, accept, b"code", "https://own.invalid", "me", uuid4(), made, good)
        await under_way.do(accept, b"code", "https://own.invalid", "me", uuid4(), made, good)
        again = identity_proof(ground.key, "accept", "https://own.invalid", "me again", here, made)
        await _refused(raiser, accept, b"code", "https://own.invalid", "me again", uuid4(), made, again, what="twice")
        await under_way.do(invite, b"late", "2020-01-01")
        await _refused(
            raiser, accept, b"late", "https://own.invalid", "me again", uuid4(), made, again, what="too late"
        )
    async with ground.nobody() as nobody:
        await _refused(nobody, invite, b"code", "infinity")


# Carrying --------------------------------------------------------------------------------------------------------------


async def a_step_is_drafted_by_who_holds_what_it_comes_from(ground: Ground) -> None:
    async with carried_to_the_jnc(ground) as under_way:
        onward = opening("x", "NETWORK_TO_JNC_STAFF_SIDE", JNC, "issue")
        for key in (MANAGEMENT_CHAIR, STAFF_CHAIR, OTHER_MEMBER, GUARDIAN, OUTSIDER, RAISER, SERVICE):
            await _refused(await under_way.as_(key), OPEN, *onward, what=key)
        officer = await under_way.as_(NETWORK_OFFICER)
        for what in (
            opening("x", "NETWORK_TO_JNC", JNC, "nothing"),
            opening("x", "NETWORK_TO_JNC", SAFETY, "issue"),  # a route to another body
            opening("x", "JNC_TO_SPF", forum("north-east/spf"), "issue"),
            opening("x", "NETWORK_TO_JNC", forum("RR7/jnc"), "issue"),
            opening("x", "JNC_TO_BOARD", forum("RTD/board"), None, "first"),  # what one sent, and others received
        ):
            await _refused(officer, OPEN, *what)
        await _done(officer, OPEN, *onward)
        board = opening("y", "JNC_TO_BOARD", forum("RTD/board"), None, "first")
        staff = await under_way.as_(STAFF_CHAIR)
        await _refused(staff, OPEN, *board, what="before it was taken up")
        await under_way.moved("first", STAFF_CHAIR, "ACCEPTED")
        await _refused(
            staff, OPEN, *opening("y", "JNC_TO_SPF", forum("north-east/spf"), None, "first"), what="a theme as a record"
        )
        await _done(staff, OPEN, *board)
        await _refused(await under_way.as_(NETWORK_OFFICER), OPEN, *board, what="by its sender")
        await ground.app.execute("update graph.issue set state = 'CLOSED' where id = $1", id_of("issue"))
        await _refused(await under_way.as_(NETWORK_OFFICER), OPEN, *onward, what="an issue that ended")


async def whoever_is_barred_carries_nothing_on(ground: Ground) -> None:
    """Who holds the room of a body, and is part of the matter: neither the issue, nor a step, nor what was handed over."""
    officer, staff = [
        await ground.admin.fetchval("select person_id from graph.seat where id = $1", seat(key))
        for key in (NETWORK_OFFICER, STAFF_SECRETARY)
    ]
    async with carried(ground) as under_way:
        await under_way.raised("issue", RAISER, "NAMED", people=[officer, staff])
        await under_way.sent("first", RECIPIENT, RAISER, "NETWORK_TO_JNC", JNC, issue="issue")
        await under_way.moved("first", STAFF_CHAIR, "ACCEPTED")
        onward, board = (
            opening("x", "NETWORK_TO_JNC_STAFF_SIDE", JNC, "issue"),
            opening("y", "JNC_TO_BOARD", forum("RTD/board"), None, "first"),
        )
        await _refused(await under_way.as_(NETWORK_OFFICER), OPEN, *onward)
        await _refused(await under_way.as_(STAFF_SECRETARY), OPEN, *board)
        await _done(await under_way.as_(RECIPIENT), OPEN, *onward)
        await _done(await under_way.as_(STAFF_CHAIR), OPEN, *board)
        await under_way.raised("spoken", RAISER, "NAMED", SPEAK_UP)
        await under_way.as_(GUARDIAN)
        await under_way.do("interest_declare($1, null)", id_of("spoken"))
        await _refused(await under_way.as_(GUARDIAN), "handover_take($1, 'r')", id_of("spoken"))


async def whoever_is_barred_reads_no_note_of_it(ground: Ground) -> None:
    """A note of the deliberation, and the place on the agenda, stand in the body's own room: the bar closes them in it."""
    staff = await ground.admin.fetchval("select person_id from graph.seat where id = $1", seat(STAFF_SECRETARY))
    async with carried(ground) as under_way:
        await under_way.raised("issue", RAISER, "NAMED", people=[staff])
        await under_way.sent("first", RECIPIENT, RAISER, "NETWORK_TO_JNC", JNC, issue="issue")
        await under_way.moved("first", STAFF_CHAIR, "ACCEPTED")
        entered = await under_way.as_(STAFF_CHAIR)
        step, step_room = f"'{id_of('first')}'", f"'{id_of('first room')}'"
        for table in ("step_note", "agenda_item"):
            row = ground.table(f"graph.{table}").insert(room_id=f"'{JOINT}'", step_id=step, step_room=step_room)
            await entered.connection.execute(row)
        for key, seen in ((STAFF_CHAIR, 1), (MANAGEMENT_CHAIR, 1), (STAFF_SECRETARY, 0)):
            reader = await under_way.as_(key)
            for table in ("step_note", "agenda_item"):
                assert await reader.count(f"graph.{table}", "step_id = $1", id_of("first")) == seen, (key, table)


async def whoever_is_barred_reads_no_notice_of_it(ground: Ground) -> None:
    """That something went on is told to the members: an officer who is part of it would learn that one issue is kept from them."""
    chair = await ground.admin.fetchval("select person_id from graph.seat where id = $1", seat(RECIPIENT))
    async with carried(ground) as under_way:
        await under_way.raised("issue", RAISER, "NAMED", people=[chair])
        await under_way.sent("first", NETWORK_OFFICER, RAISER, "NETWORK_TO_JNC", JNC, issue="issue")
        for key, merge, seen in (
            (RECIPIENT, False, 0),
            (RECIPIENT, True, 0),
            (NETWORK_OFFICER, False, 1),
            (OTHER_MEMBER, False, 1),
        ):
            reader = await under_way.as_(key, merge=merge)
            assert await reader.count("graph.issue_notice", "step_room = $1", id_of("first room")) == seen, (key, merge)


async def nothing_of_a_closed_issue_is_consented_to(ground: Ground) -> None:
    for state in ("CLOSED", "WITHDRAWN", "HANDED_OVER"):
        async with carried_to_the_jnc(ground) as under_way:
            await under_way.as_(NETWORK_OFFICER)
            changed = await ground.app.execute("update graph.issue set state = $2 where id = $1", id_of("issue"), state)
            assert changed == "UPDATE 1", state
            await _refused(await under_way.as_(RAISER), CONSENT, *consenting("second"), what=state)


async def where_a_step_may_go_is_for_those_who_hold_it(ground: Ground) -> None:
    routes = "select count(*) from access.routes_from($1, $2)"
    async with carried(ground) as under_way:
        for key, place, there in (
            (NETWORK_OFFICER, (RACE, "OFFICERS"), True),
            (RAISER, (RACE, "OFFICERS"), False),
            (MANAGEMENT_CHAIR, (RACE, "OFFICERS"), False),
            (MANAGEMENT_CHAIR, (JNC, "STAFF_SIDE"), False),
            (STAFF_CHAIR, (JNC, "STAFF_SIDE"), True),
            (MANAGEMENT_CHAIR, (JNC, "JOINT"), True),
            (OUTSIDER, (JNC, "JOINT"), False),
        ):
            entered = await under_way.as_(key)
            assert ((await entered.connection.fetchval(routes, *place)) > 0) is there, (key, place)


async def nothing_is_sent_without_its_raisers_consent(ground: Ground) -> None:
    """Not by those who drafted it, nor by admitting others, nor by words of one's own about its state."""
    content, status = id_of("second content"), id_of("second room")
    async with carried_to_the_jnc(ground) as under_way:
        for key in (*EVERYBODY_ELSE, RECIPIENT):
            await _refused(
                await under_way.as_(key), CONSENT, *consenting("second"), what=f"in the raiser's name, {key}"
            )
        raiser = await under_way.as_(RAISER)
        step, consent, digest, *rest = consenting("second")
        for what in (
            (step, consent, hash_of("other words"), *rest),
            (step, consent, None, *rest),
            (uuid4(), consent, digest, *rest),
        ):
            await _refused(raiser, CONSENT, *what)
        await _refused(raiser, CONSENT, *consenting("first"), what="twice")
        await under_way.as_(RECIPIENT)
        await under_way.do(
            "disclosure_open($1, $2, $3, $4, 'w', 'SAFEGUARDING', 'r', false, 'x')",
            uuid4(),
            id_of("told room"),
            id_of("issue"),
            seat(NETWORK_OFFICER),
        )
        for key in (NETWORK_OFFICER, RECIPIENT, RAISER):
            entered = await under_way.as_(key)
            for room in (
                id_of("told room"),
                content,
                status,
                id_of("issue room"),
                id_of("issue identity"),
                id_of("issue own"),
                id_of("first room"),
                id_of("first content"),
            ):
                for purpose in ("STAFF_SIDE", "MANAGEMENT_SIDE", "JOINT"):
                    await _refused(entered, "admit($1, $2, $3, false)", room, JNC, purpose, what=f"{key} into {room}")
            changed = await entered.state(
                "update graph.escalation_step set state = 'SENT' where id = $1 returning 1", id_of("second")
            )
            assert changed == "ok None", (key, changed)
            for table in ("consent", "step_summary"):
                columns = ground.table(f"graph.{table}").columns
                every = ", ".join(column.filler for column in columns)
                assert await entered.state(f"insert into graph.{table} values ({every})") == NOT_ALLOWED, table
            assert await entered.state("update graph.step_summary set body = 'x'") == NOT_ALLOWED
        for key in (STAFF_CHAIR, STAFF_SECRETARY, MANAGEMENT_CHAIR):
            other = await under_way.as_(key)
            assert await other.count("graph.escalation_step", "id = $1", id_of("second")) == 0, key
        assert await under_way.consented("second", RAISER) is None, "the control"
        assert (
            await (await under_way.as_(STAFF_CHAIR)).count("graph.step_summary", "step_id = $1", id_of("second")) == 1
        )
        assert (
            await (await under_way.as_(MANAGEMENT_CHAIR)).count("graph.escalation_step", "id = $1", id_of("second"))
            == 0
        )


async def a_body_consents_only_to_what_it_raised_itself(ground: Ground) -> None:
    async with carried(ground) as under_way:
        await under_way.raised("own", STAFF_CHAIR, "OFFICE", JNC, "STAFF_SIDE")
        await under_way.drafted("item", STAFF_CHAIR, "JNC_STAFF_SIDE_TO_JNC", JNC, issue="own")
        for key in (MANAGEMENT_CHAIR, MANAGEMENT_SECRETARY, NETWORK_OFFICER, GUARDIAN, OUTSIDER):
            await _refused(await under_way.as_(key), CONSENT, *consenting("item"), what=key)
        await _done(await under_way.as_(STAFF_SECRETARY), CONSENT, *consenting("item"))


async def consent_is_taken_back_by_who_gave_it(ground: Ground) -> None:
    async with carried_to_the_jnc(ground) as under_way:
        for key in (NETWORK_OFFICER, RECIPIENT, STAFF_CHAIR, MANAGEMENT_CHAIR, OTHER_MEMBER, OUTSIDER):
            await _refused(await under_way.as_(key), WITHDRAW, id_of("first"), uuid4(), what=key)
        raiser = await under_way.as_(RAISER)
        await _refused(raiser, WITHDRAW, uuid4(), uuid4())
        await under_way.do(WITHDRAW, id_of("first"), uuid4())
        receiver = await under_way.as_(MANAGEMENT_CHAIR)
        shown = await receiver.connection.fetch(
            "select body from graph.step_summary where step_id = $1", id_of("first")
        )
        assert [row["body"] for row in shown] == [""], "a tombstone"
        await _refused(await under_way.as_(RAISER), WITHDRAW, id_of("first"), uuid4(), what="twice")
        await under_way.consented("second", RAISER)
        await under_way.moved("second", STAFF_CHAIR, "ACCEPTED")
        await under_way.as_(RAISER)
        await under_way.do(WITHDRAW, id_of("second"), uuid4())
        await _refused(under_way.entered, WITHDRAW, id_of("second"), uuid4(), what="twice, after it was taken up")
        await under_way.sent("third", NETWORK_OFFICER, RAISER, "NETWORK_TO_JNC_STAFF_SIDE", JNC, issue="issue")
        await under_way.moved("third", STAFF_CHAIR, "RESOLVED")
        await _refused(await under_way.as_(RAISER), WITHDRAW, id_of("third"), uuid4(), what="after the answer")


async def what_ends_a_step_is_said_by_its_receiver(ground: Ground) -> None:
    async with carried_to_the_jnc(ground) as under_way:
        for key in (NETWORK_OFFICER, RAISER, OTHER_MEMBER, OUTSIDER, GUARDIAN):
            entered = await under_way.as_(key)
            await _refused(entered, "step_ended($1)", id_of("first"), what=key)
            ended = await entered.state(
                "update graph.escalation_step set state = 'RESOLVED' where id = $1 returning 1", id_of("first")
            )
            assert ended == "ok None", (key, ended)
        staff = await under_way.as_(STAFF_CHAIR)
        await _refused(staff, "step_ended($1)", id_of("first"), what="before it ended")
        await _refused(staff, "step_ended($1)", uuid4())
        by = "update graph.escalation_step set ended_by_side = $2, ended_by_office = $3 where id = $1"
        for side, office, found in (
            ("MANAGEMENT", "CHAIR", NOT_ALLOWED),
            ("STAFF", "SECRETARY", NOT_ALLOWED),
            ("STAFF", "CHAIR", "ok None"),
        ):
            assert await staff.state(by, id_of("first"), side, office) == found, (side, office)
        await under_way.moved("first", STAFF_CHAIR, "RESOLVED")
        await under_way.as_(NETWORK_OFFICER)
        await _refused(under_way.entered, "step_ended($1)", id_of("first"), what="by its sender")
        await _done(await under_way.as_(STAFF_CHAIR), "step_ended($1)", id_of("first"))


async def what_is_handed_over_is_taken_by_the_guardian(ground: Ground) -> None:
    async with carried(ground) as under_way:
        await under_way.raised("spoken", RAISER, "NAMED", SPEAK_UP)
        await under_way.raised("issue", RAISER, "NAMED")
        take = "handover_take($1, 'r')"
        for key in (RAISER, MANAGEMENT_CHAIR, STAFF_CHAIR, NETWORK_OFFICER, OUTSIDER, SERVICE):
            await _refused(await under_way.as_(key), take, id_of("spoken"), what=key)
        await _refused(await under_way.as_(NETWORK_OFFICER), take, id_of("issue"), what="a network's")
        guardian = await under_way.as_(GUARDIAN)
        await _refused(guardian, take, uuid4())
        await under_way.do(take, id_of("spoken"))
        await _refused(guardian, take, id_of("spoken"), what="twice")
        shown = await guardian.connection.fetchval(
            "select body || effect_sought from graph.issue where id = $1", id_of("spoken")
        )
        assert shown == "", "what was written goes"


# Speaking for another ------------------------------------------------------------------------------------------------------


async def nobody_speaks_as_the_raiser_but_the_raiser(ground: Ground) -> None:
    message, answer = ground.table("graph.issue_message"), ground.table("graph.step_message")
    async with carried_to_the_jnc(ground) as under_way:
        await under_way.raised("other", STAFF_CHAIR, "NAMED", JNC, "STAFF_SIDE")

        def said(room: str, as_raiser: bool) -> str:
            return message.insert(
                room_id=f"'{id_of(room)}'", issue_id=f"'{id_of('issue')}'", from_raiser=str(as_raiser)
            )

        for key, room in ((RECIPIENT, "issue identity"), (NETWORK_OFFICER, "issue room"), (STAFF_CHAIR, "other room")):
            assert await (await under_way.as_(key)).state(said(room, True)) == NOT_ALLOWED, f"{key} as the raiser"
        assert await (await under_way.as_(NETWORK_OFFICER)).state(said("issue identity", False)) == NOT_ALLOWED, (
            "into the vault"
        )
        assert await (await under_way.as_(RECIPIENT)).state(said("issue identity", False)) == "INSERT 0 1", (
            "the control"
        )
        raiser = await under_way.as_(RAISER)
        assert await raiser.state(said("issue identity", False)) == NOT_ALLOWED, "the raiser as the recipient"
        assert await raiser.state(said("issue identity", True)) == "INSERT 0 1", "the raiser's control"

        def answered(**more: str) -> str:
            on = {
                "step_id": f"'{id_of('first')}'",
                "step_room": f"'{id_of('first room')}'",
                "kind": "'ANSWER'",
                "side": "'NONE'",
                "office": "'RAISER'",
            }
            return answer.insert(room_id=f"'{id_of('first content')}'", **{**on, **more})

        for key in (
            STAFF_CHAIR,
            MANAGEMENT_CHAIR,
            NETWORK_OFFICER,
            RECIPIENT,
        ):  # the first of whom raised something else
            assert await (await under_way.as_(key)).state(answered()) == NOT_ALLOWED, f"{key} answers as the raiser"
        raiser = await under_way.as_(RAISER)
        for more in ({"side": "'STAFF'"}, {"kind": "'QUESTION'"}):
            assert await raiser.state(answered(**more)) == NOT_ALLOWED, more
        assert await raiser.state(answered()) == "INSERT 0 1", "the raiser's control"


async def a_question_that_is_hidden_is_not_tripped_over(ground: Ground) -> None:
    """Upstream reads a step's state and not its content: neither that there is a question."""
    async with carried_to_the_jnc(ground) as under_way:
        await under_way.moved("first", STAFF_CHAIR, "ACCEPTED")
        await under_way.sent("board", STAFF_CHAIR, RAISER, "JNC_TO_BOARD", forum("RTD/board"), previous="first")
        on = {
            "step_id": f"'{id_of('board')}'",
            "step_room": f"'{id_of('board room')}'",
            "position": "1",
            "kind": "'QUESTION'",
        }
        await under_way.said(STAFF_CHAIR, "board content", "graph.step_message", **on)
        officer = await under_way.as_(NETWORK_OFFICER)
        assert await officer.count("graph.escalation_step", "id = $1", id_of("board")) == 1
        assert await officer.count("graph.step_message", "step_id = $1", id_of("board")) == 0
        own = ground.table("graph.step_message").insert(room_id=f"'{personal(NETWORK_OFFICER)}'", **on)
        assert await officer.state(own) == "INSERT 0 1"


async def nothing_hangs_on_a_step_that_is_hidden(ground: Ground) -> None:
    """A row of one's own, in one's own voice and body, that names a step's room: hidden and absent are refused in the same words."""
    async with carried_to_the_jnc(ground) as under_way:
        chair = await under_way.as_(MANAGEMENT_CHAIR)
        for name in ("step_message", "step_note", "agenda_item"):
            table = ground.table(f"graph.{name}")
            said = [
                await chair.said(
                    table.insert(
                        room_id=f"'{JOINT}'", step_id=f"'{id_of('second')}'", step_room=f"'{room}'", kind="'QUESTION'"
                    )
                )
                for room in (id_of("second room"), uuid4())
            ]
            assert said[0][0] == NOT_ALLOWED, (name, said)
            assert said[0] == said[1], name


async def a_raisers_trace_is_left_by_the_raiser(ground: Ground) -> None:
    trace = "trace_own($1, gen_random_uuid(), gen_random_uuid(), $2, $3, 'X', 'DONE', null, null, null, 'x', 's', 'd')"
    async with carried_to_the_jnc(ground) as under_way:
        for key in (RECIPIENT, NETWORK_OFFICER, STAFF_CHAIR, MANAGEMENT_CHAIR):
            await _refused(await under_way.as_(key), trace, id_of("issue own"), None, None, what=key)
            await _refused(under_way.entered, trace, personal(key), None, None, what=f"{key} as a raiser")
        raiser = await under_way.as_(RAISER)
        for room, event_room in ((JOINT, None), (uuid4(), None), (None, JOINT), (None, uuid4())):
            await _refused(raiser, trace, id_of("issue own"), room, event_room)
        await _refused(raiser, trace, uuid4(), None, None)
        await under_way.do(trace, id_of("issue own"), id_of("issue identity"), None)
        left = await raiser.connection.fetchrow(
            "select * from graph.audit_entry where room_id = $1", id_of("issue identity")
        )
        assert (left["forum_id"], left["side"], left["office"]) == (None, "NONE", "RAISER")


# Stepping back and disclosing ------------------------------------------------------------------------------------------------


async def an_interest_is_declared_in_what_one_sees(ground: Ground) -> None:
    declare = "interest_declare($1, $2)"
    async with carried_to_the_jnc(ground) as under_way:
        for key in (MANAGEMENT_CHAIR, OTHER_MEMBER, OUTSIDER):
            other = await under_way.as_(key)
            await _refused(other, declare, id_of("issue"), None, what=key)
            await _refused(other, declare, None, id_of("second"), what=key)
            await _refused(other, declare, uuid4(), None)
        officer = await under_way.as_(NETWORK_OFFICER)
        await _refused(officer, declare, id_of("issue"), id_of("second"), what="of two at once")
        await _refused(officer, declare, None, None)
        await under_way.do(declare, id_of("issue"), None)
        officer = await under_way.as_(NETWORK_OFFICER)
        rooms = [
            id_of(f"{word} {room}") for word in ("issue", "first", "second") for room in ("room", "content", "identity")
        ]
        for table in ("issue", "escalation_step", "step_summary", "consent", "step_trail"):
            assert await officer.count(f"graph.{table}", "room_id = any($1)", rooms) == 0, table


async def whoever_steps_back_sees_nothing_of_what_a_step_became(ground: Ground) -> None:
    async with carried_to_the_jnc(ground) as under_way:
        await under_way.moved("first", STAFF_CHAIR, "ACCEPTED")
        await under_way.sent("board", STAFF_CHAIR, RAISER, "JNC_TO_EXECUTIVE", forum("RTD/people"), previous="first")
        for key in (MANAGEMENT_SECRETARY, STAFF_SECRETARY):
            entered = await under_way.as_(key)
            assert (
                await entered.count("graph.escalation_step", "id = any($1)", [id_of("first"), id_of("board")]) == 2
            ), key
            await under_way.do("interest_declare($1, $2)", None, id_of("first"))
            entered = await under_way.as_(key)
            assert (
                await entered.count("graph.escalation_step", "id = any($1)", [id_of("first"), id_of("board")]) == 0
            ), key


async def an_identity_is_disclosed_by_its_recipient_to_nobody_implicated(ground: Ground) -> None:
    opening_ = "disclosure_open($1, $2, $3, $4, 'w', $5, 'r', $6, $7)"
    staff = demo_id("person", "staff-side-chair")

    def what(word: str, to: str, ground_: str = "SAFEGUARDING", safe: bool = True, why: str = "") -> tuple[Any, ...]:
        return (id_of(word), id_of(f"{word} room"), id_of("issue"), seat(to), ground_, safe, why)

    async with carried(ground) as under_way:
        await under_way.raised(
            "issue", RAISER, "CONFIDENTIAL", recipient=RECIPIENT, people=[staff], offices=[(JNC, "MANAGEMENT", "CHAIR")]
        )
        await under_way.raised("named", RAISER, "NAMED")
        for key in (NETWORK_OFFICER, RAISER, MANAGEMENT_CHAIR, OUTSIDER):
            await _refused(await under_way.as_(key), opening_, *what("d", NETWORK_OFFICER), what=key)
        recipient = await under_way.as_(RECIPIENT)
        for key in (STAFF_CHAIR, MANAGEMENT_CHAIR):
            await _refused(recipient, opening_, *what("d", key), what="to somebody implicated")
        await _refused(recipient, opening_, id_of("d"), uuid4(), id_of("issue"), uuid4(), "SAFEGUARDING", True, "")
        await _refused(
            recipient, opening_, id_of("d"), uuid4(), id_of("named"), seat(NETWORK_OFFICER), "SAFEGUARDING", True, ""
        )
        await _refused(recipient, opening_, *what("d", OUTSIDER), what="to a seat that is hidden")
        await under_way.do(opening_, *what("safe", NETWORK_OFFICER, "RAISER_CONSENT"))
        await under_way.do(opening_, *what("told", NETWORK_OFFICER))
        await under_way.do(opening_, *what("unsafe", NETWORK_OFFICER, safe=False, why="x"))
        await under_way.do(opening_, *what("silent", NETWORK_OFFICER, safe=False))
        disclose, consent = "identity_disclose($1)", "identity_consent($1)"
        for word in ("safe", "told", "silent"):
            await _refused(await under_way.as_(RECIPIENT), disclose, id_of(word), what=word)
        for key in (NETWORK_OFFICER, RECIPIENT, MANAGEMENT_CHAIR):
            await _refused(await under_way.as_(key), consent, id_of("safe"), what=f"consent in another's name, {key}")
        raiser = await under_way.as_(RAISER)
        for hidden in ("unsafe", "silent", "nothing"):
            await _refused(raiser, consent, id_of(hidden), what="what the raiser was not told of")
        await under_way.do(consent, id_of("safe"))
        await _refused(raiser, consent, id_of("safe"), what="twice")
        for key in (NETWORK_OFFICER, RAISER, MANAGEMENT_CHAIR):
            await _refused(await under_way.as_(key), disclose, id_of("safe"), what=key)
        assert await (await under_way.as_(NETWORK_OFFICER)).count("graph.identity_disclosure", THIS) == 0
        await under_way.as_(RECIPIENT)
        await under_way.do(disclose, id_of("safe"))
        await _refused(under_way.entered, disclose, id_of("safe"), what="twice")
        await _done(under_way.entered, disclose, id_of("unsafe"))
        told = await under_way.as_(NETWORK_OFFICER)
        assert await told.count("graph.identity_disclosure", f"{THIS} and display_name is not null") == 1
        assert await told.count("graph.raiser", "issue_id = $1", id_of("issue")) == 0, (
            "told a name, and not let into the vault"
        )
        assert await (await under_way.as_(RAISER)).count("graph.identity_disclosure", THIS) == 2, (
            "what the raiser is told of"
        )


async def whoever_is_implicated_sees_nothing_of_it_in_any_capacity(ground: Ground) -> None:
    """By name or by office, in a seat, in all seats, and as what they become later."""
    chair = demo_id("person", "network-chair")
    offices = [(JNC, "MANAGEMENT", "CHAIR"), (JNC, "STAFF", "CHAIR")]
    async with carried(ground) as under_way:
        await under_way.raised(
            "issue", RAISER, "CONFIDENTIAL", recipient=NETWORK_OFFICER, people=[chair], offices=offices
        )
        await under_way.sent("first", NETWORK_OFFICER, RAISER, "NETWORK_TO_JNC", JNC, issue="issue")
        rooms = [
            id_of(f"{word} {room}") for word in ("issue", "first") for room in ("room", "own", "identity", "content")
        ]
        for key in (RECIPIENT, MANAGEMENT_CHAIR, STAFF_CHAIR):
            for merge in (False, True):
                implicated = await under_way.as_(key, merge=merge)
                for table in ground.tables:
                    if table.may_read and table.has_room:
                        assert await implicated.count(table.name, "room_id = any($1)", rooms) == 0, (
                            key,
                            merge,
                            table.name,
                        )
                assert await implicated.count("graph.room", "id = any($1)", rooms) == 0, (key, merge)
        for key in (MANAGEMENT_SECRETARY, STAFF_SECRETARY):
            other = await under_way.as_(key)
            assert await other.count("graph.escalation_step", "id = $1", id_of("first")) == 1, f"{key}, the control"
            assert await other.count("graph.bar", "room_id = any($1)", rooms) == 0, f"{key} learns who is implicated"
            assert await other.state("select count(*) from graph.bar_office") == NOT_ALLOWED
        # the chair changes seats: still the person who was implicated
        await under_way.as_(STAFF_CHAIR)
        who, chosen = under_way.people[STAFF_CHAIR]
        await under_way.do(
            GRANT, id_of("as a member"), uuid4(), JNC, None, demo_id("person", "staff-side-chair"), "STAFF", "MEMBER"
        )
        await under_way.do("seat_end($1, now())", chosen)
        for at, merge in ((id_of("as a member"), False), (None, True)):
            await under_way.enter(who, at, merge=merge)
            assert await under_way.entered.count("graph.room", "id = $1", JOINT) == 1
            assert await under_way.entered.count("graph.room", "id = any($1)", rooms) == 0, "after stepping down"


async def whoever_comes_into_an_office_that_is_implicated_sees_nothing_of_it(ground: Ground) -> None:
    """Nor can they be entrusted with the name; and what was sent before and after is closed to them alike."""
    offices = [(JNC, "MANAGEMENT", "VICE_CHAIR"), (RACE, "NETWORK", "VICE_CHAIR")]
    rooms = [id_of(f"{word} {room}") for word in ("issue", "first") for room in ("room", "own", "identity", "content")]
    secretary = await ground.admin.fetchval(
        "select person_id from graph.seat where id = $1", seat(MANAGEMENT_SECRETARY)
    )
    member = await ground.admin.fetchval("select person_id from graph.seat where id = $1", seat(OTHER_MEMBER))
    async with carried(ground) as under_way:
        await under_way.raised("issue", RAISER, "CONFIDENTIAL", recipient=RECIPIENT, offices=offices)
        await under_way.sent("first", NETWORK_OFFICER, RAISER, "NETWORK_TO_JNC", JNC, issue="issue")
        assert await (await under_way.as_(MANAGEMENT_SECRETARY)).count("graph.room", "id = any($1)", rooms) == 2, (
            "the control"
        )
        await under_way.as_(MANAGEMENT_CHAIR)
        await under_way.do(GRANT, id_of("vice"), uuid4(), JNC, None, secretary, "MANAGEMENT", "VICE_CHAIR")
        await under_way.as_(RECIPIENT)
        await under_way.do(GRANT, id_of("networks vice"), uuid4(), RACE, None, member, "NETWORK", "VICE_CHAIR")
        for key, at in ((MANAGEMENT_SECRETARY, id_of("vice")), (OTHER_MEMBER, id_of("networks vice"))):
            await under_way.as_(key)
            for chosen in (at, under_way.people[key][1]):
                await under_way.enter(under_way.people[key][0], chosen)
                assert await under_way.entered.count("graph.room", "id = any($1)", rooms) == 0, (key, chosen)
        await under_way.as_(RECIPIENT)
        assert await under_way.entered.count("graph.seat", "id = $1", id_of("networks vice")) == 1
        await under_way.as_(RAISER)
        # and a recipient who comes into it knows no more than anybody
        opening_ = "disclosure_open($1, $2, $3, $4, 'w', 'SAFEGUARDING', 'r', false, 'x')"
        await under_way.as_(RECIPIENT)
        await under_way.do(opening_, id_of("before"), uuid4(), id_of("issue"), seat(NETWORK_OFFICER))
        await under_way.do(
            GRANT, uuid4(), uuid4(), RACE, None, demo_id("person", "network-chair"), "NETWORK", "VICE_CHAIR"
        )
        await under_way.as_(RECIPIENT)
        await _refused(under_way.entered, opening_, uuid4(), uuid4(), id_of("issue"), seat(NETWORK_OFFICER))
        await _refused(under_way.entered, "identity_disclose($1)", id_of("before"))
        await under_way.as_(RAISER)
        choosing = await under_way.entered.state(
            "select access.recipient_choose($1, $2)", id_of("issue"), id_of("networks vice")
        )
        assert choosing == REFUSED, choosing


async def what_all_who_could_take_it_are_part_of_goes_back(ground: Ground) -> None:
    """And never to the other side."""
    staff = [row["person_id"] for row in await ground.admin.fetch(
        "select person_id from graph.seat where forum_id = $1 and side = 'STAFF' and office in ('CHAIR', 'CO_CHAIR', 'VICE_CHAIR', 'SECRETARY',"
        " 'FULL_TIME_OFFICIAL')", JNC)]  # fmt: skip
    async with carried(ground) as under_way:
        await under_way.raised("issue", NETWORK_OFFICER, "NAMED", offices=[(JNC, "STAFF", office) for office in
            ("CHAIR", "CO_CHAIR", "VICE_CHAIR", "SECRETARY", "FULL_TIME_OFFICIAL")])  # fmt: skip
        assert staff
        await under_way.drafted("first", NETWORK_OFFICER, "NETWORK_TO_JNC", JNC, issue="issue")
        assert await under_way.consented("first", NETWORK_OFFICER) == "NO_RECEIVER"
        for key in (MANAGEMENT_CHAIR, STAFF_CHAIR, MANAGEMENT_SECRETARY, STAFF_SECRETARY):
            assert await (await under_way.as_(key)).count("graph.escalation_step", "id = $1", id_of("first")) == 0, key


# Themes ------------------------------------------------------------------------------------------------------------------


SPF: Final = forum("north-east/spf")
REGIONAL_CHAIR: Final = "regional-chair"


async def _regional(under_way: Carried) -> Entered:
    await under_way.enter(account(REGIONAL_CHAIR), None)
    return under_way.entered


def _offer(ground: Ground, word: str, key: str, body: UUID, trust: str, room: UUID, spf: UUID = SPF) -> str:
    return ground.table("graph.theme_offer").insert(
        id=f"'{id_of(word)}'", room_id=f"'{room}'", forum_id=f"'{body}'", organisation_id=f"'{demo_id('organisation', trust)}'",
        spf_id=f"'{spf}'", category="'BEST_PRACTICE'", period="'2026-Q2'",
    )  # fmt: skip


async def one_trust_is_no_three_and_no_trust_is_named_by_one_side(ground: Ground) -> None:
    count = "theme_count($1, $2, $3)"
    async with carried(ground) as under_way:
        staff = await under_way.as_(STAFF_CHAIR)
        assert await staff.state(_offer(ground, "o", STAFF_CHAIR, forum("RR7/jnc"), "RR7", JOINT)) == NOT_ALLOWED, (
            "another trust's"
        )
        await ground.app.execute(_offer(ground, "own", STAFF_CHAIR, JNC, "RTD", JOINT))
        for number, trust, room in (
            (1, "RR7", personal(STAFF_CHAIR)),
            (2, "RVW", room_id("RTD/jnc", Purpose.STAFF_SIDE)),
        ):
            await ground.app.execute(_offer(ground, f"forged {number}", STAFF_CHAIR, JNC, trust, room))
            await _refused(staff, count, id_of(f"forged {number}"), uuid4(), uuid4(), what="in another's name")
        await under_way.do(count, id_of("own"), id_of("theme"), id_of("theme room"))
        signature = ground.table("graph.theme_signature")
        signing = signature.insert(room_id=f"'{JOINT}'", offer_id=f"'{id_of('own')}'", side="'MANAGEMENT'")
        assert await staff.state(signing) == NOT_ALLOWED, "for the other side"
        await ground.app.execute(signature.insert(room_id=f"'{JOINT}'", offer_id=f"'{id_of('own')}'"))
        await under_way.do(count, id_of("own"), id_of("theme"), id_of("theme room"))
        region = await _regional(under_way)
        assert await region.count("graph.theme", "category = 'BEST_PRACTICE' and period = '2026-Q2'") == 0, (
            "one trust, counted thrice or named by one side"
        )
        assert await region.count("graph.theme_offer", "category = 'BEST_PRACTICE' and period = '2026-Q2'") == 0
        for key in (OUTSIDER, NETWORK_OFFICER, RAISER):
            entered = await under_way.as_(key)
            await _refused(entered, count, id_of("own"), uuid4(), uuid4(), what=key)
            assert await entered.count("graph.theme_offer", "id = $1", id_of("own")) == 0, key
        management = await under_way.as_(MANAGEMENT_CHAIR)
        await _refused(management, count, uuid4(), uuid4(), uuid4())
        await ground.app.execute(signature.insert(room_id=f"'{JOINT}'", offer_id=f"'{id_of('own')}'"))
        await under_way.do(count, id_of("own"), id_of("theme"), id_of("theme room"))
        region = await _regional(under_way)
        shown = await region.connection.fetch("select trusts from graph.theme where id = $1", id_of("theme"))
        assert [row["trusts"] for row in shown] == [1], "both sides signed, the control"
        await _refused(
            region, "admit($1, $2, $3, false)", id_of("theme room"), SPF, "MANAGEMENT_SIDE", what="into a theme"
        )


async def what_was_offered_behind_the_other_sides_back_does_not_count(ground: Ground) -> None:
    """In a side's own room it is no offer of the body's, and in another trust's name none of that trust's."""
    trusts = ("RTD", *OTHER_TRUSTS)
    chairs = {trust: seat_key(trust, "jnc", Side.STAFF, Office.CHAIR, "jnc staff chair") for trust in trusts}
    managers = {
        trust: seat_key(trust, "jnc", Side.MANAGEMENT, Office.CHAIR, "jnc management chair") for trust in trusts
    }
    about = "category = 'BEST_PRACTICE' and period = '2026-Q2'"
    async with carried(ground) as under_way:
        await under_way.as_(chairs["RTD"])
        await ground.app.execute(
            _offer(ground, "behind", chairs["RTD"], JNC, "RTD", room_id("RTD/jnc", Purpose.STAFF_SIDE))
        )
        for trust in OTHER_TRUSTS:
            await under_way.as_(chairs[trust])
            await ground.app.execute(
                _offer(
                    ground, trust, chairs[trust], forum(f"{trust}/jnc"), trust, room_id(f"{trust}/jnc", Purpose.JOINT)
                )
            )
            await under_way.do("theme_count($1, $2, $3)", id_of(trust), uuid4(), uuid4())
        assert await (await _regional(under_way)).count("graph.theme", about) == 0, (
            "two trusts, and one side of a third"
        )
    signature = ground.table("graph.theme_signature")
    async with carried(ground) as under_way:
        other = OTHER_TRUSTS[0]
        await under_way.as_(chairs["RTD"])
        await ground.app.execute(_offer(ground, "forged", chairs["RTD"], JNC, other, JOINT))
        for key in (chairs["RTD"], managers["RTD"]):
            await under_way.as_(key)
            await ground.app.execute(signature.insert(room_id=f"'{JOINT}'", offer_id=f"'{id_of('forged')}'"))
        await under_way.as_(chairs[other])
        await ground.app.execute(
            _offer(ground, "own", chairs[other], forum(f"{other}/jnc"), other, room_id(f"{other}/jnc", Purpose.JOINT))
        )
        await under_way.do("theme_count($1, $2, $3)", id_of("own"), uuid4(), uuid4())
        assert await (await _regional(under_way)).count("graph.theme", about) == 0, (
            "named by another trust's signatures"
        )


async def a_theme_is_offered_to_the_trusts_own_region(ground: Ground) -> None:
    async with carried(ground) as under_way:
        await under_way.as_(STAFF_CHAIR)
        await ground.app.execute(_offer(ground, "astray", STAFF_CHAIR, JNC, "RTD", JOINT, spf=forum("nhs-england/spf")))
        await _refused(under_way.entered, "theme_count($1, $2, $3)", id_of("astray"), uuid4(), uuid4())


# What hidden and absent have in common ---------------------------------------------------------------------------------------


async def issues_steps_and_themes_that_are_hidden_are_as_absent(ground: Ground) -> None:
    """The same words for the id of something and of nothing, from every function."""
    async with carried_to_the_jnc(ground) as under_way:
        await under_way.raised("spoken", RAISER, "NAMED", SPEAK_UP)
        await under_way.as_(RECIPIENT)
        await under_way.do(
            "disclosure_open($1, $2, $3, $4, 'w', 'SAFEGUARDING', 'r', false, 'x')",
            id_of("told"),
            uuid4(),
            id_of("issue"),
            seat(NETWORK_OFFICER),
        )
        await under_way.as_(STAFF_CHAIR)
        await ground.app.execute(_offer(ground, "own", STAFF_CHAIR, JNC, "RTD", JOINT))
        gone = {"issue": uuid4(), "second": uuid4(), "spoken": uuid4(), "told": uuid4(), "own": uuid4()}
        for key in (OUTSIDER, MANAGEMENT_CHAIR):
            other = await under_way.as_(key)
            said = []
            for find in (id_of, gone.__getitem__):
                _, consent, digest, *rest = consenting("second")
                calls: list[tuple[str, tuple[Any, ...]]] = [
                    ("recipient_choose($1, $2)", (find("issue"), seat(RECIPIENT))),
                    (OPEN, (*opening("z", "NETWORK_TO_JNC", JNC)[:3], find("issue"), *opening("z", "NETWORK_TO_JNC", JNC)[4:])),
                    (CONSENT, (find("second"), consent, digest, *rest)),
                    (WITHDRAW, (find("second"), uuid4())),
                    ("step_ended($1)", (find("second"),)),
                    ("handover_take($1, 'r')", (find("spoken"),)),
                    ("interest_declare($1, null)", (find("issue"),)),
                    ("interest_declare(null, $1)", (find("second"),)),
                    ("disclosure_open($1, $2, $3, $4, 'w', 'SAFEGUARDING', 'r', true, '')", (uuid4(), uuid4(), find("issue"), seat(OUTSIDER))),
                    ("identity_consent($1)", (find("told"),)),
                    ("identity_disclose($1)", (find("told"),)),
                    ("trace_own($1, gen_random_uuid(), null, null, null, 'X', 'DONE', null, null, null, 'x', 's', 'd')", (find("issue"),)),
                ]  # fmt: skip
                if key == OUTSIDER:
                    calls.append(("theme_count($1, $2, $3)", (find("own"), uuid4(), uuid4())))
                said.append(
                    [(call, await other.said(f"select access.{call}", *arguments)) for call, arguments in calls]
                )
            assert said[0] == said[1], key
            assert {answer[0] for _, answer in said[0]} == {REFUSED}, key


Attack = Callable[[Ground], Awaitable[None]]
ISSUE_ATTACKS: Final[tuple[Attack, ...]] = (
    an_issue_is_raised_in_ones_own_body_or_with_the_guardian,
    a_name_is_entrusted_to_one_who_can_take_issues_there,
    nobody_but_raiser_and_recipient_opens_the_vault,
    what_one_raised_shows_in_the_seat_it_was_raised_from_or_in_none,
    what_was_raised_through_the_unions_sign_in_does_not_show_through_the_trusts,
    a_sign_in_of_ones_own_is_ones_own,
    a_step_is_drafted_by_who_holds_what_it_comes_from,
    whoever_is_barred_carries_nothing_on,
    whoever_is_barred_reads_no_note_of_it,
    whoever_is_barred_reads_no_notice_of_it,
    nothing_of_a_closed_issue_is_consented_to,
    where_a_step_may_go_is_for_those_who_hold_it,
    nothing_is_sent_without_its_raisers_consent,
    a_body_consents_only_to_what_it_raised_itself,
    consent_is_taken_back_by_who_gave_it,
    what_ends_a_step_is_said_by_its_receiver,
    what_is_handed_over_is_taken_by_the_guardian,
    nobody_speaks_as_the_raiser_but_the_raiser,
    a_question_that_is_hidden_is_not_tripped_over,
    nothing_hangs_on_a_step_that_is_hidden,
    a_raisers_trace_is_left_by_the_raiser,
    an_interest_is_declared_in_what_one_sees,
    whoever_steps_back_sees_nothing_of_what_a_step_became,
    an_identity_is_disclosed_by_its_recipient_to_nobody_implicated,
    whoever_is_implicated_sees_nothing_of_it_in_any_capacity,
    whoever_comes_into_an_office_that_is_implicated_sees_nothing_of_it,
    what_all_who_could_take_it_are_part_of_goes_back,
    one_trust_is_no_three_and_no_trust_is_named_by_one_side,
    what_was_offered_behind_the_other_sides_back_does_not_count,
    a_theme_is_offered_to_the_trusts_own_region,
    issues_steps_and_themes_that_are_hidden_are_as_absent,
)
