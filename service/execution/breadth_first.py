"""Runs an operation level by level: each field once for all parents.

graphql-core runs depth first, one call for each field of each object; for a portal's page of hundreds of fields that is
most of the work (DESIGN section 8). Here a batch resolver is called once with all the parents of its level, a column is
read from all rows at once, and values are completed by type (`walk`). Everything else is graphql-core's, from which
this class is derived: variables, what is selected, a mutation's root fields, and any answer that is not plain success.
"""

from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLObjectType, OperationType
from graphql.execution.collect_fields import FieldDetailsList, collect_fields
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from service.execution.fallback import ends_request
from service.execution.plan import Plan, Plans, Selection
from service.execution.walk import Walk


class BreadthFirst(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's execution context, breadth-first. `plans` are those of the document, where it was seen before."""

    def __init__(self, *args: Any, plans: Plans | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = self._plan(plans)

    @classmethod
    def build(cls, schema: Any, document: Any, *args: Any, plans: Plans | None = None, **kwargs: Any) -> Any:
        """As graphql-core builds it, with the document's plans."""
        return super().build(schema, document, *args, plans=Plans(document) if plans is None else plans, **kwargs)

    def _plan(self, plans: Plans | None) -> Plan | None:
        """None where graphql-core runs the whole operation."""
        if (
            plans is None
            or self.operation.operation is OperationType.SUBSCRIPTION
            or self.abort_signal is not None
            or self.hooks is not None
            or (self.middleware_manager is not None and self.middleware_manager.middlewares)
            or any(each.variable_signatures for each in self.fragments.values())
            or self.strawberry_schema.exception_handlers
            or self.schema.get_directive("defer")
            or self.schema.get_directive("stream")
        ):
            return None
        plan = plans.find(self.operation, self.variable_values)
        return plan if plan.covered else None

    @property
    def strawberry_schema(self) -> Any:
        """Strawberry's side of the schema."""
        return self.schema._strawberry_schema  # type: ignore[attr-defined]

    def execute_operation(self, serially: bool | None = None) -> Any:
        """A query as a whole; of a mutation what its acts answer with."""
        if self.plan is None or self.operation.operation is not OperationType.QUERY:
            return super().execute_operation(serially)
        root = self.schema.query_type
        assert root is not None
        try:
            selection = self.plan.root(root, lambda: collect_fields(
                self.schema, self.fragments, self.variable_values, root, self.operation, self.hide_suggestions
            ), self.collect_subfields)  # fmt: skip
        except Exception:  # whatever it is, graphql-core says it in the specification's words
            return super().execute_operation(serially)
        stock = super().execute_operation
        return self._query(selection, lambda: stock(serially))

    async def _query(self, selection: Selection, otherwise: Callable[[], Any]) -> Any:
        try:
            answer = await Walk(self).answer(selection, self.root_value)
            del self.async_helpers  # they know this executor, and it is done: the collector has nothing to find
            return ExecutionResult(answer, None)
        except Exception as error:
            if ends_request(error):
                raise
        return await _settled(otherwise())

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """What an act answers with: the act itself is done, and is not done again whatever happens here."""
        arguments = (return_type, field_details_list, path, result, position_context)
        if self.plan is None or path.prev is not None or self.operation.operation is not OperationType.MUTATION:
            return super().collect_and_execute_subfields(*arguments)
        stock = super().collect_and_execute_subfields
        return self._payload(return_type, field_details_list, result, lambda: stock(*arguments))

    async def _payload(
        self, kind: GraphQLObjectType, details: FieldDetailsList, result: Any, otherwise: Callable[[], Any]
    ) -> Any:
        assert self.plan is not None
        try:
            return await Walk(self).answer(self.plan.below(kind, details, self.collect_subfields), result)
        except Exception as error:
            if ends_request(error):
                raise
        return await _settled(otherwise())


async def _settled(result: Any) -> Any:
    return await result if isawaitable(result) else result
