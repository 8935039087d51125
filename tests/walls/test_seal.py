"""A confidential raiser is in the vault and nowhere else: every table, every log line, by the superuser (THREATS F8, F9).

A member raises, talks, consents, answers, takes back and closes through the service as it really runs. After each of these
acts every row that is new or changed is searched for whatever names them, and for anything finer than a day.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from service.demo.shapes import demo_id
from service.resolvers.ids import global_id
from service.rules.bodies import Office, Side
from tests.integrity.served import served
from tests.integrity.test_log_hygiene import logged  # noqa: F401 (a fixture)
from tests.journeys.stage import Cast, done, key
from tests.plugins.service import SECRET, World
from tests.walls.ground import NETWORK_MEMBER, account, seat

NAME, AGENT, LOCALE = "Sentinel Raiser", "sentinel-agent", "xx-SENTINEL"
VAULT: Final = "graph.raiser"
ENGLAND: Final = ZoneInfo("Europe/London")
Row = dict[str, Any]


@dataclass
class Watched:
    """What the database holds, and what each act of the raiser left in it."""

    world: World
    names: tuple[str, ...] = ()
    left: list[tuple[str, str, Row]] = field(default_factory=list)

    async def rows(self) -> dict[str, dict[str, Row]]:
        """Every row of every table, by its words."""
        async with self.world.admin() as admin:
            tables = [row[0] for row in await admin.fetch(
                "select schemaname || '.' || tablename from pg_tables where schemaname in ('graph', 'access')")]  # fmt: skip
            return {
                table: {
                    row["said"]: dict(row) for row in await admin.fetch(f"select t::text as said, t.* from {table} t")
                }
                for table in tables
                if table != "access.scheduler"  # the lease of whoever looks at deadlines, every two seconds
            }

    @asynccontextmanager
    async def act(self, word: str) -> AsyncIterator[None]:
        """One act of the raiser's: what is new or changed after it."""
        before = await self.rows()
        yield
        after = await self.rows()
        new = [
            (word, table, row)
            for table, rows in after.items()
            for said, row in rows.items()
            if said not in before[table]
        ]
        self.left += new

    def of(self, word: str) -> list[tuple[str, Row]]:
        """What one act left."""
        return [(table, row) for act, table, row in self.left if act == word]


async def _who(world: World) -> tuple[str, ...]:
    """Everything by which the member is known: their name, account, person, seats and their own rooms, in every spelling."""
    person, own = demo_id("person", "network-member"), seat(NETWORK_MEMBER)
    async with world.admin() as admin:
        await admin.execute("update graph.person set display_name = $1 where id = $2", NAME, person)
        seats = await admin.fetch("select id, personal_room from graph.seat where person_id = $1", person)
    ids = [person, account("network-member"), *(each for row in seats for each in row)]
    assert own in ids
    spelt = [spelling for each in ids for spelling in (str(each), each.hex)]
    return (NAME, "network-member", AGENT, LOCALE, *spelt, global_id("Person", person), global_id("Seat", own))


def _named(row: Row, names: tuple[str, ...]) -> list[str]:
    said = row["said"].lower()
    return [name for name in names if name.lower() in said]


def _moments(row: Row) -> list[str]:
    return [
        name for name, value in row.items()
        if isinstance(value, datetime) and 2 < value.year < 9999 and value.astimezone(ENGLAND).strftime("%H:%M:%S.%f") != "00:00:00.000000"
    ]  # fmt: skip


async def _confidential_life(watched: Watched) -> None:
    """Raised, talked about, carried twice, answered, taken back, entrusted to another, disclosed with consent, and closed."""
    cast = Cast(watched.world)
    raiser, chair, officer = (
        cast.member("race"),
        cast.chair("race"),
        cast.seat("race", Side.NETWORK, Office.OFFICER, "race membership officer"),
    )
    raising = {"forumId": cast.forum("race"), "category": "BULLYING_HARASSMENT_VIOLENCE", "identity": "CONFIDENTIAL", "body": "It happens on nights.",
        "effectSought": "Two on every shift.", "concernsIndividualCase": False, "idempotencyKey": key()}  # fmt: skip
    for word, wrong in {
        "refused: nobody chosen": {},
        "refused: of another body": {"recipientSeatId": cast.staff.seat},
        "refused: to oneself": {"recipientSeatId": raiser.seat},
        "refused: one person's case": {"recipientSeatId": chair.seat, "concernsIndividualCase": True},
        "refused: too long": {"recipientSeatId": chair.seat, "body": "x" * 60_000},
    }.items():
        async with watched.act(word):
            answer = await raiser.act("issueRaise", **{**raising, **wrong, "idempotencyKey": key()})
            assert answer.problems(), word
    async with watched.act("raise"):
        issue = (await done(raiser, "issueRaise", "issue { id }", **raising, recipientSeatId=chair.seat))["issue"]["id"]
    async with watched.act("raise again"):
        again = await done(raiser, "issueRaise", "issue { id }", **raising, recipientSeatId=chair.seat)
        assert again["issue"]["id"] == issue
    async with watched.act("message"):
        await done(raiser, "messageSend", issueId=issue, body="May we talk?")
    await done(chair, "messageSend", issueId=issue, body="Yes.")
    steps = []
    for channel in ("JOINT", "STAFF_SIDE"):
        said = {
            "issueId": issue,
            "toForumId": cast.forum("jnc"),
            "channel": channel,
            "summary": f"For the {channel}.",
            "concernsIndividualCase": False,
        }
        steps.append(
            (await done(officer, "issueEscalate", "step { id summary { contentHash } }", idempotencyKey=key(), **said))[
                "step"
            ]
        )
    for step in steps:
        async with watched.act("consent"):
            await done(
                raiser,
                "consentGive",
                stepId=step["id"],
                contentHash=step["summary"]["contentHash"],
                idempotencyKey=key(),
            )
    await done(cast.staff, "stepAccept", stepId=steps[0]["id"])
    await done(cast.staff, "stepAsk", stepId=steps[0]["id"], body="Since when?")
    async with watched.act("answer"):
        await done(raiser, "stepAnswer", stepId=steps[0]["id"], body="Since March.")
    async with watched.act("withdraw"):
        await done(raiser, "consentWithdraw", stepId=steps[1]["id"])
    async with watched.act("refused: withdraw twice"):
        assert (await raiser.act("consentWithdraw", stepId=steps[1]["id"])).problems()
    disclosed = await done(chair, "disclosureNotify", "disclosure { id }", issueId=issue, toSeatId=officer.seat, ground="RAISER_CONSENT",
        reason="To accompany them.", safeToTell=True, idempotencyKey=key())  # fmt: skip
    async with watched.act("identity consent"):
        await done(raiser, "identityConsent", disclosureId=disclosed["disclosure"]["id"], idempotencyKey=key())
    async with watched.act("entrust to another"):
        await done(raiser, "recipientChoose", issueId=issue, recipientSeatId=officer.seat)
    await done(
        cast.staff, "stepResolve", stepId=steps[0]["id"], outcome="Two on every shift from May.", idempotencyKey=key()
    )
    async with watched.act("close"):
        await done(raiser, "issueClose", issueId=issue, reason="It was answered.")


async def test_F8_F9_who_raised_it_is_in_the_vault_alone(logged: tuple[World, Path], demo_keys: Path) -> None:  # noqa: F811
    world, postgres_log = logged
    watched = Watched(world, await _who(world))
    async with served(world.url("partnership_app"), SECRET, demo_keys) as running:
        world.base = running.base
        world.http.headers.update({"User-Agent": AGENT, "Accept-Language": LOCALE})
        await _confidential_life(watched)
        whole = await watched.rows()
        running.process.terminate()
        out, err = running.process.communicate(timeout=20)
    await world.http.aclose()

    refused = {
        word: watched.of(word) for word, *_ in watched.left if word.startswith("refused:") and "twice" not in word
    }
    assert refused == {}, "a refusal left something"
    assert watched.of("raise again") == [], "the same key, twice"
    for word in (
        "raise",
        "message",
        "consent",
        "answer",
        "withdraw",
        "identity consent",
        "entrust to another",
        "close",
    ):
        assert watched.of(word), f"{word} left nothing: this proves nothing"

    named = [
        (word, table, _named(row, watched.names))
        for word, table, row in watched.left
        if table != VAULT and _named(row, watched.names)
    ]
    assert named == []
    assert [table for table, row in watched.of("raise") if _named(row, watched.names)] == [VAULT], "the control"
    assert [(word, table, found) for word, table, row in watched.left if (found := _moments(row))] == []
    ids = [
        UUID(str(value))
        for _, table, row in watched.left
        for name, value in row.items()
        if name == "id" and table != "graph.room"
    ]
    ids += [
        value
        for _, _, row in watched.left
        for name, value in row.items()
        if name.endswith("room_id") and isinstance(value, UUID)
    ]
    demo = {row["id"] for row in whole["graph.room"].values() if row["purpose"] != "CASE"}
    assert {each.version for each in ids if each not in demo} == {4}

    # nothing of all rows that hangs on the issue joins the raiser's own room to the person but the vault
    own = next(row["own_room"] for table, row in watched.of("raise") if table == VAULT)
    joined = {table for table, rows in whole.items() for row in rows.values() if str(own) in row["said"]}
    assert joined <= {
        VAULT,
        "graph.room",
        "graph.room_head",
        "graph.door",
        "graph.audit_entry",
        "graph.audit_detail",
        "graph.event",
        "graph.idempotency",
        "access.change",
    }
    assert [
        row
        for rows in whole.values()
        for row in rows.values()
        if str(own) in row["said"] and _named(row, watched.names)
    ] == [row for row in whole[VAULT].values() if str(own) in row["said"]]
    logs = out + err + postgres_log.read_text(errors="replace")
    assert len(err.splitlines()) > 10
    assert [name for name in watched.names if name.lower() in logs.lower()] == []
    assert re.findall(r"nights|every shift|Since March", logs) == [], "words of the issue in a log"
