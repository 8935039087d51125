"""The graph as its clients read it: the committed file is the schema that runs, and every part of it keeps the laws."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema, build_schema, is_required_input_field

from service.access.powers import POWERS
from service.rules.acts import KEYED, Act
from service.schema import schema, sdl
from service.schema.acts import Needs
from tests.runtime.conftest import ROOT
from tests.schema import laws

GRAPH: GraphQLSchema = schema._schema
COMMITTED = ROOT / "schema.graphql"


def needed() -> dict[str, list[str]]:
    """What each mutation's `@needs` says."""
    assert GRAPH.mutation_type is not None
    return {
        name: [
            line
            for directive in field.extensions["strawberry-definition"].directives
            if isinstance(directive, Needs)
            for line in directive.seats
        ]
        for name, field in GRAPH.mutation_type.fields.items()
    }


def test_a_client_developer_reads_in_the_repository_the_schema_that_runs() -> None:
    assert COMMITTED.read_text() == sdl(), "schema.graphql is not what the code says: run `make schema`"


def test_a_reviewer_sees_the_same_order_whoever_writes_the_schema() -> None:
    for seed in ("1", "2"):
        written = subprocess.run(
            [sys.executable, "-m", "service.cli", "schema"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert written.stdout == COMMITTED.read_text()


def test_a_client_developer_finds_every_part_described_in_a_sentence() -> None:
    assert laws.undescribed(GRAPH) == []
    assert len(list(laws.descriptions(GRAPH))) > 1_000


def test_a_client_developer_pages_every_connection_in_the_same_way() -> None:
    assert laws.unpaged(GRAPH) == []


def test_a_client_developer_meets_every_act_in_the_same_form() -> None:
    assert laws.undisciplined(GRAPH, {name: bool(lines) for name, lines in needed().items()}) == []


def test_a_client_developer_finds_every_act_in_the_graph_under_its_name() -> None:
    acts = {act.value.replace("_", "").lower(): act for act in Act}
    assert {name.lower() for name in needed()} == set(acts)


def test_a_client_developer_reads_in_the_schema_the_powers_that_are_enforced() -> None:
    acts = {act.value.replace("_", "").lower(): act for act in Act}
    for name, lines in needed().items():
        said = {
            (*line.partition(": ")[0].split(" "), office)
            for line in lines
            for office in line.partition(": ")[2].split(", ")
        }
        enforced = {(side.value, relation.value, office.value) for side, office, relation in POWERS[acts[name.lower()]]}
        assert said == enforced, name


def test_a_client_that_retries_must_key_what_cannot_be_taken_back() -> None:
    for act in Act:
        name = "".join(part.capitalize() for part in act.value.split("_")) + "Input"
        said = GRAPH.type_map[name]
        assert isinstance(said, GraphQLInputObjectType)
        assert is_required_input_field(said.fields["idempotencyKey"]) == (act in KEYED), name


def test_a_curious_client_finds_nothing_named_like_a_secret() -> None:
    assert laws.secretive(GRAPH) == []


def test_a_client_developer_finds_names_in_the_houses_form() -> None:
    assert laws.nameless(GRAPH) == []


BAD = '''
directive @needs(seats: [String!]!) on FIELD_DEFINITION
"""what is asked"""
type Query { things(first: Int): ThingConnection! }
"A thing." type Thing { "An id." id: ID! "Whose." accessToken: String "Of a room." roomId: ID apiKey: String }
type ThingConnection { edges: [Thing!]! totalCount: Int! }
type Mutation { thingMake(name: String!): Thing }
enum Colour { "Red" red }
input LostInput { colour: Colour }
'''


@pytest.mark.parametrize(
    ("law", "places"),
    [
        (laws.undescribed, {"Query", "Query.things", "Query.things(first)", "Thing.accessToken", "Mutation", "@needs"}),
        (laws.unpaged, {"Query.things", "ThingConnection"}),
        (laws.secretive, {"Thing.accessToken", "Thing.roomId", "Thing.apiKey"}),
        (laws.nameless, {"Thing", "LostInput", "Colour"}),
        (lambda bad: laws.undisciplined(bad, {}), {"thingMake"}),
    ],
)  # fmt: skip
def test_a_careless_developer_is_caught_by_every_law(
    law: Callable[[GraphQLSchema], list[str]], places: set[str]
) -> None:
    found = {each.partition(":")[0] for each in law(build_schema(BAD))}
    assert found >= places
