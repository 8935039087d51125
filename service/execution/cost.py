"""What an operation may ask for at most, known before it runs.

GitHub's GraphQL interface sets the pattern: every page has a size, sizes multiply down the
query, and a request over the ceiling is refused before it starts. Refusals name the rule and
the figure, so that a portal's developer can see what to take out.

Three gates, cheapest first. ``structure_faults`` looks at the document alone and stands in
front of the specification's own rules, several of which take quadratic time. Then those rules.
Then ``cost_faults`` multiplies the page sizes, with the request's variables.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNullableType,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from service.execution.errors import BadRequest, CostExceeded, RequestFault
from service.execution.shape import (
    SATURATED,
    Selected,
    counts,
    fragments_of,
    grouped,
    inner_parts,
    measure,
    operations_of,
)

INTROSPECTION = frozenset({"__schema", "__type"})
PAGE_ARGUMENTS = ("first", "last")
PAGE_CONTENTS = frozenset({"edges", "nodes"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures an operation may not exceed; a large portal page uses a fifth of each."""

    characters: int = 65_536
    """of document text; long texts belong in variables"""
    tokens: int = 4_000
    operations: int = 10
    fragments: int = 100
    selections: int = 1_000
    """fields, spreads and inline fragments, after fragments are expanded"""
    depth: int = 15
    aliases: int = 50
    directives: int = 50
    repeats: int = 3_000
    """pairs of equal response keys that the specification makes us compare"""
    introspections: int = 2
    nodes: int = 10_000
    values: int = 50_000
    page: int = 100
    """assumed where a page states no size"""
    unpaged: int = 10
    """assumed length of a list that has no pages"""
    items: int = 500
    """of any one list in the variables"""


def structure_faults(document: DocumentNode, limits: Limits) -> list[RequestFault]:
    """Why the document alone is refused; the first reason only, empty if there is none."""
    return list(islice(_structure_faults(document, limits), 1))


def _structure_faults(document: DocumentNode, limits: Limits) -> Iterator[RequestFault]:
    """The reasons in an order in which each check is cheap once those before it passed."""
    operations, fragments = counts(document)
    yield from _over("operations", operations, limits)
    yield from _over("fragments", fragments, limits)
    shape = measure(document)
    if shape.cycle:
        yield BadRequest("A fragment spreads itself.", rule="fragment-cycle")
    if shape.unused:
        yield BadRequest("A fragment is never used.", rule="unused-fragment")
    for rule in ("depth", "selections", "aliases", "directives"):
        yield from _over(rule, getattr(shape, rule), limits)
    repeats, introspections, aliased = _repetition(document)
    yield from _over("repeats", repeats, limits)
    yield from _over("introspections", introspections, limits)
    if aliased:
        yield BadRequest("Introspection takes no aliases.", rule="introspection-aliases")


def _over(rule: str, figure: int, limits: Limits) -> Iterator[CostExceeded]:
    if figure > getattr(limits, rule):
        yield over(rule, figure, limits)


def over(rule: str, figure: int, limits: Limits) -> CostExceeded:
    """The refusal for one figure over its limit."""
    limit: int = getattr(limits, rule)
    return CostExceeded(
        f"Too much is asked for: {figure:,} {rule}, of at most {limit:,}.",
        rule=rule,
        figure=figure,
        limit=limit,
    )


class _Level(NamedTuple):
    parts: Sequence[tuple[SelectionSetNode, None]]
    introspecting: bool


def _repetition(document: DocumentNode) -> tuple[int, int, bool]:
    """Pairs of equal keys, introspection roots, and whether introspection uses aliases."""
    fragments = fragments_of(document)
    pairs = introspections = 0
    aliased = False
    stack = [_Level([(each.selection_set, None)], False) for each in operations_of(document)]
    while stack:
        level = stack.pop()
        for group in grouped(level.parts, fragments).values():
            pairs += len(group) * (len(group) - 1) // 2
            node = group[0].node
            root = node.name.value in INTROSPECTION
            introspections += root
            aliased = aliased or (level.introspecting and node.alias is not None)
            inner = [(part, None) for part in inner_parts(group)]
            if inner:
                stack.append(_Level(inner, level.introspecting or root))
    return pairs, introspections, aliased


class Cost(NamedTuple):
    """Rows that may be fetched, and values that may be written into the answer."""

    nodes: int
    values: int


class _Request(NamedTuple):
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    limits: Limits


def cost_faults(cost: Cost, limits: Limits) -> list[CostExceeded]:
    """Why an operation of this cost is refused; empty if it is not."""
    return [*_over("nodes", cost.nodes, limits), *_over("values", cost.values, limits)][:1]


def cost_of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    limits: Limits,
) -> Cost:
    """An upper bound: nothing is skipped, every page is full, a missing size is the largest."""
    defaults = {
        each.variable.name.value: _literal(each.default_value, {})
        for each in operation.variable_definitions or ()
        if each.default_value
    }
    request = _Request(schema, fragments_of(document), {**defaults, **variables}, limits)
    root = schema.get_root_type(operation.operation)
    return _level([(operation.selection_set, root)], 1, None, request)


def _level(
    parts: Sequence[tuple[SelectionSetNode, GraphQLNamedType | None]],
    times: int,
    page: int | None,
    request: _Request,
) -> Cost:
    """One level of the answer, written ``times`` over; ``page`` is its connection's size."""
    nodes = values = 0
    for group in grouped(parts, request.fragments, request.schema).values():
        if group[0].node.name.value in INTROSPECTION:
            continue
        values += times
        inner = [
            (each.node.selection_set, get_named_type(definition.type))
            for each, definition in _defined(group)
            if each.node.selection_set
        ]
        if not inner:
            continue
        contents = page is not None and group[0].node.name.value in PAGE_CONTENTS
        sizes = [_sizes(each, definition, request) for each, definition in _defined(group)]
        paged = max((size.page for size in sizes if size.page is not None), default=None)
        length = 1 if contents else max((size.length for size in sizes), default=1)
        below = min(SATURATED, times * length * ((page or 1) if contents else 1))
        nodes += times * (paged if paged is not None else 0)
        nodes += below if length > 1 else 0
        deeper = _level(inner, below, paged, request)
        nodes, values = nodes + deeper.nodes, values + deeper.values
    return Cost(min(SATURATED, nodes), min(SATURATED, values))


def _defined(group: Sequence[Selected]) -> Iterator[tuple[Selected, GraphQLField]]:
    for each in group:
        if isinstance(each.parent, GraphQLObjectType | GraphQLInterfaceType):
            definition = each.parent.fields.get(each.node.name.value)
            if definition:
                yield each, definition


class _Sizes(NamedTuple):
    page: int | None
    """of a connection, whose contents it multiplies"""
    length: int
    """of a plain list, itself"""


def _sizes(selected: Selected, definition: GraphQLField, request: _Request) -> _Sizes:
    given = {
        argument.name.value: _literal(argument.value, request.variables) for argument in selected.node.arguments or ()
    }
    listed = is_list_type(_nullable(definition))
    if any(name in definition.args for name in PAGE_ARGUMENTS):
        stated = [given[name] for name in PAGE_ARGUMENTS if given.get(name) is not None]
        size = max((figure(each) for each in stated), default=request.limits.page)
        return _Sizes(None, size) if listed else _Sizes(size, 1)
    if not listed:
        return _Sizes(None, 1)
    lists = [len(each) for each in given.values() if isinstance(each, list)]
    return _Sizes(None, max(lists, default=request.limits.unpaged))


def _nullable(definition: GraphQLField) -> GraphQLNullableType:
    return get_nullable_type(definition.type)


def figure(value: object) -> int:
    """A page size as a multiplier; what is no number is refused later, by its type."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 1
    return int(min(SATURATED, max(1, value)))


def _literal(node: ValueNode, variables: Mapping[str, Any]) -> object:
    """As much of a literal's value as counting needs: whole numbers, lists, variables."""
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, IntValueNode):
        return int(node.value) if len(node.value) < 10 else SATURATED
    if isinstance(node, ListValueNode):
        return list(node.values)
    return None
