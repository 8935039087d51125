"""A Strawberry schema that refuses what is too large and masks what it did not foresee.

Used by every transport, so that a query run in a test, over HTTP or later over a socket meets
the same limits and gives the same errors.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import DocumentNode, GraphQLError, get_operation_ast
from strawberry import Schema
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.schema import validate_document
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from service.execution.breadth_first import BreadthFirst
from service.execution.cost import Limits, cost_faults, over, structure_faults
from service.execution.documents import Document, Documents
from service.execution.errors import BadRequest, published
from service.execution.faults import log_faults, request_id
from service.execution.variables import text_rule, variable_fault


@dataclass
class Asked(ExecutionContext):
    """One request; `known` is its document with what was worked out from it before."""

    known: Document | None = None


class Bounds(SchemaExtension):
    """The limits around parsing and validation, cheapest check first.

    A validation rule of graphql-core runs beside the others, not before them; so this takes the
    place of the validation step and calls the specification's rules between its own two gates.
    """

    def __init__(self, limits: Limits, documents: Documents) -> None:
        """Made for each request; ``documents`` lasts as long as the schema."""
        self.limits = limits
        self.documents = documents

    def on_parse(self) -> Iterator[None]:
        """Refuse a document by its text, or find it parsed, or bound the parser."""
        context = self._asked
        text = context.query or ""
        if len(text) > self.limits.characters:
            raise over("characters", len(text), self.limits)
        if rule := text_rule(text) or ("no-nul" if "\\u0000" in text else ""):
            raise BadRequest("The document cannot be taken.", field=("query",), rule=rule)
        context.known = self.documents.find(text)
        context.graphql_document = context.known.parsed if context.known else None
        context.parse_options["max_tokens"] = self.limits.tokens
        yield

    def on_validate(self) -> Iterator[None]:
        """Structure, the specification's rules, variables, cost: the first to object speaks."""
        context = self._asked
        document = cast("DocumentNode", context.graphql_document)  # parsing came first
        faults: Sequence[GraphQLError] = [] if context.known else self._document_faults(document)
        context.pre_execution_errors = list(faults or self._request_faults(document))
        yield

    @property
    def _asked(self) -> Asked:
        return cast("Asked", self.execution_context)

    def _document_faults(self, document: DocumentNode) -> Sequence[GraphQLError]:
        """What speaks against the document itself; a good one is not asked about again."""
        context = self._asked
        faults = structure_faults(document, self.limits) or validate_document(
            context.schema._schema, document, context.validation_rules
        )
        if not faults:
            context.known = self.documents.keep(context.query or "", document)
        return faults

    def _request_faults(self, document: DocumentNode) -> Sequence[GraphQLError]:
        """What speaks against this use of it."""
        context = self._asked
        variables = context.variables or {}
        fault = variable_fault(variables, self.limits.items)
        if fault:
            return [fault]
        operation = get_operation_ast(document, context._provided_operation_name)
        if operation is None:  # Strawberry's own operation_name would guess the first
            return [BadRequest("Name the operation to run.", rule="operation-name")]
        assert context.known is not None  # it is valid
        cost = context.known.charges.of(context.schema._schema, operation, variables, self.limits)
        return cost_faults(cost, self.limits)


def bounds(limits: Limits, documents: Documents | None = None) -> tuple[Callable[[], SchemaExtension], ...]:
    """The extension a schema of ours begins with; call once for each schema."""
    kept = documents or Documents()
    return (lambda: Bounds(limits, kept),)


class GuardedSchema(Schema):
    """``strawberry.Schema`` whose results hold published faults only."""

    async def execute(  # the signature is Strawberry's
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Run one operation; its errors are already safe to send."""
        try:
            result = await super().execute(
                query,
                variable_values,
                context_value,
                root_value,
                operation_name,
                allowed_operation_types,
                operation_extensions,
            )
        except (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError):
            fault = BadRequest("There is no such operation to run.", rule="operation-name")
            self.process_errors([fault])
            return ExecutionResult(data=None, errors=[fault])
        if result.errors:
            result.errors = [published(each, request_id()) for each in result.errors]
        return result

    def _create_execution_context(
        self,
        query: str | None,
        allowed_operation_types: Iterable[OperationType],
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionContext:
        """A request that can say which document it is."""
        return Asked(
            query=query,
            schema=self,
            allowed_operations=allowed_operation_types,
            context=context_value,
            root_value=root_value,
            variables=variable_values,
            provided_operation_name=operation_name,
            operation_extensions=operation_extensions,
        )

    async def _execute_operation(
        self,
        execution_context: ExecutionContext,
        extensions_runner: Any,
        middleware_manager: Any,
        execute_function: Callable[..., Any],
        custom_context_kwargs: dict[str, Any],
    ) -> Any:
        """Hand the document's plans to the executor that takes them."""
        known = cast("Asked", execution_context).known
        if known is not None and issubclass(self.execution_context_class, BreadthFirst):
            custom_context_kwargs = {**custom_context_kwargs, "plans": known.plans}
        return await super()._execute_operation(
            execution_context, extensions_runner, middleware_manager, execute_function, custom_context_kwargs
        )

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log what went wrong, in Strawberry's place."""
        log_faults(errors, execution_context.query if execution_context else None)
