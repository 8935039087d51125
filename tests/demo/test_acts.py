"""The loaded consultations are what the service's own acts leave: the same rows, rooms, doors, traces and revisions.

Each is played again with the real acts beside the loaded one. Ids, moments and dates differ; nothing else may. A loaded
door that no act would have opened shows here as a difference.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from service.access.pool import open_pool
from service.access.viewer import Doorway
from service.db.tables import metadata
from service.demo.region import region
from service.demo.shapes import demo_id
from tests.demo.conftest import PROOF_KEY, Loaded
from tests.demo.live import Live

pytestmark = pytest.mark.asyncio

Connection = "asyncpg.Connection[asyncpg.Record]"
WHEN: Final = re.compile(r"(_at|_on)$|^extended_to$|^content_hash$|^commitment$|hash$|^salt$|^detail$|^redundancy$")
CASES: Final = (
    "flexible-working",
    "records-store",
    "raising-concerns",
    "agile-working",
    "dignity-at-work",
    "reasonable-adjustments",
    "sickness-absence",
    "special-leave",
)
ABOUT: Final = tuple(name for name, table in metadata.tables.items() if "consultation_id" in table.c)


@pytest_asyncio.fixture
async def admin(loaded: Loaded) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(loaded.admin)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def doorway(loaded: Loaded) -> AsyncIterator[Doorway]:
    pool = await open_pool(loaded.app, size=2, statement_seconds=10)
    yield Doorway(pool, PROOF_KEY)
    await pool.close()


@pytest.mark.parametrize("name", CASES)
async def test_nobody_is_shown_more_by_the_demo_than_by_the_acts(
    loaded: Loaded, doorway: Doorway, admin: Any, name: str
) -> None:
    demo = region(loaded.today)
    given = next(consultation for consultation in demo.consultations if consultation.key == f"RTD/{name}")
    played = await Live(doorway, admin, demo, loaded.today).play(given)
    ours = await whole(admin, demo_id("consultation", f"{given.key}/"))
    theirs = await whole(admin, played)
    assert ours.keys() == theirs.keys()
    for table in ours:
        assert ours[table] == theirs[table], table


async def whole(admin: Any, consultation: UUID) -> dict[str, Counter[str]]:
    """All that stands about a consultation, table by table, with ids named by what they are and times left out."""
    row = await admin.fetchrow("select * from graph.consultation where id = $1", consultation)
    found: dict[str, list[Any]] = {"graph.consultation": [row]}
    for table in ABOUT:
        found[table] = await admin.fetch(f"select * from {table} where consultation_id = $1", consultation)
    versions = [version["id"] for version in found["graph.policy_version"]]
    plans = [plan["id"] for plan in found["graph.consultation_plan"]]
    for table, column, ids in (
        ("graph.clause", "policy_version_id", versions),
        ("graph.impact_assessment", "policy_version_id", versions),
        ("graph.plan_consultee", "plan_id", plans),
        ("graph.signature", "coalesce(policy_version_id, plan_id)", [*versions, *plans]),
        ("graph.comment_author", "comment_id", [comment["id"] for comment in found["graph.comment"]]),
        ("graph.response_draft", "consultee_id", [engaged["id"] for engaged in found["graph.consultee"]]),
        ("graph.minority_view", "response_id", [response["id"] for response in found["graph.response"]]),
    ):
        found[table] = await admin.fetch(f"select * from {table} where {column} = any ($1::uuid[])", ids)
    rooms = {row["room_id"], row["case_room"], *(engaged["room_id"] for engaged in found["graph.consultee"])}
    found["graph.room"] = await admin.fetch("select * from graph.room where id = any ($1::uuid[])", rooms)
    found["graph.door"] = await admin.fetch("select * from graph.door where into_room = any ($1::uuid[])", rooms)
    known = {each["id"] for rows in found.values() for each in rows if "id" in each}
    found["graph.audit_entry"] = await admin.fetch(
        "select id, room_id, act, outcome, forum_id, side, office, target_id from graph.audit_entry"
        " where target_id = any ($1::uuid[])",
        known,
    )
    found["graph.audit_detail"] = await admin.fetch(
        "select * from graph.audit_detail where entry_id = any ($1::uuid[])",
        [entry["id"] for entry in found["graph.audit_entry"]],
    )
    found["graph.event"] = await admin.fetch(
        "select id, room_id, type, target_id, revision from graph.event where target_id = any ($1::uuid[])", known
    )
    names = named(found)
    return {table: Counter(spoken(each, names) for each in rows) for table, rows in found.items()}


def named(found: Mapping[str, list[Any]]) -> dict[UUID, str]:
    """What each id of the consultation's own rows and rooms is, in words that two plays share."""
    (row,) = found["graph.consultation"]
    names: dict[UUID, str] = {row["id"]: "consultation", row["room_id"]: "papers", row["case_room"]: "deliberation"}
    for engaged in found["graph.consultee"]:
        names |= {
            engaged["id"]: f"consultee {engaged['forum_id']}",
            engaged["room_id"]: f"room of {engaged['forum_id']}",
        }
    for version in found["graph.policy_version"]:
        names[version["id"]] = f"version {version['number']}"
    for table in ("clause", "impact_assessment", "comment", "response_point", "outcome", "response", "response_draft"):
        for each in found[f"graph.{table}"]:
            words = [each.get(key) for key in ("address", "findings", "reason", "summary", "body")]
            about = names.get(each.get("policy_version_id"), "")
            names[each["id"]] = f"{table} {about} {words}"
    for table, rows in found.items():
        for each in rows:
            if "id" in each:
                names.setdefault(each["id"], f"one of {table}")
    return names


def spoken(row: Any, names: Mapping[UUID, str]) -> str:
    def word(value: Any) -> str:
        if isinstance(value, str) and '"clause"' in value:
            for id, name in names.items():
                value = value.replace(str(id), name)
        return names.get(value, str(value)) if isinstance(value, UUID) else str(value)

    return repr({key: word(value) for key, value in row.items() if not WHEN.search(key) or value is None})
