"""Builds the schema with its limits, its plain-field reader and its configuration."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from graphql.execution import Executor as GraphQLExecutor
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, DecimalDefinition
from strawberry.types.scalar import ScalarDefinition

from service.execution.breadth_first import BreadthFirst
from service.execution.cost import Limits
from service.execution.guarded import GuardedSchema, bounds
from service.schema.fields import read
from service.schema.forums import FORUM_TYPES, TermsOfReference
from service.schema.mutation import Mutation
from service.schema.query import Query
from service.schema.subscription import Subscription

SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    Decimal: replace(
        DecimalDefinition, description='An exact decimal number, written as text: "12.5". Numbers are read as well.'
    ),
    date: replace(DateDefinition, description="A day, as ISO 8601 writes it: 2026-11-30."),
    datetime: replace(
        DateTimeDefinition, description="A moment with its offset, as ISO 8601 writes it: 2026-11-30T17:00:00+00:00."
    ),
}


Executor = Literal["breadth-first", "graphql-core"]
EXECUTORS: Final[Mapping[Executor, type[GraphQLExecutor[Any]]]] = {
    "breadth-first": BreadthFirst,
    "graphql-core": StrawberryGraphQLCoreExecutionContext,
}


def build(limits: Limits | None = None, *, executor: Executor = "breadth-first") -> GuardedSchema:
    """The one schema. Both executors give the same answers; graphql-core takes longer for them."""
    return GuardedSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=(*FORUM_TYPES, TermsOfReference),
        extensions=bounds(limits or Limits()),
        execution_context_class=EXECUTORS[executor],
        config=StrawberryConfig(default_resolver=read, disable_field_suggestions=True, scalar_map=SCALARS),
    )
