"""Acts that meet (THREATS E4-E6): one final state, every accepted step on top of the one before, nothing lost."""

import asyncio
from typing import Any

import pytest

from tests.integrity.case import (
    POLICY,
    Case,
    assert_whole,
    close,
    counted,
    done,
    drafted,
    key,
    opened,
    proposed,
    row,
    settled,
)
from tests.integrity.races import queued
from tests.plugins.service import Answer, World

ROUNDS = [pytest.param(3, id="normal"), pytest.param(40, id="deep", marks=pytest.mark.deep)]
TAKEN_ALREADY = {"WRONG_STATE", "STALE_REVISION", "ALREADY_SIGNED"}


async def assert_chained(case: Case) -> None:
    """Each accepted step of the consultation stands on the revision before it, and the last is the row's."""
    async with case.world.admin() as db:
        steps = await db.fetch(
            "select revision from graph.event where target_id = $1 and revision is not null order by sequence",
            row(case.consultation),
        )
    revisions = [step["revision"] for step in steps]
    assert revisions == sorted(set(revisions))
    assert not revisions or revisions[-1] <= await case.revision()


def sign(person: Any, case: Case) -> Any:
    return person.act("consultationSign", **case.signature(), idempotencyKey=key())


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_E4_both_sides_sign_at_once_and_it_is_agreed_once(world: World, rounds: int) -> None:
    for _ in range(rounds):
        case = await settled(world)
        before = await case.revision()
        answers = await asyncio.gather(sign(case.chair, case), sign(case.staff, case))
        assert [answer.problems() for answer in answers] == [[], []]
        assert await case.state() == {"state": "CONCLUDED", "revision": before + 2, "conclusion": "AGREED"}
        await assert_chained(case)
    await assert_whole(world)


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_E4_one_side_cannot_sign_twice_however_fast(world: World, rounds: int) -> None:
    for _ in range(rounds):
        case = await settled(world)
        answers = await asyncio.gather(*(sign(case.chair, case) for _ in range(6)))
        assert sorted(answer.problems() for answer in answers) == [[], *[["ALREADY_SIGNED"]] * 5]
        assert (await case.state())["state"] == "CLOSED"
        query = "select count(*) from graph.signature where policy_version_id = $1"
        assert await counted(world, query, row(case.version)) == 1


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_E4_the_last_signature_and_a_withdrawal_at_once_leave_one_of_the_two(world: World, rounds: int) -> None:
    ended = set()
    for turn in range(rounds):
        case = await settled(world)
        await done(case.chair, "consultationSign", **case.signature(), idempotencyKey=key())
        revision = await case.revision()

        def withdraw(case: Case = case, revision: int = revision) -> Any:
            return case.chair.act(
                "consultationWithdraw", consultationId=case.consultation, expectedRevision=revision, reason="A new law."
            )

        steps = [sign(case.staff, case), withdraw()]
        answers: list[Answer] = await asyncio.gather(*(steps if turn % 2 else reversed(steps)))
        said = [answer.problems() for answer in answers]
        assert said.count([]) == 1
        assert {code for problems in said for code in problems} <= TAKEN_ALREADY
        state = await case.state()
        assert state["revision"] == revision + 1
        assert (state["state"], state["conclusion"]) in {("CONCLUDED", "AGREED"), ("WITHDRAWN", None)}
        signed = await counted(
            world, "select count(*) from graph.signature where policy_version_id = $1", row(case.version)
        )
        assert signed == (2 if state["state"] == "CONCLUDED" else 1)
        ended.add(state["state"])
        await assert_chained(case)


async def test_E4_a_signature_cannot_agree_a_plan_that_another_has_just_replaced(world: World) -> None:
    case = await proposed(await drafted(world))
    await done(case.chair, "planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=key())
    revision = await case.revision()
    replaced, late = await queued(
        world,
        "graph.consultation",
        row(case.consultation),
        lambda: case.chair.act(
            "consultationPlan", consultationId=case.consultation, expectedRevision=revision, channels=["Meeting"],
            options=[{"title": "Never"}, {"title": "Always"}], opensOn=str(world.today),
            consulteeForumIds=[world.id("StaffNetwork", "forum", "RTD/carers")],
            closesOn=str(world.today.replace(year=world.today.year + 1)),
        ),
        lambda: case.staff.act("planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=key()),
    )  # fmt: skip
    assert replaced.problems() == []
    assert late.problems() == ["WRONG_STATE"]
    assert (await case.state())["state"] == "DRAFT"
    assert await counted(world, "select count(*) from graph.signature where plan_id = $1", row(case.plan)) == 1


async def test_E4_going_ahead_alone_cannot_follow_the_other_sides_signature(world: World) -> None:
    case = await proposed(await drafted(world))
    await done(case.chair, "planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=key())
    signed, alone = await queued(
        world,
        "graph.consultation",
        row(case.consultation),
        lambda: case.staff.act("planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=key()),
        lambda: case.chair.act("planProceed", planId=case.plan, reason="They do not answer."),
    )
    assert signed.problems() == []
    assert alone.problems() == ["WRONG_STATE"]
    assert await counted(world, "select count(*) from graph.missing_signature where plan_id = $1", row(case.plan)) == 0


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_E5_of_eight_editors_of_one_revision_one_wins_and_seven_are_told(world: World, rounds: int) -> None:
    case = await drafted(world)
    for turn in range(rounds):
        revision = await case.revision()
        answers = await asyncio.gather(
            *(
                case.chair.act(
                    "policyVersionAdd", "policyVersion { number }", consultationId=case.consultation,
                    expectedRevision=revision, title=f"By editor {editor}", body=f"{POLICY}\n## 2 Turn {turn}\n\nEditor {editor}.\n",
                )
                for editor in range(8)
            )
        )  # fmt: skip
        assert sorted(answer.problems() for answer in answers) == [[], *[["STALE_REVISION"]] * 7]
        assert await case.revision() == revision + 1
    numbers = "select count(*) from graph.policy_version where consultation_id = $1"
    assert await counted(world, numbers, row(case.consultation)) == rounds + 1


async def test_E5_editors_who_read_again_lose_no_edit(world: World) -> None:
    case = await opened(world)

    async def edit(editor: int, edits: int) -> None:
        asked = "query($id: ID!) { node(id: $id) { ... on Consultee { responseDraft { revision minorityViews } } } }"
        for number in range(edits):
            while True:
                draft = (await case.network.ask(asked, id=case.consultee)).data["node"]["responseDraft"]
                saved = await case.network.act(
                    "responseDraft", consulteeId=case.consultee, stance="SUPPORT", draftRevision=draft["revision"],
                    minorityViews=[*draft["minorityViews"], f"Editor {editor}, edit {number}"],
                )  # fmt: skip
                if saved.problems() == []:
                    break
                assert saved.problems() == ["STALE_REVISION"]

    await asyncio.gather(*(edit(editor, 4) for editor in range(3)))
    asked = "query($id: ID!) { node(id: $id) { ... on Consultee { responseDraft { revision minorityViews } } } }"
    draft = (await case.network.ask(asked, id=case.consultee)).data["node"]["responseDraft"]
    assert sorted(draft["minorityViews"]) == sorted(f"Editor {e}, edit {n}" for e in range(3) for n in range(4))
    assert draft["revision"] == 13


async def test_E5_of_two_first_drafts_of_one_response_one_is_told_of_the_other(world: World) -> None:
    case = await proposed(await drafted(world))
    for person in (case.chair, case.staff):
        await done(person, "planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=key())
    await done(
        case.chair,
        "consultationOpen",
        consultationId=case.consultation,
        expectedRevision=await case.revision(),
        idempotencyKey=key(),
    )
    asked = (
        "query($id: ID!) { node(id: $id) { ... on Consultation { consultees(first: 9) { edges { node { id } } } } } }"
    )
    consultee = (await case.network.ask(asked, id=case.consultation)).data["node"]["consultees"]["edges"][0]["node"]
    answers = await asyncio.gather(
        *(case.network.act("responseDraft", consulteeId=consultee["id"], stance="SUPPORT") for _ in range(4))
    )
    assert sorted(answer.problems() for answer in answers) == [[], *[["STALE_REVISION"]] * 3]


async def test_E6_no_outcome_changes_under_a_signature(world: World) -> None:
    case = await settled(world)
    signed, changed = await queued(
        world,
        "graph.consultation",
        row(case.consultation),
        lambda: sign(case.staff, case),
        lambda: case.chair.act("outcomeRecord", pointId=case.point, decision="REJECTED", reason="Another reason."),
    )
    assert signed.problems() == []
    assert changed.problems() == ["WRONG_STATE"]
    assert await counted(world, "select revision from graph.outcome where point_id = $1", row(case.point)) == 1


async def test_E6_no_version_is_added_under_the_last_signature(world: World) -> None:
    case = await settled(world)
    await done(case.chair, "consultationSign", **case.signature(), idempotencyKey=key())
    revision = await case.revision()
    added, signed = await queued(
        world,
        "graph.consultation",
        row(case.consultation),
        lambda: case.chair.act(
            "policyVersionAdd",
            consultationId=case.consultation,
            expectedRevision=revision,
            title="Sly",
            body="# Sly\n\nOther words.\n",
        ),
        lambda: sign(case.staff, case),
    )
    assert added.problems() == []
    assert signed.problems() != []
    assert (await case.state())["conclusion"] is None


@pytest.mark.parametrize("first", ["response", "signature"])
async def test_E6_no_response_comes_in_as_the_consultation_ends(world: World, first: str) -> None:
    case = await settled(world, respond=False)
    await done(case.chair, "consultationSign", **case.signature(), idempotencyKey=key())
    steps = [
        lambda: case.network.act("responseSubmit", consulteeId=case.consultee, draftRevision=1, idempotencyKey=key()),
        lambda: sign(case.staff, case),
    ]
    order = steps if first == "response" else steps[::-1]
    answers = await queued(world, "graph.consultee", row(case.consultee), *order)
    assert answers[0].problems() == []
    told = {"LATE_UNDECIDED", "OPEN_POINTS"} if first == "response" else {"WRONG_STATE"}
    assert set(answers[1].problems()) == told
    responses = await counted(world, "select count(*) from graph.response where consultee_id = $1", row(case.consultee))
    assert (responses, (await case.state())["state"]) == ((1, "CLOSED") if first == "response" else (0, "CONCLUDED"))


async def test_E6_one_body_is_asked_once_however_many_ask_it_at_once(world: World) -> None:
    case = await opened(world)
    carers = world.id("StaffNetwork", "forum", "RTD/carers")
    answers = await asyncio.gather(
        *(
            person.act("consulteeAdd", consultationId=case.consultation, forumId=carers)
            for person in (case.chair, case.staff) * 3
        )
    )
    assert sorted(answer.problems() for answer in answers) == [[], *[["INVALID"]] * 5]
    query = "select count(*) from graph.consultee where consultation_id = $1"
    assert await counted(world, query, row(case.consultation)) == 2


async def test_E6_an_extension_and_its_replacement_at_once_move_the_closing_to_one_day(world: World) -> None:
    case = await opened(world)

    async with world.admin() as db:
        until = await db.fetchval(
            "select closes_at + interval '20 days' from graph.consultation where id = $1", row(case.consultation)
        )
    revision = await case.revision()
    said = {"consultationId": case.consultation, "expectedRevision": revision, "reason": "A holiday."}
    first = await done(
        case.chair, "extensionPropose", "extension { id contentHash }", closesOn=str(until.date()), **said
    )
    revision = await case.revision()
    replaced, signed = await queued(
        world,
        "graph.consultation",
        row(case.consultation),
        lambda: case.chair.act(
            "extensionPropose",
            **{**said, "closesOn": str(until.date()), "expectedRevision": revision, "reason": "Another."},
        ),
        lambda: case.staff.act(
            "extensionSign", extensionId=first["id"], contentHash=first["contentHash"], idempotencyKey=key()
        ),
    )  # fmt: skip
    assert replaced.problems() == []
    assert signed.problems() == ["WRONG_STATE"]


async def test_E6_accepting_and_declining_a_joiner_at_once_is_decided_once(world: World) -> None:
    race = world.id("StaffNetwork", "forum", "RTD/race")
    joiner = world.as_("rtd-001")
    asked = await joiner.acting_as((await joiner.seats())[0]["id"]).act(
        "membershipJoin", "membershipRequest { id }", forumId=race
    )
    assert asked.problems() == []
    request = asked.only()["membershipRequest"]["id"]
    chair = world.as_("network-chair")
    answers = await asyncio.gather(
        chair.act("membershipAccept", requestId=request), chair.act("membershipDecline", requestId=request)
    )
    assert sorted(answer.problems() == [] for answer in answers) == [False, True]
    accepted = answers[0].problems() == []
    async with world.admin() as db:
        state = await db.fetchval("select state from graph.membership_request where id = $1", row(request))
    assert state == ("ACCEPTED" if accepted else "DECLINED")
    await assert_whole(world)


async def test_E4_a_response_and_a_withdrawal_at_once_leave_no_response_in_a_withdrawn_consultation(
    world: World,
) -> None:
    for turn in range(2):
        case = await opened(world)
        revision = await case.revision()
        steps = [
            case.network.act("responseSubmit", consulteeId=case.consultee, draftRevision=1, idempotencyKey=key()),
            case.chair.act(
                "consultationWithdraw", consultationId=case.consultation, expectedRevision=revision, reason="A new law."
            ),
        ]
        submitted, withdrawn = await asyncio.gather(*(steps if turn % 2 else reversed(steps)))
        if turn % 2 == 0:
            submitted, withdrawn = withdrawn, submitted
        assert withdrawn.problems() == []
        assert submitted.problems() in ([], ["WRONG_STATE"])
        assert (await case.state())["state"] == "WITHDRAWN"
        await close(case)
