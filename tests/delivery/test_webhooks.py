"""The worker of webhooks: who may not see it is told nothing, not even a count; who may is told, whatever is cut short."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from standardwebhooks.webhooks import Webhook

from service.access.viewer import Doorway, Viewer
from service.db.changes import Position
from service.db.webhooks import register, turns
from service.db.writing import add
from service.delivery.posting import Answer
from service.delivery.webhooks import Sealing, Webhooks
from service.resolvers.ids import global_id, parts
from service.resolvers.positions import sealed
from service.resolvers.webhook_secrets import new_secret, sealed_secret, shown
from tests.plugins.service import World

SEALING = Sealing(bytes(32), b"\1" * 32)
OK = Answer(204)


@pytest.fixture(scope="module")
async def doorway(world: World) -> AsyncIterator[Doorway]:
    async with world.doorway() as made:
        yield made


@dataclass
class Post:
    """Stands in for the network: what was posted to which address, and what each answers."""

    sent: list[tuple[str, dict[str, Any], dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, Callable[[], Any]] = field(default_factory=dict)

    async def __call__(self, url: str, body: bytes, headers: dict[str, str], **_: Any) -> Answer:
        self.sent.append((url, json.loads(body), headers, body))
        said = self.answers.get(url, lambda: OK)()
        if asyncio.iscoroutine(said):
            said = await said
        if isinstance(said, BaseException):
            raise said
        answer: Answer = said
        return answer

    def told(self, url: str) -> list[UUID]:
        """The things that an address was told of."""
        return [parts(body["data"]["id"])[1] for at, body, _, _ in self.sent if at == url]  # type: ignore[index]


@dataclass(frozen=True)
class Endpoint:
    id: UUID
    url: str
    secret: bytes
    seat: UUID


async def seat_in_a_body(world: World, subject: str) -> str:
    """The global id of somebody's first seat that is in a body, and not in the trust alone."""
    found: str = next(seat["id"] for seat in await world.as_(subject).seats() if seat["forumName"])
    return found


async def added(world: World, doorway: Doorway, subject: str, *types: str) -> Endpoint:
    """An endpoint of somebody's seat in a body, as the service adds one."""
    seat = parts(await seat_in_a_body(world, subject))[1]  # type: ignore[index]
    async with world.admin() as db:
        account = await db.fetchval(
            "select a.id from access.account a join graph.seat s on s.person_id = a.person_id where s.id = $1", seat
        )
        room = await db.fetchval("select personal_room from graph.seat where id = $1", seat)
    viewer, identity, secret = Viewer(account, seat), uuid4(), new_secret()
    url = f"https://{identity.hex}.example.org/"
    async with doorway.acting(viewer) as snapshot:
        held = sealed_secret(SEALING.secrets, identity, secret)
        await add(snapshot, "webhook_endpoint", id=identity, room_id=room, url=url, types=list(types), secret=held)
        told = sealed(SEALING.positions, viewer, await Position.now(snapshot))
        await register(snapshot, doorway, identity, account, told)
        await snapshot.commit()
    return Endpoint(identity, url, secret, seat)


async def consultations(world: World, subject: str) -> tuple[list[UUID], list[UUID]]:
    """Those that somebody may see in that seat, and those that they may not."""
    asked = world.as_(subject).acting_as(await seat_in_a_body(world, subject))
    async with world.admin() as db:
        every = [row["id"] for row in await db.fetch("select id from graph.consultation order by id")]
    given = [global_id("Consultation", each) for each in every]
    seen: set[UUID] = set()
    for start in range(0, len(given), 100):
        answer = await asked.ask("query($i: [ID!]!) { nodes(ids: $i) { id } }", i=given[start : start + 100])
        seen |= {parts(node["id"])[1] for node in answer.only() if node}  # type: ignore[index]
    return [each for each in every if each in seen], [each for each in every if each not in seen]


async def touch(world: World, *ids: UUID) -> None:
    async with world.admin() as db:
        for each in ids:
            await db.execute("update graph.consultation set revision = revision + 1 where id = $1", each)


async def work(world: World, worker: Webhooks) -> None:
    """One look at everything, as if its time had come."""
    async with world.admin() as db:
        await db.execute("update access.webhook_turn set look_at = now() where lease is null")
    await worker.look()
    await worker.settled()


async def rows(world: World, endpoint: Endpoint) -> list[asyncpg.Record]:
    async with world.admin() as db:
        found: list[asyncpg.Record] = await db.fetch(
            "select * from graph.webhook_delivery where endpoint_id = $1 order by created_at, place", endpoint.id
        )
        return found


async def test_A14_what_happens_where_the_seat_cannot_look_makes_no_delivery_and_moves_no_byte(
    world: World, doorway: Doorway
) -> None:
    """The other world: without what happened there, the table and the place in the feed are what they are with it."""
    endpoint = await added(world, doorway, "network-member", "consultation.changed", "consultation.gone")
    seen, hidden = await consultations(world, "network-member")
    assert seen, hidden
    post = Post()
    worker = Webhooks(doorway, SEALING, deliver=post)
    await work(world, worker)

    async def standing() -> Any:
        async with world.admin() as db:
            told = await db.fetchval("select told from access.webhook_turn where endpoint_id = $1", endpoint.id)
        return told, await rows(world, endpoint)

    before = await standing()
    await touch(world, *hidden)
    await work(world, worker)
    assert await standing() == before
    assert post.told(endpoint.url) == []
    await touch(world, seen[0])
    await work(world, worker)
    assert post.told(endpoint.url) == [seen[0]]


async def test_what_is_quiet_is_not_even_looked_at_and_what_is_hidden_stirs_nothing(
    world: World, doorway: Doorway
) -> None:
    endpoint = await added(world, doorway, "network-member", "consultation.changed")
    seen, hidden = await consultations(world, "network-member")
    worker = Webhooks(doorway, SEALING, deliver=Post())

    async def stirred() -> bool:
        """Whether a look would take the endpoint in hand, as far as its last look allows."""
        async with world.admin() as db:
            await db.execute("update access.webhook_turn set look_at = now(), leased_until = '-infinity'")
        return endpoint.id in {turn.endpoint for turn in await turns(doorway, 1_000, 0, uuid4())}

    assert await stirred(), "it was just added"
    await work(world, worker)
    assert not await stirred()
    await touch(world, *hidden)
    assert not await stirred()
    await touch(world, seen[0])
    assert await stirred()
    await work(world, worker)
    assert not await stirred()
    async with world.admin() as db:
        await db.execute("update access.webhook_turn set any_case_at = now() where endpoint_id = $1", endpoint.id)
    assert await stirred(), "a door may have opened by its date alone"


async def test_A14_the_payload_is_an_id_and_a_revision_signed_and_nothing_else(world: World, doorway: Doorway) -> None:
    endpoint = await added(world, doorway, "management-chair", "consultation.changed")
    (seen, *_), _ = await consultations(world, "management-chair")
    post = Post()
    await touch(world, seen)
    await work(world, Webhooks(doorway, SEALING, deliver=post))
    ((_, body, headers, raw),) = [each for each in post.sent if each[0] == endpoint.url]
    assert set(body) == {"type", "timestamp", "data"}
    assert body["type"] == "consultation.changed"
    assert set(body["data"]) == {"id", "revision"}
    assert Webhook(shown(endpoint.secret)).verify(raw, headers) == body


async def test_what_was_not_chosen_is_not_sent(world: World, doorway: Doorway) -> None:
    endpoint = await added(world, doorway, "management-chair", "issue.changed")
    (seen, *_), _ = await consultations(world, "management-chair")
    post = Post()
    await touch(world, seen)
    await work(world, Webhooks(doorway, SEALING, deliver=post))
    assert post.told(endpoint.url) == []


async def test_a_seat_that_ended_is_told_nothing_more(fresh_world: World) -> None:
    async with fresh_world.doorway() as doorway:
        endpoint = await added(fresh_world, doorway, "network-member", "consultation.changed")
        (seen, *_), _ = await consultations(fresh_world, "network-member")
        post = Post(answers={endpoint.url: lambda: Answer(503)})
        worker = Webhooks(doorway, SEALING, deliver=post)
        await touch(fresh_world, seen)
        await work(fresh_world, worker)
        assert len(post.told(endpoint.url)) == 1  # the control; it waits to be sent again
        async with fresh_world.admin() as db:
            await db.execute("update graph.seat set ends_at = now() where id = $1", endpoint.seat)
            await db.execute("update graph.webhook_delivery set due_at = now()")
        await touch(fresh_world, seen)
        await work(fresh_world, worker)
        assert len(post.told(endpoint.url)) == 1


@pytest.mark.parametrize("point", ["before the claim", "in the transaction", "after the insert", "after the post"])
async def test_each_committed_change_is_delivered_wherever_the_worker_is_killed(
    world: World, doorway: Doorway, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = await added(world, doorway, "management-chair", "consultation.changed")
    seen, _ = await consultations(world, "management-chair")
    chosen = seen[:3]
    async with world.admin() as db:
        undone = db.transaction()
        await undone.start()
        await db.execute("update graph.consultation set revision = revision + 1 where id = $1", seen[-1])
        await undone.rollback()
    await touch(world, *chosen)
    post = Post()
    dying = Webhooks(doorway, SEALING, deliver=post)

    async def die(*_: Any, **__: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        match point:
            case "in the transaction":
                patched.setattr("service.db.webhooks.moved", die)
            case "after the insert":
                patched.setattr(dying, "_send_one", die)
            case "after the post":
                patched.setattr(dying, "_conclude", die)
            case _:
                patched.setattr(dying, "_gather", die)
        await work(world, dying)
    async with world.admin() as db:  # its lease runs out
        await db.execute("update access.webhook_turn set leased_until = now(), lease = null where lease is not null")
    await work(world, Webhooks(doorway, SEALING, deliver=post))
    assert set(post.told(endpoint.url)) == set(chosen)
    marks = Counter(headers["webhook-id"] for at, _, headers, _ in post.sent if at == endpoint.url)
    assert len(marks) == 3
    assert sum(marks.values()) == (4 if point == "after the post" else 3)


async def test_two_replicas_send_each_once(world: World, doorway: Doorway) -> None:
    endpoint = await added(world, doorway, "management-chair", "consultation.changed")
    seen, _ = await consultations(world, "management-chair")
    assert len(seen) >= 4
    await touch(world, *seen[:4])
    post = Post()
    one, other = (Webhooks(doorway, SEALING, deliver=post) for _ in range(2))
    await asyncio.gather(work(world, one), work(world, other))
    assert Counter(post.told(endpoint.url)) == Counter(seen[:4])


async def test_one_that_hangs_delays_no_other(world: World, doorway: Doorway) -> None:
    hanging = await added(world, doorway, "management-chair", "consultation.changed")
    quick = await added(world, doorway, "management-chair", "consultation.changed")
    (seen, *_), _ = await consultations(world, "management-chair")
    await touch(world, seen)
    post, let_go, arrived = Post(), asyncio.Event(), asyncio.Event()

    async def hang() -> Answer:
        await let_go.wait()
        return Answer(None)

    def arrive() -> Answer:
        arrived.set()
        return OK

    post.answers = {hanging.url: hang, quick.url: arrive}
    worker = Webhooks(doorway, SEALING, deliver=post)
    await worker.look()
    async with asyncio.timeout(20):
        await arrived.wait()
    let_go.set()
    await worker.settled()
    assert post.told(quick.url) == [seen]


async def test_one_that_fails_holds_back_its_room_and_is_dead_after_three_days(world: World, doorway: Doorway) -> None:
    endpoint = await added(world, doorway, "management-chair", "consultation.changed")
    (seen, *_), _ = await consultations(world, "management-chair")
    post = Post(answers={endpoint.url: lambda: Answer(500)})
    worker = Webhooks(doorway, SEALING, deliver=post)
    await touch(world, seen)
    await work(world, worker)
    await touch(world, seen)
    await work(world, worker)
    first, second = await rows(world, endpoint)
    assert (first["attempts"], first["last_status"], first["state"]) == (1, 500, "PENDING")
    assert second["attempts"] == 0
    assert first["due_at"] > datetime.now(UTC)
    async with world.admin() as db:
        await db.execute(
            "update graph.webhook_delivery set due_at = now(), first_tried_at = now() - $2::interval where id = $1",
            first["id"], timedelta(days=3))  # fmt: skip
    await work(world, worker)
    first, second = await rows(world, endpoint)
    assert first["state"] == "DEAD"
    post.answers = {}
    await work(world, worker)
    assert [row["state"] for row in await rows(world, endpoint)] == ["DEAD", "DELIVERED"]


async def test_gone_ends_the_endpoint(world: World, doorway: Doorway) -> None:
    endpoint = await added(world, doorway, "management-chair", "consultation.changed")
    (seen, *_), _ = await consultations(world, "management-chair")
    post = Post(answers={endpoint.url: lambda: Answer(410)})
    worker = Webhooks(doorway, SEALING, deliver=post)
    for _ in range(2):
        await touch(world, seen)
        await work(world, worker)
    assert len(post.told(endpoint.url)) == 1


async def test_C13_nobody_finds_whose_turn_it_is_without_the_services_proof(world: World, doorway: Doorway) -> None:
    async with doorway.pool.acquire() as connection:
        for call in ("webhook_turns(9, 9, gen_random_uuid(), 1, 'x')", "webhook_pruned(1, 'x')",
                     "webhook_freed(gen_random_uuid(), gen_random_uuid(), 1, 1, 'x')", "webhook_told(gen_random_uuid(), gen_random_uuid(), 1, 'x')",
                     "webhook_moved(gen_random_uuid(), gen_random_uuid(), '', 1, 'x')",
                     "webhook_register(gen_random_uuid(), gen_random_uuid(), '', 1, 'x')"):  # fmt: skip
            with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
                await connection.execute(f"select access.{call}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("select from access.webhook_turn")
