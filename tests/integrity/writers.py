"""Writers who note what was acknowledged, and the account that is taken after a crash: nothing lost, nothing doubled."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.integrity.case import assert_whole
from tests.plugins.service import Answer, Person, World

DRAFT = (
    "mutation($input: ConsultationDraftInput!) { consultationDraft(input: $input)"
    " { consultation { id title } userErrors { code } } }"
)
PASSING = {"UNAVAILABLE", "TIMEOUT"}
"""What an outage may answer; anything else, and INTERNAL above all, is a failure."""


@dataclass
class Book:
    """What each key was acknowledged with, and which keys are in doubt."""

    world: World
    person: Person
    acknowledged: dict[str, str] = field(default_factory=dict)
    in_doubt: set[str] = field(default_factory=set)
    unforeseen: list[Any] = field(default_factory=list)
    numbers: Any = field(default_factory=itertools.count)

    def said(self, key: str) -> dict[str, str]:
        """The input under a key."""
        forum = self.world.id("JointNegotiatingCommittee", "forum", "RTD/jnc")
        return {"forumId": forum, "title": key, "body": f"# {key}\n\nText.\n", "idempotencyKey": key}

    async def write(self, base: str, key: str) -> bool:
        """One act under a key, to the service at `base`; whether it was acknowledged."""
        self.in_doubt.add(key)
        headers = {"Authorization": f"Bearer {self.person.token}"}
        body = {"query": DRAFT, "variables": {"input": self.said(key)}}
        try:
            async with httpx2.AsyncClient(timeout=30) as client:
                sent = await client.post(f"{base}/graphql", json=body, headers=headers)
        except httpx2.TransportError:
            return False
        answer = Answer(sent.status_code, sent.headers, sent.content, sent.json())
        if "errors" in answer.body:
            if answer.fault not in PASSING:
                self.unforeseen.append(answer.body["errors"])
            return False
        payload = answer.only()
        if payload["userErrors"] or payload["consultation"] is None:
            self.unforeseen.append(payload)
            return False
        found = payload["consultation"]["id"]
        assert self.acknowledged.setdefault(key, found) == found, "one key, two answers"
        self.in_doubt.discard(key)
        return True

    async def keep_writing(self, base: str, stop: asyncio.Event) -> None:
        """Write under new keys until told to stop."""
        while not stop.is_set():
            if not await self.write(base, f"key-{next(self.numbers)}"):
                await asyncio.sleep(0.02)

    async def balance(self, base: str) -> None:
        """Take the account: first as it stands, then with every doubtful key asked again; the same keys, one effect each."""
        assert self.unforeseen == []
        await self._compare(exact=False)
        for key in sorted(self.in_doubt):
            assert await self.write(base, key), f"{key} is still in doubt"
        for key in list(self.acknowledged)[-5:]:
            assert await self.write(base, key)
        await self._compare(exact=True)
        await assert_whole(self.world)

    async def _compare(self, *, exact: bool) -> None:
        async with self.world.admin() as db:
            rows = await db.fetch(
                "select title, count(*) as n from graph.consultation where title like 'key-%' group by 1"
            )
            traces = await db.fetch(
                "select target_id, count(*) as n from graph.audit_entry where act = 'CONSULTATION_DRAFT' and outcome = 'DONE'"
                " and target_id in (select id from graph.consultation where title like 'key-%') group by 1"
            )
            kept = await db.fetchval(
                "select count(*) from graph.idempotency where (outcome ->> 'id')::uuid in"
                " (select id from graph.consultation where title like 'key-%')"
            )
        found = {row["title"]: row["n"] for row in rows}
        assert set(found.values()) <= {1}, "an act was done twice"
        assert self.acknowledged.keys() <= found.keys(), "an acknowledged act is lost"
        assert found.keys() <= self.acknowledged.keys() | self.in_doubt
        assert {row["n"] for row in traces} <= {1}
        assert len(traces) == len(found) == kept
        if exact:
            assert found.keys() == self.acknowledged.keys()
