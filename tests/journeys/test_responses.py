"""What members and bodies say: comments inside a body, the officers' draft, the one formal response, late ones."""

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
    random_like,
    refused,
)
from tests.plugins.service import Person, World


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


async def said_in(person: Person, consultation: str) -> list[tuple[str, str, str | None, bool]]:
    """The comments that somebody sees: text, author, office, whether it is theirs."""
    query = (
        "query($id: ID!) { node(id: $id) { ... on Consultation { comments(first: 50) { edges { node {"
        " body author office mine } } } } } }"
    )
    found = (await person.ask(query, id=consultation)).data["node"]
    return [(each["body"], each["author"], each["office"], each["mine"]) for each in nodes(found["comments"])]


async def name_of(person: Person) -> str:
    name: str = (await person.ask("{ viewer { person { displayName } } }")).data["viewer"]["person"]["displayName"]
    return name


async def test_members_see_each_others_comments_as_a_member_or_by_the_name_they_chose(cast: Cast) -> None:
    case = await opened(cast)
    first, second, officer = cast.member("race", 2), cast.member("race", 3), cast.secretary("race")
    add = {"consultationId": case.id}
    await done(first, "commentAdd", body="Unnamed.", **add)
    await done(second, "commentAdd", body="Named.", showName=True, **add)
    await done(officer, "commentAdd", body="From an officer.", clauseId=await case.clause("Swaps are"), **add)
    named = await name_of(second)
    expected = [
        ("Unnamed.", "A member", None, False),
        ("Named.", named, "MEMBER", False),
        ("From an officer.", "A member", None, False),
    ]
    for person in (cast.chair("race"), cast.member("race", 4)):
        assert await said_in(person, case.id) == expected
    assert (await said_in(first, case.id))[0] == ("Unnamed.", "A member", None, True)
    for stranger in (cast.chair("women"), cast.member("women"), cast.management, cast.staff, cast.secretariat):
        assert await said_in(stranger, case.id) == []


async def test_officers_comment_is_not_outed_by_audit_event_or_office(cast: Cast) -> None:
    case = await opened(cast)
    audit = (
        "query($id: ID!) { forum(id: $id) { audit(last: 100) { edges { node { act office side } } }"
        " rooms } viewer { audit(last: 1) { edges { node { act } } } } }"
    )
    race, officer = cast.forum("race"), cast.secretary("race")
    before = [(await p.ask(audit, id=race)).data["forum"] for p in (cast.chair("race"), cast.member("race"))]
    payload = await done(officer, "commentAdd", "comment { id }", consultationId=case.id, body="I am their secretary.")
    await done(officer, "commentWithdraw", commentId=payload["comment"]["id"])
    after = [(await p.ask(audit, id=race)).data["forum"] for p in (cast.chair("race"), cast.member("race"))]
    assert after == before
    own = (await officer.ask(audit, id=race)).data["viewer"]["audit"]
    assert nodes(own) == [{"act": "COMMENT_WITHDRAW"}]
    async with cast.world.admin() as db:
        rows = await db.fetch(
            "select e.type, r.purpose from graph.event e join graph.room r on r.id = e.room_id where e.type like 'comment.%'"
            " and e.target_id = (select c.id from graph.comment c where c.consultation_id = (select consultation_id from"
            " graph.comment where withdrawn order by created_at desc limit 1) order by c.created_at desc limit 1)"
        )
        outed = await db.fetchval(
            "select count(*) from graph.audit_entry e join graph.room r on r.id = e.room_id"
            " where e.act like 'COMMENT%' and r.purpose <> 'PERSONAL'"
        )
    assert {(row["type"], row["purpose"]) for row in rows} == {
        ("comment.added", "MEMBERS"),
        ("comment.withdrawn", "MEMBERS"),
    }
    assert outed == 0, "an audit entry names the office that acted, so a comment's stands in its author's own room"


async def test_only_the_author_takes_a_comment_back_and_the_place_stays(cast: Cast) -> None:
    case = await opened(cast)
    author = cast.member("race", 2)
    payload = await done(
        author, "commentAdd", "comment { id }", consultationId=case.id, body="Too hasty.", showName=True
    )
    comment = {"commentId": payload["comment"]["id"]}
    for person in (cast.chair("race"), cast.member("race", 3)):
        await refused(person, "commentWithdraw", "NOT_PERMITTED", field=None, **comment)
    for person in (cast.member("women"), cast.management, cast.staff, cast.world.as_("outsider")):
        await refused(person, "commentWithdraw", "NOT_FOUND", field="commentId", **comment)
    await refused(author, "commentWithdraw", "NOT_FOUND", commentId=random_like(comment["commentId"]))
    await done(author, "commentWithdraw", "comment { body withdrawn }", **comment)
    assert await said_in(cast.chair("race"), case.id) == [("", "A member", None, False)]


async def test_both_sides_comment_apart_and_so_do_the_sides_of_the_safety_committee(cast: Cast) -> None:
    case = await opened(cast, "safety", "race")
    people = (cast.management, cast.staff, cast.safety_management, cast.safety_staff)
    for number, person in enumerate(people):
        await done(person, "commentAdd", consultationId=case.id, body=f"From {number}.")
    for number, person in enumerate(people):
        assert [body for body, *_ in await said_in(person, case.id)] == [f"From {number}."]
    safety_secretariat = cast.seat("safety", Side.NONE, Office.SECRETARIAT, "safety secretariat")
    for person in (cast.secretariat, safety_secretariat):
        assert await said_in(person, case.id) == []
        await refused(person, "commentAdd", "NOT_PERMITTED", field=None, consultationId=case.id, body="Neutral.")


async def test_commenter_is_told_what_is_wrong_and_only_while_it_is_open(cast: Cast) -> None:
    case, other = await opened(cast), await opened(cast)
    member = cast.member("race")
    said = {"consultationId": case.id, "body": "Why?"}
    act = "commentAdd"
    await refused(member, act, "REQUIRED", field="body", **(said | {"body": " \n"}))
    await refused(member, act, "TOO_LONG", field="body", **(said | {"body": "x" * 5_001}))
    await refused(member, act, "INVALID", field="body", **(said | {"body": "left \u202e right"}))
    await refused(member, act, "UNKNOWN_CLAUSE", field="clauseId", clauseId=await other.clause("Swaps"), **said)
    await refused(
        member, act, "UNKNOWN_CLAUSE", field="clauseId", clauseId=random_like(await case.clause("Swaps")), **said
    )
    await refused(member, act, "UNKNOWN_CLAUSE", field="clauseId", clauseId="nonsense", **said)
    for person in (cast.chair("lgbt"), cast.union_member(), cast.hr):
        await refused(person, act, "NOT_FOUND", field="consultationId", **said)
    draft = await drafted(cast)
    await refused(cast.management, act, "WRONG_STATE", consultationId=draft.id, body="Too early.")
    await case.close()
    await refused(member, act, "WRONG_STATE", field=None, **said)


async def test_the_draft_is_for_the_bodys_officers_alone(cast: Cast) -> None:
    case = await opened(cast)
    mine = case.consultee("race")
    payload = await done(
        cast.secretary("race"), "responseDraft", "responseDraft { id revision }", consulteeId=mine, stance="NO_VIEW",
        summary="Not yet said.",
    )  # fmt: skip
    draft = payload["responseDraft"]["id"]
    officers = (cast.chair("race"), cast.secretary("race"))
    query = "query($id: ID!) { node(id: $id) { ... on ResponseDraft { summary } } }"
    for person in officers:
        assert (await person.ask(query, id=draft)).data["node"] == {"summary": "Not yet said."}
        assert (await case.engagement("race", person))["responseDraft"]["revision"] == 1
    outside = (
        cast.member("race"),
        cast.management,
        cast.staff,
        cast.secretariat,
        cast.chair("women"),
        cast.union_chair,
    )
    for person in outside:
        assert (await person.ask(query, id=draft)).data["node"] is None
    for person in (cast.member("race"), cast.management, cast.staff):
        assert (await case.engagement("race", person))["responseDraft"] is None


async def test_drafter_is_told_what_is_wrong_and_nobody_else_drafts(cast: Cast) -> None:
    case = await opened(cast)
    race, act = cast.chair("race"), "responseDraft"
    good: dict[str, Any] = {"consulteeId": case.consultee("race"), "stance": "NO_VIEW"}
    await refused(race, act, "TOO_LONG", field="summary", **good, summary="x" * 20_001)
    await refused(race, act, "REQUIRED", field="points.1.body", **good, points=[{"body": "One."}, {"body": ""}])
    clause = random_like(await case.clause("Swaps"))
    await refused(
        race, act, "UNKNOWN_CLAUSE", field="points.0.clauseId", **good, points=[{"body": "One.", "clauseId": clause}]
    )
    await refused(race, act, "TOO_MANY", field="points", **good, points=[{"body": "x"}] * 201)
    await refused(race, act, "TOO_MANY", field="minorityViews", **good, minorityViews=["x"] * 21)
    await refused(race, act, "REQUIRED", field="minorityViews.0", **good, minorityViews=[" "])
    await refused(race, act, "REQUIRED", field="points", **(good | {"stance": "SUPPORT_WITH_CHANGES"}))
    await refused(race, act, "REQUIRED", field="summary", **(good | {"stance": "OPPOSE"}))
    await refused(race, act, "STALE_REVISION", field="draftRevision", **good, draftRevision=1)
    await done(race, act, **good)
    await refused(race, act, "STALE_REVISION", field="draftRevision", **good)
    await done(cast.secretary("race"), act, **good, draftRevision=1)
    for person in (cast.member("race"), cast.management, cast.staff, cast.secretariat):
        await refused(person, act, "NOT_PERMITTED", field=None, **good)
    for person in (cast.chair("women"), cast.chair("lgbt"), cast.union_chair, cast.hr):
        await refused(person, act, "NOT_FOUND", field="consulteeId", **good)


async def test_a_body_submits_once_what_its_officers_last_read_with_its_minority_views(cast: Cast) -> None:
    case = await opened(cast)
    race, mine = cast.chair("race"), case.consultee("race")
    said = {"consulteeId": mine, "draftRevision": 1}
    await refused(race, "responseSubmit", "REQUIRED", field="consulteeId", idempotencyKey=key(), **said)
    await refused(race, "responseShare", "REQUIRED", field="consulteeId", consulteeId=mine, forumId=cast.forum("edi"))
    clause = await case.clause("Swaps")
    await done(
        race, "responseDraft", consulteeId=mine, stance="OPPOSE", points=[{"body": "Keep swaps.", "clauseId": clause}],
        minorityViews=["Some of us prefer the manager's say."],
    )  # fmt: skip
    wrong = said | {"draftRevision": 2}
    await refused(race, "responseSubmit", "STALE_REVISION", field="draftRevision", idempotencyKey=key(), **wrong)
    for person in (cast.member("race"), cast.management, cast.staff):
        await refused(person, "responseSubmit", "NOT_PERMITTED", idempotencyKey=key(), **said)
    for person in (cast.chair("women"), cast.union_chair):
        await refused(person, "responseSubmit", "NOT_FOUND", field="consulteeId", idempotencyKey=key(), **said)
    await done(race, "responseSubmit", idempotencyKey=key(), **said)
    for person in (cast.management, cast.staff, cast.member("race"), cast.secretariat):
        found = await case.engagement("race", person)
        assert found["state"] == "RESPONDED"
        assert found["response"]["minorityViews"] == [{"body": "Some of us prefer the manager's say."}]
        assert [p["body"] for p in found["response"]["points"]] == ["Keep swaps."]
    assert await case.engagement("race", cast.chair("women")) is None
    await refused(race, "responseSubmit", "ALREADY_RESPONDED", idempotencyKey=key(), **said)
    again = {"consulteeId": mine, "stance": "SUPPORT", "draftRevision": 1}
    await refused(cast.secretary("race"), "responseDraft", "ALREADY_RESPONDED", field=None, **again)


async def test_a_late_response_is_kept_as_late_and_considered_or_declined_with_a_reason(cast: Cast) -> None:
    case = await opened(cast, "race", "women", "lgbt")
    in_time = await case.respond(cast.chair("lgbt"), case.consultee("lgbt"))
    assert in_time["late"] is False
    race = {"consulteeId": case.consultee("race"), "decision": "DECLINED"}
    act = "responseConsider"
    await refused(cast.management, act, "WRONG_STATE", field=None, **race)
    await case.close()
    await refused(cast.management, act, "NOT_LATE", field=None, **race)
    for network in ("race", "women"):
        late = await case.respond(cast.chair(network), case.consultee(network), "One point.")
        assert late["late"] is True
        assert (await case.engagement(network))["state"] == "LATE"
    await refused(cast.management, act, "NOT_LATE", **(race | {"consulteeId": case.consultee("lgbt")}))
    await refused(cast.management, act, "REQUIRED", field="reason", **race)
    await refused(cast.management, act, "TOO_LONG", field="reason", **race, reason="x" * 5_001)
    for person in (cast.chair("race"), cast.secretariat):
        await refused(person, act, "NOT_PERMITTED", field=None, **race, reason="No.")
    await refused(cast.chair("women"), act, "NOT_FOUND", field="consulteeId", **race, reason="No.")
    await case.assess()
    final = await case.final() | {"idempotencyKey": key()}
    await refused(cast.staff, "consultationSign", "OPEN_POINTS", "LATE_UNDECIDED", **final)
    await done(cast.management, act, **race, reason="Three weeks after the closing.")
    await done(cast.staff, act, consulteeId=case.consultee("women"), decision="CONSIDERED")
    for person in (cast.chair("race"), cast.member("race"), cast.staff):
        found = await case.engagement("race", person)
        assert (found["state"], found["lateReason"]) == ("LATE_DECLINED", "Three weeks after the closing.")
    assert (await case.engagement("women"))["state"] == "LATE_CONSIDERED"
    await refused(cast.management, act, "NOT_LATE", **race, reason="Again.")
    await refused(cast.staff, "consultationSign", "OPEN_POINTS", **(final | {"idempotencyKey": key()}))
    point = (await case.engagement("women"))["response"]["points"][0]["id"]
    await done(cast.staff, "outcomeRecord", pointId=point, decision="REJECTED", reason="No money.")
    await case.sign()
    assert (await case.seen())["conclusion"] == "AGREED"


async def test_no_response_is_said_so_and_is_never_consent(cast: Cast) -> None:
    case = await closed(cast)
    for network in ("race", "women"):
        found = await case.engagement(network)
        assert (found["state"], found["response"]) == ("NO_RESPONSE", None)
    await case.assess()
    await case.sign()
    assert (await case.engagement("race"))["state"] == "NO_RESPONSE"
    said = {"consulteeId": case.consultee("race"), "stance": "SUPPORT"}
    await refused(cast.chair("race"), "responseDraft", "WRONG_STATE", field=None, **said)
    submit = {"consulteeId": case.consultee("race"), "draftRevision": 1, "idempotencyKey": key()}
    await refused(cast.chair("race"), "responseSubmit", "WRONG_STATE", field=None, **submit)
    said = {"consulteeId": case.consultee("race"), "decision": "DECLINED", "reason": "Late."}
    await refused(cast.management, "responseConsider", "WRONG_STATE", **said)


async def test_one_network_gets_more_time_by_one_signature_and_responds_in_it(cast: Cast) -> None:
    case = await opened(cast)
    today = cast.world.today
    closes = add_working_days(today, 20)
    said = {"consulteeId": case.consultee("race"), "reason": "The draft came late in large print."}
    act = "consulteeExtend"
    await refused(cast.management, act, "DATE_ORDER", field="closesOn", closesOn=str(closes), **said)
    await refused(
        cast.management, act, "TOO_LONG_PERIOD", field="closesOn", closesOn=str(closes + timedelta(days=185)), **said
    )
    later = closes + timedelta(days=14)
    await refused(cast.management, act, "REQUIRED", field="reason", closesOn=str(later), **(said | {"reason": ""}))
    await refused(
        cast.management, act, "TOO_LONG", field="reason", closesOn=str(later), **(said | {"reason": "x" * 2_001})
    )
    for person in (cast.management_secretary, cast.chair("race"), cast.secretariat):
        await refused(person, act, "NOT_PERMITTED", field=None, closesOn=str(later), **said)
    await refused(cast.chair("women"), act, "NOT_FOUND", field="consulteeId", closesOn=str(later), **said)
    await done(cast.staff, act, "consultee { extendedTo }", closesOn=str(later), **said)
    await case.close()
    assert (await case.seen())["state"] == "CLOSED"
    assert (await case.engagement("race"))["state"] == "AWAITED"
    assert (await case.engagement("women"))["state"] == "NO_RESPONSE"
    await done(cast.member("race"), "commentAdd", consultationId=case.id, body="In our own time.")
    await refused(cast.member("women"), "commentAdd", "WRONG_STATE", consultationId=case.id, body="Ours is over.")
    await case.assess()
    final = await case.final() | {"idempotencyKey": key()}
    await refused(cast.management, "consultationSign", "RESPONSE_AWAITED", "IMPACT_ASSESSMENT_DATED", **final)
    response = await case.respond(cast.chair("race"), case.consultee("race"), "In our own time.")
    assert response["late"] is False
    assert (await case.engagement("race"))["state"] == "RESPONDED"
    consider = {"consulteeId": case.consultee("race"), "decision": "CONSIDERED"}
    await refused(cast.management, "responseConsider", "NOT_LATE", **consider)
    mine = await concluded(cast)
    await refused(
        cast.management, act, "WRONG_STATE", consulteeId=mine.consultee("race"), closesOn=str(later), reason="Late."
    )


async def test_an_extension_that_has_gone_by_already_is_refused(cast: Cast) -> None:
    case = await closed(cast)
    await cast.world.pass_time(case.id, 30)
    said = {"consulteeId": case.consultee("race"), "reason": "Backdated."}
    yesterday = str(cast.world.today - timedelta(days=1))
    await refused(cast.management, "consulteeExtend", "IN_THE_PAST", field="closesOn", closesOn=yesterday, **said)


async def test_the_staff_side_answers_for_the_health_and_safety_committee_and_management_sees_it(cast: Cast) -> None:
    case = await opened(cast, "safety", "race")
    mine = case.consultee("safety")
    await case.respond(cast.safety_staff, mine, "Fatigue is a hazard.")
    for person in (cast.safety_management, cast.management, cast.staff):
        found = await case.engagement("safety", person)
        assert found["response"]["points"][0]["body"] == "Fatigue is a hazard."
    answered = {"consulteeId": mine, "draftRevision": 1, "idempotencyKey": key()}
    await refused(cast.safety_management, "responseSubmit", "ALREADY_RESPONDED", **answered)
    await refused(cast.union_chair, "responseSubmit", "NOT_FOUND", field="consulteeId", **answered)


async def test_every_point_gets_a_changed_clause_or_a_reason_and_the_network_reads_it(cast: Cast) -> None:
    case = await opened(cast)
    response = await case.respond(cast.chair("race"), case.consultee("race"), "Make it eight.", "And ten at Christmas.")
    first, second = (point["id"] for point in response["points"])
    act = "outcomeRecord"
    reject = {"decision": "REJECTED", "reason": "Rotas cannot be known so early."}
    await refused(cast.management, act, "WRONG_STATE", field=None, pointId=first, **reject)
    await case.close()
    old = await case.clause("six weeks")
    await refused(cast.management, act, "CHANGE_REQUIRED", field="changedClauseId", pointId=first, decision="ACCEPTED")
    await case.change()
    new, same = await case.clause("eight weeks"), await case.clause("Swaps are")
    for clause in (old, same):
        await refused(
            cast.management, act, "CHANGE_REQUIRED", field="changedClauseId", pointId=first, decision="ACCEPTED",
            changedClauseId=clause,
        )  # fmt: skip
    await refused(
        cast.management, act, "UNKNOWN_CLAUSE", field="changedClauseId", pointId=first, decision="ACCEPTED",
        changedClauseId=random_like(new),
    )  # fmt: skip
    await refused(
        cast.management, act, "REQUIRED", field="reason", pointId=first, decision="PARTLY", changedClauseId=new
    )
    await refused(cast.management, act, "REQUIRED", field="reason", pointId=first, decision="REJECTED")
    await refused(
        cast.management, act, "TOO_LONG", field="reason", pointId=first, decision="REJECTED", reason="x" * 5_001
    )
    await refused(
        cast.management, act, "INVALID", field="changedClauseId", pointId=first, changedClauseId=new, **reject
    )
    for person in (cast.chair("race"), cast.member("race"), cast.secretariat):
        await refused(person, act, "NOT_PERMITTED", field=None, pointId=first, **reject)
    for person in (cast.chair("women"), cast.union_chair, cast.hr):
        await refused(person, act, "NOT_FOUND", field="pointId", pointId=first, **reject)
    await done(cast.staff, act, pointId=first, decision="ACCEPTED", changedClauseId=new)
    await done(cast.management, act, pointId=second, **reject)
    # put right before anybody signs
    await done(cast.management, act, pointId=second, decision="REJECTED", reason="Ward rotas are set by month.")
    for person in (cast.member("race"), cast.staff):
        found = {p["body"]: p["outcome"] for p in nodes((await case.seen(person))["points"])}
        assert found["Make it eight."]["changedClause"]["body"] == "Rosters are published eight weeks ahead."
        assert (found["And ten at Christmas."]["reason"], found["And ten at Christmas."]["revision"]) == (
            "Ward rotas are set by month.",
            2,
        )
    assert nodes((await case.seen(cast.member("women")))["points"]) == []
    await case.assess()
    await case.sign(cast.staff)
    await refused(cast.management, act, "WRONG_STATE", field=None, pointId=second, **reject)
    await case.change(body=CHANGED + "\nAnd more.\n")
    await done(cast.management, act, pointId=second, **reject)
