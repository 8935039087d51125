"""A small graph in which everything can go wrong, at every depth, and rows that go wrong as chance has it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import Enum
from random import Random
from typing import Annotated, Any

import strawberry
from graphql import GraphQLError
from graphql.pyutils import Undefined
from strawberry.schema.config import StrawberryConfig

from service.execution.cost import Limits
from service.execution.documents import Documents
from service.execution.errors import BadRequest
from service.execution.guarded import GuardedSchema, bounds
from service.resolvers.batch import batched
from service.schema.build import EXECUTORS, SCALARS, Executor
from service.schema.fields import read

LIMITS = Limits(aliases=10_000, selections=100_000, repeats=10**7, nodes=10**8, values=10**8, directives=10_000, fragments=1_000)  # fmt: skip
acts: list[str] = []
"""The acts that were done, in order."""


class Context:
    """What batches gather in under graphql-core, and what they are told."""

    def __init__(self) -> None:
        self.loaders: dict[Any, Any] = {}
        self.calls: list[tuple[str, int]] = []


class Fault:
    """A row's value that stands for an error: whoever reads it raises it."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class Bare:
    """A row that is neither a record nor a dictionary."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


def value_of(row: Any, name: str) -> Any:
    """A value of a row of either kind; raises where a fault stands."""
    value = read(row, name)
    if isinstance(value, Fault):
        raise value.error
    return value


def batch(name: str, returns: Any, *, waits: bool = False) -> Any:
    """A batch resolver that reads the column of this name."""

    def found(rows: Sequence[Any], info: strawberry.Info) -> list[Any]:
        info.context.calls.append((f"{info.path.typename}.{name}", len(rows)))
        values = [value_of(row, name) for row in rows]
        return values[1:] if any(value == "too few" for value in values) else values

    async def awaited(rows: Sequence[Any], info: strawberry.Info) -> list[Any]:
        await asyncio.sleep(0)
        return found(rows, info)

    return strawberry.field(resolver=batched(awaited if waits else found, returns=returns))


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str
    near: "Thing | None" = batch("near", Annotated["Thing", strawberry.lazy("tests.execution.toy")] | None, waits=True)

    @classmethod
    def resolve_type(cls, row: Any, info: Any, abstract: Any) -> Any:
        """Whatever the row says, wrong or not."""
        return value_of(row, "kind")


def recognised(row: Any) -> bool:
    """Whether a row is what it is taken for, unless it says otherwise."""
    return read(row, "stranger") is not True


THING = Annotated["Thing", strawberry.lazy("tests.execution.toy")]
OTHER = Annotated["Other", strawberry.lazy("tests.execution.toy")]
NAMED = Annotated["Named", strawberry.lazy("tests.execution.toy")]


def page_of(
    rows: Sequence[Any], info: strawberry.Info, first: int = 2, colours: list[Colour] | None = None
) -> list[Any]:
    """The first children, and no more; arguments with defaults, lists and enums."""
    if first > 5:
        raise BadRequest("At most 5.", field=("first",), rule="at most 5")
    info.context.calls.append(("page", len(rows)))
    return [(value_of(row, "children") or [])[:first] if not colours else [] for row in rows]


@strawberry.type
class Thing(Named):
    id: strawberry.ID
    text: str
    text_or_null: str | None
    count: int
    count_or_null: int | None
    ratio: float | None
    flag: bool
    day: date
    moment: datetime | None
    colour: Colour
    colour_or_null: Colour | None
    tags: list[str]
    tags_or_null: list[str | None] | None
    grid: list[list[int] | None] | None
    child: THING | None  # type: ignore[valid-type]
    sure_child: THING  # type: ignore[valid-type]
    children: list[THING]  # type: ignore[valid-type]
    few: list[THING | None] | None  # type: ignore[valid-type]
    rows: list[list[THING | None]]  # type: ignore[valid-type]
    named: NAMED | None  # type: ignore[valid-type]
    all_named: list[NAMED]  # type: ignore[valid-type]
    batch_text = batch("text_or_null", str | None)
    batch_child = batch("child", THING | None)
    waited_child = batch("child", THING | None, waits=True)
    waited_children = batch("children", list[THING], waits=True)
    page = strawberry.field(resolver=batched(page_of, returns=list[THING]))

    @classmethod
    def is_type_of(cls, row: Any, info: Any) -> bool:
        """Most rows are."""
        return recognised(row)


@strawberry.type
class Other(Named):
    size: int

    @strawberry.field
    def plainly(self) -> str:
        """Not batched at all; `self` is a row."""
        return str(value_of(self, "size"))

    @classmethod
    def is_type_of(cls, row: Any, info: Any) -> bool:
        """All rows are."""
        return True


def which(row: Any, info: Any, kinds: Any) -> Any:
    """The type that a row of a union says it is."""
    return value_of(row, "kind")


Either = Annotated[Thing | Other, strawberry.union("Either")]


async def all_rows(roots: Sequence[Any], info: strawberry.Info) -> list[Any]:
    """All rows."""
    return [info.context.rows for _ in roots]


def first_row(roots: Sequence[Any], info: strawberry.Info) -> list[Any]:
    """The first row."""
    return [info.context.rows[0] for _ in roots]


@strawberry.type
class Query:
    things = strawberry.field(resolver=batched(all_rows, returns=list[Thing | None] | None))
    first = strawberry.field(resolver=batched(first_row, returns=Thing | None))
    sure = strawberry.field(resolver=batched(first_row, returns=Thing))
    either = strawberry.field(resolver=batched(all_rows, returns=list[Either] | None))

    @strawberry.field
    async def one_by_one(self, info: strawberry.Info) -> Thing | None:
        """Not batched at all."""
        await asyncio.sleep(0)
        return info.context.rows[0]


@strawberry.type
class Payload:
    thing: Thing | None
    sure_thing: Thing


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def act(self, info: strawberry.Info, word: str = "") -> Payload:
        """Done once, whatever is read of it."""
        acts.append(word)
        await asyncio.sleep(0)
        row = info.context.rows[0]
        return {"thing": row, "sure_thing": row}  # type: ignore[return-value]

    @strawberry.mutation
    def fail(self, info: strawberry.Info) -> Payload | None:
        """Done, and fails."""
        acts.append("fail")
        raise GraphQLError("a secret")


def schema(executor: Executor, documents: Documents | None = None) -> GuardedSchema:
    """The graph on one of the executors."""
    made = GuardedSchema(
        Query,
        Mutation,
        types=[Other],
        extensions=bounds(LIMITS, documents),
        execution_context_class=EXECUTORS[executor],
        config=StrawberryConfig(default_resolver=read, scalar_map=SCALARS, disable_field_suggestions=True),
    )
    union: Any = made._schema.type_map["Either"]
    union.resolve_type = which
    return made


GOOD: dict[str, Sequence[Any]] = {
    "id": ["a", "b", 7], "text": ["x", "", "é"], "text_or_null": ["x", None], "count": [0, 1, -(2**31), 2**31 - 1, 2.0, True, "12"],
    "count_or_null": [1, None], "ratio": [0.5, 1, None, 1e300], "flag": [True, False, 1], "day": [date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)],
    "moment": [datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC), datetime(999, 1, 1), None], "colour": ["red", "blue", Colour.RED],
    "colour_or_null": [None, "blue", Colour.BLUE], "tags": [[], ["x", "y"], ("x",)], "tags_or_null": [None, ["x", None], []],
    "grid": [None, [[1, 2], None, []], []], "name": ["n"], "kind": ["Thing", "Other"], "size": [3], "stranger": [False],
}  # fmt: skip
ERRORS = (ValueError("a secret"), BadRequest("No.", field=("x",), rule="r"), GraphQLError("a secret"))
BAD: Sequence[Any] = (None, object(), {}, [], [None], "purple", 2**31, float("nan"), float("inf"), Undefined, ValueError("returned"),
    "too few", [[None]], [ValueError("within")], "Nowhere", "Named", True, b"bytes", {1, 2})  # fmt: skip


def drawn(rng: Random, faults: float) -> list[Any]:
    """Rows that refer to each other, in which a share of the values is wrong."""
    rows = [{name: rng.choice(values) for name, values in GOOD.items()} for _ in range(4)]

    def some(most: int) -> list[Any]:
        return [rng.choice(rows) for _ in range(rng.randint(0, most))]

    for row in rows:
        row |= {
            "near": rng.choice([None, *rows]), "child": rng.choice([None, *rows]), "sure_child": rng.choice(rows), "children": some(3),
            "few": rng.choice([None, [*some(2), None]]), "rows": [some(2), [*some(1), None]], "named": rng.choice([None, *rows]), "all_named": some(3),
        }  # fmt: skip
    for row in rows:
        for name in list(row):
            if rng.random() < faults:
                row[name] = rng.choice([*BAD, *(Fault(error) for error in ERRORS)])
    if rng.random() < 0.3:
        bare = Bare(rows[0])
        return [bare, *rows]
    return rows
