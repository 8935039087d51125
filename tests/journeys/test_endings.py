"""How a consultation ends: a later closing by two signatures, joint signatures, two statements, ratified, withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from service.rules.bodies import Office, Side
from service.rules.calendar import add_working_days
from tests.journeys.stage import (
    CHANGED,
    Cast,
    closed,
    concluded,
    done,
    drafted,
    key,
    nodes,
    opened,
    planned,
    random_like,
    refused,
)
from tests.plugins.service import World


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


async def test_a_general_extension_takes_both_sides_and_a_new_one_voids_the_last(cast: Cast) -> None:
    case = await opened(cast)
    closes = add_working_days(cast.world.today, 20)
    first, second = str(closes + timedelta(days=7)), str(closes + timedelta(days=14))
    act = "extensionPropose"
    said: dict[str, Any] = {"consultationId": case.id, "expectedRevision": await case.revision(), "reason": "A strike."}
    await refused(cast.management, act, "DATE_ORDER", field="closesOn", closesOn=str(closes), **said)
    far = str(closes + timedelta(days=185))
    await refused(cast.management, act, "TOO_LONG_PERIOD", field="closesOn", closesOn=far, **said)
    await refused(cast.management, act, "REQUIRED", field="reason", closesOn=first, **(said | {"reason": " "}))
    await refused(cast.management, act, "TOO_LONG", field="reason", closesOn=first, **(said | {"reason": "x" * 2_001}))
    await refused(cast.management, act, "STALE_REVISION", closesOn=first, **(said | {"expectedRevision": 1}))
    for person in (cast.management_secretary, cast.secretariat, cast.chair("race")):
        await refused(person, act, "NOT_PERMITTED", field=None, closesOn=first, **said)
    await refused(cast.chair("lgbt"), act, "NOT_FOUND", field="consultationId", closesOn=first, **said)
    select = "extension { id state contentHash signatures { side } }"
    old = (await done(cast.management, act, select, closesOn=first, **said))["extension"]
    assert (old["state"], old["signatures"]) == ("PROPOSED", [{"side": "MANAGEMENT"}])
    new = (await done(cast.staff, act, select, closesOn=second, **said))["extension"]
    assert [e["state"] for e in nodes((await case.seen())["extensions"])] == ["SUPERSEDED", "PROPOSED"]
    assert (await case.seen())["closesAt"] == (await case.seen(cast.chair("race")))["closesAt"]

    act = "extensionSign"
    sign = {"extensionId": new["id"], "contentHash": new["contentHash"]}
    void = {"extensionId": old["id"], "contentHash": old["contentHash"]}
    await refused(cast.staff, act, "WRONG_STATE", idempotencyKey=key(), **void)
    await refused(cast.staff, act, "ALREADY_SIGNED", idempotencyKey=key(), **sign)
    wrong = sign | {"contentHash": old["contentHash"]}
    await refused(cast.management, act, "HASH_MISMATCH", field="contentHash", idempotencyKey=key(), **wrong)
    await refused(cast.management_secretary, act, "NOT_PERMITTED", idempotencyKey=key(), **sign)
    for person in (cast.chair("race"), cast.union_chair):
        await refused(person, act, "NOT_FOUND", field="extensionId", idempotencyKey=key(), **sign)
    before = (await case.seen())["closesAt"]
    await done(cast.management, act, "extension { state }", idempotencyKey=key(), **sign)
    assert (await case.seen(cast.member("race")))["closesAt"] > before
    assert (await case.engagement("race", cast.member("race")))["closesAt"] == (await case.seen())["closesAt"]
    assert nodes((await case.seen(cast.chair("race")))["extensions"]) == []
    await refused(cast.management, act, "WRONG_STATE", idempotencyKey=key(), **sign)

    late = (
        await done(
            cast.management, "extensionPropose", select, closesOn=str(closes + timedelta(days=30)),
            **(said | {"expectedRevision": await case.revision()}),
        )
    )["extension"]  # fmt: skip
    await cast.world.pass_time(case.id, (closes - cast.world.today).days + 15)
    assert (await case.seen())["state"] == "CLOSED"
    sign = {"extensionId": late["id"], "contentHash": late["contentHash"]}
    await refused(cast.staff, act, "WRONG_STATE", field=None, idempotencyKey=key(), **sign)
    said = said | {"expectedRevision": await case.revision(), "closesOn": str(closes + timedelta(days=60))}
    await refused(cast.staff, "extensionPropose", "WRONG_STATE", field=None, **said)


async def test_both_sides_sign_the_same_last_words_or_nothing(cast: Cast) -> None:
    case, other = await closed(cast), await opened(cast)
    first = await case.version()
    act, none = "consultationSign", {"contentHash": "0" * 64}
    await refused(
        cast.management, act, "IMPACT_ASSESSMENT_DATED", field=None, idempotencyKey=key(), **await case.final()
    )
    await case.change()
    await case.assess()
    final = await case.final()
    old = final | {"policyVersionId": first["id"], "contentHash": first["contentHash"]}
    await refused(
        cast.management,
        act,
        "NOT_LATEST_VERSION",
        "IMPACT_ASSESSMENT_DATED",
        field="policyVersionId",
        idempotencyKey=key(),
        **old,
    )
    await refused(cast.management, act, "HASH_MISMATCH", field="contentHash", idempotencyKey=key(), **(final | none))
    nothing = final | {"policyVersionId": random_like(first["id"])}
    await refused(cast.management, act, "NOT_FOUND", field="policyVersionId", idempotencyKey=key(), **nothing)
    elsewhere = final | {"policyVersionId": (await other.version())["id"]}
    await refused(cast.management, act, "INVALID", field="policyVersionId", idempotencyKey=key(), **elsewhere)
    for person in (cast.management_secretary, cast.secretariat, cast.chair("race"), cast.member("race")):
        await refused(person, act, "NOT_PERMITTED", field=None, idempotencyKey=key(), **final)
    for person in (cast.chair("lgbt"), cast.union_chair, cast.hr):
        await refused(person, act, "NOT_FOUND", field="consultationId", idempotencyKey=key(), **final)
    await case.sign(cast.staff)
    await refused(cast.staff, act, "ALREADY_SIGNED", field=None, idempotencyKey=key(), **final)
    # another version voids the signature: both sign again
    await case.change(body=CHANGED + "\nAnd a review after a year.\n")
    await case.assess()
    await case.sign(cast.management)
    assert (await case.seen())["state"] == "CLOSED"
    await case.sign(cast.staff)
    found = await case.seen(cast.member("race"))
    assert (found["state"], found["conclusion"]) == ("CONCLUDED", "AGREED")
    assert {s["side"] for s in found["latestVersion"]["signatures"]} == {"MANAGEMENT", "STAFF"}
    await refused(cast.management, act, "WRONG_STATE", field=None, idempotencyKey=key(), **await case.final())
    await refused(cast.management, act, "WRONG_STATE", idempotencyKey=key(), **await other.final())


async def test_failure_to_agree_takes_both_statements_and_only_the_two_sides_read_them(cast: Cast) -> None:
    case, open_case = await opened(cast), await opened(cast)
    response = await case.respond(cast.chair("race"), case.consultee("race"), "Make it eight.")
    await case.respond(cast.chair("women"), case.consultee("women"))
    late = await opened(cast)
    await late.close()
    await late.respond(cast.chair("race"), late.consultee("race"))
    await case.close()
    version = (await case.version())["id"]
    act = "disagreementRecord"
    said = {
        "consultationId": case.id,
        "policyVersionId": version,
        "statement": "Six weeks cannot be met.",
        "disputesProcedure": "Section 9 of the recognition agreement.",
    }
    await refused(cast.staff, act, "OPEN_POINTS", "IMPACT_ASSESSMENT_DATED", idempotencyKey=key(), **said)
    point = response["points"][0]["id"]
    await done(cast.staff, "outcomeRecord", pointId=point, decision="REJECTED", reason="No agreement.")
    await case.assess()
    await late.assess()
    until = str(cast.world.today + timedelta(days=7))
    await done(cast.staff, "consulteeExtend", consulteeId=late.consultee("women"), closesOn=until, reason="Illness.")
    elsewhere = said | {"consultationId": late.id, "policyVersionId": (await late.version())["id"]}
    await refused(
        cast.staff,
        act,
        "LATE_UNDECIDED",
        "RESPONSE_AWAITED",
        "IMPACT_ASSESSMENT_DATED",
        idempotencyKey=key(),
        **elsewhere,
    )
    for name in ("statement", "disputesProcedure"):
        await refused(cast.staff, act, "REQUIRED", field=name, idempotencyKey=key(), **(said | {name: " "}))
        await refused(cast.staff, act, "TOO_LONG", field=name, idempotencyKey=key(), **(said | {name: "x" * 20_001}))
    await refused(
        cast.staff, act, "TOO_LONG", field="statusQuoClause", idempotencyKey=key(), **said, statusQuoClause="x" * 2_001
    )
    nothing = said | {"policyVersionId": random_like(version)}
    await refused(cast.staff, act, "NOT_FOUND", field="policyVersionId", idempotencyKey=key(), **nothing)
    others = said | {"policyVersionId": (await open_case.version())["id"]}
    await refused(cast.staff, act, "INVALID", field="policyVersionId", idempotencyKey=key(), **others)
    await refused(cast.staff, act, "WRONG_STATE", idempotencyKey=key(), **(others | {"consultationId": open_case.id}))
    for person in (cast.staff_secretary, cast.secretariat, cast.chair("race")):
        await refused(person, act, "NOT_PERMITTED", field=None, idempotencyKey=key(), **said)
    await refused(cast.union_chair, act, "NOT_FOUND", field="consultationId", idempotencyKey=key(), **said)

    await done(cast.staff, act, idempotencyKey=key(), statusQuoClause="Rosters stay at four weeks.", **said)
    assert (await case.seen())["state"] == "CLOSED"
    await refused(cast.staff, act, "ALREADY_SIGNED", field=None, idempotencyKey=key(), **said)
    assert [d["side"] for d in (await case.seen(cast.management))["disagreements"]] == ["STAFF"]
    await done(cast.management, act, idempotencyKey=key(), **(said | {"statement": "Eight weeks cannot be paid for."}))
    for person in (cast.management, cast.staff):
        found = await case.seen(person)
        assert (found["state"], found["conclusion"]) == ("CONCLUDED", "NOT_AGREED")
        assert [d["side"] for d in found["disagreements"]] == ["STAFF", "MANAGEMENT"]
        assert found["disagreements"][0]["statusQuoClause"] == "Rosters stay at four weeks."
    for person in (cast.chair("race"), cast.member("race")):
        found = await case.seen(person)
        assert (found["conclusion"], found["disagreements"]) == ("NOT_AGREED", [])


async def test_disagreement_is_about_the_latest_version(cast: Cast) -> None:
    case = await closed(cast)
    first = (await case.version())["id"]
    await case.change()
    await case.assess()
    said = {"consultationId": case.id, "statement": "No.", "disputesProcedure": "Section 9.", "idempotencyKey": key()}
    await refused(
        cast.staff, "disagreementRecord", "NOT_LATEST_VERSION", "IMPACT_ASSESSMENT_DATED", field="policyVersionId",
        policyVersionId=first, **said,
    )  # fmt: skip


async def test_ratification_follows_the_conclusion_in_the_order_of_its_dates(cast: Cast) -> None:
    case, running = await concluded(cast), await closed(cast)
    today = cast.world.today
    act = "consultationRatify"
    good: dict[str, Any] = {
        "consultationId": case.id,
        "expectedRevision": await case.revision(),
        "ratifiedOn": str(today),
        "effectiveOn": str(today + timedelta(days=14)),
        "reviewOn": str(today + timedelta(days=379)),
    }
    person = cast.management_secretary

    async def wrong(code: str, field: str, **said: Any) -> None:
        await refused(person, act, code, field=field, **(good | said))

    await wrong("STALE_REVISION", "expectedRevision", expectedRevision=1)
    await wrong("DATE_ORDER", "ratifiedOn", ratifiedOn=str(today - timedelta(days=1)))
    later = str(today + timedelta(days=1))
    await wrong("IN_THE_FUTURE", "ratifiedOn", ratifiedOn=later)
    await wrong("DATE_ORDER", "effectiveOn", effectiveOn=str(today - timedelta(days=1)))
    await wrong("DATE_ORDER", "reviewOn", reviewOn=good["effectiveOn"])
    for other in (cast.secretariat, cast.chair("race"), cast.member("race")):
        await refused(other, act, "NOT_PERMITTED", field=None, **good)
    await refused(cast.chair("lgbt"), act, "NOT_FOUND", field="consultationId", **good)
    early = good | {"consultationId": running.id, "expectedRevision": await running.revision()}
    await refused(person, act, "WRONG_STATE", field=None, **early)
    await done(person, act, **good)
    found = await case.seen(cast.member("race"))
    assert [found[name] for name in ("ratifiedOn", "effectiveOn", "reviewOn")] == [
        good["ratifiedOn"], good["effectiveOn"], good["reviewOn"],
    ]  # fmt: skip


@pytest.mark.parametrize("stage", [drafted, planned, opened, closed])
async def test_only_the_drafting_side_takes_it_back_from_any_state_before_the_end(cast: Cast, stage: Any) -> None:
    case = await stage(cast)
    said = {"consultationId": case.id, "expectedRevision": await case.revision(), "reason": "National terms change."}
    act = "consultationWithdraw"
    await refused(cast.management, act, "STALE_REVISION", **(said | {"expectedRevision": 99}))
    await refused(cast.management, act, "REQUIRED", field="reason", **(said | {"reason": " "}))
    await refused(cast.management, act, "TOO_LONG", field="reason", **(said | {"reason": "x" * 2_001}))
    other_side = ("NOT_FOUND", "consultationId") if stage is drafted else ("NOT_PERMITTED", None)
    await refused(cast.staff, act, other_side[0], field=other_side[1], **said)
    manager = cast.seat("jnc", Side.MANAGEMENT, Office.MEMBER, "jnc manager 1")
    await refused(manager, act, "NOT_PERMITTED", field=None, **said)
    hidden = stage in (drafted, planned)
    await refused(cast.chair("race"), act, "NOT_FOUND" if hidden else "NOT_PERMITTED", **said)
    await done(cast.management_secretary, act, **said)
    found = await case.seen()
    assert (found["state"], found["withdrawnReason"]) == ("WITHDRAWN", "National terms change.")
    assert (await case.seen(cast.staff) is None) is (stage is drafted)
    assert (await case.seen(cast.member("race")) is None) is hidden
    said = said | {"expectedRevision": found["revision"]}
    await refused(cast.management, act, "WRONG_STATE", field=None, **said)


async def test_what_is_concluded_is_not_taken_back_and_staff_take_back_their_own_draft(cast: Cast) -> None:
    case = await concluded(cast)
    said = {"consultationId": case.id, "expectedRevision": await case.revision(), "reason": "Regret."}
    await refused(cast.management, "consultationWithdraw", "WRONG_STATE", field=None, **said)
    mine = await drafted(cast, cast.staff)
    said = {"consultationId": mine.id, "expectedRevision": 1, "reason": "Not now."}
    await refused(cast.management, "consultationWithdraw", "NOT_FOUND", field="consultationId", **said)
    await done(cast.staff, "consultationWithdraw", **said)
