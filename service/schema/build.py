"""Builds the schema with its limits, its plain-field reader and its configuration."""

from strawberry.schema.config import StrawberryConfig

from service.execution.cost import Limits
from service.execution.guarded import GuardedSchema, bounds
from service.schema.fields import read
from service.schema.forums import FORUM_TYPES, TermsOfReference
from service.schema.mutation import Mutation
from service.schema.query import Query


def build(limits: Limits | None = None) -> GuardedSchema:
    """The one schema."""
    return GuardedSchema(
        query=Query,
        mutation=Mutation,
        types=(*FORUM_TYPES, TermsOfReference),
        extensions=bounds(limits or Limits()),
        config=StrawberryConfig(default_resolver=read, disable_field_suggestions=True),
    )
