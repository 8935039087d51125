"""The graph: one schema, built once for each executor that is asked for."""

from functools import cache
from typing import Final

from service.execution.guarded import GuardedSchema
from service.schema.build import Executor, build


@cache
def schema_on(executor: Executor) -> GuardedSchema:
    """The graph as one of the executors runs it."""
    return build(executor=executor)


schema: Final = schema_on("breadth-first")


def sdl() -> str:
    """The schema's definition, as committed in schema.graphql."""
    return schema.as_str() + "\n"
