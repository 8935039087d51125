"""The whole graph on the demo region: both executors give each person the same, and nothing of it is left to graphql-core.

Documents are drawn over the real schema with real ids; the outsider's and the other side's answers are compared like anybody's.
"""

import re
from collections.abc import AsyncIterator
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLEnumType, get_named_type, is_list_type, is_non_null_type
from graphql.pyutils import Undefined
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from strawberry.types import ExecutionResult

from service.access.pool import SESSION, open_pool
from service.access.statement import MOST_NARROWED, Statement
from service.access.viewer import Doorway, Snapshot, Viewer
from service.db import directory, tables
from service.demo.shapes import demo_id
from service.execution.cost import Limits
from service.execution.guarded import GuardedSchema
from service.resolvers.context import Context, Keys, SignedIn
from service.schema import schema_on
from service.schema.build import build
from tests.execution.comparing import left_to_graphql_core, told, written
from tests.execution.writing import Writer
from tests.plugins.service import World
from tests.walls.corpus import GRAPH, global_ids, node_types, random_id, reads

AMPLE = Limits(
    tokens=50_000,
    characters=500_000,
    aliases=10_000,
    selections=100_000,
    repeats=10**7,
    nodes=10**8,
    values=10**8,
    directives=10_000,
    fragments=1_000,
)
BREADTH, STOCK = build(AMPLE), build(AMPLE, executor="graphql-core")
PERSONS = (
    "outsider",
    "management-chair",
    "staff-side-chair",
    "network-member",
    "regional-chair",
    "dual-role",
    "nobody-yet",
)
BODIES = ("RTD/jnc", "RTD/race", "RTD/unison", "RTD/edi", "RTD/speak-up")
KEYS = Keys(b"c" * 32, b"i" * 32, b"v" * 32, b"f" * 32, b"w" * 32, b"m" * 32, b"d" * 32)


class Region:
    """The service's own way in, and the ids of rows that there are. Hypothesis would print a data class whole."""

    def __init__(self, doorway: Doorway, ids: dict[str, list[str]]) -> None:
        self.doorway, self.ids = doorway, ids

    async def run(
        self, schema: GuardedSchema, subject: str, document: str, variables: Any
    ) -> tuple[ExecutionResult, int]:
        """What a person gets, merging all their seats, and how many statements it took."""
        account = None if subject == "nobody-yet" else demo_id("account", subject)
        signed_in = SignedIn("demo", subject, subject, account)
        context = Context(self.doorway, KEYS, signed_in, Viewer(account, merge=account is not None))
        try:
            result = await schema.execute(document, variables, context)
        finally:
            await context.close()
        return result, context.statements


@pytest.fixture(scope="module")
async def region(world: World) -> AsyncIterator[Region]:
    from service.db.nodes import BY_ID
    from service.forums import BODY
    from service.rules.bodies import ForumKind

    ids: dict[str, list[str]] = {}
    async with world.admin() as admin:
        kinds = {
            row["id"]: BODY[ForumKind(row["kind"])].type_name
            for row in await admin.fetch("select id, kind from graph.forum")
        }
        for name in node_types():
            if name in BY_ID:
                table = {"Forum": "forum"}.get(name) or "".join(
                    f"_{c.lower()}" if c.isupper() else c for c in name
                ).lstrip("_")
                rows: list[UUID] = [
                    row["id"] for row in await admin.fetch(f"select id from graph.{table} order by id limit 40")
                ]
                rows = [*(demo_id("forum", each) for each in BODIES if name == "Forum"), *rows]
                ids[name] = [*global_ids(name, rows, kinds if name == "Forum" else None), random_id(name, "drawn")]
    # graphql-core may take many seconds over the widest of these documents between two statements, on a busy machine
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SESSION, "idle_in_transaction_session_timeout", "5min")
        pool = await open_pool(world.url("partnership_app"), size=3, statement_seconds=120)
    try:
        yield Region(Doorway(pool, world.settings.proof_key), ids)
    finally:
        await pool.close()


def value_for(ids: dict[str, list[str]]) -> Any:
    """Arguments of the real graph: pages mostly right, ids of all kinds of row, filters."""

    def value(rng: Random, name: str, kind: Any) -> Any:
        target = get_named_type(kind)
        inner = kind.of_type if is_non_null_type(kind) else kind
        if name in ("after", "before", "last"):
            return Undefined if rng.random() < 0.97 else "nonsense" if name != "last" else 2
        if name == "first":
            return rng.choice([1, 2, 3, 3, 3, 0]) if rng.random() < 0.1 else rng.choice([1, 2, 3])
        if target.name == "ID":
            one = rng.choice(ids[rng.choice(["Forum", *ids])])
            return (
                [rng.choice(ids[rng.choice([*ids])]) for _ in range(rng.randint(0, 30))] if is_list_type(inner) else one
            )
        if isinstance(target, GraphQLEnumType):
            return rng.choice([Undefined, *target.values])
        return rng.choice(["RTD", "RR7", "ZZZ", "not a code"])

    return value


@given(st.integers(0, 2**32), st.sampled_from(PERSONS))
async def test_everybody_gets_the_same_from_both_executors(region: Region, seed: int, subject: str) -> None:
    rng = Random(seed)
    writer = Writer(rng, GRAPH, value_for(region.ids), depth=rng.choice([2, 3, 4, 5]), widest=6)
    document = writer.document()
    stock, _ = await region.run(STOCK, subject, document, writer.variables)
    with left_to_graphql_core() as left:
        breadth, _ = await region.run(BREADTH, subject, document, writer.variables)
    assert told(breadth) == told(stock), document
    assert stock.errors is not None or left() == 0, document


@pytest.mark.parametrize("subject", ["outsider", "management-chair", "network-member"])
async def test_no_field_of_the_graph_is_left_to_graphql_core(region: Region, subject: str) -> None:
    asked, _ = reads(region.ids, tuple(region.ids["PolicyVersion"][:2]))
    with left_to_graphql_core() as left:
        for each in asked:
            answer, statements = await region.run(BREADTH, subject, each.document, each.variables)
            assert answer.errors is None, each.name
            stock, more = await region.run(STOCK, subject, each.document, each.variables)
            assert written(answer) == written(stock), each.name
            assert statements <= more, each.name
    assert left() == 0


PORTAL = """query Portal($ids: [ID!]!, $first: Int!) { nodes(ids: $ids) { ... on Forum {
  localName organisation { name } parent { localName }
  seats(first: $first) { edges { node { office person { displayName } } } }
  consultations(first: $first) { edges { node { title forum { localName } consultees(first: $first) { edges { node {
    forum { localName organisation { name } } } } } } } } } } }"""


async def test_a_portal_s_page_takes_one_statement_a_field_and_level_however_many_bodies_of_every_kind(
    region: Region,
) -> None:
    ids = region.ids["Forum"]
    few = ids[:1]
    counts = []
    for chosen, first in ((few, 1), (few, 20), (ids, 20)):
        answer, statements = await region.run(BREADTH, "management-chair", PORTAL, {"ids": chosen, "first": first})
        assert answer.errors is None
        counts.append(statements)
    assert len({row["__typename"] for row in await _kinds(region, ids) if row}) >= 4
    # nodes, organisation, parent, seats, person, consultations, forum, consultees, forum, organisation: the first body has no parent
    assert max(counts) <= 10, counts
    assert counts[0] == counts[1], counts


async def test_a_portal_s_page_reads_the_columns_that_it_shows_and_no_others(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    fetch = Snapshot.fetch

    async def noted(self: Snapshot, statement: Statement, /, **values: Any) -> Any:
        ran.append(statement.sql)
        return await fetch(self, statement, **values)

    monkeypatch.setattr(Snapshot, "fetch", noted)
    shown = "query($id: ID!) { forum(id: $id) { consultations(first: 3) { edges { cursor node { title %s } } } } }"
    read: dict[str, set[str]] = {}
    for more in ("", "state", "latestVersion { number }", "viewerCan { commentAdd }"):
        ran.clear()
        answer, _ = await region.run(BREADTH, "management-chair", shown % more, {"id": region.ids["Forum"][0]})
        assert answer.errors is None
        (sql,) = [each for each in ran if "graph.consultation" in each and "child" in each]
        read[more] = set(re.findall(r"child\.(\w+)", sql))
    assert read[""] == read["latestVersion { number }"] == {"title", "id", "created_at"}
    assert read["state"] == {"title", "id", "created_at", "stored_state", "closes_at"}
    assert read["viewerCan { commentAdd }"] == {column.name for column in tables.consultation.columns}


def test_a_stranger_cannot_fill_the_memory_with_ways_to_read_a_row() -> None:
    statement = Statement(select(tables.forum).where(tables.forum.c.id == directory.IDS.any_()))
    asked = [frozenset(each) for each in combinations([column.name for column in tables.forum.columns], 2)]
    assert len(asked) > 2 * MOST_NARROWED
    made = {id(statement.only(columns)) for columns in asked}
    assert len(made) == MOST_NARROWED + 1
    assert statement.only(asked[-1]) is statement


async def _kinds(region: Region, ids: list[str]) -> list[Any]:
    answer, _ = await region.run(
        BREADTH, "management-chair", "query($i: [ID!]!) { nodes(ids: $i) { __typename } }", {"i": ids}
    )
    assert answer.data is not None
    found: list[Any] = answer.data["nodes"]
    return found


def test_an_operator_can_choose_either_executor() -> None:
    assert {schema_on(each).execution_context_class.__name__ for each in ("breadth-first", "graphql-core")} == {
        "BreadthFirst",
        "StrawberryGraphQLCoreExecutionContext",
    }
