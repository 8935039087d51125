"""Inputs made from the published schema, so that a new act or argument is tried without anybody's remembering it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_leaf_type,
)

from service.resolvers.ids import global_id
from service.schema import schema

SCHEMA = schema._schema
NOTHING = UUID(int=7)
Path = tuple[str, ...]
# What the id in a field of this name is of; the rest are named after their type.
KINDS = {"forumId": "StaffNetwork", "consulteeForumIds": "StaffNetwork", "pointId": "ResponsePoint", "planId": "ConsultationPlan",
    "requestId": "MembershipRequest", "versionId": "ReportVersion", "unionId": "Organisation", "changedClauseId": "Clause", "noteId": "ReleaseNote"}  # fmt: skip


def mutations() -> dict[str, GraphQLInputObjectType]:
    """Every act and its input."""
    root = SCHEMA.mutation_type
    assert root is not None
    found = {}
    for name, field in root.fields.items():
        made = get_named_type(field.args["input"].type)
        assert isinstance(made, GraphQLInputObjectType)
        found[name] = made
    return found


def document(act: str) -> str:
    """The operation of an act."""
    kind = mutations()[act].name
    return f"mutation($input: {kind}!) {{ {act}(input: $input) {{ userErrors {{ code field }} }} }}"


def plausible(kind: GraphQLInputType, name: str, today: date, ids: Callable[[str], str] | None = None) -> Any:
    """A value that a type takes: ids are of nothing unless `ids` gives them by type."""
    match kind:
        case GraphQLNonNull():
            return plausible(kind.of_type, name, today, ids)
        case GraphQLList():
            return [plausible(kind.of_type, name, today, ids)]
        case GraphQLEnumType():
            return next(iter(kind.values))
        case GraphQLInputObjectType():
            return {field: plausible(each.type, field, today, ids) for field, each in kind.fields.items()}
        case GraphQLScalarType(name="ID"):
            type_name = KINDS.get(name) or name[0].upper() + name[1:].removesuffix("Id")
            return global_id(type_name, NOTHING) if ids is None else ids(type_name)
        case GraphQLScalarType(name="Int"):
            return 1
        case GraphQLScalarType(name="Boolean"):
            return False
        case GraphQLScalarType(name="Decimal"):
            return "1"
        case GraphQLScalarType(name="Date"):
            return str(today)
        case _:
            return str(uuid5(NOTHING, name)) if name == "idempotencyKey" else "Words"


def leaves(kind: GraphQLInputType, path: Path = ()) -> Iterator[tuple[Path, GraphQLInputType]]:
    """Every place in an input that holds a value or a list."""
    match kind:
        case GraphQLNonNull():
            yield from leaves(kind.of_type, path)
        case GraphQLInputObjectType():
            for name, field in kind.fields.items():
                yield from leaves(field.type, (*path, name))
        case GraphQLList():
            yield path, kind
            yield from leaves(kind.of_type, (*path, "0"))
        case _:
            yield path, kind


def put(value: Any, path: Path, leaf: Any) -> Any:
    """The value with a leaf put at a path."""
    if not path:
        return leaf
    name, *rest = path
    if isinstance(value, list):
        return [put(value[0] if value else None, tuple(rest), leaf)]
    return {**value, name: put(value[name], tuple(rest), leaf)}


def reading_arguments() -> Iterator[tuple[str, str, GraphQLArgument, list[str]]]:
    """Every argument of every field that reads: type, field, argument, and a way to it from `node` or the root."""
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__") and kind is not SCHEMA.mutation_type:
            for field_name, field in kind.fields.items():
                for argument_name, argument in field.args.items():
                    yield name, field_name, argument, [argument_name]


def selection(field: GraphQLField) -> str:
    """The least that can be selected of a field."""
    return "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
