"""Consent: to exactly this text, taken back at any time, also by somebody who has left the network and the trust."""

import pytest

from service.demo.shapes import demo_id
from service.rules.bodies import ForumKind, Office, Side
from tests.journeys.issue_stage import (
    STEP,
    accepted,
    by_code,
    carrying,
    drafted,
    forum_id,
    found_anywhere,
    leave,
    notices,
    raised,
    raising,
    sent,
    step_seen,
)
from tests.journeys.stage import Cast, done, key, mark, random_like, refused, written
from tests.plugins.service import World

TO_JNC = by_code("NETWORK_TO_JNC")


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
def race(cast: Cast) -> str:
    return cast.forum("race")


async def test_nobody_but_its_raiser_consents_and_only_to_the_text_that_stands(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await drafted(matter, TO_JNC)
    good = {"stepId": step["id"], "contentHash": step["summary"]["contentHash"], "idempotencyKey": key()}
    for person in (cast.member("race", 2), cast.management, cast.staff, cast.hr):
        await refused(person, "consentGive", "NOT_FOUND", field="stepId", **good | {"idempotencyKey": key()})
    await refused(cast.chair("race"), "consentGive", "NOT_PERMITTED", **good | {"idempotencyKey": key()})
    await refused(cast.chair("race"), "consentWithdraw", "NOT_PERMITTED", stepId=step["id"])
    for odd in (
        "",
        "0" * 64,
        step["summary"]["contentHash"].upper(),
        step["summary"]["contentHash"] + " ",
        "\u0007",
        "x" * 9_999,
    ):
        said = good | {"contentHash": odd, "idempotencyKey": key()}
        await refused(matter.raiser, "consentGive", "HASH_MISMATCH", field="contentHash", raising=True, **said)
    for nothing in (random_like(step["id"]), matter.id, "nonsense", ""):
        said = good | {"stepId": nothing, "idempotencyKey": key()}
        await refused(matter.raiser, "consentGive", "NOT_FOUND", field="stepId", **said)
    assert await step_seen(cast.management, step["id"]) is None
    first = await matter.raiser.act("consentGive", f"step {{ {STEP} }}", **good)
    assert first.only()["step"]["consent"]["byOffice"] is False
    before = await mark(cast.world)
    assert (await matter.raiser.act("consentGive", f"step {{ {STEP} }}", **good)).raw == first.raw
    assert await written(cast.world, before) == {}
    reused = good | {"contentHash": "0" * 64}
    assert (await matter.raiser.act("consentGive", **reused)).problems() == ["IDEMPOTENCY_KEY_REUSED"]
    said = good | {"idempotencyKey": key()}
    await refused(matter.raiser, "consentGive", "WRONG_STATE", raising=True, **said)


async def test_each_hop_needs_a_consent_of_its_own_to_its_own_text(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    first = await accepted(matter, TO_JNC)
    second = await drafted(matter, by_code("JNC_TO_BOARD"), first["id"], "Release is refused across the trust.")
    board = cast.seat("board", Side.INDEPENDENT, Office.CHAIR, "board chair")
    assert await step_seen(board, second["id"]) is None
    old = {"stepId": second["id"], "contentHash": first["summary"]["contentHash"], "idempotencyKey": key()}
    await refused(matter.raiser, "consentGive", "HASH_MISMATCH", field="contentHash", raising=True, **old)
    await refused(cast.management, "consentGive", "NOT_PERMITTED", **old | {"idempotencyKey": key()})
    good = {"stepId": second["id"], "contentHash": second["summary"]["contentHash"], "idempotencyKey": key()}
    await done(matter.raiser, "consentGive", "step { state }", **good)
    there = await step_seen(board, second["id"])
    assert (there["summary"]["body"], there["fromName"]) == ("Release is refused across the trust.", first["toName"])
    # the network's officers read where it stands, and not what was written for the board
    upstream = await step_seen(cast.chair("race"), second["id"])
    assert (upstream["state"], upstream["toName"], upstream["summary"], upstream["messages"]) == (
        "SENT",
        there["toName"],
        None,
        [],
    )


async def test_taken_back_before_it_is_accepted_the_text_is_gone_from_the_database(cast: Cast, race: str) -> None:
    for acknowledge in (False, True):
        word = f"Thistlewood{acknowledge}"
        matter = await raised(cast, cast.member("race", 1), race, body="Told in general.")
        step = await sent(matter, TO_JNC, text=f"It was {word}.")
        await done(cast.management, "stepAsk", stepId=step["id"], body=f"Who is {word}?")
        if acknowledge:
            await done(cast.management, "stepAcknowledge", stepId=step["id"])
        taken = await done(matter.raiser, "consentWithdraw", "step { state }", stepId=step["id"])
        assert taken["step"]["state"] == "WITHDRAWN"
        assert await found_anywhere(cast.world, word) == []
        there = await step_seen(cast.management, step["id"])
        today = str(cast.world.today)
        assert (there["summary"]["body"], there["summary"]["withdrawnOn"], there["consentWithdrawnOn"]) == (
            "",
            today,
            today,
        )
        assert (await matter.seen())["state"] == "WITHDRAWN"
        assert "WITHDRAWN" in [each["state"] for each in await notices(cast.member("race", 3), race)]
        for act, said in (("stepAccept", {}), ("stepAsk", {"body": "Why?"}), ("stepReturn", {"reason": "No."})):
            await refused(cast.management, act, "WRONG_STATE", stepId=step["id"], **said)
        for act in ("consentWithdraw",):
            await refused(matter.raiser, act, "ALREADY_WITHDRAWN", raising=True, stepId=step["id"])
        await refused(
            matter.raiser, "consentGive", "ALREADY_WITHDRAWN", raising=True, stepId=step["id"],
            contentHash=step["summary"]["contentHash"], idempotencyKey=key(),
        )  # fmt: skip


async def test_refused_before_it_was_sent_it_never_reaches_anybody(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await drafted(matter, TO_JNC, text="It was Bramblehurst.")
    await done(matter.raiser, "consentWithdraw", stepId=step["id"])
    assert await step_seen(cast.management, step["id"]) is None
    assert await found_anywhere(cast.world, "Bramblehurst") == []


async def test_taken_back_afterwards_the_receiver_is_told_and_decides(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await accepted(matter, TO_JNC)
    await done(matter.raiser, "consentWithdraw", stepId=step["id"])
    there = await step_seen(cast.management, step["id"])
    assert (there["state"], there["consentWithdrawnOn"]) == ("ACCEPTED", str(cast.world.today))
    assert there["summary"]["body"] == step["summary"]["body"]
    await refused(matter.raiser, "consentWithdraw", "ALREADY_WITHDRAWN", raising=True, stepId=step["id"])
    await done(
        cast.management, "stepResolve", "step { state }", stepId=step["id"], outcome="Closed at the raiser's wish.",
        idempotencyKey=key(),
    )  # fmt: skip
    other = await accepted(await raised(cast, cast.member("race", 1), race), TO_JNC)
    await done(cast.management, "stepReturn", stepId=other["id"], reason="Not ours.")


async def test_an_ended_step_has_no_consent_to_take_back(cast: Cast, race: str) -> None:
    matter = await raised(cast, cast.member("race", 1), race)
    step = await sent(matter, TO_JNC)
    await done(cast.management, "stepReturn", stepId=step["id"], reason="Not ours.")
    await refused(matter.raiser, "consentWithdraw", "WRONG_STATE", raising=True, stepId=step["id"])


async def test_body_that_raised_it_itself_takes_its_own_back(cast: Cast, race: str) -> None:
    chair = cast.chair("race")
    matter = await raised(cast, chair, race, identity="OFFICE")
    step = await drafted(matter, TO_JNC)
    assert (step["state"], step["consent"]["byOffice"]) == ("SENT", True)
    await refused(cast.chair("women"), "consentWithdraw", "NOT_FOUND", field="stepId", stepId=step["id"])
    await refused(cast.management, "consentWithdraw", "NOT_PERMITTED", stepId=step["id"])
    taken = await done(cast.secretary("race"), "consentWithdraw", "step { state }", stepId=step["id"])
    assert taken["step"]["state"] == "WITHDRAWN"
    await refused(chair, "consentWithdraw", "ALREADY_WITHDRAWN", stepId=step["id"])


async def test_raiser_who_left_network_and_trust_reads_and_acts_on_their_own_issue_and_on_nothing_else(
    fresh_world: World,
) -> None:
    cast = Cast(fresh_world)
    race, member = cast.forum("race"), cast.member("race", 3)
    listing = "{ viewer { issues(first: 50) { edges { node { id } } } } }"
    known = (await member.ask(listing)).only()["issues"]["edges"]  # the demo's
    matter = await raised(cast, member, race, identity="CONFIDENTIAL", recipientSeatId=cast.chair("race").seat)
    other = await raised(cast, cast.member("race", 2), race)
    step = await drafted(matter, TO_JNC)
    gone = member.acting_as(None)
    await leave(fresh_world, demo_id("person", member.subject))
    assert await gone.seats() == []
    assert (await member.ask("{ viewer { seats { id } } }")).fault == "BAD_REQUEST"
    listed = (await gone.ask(listing)).only()["issues"]["edges"]
    assert [edge for edge in listed if edge not in known] == [{"node": {"id": matter.id}}]
    assert len(listed) == len(known) + 1
    own = await matter.seen(gone)
    assert (own["mine"], [each["id"] for each in own["steps"]]) == (True, [step["id"]])
    assert await other.seen(gone) is None
    for forum in (race, cast.forum("jnc"), forum_id(cast, ForumKind.FREEDOM_TO_SPEAK_UP)):
        assert (await gone.ask("query($id: ID!) { forum(id: $id) { id } }", id=forum)).only() is None
    await refused(gone, "issueRaise", "NOT_PERMITTED", traced=False, **raising(race))
    await refused(gone, "messageSend", "NOT_PERMITTED", traced=False, issueId=other.id, body="Hm.")
    await refused(gone, "issueEscalate", "NOT_PERMITTED", traced=False, issueId=matter.id, **carrying(TO_JNC, cast))
    await done(gone, "messageSend", issueId=matter.id, body="I have left; carry on.")
    await done(
        gone, "consentGive", "step { state }", stepId=step["id"], contentHash=own["steps"][0]["summary"]["contentHash"],
        idempotencyKey=key(),
    )  # fmt: skip
    await done(cast.management, "stepAsk", stepId=step["id"], body="Which wards?")
    await done(gone, "stepAnswer", stepId=step["id"], body="4 and 5.")
    await done(gone, "consentWithdraw", "step { state }", stepId=step["id"])
    assert (await step_seen(cast.management, step["id"]))["state"] == "WITHDRAWN"
    await done(gone, "issueClose", "issue { state }", issueId=matter.id, reason="I have left.")
