"""Whatever goes wrong, and wherever: the two executors answer alike, errors and paths and nulls included."""

from random import Random
from typing import Any

from graphql import GraphQLEnumType, get_named_type
from graphql.pyutils import Undefined
from hypothesis import given
from hypothesis import strategies as st

from tests.execution import toy
from tests.execution.comparing import left_to_graphql_core, written
from tests.execution.writing import Writer

SEEDS = st.integers(0, 2**32)
BREADTH, STOCK = toy.schema("breadth-first"), toy.schema("graphql-core")


def context(rows: list[Any]) -> toy.Context:
    made = toy.Context()
    made.rows = rows  # type: ignore[attr-defined]
    return made


def value(rng: Random, name: str, kind: Any) -> Any:
    """Arguments of the toy graph, right and wrong."""
    target = get_named_type(kind)
    if isinstance(target, GraphQLEnumType):
        return rng.choice([Undefined, None, [], ["RED"]])
    if target.name == "Int":
        return rng.choice([Undefined, 0, 1, 2, 3, 6])
    return rng.choice([Undefined, "word"])


UNBATCHED = ("oneByOne", "plainly")


@given(SEEDS.map(Random), st.sampled_from([0, 0, 0.01, 0.05, 0.3]))
async def test_a_portal_gets_the_same_from_both_executors_whatever_is_wrong(rng: Random, faults: float) -> None:
    writer = Writer(rng, BREADTH._schema, value, depth=3)
    document = writer.document()
    rows = toy.drawn(rng, faults)
    stock = await STOCK.execute(document, writer.variables, context(rows))
    with left_to_graphql_core() as left:
        breadth = await BREADTH.execute(document, writer.variables, context(rows))
    assert written(breadth) == written(stock), document
    if stock.errors is None and not faults and not any(name in document for name in UNBATCHED):
        assert left() == 0, document


@given(SEEDS.map(Random), st.sampled_from([0, 0.05, 0.3]))
async def test_an_officer_does_an_act_once_whatever_is_wrong_with_its_answer(rng: Random, faults: float) -> None:
    writer = Writer(rng, BREADTH._schema, value, depth=3, widest=3)
    document = writer.document("mutation")
    rows = toy.drawn(rng, faults)
    toy.acts.clear()
    stock = await STOCK.execute(document, writer.variables, context(rows))
    expected = list(toy.acts)
    toy.acts.clear()
    breadth = await BREADTH.execute(document, writer.variables, context(rows))
    assert toy.acts == expected
    assert written(breadth) == written(stock), document
