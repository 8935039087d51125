"""From a draft to opening: who sees what, the plan and its signatures, and every reason why not yet."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from service.rules.bodies import Office, Side
from service.rules.calendar import add_working_days
from tests.journeys.stage import (
    CHANGED,
    POLICY,
    TITLE,
    Cast,
    assessment,
    done,
    drafted,
    key,
    nodes,
    opened,
    plan_input,
    planned,
    random_like,
    refused,
    seen,
)
from tests.plugins.service import World


@pytest.fixture
def cast(world: World) -> Iterator[Cast]:
    yield Cast(world)


async def test_neither_side_sees_the_others_draft_and_may_not_touch_it(cast: Cast) -> None:
    for drafter, other in ((cast.management, cast.staff), (cast.staff, cast.management)):
        case = await drafted(cast, drafter)
        mine = await seen(drafter, case.id)
        assert (mine["state"], mine["revision"]) == ("DRAFT", 1)
        for stranger in (other, cast.secretariat, cast.chair("race"), cast.union_chair, cast.hr):
            assert await seen(stranger, case.id) is None
        said = {"expectedRevision": 1, "title": TITLE, "body": CHANGED}
        for version in (case.id, random_like(case.id)):
            await refused(
                other, "policyVersionAdd", "NOT_FOUND", field="consultationId", consultationId=version, **said
            )


async def test_drafter_is_told_which_field_of_the_draft_is_wrong(cast: Cast) -> None:
    good = {"forumId": cast.forum("jnc"), "title": TITLE, "body": POLICY}

    async def wrong(code: str, field: str, **said: Any) -> None:
        await refused(cast.management, "consultationDraft", code, field=field, idempotencyKey=key(), **(good | said))

    await wrong("REQUIRED", "title", title=" ")
    await wrong("INVALID", "title", title="Two\nlines")
    await wrong("TOO_LONG", "title", title="x" * 201)
    await wrong("REQUIRED", "body", body="\n")
    await wrong("TOO_LONG", "body", body="x" * 100_001)
    await wrong("TOO_DEEP", "body", body="> " * 40 + "deep")
    await wrong("TOO_MANY", "body", body="\n\n".join(["clause"] * 2_001))
    await wrong("INVALID", "body", body="left \u202e right")
    await wrong("TOO_LONG", "summary", summary="x" * 5_001)
    await wrong("NOT_PERMITTED", None, forumId=cast.forum("safety"))  # type: ignore[arg-type]
    await wrong("NOT_FOUND", "forumId", forumId=cast.forum("unison"))
    await wrong("NOT_FOUND", "forumId", forumId=random_like(cast.forum("jnc")))
    await wrong("NOT_FOUND", "forumId", forumId=cast.world.id("Board", "forum", "RTD/jnc"))
    edi_chair = cast.seat("edi", Side.MANAGEMENT, Office.CHAIR, "chief executive")
    await refused(
        edi_chair, "consultationDraft", "INVALID", field="forumId", idempotencyKey=key(),
        **(good | {"forumId": cast.forum("edi")}),
    )  # fmt: skip


async def test_only_leads_of_the_owning_forum_draft(cast: Cast) -> None:
    good = {"forumId": cast.forum("jnc"), "title": TITLE, "body": POLICY}
    manager = cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 1")
    for person in (manager, cast.secretariat, cast.safety_management, cast.chair("race"), cast.union_chair, cast.hr):
        await refused(person, "consultationDraft", "NOT_PERMITTED", idempotencyKey=key(), **good)


async def test_drafter_adds_versions_and_sees_the_word_difference(cast: Cast) -> None:
    case = await drafted(cast)
    first = await case.version()
    await case.change()
    answer = await cast.management.ask(
        "query($id: ID!, $since: ID!) { node(id: $id) { ... on PolicyVersion {"
        " number differences(since: $since) { kind text } } } }",
        id=(await case.version())["id"], since=first["id"],
    )  # fmt: skip
    found = answer.data["node"]
    assert found["number"] == 2
    assert [(d["kind"], d["text"].strip()) for d in found["differences"] if d["kind"] != "EQUAL"] == [
        ("DELETED", "six"),
        ("INSERTED", "eight"),
    ]


async def test_version_is_refused_when_stale_unchanged_or_the_papers_are_closed(cast: Cast) -> None:
    case = await drafted(cast)
    said: dict[str, Any] = {"consultationId": case.id, "expectedRevision": 1, "title": TITLE, "body": CHANGED}
    person = cast.management
    await refused(
        person, "policyVersionAdd", "STALE_REVISION", field="expectedRevision", **(said | {"expectedRevision": 2})
    )
    await refused(person, "policyVersionAdd", "INVALID", field="body", **(said | {"body": POLICY}))
    await refused(person, "policyVersionAdd", "REQUIRED", field="title", **(said | {"title": ""}))
    await refused(person, "policyVersionAdd", "TOO_LONG", field="changeNote", **said, changeNote="x" * 2_001)
    manager = cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 1")
    await refused(manager, "policyVersionAdd", "NOT_PERMITTED", field=None, **said)
    await case.assess()
    await case.sign_plan(await case.plan())
    said["expectedRevision"] = await case.revision()
    await refused(person, "policyVersionAdd", "WRONG_STATE", field=None, **said)
    await case.open()
    said["expectedRevision"] = await case.revision()
    await refused(person, "policyVersionAdd", "WRONG_STATE", field=None, **said)
    await refused(cast.chair("race"), "policyVersionAdd", "NOT_PERMITTED", field=None, **said)
    await refused(cast.member("race"), "policyVersionAdd", "NOT_PERMITTED", field=None, **said)
    await refused(cast.chair("lgbt"), "policyVersionAdd", "NOT_FOUND", field="consultationId", **said)


async def test_assessment_is_of_the_latest_version_and_has_been_made(cast: Cast) -> None:
    case = await drafted(cast)
    old = await case.version()
    await case.change()
    new = await case.version()
    person, today = cast.management, cast.world.today
    said: dict[str, Any] = {
        "consultationId": case.id,
        "expectedRevision": 2,
        "policyVersionId": new["id"],
        **assessment(today),
    }
    act = "impactAssessmentRecord"
    await refused(person, act, "NOT_LATEST_VERSION", field="policyVersionId", **(said | {"policyVersionId": old["id"]}))
    nothing = random_like(old["id"])
    await refused(person, act, "NOT_FOUND", field="policyVersionId", **(said | {"policyVersionId": nothing}))
    tomorrow = str(today + timedelta(days=1))
    await refused(person, act, "IN_THE_FUTURE", field="assessedOn", **(said | {"assessedOn": tomorrow}))
    await refused(person, act, "INVALID", field="assessedOn", traced=False, **(said | {"assessedOn": "1800-01-01"}))
    for name in ("groups", "findings", "mitigations"):
        await refused(person, act, "REQUIRED", field=name, **(said | {name: " "}))
        await refused(person, act, "TOO_LONG", field=name, **(said | {name: "x" * 5_001}))
    await refused(person, act, "STALE_REVISION", **(said | {"expectedRevision": 1}))
    await refused(cast.staff, act, "NOT_FOUND", field="consultationId", **said)
    other = await opened(cast)
    version = await other.version()
    elsewhere = said | {"consultationId": other.id, "expectedRevision": await other.revision()}
    await refused(person, act, "WRONG_STATE", **(elsewhere | {"policyVersionId": version["id"]}))
    await refused(cast.secretariat, act, "NOT_PERMITTED", **(elsewhere | {"policyVersionId": version["id"]}))
    await refused(cast.chair("race"), act, "NOT_PERMITTED", **(elsewhere | {"policyVersionId": version["id"]}))


async def test_planner_is_told_which_part_of_the_plan_is_wrong(cast: Cast) -> None:
    case = await drafted(cast)
    today = cast.world.today
    good = {"consultationId": case.id, "expectedRevision": 1, **plan_input(cast, ("race", "women"))}
    race = cast.forum("race")

    async def wrong(code: str, field: str, **said: Any) -> None:
        await refused(cast.management, "consultationPlan", code, field=field, **(good | said))

    await wrong("STALE_REVISION", "expectedRevision", expectedRevision=9)
    await wrong("REQUIRED", "options", options=[])
    await wrong("TOO_MANY", "options", options=[{"title": "one"}] * 21)
    await wrong("REQUIRED", "options.1.title", options=[{"title": "one"}, {"title": ""}])
    await wrong("TOO_LONG", "options.0.detail", options=[{"title": "one", "detail": "x" * 5_001}])
    await wrong("REQUIRED", "channels", channels=[])
    await wrong("INVALID", "channels.0", channels=["two\nlines"])
    await wrong("REQUIRED", "consulteeForumIds", consulteeForumIds=[])
    await wrong("TOO_MANY", "consulteeForumIds", consulteeForumIds=[race] * 61)
    await wrong("INVALID", "consulteeForumIds.1", consulteeForumIds=[race, race])
    await wrong("INVALID", "consulteeForumIds.0", consulteeForumIds=[cast.forum("jnc")])
    await wrong("NOT_FOUND", "consulteeForumIds.1", consulteeForumIds=[race, random_like(race)])
    await wrong("NOT_FOUND", "consulteeForumIds.0", consulteeForumIds=[cast.forum("unison")])
    await wrong("NOT_FOUND", "consulteeForumIds.0", consulteeForumIds=[cast.world.id("Board", "forum", "RTD/race")])
    await wrong(
        "NOT_FOUND", "consulteeForumIds.0", consulteeForumIds=[cast.world.id("StaffNetwork", "forum", "RR7/race")]
    )
    await wrong("IN_THE_PAST", "opensOn", opensOn=str(today - timedelta(days=1)))
    await wrong("DATE_ORDER", "closesOn", closesOn=str(today))
    await wrong("TOO_SHORT_PERIOD", "closesOn", closesOn=str(add_working_days(today, 19)))
    await wrong("TOO_FAR_AHEAD", "closesOn", closesOn=str(today + timedelta(days=6 * 366)))
    await wrong("INVALID", "redundancy", redundancy=facts(cast))
    await refused(
        cast.management,
        "consultationPlan",
        "INVALID",
        field="closesOn",
        traced=False,
        **(good | {"closesOn": "9999-12-31"}),
    )
    mine = await drafted(cast, cast.staff)
    said = good | {"consultationId": mine.id, "consulteeForumIds": [cast.forum("unison")]}
    await refused(cast.staff, "consultationPlan", "INVALID", field="consulteeForumIds.0", **said)
    await refused(cast.management, "consultationPlan", "NOT_FOUND", field="consultationId", **said)


async def test_a_new_plan_takes_the_place_of_a_signed_one_and_its_signatures(cast: Cast) -> None:
    case = await planned(cast)
    assert (await case.seen())["state"] == "PLANNED"
    second = await case.plan("race", person=cast.staff)
    found = await case.seen()
    assert found["state"] == "DRAFT"
    assert [(p["number"], p["state"], len(p["signatures"])) for p in nodes(found["plans"])] == [
        (1, "SUPERSEDED", 2),
        (2, "PROPOSED", 0),
    ]
    first = nodes(found["plans"])[0]
    await refused(
        cast.management, "planSign", "WRONG_STATE", field="planId", planId=first["id"],
        contentHash=first["contentHash"], idempotencyKey=key(),
    )  # fmt: skip
    await refused(
        cast.management, "consultationOpen", "WRONG_STATE", consultationId=case.id,
        expectedRevision=found["revision"], idempotencyKey=key(),
    )  # fmt: skip
    await refused(cast.management, "planProceed", "WRONG_STATE", planId=first["id"], reason="Late.")
    await case.sign_plan(second)
    assert (await case.seen())["state"] == "PLANNED"


async def test_one_side_cannot_sign_twice_nor_for_the_other_nor_other_words(cast: Cast) -> None:
    case = await drafted(cast)
    plan = await case.plan()
    said = {"planId": plan["id"], "contentHash": plan["contentHash"]}
    for person in (cast.management_secretary, cast.staff_secretary, cast.secretariat):
        await refused(person, "planSign", "NOT_PERMITTED", field=None, idempotencyKey=key(), **said)
    for person in (cast.chair("race"), cast.union_chair, cast.safety_staff, cast.hr):
        await refused(person, "planSign", "NOT_FOUND", field="planId", idempotencyKey=key(), **said)
    wrong = said | {"contentHash": "0" * 64}
    await refused(cast.management, "planSign", "HASH_MISMATCH", field="contentHash", idempotencyKey=key(), **wrong)
    await case.sign_plan(plan, cast.management)
    people_director = cast.seat("jnc", Side.MANAGEMENT, Office.VICE_CHAIR, "people director")
    for person in (cast.management, people_director):
        await refused(person, "planSign", "ALREADY_SIGNED", field=None, idempotencyKey=key(), **said)
    assert (await case.seen())["state"] == "DRAFT"
    await case.sign_plan(plan, cast.staff)
    await refused(cast.staff, "planSign", "WRONG_STATE", idempotencyKey=key(), **said)


async def test_a_side_goes_ahead_alone_only_after_its_own_signature_and_with_the_reason_on_record(cast: Cast) -> None:
    case = await drafted(cast)
    await case.assess()
    plan = await case.plan()
    said = {"planId": plan["id"], "reason": "No answer in three weeks, and two reminders."}
    await refused(cast.management, "planProceed", "SIGNATURE_MISSING", **said)
    await refused(
        cast.management, "planProceed", "REQUIRED", "SIGNATURE_MISSING", field="reason", **(said | {"reason": " "})
    )
    await case.sign_plan(plan, cast.staff)
    await refused(cast.staff, "planProceed", "TOO_LONG", field="reason", **(said | {"reason": "x" * 5_001}))
    await refused(cast.management, "planProceed", "SIGNATURE_MISSING", field="planId", **said)
    await refused(cast.management_secretary, "planProceed", "NOT_PERMITTED", field=None, **said)
    await refused(cast.chair("race"), "planProceed", "NOT_FOUND", field="planId", **said)
    await done(cast.staff, "planProceed", "plan { state }", **said)
    found = await case.seen()
    assert found["state"] == "PLANNED"
    (row,) = nodes(found["plans"])
    assert (row["state"], row["missingSignatures"]) == ("AGREED", [{"side": "MANAGEMENT", "reason": said["reason"]}])
    await refused(cast.staff, "planProceed", "WRONG_STATE", **said)
    await case.open(cast.staff)
    assert (await case.seen())["state"] == "OPEN"


async def test_opening_waits_for_the_plan_its_day_and_an_assessment(cast: Cast) -> None:
    today = cast.world.today
    case = await drafted(cast)
    said: dict[str, Any] = {"consultationId": case.id, "expectedRevision": 1}
    act = "consultationOpen"
    await refused(cast.management, act, "WRONG_STATE", idempotencyKey=key(), **said)
    later = today + timedelta(days=7)
    plan = await case.plan(opensOn=str(later), closesOn=str(add_working_days(later, 20)))
    await case.sign_plan(plan)
    said["expectedRevision"] = await case.revision()
    await refused(cast.management, act, "DATE_ORDER", field=None, idempotencyKey=key(), **said)
    plan = await case.plan()
    await case.sign_plan(plan)
    await refused(cast.management, act, "STALE_REVISION", idempotencyKey=key(), **said)
    said["expectedRevision"] = await case.revision()
    await refused(cast.management, act, "REQUIRED", field=None, idempotencyKey=key(), **said)
    await case.assess(cast.staff)
    said["expectedRevision"] = await case.revision()
    for person in (cast.secretariat, cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 1")):
        await refused(person, act, "NOT_PERMITTED", field=None, idempotencyKey=key(), **said)
    await refused(cast.chair("race"), act, "NOT_FOUND", field="consultationId", idempotencyKey=key(), **said)
    await case.open(cast.staff)
    said["expectedRevision"] = await case.revision()
    await refused(cast.management, act, "WRONG_STATE", idempotencyKey=key(), **said)
    await refused(cast.chair("race"), act, "NOT_PERMITTED", idempotencyKey=key(), **said)
    await refused(cast.staff, "consultationPlan", "WRONG_STATE", field=None, **said, **plan_input(cast, ("race",)))
    await refused(
        cast.secretariat, "consultationPlan", "NOT_PERMITTED", field=None, **said, **plan_input(cast, ("race",))
    )


async def test_opened_late_it_must_still_stay_open_for_the_minimum(cast: Cast) -> None:
    case = await planned(cast)
    await cast.world.pass_time(case.id, 3)
    said = {"consultationId": case.id, "expectedRevision": await case.revision(), "idempotencyKey": key()}
    await refused(cast.management, "consultationOpen", "TOO_SHORT_PERIOD", field=None, **said)


def facts(cast: Cast, **more: Any) -> dict[str, Any]:
    """Statutory facts that keep the law."""
    today = cast.world.today
    return {
        "employees": 24,
        "establishment": "Records store (invented)",
        "within90Days": True,
        "consultationWithRepresentativesBeganOn": str(today),
        "firstDismissalOn": str(today + timedelta(days=30)),
        "hr1SubmittedOn": str(today),
    } | more


async def test_redundancy_keeps_the_clock_of_the_statute_and_no_network_answers_for_it(cast: Cast) -> None:
    today = cast.world.today
    case = await drafted(cast, kind="COLLECTIVE_REDUNDANCY")
    await case.assess()
    good = {"consultationId": case.id, "expectedRevision": 2, **plan_input(cast, ("race",))}
    good["closesOn"] = str(today + timedelta(days=10))

    async def wrong(code: str, field: str, *more: str, **said: Any) -> None:
        await refused(
            cast.management,
            "consultationPlan",
            code,
            *more,
            field=f"redundancy.{field}",
            **good,
            redundancy=facts(cast, **said),
        )

    await refused(cast.management, "consultationPlan", "REQUIRED", field="redundancy", **good)
    began = "consultationWithRepresentativesBeganOn"
    await wrong("REPRESENTATIVES_NOT_CONSULTED", began, **{began: None})
    await wrong(
        "STATUTORY_PERIOD", "firstDismissalOn", "HR1_TOO_LATE", firstDismissalOn=str(today + timedelta(days=29))
    )
    await wrong("STATUTORY_PERIOD", "firstDismissalOn", "HR1_TOO_LATE", employees=100)
    await wrong("HR1_TOO_LATE", "hr1SubmittedOn", hr1SubmittedOn=None)
    await wrong("INVALID", "employees", employees=0)
    await wrong("REQUIRED", "establishment", establishment=" ")
    tomorrow = today + timedelta(days=1)
    later = facts(cast, **{began: str(tomorrow)}, firstDismissalOn=str(tomorrow + timedelta(days=30)))
    await case.sign_plan(await case.plan("race", closesOn=good["closesOn"], redundancy=later))
    said = {"consultationId": case.id, "expectedRevision": await case.revision(), "idempotencyKey": key()}
    await refused(cast.management, "consultationOpen", "REPRESENTATIVES_NOT_CONSULTED", field=None, **said)
    await case.sign_plan(await case.plan("race", closesOn=good["closesOn"], redundancy=facts(cast)))
    await case.open()
    race = cast.chair("race")
    assert [n["missingSignatures"] for n in nodes((await case.seen(race))["plans"])] == []
    shown = "query($id: ID!) { node(id: $id) { ... on Consultation { plans(first: 9) { edges { node { redundancy { employees } } } } } } }"
    assert nodes((await cast.staff.ask(shown, id=case.id)).data["node"]["plans"])[-1] == {
        "redundancy": {"employees": 24}
    }


async def test_staff_side_and_management_ask_one_more_body_and_not_twice(cast: Cast) -> None:
    case = await opened(cast)
    lgbt, chair = cast.forum("lgbt"), cast.chair("lgbt")
    assert await case.seen(chair) is None
    await done(cast.staff, "consulteeAdd", "consultee { state }", consultationId=case.id, forumId=lgbt)
    assert (await case.seen(chair))["state"] == "OPEN"
    act, said = "consulteeAdd", {"consultationId": case.id}
    for forum in (lgbt, cast.forum("race"), cast.forum("jnc")):
        await refused(cast.management, act, "INVALID", field="forumId", forumId=forum, **said)
    for forum in (cast.forum("unison"), random_like(cast.forum("unison"))):
        await refused(cast.management, act, "NOT_FOUND", field="forumId", forumId=forum, **said)
    await refused(cast.secretariat, act, "NOT_PERMITTED", forumId=cast.forum("faith"), **said)
    await refused(chair, act, "NOT_PERMITTED", forumId=cast.forum("faith"), **said)
    await refused(cast.chair("faith"), act, "NOT_FOUND", field="consultationId", forumId=cast.forum("faith"), **said)
    async with cast.world.admin() as db:
        await db.execute("update graph.forum set closed_on = current_date where local_name = $1 and organisation_id ="
            " (select id from graph.organisation where ods_code = 'RTD')", "Carers' Network")  # fmt: skip
    await refused(cast.management, act, "INVALID", field="forumId", forumId=cast.forum("carers"), **said)
    plan = {"expectedRevision": 1, **plan_input(cast, ("carers",))}
    mine = await drafted(cast)
    await refused(
        cast.management, "consultationPlan", "INVALID", field="consulteeForumIds.0", consultationId=mine.id, **plan
    )
    await refused(cast.management, act, "WRONG_STATE", forumId=lgbt, consultationId=mine.id)
    await case.close()
    await refused(cast.management, act, "WRONG_STATE", forumId=cast.forum("faith"), **said)
