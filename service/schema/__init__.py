"""The graph: one schema, built once."""

from typing import Final

from service.schema.build import build

schema: Final = build()


def sdl() -> str:
    """The schema's definition, as committed in schema.graphql."""
    return schema.as_str() + "\n"
