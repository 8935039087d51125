"""What holds for every act alike: from outside, without a seat, in no one capacity, and under its key."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from service.demo.consultations.seats import Seats
from service.resolvers.context import Keys
from service.resolvers.mail_marks import code_of
from service.rules.acts import KEYED, Act
from service.rules.bodies import Office, Side
from service.rules.calendar import add_working_days
from tests.journeys.issue_stage import by_code, raised, raising, sent
from tests.journeys.reporting import YEAR, hr_of, protected_time, regional, submitted
from tests.journeys.stage import (
    CHANGED,
    SCHEMA,
    TITLE,
    Case,
    Cast,
    act_name,
    assessment,
    done,
    key,
    mark,
    nodes,
    objects_of,
    opened,
    plan_input,
    random_like,
    refused,
    without,
    written,
)
from tests.plugins.service import Person, World

Ids = dict[str, str]
MUTATIONS = sorted(SCHEMA.mutation_type.fields)  # type: ignore[union-attr]
BY_CODE = {"invitationAccept", "ownSignInAccept"}
"""Whoever accepts has no seat yet, in whose room a refusal could be recorded."""
SEATED = [act for act in MUTATIONS if act not in BY_CODE]
OPEN_TO_ALL = {
    "signpostSet",
    "ownSignInInvite",
    "webhookEndpointAdd",
    "calendarAddressCreate",
    "calendarAddressRevoke",
    "releaseNoteIssue",
    "peopleImport",
    "mailPreferenceSet",
}
"""About what an outsider sees too: an organisation's entry in the directory, and oneself."""
HIDDEN = [act for act in MUTATIONS if act not in OPEN_TO_ALL]


def attempts(cast: Cast) -> dict[str, Callable[[Ids], dict[str, Any]]]:
    """A plausible input of every act, from the ids of what it is about: a new act needs a line here."""
    today = cast.world.today
    soon = str(add_working_days(today, 30))
    return {
        "releaseSchedule": lambda i: {"forumId": i["region"], "definitionCode": "PROTECTED_TIME", "freezeOn": soon},
        "consultationDraft": lambda i: {"forumId": i["jnc"], "title": TITLE, "body": CHANGED},
        "policyVersionAdd": lambda i: {**at(i), "title": TITLE, "body": CHANGED},
        "impactAssessmentRecord": lambda i: {**at(i), "policyVersionId": i["version"], **assessment(today)},
        "consultationPlan": lambda i: at(i) | plan_input(cast, ("race",)) | {"consulteeForumIds": [i["network"]]},
        "planSign": lambda i: {"planId": i["plan"], "contentHash": "0" * 64},
        "planProceed": lambda i: {"planId": i["plan"], "reason": "Silence."},
        "consultationOpen": at,
        "consulteeAdd": lambda i: {"consultationId": i["case"], "forumId": i["network"]},
        "commentAdd": lambda i: {"consultationId": i["case"], "body": "Why?"},
        "commentWithdraw": lambda i: {"commentId": i["comment"]},
        "responseDraft": lambda i: {"consulteeId": i["consultee"], "stance": "NO_VIEW"},
        "responseSubmit": lambda i: {"consulteeId": i["consultee"], "draftRevision": 1},
        "responseShare": lambda i: {"consulteeId": i["consultee"], "forumId": i["network"]},
        "responseConsider": lambda i: {"consulteeId": i["consultee"], "decision": "CONSIDERED"},
        "consulteeExtend": lambda i: {"consulteeId": i["consultee"], "closesOn": soon, "reason": "Illness."},
        "extensionPropose": lambda i: {**at(i), "closesOn": soon, "reason": "Illness."},
        "extensionSign": lambda i: {"extensionId": i["extension"], "contentHash": "0" * 64},
        "outcomeRecord": lambda i: {"pointId": i["point"], "decision": "REJECTED", "reason": "No."},
        "consultationSign": lambda i: {
            "consultationId": i["case"],
            "policyVersionId": i["version"],
            "contentHash": "0" * 64,
        },
        "disagreementRecord": lambda i: {
            "consultationId": i["case"],
            "policyVersionId": i["version"],
            "statement": "No.",
            "disputesProcedure": "Section 9.",
        },
        "consultationRatify": lambda i: {**at(i), "ratifiedOn": str(today), "effectiveOn": soon, "reviewOn": soon},
        "consultationWithdraw": lambda i: {**at(i), "reason": "No."},
        "reportDraft": lambda i: {
            "forumId": i["network"],
            "definitionCode": "NETWORK_ANNUAL",
            "period": YEAR,
            "figures": [],
        },
        "reportRevise": lambda i: {"reportId": i["report"], "expectedRevision": 1, "figures": []},
        "reportSignOff": lambda i: {"reportId": i["report"], "contentHash": "0" * 64},
        "reportSubmit": lambda i: {"reportId": i["report"], "expectedRevision": 1},
        "reportReturn": lambda i: {"versionId": i["report_version"], "reason": "Count again."},
        "reportAcknowledge": lambda i: {"versionId": i["report_version"]},
        "reportPublish": lambda i: {"versionId": i["report_version"]},
        "reportImport": lambda i: {"forumId": i["network"], "definitionCode": "NETWORK_ANNUAL", "rows": []},
        "releaseFreeze": lambda i: {"forumId": i["region"], "definitionCode": "PROTECTED_TIME"},
        "seatGrant": lambda i: {
            "personId": i["person"],
            "forumId": i["network"],
            "office": "OFFICER",
            "side": "NETWORK",
        },
        "seatEnd": lambda i: {"seatId": i["seat"]},
        "membershipJoin": lambda i: {"forumId": i["network"]},
        "membershipLeave": lambda i: {"forumId": i["network"]},
        "membershipAccept": lambda i: {"requestId": i["request"]},
        "membershipDecline": lambda i: {"requestId": i["request"]},
        "invitationIssue": lambda i: {
            "forumId": i["network"],
            "office": "MEMBER",
            "side": "NETWORK",
            "expiresOn": soon,
        },
        "invitationAccept": lambda i: {"code": i["code"]},
        "recusalDeclare": lambda i: {"consultationId": i["case"], "reason": "Kin."},
        "releaseNoteIssue": lambda i: {"on": str(today), "hours": "3.5"},
        **attempts_at_issues(),
    }


def attempts_at_issues() -> dict[str, Callable[[Ids], dict[str, Any]]]:
    """The same, of every act about issues, their steps, identities, themes and signposts."""
    going: dict[str, Any] = {"channel": "JOINT", "summary": "Release is refused.", "concernsIndividualCase": False}
    return {
        "issueRaise": lambda i: without(raising(i["network"]), ["idempotencyKey"]),
        "issueEscalate": lambda i: {"issueId": i["issue"], "toForumId": i["jnc"], **going},
        "issueClose": lambda i: {"issueId": i["issue"], "reason": "Settled."},
        "consentGive": lambda i: {"stepId": i["step"], "contentHash": "0" * 64},
        "consentWithdraw": lambda i: {"stepId": i["step"]},
        "recipientChoose": lambda i: {"issueId": i["issue"], "recipientSeatId": i["seat"]},
        "messageSend": lambda i: {"issueId": i["issue"], "body": "Since when?"},
        "handoverTake": lambda i: {"issueId": i["issue"], "receipt": "R-1"},
        "stepAcknowledge": lambda i: {"stepId": i["step"]},
        "stepAccept": lambda i: {"stepId": i["step"]},
        "stepAsk": lambda i: {"stepId": i["step"], "body": "Where?"},
        "stepAnswer": lambda i: {"stepId": i["step"], "body": "There."},
        "stepNote": lambda i: {"stepId": i["step"], "body": "Costly."},
        "stepPlace": lambda i: {"stepId": i["step"], "title": "Release"},
        "stepReturn": lambda i: {"stepId": i["step"], "reason": "Not ours."},
        "stepRefer": lambda i: {"stepId": i["step"], "toForumId": i["jnc"], **going},
        "stepResolve": lambda i: {"stepId": i["step"], "outcome": "Agreed."},
        "interestDeclare": lambda i: {"stepId": i["step"]},
        "disclosureNotify": lambda i: {
            "issueId": i["issue"],
            "toSeatId": i["seat"],
            "ground": "COURT_ORDER",
            "reason": "Ordered.",
            "safeToTell": True,
        },
        "identityConsent": lambda i: {"disclosureId": i["disclosure"]},
        "identityDisclose": lambda i: {"disclosureId": i["disclosure"]},
        "themeOffer": lambda i: {"forumId": i["jnc"], "category": "TIME_OFF"},
        "themeSign": lambda i: {"offerId": i["offer"]},
        "themeAnswer": lambda i: {"themeId": i["theme"], "state": "DISCUSSED", "statement": "Discussed."},
        "signpostSet": lambda i: {
            "organisationId": i["organisation"],
            "purpose": "GUARDIAN",
            "words": "Listens.",
            "howToReach": "Extension 100.",
        },
        "releaseUnschedule": lambda i: {"scheduleId": i["schedule"]},
        "peopleImport": lambda i: {"mode": "CHANGES", "rows": []},
        "webhookEndpointAdd": lambda i: {"url": "https://hooks.example.org/in", "types": ["CONSULTATION_CHANGED"]},
        "webhookEndpointRotate": lambda i: {"endpointId": i["endpoint"]},
        "webhookEndpointEnd": lambda i: {"endpointId": i["endpoint"]},
        "webhookDeliveryReplay": lambda i: {"endpointId": i["endpoint"]},
        "mailPreferenceSet": lambda i: {"address": "somebody@example.org"},
        "mailAddressConfirm": lambda i: {"code": i["mail_code"]},
        "calendarAddressCreate": lambda i: {},
        "calendarAddressRevoke": lambda i: {},
        "releaseNoteRevoke": lambda i: {"noteId": i["note"]},
        "ownSignInInvite": lambda i: {},
        "ownSignInAccept": lambda i: {"code": i["own_code"]},
    }


def at(ids: Ids) -> dict[str, Any]:
    """The consultation and a revision of it."""
    return {"consultationId": ids["case"], "expectedRevision": 1}


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture(scope="module")
async def ids(cast: Cast) -> Ids:
    """What every act is about, in one case that is open and has everything, and a code that was used."""
    case: Case = await opened(cast)
    response = await case.respond(cast.chair("race"), case.consultee("race"), "Make it eight.")
    comment = await done(cast.member("race"), "commentAdd", "comment { id }", consultationId=case.id, body="Hm.")
    soon = str(add_working_days(cast.world.today, 30))
    extension = await done(
        cast.management, "extensionPropose", "extension { id }", consultationId=case.id,
        expectedRevision=await case.revision(), closesOn=soon, reason="Illness.",
    )  # fmt: skip
    joiner = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 3")
    request = await done(joiner, "membershipJoin", "membershipRequest { id }", forumId=cast.forum("race"))
    invited = await done(
        cast.chair("race"), "invitationIssue", "code", forumId=cast.forum("race"), office="MEMBER", side="NETWORK",
        expiresOn=soon,
    )  # fmt: skip
    await done(cast.world.as_("somebody-new"), "invitationAccept", code=invited["code"], idempotencyKey=key())
    reported = await submitted(hr_of(cast, "RTD"), "PROTECTED_TIME", protected_time())
    matter = await raised(
        cast, cast.member("race", 2), cast.forum("race"), identity="CONFIDENTIAL",
        recipientSeatId=cast.chair("race").seat,
    )  # fmt: skip
    step = await sent(matter, by_code("NETWORK_TO_JNC"))
    told = await done(
        cast.chair("race"), "disclosureNotify", "disclosure { id }", issueId=matter.id, ground="COURT_ORDER",
        toSeatId=cast.secretary("race").seat, reason="Ordered.", safeToTell=True,
    )  # fmt: skip
    offers = [
        await done(
            each.management, "themeOffer", "themeOffer { id theme { id } }", forumId=each.forum("jnc"),
            category="PEER_SUPPORT", period="2020-Q1", idempotencyKey=key(),
        )
        for each in (Cast(cast.world, Seats(trust)) for trust in ("RTD", "RXP", "R0B"))
    ]  # fmt: skip
    own = await done(cast.member("race", 2), "ownSignInInvite", "code")
    await done(cast.world.as_("somebody at home"), "ownSignInAccept", code=own["code"])
    endpoint = await done(
        cast.staff, "webhookEndpointAdd", "webhookEndpoint { id }", url="https://hooks.example.org/", types=["SEAT_GONE"],
        idempotencyKey=key(),
    )  # fmt: skip
    note = await done(
        cast.staff, "releaseNoteIssue", "releaseNote { id }", on=str(cast.world.today), hours="2", idempotencyKey=key()
    )
    planned = await done(
        regional(cast), "releaseSchedule", "releaseSchedule { id }", definitionCode="PROTECTED_TIME",
        forumId=cast.world.id("RegionalSocialPartnershipForum", "forum", "north-east/spf"),
        freezeOn=str(cast.world.today + timedelta(days=9)),
    )  # fmt: skip
    organisation = (await cast.hr.ask('{ organisation(odsCode: "RTD") { id } }')).only()["id"]
    found = await case.seen()
    me = (await cast.staff.ask("{ viewer { person { id } seats { id acting } } }")).data["viewer"]
    return {
        "case": case.id,
        "jnc": cast.forum("jnc"),
        "network": cast.forum("race"),
        "version": found["latestVersion"]["id"],
        "plan": nodes(found["plans"])[0]["id"],
        "consultee": case.consultee("race"),
        "point": response["points"][0]["id"],
        "comment": comment["comment"]["id"],
        "extension": extension["extension"]["id"],
        "request": request["membershipRequest"]["id"],
        "person": me["person"]["id"],
        "seat": next(seat["id"] for seat in me["seats"] if seat["acting"]),
        "code": invited["code"],
        "issue": matter.id,
        "step": step["id"],
        "disclosure": told["disclosure"]["id"],
        "offer": offers[0]["themeOffer"]["id"],
        "theme": offers[2]["themeOffer"]["theme"]["id"],
        "organisation": organisation,
        "own_code": own["code"],
        "report": reported["report"]["id"],
        "report_version": reported["id"],
        "endpoint": endpoint["webhookEndpoint"]["id"],
        "mail_code": await mail_code(cast),
        "note": note["releaseNote"]["id"],
        "schedule": planned["releaseSchedule"]["id"],
        "region": cast.world.id("RegionalSocialPartnershipForum", "forum", "north-east/spf"),
    }


async def mail_code(cast: Cast) -> str:
    """The code that the staff side's chair was mailed."""
    await done(cast.staff, "mailPreferenceSet", "set", address="chair@example.org")
    async with cast.world.admin() as db:
        row = await db.fetchrow("select id, address_mark, code_number from access.mail_preference")
    return code_of(Keys.derived(cast.world.settings.key).mail, *row)


def invented(ids: Ids) -> Ids:
    """The same, of nothing."""
    return {
        name: "A" * 32 if name in ("code", "own_code", "mail_code") else random_like(value)
        for name, value in ids.items()
    }


def keyed(act: str) -> dict[str, str]:
    """A key that nobody used."""
    return {"idempotencyKey": key()}


def test_every_act_of_the_graph_has_its_attempt(cast: Cast) -> None:
    assert sorted(attempts(cast)) == MUTATIONS


@pytest.mark.parametrize("act", HIDDEN)
async def test_outsider_is_told_of_nothing_whether_it_is_there_or_not(cast: Cast, ids: Ids, act: str) -> None:
    said = attempts(cast)[act]
    outsider = cast.world.as_("outsider")
    real = await outsider.act(act, objects_of(act), **said(ids), **keyed(act))
    nothing = await outsider.act(act, objects_of(act), **said(invented(ids)), **keyed(act))
    assert real.raw == nothing.raw
    assert real.problems() == ["NOT_FOUND"]
    assert real.only()["userErrors"][0]["field"] == [next(iter(said(ids)))] or act == "seatGrant"
    await refused(outsider, act, "NOT_FOUND", traced=act not in BY_CODE, **said(ids), **keyed(act))


@pytest.mark.parametrize("act", MUTATIONS)
async def test_operator_holds_no_seat_and_does_nothing(cast: Cast, ids: Ids, act: str) -> None:
    code = "NOT_FOUND" if act in BY_CODE else "NOT_PERMITTED"
    operator = cast.world.as_("operator")
    for given in (ids, invented(ids)):
        await refused(operator, act, code, traced=False, **attempts(cast)[act](given), **keyed(act))
    stranger = cast.world.as_("nobody-knows")
    await refused(stranger, act, code, traced=False, **attempts(cast)[act](ids), **keyed(act))


@pytest.mark.parametrize("act", SEATED)
async def test_dual_role_chooses_one_seat_before_any_act(cast: Cast, ids: Ids, act: str) -> None:
    dual = cast.world.as_("dual-role")
    seats = {seat["id"] for seat in await dual.seats()}
    assert len(seats) >= 4
    before = await mark(cast.world)
    document = (
        f"mutation($input: {act[0].upper()}{act[1:]}Input!) {{ {act}(input: $input) {{"
        f" {objects_of(act)} userErrors {{ code seats {{ id forumName office }} }} }} }}"
    )
    for person in (dual, dual.acting_as("all"), cast.management.acting_as("all")):
        answer = (await person.ask(document, input=attempts(cast)[act](ids) | keyed(act))).only()
        errors = answer.pop("userErrors")
        assert set(answer.values()) == {None}
        assert [error["code"] for error in errors] == ["CAPACITY_REQUIRED"]
        offered = {seat["id"] for seat in errors[0]["seats"]}
        assert offered == {seat["id"] for seat in await person.seats()}
    assert await written(cast.world, before) == {}


@pytest.mark.parametrize("act", SEATED)
async def test_nobody_acts_in_a_seat_that_is_not_theirs_now(cast: Cast, ids: Ids, act: str) -> None:
    former = cast.seat("race", Side.NETWORK, Office.CHAIR, "race former chair")
    management = cast.world.as_("management-chair")
    assert former.seat is not None
    claims: list[Person] = [
        former,
        management.acting_as(cast.staff.seat),
        management.acting_as(random_like(former.seat)),
        management.acting_as("nonsense"),
        management.acting_as(cast.forum("jnc")),
    ]
    before = await mark(cast.world)
    answers = [await person.act(act, objects_of(act), **attempts(cast)[act](ids), **keyed(act)) for person in claims]
    assert {answer.fault for answer in answers} == {"BAD_REQUEST"}
    assert len({answer.body["errors"][0]["message"] for answer in answers}) == 1
    assert await written(cast.world, before) == {}


@pytest.mark.parametrize("act", MUTATIONS)
async def test_key_is_required_where_a_retry_could_double_and_is_never_blank(cast: Cast, ids: Ids, act: str) -> None:
    said = attempts(cast)[act](ids)
    for bad in ("", "x" * 256):
        await refused(
            cast.management, act, "IDEMPOTENCY_KEY_REQUIRED", field="idempotencyKey", idempotencyKey=bad, **said
        )
    before = await mark(cast.world)
    if Act(act_name(act)) in KEYED:
        answer = await cast.management.act(act, objects_of(act), **said)
        assert answer.fault == "BAD_REQUEST"
        assert await written(cast.world, before) == {}


@pytest.mark.parametrize("act", [act for act in HIDDEN if act in SEATED])
async def test_same_key_gives_the_same_answer_and_no_other_input_may_use_it(cast: Cast, ids: Ids, act: str) -> None:
    said, person, once = attempts(cast)[act], cast.world.as_("outsider"), key()
    first = await person.act(act, objects_of(act), **said(ids), idempotencyKey=once)
    assert first.problems() == ["NOT_FOUND"]
    before = await mark(cast.world)
    again = await person.act(act, objects_of(act), **said(ids), idempotencyKey=once)
    assert again.raw == first.raw
    assert await written(cast.world, before) == {}
    await refused(
        person, act, "IDEMPOTENCY_KEY_REUSED", field="idempotencyKey", idempotencyKey=once, **said(invented(ids))
    )
    # another's key is another key
    other = cast.holding(cast.trust.network_chair("faith"))
    answer = await other.act(act, objects_of(act), **said(invented(ids)), idempotencyKey=once)
    assert answer.problems() == ["NOT_FOUND"]


async def test_a_done_act_is_done_once_under_its_key_and_read_again_under_the_rights_of_now(cast: Cast) -> None:
    once = key()
    said = {"forumId": cast.forum("jnc"), "title": TITLE, "body": CHANGED, "idempotencyKey": once}
    first = await cast.management.act("consultationDraft", "consultation { id state }", **said)
    before = await mark(cast.world)
    again = await cast.management.act("consultationDraft", "consultation { id state }", **said)
    assert again.raw == first.raw
    assert await written(cast.world, before) == {}
    case = first.only()["consultation"]["id"]
    await done(cast.management, "recusalDeclare", consultationId=case, reason="Kin.")
    after = await cast.management.act("consultationDraft", "consultation { id state }", **said)
    assert after.only() == {"consultation": None, "userErrors": []}
