"""The size of a GraphQL document, counted without expanding it.

A thousand bytes of nested fragment spreads can select 2^60 fields, so a document is measured
before anything else walks it: each fragment is counted once and its total reused, wherever it
is spread (THREATS C1-C8; Strawberry's own limiters expand the fragments and take seconds).
Undefined fragments count nothing: the specification's rules report them afterwards.

Once a document is known to be small, ``grouped`` walks it the way an executor does: fields
with the same response key are one field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

SATURATED = 10**9
"""Totals stop growing here, so that an attack cannot make the sums themselves expensive."""


class Totals(NamedTuple):
    """What a selection set comes to after its fragments are expanded."""

    selections: int
    aliases: int
    directives: int
    depth: int


NOTHING = Totals(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Shape:
    """A whole document's size; ``visits`` is the work it took to find out."""

    operations: int
    fragments: int
    selections: int
    aliases: int
    directives: int
    depth: int
    cycle: bool
    unused: bool
    visits: int


class _Own(NamedTuple):
    """One definition by itself: its totals, and each spread with the level it stands at."""

    totals: Totals
    spreads: tuple[tuple[str, int], ...]
    visits: int


@dataclass(slots=True)
class _Walk:
    own: Mapping[str, _Own]
    known: dict[str, Totals] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    cycle: bool = False


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The document's fragment definitions by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """The document's operations, in order."""
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def counts(document: DocumentNode) -> tuple[int, int]:
    """How many operations and how many fragments the document defines."""
    return len(operations_of(document)), sum(isinstance(node, FragmentDefinitionNode) for node in document.definitions)


def measure(document: DocumentNode) -> Shape:
    """The size of a document with few fragments (see ``counts``), each visited once."""
    operations, fragments = operations_of(document), fragments_of(document)
    own = {name: _own(node.selection_set) for name, node in fragments.items()}
    roots = [_own(node.selection_set) for node in operations]
    walk = _Walk(own)
    totals = NOTHING
    for root in roots:
        totals = _beside(totals, _expanded(root, walk))
    used = frozenset(walk.known)
    for name in own:
        _fragment(name, walk)
    return Shape(
        operations=len(operations),
        fragments=len(fragments),
        selections=totals.selections,
        aliases=totals.aliases,
        directives=totals.directives + _directives_of_definitions(document),
        depth=totals.depth,
        cycle=walk.cycle,
        unused=not used.issuperset(own),
        visits=sum(each.visits for each in (*own.values(), *roots)),
    )


def _own(selection_set: SelectionSetNode) -> _Own:
    """One definition counted with a stack: deep nesting cannot exhaust Python's."""
    selections = aliases = directives = depth = 0
    spreads: list[tuple[str, int]] = []
    stack = [(selection_set, 1)]
    while stack:
        current, level = stack.pop()
        for node in current.selections:
            selections += 1
            directives += len(node.directives or ())
            if isinstance(node, FragmentSpreadNode):
                spreads.append((node.name.value, level))
            elif isinstance(node, InlineFragmentNode):
                stack.append((node.selection_set, level))
            elif isinstance(node, FieldNode):
                depth = max(depth, level)
                aliases += node.alias is not None
                if node.selection_set:
                    stack.append((node.selection_set, level + 1))
    return _Own(Totals(selections, aliases, directives, depth), tuple(spreads), selections)


def _expanded(own: _Own, walk: _Walk) -> Totals:
    total = own.totals
    for name, level in own.spreads:
        inner = _fragment(name, walk)
        total = _beside(total, inner._replace(depth=inner.depth + level - 1))
    return total


def _fragment(name: str, walk: _Walk) -> Totals:
    """A fragment's totals, worked out once; a spread that closes a cycle is noted, not followed."""
    if name in walk.known or name not in walk.own:
        return walk.known.get(name, NOTHING)
    if name in walk.open:
        walk.cycle = True
        return NOTHING
    walk.open.add(name)
    walk.known[name] = total = _expanded(walk.own[name], walk)
    walk.open.remove(name)
    return total


def _beside(one: Totals, other: Totals) -> Totals:
    return Totals(
        min(SATURATED, one.selections + other.selections),
        min(SATURATED, one.aliases + other.aliases),
        min(SATURATED, one.directives + other.directives),
        min(SATURATED, max(one.depth, other.depth)),
    )


def _directives_of_definitions(document: DocumentNode) -> int:
    """Directives on operations, fragments and variables rather than on selections."""
    total = 0
    for node in document.definitions:
        total += len(getattr(node, "directives", None) or ())
        for variable in getattr(node, "variable_definitions", None) or ():
            total += len(variable.directives or ())
    return total


class Selected(NamedTuple):
    """A field as written, and the type it is selected on where the schema knows it."""

    node: FieldNode
    parent: GraphQLNamedType | None


def grouped(
    parts: Sequence[tuple[SelectionSetNode, GraphQLNamedType | None]],
    fragments: Mapping[str, FragmentDefinitionNode],
    schema: GraphQLSchema | None = None,
) -> dict[str, list[Selected]]:
    """Fields by response key, fragments opened, as an executor would collect them.

    Only for documents that ``measure`` found small. Without a schema the types are unknown.
    """
    groups: dict[str, list[Selected]] = {}
    seen: set[str] = set()
    stack = list(parts)
    while stack:
        selection_set, parent = stack.pop()
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                groups.setdefault(key, []).append(Selected(node, parent))
            elif isinstance(node, InlineFragmentNode):
                stack.append((node.selection_set, _narrowed(node, parent, schema)))
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                fragment = fragments.get(name)
                if fragment and name not in seen:
                    seen.add(name)
                    stack.append((fragment.selection_set, _narrowed(fragment, parent, schema)))
    return groups


def _narrowed(
    node: InlineFragmentNode | FragmentDefinitionNode,
    parent: GraphQLNamedType | None,
    schema: GraphQLSchema | None,
) -> GraphQLNamedType | None:
    condition = node.type_condition
    if schema is None or condition is None:
        return parent
    return schema.get_type(condition.name.value)


def inner_parts(group: Sequence[Selected]) -> Iterator[SelectionSetNode]:
    """The selection sets that a group of equal fields brings together."""
    return (each.node.selection_set for each in group if each.node.selection_set)
