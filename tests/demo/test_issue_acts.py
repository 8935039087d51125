"""The loaded issues, themes and signposts are what the service's own acts leave, to the last door, bar and trace.

Each is played again with the real acts beside the loaded one, as `test_acts` does with consultations.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from service.access.pool import open_pool
from service.access.viewer import Doorway
from service.demo.cases import Did
from service.demo.consultations.seats import Seats
from service.demo.days import Days
from service.demo.issues import issues
from service.demo.matters import Offer
from service.demo.region import region
from service.demo.shapes import demo_id
from service.rules.escalations import Category, SignpostPurpose
from tests.demo.conftest import PROOF_KEY, Loaded
from tests.demo.live_issues import LiveIssues
from tests.demo.test_acts import spoken

pytestmark = pytest.mark.asyncio

ANY_DAY: Final = date(2026, 11, 20)
KEYS: Final = tuple(issue.key for issue in issues(Days(ANY_DAY)))
CLOCKS: Final = ("acknowledge_by", "answer_by")
OF_STEPS: Final = ("step_summary", "consent", "step_message", "step_note", "agenda_item")
INSTEAD: Final = {
    Category.BULLYING_HARASSMENT_VIOLENCE: Category.PEER_SUPPORT,
    Category.TIME_OFF: Category.BEST_PRACTICE,
    Category.HEALTH_AND_WELLBEING: Category.SAFE_SPACE,
}


@pytest_asyncio.fixture
async def admin(loaded: Loaded) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(loaded.admin)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def live(loaded: Loaded, admin: Any) -> AsyncIterator[LiveIssues]:
    pool = await open_pool(loaded.app, size=2, statement_seconds=10)
    yield LiveIssues(Doorway(pool, PROOF_KEY), admin, region(loaded.today))
    await pool.close()


@pytest.mark.parametrize("key", KEYS)
async def test_nobody_is_shown_more_of_an_issue_by_the_demo_than_by_the_acts(
    live: LiveIssues, admin: Any, key: str
) -> None:
    given = next(issue for issue in live.demo.issues if issue.key == key)
    ours = await whole(admin, demo_id("issue issue", f"{key}/"))
    theirs = await whole(admin, await live.raised(given))
    assert ours.keys() == theirs.keys()
    for table in ours:
        assert ours[table] == theirs[table], table


async def test_the_region_hears_no_more_by_the_demo_than_by_the_acts(live: LiveIssues, admin: Any) -> None:
    await live.themes(live.demo.themes, INSTEAD)
    offers = [each for each in live.demo.themes if isinstance(each, Offer)]
    for category, other in INSTEAD.items():
        period = next(each.period for each in offers if each.category == category)
        ours, theirs = await theme(admin, category, period), await theme(admin, other, period)
        assert ours == theirs, category
        assert ours["graph.theme_offer"]


async def test_a_signpost_of_the_demo_is_what_hr_would_have_set(live: LiveIssues, admin: Any) -> None:
    given = next(each for each in live.demo.signposts if each.purpose is SignpostPurpose.GUARDIAN)
    made = await live.sign(given, "RR7", Did(Seats("RR7").hr_system, given.did.at))
    ours = await traced(admin, "signpost", demo_id("signpost", f"{given.trust}/{given.purpose}"), given.trust)
    assert ours == await traced(admin, "signpost", made, "RR7")


async def whole(admin: Any, issue: UUID) -> dict[str, Counter[str]]:
    """All that stands about an issue, table by table, with ids named by what they are and times left out."""
    found: dict[str, list[Any]] = {}

    async def take(table: str, condition: str, ids: Any) -> list[Any]:
        rows = await admin.fetch(f"select * from graph.{table} where {condition} = any ($1::uuid[])", list(ids))
        found[f"graph.{table}"] = rows
        return list(rows)

    (row,) = await take("issue", "id", [issue])
    (*raiser,) = await take("raiser", "issue_id", [issue])
    trails = await take("step_trail", "issue_id", [issue])
    ids = [trail["step_id"] for trail in trails]
    trails += await take("step_trail", "step_id", ids)
    steps = await take("escalation_step", "id", ids)
    for table in OF_STEPS:
        await take(table, "step_id", ids)
    await take("issue_message", "issue_id", [issue])
    await take("issue_notice", "id", [trail["notice_id"] for trail in trails if trail["notice_id"]])
    disclosures = await take("identity_disclosure", "issue_id", [issue])
    numbers = {trail["step_id"]: trail["number"] for trail in trails}
    names: dict[UUID, str] = {issue: "the issue"}
    for each in raiser:
        names |= {each["room_id"]: "the vault", each["own_room"]: "the raiser's room", each["id"]: "the raiser"}
    names[row["room_id"]] = "the issue's room"
    for step in steps:
        which = numbers[step["id"]]
        names |= {
            step["id"]: f"step {which}",
            step["room_id"]: f"status {which}",
            step["content_room"]: f"text {which}",
        }
    for each in disclosures:
        names |= {each["id"]: "the disclosure", each["room_id"]: "the disclosure's room"}
    rooms = [id for id, name in names.items() if not name.startswith("step") and id != issue]
    for table, column in (("room", "id"), ("door", "into_room"), ("bar", "room_id"), ("bar_office", "room_id")):
        await take(table, column, rooms)
    return {**told(found, names), **await left(admin, [issue, *ids, *(each["id"] for each in disclosures)], names)}


async def left(admin: Any, targets: list[UUID], names: Mapping[UUID, str]) -> dict[str, Counter[str]]:
    """What acts left about them: entries, whose details they are and what these name, and events."""
    entries = await admin.fetch(
        "select e.id, e.room_id, e.act, e.outcome, e.forum_id, e.side, e.office, e.target_id, d.room_id as own,"
        " (select array_agg(x order by x) from jsonb_object_keys(d.detail::jsonb) x) as said,"
        " d.detail::jsonb ->> 'person' as person, e.happened_at = date_trunc('day', e.happened_at, 'Europe/London') as day"
        " from graph.audit_entry e join graph.audit_detail d on d.entry_id = e.id where e.target_id = any ($1::uuid[])",
        targets,
    )
    events = await admin.fetch(
        "select id, room_id, type, target_id, revision, happened_at = date_trunc('day', happened_at, 'Europe/London') as day"
        " from graph.event where target_id = any ($1::uuid[])",
        targets,
    )
    return told({"entries": entries, "events": events}, names)


def told(found: Mapping[str, list[Any]], names: Mapping[UUID, str]) -> dict[str, Counter[str]]:
    """Rows in words that two plays share: an id that has no name there is one of its table."""
    said: dict[str, Counter[str]] = {}
    for table, rows in found.items():
        untimed = [{key: bool(value) if key in CLOCKS else value for key, value in row.items()} for row in rows]
        own = {row["id"]: f"one of {table}" for row in untimed if "id" in row and row["id"] not in names}
        also = {row["notice_id"]: "a notice" for row in untimed if row.get("notice_id")}
        said[table] = Counter(spoken(row, {**names, **own, **also}) for row in untimed)
    return said


async def theme(admin: Any, category: Category, period: str) -> dict[str, Counter[str]]:
    """All that stands about a theme, with the category left out."""
    found: dict[str, list[Any]] = {}
    for table in ("theme_offer", "theme"):
        found[f"graph.{table}"] = await admin.fetch(
            f"select *, '' as category from graph.{table} where category = $1 and period = $2", category, period
        )
    offers = [row["id"] for row in found["graph.theme_offer"]]
    themes = [row["id"] for row in found["graph.theme"]]
    rooms = [row["room_id"] for row in found["graph.theme"]]
    for table, column, ids in (
        ("theme_signature", "offer_id", offers),
        ("theme_trust", "theme_id", themes),
        ("theme_answer", "theme_id", themes),
        ("door", "into_room", rooms),
        ("room", "id", rooms),
    ):
        found[f"graph.{table}"] = await admin.fetch(f"select * from graph.{table} where {column} = any ($1)", ids)
    names = {row["id"]: f"offer of {row['organisation_id']}" for row in found["graph.theme_offer"]}
    names |= {**dict.fromkeys(themes, "the theme"), **dict.fromkeys(rooms, "its room")}
    return {**told(found, names), **await left(admin, [*offers, *themes], names)}


async def traced(admin: Any, table: str, id: UUID, trust: str) -> dict[str, Counter[str]]:
    """A row of the trust's open room and what the act left, with the trust and its HR system left out."""
    rows = await admin.fetch(f"select * from graph.{table} where id = $1", id)
    names = {rows[0]["room_id"]: "open room", demo_id("organisation", trust): "trust", id: "it"}
    hr = next(seat for seat in region(ANY_DAY).seats if seat.key == Seats(trust).hr_system)
    names |= {demo_id("room", f"{hr.key}/PERSONAL"): "hr's room"}
    found = await left(admin, [id], names)
    found["entries"] = Counter(each.replace(str(demo_id("person", hr.holder)), "hr") for each in found["entries"])
    return {**told({table: rows}, names), **found}
