"""Same key, same answer (DESIGN section 6; THREATS E1-E3): however often, however parallel, one effect."""

import asyncio

import pytest

from tests.integrity.case import assert_whole, counted, drafted, entries, issued_code, key, opened, proposed, row
from tests.plugins.service import World

PARALLEL = 50


async def test_E1_fifty_submissions_with_one_key_make_one_response_and_fifty_equal_answers(world: World) -> None:
    case, same = await opened(world), key()
    before = await entries(world)
    answers = await asyncio.gather(
        *(
            case.network.act(
                "responseSubmit", "response { id stance submittedAt points { id } }",
                consulteeId=case.consultee, draftRevision=1, idempotencyKey=same,
            )
            for _ in range(PARALLEL)
        )
    )  # fmt: skip
    assert {answer.status for answer in answers} == {200}
    assert len({answer.raw for answer in answers}) == 1
    assert answers[0].problems() == []
    assert await counted(world, "select count(*) from graph.response where consultee_id = $1", row(case.consultee)) == 1
    assert await entries(world) == before + 1
    await assert_whole(world)


async def test_E1_fifty_refusals_with_one_key_are_one_refusal_and_one_entry(world: World) -> None:
    case, same = await opened(world), key()
    before = await world.everything()
    answers = await asyncio.gather(
        *(
            case.network.act("responseSubmit", "response { id }", consulteeId=case.consultee, draftRevision=7, idempotencyKey=same)
            for _ in range(PARALLEL)
        )
    )  # fmt: skip
    assert len({answer.raw for answer in answers}) == 1
    assert answers[0].problems() == ["STALE_REVISION"]
    after = await world.everything()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown.pop("graph.room_head", 1) == 1
    assert grown == {"graph.audit_entry": 1, "graph.audit_detail": 1, "graph.idempotency": 1}


async def test_E1_a_refusal_stays_the_answer_to_its_key_when_the_reason_is_gone(world: World) -> None:
    case, same = await proposed(await drafted(world)), key()
    said = {"consultationId": case.consultation, "expectedRevision": await case.revision(), "idempotencyKey": same}
    assert (await case.chair.act("consultationOpen", **said)).problems() == ["WRONG_STATE"]
    for person in (case.chair, case.staff):
        signed = await person.act("planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=key())
        assert signed.problems() == []
    assert (await case.chair.act("consultationOpen", **said)).problems() == ["WRONG_STATE"]


async def test_E2_a_key_with_another_input_is_refused_and_leaves_the_first_result(world: World) -> None:
    jnc, same = world.id("JointNegotiatingCommittee", "forum", "RTD/jnc"), key()
    chair = world.as_("management-chair")
    said = {"forumId": jnc, "title": "First", "body": "# First\n\nText.\n", "idempotencyKey": same}
    first = await chair.act("consultationDraft", "consultation { id title }", **said)
    assert first.problems() == []
    before = await world.everything()
    other = await chair.act("consultationDraft", "consultation { id }", **{**said, "title": "Second"})
    assert other.problems() == ["IDEMPOTENCY_KEY_REUSED"]
    assert other.only()["consultation"] is None
    assert await world.everything() == before
    again = await chair.act("consultationDraft", "consultation { id title }", **said)
    assert again.raw == first.raw


async def test_E3_the_same_key_from_another_seat_is_another_key_and_tells_nothing(world: World) -> None:
    case, same = await proposed(await drafted(world)), key()
    said = {"planId": case.plan, "contentHash": case.plan_hash, "idempotencyKey": same}
    outsider = world.as_("outsider")
    unused = await outsider.act("planSign", **said)
    for person in (case.chair, case.staff):
        assert (await person.act("planSign", **said)).problems() == []
    used = await outsider.act("planSign", **{**said, "planId": said["planId"]})
    assert unused.raw == used.raw
    assert used.problems() == ["NOT_FOUND"]


async def test_E3_one_key_serves_each_act_of_a_seat_apart(world: World) -> None:
    case, same = await proposed(await drafted(world)), key()
    for person in (case.chair, case.staff):
        signed = await person.act("planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=same)
        assert signed.problems() == []
    opening = await case.chair.act(
        "consultationOpen",
        consultationId=case.consultation,
        expectedRevision=await case.revision(),
        idempotencyKey=same,
    )
    assert opening.problems() == []


@pytest.mark.parametrize("bad", ["", "k" * 256])
async def test_a_key_that_cannot_be_kept_is_refused_and_nothing_is_written(world: World, bad: str) -> None:
    before = await world.everything()
    refused = await world.as_("management-chair").act(
        "consultationDraft",
        forumId=world.id("JointNegotiatingCommittee", "forum", "RTD/jnc"),
        title="T",
        body="# T\n\nText.\n",
        idempotencyKey=bad,
    )
    assert refused.problems() == ["IDEMPOTENCY_KEY_REQUIRED"]
    assert await world.everything() == before


async def test_a_key_and_its_holder_cannot_be_read_from_what_is_kept(world: World) -> None:
    same = key()
    case = await proposed(await drafted(world))
    await case.chair.act("planSign", planId=case.plan, contentHash=case.plan_hash, idempotencyKey=same)
    async with world.admin() as db:
        rows = await db.fetch("select key, outcome::text as outcome from graph.idempotency")
    assert all(same.encode() not in found["key"] and len(found["key"]) == 32 for found in rows)
    assert all(same not in found["outcome"] for found in rows)


async def test_E1_an_enrolment_asked_for_twice_with_one_key_gives_the_same_seat(world: World) -> None:
    code = await issued_code(world)
    bank = world.as_("bank-staff-twice")
    first = await bank.act("invitationAccept", "seat { id }", code=code, idempotencyKey="enrol")
    assert first.problems() == []
    again = await bank.act("invitationAccept", "seat { id }", code=code, idempotencyKey="enrol")
    assert again.raw == first.raw
    assert (await bank.act("invitationAccept", code=code, idempotencyKey="other")).problems() == ["NOT_FOUND"]
    thief = world.as_("bank-staff-thief")
    assert (await thief.act("invitationAccept", code=code, idempotencyKey="enrol")).problems() == ["NOT_FOUND"]


async def test_E1_ten_enrolments_at_once_with_one_key_make_one_person_and_one_seat(world: World) -> None:
    code = await issued_code(world)
    bank = world.as_("bank-staff-eager")
    answers = await asyncio.gather(
        *(bank.act("invitationAccept", "seat { id }", code=code, idempotencyKey="enrol") for _ in range(10))
    )
    assert len({answer.raw for answer in answers}) == 1
    assert answers[0].problems() == []
    query = "select count(*) from access.account a join graph.seat s on s.person_id = a.person_id where a.subject = $1"
    assert await counted(world, query, "bank-staff-eager") == 1


async def test_two_people_with_one_code_take_one_seat(world: World) -> None:
    code = await issued_code(world)
    answers = await asyncio.gather(
        *(
            world.as_(f"bank-staff-{number}").act("invitationAccept", code=code, idempotencyKey=key())
            for number in range(6)
        )
    )
    assert sorted(answer.problems() for answer in answers) == [[], *[["NOT_FOUND"]] * 5]
