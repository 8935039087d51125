"""What the operations of one document cost, worked out once for each set of page sizes.

A cost depends on variables only where one is a page's size, or a list: a portal asks with ever new cursors and ids, and
pays for the same page each time (`cost`).
"""

from collections.abc import Hashable, Mapping
from typing import Any, Final

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, VariableNode

from service.execution.cost import PAGE_ARGUMENTS, Cost, Limits, cost_of, figure

MOST_CHARGES: Final = 32
"""Kept for one document."""


class Charges:
    """The costs of a document's operations."""

    def __init__(self, document: DocumentNode) -> None:
        """The document must outlive its charges: they know its operations by their identity."""
        self._document = document
        self._sizes = size_variables(document)
        self._kept: dict[Hashable, Cost] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def of(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any], limits: Limits
    ) -> Cost:
        """The cost of this operation with these variables."""
        names = [each.variable.name.value for each in operation.variable_definitions or ()]
        key = (id(operation), *[self._matters(name, variables) for name in names])
        cost = self._kept.get(key)
        if cost is None:
            cost = cost_of(schema, self._document, operation, variables, limits)
            if len(self._kept) < MOST_CHARGES:
                self._kept[key] = cost
        return cost

    def _matters(self, name: str, variables: Mapping[str, Any]) -> Hashable:
        """As much of a variable as its operation's cost depends on."""
        if name not in variables:
            return ""
        value = variables[name]
        if isinstance(value, list):
            return ("list", len(value))
        return figure(value) if name in self._sizes and value is not None else None


def size_variables(document: DocumentNode) -> frozenset[str]:
    """The variables that stand as a page's size anywhere in the document."""
    found: set[str] = set()
    stack: list[Any] = [getattr(node, "selection_set", None) for node in document.definitions]
    while stack:
        selection_set = stack.pop()
        for node in selection_set.selections if selection_set else ():
            found.update(
                argument.value.name.value
                for argument in getattr(node, "arguments", None) or ()
                if argument.name.value in PAGE_ARGUMENTS and isinstance(argument.value, VariableNode)
            )
            stack.append(getattr(node, "selection_set", None))
    return frozenset(found)
