"""One operation as a stream of results, whichever way they are sent: a query's or an act's one, a subscription's many.

Before each result is sent, what it was read with is given back: a slow reader holds no connection to the database, and
the next result is read under the rights that stand then (LIBRARIES, trap 9).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

from graphql import GraphQLError, get_operation_ast, parse
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from service.delivery.hub import Hub
from service.execution.errors import fault_of, published
from service.execution.faults import log_faults, request_id
from service.execution.guarded import GuardedSchema
from service.http.body import Asked
from service.http.sender import Sender
from service.resolvers.context import Context

READS = frozenset({OperationType.QUERY, OperationType.MUTATION})
MOST_TOKENS = 15_000


def is_subscription(asked: Asked) -> bool:
    """Whether it is one to listen to; what cannot be read is not, and is refused where it is run."""
    try:
        operation = get_operation_ast(parse(asked.query, max_tokens=MOST_TOKENS), asked.operation_name)
    except (GraphQLError, RecursionError):
        return False
    return operation is not None and operation.operation.value == "subscription"


async def results(
    schema: GuardedSchema, asked: Asked, context: Context, deadline: float
) -> AsyncGenerator[ExecutionResult]:
    """The results, safe to send; the context is closed after the last. What fails is a result of its own."""
    try:
        if is_subscription(asked):
            async for result in _listened(schema, asked, context):
                yield result
        else:
            async with asyncio.timeout(deadline):
                result = await schema.execute(
                    asked.query, asked.variables, context, None, asked.operation_name, READS, asked.extensions
                )
            await context.close()
            yield result
    except Exception as error:  # the outermost place that can answer
        log_faults([error])
        yield ExecutionResult(None, [published(fault_of(error), request_id())])
    finally:
        await context.close()


async def _listened(schema: GuardedSchema, asked: Asked, context: Context) -> AsyncGenerator[ExecutionResult]:
    stream = await schema.stream(
        asked.query,
        asked.variables,
        context,
        operation_name=asked.operation_name,
        operation_extensions=asked.extensions,
        allowed_operation_types=(OperationType.SUBSCRIPTION,),
    )
    async with aclosing(stream) as told:
        async for result in told:
            assert isinstance(result, ExecutionResult)  # nothing is delivered in pieces
            await context.rest()
            if result.errors:
                result.errors = [published(each, request_id()) for each in result.errors]
            yield result


@asynccontextmanager
async def allowed(hub: Hub, sender: Sender) -> AsyncIterator["asyncio.Task[str]"]:
    """A task that ends when the sender may listen no more, with the reason."""

    async def over() -> str:
        async with hub.watch(frozenset(), sender.viewer) as bell:
            try:
                async with asyncio.timeout((sender.until - datetime.now(UTC)).total_seconds()):
                    await bell.over.wait()
            except TimeoutError:
                return "The token has expired"
            return "The seat has ended"

    waiting = asyncio.create_task(over())
    try:
        yield waiting
    finally:
        waiting.cancel()
        await asyncio.wait([waiting])
