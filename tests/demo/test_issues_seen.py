"""What the loaded issues and themes show to whom, and that they are told truly: states, clocks, days."""

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Any, Final

import asyncpg
import pytest

from service.demo.consultations.seats import Seats
from service.demo.days import Days
from service.demo.issues import issues
from service.demo.region import region
from service.demo.shapes import demo_id
from service.forums.routes import ROUTES
from service.rules.escalations import Clock, IssueState, StepState, deadlines, issue_state, late_clock
from tests.demo.conftest import Loaded
from tests.demo.test_load import column, seen_by

pytestmark = pytest.mark.asyncio

ROUTE: Final = {route.code: route for route in ROUTES}
TABLES: Final = ("issue", "raiser", "escalation_step", "step_summary", "consent", "step_note", "theme", "theme_offer")


def issue(key: str) -> Any:
    return demo_id("issue issue", f"{key}/")


def step(key: str, hop: str) -> Any:
    return demo_id("issue step", f"{key}/{hop}")


def holder(loaded: Loaded, seat: str) -> str:
    return next(each.holder for each in region(loaded.today).seats if each.key == seat)


async def admins(loaded: Loaded, query: str) -> list[Any]:
    admin = await asyncpg.connect(loaded.admin)
    try:
        return list(await admin.fetch(query))
    finally:
        await admin.close()


@pytest.mark.parametrize("subject", ["outsider", "operator", "hr-service"])
async def test_who_has_no_part_in_it_sees_no_issue_step_or_theme(loaded: Loaded, subject: str) -> None:
    async with seen_by(loaded, subject, merge=True) as snapshot:
        for table in (*TABLES, "issue_notice", "agenda_item", "identity_disclosure"):
            assert await column(snapshot, f"select id from graph.{table}") == set(), table


async def test_management_chair_cannot_see_the_private_channel_to_the_staff_side(loaded: Loaded) -> None:
    async with seen_by(loaded, "management-chair", merge=True) as snapshot:
        steps = await column(snapshot, "select id from graph.escalation_step")
        assert await column(snapshot, "select to_channel from graph.escalation_step") == {"JOINT", "MANAGEMENT_SIDE"}
        assert await column(snapshot, "select id from graph.issue") == {issue("RTD/region-management")}
        assert await column(snapshot, "select id from graph.step_note") == {
            demo_id("issue said", "RTD/agenda/jnc/3"),
        }
    assert step("RTD/agenda", "jnc") in steps
    assert step("RTD/awaiting", "jnc") not in steps


async def test_management_chair_cannot_tell_whom_staff_side_carries_an_item_for(loaded: Loaded) -> None:
    carried, own = step("RTD/private-channel", "jnc"), step("RTD/own-item", "jnc")
    async with seen_by(loaded, "management-chair", merge=True) as snapshot:
        seen = await snapshot.call("select * from graph.escalation_step where id = any ($1::uuid[])", [carried, own])
        for table in ("consent", "step_trail"):
            assert await snapshot.call(f"select id from graph.{table} where step_id = $1", carried) == [], table
            assert await snapshot.call(f"select id from graph.{table} where step_id = $1", own) == [], table
    told = [(each["from_name"], each["from_channel"], each["carries"], each["route"]) for each in seen]
    assert len(told) == 2
    assert told[0] == told[1]


async def test_management_secretary_sees_no_more_of_what_they_stepped_back_from(loaded: Loaded) -> None:
    async with seen_by(loaded, "management-secretary", merge=True) as snapshot:
        seen = await column(snapshot, "select id from graph.escalation_step")
    assert step("RTD/agenda", "jnc") in seen
    assert step("RTD/board", "jnc") not in seen


async def test_a_member_sees_what_they_raised_and_of_others_issues_a_notice(loaded: Loaded) -> None:
    async with seen_by(loaded, "network-member") as snapshot:
        assert await column(snapshot, "select id from graph.issue") == {issue("RTD/private-channel")}
        notices = await snapshot.call("select category, to_kind, state from graph.issue_notice")
        # neither of the private channel nor of what went to the guardian
        assert {tuple(each) for each in notices} == {
            ("BULLYING_HARASSMENT_VIOLENCE", "JOINT_NEGOTIATING_COMMITTEE", "SENT"),
            ("STAFF_EXPERIENCE", "EDI_STEERING_GROUP", "ANSWERED"),
        }
    async with seen_by(loaded, "fellow-member") as snapshot:
        assert await column(snapshot, "select id from graph.issue") == set()
        assert len(await column(snapshot, "select id from graph.issue_notice")) == 2


async def test_of_the_networks_officers_only_the_chosen_recipient_knows_who_raised_it(loaded: Loaded) -> None:
    about = "select issue_id from graph.raiser"
    async with seen_by(loaded, "network-chair") as snapshot:
        assert issue("RTD/private-channel") in await column(snapshot, about)
    async with seen_by(loaded, holder(loaded, Seats("RTD").network_secretary("race"))) as snapshot:
        assert issue("RTD/private-channel") in await column(snapshot, "select id from graph.issue")
        assert issue("RTD/private-channel") not in await column(snapshot, about)
        said = await column(snapshot, "select issue_id from graph.issue_message")
        assert issue("RTD/private-channel") not in said


async def test_staff_side_chair_learns_a_name_by_its_owners_consent_and_no_other_of_the_side(loaded: Loaded) -> None:
    name = "select display_name from graph.identity_disclosure"
    async with seen_by(loaded, "staff-side-chair") as snapshot:
        assert await column(snapshot, name) == {"Ngozi Alderfold (demo)"}
        assert await column(snapshot, "select id from graph.raiser") == set()
    async with seen_by(loaded, "dual-role", merge=True) as snapshot:
        assert await column(snapshot, name) == set()


async def test_the_guardian_keeps_a_receipt_and_nothing_else_here(loaded: Loaded) -> None:
    async with seen_by(loaded, "guardian") as snapshot:
        (found,) = await snapshot.call("select * from graph.issue")
        assert (found["state"], found["body"], found["effect_sought"], found["receipt"]) == (
            *("HANDED_OVER", "", ""),
            "FTSU 0412",
        )
        assert await column(snapshot, "select body from graph.step_summary") == {""}
        assert await column(snapshot, "select body from graph.issue_message") == {""}


async def test_the_region_counts_three_trusts_or_more_and_names_only_who_signed(loaded: Loaded) -> None:
    async with seen_by(loaded, "regional-chair") as snapshot:
        themes = await snapshot.call("select id, category, trusts, state from graph.theme")
        named = await column(snapshot, "select organisation_id from graph.theme_trust")
        assert await column(snapshot, "select id from graph.theme_offer") == set()
        steps = await column(snapshot, "select id from graph.escalation_step")
    assert {(each["category"], each["trusts"], each["state"]) for each in themes} == {
        ("BULLYING_HARASSMENT_VIOLENCE", 4, "ANSWERED"),
        ("TIME_OFF", 1, "RAISED"),
    }
    assert named == {demo_id("organisation", "RXP")}
    assert steps == {step("RTD/region-management", "spf")}


async def test_every_state_of_an_issue_and_of_a_step_stands_at_both_trusts(loaded: Loaded) -> None:
    stored = {row["id"]: row["state"] for row in await admins(loaded, "select id, state from graph.issue")}
    steps: dict[Any, list[StepState]] = {id: [] for id in stored}
    for row in await admins(
        loaded,
        "select t.issue_id, s.state from graph.step_trail t join graph.escalation_step s on s.id = t.step_id"
        " where t.issue_id is not null order by t.number",
    ):
        steps[row["issue_id"]].append(StepState(row["state"]))
    demo = region(loaded.today)
    for trust in ("RTD", "RXP"):
        told = [each for each in demo.issues if each.key.startswith(f"{trust}/")]
        for each in told:
            id = issue(each.key)
            assert tuple(steps[id]) == each.steps, each.key
            assert issue_state(IssueState(stored[id]), steps[id]) is each.state, each.key
        assert {each.state for each in told} == set(IssueState)
        assert {state for each in told for state in each.steps} == set(StepState)
    assert len(stored) == len(demo.issues)


async def test_steps_are_late_by_each_clock_also_on_the_private_channel(loaded: Loaded) -> None:
    now = datetime.combine(loaded.today, time(12), tzinfo=UTC)
    late: Counter[tuple[Any, Clock | None]] = Counter()
    for row in await admins(loaded, "select * from graph.escalation_step"):
        if row["sent_on"] is not None:
            days = ROUTE[row["route"]]
            last = deadlines(row["sent_on"], days.acknowledge_days, days.answer_days)
            assert (row["acknowledge_by"], row["answer_by"]) == (last.acknowledge_by, last.answer_by)
            clock = late_clock(StepState(row["state"]), row["acknowledge_by"], row["answer_by"], now)
            late[row["id"], clock] += 1
    found = {id: clock for id, clock in late if clock is not None}
    assert found == {
        step("RTD/late", "safety"): Clock.ACKNOWLEDGE,
        step("RXP/late", "safety"): Clock.ACKNOWLEDGE,
        step("RTD/board", "jnc"): Clock.ANSWER,
        step("RTD/private-channel", "staff"): Clock.ANSWER,
    }


async def test_no_row_about_an_issue_tells_an_hour(loaded: Loaded) -> None:
    odd = await admins(
        loaded,
        """select r.id from graph.room r where r.created_at <> date_trunc('day', r.created_at, 'Europe/London') and (
             r.id in (select room_id from graph.issue union select own_room from graph.raiser union select room_id from graph.raiser
               union select room_id from graph.escalation_step union select content_room from graph.escalation_step
               union select room_id from graph.identity_disclosure))
           union select e.id from graph.audit_entry e where e.office = 'RAISER'
             and (e.happened_at <> date_trunc('day', e.happened_at, 'Europe/London') or e.forum_id is not null)""",
    )
    assert odd == []


@pytest.mark.parametrize("today", [date(2026, 12, 25), date(2027, 3, 28), date(2028, 2, 29)], ids=str)
async def test_an_issues_deeds_follow_each_other_on_any_day(today: date) -> None:
    for told in issues(Days(today)):
        moments = [told.raised.at, *(deed.did.at for deed in told.deeds)]
        assert [at.date() for at in moments] == sorted(at.date() for at in moments), told.key
        assert max(moments).date() < today
