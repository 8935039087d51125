"""Powers narrow what a seat may do to what it sees; with any narrowing of any act gone, an attempt here succeeds (A35).

Each attempt is by somebody who sees the target and whose body is a party to it, and who still may not: another office, or
the other relation. Beside that it is wrong in some other way, so that where the power is widened nothing is done either,
but for one: the answer is no longer NOT_PERMITTED.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

import pytest

from service.access import matrix, powers
from service.demo.region import region
from service.demo.rows import room_id
from service.demo.shapes import demo_id, seat_key
from service.embedded import EmbeddedPostgres
from service.resolvers.ids import global_id
from service.rules.acts import Act
from service.rules.bodies import Office, Purpose, Relation, Side
from tests.plugins.service import World, new_world
from tests.walls.ground import NETWORK_CHAIR, SERVICE, add_row, personal, tables_of
from tests.walls.planting import show

M, S, N, NONE = Side.MANAGEMENT, Side.STAFF, Side.NETWORK, Side.NONE
MEMBER = seat_key("RTD", "jnc", M, Office.MEMBER, "jnc manager 1")
JNC_SECRETARIAT = seat_key("RTD", "jnc", NONE, Office.SECRETARIAT, "jnc secretariat")
HR_LEAD = seat_key("RTD", "jnc", M, Office.HR_LEAD, "hr policy lead")
OFFICER = seat_key("RTD", "race", N, Office.OFFICER, "race membership officer")
NETWORK_MEMBER = seat_key("RTD", "race", N, Office.MEMBER, "race member 1")
EDI_SECRETARIAT = seat_key("RTD", "edi", NONE, Office.SECRETARIAT, "people secretariat")
EDI_MEMBER = seat_key("RTD", "edi", N, Office.MEMBER, "race vice chair")
SAFETY_CHAIR = seat_key("RTD", "safety", M, Office.CHAIR, "estates director")
CHAIR = seat_key("RTD", "jnc", M, Office.CHAIR, "jnc management chair")
NETWORK_SECRETARY = seat_key("RTD", "race", N, Office.SECRETARY, "race secretary")
STAFF_SECRETARY = seat_key("RTD", "jnc", S, Office.SECRETARY, "jnc staff secretary")
SPF_SECRETARIAT = seat_key("north-east", "spf", NONE, Office.SECRETARIAT, "regional secretariat")
EMPLOYEE = seat_key("RTD", None, NONE, Office.EMPLOYEE, "employee 1")
OPEN, OTHER, ENDED = "RTD/flexible-working", "RTD/menopause-at-work", "RTD/reasonable-adjustments"
BOARD_SECRETARIAT = seat_key("RTD", "board", NONE, Office.SECRETARIAT, "company secretary")
REGIONAL_MEMBER = seat_key("north-east", "spf", M, Office.MEMBER, "RTD")
DAYS: Final = {"startsOn": "2024-04-01", "endsOn": "2025-03-31"}
STALE: Final = {"expectedRevision": 999_999}

# act → who, by seat, and the input; ids in capitals are looked up below
BY_OFFICE: Final[Mapping[Act, tuple[str, dict[str, Any]]]] = {
    Act.CONSULTATION_DRAFT: (MEMBER, {"forumId": "JNC", "title": "", "body": ""}),
    Act.POLICY_VERSION_ADD: (MEMBER, {"consultationId": "OPEN", "title": "x", "body": "x", **STALE}),
    Act.IMPACT_ASSESSMENT_RECORD: (MEMBER, {"consultationId": "OPEN", "policyVersionId": "VERSION", "assessedOn": "2026-01-01",
        "groups": "x", "findings": "x", "mitigations": "x", **STALE}),
    Act.CONSULTATION_PLAN: (MEMBER, {"consultationId": "OPEN", "options": [], "channels": [], "consulteeForumIds": [], "opensOn": "2026-01-01",
        "closesOn": "2026-01-01", **STALE}),
    Act.PLAN_SIGN: (MEMBER, {"planId": "PLAN", "contentHash": "x"}),
    Act.PLAN_PROCEED: (MEMBER, {"planId": "PLAN", "reason": ""}),
    Act.CONSULTEE_ADD: (MEMBER, {"consultationId": "OPEN", "forumId": "JNC"}),
    Act.CONSULTATION_OPEN: (MEMBER, {"consultationId": "OPEN", **STALE}),
    Act.COMMENT_ADD: (JNC_SECRETARIAT, {"consultationId": "ENDED", "body": "x"}),
    Act.COMMENT_WITHDRAW: (EDI_SECRETARIAT, {"commentId": "COMMENT"}),  # its own, which no act could have made
    Act.RESPONSE_DRAFT: (EDI_MEMBER, {"consulteeId": "EDI", "stance": "OPPOSE", "draftRevision": 999}),
    Act.RESPONSE_SUBMIT: (OFFICER, {"consulteeId": "ENGAGED", "draftRevision": 999}),
    Act.RESPONSE_SHARE: (OFFICER, {"consulteeId": "ENGAGED", "forumId": "JNC"}),
    Act.RESPONSE_CONSIDER: (MEMBER, {"consulteeId": "ENGAGED", "decision": "DECLINED"}),
    Act.CONSULTEE_EXTEND: (MEMBER, {"consulteeId": "ENGAGED", "closesOn": "2026-01-01", "reason": "x"}),
    Act.EXTENSION_PROPOSE: (MEMBER, {"consultationId": "OPEN", "closesOn": "2026-01-01", "reason": "x", **STALE}),
    Act.EXTENSION_SIGN: (MEMBER, {"extensionId": "EXTENSION", "contentHash": "wrong"}),
    Act.OUTCOME_RECORD: (MEMBER, {"pointId": "POINT", "decision": "REJECTED"}),
    Act.CONSULTATION_SIGN: (MEMBER, {"consultationId": "OPEN", "policyVersionId": "VERSION", "contentHash": "x"}),
    Act.DISAGREEMENT_RECORD: (MEMBER, {"consultationId": "OPEN", "policyVersionId": "VERSION", "statement": "", "disputesProcedure": ""}),
    Act.CONSULTATION_RATIFY: (MEMBER, {"consultationId": "OPEN", "ratifiedOn": "2026-01-01", "effectiveOn": "2026-01-01",
        "reviewOn": "2026-01-01", **STALE}),
    Act.CONSULTATION_WITHDRAW: (MEMBER, {"consultationId": "OPEN", "reason": "", **STALE}),
    Act.REPORT_DRAFT: (MEMBER, {"forumId": "JNC", "definitionCode": "NONE", "period": DAYS, "figures": []}),
    Act.REPORT_REVISE: (NETWORK_MEMBER, {"reportId": "RACE_REPORT", "figures": [], **STALE}),
    Act.REPORT_SIGN_OFF: (BOARD_SECRETARIAT, {"reportId": "EVALUATION", "contentHash": "x"}),
    Act.REPORT_SUBMIT: (NETWORK_MEMBER, {"reportId": "RACE_REPORT", **STALE}),
    Act.REPORT_RETURN: (MEMBER, {"versionId": "WRES_VERSION", "reason": ""}),
    Act.REPORT_ACKNOWLEDGE: (MEMBER, {"versionId": "WRES_VERSION"}),
    Act.REPORT_PUBLISH: (NETWORK_MEMBER, {"versionId": "RACE_VERSION"}),
    Act.REPORT_IMPORT: (MEMBER, {"forumId": "JNC", "definitionCode": "NONE"}),
    Act.RELEASE_FREEZE: (REGIONAL_MEMBER, {"forumId": "SPF", "definitionCode": "NONE"}),
    Act.RELEASE_SCHEDULE: (REGIONAL_MEMBER, {"forumId": "SPF", "definitionCode": "NONE", "freezeOn": "2026-01-01"}),
    Act.RELEASE_UNSCHEDULE: (REGIONAL_MEMBER, {"scheduleId": "SCHEDULE"}),
    Act.PEOPLE_IMPORT: (EMPLOYEE, {"mode": "CHANGES", "rows": []}),
    Act.SEAT_GRANT: (MEMBER, {"forumId": "JNC", "personId": "SELF", "office": "GUARDIAN", "side": "MANAGEMENT"}),
    Act.SEAT_END: (OFFICER, {"seatId": "FORMER"}),
    Act.MEMBERSHIP_JOIN: (SERVICE, {"forumId": "JNC"}),
    Act.MEMBERSHIP_ACCEPT: (NETWORK_MEMBER, {"requestId": "REQUEST"}),  # one's own request, as a member already
    Act.MEMBERSHIP_DECLINE: (NETWORK_MEMBER, {"requestId": "REQUEST"}),
    Act.INVITATION_ISSUE: (OFFICER, {"forumId": "RACE", "office": "MEMBER", "side": "NETWORK", "expiresOn": "2026-01-01"}),
    Act.RECUSAL_DECLARE: (HR_LEAD, {"consultationId": "OPEN", "reason": ""}),  # who was let into the papers by a door of their own
    Act.ISSUE_RAISE: (SERVICE, {"forumId": "GUARDIANS", "category": "POLICY", "identity": "NAMED", "concernsIndividualCase": False}),
    Act.ISSUE_ESCALATE: (MEMBER, {"stepId": "STEP", "toForumId": "JNC", "channel": "JOINT", "summary": "", "concernsIndividualCase": False}),
    Act.RECIPIENT_CHOOSE: (OFFICER, {"issueId": "ISSUE", "recipientSeatId": "FORMER"}),
    Act.CONSENT_GIVE: (OFFICER, {"stepId": "STEP", "contentHash": "x"}),
    Act.CONSENT_WITHDRAW: (NETWORK_CHAIR, {"stepId": "STEP"}),
    Act.STEP_ACKNOWLEDGE: (MEMBER, {"stepId": "STEP"}),
    Act.STEP_ACCEPT: (MEMBER, {"stepId": "STEP"}),
    Act.STEP_ASK: (MEMBER, {"stepId": "STEP", "body": ""}),
    Act.STEP_NOTE: (MEMBER, {"stepId": "STEP", "body": ""}),
    Act.STEP_PLACE: (MEMBER, {"stepId": "STEP", "title": ""}),
    Act.STEP_RETURN: (MEMBER, {"stepId": "STEP", "reason": ""}),
    Act.STEP_REFER: (MEMBER, {"stepId": "STEP", "toForumId": "JNC", "channel": "JOINT", "summary": "", "concernsIndividualCase": False}),
    Act.STEP_RESOLVE: (MEMBER, {"stepId": "STEP", "outcome": ""}),
    Act.DISCLOSURE_NOTIFY: (NETWORK_MEMBER, {"issueId": "ISSUE", "toSeatId": "FORMER", "ground": "SAFEGUARDING", "reason": "", "safeToTell": True}),
    Act.IDENTITY_CONSENT: (NETWORK_CHAIR, {"disclosureId": "DISCLOSURE"}),
    Act.THEME_OFFER: (MEMBER, {"forumId": "JNC", "category": "POLICY", "period": "x"}),
    Act.THEME_SIGN: (STAFF_SECRETARY, {"offerId": "OFFER"}),  # for a side that has signed
    Act.THEME_ANSWER: (SPF_SECRETARIAT, {"themeId": "THEME", "state": "RAISED", "statement": ""}),
    Act.SIGNPOST_SET: (EMPLOYEE, {"organisationId": "RTD", "purpose": "GUARDIAN", "words": "", "howToReach": ""}),
    Act.OWN_SIGN_IN_INVITE: (SERVICE, {}),
    Act.MAIL_PREFERENCE_SET: (SERVICE, {"cadence": "OFF"}),
    Act.MAIL_ADDRESS_CONFIRM: (SERVICE, {"code": ""}),
    Act.RELEASE_NOTE_ISSUE: (EMPLOYEE, {"on": "2026-01-01", "hours": "0"}),
    Act.INTEREST_DECLARE: (NETWORK_SECRETARY, {"stepId": "STEP"}),  # the last: where it is widened it is done
}  # fmt: skip
# Where whoever sees it has the power to do it, or stands to it in no relation that one could have: an issue and an identity
# are seen by their raiser and by those who hold them, all who could answer for a sender may, and of the receiver the deed itself
# asks for more; a code of one's own is taken up in no seat.
NOBODY_WITHOUT: Final = frozenset(
    {
        Act.STEP_ANSWER,
        Act.ISSUE_CLOSE,
        Act.MESSAGE_SEND,
        Act.HANDOVER_TAKE,
        Act.IDENTITY_DISCLOSE,
        Act.OWN_SIGN_IN_ACCEPT,
        # every seat has webhooks of its own, and sees no other's
        Act.WEBHOOK_ENDPOINT_ADD,
        Act.WEBHOOK_ENDPOINT_ROTATE,
        Act.WEBHOOK_ENDPOINT_END,
        Act.WEBHOOK_DELIVERY_REPLAY,
        # and a calendar of its own
        Act.CALENDAR_ADDRESS_CREATE,
        Act.CALENDAR_ADDRESS_REVOKE,
        # whoever sees a release note issued it
        Act.RELEASE_NOTE_REVOKE,
    }
)
# the same offices in a body that is asked and does not own, or that owns and is not asked
BY_RELATION: Final[Mapping[Act, tuple[str, dict[str, Any]]]] = {
    act: (SAFETY_CHAIR, {name: {"OPEN": "OTHER", "VERSION": "OTHER_VERSION"}.get(value, value) if isinstance(value, str) else value
        for name, value in said.items()})
    for act, (_, said) in BY_OFFICE.items() if said.get("consultationId") == "OPEN" and act is not Act.RECUSAL_DECLARE
} | {
    Act.CONSULTEE_EXTEND: (SAFETY_CHAIR, {"consulteeId": "SAFETY", "closesOn": "2026-01-01", "reason": "x"}),
    Act.RESPONSE_CONSIDER: (SAFETY_CHAIR, {"consulteeId": "SAFETY", "decision": "DECLINED"}),
    Act.REPORT_RETURN: (NETWORK_CHAIR, {"versionId": "RACE_VERSION", "reason": ""}),
    Act.REPORT_ACKNOWLEDGE: (NETWORK_CHAIR, {"versionId": "RACE_VERSION"}),
    Act.RESPONSE_DRAFT: (CHAIR, {"consulteeId": "ENGAGED", "stance": "OPPOSE", "draftRevision": 999}),
    Act.RESPONSE_SUBMIT: (CHAIR, {"consulteeId": "ENGAGED", "draftRevision": 999}),
    Act.RESPONSE_SHARE: (CHAIR, {"consulteeId": "ENGAGED", "forumId": "JNC"}),
} | {  # whoever sent a step sees it, and does not move it
    act: (NETWORK_CHAIR, said) for act, (_, said) in BY_OFFICE.items()
    if act in (Act.STEP_ACKNOWLEDGE, Act.STEP_ACCEPT, Act.STEP_ASK, Act.STEP_NOTE, Act.STEP_PLACE, Act.STEP_RETURN, Act.STEP_REFER, Act.STEP_RESOLVE)
}  # fmt: skip
SETS: Final = {"by office": BY_OFFICE, "by relation": BY_RELATION}


@pytest.fixture(scope="module")
async def stage(
    postgres_server: EmbeddedPostgres, region_template: str, demo_keys: Any
) -> AsyncIterator[tuple[World, dict[str, str]]]:
    """The world, and the ids that the attempts name."""
    async with new_world(postgres_server, region_template, demo_keys) as world:
        async with world.admin() as admin:
            shown = await show(admin)
            ids = await _ids(admin) | {
                word: global_id(name, shown[name][0])
                for word, name in {
                    "ISSUE": "Issue",
                    "STEP": "EscalationStep",
                    "DISCLOSURE": "IdentityDisclosure",
                    "OFFER": "ThemeOffer",
                    "THEME": "Theme",
                }.items()
            }
        yield world, ids


async def _ids(admin: Any) -> dict[str, str]:
    tables = {table.name: table for table in await tables_of(admin)}
    race, edi = demo_id("forum", "RTD/race"), demo_id("forum", "RTD/edi")
    consultations = {
        name: demo_id("consultation", f"{key}/") for name, key in (("OPEN", OPEN), ("OTHER", OTHER), ("ENDED", ENDED))
    }
    papers = await admin.fetchrow("select * from graph.consultation where id = $1", consultations["OPEN"])
    one = "select id from graph.{} where consultation_id = $1 order by id limit 1"
    comment, request = uuid4(), uuid4()
    await add_row(
        admin, tables["graph.comment"], id=comment, room_id=room_id("RTD/edi", Purpose.JOINT), consultation_id=papers["id"],
        consultation_room=papers["room_id"], forum_id=edi, side="NONE", created_at=datetime.now(UTC))  # fmt: skip
    await add_row(
        admin, tables["graph.comment_author"], comment_id=comment, comment_room=room_id("RTD/edi", Purpose.JOINT), room_id=personal(EDI_SECRETARIAT))  # fmt: skip
    await add_row(
        admin, tables["graph.membership_request"], id=request, room_id=room_id("RTD/race", Purpose.OFFICERS), forum_id=race,
        person_id=demo_id("person", "network-member"))  # fmt: skip
    await admin.execute(
        "insert into graph.door (from_room, into_room, may_write) values ($1, $2, false)",
        personal(HR_LEAD),
        papers["room_id"],
    )
    schedule, spf = uuid4(), demo_id("forum", "north-east/spf")
    await add_row(
        admin, tables["graph.release_schedule"], id=schedule, room_id=room_id("north-east/spf", Purpose.JOINT), forum_id=spf,
        forum_room=await admin.fetchval("select room_id from graph.forum where id = $1", spf), state="PLANNED")  # fmt: skip
    of_kind = (
        "select r.id from graph.report r join graph.report_definition d on d.id = r.definition_id where d.code = $1"
    )
    engaged = "select id from graph.consultee where consultation_id = $1 and forum_id = $2"
    return {
        **{name: global_id("Consultation", id) for name, id in consultations.items()},
        "JNC": global_id("JointNegotiatingCommittee", demo_id("forum", "RTD/jnc")),
        "RACE": global_id("StaffNetwork", race),
        "VERSION": global_id("PolicyVersion", await admin.fetchval(one.format("policy_version"), papers["id"])),
        "OTHER_VERSION": global_id("PolicyVersion", await admin.fetchval(one.format("policy_version"), consultations["OTHER"])),
        "PLAN": global_id("ConsultationPlan", await admin.fetchval(one.format("consultation_plan"), papers["id"])),
        "EXTENSION": global_id("Extension", await admin.fetchval(one.format("extension"), papers["id"])),
        "ENGAGED": global_id("Consultee", await admin.fetchval(engaged, papers["id"], race)),
        "SAFETY": global_id("Consultee", await admin.fetchval(engaged, consultations["OTHER"], demo_id("forum", "RTD/safety"))),
        "EDI": global_id("Consultee", await admin.fetchval(engaged, papers["id"], edi)),
        "POINT": global_id("ResponsePoint", await admin.fetchval(one.format("response_point"), papers["id"])),
        "COMMENT": global_id("Comment", comment),
        "REQUEST": global_id("MembershipRequest", request),
        "FORMER": global_id("Seat", demo_id("seat", seat_key("RTD", "race", N, Office.CHAIR, "race former chair"))),
        "GUARDIANS": global_id("FreedomToSpeakUp", demo_id("forum", "RTD/speak-up")),
        "RTD": global_id("Organisation", demo_id("organisation", "RTD")),
        "SCHEDULE": global_id("ReleaseSchedule", schedule),
        "SPF": global_id("RegionalSocialPartnershipForum", demo_id("forum", "north-east/spf")),
        "RACE_REPORT": global_id("Report", await admin.fetchval("select id from graph.report where forum_id = $1", race)),
        "RACE_VERSION": global_id("ReportVersion", await admin.fetchval(
            "select v.id from graph.report_version v join graph.report r on r.id = v.report_id where r.forum_id = $1", race)),
        "EVALUATION": global_id("Report", await admin.fetchval(of_kind, "JOB_EVALUATION")),
        "WRES_VERSION": global_id("ReportVersion", await admin.fetchval(
            f"select id from graph.report_version where report_id in ({of_kind}) order by id limit 1", "WRES")),
        "SELF": global_id("Person", demo_id("person", "management-chair")),
    }  # fmt: skip


async def _attempt(stage: tuple[World, dict[str, str]], act: Act, key: str, said: dict[str, Any]) -> list[str]:
    world, ids = stage
    holder = next(seat.holder for seat in region(world.today).seats if seat.key == key)
    person = world.as_(holder).acting_as(global_id("Seat", demo_id("seat", key)))
    first, *rest = act.value.lower().split("_")
    plain = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in said.items()}
    answer = await person.act(first + "".join(word.capitalize() for word in rest), idempotencyKey=str(uuid4()), **plain)
    return answer.problems()


def _widened(act: Act, how: str) -> Mapping[Act, frozenset[powers.Power]]:
    """The table of powers with one act's narrowing gone: of everything, or of how the body stands to the target."""
    narrow = powers.POWERS[act]
    wide = frozenset(
        (side, office, relation) for side in Side for office in Office for relation in Relation
        if how == "by office" or any((side, office, each) in narrow for each in Relation)
    )  # fmt: skip
    assert wide > narrow, "there was nothing to widen"
    return MappingProxyType({**powers.POWERS, act: wide})


def test_every_act_that_is_narrowed_has_its_attempt() -> None:
    assert set(BY_OFFICE) | NOBODY_WITHOUT | {act for act in matrix.anybodys() if not matrix.excepted(act)} == set(Act)
    relations = {act: {relation for _, _, relation in held} for act, held in powers.POWERS.items()}
    one_relation = {
        act for act, held in relations.items() if held in ({Relation.OWNER}, {Relation.CONSULTEE}, {Relation.RECEIVER})
    }
    # whose target is one's own body, hidden from all but the owner's, or never seen by an office that has the power elsewhere
    of_ones_own = {Act.CONSULTATION_DRAFT, Act.PLAN_SIGN, Act.PLAN_PROCEED, Act.EXTENSION_SIGN, Act.OUTCOME_RECORD,
                   Act.MEMBERSHIP_ACCEPT, Act.MEMBERSHIP_DECLINE, Act.INVITATION_ISSUE, Act.HANDOVER_TAKE, Act.DISCLOSURE_NOTIFY,
                   Act.IDENTITY_DISCLOSE, Act.THEME_OFFER, Act.THEME_SIGN, Act.THEME_ANSWER, Act.RELEASE_FREEZE, Act.RELEASE_SCHEDULE,
                   Act.RELEASE_UNSCHEDULE, Act.REPORT_SIGN_OFF}  # fmt: skip
    assert set(BY_RELATION) == one_relation - of_ones_own


@pytest.mark.parametrize("how", SETS)
async def test_who_sees_it_and_has_no_power_is_refused_and_nothing_is_written(
    stage: tuple[World, dict[str, str]], how: str
) -> None:
    before = await stage[0].everything()
    for act, (key, said) in SETS[how].items():
        assert await _attempt(stage, act, key, said) == ["NOT_PERMITTED"], act
    after = await stage[0].everything()
    traces = {"graph.audit_entry", "graph.audit_detail", "graph.idempotency", "graph.room_head"}
    assert {name for name in after if after[name] != before[name]} <= traces


@pytest.mark.parametrize("how", SETS)
async def test_no_widened_power_goes_unnoticed(
    stage: tuple[World, dict[str, str]], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnoticed = []
    for act, (key, said) in SETS[how].items():
        with monkeypatch.context() as patched:
            patched.setattr(powers, "POWERS", _widened(act, how))
            found = await _attempt(stage, act, key, said)
        if found == ["NOT_PERMITTED"]:
            unnoticed.append(act)
    assert unnoticed == []
