"""Writes documents over a schema: fields, aliases, fragments, conditions, arguments and variables, as chance has it.

Everything that may be asked for can come out, and most of it is valid: what is not, both executors refuse alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)
from graphql.pyutils import Undefined

Value = Callable[[Random, str, Any], Any]
"""A value for an argument of this name and type; Undefined leaves it out."""


@dataclass
class Writer:
    """One document and its variables."""

    rng: Random
    schema: GraphQLSchema
    value: Value
    depth: int = 4
    widest: int = 5
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    names: int = 0

    def document(self, operation: str = "query") -> str:
        """The whole text."""
        root = self.schema.query_type if operation == "query" else self.schema.mutation_type
        selection = self.selection(root, self.depth)
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        return "\n".join([f"{operation} Drawn{declared} {selection}", *self.fragments])

    def name(self, prefix: str) -> str:
        """A name that is used once."""
        self.names += 1
        return f"{prefix}{self.names}"

    def selection(self, kind: Any, depth: int) -> str:
        """A selection set of this type; `depth` levels may follow."""
        rng = self.rng
        found: list[str] = []
        for _ in range(rng.randint(1, self.widest)):
            draw = rng.random()
            if draw < 0.12 and depth > 0:
                found.append(self.fragment(kind, depth))
            elif draw < 0.22 or not self.fields(kind, depth):
                found.append(f"{self.alias()}__typename{self.condition()}")
            else:
                found += self.field(kind, depth)
        return f"{{ {' '.join(found)} }}"

    def fields(self, kind: Any, depth: int) -> list[tuple[str, GraphQLField]]:
        """What may be selected here."""
        fields = getattr(kind, "fields", {})
        return [each for each in fields.items() if depth > 0 or is_leaf_type(get_named_type(each[1].type))]

    def field(self, kind: Any, depth: int) -> list[str]:
        """One field, now and then twice under the same key, which are one."""
        name, each = self.rng.choice(self.fields(kind, depth))
        target = get_named_type(each.type)
        alias = f"{self.name('a')}: " if each.args or not is_leaf_type(target) else self.alias()
        start = f"{alias}{name}{self.arguments(each)}"
        times = 2 if self.rng.random() < 0.15 else 1
        if is_leaf_type(target):
            return [f"{start}{self.condition()}" for _ in range(times)]
        return [f"{start}{self.condition()} {self.selection(target, depth - 1)}" for _ in range(times)]

    def alias(self) -> str:
        """Mostly one: the same key in fragments for several types may name only what is alike."""
        return f"{self.name('a')}: " if self.rng.random() < 0.7 else ""

    def condition(self) -> str:
        """Now and then a condition, literal or by a variable."""
        if self.rng.random() > 0.12:
            return ""
        said = self.rng.random() < 0.5
        written = self.rng.random() < 0.3
        given = str(said).lower() if written else f"${self.declare('Boolean!', said)}"
        return f" @{self.rng.choice(('skip', 'include'))}(if: {given})"

    def declare(self, kind: str, value: Any) -> str:
        """A variable with this value; now and then by its default."""
        name = self.name("v")
        if isinstance(value, bool) and self.rng.random() < 0.2:
            self.declared.append(f"${name}: {kind} = {str(value).lower()}")
            return name
        self.declared.append(f"${name}: {kind}")
        self.variables[name] = value
        return name

    def fragment(self, kind: Any, depth: int) -> str:
        """Fields for a type that may be met here, in place or by name."""
        types = [kind]
        if is_abstract_type(kind):
            types += self.schema.get_possible_types(kind)
        types += getattr(kind, "interfaces", [])
        target = self.rng.choice(types)
        selection = self.selection(target, depth)
        if self.rng.random() < 0.5:
            on = f"on {target.name} " if target is not kind or self.rng.random() < 0.5 else ""
            return f"... {on}{self.condition()} {selection}"
        name = self.name("F")
        self.fragments.append(f"fragment {name} on {target.name} {selection}")
        return " ".join([f"...{name}{self.condition()}"] * self.rng.randint(1, 2))

    def arguments(self, each: GraphQLField) -> str:
        """The arguments of a field, as literals or by variables."""
        said = []
        for name, argument in each.args.items():
            value = self.value(self.rng, name, argument.type)
            if value is Undefined:
                assert not is_required_argument(argument), name
                continue
            if self.rng.random() < 0.5:
                said.append(f"{name}: ${self.declare(str(argument.type), value)}")
            else:
                said.append(f"{name}: {literal(value, argument.type)}")
        return f"({', '.join(said)})" if said else ""


def literal(value: Any, kind: Any) -> str:
    """A value as a document writes it."""
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(literal(each, inner.of_type if is_list_type(inner) else inner) for each in value)}]"
        case dict():
            parts = (f"{name}: {literal(each, inner.fields[name].type)}" for name, each in value.items())
            return f"{{{', '.join(parts)}}}"
        case str() if not isinstance(get_named_type(inner), GraphQLEnumType):
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case _:
            return str(value)
