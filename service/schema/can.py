"""`viewerCan`: what the acting seat has the power to do to an object, where the object's state allows it now."""

from collections.abc import Sequence
from typing import Any

import strawberry

from service.rules.acts import DESCRIPTIONS, Act
from service.schema.fields import plain


def can(type_name: str, acts: Sequence[Act]) -> Any:
    """`XCan`, with one boolean for each act."""
    names = {act.value.lower(): DESCRIPTIONS[act] for act in acts}
    body: dict[str, Any] = {name: plain(words) for name, words in names.items()}
    made = type(f"{type_name}Can", (), {"__annotations__": dict.fromkeys(names, bool), **body})
    return strawberry.type(made, description=f"What you can do now about a {type_name}.")
