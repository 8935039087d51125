"""A step's receiver acts on it, its sender and raiser read what came of it, and nobody acts out of turn or in bad words."""

from datetime import timedelta
from typing import Any

import pytest

from service.rules.bodies import Office, Side
from tests.journeys.issue_stage import (
    STEP,
    Matter,
    accepted,
    by_code,
    carrying,
    consented,
    drafted,
    raised,
    sent,
    step_seen,
)
from tests.journeys.stage import Cast, done, key, mark, random_like, refused, written
from tests.plugins.service import Person, World

TO_JNC, TO_BOARD = by_code("NETWORK_TO_JNC"), by_code("JNC_TO_BOARD")
RECEIVING: dict[str, dict[str, Any]] = {
    "stepAcknowledge": {},
    "stepAccept": {},
    "stepAsk": {"body": "Which wards?"},
    "stepNote": {"body": "Costly."},
    "stepPlace": {"title": "Release"},
    "stepReturn": {"reason": "Not ours."},
    "stepResolve": {"outcome": "Agreed."},
}


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
async def matter(cast: Cast) -> Matter:
    return await raised(cast, cast.member("race", 1), cast.forum("race"))


def said_of(act: str, step: str) -> dict[str, Any]:
    """A plausible input of an act of a step's receiver."""
    return {"stepId": step, **RECEIVING[act], **({"idempotencyKey": key()} if act == "stepResolve" else {})}


async def test_sender_sees_its_step_and_moves_nothing_of_it(cast: Cast, matter: Matter) -> None:
    step = await sent(matter, TO_JNC)
    for act in (
        "stepAcknowledge", "stepAccept", "stepAsk", "stepNote", "stepPlace", "stepReturn", "stepResolve",
    ):  # fmt: skip
        for person in (cast.chair("women"), cast.member("race", 2), cast.hr):
            await refused(person, act, "NOT_FOUND", field="stepId", **said_of(act, step["id"]))
        for person in (cast.chair("race"), cast.member("race", 1)):
            await refused(person, act, "NOT_PERMITTED", field=None, **said_of(act, step["id"]))
    await refused(
        cast.chair("race"),
        "stepRefer",
        "NOT_PERMITTED",
        stepId=step["id"],
        **carrying(by_code("JNC_REFERS_TO_EDI"), cast),
    )
    await refused(
        cast.chair("women"),
        "stepRefer",
        "NOT_FOUND",
        field="stepId",
        stepId=step["id"],
        **carrying(by_code("JNC_REFERS_TO_EDI"), cast),
    )


async def test_members_of_the_receiving_body_read_it_and_its_leads_act(cast: Cast, matter: Matter) -> None:
    step = await sent(matter, TO_JNC)
    manager = cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 1")
    assert (await step_seen(manager, step["id"]))["state"] == "SENT"
    await refused(manager, "stepAccept", "NOT_PERMITTED", stepId=step["id"])
    await done(cast.secretariat, "stepAcknowledge", "step { state acknowledgedOn }", stepId=step["id"])
    await refused(cast.secretariat, "stepAccept", "NOT_PERMITTED", stepId=step["id"])
    await done(cast.staff, "stepAccept", "step { state }", stepId=step["id"])


async def test_acts_out_of_turn_are_refused_and_change_nothing(cast: Cast, matter: Matter) -> None:
    step = await sent(matter, TO_JNC)
    by = cast.management
    for act in ("stepPlace", "stepResolve"):
        await refused(by, act, "WRONG_STATE", **said_of(act, step["id"]))
    await refused(by, "stepRefer", "WRONG_STATE", stepId=step["id"], **carrying(by_code("JNC_REFERS_TO_EDI"), cast))
    await refused(by, "issueEscalate", "WRONG_STATE", stepId=step["id"], **carrying(TO_BOARD, cast))
    await done(by, "stepAccept", stepId=step["id"])
    for act in ("stepAcknowledge", "stepAccept"):
        await refused(by, act, "WRONG_STATE", **said_of(act, step["id"]))
    await done(by, "stepReturn", stepId=step["id"], reason="Not ours.")
    for act in RECEIVING:
        await refused(by, act, "WRONG_STATE", **said_of(act, step["id"]))
    await refused(by, "stepAsk", "WRONG_STATE", stepId=step["id"], body="Hm?")
    await refused(by, "stepNote", "WRONG_STATE", stepId=step["id"], body="Hm.")
    await refused(by, "stepReturn", "WRONG_STATE", stepId=step["id"], reason="Hm.")
    await refused(matter.raiser, "stepAnswer", "WRONG_STATE", raising=True, stepId=step["id"], body="Too late.")


async def test_stale_revision_is_told_and_nothing_is_done_twice(cast: Cast, matter: Matter) -> None:
    step = await sent(matter, TO_JNC)
    by = cast.management
    for act in ("stepAcknowledge", "stepAccept", "stepReturn"):
        await refused(
            by, act, "STALE_REVISION", field="expectedRevision", expectedRevision=1, **said_of(act, step["id"])
        )
    await done(by, "stepAccept", stepId=step["id"], expectedRevision=2)
    for act in ("stepPlace", "stepResolve"):
        await refused(
            by, act, "STALE_REVISION", field="expectedRevision", expectedRevision=2, **said_of(act, step["id"])
        )
    refer = carrying(by_code("JNC_REFERS_TO_EDI"), cast)
    await refused(
        by, "stepRefer", "STALE_REVISION", field="expectedRevision", stepId=step["id"], expectedRevision=2, **refer
    )
    await refused(
        by,
        "issueEscalate",
        "STALE_REVISION",
        field="expectedRevision",
        stepId=step["id"],
        expectedRevision=2,
        **carrying(TO_BOARD, cast),
    )
    said = said_of("stepResolve", step["id"]) | {"expectedRevision": 3}
    first = await by.act("stepResolve", f"step {{ {STEP} }}", **said)
    assert first.only()["step"]["state"] == "RESOLVED"
    before = await mark(cast.world)
    assert (await by.act("stepResolve", f"step {{ {STEP} }}", **said)).raw == first.raw
    assert await written(cast.world, before) == {}


@pytest.mark.parametrize(
    ("act", "field", "most"),
    [
        ("stepAsk", "body", 5_000),
        ("stepNote", "body", 10_000),
        ("stepReturn", "reason", 2_000),
        ("stepResolve", "outcome", 10_000),
        ("stepPlace", "title", 200),
    ],
)
async def test_words_of_a_receiver_are_of_a_length_and_hold_no_controls(
    cast: Cast, matter: Matter, act: str, field: str, most: int
) -> None:
    step = await accepted(matter, TO_JNC)
    for code, text in (
        ("REQUIRED", ""),
        ("REQUIRED", "\u00a0\n"),
        ("TOO_LONG", "x" * (most + 1)),
        ("INVALID", "a\u0007b"),
        ("INVALID", "a\u202eb"),
        ("INVALID", "\u001b[31m"),
    ):
        await refused(cast.management, act, code, field=field, **said_of(act, step["id"]) | {field: text})
    await done(cast.management, act, **said_of(act, step["id"]) | {field: "é" * most})


async def test_words_of_a_summary_and_an_answer_too(cast: Cast, matter: Matter) -> None:
    chair = cast.chair("race")
    for code, text in (("REQUIRED", ""), ("TOO_LONG", "x" * 10_001), ("INVALID", "a\u0007b"), ("INVALID", "\u2067x")):
        said = carrying(TO_JNC, cast, text) | {"issueId": matter.id}
        await refused(chair, "issueEscalate", code, field="summary", **said)
    step = await accepted(matter, TO_JNC, text="é" * 10_000)
    refer = by_code("JNC_REFERS_TO_EDI")
    for code, text in (("REQUIRED", ""), ("TOO_LONG", "x" * 10_001), ("INVALID", "a\u0007b")):
        await refused(
            cast.management, "stepRefer", code, field="summary", stepId=step["id"], **carrying(refer, cast, text)
        )
    for code, text in (("REQUIRED", ""), ("TOO_LONG", "x" * 5_001), ("INVALID", "a\u0007b")):
        await refused(matter.raiser, "stepAnswer", code, field="body", raising=True, stepId=step["id"], body=text)
    await refused(
        cast.management, "stepRefer", "NO_ROUTE", field="toForumId", stepId=step["id"], **carrying(TO_BOARD, cast)
    )


async def test_what_is_carried_on_is_one_thing_that_one_holds(cast: Cast, matter: Matter) -> None:
    chair = cast.chair("race")
    await refused(chair, "issueEscalate", "INVALID", field="issueId", **carrying(TO_JNC, cast))
    step = await sent(matter, TO_JNC)
    await refused(
        chair,
        "issueEscalate",
        "INVALID",
        field="issueId",
        issueId=matter.id,
        stepId=step["id"],
        **carrying(TO_JNC, cast),
    )
    for wrong in (random_like(matter.id), step["id"], cast.forum("race"), "nonsense"):
        await refused(chair, "issueEscalate", "NOT_FOUND", field="issueId", issueId=wrong, **carrying(TO_JNC, cast))
    await refused(
        cast.chair("women"), "issueEscalate", "NOT_FOUND", field="issueId", issueId=matter.id, **carrying(TO_JNC, cast)
    )
    await refused(chair, "issueEscalate", "NOT_PERMITTED", stepId=step["id"], **carrying(TO_JNC, cast))
    await refused(cast.member("race", 1), "issueEscalate", "NOT_PERMITTED", issueId=matter.id, **carrying(TO_JNC, cast))
    for wrong in (random_like(cast.forum("jnc")), matter.id, "nonsense", ""):
        await refused(
            chair,
            "issueEscalate",
            "NO_ROUTE",
            field="toForumId",
            issueId=matter.id,
            **carrying(TO_JNC, cast) | {"toForumId": wrong},
        )


async def test_agenda_takes_a_day_that_lies_ahead_and_the_receiver_alone_reads_it(cast: Cast, matter: Matter) -> None:
    step, today = await accepted(matter, TO_JNC), cast.world.today
    by = cast.management
    for code, days in (("IN_THE_PAST", -1), ("TOO_FAR_AHEAD", 732)):
        said = {"stepId": step["id"], "title": "Release", "meetsOn": str(today + timedelta(days=days))}
        await refused(by, "stepPlace", code, field="meetsOn", **said)
    await refused(
        by, "stepPlace", "INVALID", field="meetsOn", traced=False, stepId=step["id"], title="R", meetsOn="2999-01-01"
    )
    await done(by, "stepPlace", stepId=step["id"], title="Release", meetsOn=str(today + timedelta(days=731)))
    listed = "query($id: ID!) { forum(id: $id) { agendaItems(first: 100) { edges { node { title step { id } } } } } }"
    found = (await cast.staff.ask(listed, id=cast.forum("jnc"))).only()["agendaItems"]["edges"]
    assert step["id"] in [edge["node"]["step"]["id"] for edge in found]
    assert (await cast.chair("race").ask(listed, id=cast.forum("jnc"))).only()["agendaItems"]["edges"] == []


async def test_side_answers_for_its_own_item_and_the_raiser_for_a_record(cast: Cast, matter: Matter) -> None:
    record = await sent(matter, by_code("NETWORK_TO_JNC_STAFF_SIDE"))
    await done(cast.staff, "stepAsk", stepId=record["id"], body="Since when?")
    await refused(cast.chair("race"), "stepAnswer", "NOT_PERMITTED", stepId=record["id"], body="Since May.")
    await refused(
        cast.chair("women"), "stepAnswer", "NOT_FOUND", field="stepId", stepId=record["id"], body="Since May."
    )
    await done(matter.raiser, "stepAnswer", "step { messages { office side } }", stepId=record["id"], body="Since May.")
    await done(cast.staff, "stepAccept", stepId=record["id"])
    item = await sent(matter, by_code("JNC_STAFF_SIDE_TO_JNC"), record["id"])
    await done(cast.management, "stepAsk", stepId=item["id"], body="Whose is it?")
    await refused(matter.raiser, "stepAnswer", "NOT_PERMITTED", raising=True, stepId=item["id"], body="Mine.")
    await done(cast.staff, "stepAnswer", stepId=item["id"], body="Ours.")
    there = await step_seen(cast.management, item["id"])
    assert (there["fromChannel"], there["issue"], there["consent"]) == ("STAFF_SIDE", None, None)
    assert record["id"] not in str(there)
    assert "RAISER" not in str(there)
    assert await step_seen(cast.management, record["id"]) is None


async def test_own_item_with_a_raiser_behind_it_looks_as_one_without(cast: Cast, matter: Matter) -> None:
    """Management compares, field by field, what came of a member's issue with what the staff side raised by itself."""
    record = await accepted(matter, by_code("NETWORK_TO_JNC_STAFF_SIDE"))
    theirs = await sent(matter, by_code("JNC_STAFF_SIDE_TO_JNC"), record["id"])
    alone = await raised(cast, cast.staff, cast.forum("jnc"), identity="OFFICE")
    ours = await sent(alone, by_code("JNC_STAFF_SIDE_TO_JNC"))
    for person in (cast.management, cast.secretariat):
        seen = [await step_seen(person, each) for each in (theirs["id"], ours["id"])]
        for each in seen:
            each.pop("id")
        assert seen[0] == seen[1]


async def test_network_officers_read_where_the_second_hop_stands_and_not_what_was_written(
    cast: Cast, matter: Matter
) -> None:
    first = await accepted(matter, TO_JNC)
    second = await sent(matter, TO_BOARD, first["id"], "For the board's eyes.")
    chair: Person = cast.chair("race")
    board = cast.seat("board", Side.INDEPENDENT, Office.CHAIR, "board chair")
    await done(board, "stepAccept", stepId=second["id"])
    await done(board, "stepNote", stepId=second["id"], body="What would it cost?")
    for person in (chair, cast.member("race", 1)):
        found = await step_seen(person, second["id"])
        assert (found["state"], found["acceptedOn"]) == ("ACCEPTED", str(cast.world.today))
        assert found["notes"]["edges"] == []
        assert (found["summary"] is None) is (person is chair)
    assert [each["id"] for each in (await matter.seen(chair))["steps"]] == [first["id"], second["id"]]
    assert (await step_seen(board, second["id"]))["onward"] == []
    assert await step_seen(board, first["id"]) is None
    assert await matter.seen(board) is None
    await done(board, "stepReturn", stepId=second["id"], reason="Decide it yourselves.")
    assert (await step_seen(cast.management, second["id"]))["reason"] == "Decide it yourselves."
    assert (await step_seen(cast.management, first["id"]))["state"] == "ACCEPTED", "one level back, and no further"
    assert (await matter.seen())["state"] == "CARRIED"
    await done(cast.management, "stepResolve", stepId=first["id"], outcome="Release is agreed.", idempotencyKey=key())
    assert (await step_seen(chair, first["id"]))["outcome"] == "Release is agreed."


async def test_draft_waits_for_its_consent_and_is_told_apart_by_its_key(cast: Cast, matter: Matter) -> None:
    chair, said = cast.chair("race"), carrying(TO_JNC, cast) | {"issueId": matter.id}
    first = await chair.act("issueEscalate", "step { id state }", **said)
    before = await mark(cast.world)
    assert (await chair.act("issueEscalate", "step { id state }", **said)).raw == first.raw
    assert await written(cast.world, before) == {}
    step = await drafted(matter, TO_JNC)
    assert step["id"] != first.only()["step"]["id"]
    assert (await consented(matter, step))["state"] == "SENT"
    assert [each["state"] for each in (await matter.seen(chair))["steps"]] == ["AWAITING_CONSENT", "SENT"]
