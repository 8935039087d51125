"""Two worlds that differ only in rooms the viewer cannot open answer alike, to the byte (THREATS A1, A3-A6, F6, F7, conclusion 6).

For each viewer there are two databases from one template; into one of them rows of every table are planted, all in hidden
rooms. Status, headers, body and the very statements that were run must be equal for every field, argument, connection and act.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from asyncpg.pool import PoolConnectionProxy

from service.access.viewer import Viewer
from service.db.definitions import metric_id
from service.db.nodes import BY_ID
from service.demo.shapes import demo_id
from service.embedded import EmbeddedPostgres
from service.forums import BODY
from service.rules.bodies import ForumKind
from service.rules.reports.kinds import find
from tests.journeys.stage import Cast, done, key
from tests.plugins.service import Answer, World, new_world
from tests.walls.corpus import (
    Asked,
    attempts,
    everything_readable,
    global_ids,
    next_pages,
    node_types,
    random_id,
    reads,
)
from tests.walls.ground import MANAGEMENT_CHAIR, PUBLIC, seat
from tests.walls.mutants import policy_mutants
from tests.walls.planting import SENTINEL, plant, show

POSITION = re.compile(rb'"cursor":"[\w-]{1000,}"')
"""A position in the change feed: sealed anew each time, of a length that tells as much in one world as in the other."""
OF_THE_CLOCK = re.compile(r"access\.identify|access\.feed_stirred|^notify |^select pg_current_snapshot\(\)::text$")
MASKED = frozenset({"date", "x-request-id"})
PROOF = re.compile(r"\d{16}, '[0-9a-f]{64}'")
"""The moment and the proof with which a reader enters, new each time."""
VIEWERS = (
    ("management-chair", None),
    ("staff-side-chair", None),
    ("network-member", None),
    ("network-chair", None),
    ("outsider", None),
    ("regional-chair", None),
    ("operator", None),
    ("survey-system", None),
    ("hr-service", None),
    ("dual-role", "Disability and Long-term Conditions Network"),
    ("dual-role", "all"),
    ("dual-role", None),
)
AS_NOBODY = (("operator", None), ("dual-role", "all"), ("dual-role", None))
"""Who acts in no one seat."""
FIRST = ("RTD/jnc", "RTD/race", "RTD/unison", "RTD/edi", "RTD/speak-up")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back of one request, and what it ran."""

    status: int
    headers: tuple[tuple[str, str], ...]
    raw: bytes
    statements: tuple[str, ...]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that the service sends to its database, as it is sent."""
    sent: list[str] = []
    for name in ("execute", "executemany", "fetch", "fetchrow", "fetchval"):
        real = getattr(PoolConnectionProxy, name)

        def watched(self: Any, query: str, *arguments: Any, _real: Any = real, **more: Any) -> Any:
            sent.append(query)
            return _real(self, query, *arguments, **more)

        monkeypatch.setattr(PoolConnectionProxy, name, watched)
    yield sent


@dataclass
class Pair:
    """One viewer in two worlds. `more` has the planted rows, `less` has not."""

    less: World
    more: World
    subject: str
    seat: str | None
    statements: list[str]

    async def both(self, document: str, variables: Any) -> tuple[Sent, Sent, Any]:
        """The same request to both worlds."""
        found = [await self._send(world, document, variables) for world in (self.less, self.more)]
        return found[0][0], found[1][0], found[0][1].body

    async def _send(self, world: World, document: str, variables: Any) -> tuple[Sent, Answer]:
        person = world.as_(self.subject).acting_as(self.seat)
        before = len(self.statements)
        answer = await person.ask(document, **variables)
        headers = tuple((name, value) for name, value in answer.headers.multi_items() if name not in MASKED)
        assert SENTINEL.encode() not in answer.raw and SENTINEL not in str(headers), document
        # who one is, is remembered for half a minute: whether it is asked for again is the clock's to say
        # when the hub takes its look, too
        ran = tuple(PROOF.sub("", sql) for sql in self.statements[before:] if not OF_THE_CLOCK.search(sql))
        raw = POSITION.sub(lambda found: b"%d" % len(found[0]), answer.raw)
        return Sent(answer.status, headers, raw, ran), answer

    async def world_says(self, world: World, asked: Asked) -> bytes:
        """What one world says, whatever it says."""
        return (await world.as_(self.subject).acting_as(self.seat).ask(asked.document, **asked.variables)).raw

    async def alike(self, asked: Asked) -> Any:
        """What the lesser world says, which is what the other says."""
        less, more, body = await self.both(asked.document, asked.variables)
        assert less == more, asked.name
        return body


@asynccontextmanager
async def _pair(
    server: EmbeddedPostgres, template: str, keys: Path, subject: str, forum: str | None, statements: list[str]
) -> AsyncIterator[tuple[Pair, dict[str, list[UUID]], dict[str, list[UUID]], dict[UUID, str]]]:
    async with AsyncExitStack() as stack:
        less, more = [await stack.enter_async_context(new_world(server, template, keys)) for _ in (0, 1)]
        for world in (less, more):
            async with world.admin() as admin:
                await show(admin)
        person = less.as_(subject)
        capacity = forum if forum in (None, "all") else (await person.in_seat(forum)).seat
        account = demo_id("account", subject)
        viewer = Viewer(account, None if capacity in (None, "all") else _row(capacity), capacity == "all")
        async with less.doorway() as doorway, doorway.reading(viewer) as snapshot:
            opened = {row["id"] for row in await snapshot.connection.fetch("select id from graph.room")}
            visible = {name: await _visible(snapshot.connection, name) for name in node_types()}
        async with more.admin() as admin:
            planter = await plant(admin, opened, f"planted for {subject} {forum}", demo_id("person", subject))
            kinds = {
                row["id"]: BODY[ForumKind(row["kind"])].type_name
                for row in await admin.fetch("select id, kind from graph.forum")
            }
        statements.clear()
        yield Pair(less, more, subject, capacity, statements), visible, planter.made, kinds


def _row(given: str) -> UUID:
    from service.resolvers.ids import parts

    found = parts(given)
    assert found is not None
    return found[1]


async def _visible(connection: Any, type_name: str) -> list[UUID]:
    """Some rows of a type that the viewer sees: those of RTD's first, and of what there is most to see."""
    table = {"ConsultationPlan": "consultation_plan"}.get(
        type_name, "".join(f"_{c.lower()}" if c.isupper() else c for c in type_name).lstrip("_")
    )
    assert type_name in BY_ID, f"{type_name} cannot be read by its id"
    rows = [row[0] for row in await connection.fetch(f"select id from graph.{table} order by id")]
    favoured = [demo_id("forum", key) for key in FIRST] + [
        demo_id("consultation", "RTD/flexible-working/"), demo_id("consultation", "RTD/dignity-at-work/"),
        demo_id("consultation", "RTD/sickness-absence/"), demo_id("organisation", "RTD"), demo_id("organisation", "RVW"),
        seat(MANAGEMENT_CHAIR), demo_id("person", "management-chair"), *(
            metric_id(find(code, 1), name) for code, name in (("PROTECTED_TIME", "PT_TAKEN"), ("WRES", "WRES2")))]  # fmt: skip
    return sorted(rows, key=lambda id: (id not in favoured, favoured.index(id) if id in favoured else 0, id))[:5]


def _ids(
    visible: dict[str, list[UUID]], planted: dict[str, list[UUID]], kinds: dict[UUID, str]
) -> dict[str, list[str]]:
    """For each type: what the viewer sees, what is hidden in one world and nowhere in the other, and what is nowhere."""
    found = {}
    for name in node_types():
        hidden = planted.get("TradeUnionGroup" if name == "Forum" else name, [])[:3]
        found[name] = [
            *global_ids(name, visible[name], kinds if name == "Forum" else None),
            *global_ids(name, hidden, kinds if name == "Forum" else None),
            random_id(name, "read"),
        ]
    return found


@pytest.mark.parametrize(("subject", "forum"), VIEWERS)
async def test_A1_A3_A4_A5_A6_F7_a_viewer_cannot_tell_which_of_two_worlds_it_is_in(
    postgres_server: EmbeddedPostgres,
    region_template: str,
    demo_keys: Path,
    statements: list[str],
    subject: str,
    forum: str | None,
) -> None:
    async with _pair(postgres_server, region_template, demo_keys, subject, forum, statements) as (
        pair,
        visible,
        planted,
        kinds,
    ):
        ids = _ids(visible, planted, kinds)
        versions = tuple(ids["PolicyVersion"][:1] + ids["PolicyVersion"][-2:])
        asked, walk = reads(ids, versions)
        assert everything_readable() - walk.covered == set(), "fields or arguments that nobody asks for"
        for each in asked:
            body = await pair.alike(each)
            assert "errors" not in body, (each.name, body["errors"])
            for more in next_pages(each, body["data"]):
                paged = await pair.alike(more)
                assert "errors" not in paged, (more.name, paged["errors"])
        await _hidden_is_absent(pair, planted, kinds)
        await _acts_on_hidden_and_absent(pair, visible, planted, kinds)


async def _hidden_is_absent(pair: Pair, planted: dict[str, list[UUID]], kinds: dict[UUID, str]) -> None:
    """A1: the id of a hidden row and the id of nothing, in the world that has the row, however it is asked for."""
    document = (
        "query($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { __typename id } forum(id: $id) { id } }"
    )
    for name, hidden in _hidden(planted, kinds).items():
        sent = [(await pair._send(pair.more, document, {"id": id}))[0] for id in (hidden, random_id(name, "absent"))]
        assert sent[0] == sent[1], name


def _hidden(planted: dict[str, list[UUID]], kinds: dict[UUID, str]) -> dict[str, str]:
    """The global id of one planted row of each type that has such."""
    rows = {name: planted.get("TradeUnionGroup" if name == "Forum" else name, []) for name in node_types()}
    return {name: global_ids(name, ids[:1], kinds if name == "Forum" else None)[0] for name, ids in rows.items() if ids}


async def _acts_on_hidden_and_absent(
    pair: Pair, visible: dict[str, list[UUID]], planted: dict[str, list[UUID]], kinds: dict[UUID, str]
) -> None:
    """Every act: refused, alike in both worlds and for both ids, and nothing written but the refusal's own trace."""
    ids = _ids(visible, {}, kinds)
    seen = {name: found[0] for name, found in ids.items() if len(found) > 1}
    hidden = _hidden(planted, kinds)
    public = {"Organisation", "ReportDefinition", "Metric"}
    assert set(node_types()) - set(hidden) == public, "types of which nothing is hidden"
    before = [await world.everything() for world in (pair.less, pair.more)]
    count = 0
    for each in attempts(seen, hidden, pair.less.today):
        bodies = []
        for turn, said in (("hidden", each.hidden), ("absent", each.absent)):
            keyed = {**said, "idempotencyKey": f"{each.name} {turn}"}
            less, more, body = await pair.both(each.document, {"input": keyed})
            assert less == more, f"{each.name}, {turn}"
            assert "data" in body, (each.name, body)
            (payload,) = body["data"].values()
            assert payload["userErrors"], f"{each.name}, {turn}: done"
            assert all(value is None for key, value in payload.items() if key != "userErrors"), each.name
            bodies.append(less)
        assert bodies[0] == bodies[1], f"{each.name}: hidden and absent differ"
        count += 1
    assert count >= 30
    after = [await world.everything() for world in (pair.less, pair.more)]
    grown = [
        {name: now[name] - then[name] for name in now if now[name] != then[name]}
        for then, now in zip(before, after, strict=True)
    ]
    assert {**grown[0], "graph.room_head": 0} == {**grown[1], "graph.room_head": 0}
    assert set(grown[0]) <= {"graph.audit_entry", "graph.audit_detail", "graph.idempotency", "graph.room_head"}


@pytest.mark.parametrize(("subject", "forum"), [each for each in VIEWERS if each not in AS_NOBODY])
async def test_A3_a_calendar_is_the_same_to_the_byte_whatever_is_hidden(
    postgres_server: EmbeddedPostgres,
    region_template: str,
    demo_keys: Path,
    statements: list[str],
    subject: str,
    forum: str | None,
) -> None:
    async with _pair(postgres_server, region_template, demo_keys, subject, forum, statements) as (pair, *_):
        found = []
        for world in (pair.less, pair.more):
            person = world.as_(subject).acting_as(pair.seat)
            made = await done(person, "calendarAddressCreate", "created address")
            statements.clear()
            answer = await world.http.get(f"{world.base}{made['address']}")
            headers = [(name, value) for name, value in answer.headers.multi_items() if name not in MASKED]
            ran = tuple(PROOF.sub("", sql) for sql in statements if not OF_THE_CLOCK.search(sql))
            found.append((answer.status_code, headers, answer.content, ran))
        assert found[0] == found[1]
        assert found[0][0] == 200


async def test_the_planted_rows_are_there_to_be_seen(
    postgres_server: EmbeddedPostgres, region_template: str, demo_keys: Path
) -> None:
    """The control: in the world that has more, every table has more, and who may see it does."""
    async with new_world(postgres_server, region_template, demo_keys) as world:
        before = await world.everything()
        async with (
            world.doorway() as doorway,
            doorway.reading(Viewer(demo_id("account", "management-chair"))) as snapshot,
        ):
            opened = {row["id"] for row in await snapshot.connection.fetch("select id from graph.room")}
        async with world.admin() as admin:
            await plant(admin, opened, "the control", demo_id("person", "management-chair"))
        after = await world.everything()
        public = PUBLIC | {"access.secret", "access.scheduler", "graph.alembic_version"}
        assert {name for name in before if after[name] == before[name]} == public
        comments = "query($id: ID!) { node(id: $id) { ... on Consultation { comments(first: 50) { edges { node { body } } } } } }"
        policy = world.id("Consultation", "consultation", "RTD/flexible-working/")
        assert SENTINEL in str((await world.as_("staff-side-chair").ask(comments, id=policy)).data)
        assert SENTINEL not in str((await world.as_("management-chair").ask(comments, id=policy)).data)


# Loosened in both worlds alike, each of these shows what was planted: what may be asked of the graph that shows it first.
TEETH = {
    "graph.door": "Consultation comments",
    "graph.comment": "Consultation comments",
    "graph.consultee": "Consultation consultees",
    "graph.forum": "Forum subGroups",
    "graph.seat": "Forum seats",
    "graph.person": "Person fields",
    "graph.membership_request": "Forum membershipRequests",
    "graph.invitation": "Forum invitations",
    "graph.response": "Consultation responses",
    "graph.response_point": "Consultation points",
    "graph.consultation": "Forum consultations",
    "graph.audit_entry": "AuditEntry fields",
    "graph.outcome": "Outcome fields",
    "graph.policy_version": "PolicyVersion fields",
    "graph.report": "Organisation reports",
    "graph.report_draft": "ReportDraft fields",
    "graph.report_version": "ReportVersion fields",
    "graph.report_import": "ReportImport fields",
    "graph.release": "Release fields",
    "graph.assignment": "Organisation assignments",
    "graph.people_import": "PeopleImport fields",
}


async def test_a_loosened_wall_makes_the_two_worlds_differ(
    postgres_server: EmbeddedPostgres, region_template: str, demo_keys: Path, statements: list[str]
) -> None:
    """What the comparison is worth: one policy loosened, in both worlds, and their answers differ."""
    async with AsyncExitStack() as stack:
        pair, visible, planted, kinds = await stack.enter_async_context(
            _pair(postgres_server, region_template, demo_keys, "management-chair", None, statements)
        )
        admins = [await stack.enter_async_context(world.admin()) for world in (pair.less, pair.more)]
        asked = {
            each.name: each for each in reads(_ids(visible, planted, kinds), (random_id("PolicyVersion", "since"),))[0]
        }
        policies = {mutant.name: mutant for mutant in await policy_mutants(admins[0])}
        blunt = []
        for table, name in TEETH.items():
            mutant = policies[f"{'mine' if table == 'graph.door' else 'open'} on {table} open to all"]
            for admin in admins:
                await admin.execute(mutant.loosen)
            sent = [await pair.world_says(world, asked[name]) for world in (pair.less, pair.more)]
            if sent[0] == sent[1]:
                blunt.append(table)
            for admin in admins:
                await admin.execute(mutant.mend)
            await pair.alike(asked[name])
        assert blunt == []


async def _to_the_staff_side_alone(world: World) -> AsyncIterator[str]:
    """A network's issue goes to the staff side and to nobody else: one stage after the other, by those concerned."""
    cast = Cast(world)
    raiser, officer = cast.member("race", 2), cast.chair("race")
    raising = {"forumId": cast.forum("race"), "category": "BULLYING_HARASSMENT_VIOLENCE", "identity": "NAMED", "body": SENTINEL,
        "effectSought": SENTINEL, "concernsIndividualCase": False}  # fmt: skip
    steps = []
    for _ in range(3):
        issue = (await done(raiser, "issueRaise", "issue { id }", idempotencyKey=key(), **raising))["issue"]["id"]
        said = {
            "issueId": issue,
            "toForumId": cast.forum("jnc"),
            "channel": "STAFF_SIDE",
            "summary": SENTINEL,
            "concernsIndividualCase": False,
        }
        drafted = await done(
            officer, "issueEscalate", "step { id summary { contentHash } }", idempotencyKey=key(), **said
        )
        steps.append(drafted["step"])
    yield "raised and drafted"
    for step in steps:
        await done(
            raiser, "consentGive", stepId=step["id"], contentHash=step["summary"]["contentHash"], idempotencyKey=key()
        )
    async with world.admin() as admin:
        late = "update graph.escalation_step set acknowledge_by = '2020-01-01', answer_by = '2020-01-01' where id = any($1)"
        await admin.execute(late, [_row(step["id"]) for step in steps])
    yield "consented to, and late"
    for step in steps:
        await done(cast.staff, "stepAccept", stepId=step["id"])
    await done(cast.staff, "stepAsk", stepId=steps[0]["id"], body=SENTINEL)
    await done(raiser, "stepAnswer", stepId=steps[0]["id"], body=SENTINEL)
    await done(cast.staff, "stepNote", stepId=steps[0]["id"], body=SENTINEL)
    await done(cast.staff, "stepPlace", stepId=steps[0]["id"], title=SENTINEL)
    yield "asked, answered, noted and placed"
    await done(cast.staff, "stepResolve", stepId=steps[0]["id"], outcome=SENTINEL, idempotencyKey=key())
    await done(cast.staff, "stepReturn", stepId=steps[1]["id"], reason=SENTINEL)
    await done(raiser, "consentWithdraw", stepId=steps[2]["id"])
    yield "resolved, returned and taken back"


WATCHED = (
    "Forum",
    "viewer",
    "node ",
    "forum",
    "Issue",
    "EscalationStep",
    "AgendaItem",
    "AuditEntry",
    "Person",
    "Seat",
    "organisation RTD",
)


@pytest.mark.parametrize("subject", ["management-chair", "hr-service", "outsider", "network-member"])
async def test_F7_A16_nobody_else_can_tell_when_a_network_goes_to_the_staff_side_alone(
    postgres_server: EmbeddedPostgres, region_template: str, demo_keys: Path, statements: list[str], subject: str
) -> None:
    """Bodies, headers, statements, late steps, what one can do, audit and cursors: before, between and after."""
    async with _pair(postgres_server, region_template, demo_keys, subject, None, statements) as (
        pair,
        visible,
        planted,
        kinds,
    ):
        asked = [
            each
            for each in reads(_ids(visible, planted, kinds), (random_id("PolicyVersion", "since"),))[0]
            if each.name.startswith(WATCHED)
        ]
        assert len(asked) > 20
        stages = 0
        async for _ in _to_the_staff_side_alone(pair.more):
            stages += 1
            for each in asked:
                await pair.alike(each)
        assert stages == 4
        if subject == "management-chair":
            late = "query($id: ID!) { forum(id: $id) { overdueSteps { steps channel } } }"
            found = (await Cast(pair.more).staff_secretary.ask(late, id=Cast(pair.more).forum("jnc"))).data
            assert found is not None, "the control"
