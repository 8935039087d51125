"""Both executors on the same request, and whether graphql-core had to be asked."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionResult

POSITION = re.compile(rb'"cursor":"[\w-]{1000,}"')
"""A position in the change feed, sealed anew each time."""
STOCK = StrawberryGraphQLCoreExecutionContext
COUNTING: ContextVar[object] = ContextVar("COUNTING", default=None)


def written(result: ExecutionResult) -> tuple[bytes, list[dict[str, Any]]]:
    """An answer to the byte, keys in their order; errors of one answer come in no order that is promised."""
    errors = [dict(each.formatted) for each in result.errors or []]
    return POSITION.sub(b'"cursor":""', orjson.dumps(result.data)), sorted(
        errors, key=lambda each: orjson.dumps(each, option=orjson.OPT_SORT_KEYS)
    )


def told(result: ExecutionResult) -> tuple[bytes, list[bytes]]:
    """As `written`, but of errors that nulled something above them only that there was one.

    Where several fields below one null fail, graphql-core tells of those that failed before it gave the others up: which
    these are is a matter of the moment, and the specification asks for one.
    """
    data, errors = written(result)
    return data, sorted({orjson.dumps(_seen(result.data, each), option=orjson.OPT_SORT_KEYS) for each in errors})


def _seen(data: Any, error: dict[str, Any]) -> Any:
    """The path of the null that an error made above its own place; the error itself where it made none."""
    path: list[str | int] = error.get("path") or []
    for depth, step in enumerate(path):
        if data is None:
            return path[:depth]
        data = data[step]
    return error


@contextmanager
def left_to_graphql_core() -> Iterator[Callable[[], int]]:
    """How many operations and payloads graphql-core ran in the breadth-first executor's stead, from here on.

    What an earlier request left to be settled in the background goes on meanwhile, in the context that it began in.
    """
    count, mark = 0, object()
    held: dict[str, Any] = {}

    def counted(name: str) -> Any:
        real = getattr(STOCK, name)

        def run(self: Any, *arguments: Any, **more: Any) -> Any:
            nonlocal count
            if type(self) is not STOCK and COUNTING.get() is mark:
                count += 1
            return real(self, *arguments, **more)

        return run

    for name in ("execute_operation", "collect_and_execute_subfields"):
        held[name] = STOCK.__dict__.get(name)
        setattr(STOCK, name, counted(name))
    began = COUNTING.set(mark)
    try:
        yield lambda: count
    finally:
        COUNTING.reset(began)
        for name, real in held.items():
            if real is None:
                delattr(STOCK, name)
            else:
                setattr(STOCK, name, real)
