"""Faults of request or server: the only errors outside a payload.

What a person did wrong is a user error in the payload; hidden things are ``NOT_FOUND`` there.
These are the rest, and each has a documented ``extensions.code``:

    GraphQLError
    └── RequestFault
        ├── Unauthenticated   UNAUTHENTICATED   401  no token, or none that holds
        ├── BadRequest        BAD_REQUEST       400  syntax, types, figures; names field and rule
        ├── CostExceeded      COST_EXCEEDED     400  too much at once; names rule, figure, limit
        ├── RateLimited       RATE_LIMITED      429  too much lately; says when to come back
        ├── TimedOut          TIMEOUT           504  took too long; nothing half done stays
        ├── Unavailable       UNAVAILABLE       503  the database cannot be reached
        └── Internal          INTERNAL          500  ours; masked, with the request's id

Whatever is not a ``RequestFault`` is made into one by ``fault_of``: the client's own mistakes
keep their message without suggestions (a suggestion names what the client did not know),
everything unforeseen becomes ``Internal``, which says nothing of its cause (THREATS A9).
"""

import re
from enum import StrEnum
from traceback import walk_tb
from typing import Any, ClassVar

import asyncpg
from graphql import GraphQLError

SUGGESTION = re.compile(r"\s*Did you mean .*", re.DOTALL)
LONGEST_MESSAGE = 300


class FaultCode(StrEnum):
    """The codes a client may find in ``extensions.code`` of a top-level error."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    BAD_REQUEST = "BAD_REQUEST"
    COST_EXCEEDED = "COST_EXCEEDED"
    RATE_LIMITED = "RATE_LIMITED"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class RequestFault(GraphQLError):
    """A fault with a code, the HTTP status it has when nothing was executed, and headers."""

    code: ClassVar[FaultCode]
    status: ClassVar[int]
    always: ClassVar[bool] = True
    """Whether an operation refused so has this status in plain ``application/json`` too, rather than 200."""

    def __init__(self, message: str, **details: object) -> None:
        """``details`` are published beside the code; absent ones are left out."""
        said = {name: value for name, value in details.items() if value not in (None, "", ())}
        super().__init__(message, extensions={"code": self.code.value, **said})

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that go with this fault."""
        return {}


class Unauthenticated(RequestFault):
    """No token, or one that does not hold; ``error`` as RFC 6750 section 3.1 names it."""

    code, status = FaultCode.UNAUTHENTICATED, 401

    def __init__(self, message: str = "Sign in first.", error: str | None = None) -> None:
        """Without a token at all, RFC 6750 wants no ``error``."""
        super().__init__(message)
        self.error = error

    @property
    def headers(self) -> dict[str, str]:
        """The challenge a 401 must carry."""
        return {"WWW-Authenticate": f'Bearer error="{self.error}"' if self.error else "Bearer"}


class BadRequest(RequestFault):
    """A request that cannot be understood: ``field`` and ``rule`` say where and why."""

    code, status, always = FaultCode.BAD_REQUEST, 400, False

    def __init__(self, message: str, *, field: tuple[str, ...] = (), rule: str = "") -> None:
        """``field`` is a path into the request, such as ``("variables", "input", "title")``."""
        super().__init__(message, field=list(field) or None, rule=rule)


class CostExceeded(RequestFault):
    """An operation over one of the limits."""

    code, status, always = FaultCode.COST_EXCEEDED, 400, False

    def __init__(self, message: str, *, rule: str, figure: int, limit: int) -> None:
        """``rule`` is the limit's name, ``figure`` what the request came to."""
        super().__init__(message, rule=rule, figure=figure, limit=limit)


class _Later(RequestFault):
    """A fault that passes; ``retry_after`` in seconds."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message, retryAfter=retry_after)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.retry_after)}


class RateLimited(_Later):
    """More requests than this client's share."""

    code, status = FaultCode.RATE_LIMITED, 429

    def __init__(self, retry_after: int = 1) -> None:
        """``retry_after`` in seconds."""
        super().__init__("Too many requests.", retry_after)


class TimedOut(RequestFault):
    """The request's deadline passed, or a statement's."""

    code, status = FaultCode.TIMEOUT, 504

    def __init__(self) -> None:
        """Says nothing of what took so long."""
        super().__init__("The request took too long.")


class Unavailable(_Later):
    """The database cannot be reached, or turned the connection away."""

    code, status = FaultCode.UNAVAILABLE, 503

    def __init__(self, message: str = "The service is not available just now.", retry_after: int = 1) -> None:
        """``retry_after`` in seconds."""
        super().__init__(message, retry_after)


class Internal(RequestFault):
    """Anything unforeseen."""

    code, status = FaultCode.INTERNAL, 500

    def __init__(self) -> None:
        """Always the same message, whatever the cause."""
        super().__init__("Internal error.")


FAULTS: tuple[type[RequestFault], ...] = (
    Unauthenticated,
    BadRequest,
    CostExceeded,
    RateLimited,
    TimedOut,
    Unavailable,
    Internal,
)
"""Every fault a client may meet, as documented."""

TIMEOUTS = (TimeoutError, asyncpg.QueryCanceledError)
OUTAGES = (
    OSError,  # a socket that is gone, a name that does not resolve, a network without a route, not only ConnectionError
    asyncpg.TargetServerAttributeNotMatched,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidAuthorizationSpecificationError,  # the database holds another secret: `/readyz` says so
)
"""Classes rather than SQLSTATEs: a lost connection surfaces without one (THREATS 0.9)."""


def fault_of(error: BaseException) -> RequestFault:
    """The fault to publish for any error."""
    cause = cause_of(error)
    if isinstance(cause, RequestFault):
        return cause
    if isinstance(error, GraphQLError) and _is_clients(error, cause):
        return BadRequest(plain(error.message))
    if isinstance(cause, TIMEOUTS):
        return TimedOut()
    if isinstance(cause, OUTAGES) or _is_closed(cause):
        return Unavailable()
    return Internal()


def _is_closed(cause: BaseException) -> bool:
    """Whether the connection went away beneath a statement: asyncpg says that with the class of a wrong use, or, of one
    that was terminated while it was idle, with the class of its own confusion."""
    return isinstance(cause, asyncpg.InternalClientError) or (
        isinstance(cause, asyncpg.InterfaceError) and any(word in str(cause) for word in ("closed", "released"))
    )


def cause_of(error: BaseException) -> BaseException:
    """What was raised first, beneath the errors GraphQL wraps around it."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def plain(message: str) -> str:
    """A client's mistake in few words and without suggestions."""
    short = SUGGESTION.sub("", message)
    return short if len(short) <= LONGEST_MESSAGE else short[:LONGEST_MESSAGE] + "…"


def _is_clients(error: GraphQLError, cause: BaseException) -> bool:
    """Whether GraphQL itself found the request wrong: before executing it, or in an argument.

    Before execution an error has no path; one of ours, wrapped, has no place in the document.
    """
    if error.path is None:
        return error.nodes is not None or isinstance(cause, GraphQLError)
    return isinstance(cause, GraphQLError) and raised_in(cause) == "graphql.execution.values"


def raised_in(error: BaseException) -> str:
    """The module that raised the error; empty when it was never raised."""
    places = [frame for frame, _ in walk_tb(error.__traceback__)]
    return str(places[-1].f_globals.get("__name__", "")) if places else ""


def forget_frames(error: BaseException | None) -> None:
    """Let go of the calls an error was raised in, once it is logged. They hold the request's text, and the error
    itself, so that a stranger's refused requests would stay in memory until the collector comes by."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error.__traceback__ = None
        error = error.original_error if isinstance(error, GraphQLError) else error.__cause__ or error.__context__


def published(error: GraphQLError, request_id: str) -> GraphQLError:
    """The error a client sees: the fault's words at the error's place, and nothing else."""
    fault = fault_of(error)
    extensions: dict[str, Any] = dict(fault.extensions or {})
    if isinstance(fault, Internal):
        extensions["requestId"] = request_id
    return GraphQLError(
        fault.message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
