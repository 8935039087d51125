"""What must hold of every part of a schema: each law takes a schema and returns where it is broken."""

import re
from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_specified_scalar_type,
)

PAGE = {"first": "Int", "after": "String", "last": "Int", "before": "String"}
LIKE_A_SECRET = re.compile(
    r"password|secret|token|salt|proof|private|credential|e-?mail|subject|account|room_?id|(?<!idempotency)(?<!external)key$",
    re.I,
)


def own_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    """The types that the service itself declares."""
    for name, kind in schema.type_map.items():
        if not name.startswith("__") and not is_specified_scalar_type(kind):
            yield kind


def own_fields(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    """Every field of every type and interface, by Type.field."""
    for kind in own_types(schema):
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield f"{kind.name}.{name}", field


def arguments(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLArgument | GraphQLInputField]]:
    """Every argument and every input field, by Type.field(argument) or Input.field."""
    for place, field in own_fields(schema):
        for name, argument in field.args.items():
            yield f"{place}({name})", argument
    for kind in own_types(schema):
        if isinstance(kind, GraphQLInputObjectType):
            for name, said in kind.fields.items():
                yield f"{kind.name}.{name}", said


def descriptions(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Everything that has a description, with it; empty where it has none."""
    for kind in own_types(schema):
        yield kind.name, kind.description or ""
        if is_enum_type(kind):
            for name, value in kind.values.items():
                yield f"{kind.name}.{name}", value.description or ""
    for place, field in own_fields(schema):
        yield place, field.description or ""
    for place, said in arguments(schema):
        yield place, said.description or ""
    for directive in schema.directives:  # not its arguments, whose descriptions Strawberry does not carry over
        yield f"@{directive.name}", directive.description or ""


def undescribed(schema: GraphQLSchema) -> list[str]:
    """Places whose description is missing or is no sentence: a capital, two words at least, a full stop."""
    return [
        f"{place}: {words!r}"
        for place, words in descriptions(schema)
        if not (words[:1].isupper() and words.endswith(".") and len(words.split()) > 1 and words == words.strip())
    ]


def unpaged(schema: GraphQLSchema) -> list[str]:
    """Connections that cannot be paged both ways, or whose shape is not Relay's."""
    broken = []
    for place, field in own_fields(schema):
        kind = get_named_type(field.type)
        if not kind.name.endswith("Connection"):
            continue
        asked = {name: str(field.args[name].type) for name in PAGE if name in field.args}
        if asked != PAGE or str(field.type) != f"{kind.name}!":
            broken.append(place)
        shape = {name: str(each.type) for name, each in getattr(kind, "fields", {}).items()}
        if shape != {"edges": f"[{kind.name.removesuffix('Connection')}Edge!]!", "pageInfo": "PageInfo!"}:
            broken.append(kind.name)
    return sorted(set(broken))


def undisciplined(schema: GraphQLSchema, needs: Mapping[str, bool]) -> list[str]:
    """Mutations that do not take one `XInput!`, answer `XPayload!` with user errors, and say what they need."""
    broken = []
    for name, field in (schema.mutation_type.fields if schema.mutation_type else {}).items():
        kind = name[0].upper() + name[1:]
        said = {argument: str(each.type) for argument, each in field.args.items()}
        answer = get_named_type(field.type)
        errors = answer.fields.get("userErrors") if isinstance(answer, GraphQLObjectType) else None
        if said != {"input": f"{kind}Input!"}:
            broken.append(f"{name}: takes {said}")
        if str(field.type) != f"{kind}Payload!" or errors is None or str(errors.type) != "[UserError!]!":
            broken.append(f"{name}: answers {field.type}")
        if not needs.get(name):
            broken.append(f"{name}: does not say what it needs")
    return broken


def secretive(schema: GraphQLSchema) -> list[str]:
    """Fields and arguments named like something that nobody should be able to ask for."""
    named = [place for place, _ in own_fields(schema)] + [place for place, _ in arguments(schema)]
    return [place for place in named if LIKE_A_SECRET.search(re.split(r"[.(]", place.rstrip(")"))[-1])]


def nameless(schema: GraphQLSchema) -> list[str]:
    """Types with an id that are not nodes, inputs that nothing takes, names that are not in the house's case."""
    broken = []
    taken = {get_named_type(each.type).name for _, each in arguments(schema)}
    for kind in own_types(schema):
        known = isinstance(kind, GraphQLObjectType) and "id" in kind.fields and kind.name != "ViewerSeat"
        if known and "Node" not in {each.name for each in kind.interfaces}:
            broken.append(f"{kind.name}: has an id and is no Node")
        if is_input_object_type(kind) and kind.name not in taken:
            broken.append(f"{kind.name}: nothing takes it")
        if is_enum_type(kind) and any(not re.fullmatch(r"[A-Z][A-Z0-9_]*", name) for name in kind.values):
            broken.append(f"{kind.name}: values in capitals")
    return broken
