"""What ends a request, what is tried again by graphql-core, and that an act never is."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
import strawberry

from service.execution.errors import Unavailable
from service.execution.fallback import ends_request
from tests.execution import toy
from tests.execution.comparing import left_to_graphql_core, written
from tests.execution.test_faults import context
from tests.execution.test_plans import ROW

BREADTH = toy.schema("breadth-first")
OUTAGES = (
    ConnectionResetError(),
    TimeoutError(),
    asyncpg.QueryCanceledError("too slow"),
    asyncpg.AdminShutdownError("going down"),
    asyncpg.ConnectionDoesNotExistError("gone"),
    asyncpg.InterfaceError("connection is closed"),
    Unavailable(),
)
OTHERS = (
    asyncpg.UniqueViolationError("Key (code_hash)"),
    asyncpg.DataError("invalid input for query argument $1"),
    RuntimeError("a secret"),
    KeyError("a column"),
)


def failing(error: BaseException) -> tuple[toy.Context, list[int]]:
    """A context whose first batch of a level below the root raises, and how often it was asked."""
    asked: list[int] = []

    class Failing(list[Any]):
        def append(self, call: Any) -> None:
            asked.append(call[1])
            raise error

    made = context([ROW])
    made.calls = Failing()
    return made, asked


@pytest.mark.parametrize("error", OUTAGES, ids=lambda each: type(each).__name__)
async def test_a_portal_waits_for_a_failing_database_once(error: Exception) -> None:
    made, asked = failing(error)
    with left_to_graphql_core() as left:
        result = await BREADTH.execute("{ first { text batchText } sure { id } }", None, made)
    assert (left(), asked) == (0, [1])
    assert result.data is None
    (fault,) = result.errors or []
    assert fault.extensions is not None
    assert fault.extensions["code"] in ("UNAVAILABLE", "TIMEOUT")
    assert fault.path is None


@pytest.mark.parametrize("error", OUTAGES, ids=lambda each: type(each).__name__)
async def test_an_officer_s_act_is_done_once_though_its_answer_cannot_be_read(error: Exception) -> None:
    made, asked = failing(error)
    toy.acts.clear()
    result = await BREADTH.execute('mutation { a: act(word: "x") { thing { batchText } } }', None, made)
    assert (toy.acts, asked) == (["x"], [1])
    assert result.data is None
    (fault,) = result.errors or []
    assert fault.path == ["a"]


@pytest.mark.parametrize("error", OTHERS, ids=lambda each: type(each).__name__)
async def test_A9_an_outsider_cannot_tell_a_statement_s_fault_from_one_of_ours(error: Exception) -> None:
    made, _ = failing(error)
    stock, _ = failing(error)
    expected = await toy.schema("graphql-core").execute("{ first { text batchText } sure { id } }", None, stock)
    result = await BREADTH.execute("{ first { text batchText } sure { id } }", None, made)
    assert written(result) == written(expected)
    assert result.data == {"first": {"text": "x", "batchText": None}, "sure": {"id": "a"}}
    assert not ends_request(error)


async def test_a_client_that_gives_up_is_not_answered_by_a_second_try() -> None:
    made, asked = failing(asyncio.CancelledError())
    with left_to_graphql_core() as left, pytest.raises(asyncio.CancelledError):
        await BREADTH.execute("{ first { batchText } }", None, made)
    assert (left(), asked) == (0, [1])


async def test_several_acts_run_in_order_and_their_answers_level_by_level() -> None:
    toy.acts.clear()
    made = context([ROW])
    with left_to_graphql_core() as left:
        result = await BREADTH.execute(
            'mutation { a: act(word: "1") { sureThing { children { batchText } } } b: act(word: "2") { thing { id } } }',
            None,
            made,
        )
    assert result.errors is None
    assert toy.acts == ["1", "2"]
    assert made.calls == [("Thing.text_or_null", 4)]
    assert left() == 1  # the operation itself; neither of its payloads


async def test_a_batch_is_called_once_a_level_with_parents_of_several_types_and_never_with_none() -> None:
    asked: list[tuple[str, int]] = []

    async def near(rows: Sequence[Any], info: strawberry.Info) -> list[Any]:
        asked.append((info.path.typename, len(rows)))
        assert info.field_name == "near"
        assert [each.name for each in info.selected_fields] == ["near"]
        return [None for _ in rows]

    field = BREADTH._schema.type_map["Thing"].fields["near"].extensions["strawberry-definition"]  # type: ignore[attr-defined]
    resolver = field.base_resolver.wrapped_func
    real, resolver.__batch__ = resolver.__batch__, near
    try:
        rows = [dict(ROW, kind=kind) for kind in ("Thing", "Other", "Thing")]
        text = "{ either { __typename ... on Thing { near { id } } ... on Other { near { id } } } first { children { near { id } } } }"
        fresh = toy.schema("breadth-first")
        result = await fresh.execute(text, None, context(rows))
        assert result.errors is None
        none = await fresh.execute("{ first { children { near { id } } } }", None, context([dict(ROW, children=[])]))
        assert none.data == {"first": {"children": []}}
    finally:
        resolver.__batch__ = real
    assert asked == [("Thing", 3), ("Thing", 4)]
