"""Builds the schema with its limits, its plain-field reader and its configuration."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition
from strawberry.types.scalar import ScalarDefinition

from service.execution.cost import Limits
from service.execution.guarded import GuardedSchema, bounds
from service.schema.fields import read
from service.schema.forums import FORUM_TYPES, TermsOfReference
from service.schema.mutation import Mutation
from service.schema.query import Query

SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    date: replace(DateDefinition, description="A day, as ISO 8601 writes it: 2026-11-30."),
    datetime: replace(
        DateTimeDefinition, description="A moment with its offset, as ISO 8601 writes it: 2026-11-30T17:00:00+00:00."
    ),
}


def build(limits: Limits | None = None) -> GuardedSchema:
    """The one schema."""
    return GuardedSchema(
        query=Query,
        mutation=Mutation,
        types=(*FORUM_TYPES, TermsOfReference),
        extensions=bounds(limits or Limits()),
        config=StrawberryConfig(default_resolver=read, disable_field_suggestions=True, scalar_map=SCALARS),
    )
