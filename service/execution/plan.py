"""The selection plan of an operation: what is read on each level, and how, worked out once for each document.

What is selected is collected by graphql-core itself, so that merged fields, fragments and conditions are the
specification's (GraphQL, section 6.3.2). It depends on the document, on the types that are met, and on the variables
that stand in `@skip` and `@include`; a plan is kept for each combination of those, and grows where a type is first met.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_argument_values,
    get_named_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.types.arguments import convert_arguments

from service.execution.completion import completer
from service.execution.fallback import NotCovered

MOST_PLANS: Final = 8
"""Kept for one document: each is a way to set the variables of its conditions."""
CONSTANTS: Final = (str, int, float, bool, type(None), Enum, date)
"""Kinds of argument that no resolver can change, so that requests may share them."""
CONDITIONS: Final = frozenset({"skip", "include"})

Reader = Callable[[list[Any]], list[Any]]
Collect = Callable[[GraphQLObjectType, FieldDetailsList], Any]


class Field:
    """One field of one type: where its values come from, its arguments, and how they are completed."""

    __slots__ = (
        "batch",
        "columns",
        "complete",
        "constant",
        "definition",
        "key",
        "narrows",
        "nodes",
        "origin",
        "parent",
        "path",
        "read",
        "shared",
        "source",
    )

    def __init__(self, parent: GraphQLObjectType, key: str, details: FieldDetailsList, collect: Collect) -> None:
        """Raises NotCovered for a field that is neither a column nor read by a batch resolver."""
        name = details[0].node.name.value
        self.key, self.parent = key, parent
        self.nodes = [each.node for each in details]
        self.path = Path(None, key, parent.name)
        self.read: Reader | None = None
        self.batch: Callable[..., Any] | None = None
        if name == "__typename":
            self.read = lambda sources: [parent.name] * len(sources)
            self.complete = None
            return
        self.definition = _definition(parent, name)
        self.source: Any = self.definition.extensions.get("strawberry-definition")
        if self.source is None or self.source.extensions:
            raise NotCovered
        self.complete = completer(self.definition.type, details)
        if self.source.base_resolver is None:
            self.read = _reader(self.source.default_resolver, self.source.python_name)
            return
        resolver = self.source.base_resolver.wrapped_func
        self.batch = getattr(resolver, "__batch__", None)
        if self.batch is None:
            raise NotCovered
        rows_at = getattr(resolver, "__rows_at__", None)
        self.narrows = rows_at is not None
        self.columns = None if rows_at is None else columns_read(self.definition.type, details, rows_at, collect)
        self.origin = (self.batch, declared_by(parent, name), name)
        self.shared = not any(_has_variable(each.value) for each in self.nodes[0].arguments or ())
        self.constant: dict[str, Any] | None = None

    def said(self, executor: Any, info: Any) -> dict[str, Any]:
        """The arguments as the resolver takes them; worked out once where no variable is in them."""
        if self.constant is not None:
            return self.constant
        values = get_argument_values(self.definition, self.nodes[0], executor.variable_values)
        schema = executor.strawberry_schema
        said: dict[str, Any] = convert_arguments(
            values,
            self.source.arguments,
            scalar_registry=schema.schema_converter.scalar_registry,
            config=schema.config,
            info=info,
        )
        if self.shared and all(isinstance(value, CONSTANTS) for value in said.values()):
            self.constant = said
        return said


def columns_read(
    kind: GraphQLOutputType, details: FieldDetailsList, under: Sequence[str], collect: Collect
) -> frozenset[str] | None:
    """The columns that the document reads of the rows that stand under these fields of a type.

    None, for whole rows, where some field does not say what it reads, or where rows are of several types.
    """
    named = get_named_type(kind)
    if not is_object_type(named):
        return None
    found: set[str] = set()
    for each in collect(named, details)[0].values():
        name = each[0].node.name.value
        if under:
            part = columns_read(named.fields[name].type, each, under[1:], collect) if name == under[0] else frozenset()
        else:
            part = _column(named, name)
        if part is None:
            return None
        found |= part
    return frozenset(found)


def _column(parent: GraphQLObjectType, name: str) -> frozenset[str] | None:
    """The columns that one field of a row reads."""
    if name == "__typename":
        return frozenset()
    source = _definition(parent, name).extensions["strawberry-definition"]
    if source.base_resolver is None:
        return frozenset({source.python_name})
    reads: frozenset[str] | None = getattr(source.base_resolver.wrapped_func, "__reads__", None)
    return reads


def _definition(parent: GraphQLObjectType, name: str) -> GraphQLField:
    definition: GraphQLField | None = parent.fields.get(name)
    if definition is None or name.startswith("__"):  # introspection is graphql-core's
        raise NotCovered
    return definition


def _reader(default: Any, name: str) -> Reader:
    """Columns are read all at once where the default resolver has a batch of its own, else one by one."""
    batch = getattr(default, "__batch__", None)
    if batch is not None:
        return lambda sources: batch(sources, name)
    return lambda sources: [default(source, name) for source in sources]


def declared_by(parent: GraphQLObjectType, name: str) -> str:
    """The interface that first declares the field, or the type itself: parents of its types may share one batch."""
    return next((each.name for each in parent.interfaces if name in each.fields), parent.name)


def _has_variable(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(_has_variable(each) for each in node.values)
    if isinstance(node, ObjectValueNode):
        return any(_has_variable(each.value) for each in node.fields)
    return isinstance(node, VariableNode)


class Selection:
    """What is selected of one type: its columns, its batches, and an empty answer with the keys in their order."""

    __slots__ = ("batches", "blank", "columns")

    def __init__(self, kind: GraphQLObjectType, grouped: GroupedFieldSet, collect: Collect) -> None:
        fields = [Field(kind, key, details, collect) for key, details in grouped.items()]
        self.blank: dict[str, Any] = dict.fromkeys(grouped)
        self.columns = tuple(each for each in fields if each.batch is None)
        self.batches = tuple(each for each in fields if each.batch is not None)


class Plan:
    """An operation's selections, each made when it is first met. `covered` turns false where graphql-core is needed."""

    def __init__(self, grew: Callable[[int], None]) -> None:
        """`grew` is told of fields that were added."""
        self.covered = True
        self._grew = grew
        self._selections: dict[tuple[GraphQLObjectType, tuple[int, ...]], Selection] = {}

    def root(self, kind: GraphQLObjectType, collect_root: Callable[[], Any], collect: Collect) -> Selection:
        """What is selected of the root."""
        return self._made((kind, ()), collect_root, collect)

    def below(self, kind: GraphQLObjectType, details: FieldDetailsList, collect: Collect) -> Selection:
        """What is selected of a type under these nodes, from whichever field they are reached."""
        key = (kind, tuple([id(node) for node, *_ in details]))
        found = self._selections.get(key)
        return found or self._made(key, lambda: collect(kind, details), collect)

    def _made(self, key: Any, collect_own: Callable[[], Any], collect: Collect) -> Selection:
        found = self._selections.get(key)
        if found is None:
            grouped, deferred, _ = collect_own()
            try:
                if deferred:
                    raise NotCovered
                found = self._selections[key] = Selection(key[0], grouped, collect)
            except NotCovered:
                self.covered = False
                raise
            self._grew(len(grouped))
        return found


class Plans:
    """The plans of one document."""

    def __init__(self, document: DocumentNode, grew: Callable[[int], None] = lambda fields: None) -> None:
        """The document must outlive its plans: they know its nodes by their identity. `grew` is told of new fields."""
        self._grew = grew
        self._conditions = condition_variables(document)
        self._kept: dict[Hashable, Plan] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, operation: OperationDefinitionNode, variables: VariableValues) -> Plan:
        """The plan of this operation under these variables; a new one is kept while there is room."""
        key = (id(operation), *[variables.coerced.get(name) for name in self._conditions])
        plan = self._kept.get(key)
        if plan is None:
            plan = Plan(self._grew)
            if len(self._kept) < MOST_PLANS:
                self._kept[key] = plan
        return plan


def condition_variables(document: DocumentNode) -> Sequence[str]:
    """The variables by which a selection is skipped or included, in their order."""
    found: dict[str, None] = {}
    stack: list[Any] = [node for node in document.definitions if getattr(node, "selection_set", None)]
    while stack:
        node = stack.pop()
        if isinstance(node, FieldNode | InlineFragmentNode | FragmentSpreadNode):
            found.update(dict.fromkeys(_conditions(node.directives or ())))
        selection_set = getattr(node, "selection_set", None)
        if selection_set is not None:
            stack.extend(selection_set.selections)
    return tuple(found)


def _conditions(directives: Sequence[DirectiveNode]) -> Sequence[str]:
    return [
        argument.value.name.value
        for directive in directives
        if directive.name.value in CONDITIONS
        for argument in directive.arguments or ()
        if isinstance(argument.value, VariableNode)
    ]
