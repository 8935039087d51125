"""A document that was asked before takes a shorter way to the same answer, the same refusal and the same log."""

import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strawberry import Schema
from strawberry.types.graphql import OperationType
from structlog.testing import capture_logs

from service.execution.documents import Documents
from tests.execution import toy
from tests.execution.comparing import written
from tests.execution.test_faults import BREADTH, STOCK, context, value
from tests.execution.writing import Writer

SEEDS = st.integers(0, 2**32)
READING = frozenset({OperationType.QUERY})
ROWS = toy.drawn(Random(1), 0)


@contextmanager
def long_way() -> Iterator[list[str]]:
    """The documents that Strawberry was given to parse, to validate and to run."""
    taken: list[str] = []
    real = Schema.execute

    async def execute(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        taken.append(query)
        return await real(self, query, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Schema, "execute", execute)
        yield taken


async def asked(schema: Any, document: str, variables: Any, rows: list[Any], **more: Any) -> tuple[Any, Any]:
    """What is answered, to the byte, and what is logged; the toy's errors are raised again, so their frames add up."""
    with capture_logs() as lines:
        result = await schema.execute(document, variables, context(rows), **more)
    said = [{name: word for name, word in line.items() if name != "frames"} for line in lines]
    return written(result), sorted(said, key=str)


@pytest.mark.parametrize("schema", [BREADTH, STOCK], ids=["breadth-first", "graphql-core"])
@pytest.mark.parametrize("operation", ["query", "mutation"])
@given(SEEDS.map(Random), st.sampled_from([0, 0.05, 0.3]))
async def test_a_portal_asking_again_gets_the_same_answer_and_leaves_the_same_log(
    schema: Any, operation: str, rng: Random, faults: float
) -> None:
    writer = Writer(rng, BREADTH._schema, value, depth=3, widest=3)
    document, rows = writer.document(operation), toy.drawn(rng, faults)
    toy.acts.clear()
    first = await asked(schema, document, writer.variables, rows)
    done = list(toy.acts)
    toy.acts.clear()
    with long_way() as taken:
        again = await asked(schema, document, writer.variables, rows)
    assert again == first, document
    assert toy.acts == done
    if first[0][0] != b"null":
        assert taken == [], document


REFUSED: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "an act where only reading is allowed": ("mutation { act { thing { id } } }", None, {"allowed_operation_types": READING}),
    "one of two operations, unnamed": ("query A { things { id } } mutation B { act { thing { id } } }", None, {}),
    "an operation that is not there": ("query A { things { id } }", None, {"operation_name": "B"}),
    "a variable that no column holds": ("query($n: Int!) { first { page(first: $n) { id } } }", {"n": 2**70}, {}),
    "a variable with a NUL": ("mutation($w: String!) { act(word: $w) { thing { id } } }", {"w": "\0"}, {}),
    "a variable of another type": ("mutation($w: String!) { act(word: $w) { thing { id } } }", {"w": 1}, {}),
    "too large a page": ("query($n: Int!) { first { page(first: $n) { page(first: $n) { id } } } }", {"n": 2**30}, {}),
}  # fmt: skip
GOOD: dict[str, Any] = {"n": 1, "w": "word"}


@pytest.mark.parametrize("why", REFUSED)
async def test_a_stranger_is_refused_a_known_document_as_a_new_one(why: str) -> None:
    document, variables, more = REFUSED[why]
    stranger = await asked(toy.schema("breadth-first"), document, variables, ROWS, **more)
    documents = Documents()
    schema = toy.schema("breadth-first", documents)
    named = {"operation_name": "A"} if "query A" in document else {}
    good = {name: GOOD[name] for name in variables or ()}
    assert (await schema.execute(document, good, context(ROWS), **named)).errors is None
    assert document in documents
    toy.acts.clear()
    assert await asked(schema, document, variables, ROWS, **more) == stranger
    assert stranger[0][1]
    assert toy.acts == []


@pytest.mark.parametrize("error", [asyncpg.ConnectionDoesNotExistError("a secret"), TimeoutError("a secret")])
async def test_a_portal_is_told_of_an_outage_alike_and_nothing_of_its_cause(error: Exception) -> None:
    rows = [{**ROWS[-1], "text_or_null": toy.Fault(error)}]
    schema, document = toy.schema("breadth-first"), "{ first { batchText } }"
    first = await asked(schema, document, None, rows)
    with long_way() as taken:
        assert await asked(schema, document, None, rows) == first
    assert taken == []
    assert first[0][0] == b"null"
    assert "secret" not in str(first)


async def test_a_portal_asking_again_leaves_nothing_for_the_collector() -> None:
    document = "{ things { id waitedChildren { text page { id } } named { name } } }"
    rows = toy.drawn(Random(3), 0)
    for _ in range(2):
        assert (await BREADTH.execute(document, None, context(rows))).errors is None
    gc.collect()
    gc.disable()
    try:
        for _ in range(20):
            await BREADTH.execute(document, None, context(rows))
        assert gc.collect() < 20
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "document", ["{ missing }", "{ first ", "query($n: Int!) { first { page(first: $n) { id } } }"]
)
async def test_a_stranger_whose_request_is_refused_leaves_nothing_of_it_in_memory(document: str) -> None:
    schema, asking = toy.schema("breadth-first"), context(ROWS)
    held = weakref.ref(asking)
    gc.collect()
    gc.disable()
    try:
        assert (await schema.execute(document, None, asking)).errors
        del asking
        assert held() is None
    finally:
        gc.enable()
