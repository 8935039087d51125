"""A report from its draft to its publication: who writes it, who receives it, and who learns of it, and when."""

from typing import Any

import pytest

from service.demo.consultations.seats import Seats
from service.rules.bodies import Office, Side
from tests.journeys.reporting import (
    QUARTER,
    SURVEY_YEAR,
    VERSION,
    YEAR,
    Reporters,
    drafted,
    hr_of,
    job_evaluation,
    network_year,
    protected_time,
    published,
    regional,
    seen,
    submitted,
    survey,
)
from tests.journeys.stage import Cast, done, key, mark, nodes, random_like, refused, written
from tests.plugins.service import Person, World


@pytest.fixture
def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


@pytest.fixture
def people(cast: Cast) -> Reporters:
    return Reporters(cast)


def strangers(cast: Cast) -> tuple[Person, ...]:
    """Who must see no unpublished report of RTD: other trusts, the region, networks, employees, the operator."""
    return (
        cast.world.as_("outsider"),
        hr_of(cast, "RR7"),
        regional(cast),
        regional(cast, Side.STAFF),
        cast.chair("race"),
        cast.member("race"),
        cast.union_chair,
        cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 3"),
        cast.world.as_("operator"),
    )


async def test_a_trusts_draft_is_seen_by_nobody_but_its_hr_system(cast: Cast, people: Reporters) -> None:
    report = await drafted(people.hr, "PROTECTED_TIME", protected_time())
    insiders = (cast.management, cast.staff, people.people_chair, people.board_chair, people.edi_chair)
    for stranger in (*strangers(cast), *insiders):
        assert await seen(stranger, report["id"]) is None, stranger.subject
    mine = await seen(people.hr, report["id"])
    assert (mine["state"], mine["periodLabel"], mine["forum"]) == ("DRAFT", "2022-23", None)
    assert mine["viewerCan"] == {"reportRevise": True, "reportSubmit": True}
    assert mine["externalKey"] == f"{await _organisation(cast)}/PROTECTED_TIME/2022-04-01/2023-03-31"
    assert mine["draft"]["problems"] == []


async def _organisation(cast: Cast) -> str:
    from service.demo.shapes import demo_id

    return str(demo_id("organisation", cast.trust.trust))


async def test_a_submitted_report_opens_to_its_receivers_and_to_nobody_else(cast: Cast, people: Reporters) -> None:
    version = await submitted(people.hr, "PROTECTED_TIME", protected_time())
    report = version["report"]["id"]
    for stranger in (*strangers(cast), people.board_chair):  # the board is not among its receivers
        assert await seen(stranger, report) is None, stranger.subject
    for receiver in (people.people_chair, cast.management, cast.staff, cast.secretariat, people.edi_chair):
        found = await seen(receiver, report)
        assert (found["state"], found["draft"], found["externalKey"]) == ("SUBMITTED", None, None)
        (only,) = nodes(found["versions"])
        assert [(f["metric"]["code"], f["value"]) for f in only["figures"]][:4] == [
            ("PT_OFFICERS", "40"), ("PT_WITH_TIME", "31"), ("PT_AGREED", "400"), ("PT_TAKEN", "310.5")]  # fmt: skip
        assert len(only["receivers"]) == 3
    inbox = "query($id: ID!) { forum(id: $id) { receivedReports(first: 9) { edges { node { id } } } } }"
    found = (await cast.staff.ask(inbox, id=cast.forum("jnc"))).data["forum"]["receivedReports"]
    assert version["id"] in [each["id"] for each in nodes(found)]


async def test_hr_that_reports_still_sees_no_room_of_staff_side_or_of_a_network(cast: Cast, people: Reporters) -> None:
    await published(people.hr, cast.management, "PROTECTED_TIME", protected_time())
    async with cast.world.doorway() as doorway:
        from service.access.viewer import Viewer
        from service.demo.shapes import demo_id

        async with doorway.reading(Viewer(demo_id("account", "hr-service"))) as snapshot:
            purposes = {row["purpose"] for row in await snapshot.connection.fetch("select purpose from graph.room")}
    assert purposes == {"ORGANISATION", "WORKFORCE", "PERSONAL", "CASE"}


async def test_a_report_is_returned_corrected_acknowledged_and_published_and_every_version_is_kept(
    cast: Cast, people: Reporters
) -> None:
    first = await submitted(people.hr, "PROTECTED_TIME", protected_time())
    report = first["report"]["id"]
    await refused(cast.staff, "reportReturn", "REQUIRED", field="reason", versionId=first["id"], reason=" ")
    await refused(cast.staff, "reportReturn", "TOO_LONG", field="reason", versionId=first["id"], reason="x" * 5001)
    await refused(cast.staff, "reportReturn", "INVALID", field="reason", versionId=first["id"], reason="a\u202eb")
    await refused(people.hr, "reportPublish", "WRONG_STATE", field=None, versionId=first["id"])
    await done(cast.staff, "reportReturn", VERSION, versionId=first["id"], reason="Bank staff are missing.")
    for again in ("reportReturn", "reportAcknowledge"):
        more = {"reason": "No."} if again == "reportReturn" else {}
        await refused(cast.management, again, "WRONG_STATE", field=None, versionId=first["id"], **more)
    returned = await seen(people.hr, report)
    assert returned["state"] == "RETURNED"
    answer = nodes(returned["versions"])[0]["answer"]
    assert (answer["kind"], answer["reason"], answer["side"]) == ("RETURNED", "Bank staff are missing.", "STAFF")
    revised = await done(
        people.hr, "reportRevise", "report { state draft { revision } }", reportId=report,
        expectedRevision=returned["draft"]["revision"], figures=protected_time(44),
    )  # fmt: skip
    assert revised["report"]["state"] == "DRAFT"
    assert (await seen(cast.staff, report))["state"] == "RETURNED", "who receives sees nothing of the next draft"
    second = await done(
        people.hr, "reportSubmit", VERSION, reportId=report, idempotencyKey=key(),
        expectedRevision=revised["report"]["draft"]["revision"],
    )  # fmt: skip
    assert second["version"]["number"] == 2
    await done(cast.management, "reportAcknowledge", VERSION, versionId=second["version"]["id"])
    assert await seen(cast.member("race"), report) is None
    await done(people.hr, "reportPublish", VERSION, versionId=second["version"]["id"])
    await refused(people.hr, "reportPublish", "WRONG_STATE", field=None, versionId=second["version"]["id"])
    everybody = await seen(cast.member("race"), report)
    assert everybody["state"] == "PUBLISHED"
    (one,) = nodes(everybody["versions"])
    assert (one["number"], one["figures"][0]["value"]) == (2, "44"), "the returned version stays with its receivers"
    kept = nodes((await seen(cast.staff, report))["versions"])
    assert [(each["number"], each["state"], each["figures"][0]["value"]) for each in kept] == [
        (1, "RETURNED", "40"), (2, "PUBLISHED", "44")]  # fmt: skip
    for stranger in strangers(cast)[:4]:
        assert await seen(stranger, report) is None, "published in the trust, not beyond"


async def test_a_correction_of_a_published_report_is_read_by_its_receivers_before_the_trust(
    cast: Cast, people: Reporters
) -> None:
    first = await published(people.hr, cast.management, "PROTECTED_TIME", protected_time())
    report = first["report"]["id"]
    draft = (await seen(people.hr, report))["draft"]
    await done(
        people.hr,
        "reportRevise",
        "report { id }",
        reportId=report,
        expectedRevision=draft["revision"],
        figures=protected_time(50),
    )
    assert (await seen(cast.member("race"), report))["state"] == "PUBLISHED"
    await done(
        people.hr,
        "reportSubmit",
        VERSION,
        reportId=report,
        expectedRevision=draft["revision"] + 1,
        idempotencyKey=key(),
    )
    member = await seen(cast.member("race"), report)
    assert (member["state"], len(nodes(member["versions"]))) == ("PUBLISHED", 1)
    assert (await seen(cast.management, report))["state"] == "SUBMITTED"


async def test_figures_that_break_a_check_are_refused_each_at_its_place(cast: Cast, people: Reporters) -> None:
    said: dict[str, Any] = {"definitionCode": "PROTECTED_TIME", "period": YEAR}
    for figure, field in (
        ({"metric": "PT_OFFICERS", "value": "-1"}, "figures.0.value"),
        ({"metric": "PT_OFFICERS", "value": "1.5"}, "figures.0.value"),
        ({"metric": "PT_OFFICERS", "value": "NaN"}, "figures.0.value"),
        ({"metric": "PT_OFFICERS"}, "figures.0.value"),
        ({"metric": "PT_OFFICERS", "value": "1", "text": "x"}, "figures.0.text"),
        ({"metric": "PT_OFFICERS", "value": "1", "band": "x"}, "figures.0"),
        ({"metric": "PT_OFFICERS", "value": "1", "estimated": True}, "figures.0"),
        ({"metric": "x\u202e", "value": "1"}, "figures.0"),
    ):  # fmt: skip
        for act, more in (("reportDraft", said),):
            await refused(people.hr, act, "FIGURE_REFUSED", field=field, figures=[figure], idempotencyKey=key(), **more)
    await refused(
        people.hr,
        "reportDraft",
        "TOO_MANY",
        field="figures",
        figures=protected_time()[:1] * 401,
        idempotencyKey=key(),
        **said,
    )
    report = await drafted(people.hr, "PROTECTED_TIME", protected_time()[:2])
    await refused(people.hr, "reportSubmit", "FIGURE_REFUSED", "FIGURE_REFUSED", "FIGURE_REFUSED", field=None,
        reportId=report["id"], expectedRevision=1, idempotencyKey=key())  # fmt: skip
    for act in ("reportRevise",):
        await refused(
            people.hr, act, "FIGURE_REFUSED", reportId=report["id"], expectedRevision=1, figures=[{"metric": "NONE"}]
        )
        await refused(
            people.hr, act, "TOO_MANY", reportId=report["id"], expectedRevision=1, figures=protected_time()[:1] * 401
        )
    problems = (await seen(people.hr, report["id"]))["draft"]["problems"]
    assert [(each["metric"], each["rule"]) for each in problems] == [
        ("PT_AGREED", "MISSING"), ("PT_TAKEN", "MISSING"), ("PT_BACKFILLED", "MISSING")]  # fmt: skip


async def test_a_report_is_about_a_period_of_its_kind_that_has_begun(cast: Cast, people: Reporters) -> None:
    async def told(code: str, field: str, definition: str, starts: str, ends: str) -> None:
        await refused(
            people.hr, "reportDraft", code, field=field, definitionCode=definition, figures=[], idempotencyKey=key(),
            period={"startsOn": starts, "endsOn": ends},
        )  # fmt: skip

    await told("INVALID", "definitionCode", "NO_SUCH", "2024-04-01", "2025-03-31")
    await told("INVALID", "period.startsOn", "WRES", "2001-04-01", "2002-03-31")
    await told("INVALID", "period", "WRES", "2024-05-01", "2025-04-30")
    await told("DATE_ORDER", "period.endsOn", "WRES", "2024-04-01", "2024-03-31")
    await told("IN_THE_FUTURE", "period.startsOn", "WRES", "2190-04-01", "2191-03-31")
    await told("INVALID", "definitionCode", "NETWORK_ANNUAL", "2024-04-01", "2025-03-31")
    await told("INVALID", "definitionCode", "BEHAVIOURS_AUDIT", "2024-04-01", "2025-03-31")


async def test_the_same_external_key_updates_and_the_same_content_changes_nothing(
    cast: Cast, people: Reporters
) -> None:
    first = await drafted(people.hr, "PROTECTED_TIME", protected_time(), externalKey="ESR-17")
    before = await mark(cast.world)
    same = await drafted(people.hr, "PROTECTED_TIME", protected_time(), externalKey="ESR-17")
    assert same == first
    assert "graph.report_draft" not in await written(cast.world, before)
    changed = await drafted(people.hr, "PROTECTED_TIME", protected_time(41), externalKey="ESR-17")
    assert (changed["id"], changed["draft"]["revision"]) == (first["id"], 2)
    said = {"definitionCode": "PROTECTED_TIME", "figures": []}
    await refused(
        people.hr,
        "reportDraft",
        "ALREADY_REPORTED",
        field="externalKey",
        period=YEAR,
        externalKey="ESR-18",
        idempotencyKey=key(),
        **said,
    )
    other = {"startsOn": "2021-04-01", "endsOn": "2022-03-31"}
    await refused(
        people.hr,
        "reportDraft",
        "ALREADY_REPORTED",
        field="externalKey",
        period=other,
        externalKey="ESR-17",
        idempotencyKey=key(),
        **said,
    )
    await refused(
        people.hr,
        "reportDraft",
        "REQUIRED",
        field="externalKey",
        period=other,
        externalKey="",
        idempotencyKey=key(),
        **said,
    )
    await refused(
        people.hr,
        "reportDraft",
        "TOO_LONG",
        field="externalKey",
        period=other,
        externalKey="x" * 201,
        idempotencyKey=key(),
        **said,
    )
    await done(people.hr, "reportSubmit", VERSION, reportId=first["id"], expectedRevision=2, idempotencyKey=key())
    # while its receivers read it, nothing changes behind their backs
    await refused(
        people.hr, "reportDraft", "WRONG_STATE", period=YEAR, externalKey="ESR-17", idempotencyKey=key(), **said
    )
    await refused(people.hr, "reportRevise", "WRONG_STATE", reportId=first["id"], expectedRevision=3, figures=[])
    await refused(
        people.hr, "reportSubmit", "WRONG_STATE", reportId=first["id"], expectedRevision=3, idempotencyKey=key()
    )
    for act, more in (("reportRevise", {"figures": []}), ("reportSubmit", {"idempotencyKey": key()})):
        await refused(
            people.hr, act, "STALE_REVISION", field="expectedRevision", reportId=first["id"], expectedRevision=1, **more
        )


async def test_the_board_signs_off_job_evaluation_before_it_is_submitted(fresh_world: World) -> None:
    cast = Cast(fresh_world, Seats("RXP"))
    people = Reporters(cast)
    report = await drafted(people.hr, "JOB_EVALUATION", job_evaluation(), period=QUARTER)
    submit = {"reportId": report["id"], "expectedRevision": 1}
    for stranger in (*strangers(cast), cast.management, cast.staff, people.people_chair):
        assert await seen(stranger, report["id"]) is None
    await refused(people.hr, "reportSubmit", "SIGNATURE_MISSING", idempotencyKey=key(), **submit)
    director = people.board_member
    draft = (await seen(director, report["id"]))["draft"]
    sign = {"reportId": report["id"], "contentHash": draft["contentHash"]}
    await refused(
        director,
        "reportSignOff",
        "HASH_MISMATCH",
        field="contentHash",
        reportId=report["id"],
        contentHash="0" * 64,
        idempotencyKey=key(),
    )
    await refused(people.hr, "reportSignOff", "NOT_PERMITTED", idempotencyKey=key(), **sign)
    await done(director, "reportSignOff", "report { id }", idempotencyKey=key(), **sign)
    await refused(people.board_chair, "reportSignOff", "ALREADY_SIGNED", idempotencyKey=key(), **sign)
    await done(people.hr, "reportRevise", "report { id }", figures=job_evaluation(41), **submit)
    again = {"reportId": report["id"], "expectedRevision": 2}
    errors = await refused(people.hr, "reportSubmit", "SIGNATURE_MISSING", idempotencyKey=key(), **again)
    assert "changed after" in errors[0]["message"]
    await refused(director, "reportRevise", "NOT_PERMITTED", figures=[], **again)
    await done(people.hr, "reportRevise", "report { id }", figures=job_evaluation(), **again)
    await done(people.hr, "reportSubmit", VERSION, reportId=report["id"], expectedRevision=3, idempotencyKey=key())
    await refused(director, "reportSignOff", "WRONG_STATE", idempotencyKey=key(), **sign)
    (version,) = nodes((await seen(cast.staff, report["id"]))["versions"])
    assert version["signedOffOffice"] == "MEMBER"
    other = await drafted(people.hr, "PROTECTED_TIME", protected_time())
    await refused(
        people.board_member, "reportSignOff", "NOT_FOUND", reportId=other["id"], contentHash="x", idempotencyKey=key()
    )
    sent = await submitted(people.hr, "STAFF_SURVEY", survey(), period=SURVEY_YEAR)
    await refused(
        director,
        "reportSignOff",
        "INVALID",
        field="reportId",
        reportId=sent["report"]["id"],
        contentHash="x",
        idempotencyKey=key(),
    )


async def test_a_networks_report_lives_among_its_officers_until_it_is_submitted(cast: Cast) -> None:
    chair = cast.chair("lgbt")
    said = {"forumId": cast.forum("lgbt")}
    report = await drafted(chair, "NETWORK_ANNUAL", network_year(), **said)
    for stranger in (*strangers(cast), cast.member("lgbt"), cast.hr, cast.management, cast.staff):
        assert await seen(stranger, report["id"]) is None, stranger.subject
    assert (await seen(cast.secretary("lgbt"), report["id"]))["viewerCan"]["reportSubmit"]
    secretary = cast.secretary("lgbt")
    version = await done(
        secretary, "reportSubmit", VERSION, reportId=report["id"], expectedRevision=1, idempotencyKey=key()
    )
    for stranger in (*strangers(cast), cast.member("lgbt"), cast.hr):
        assert await seen(stranger, report["id"]) is None, stranger.subject
    assert (await seen(cast.staff, report["id"]))["forum"]["localName"] == "LGBT+ Staff Network"
    await refused(cast.staff, "reportPublish", "NOT_PERMITTED", field=None, versionId=version["version"]["id"])
    await refused(chair, "reportAcknowledge", "NOT_PERMITTED", field=None, versionId=version["version"]["id"])
    await refused(chair, "reportReturn", "NOT_PERMITTED", field=None, versionId=version["version"]["id"], reason="No.")
    await done(cast.staff, "reportAcknowledge", VERSION, versionId=version["version"]["id"])
    await done(chair, "reportPublish", VERSION, versionId=version["version"]["id"])
    assert (await seen(cast.member("lgbt"), report["id"]))["state"] == "PUBLISHED"


async def test_a_published_survey_is_read_by_the_region_and_a_count_of_people_is_not(
    cast: Cast, people: Reporters
) -> None:
    survey_version = await submitted(people.hr, "STAFF_SURVEY", survey(), period=SURVEY_YEAR)
    assert await seen(regional(cast), survey_version["report"]["id"]) is None
    await done(cast.management, "reportAcknowledge", VERSION, versionId=survey_version["id"])
    await done(people.hr, "reportPublish", VERSION, versionId=survey_version["id"])
    found = await seen(regional(cast, Side.STAFF), survey_version["report"]["id"])
    assert (found["state"], found["draft"]) == ("PUBLISHED", None)
    hidden = await published(people.hr, cast.management, "PROTECTED_TIME", protected_time())
    for one in (regional(cast), regional(cast, Side.STAFF)):
        assert await seen(one, hidden["report"]["id"]) is None
    for other in (cast.world.as_("outsider"), hr_of(cast, "RR7")):
        assert await seen(other, survey_version["report"]["id"]) is None


async def test_a_body_reports_for_itself_alone(cast: Cast, people: Reporters) -> None:
    said = {"definitionCode": "NETWORK_ANNUAL", "period": YEAR, "figures": network_year()}
    for stranger in (cast.member("race"), cast.chair("women"), cast.management):
        await refused(
            stranger,
            "reportDraft",
            "NOT_PERMITTED",
            field=None,
            forumId=cast.forum("race"),
            idempotencyKey=key(),
            **said,
        )
    employee = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 3")
    await refused(employee, "reportDraft", "NOT_PERMITTED", field=None, idempotencyKey=key(), **said)
    await refused(cast.management, "reportDraft", "NOT_PERMITTED", field=None, idempotencyKey=key(), **said)
    for hidden in (cast.forum("unison"), random_like(cast.forum("race"))):
        await refused(
            cast.management, "reportDraft", "NOT_FOUND", field="forumId", forumId=hidden, idempotencyKey=key(), **said
        )
    version = await submitted(people.hr, "PROTECTED_TIME", protected_time())
    report = version["report"]["id"]
    for act, field, more in (
        ("reportRevise", "reportId", {"expectedRevision": 2, "figures": []}),
        ("reportSubmit", "reportId", {"expectedRevision": 2, "idempotencyKey": key()}),
    ):
        await refused(cast.management, act, "NOT_PERMITTED", field=None, reportId=report, **more)
        await refused(cast.chair("race"), act, "NOT_FOUND", field=field, reportId=report, **more)
    for act in ("reportAcknowledge", "reportReturn", "reportPublish"):
        more = {"reason": "No."} if act == "reportReturn" else {}
        await refused(cast.chair("race"), act, "NOT_FOUND", field="versionId", versionId=version["id"], **more)
        await refused(cast.secretariat, act, "NOT_PERMITTED", field=None, versionId=version["id"], **more)
