"""A Strawberry schema that refuses what is too large and masks what it did not foresee.

Used by every transport, so that a query run in a test, over HTTP or later over a socket meets
the same limits and gives the same errors.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
    get_operation_ast,
)
from strawberry import Schema
from strawberry.exceptions import MissingQueryError
from strawberry.execution import optimized_is_awaitable
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.schema import validate_document
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.utils.await_maybe import await_maybe

from service.execution.breadth_first import BreadthFirst
from service.execution.cost import Limits, cost_faults, over, structure_faults
from service.execution.documents import Document, Documents
from service.execution.errors import BadRequest, forget_frames, published
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
        assert context.known is not None  # it is valid
        operation = get_operation_ast(document, context._provided_operation_name)
        return use_faults(context.schema._schema, context.known, operation, context.variables or {}, self.limits)


def use_faults(
    schema: GraphQLSchema,
    known: Document,
    operation: OperationDefinitionNode | None,
    variables: dict[str, Any],
    limits: Limits,
) -> Sequence[GraphQLError]:
    """What speaks against one use of a valid document: its variables, its operation, its cost."""
    fault = variable_fault(variables, limits.items)
    if fault:
        return [fault]
    if operation is None:  # Strawberry's own operation_name would guess the first
        return [BadRequest("Name the operation to run.", rule="operation-name")]
    return cost_faults(known.charges.of(schema, operation, variables, limits), limits)


@dataclass(frozen=True, slots=True)
class Bounding:
    """What makes each request's `Bounds`."""

    limits: Limits
    documents: Documents

    def __call__(self) -> SchemaExtension:
        """The extension of one request."""
        return Bounds(self.limits, self.documents)


def bounds(limits: Limits, documents: Documents | None = None) -> tuple[Bounding, ...]:
    """The extension a schema of ours begins with; call once for each schema."""
    return (Bounding(limits, documents or Documents()),)


class GuardedSchema(Schema):
    """``strawberry.Schema`` whose results hold published faults only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As Strawberry's."""
        super().__init__(*args, **kwargs)
        match self.extensions:
            case [Bounding() as only] if not self.directives:
                self._bounding: Bounding | None = only
            case _:  # another extension has a say in every request
                self._bounding = None

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
        asked = (query, variable_values, context_value, root_value, operation_name)
        try:
            known = self._known(query, variable_values, operation_name, allowed_operation_types)
            if known is None:
                result = await super().execute(*asked, allowed_operation_types, operation_extensions)
            else:
                result = await self._run(known, *asked, operation_extensions)
        except (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError):
            fault = BadRequest("There is no such operation to run.", rule="operation-name")
            self.process_errors([fault])
            return ExecutionResult(data=None, errors=[fault])
        if result.errors:
            raised, result.errors = result.errors, [published(each, request_id()) for each in result.errors]
            for each in raised:
                forget_frames(each)
        return result

    def _known(
        self,
        query: str | None,
        variables: dict[str, Any] | None,
        name: str | None,
        allowed: Iterable[OperationType] | None,
    ) -> Document | None:
        """The document where it was found valid before and nothing speaks against this use of it.

        None sends the request the long way, where each refusal has its words.
        """
        if self._bounding is None or query is None or query not in self._bounding.documents:
            return None
        known = self._bounding.documents.find(query)
        assert known is not None
        operation = get_operation_ast(known.parsed, name)
        if operation is None:
            return None
        kind = OperationType(operation.operation.value)
        if kind is OperationType.SUBSCRIPTION or (allowed is not None and kind not in allowed):
            return None
        spoken = use_faults(self._schema, known, operation, variables or {}, self._bounding.limits)
        return None if spoken else known

    async def _run(
        self,
        known: Document,
        query: str | None,
        variables: dict[str, Any] | None,
        context: Any,
        root: Any,
        name: str | None,
        extensions: dict[str, Any] | None,
    ) -> ExecutionResult:
        """Run a document that needs no parsing and no validation, without what Strawberry puts around those."""
        more: dict[str, Any] = {"operation_extensions": extensions}
        if issubclass(self.execution_context_class, BreadthFirst):
            more["plans"] = known.plans
        try:
            found = await await_maybe(
                execute(
                    self._schema,
                    known.parsed,
                    root_value=root,
                    context_value=context,
                    variable_values=variables,
                    operation_name=name,
                    executor_class=self.execution_context_class,
                    is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # it says bool for a guard
                    **more,
                )
            )
            result = ExecutionResult(found.data, found.errors)
        except Exception as error:
            fault = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
            result = ExecutionResult(None, [fault])
        if result.errors:
            self._process_errors(result.errors, self._create_execution_context(query, ()))
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
