"""What every response carries, whichever route made it.

Answers differ by who asks and in which capacity, so nothing may be kept by a cache on the way
(THREATS A28). A page of ours loads nothing from elsewhere and stands in no frame. The request
id is made here, never taken from the client: it goes into every log line (D4). Hosts that are
not ours are turned away before anything reads them (B20); only the probes are open to any, as
balancers and containers call them by address, and their answers hold nothing of a host.
"""

import time
from collections.abc import Sequence
from uuid import uuid4

import orjson
import structlog
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.execution.errors import Internal, published
from service.execution.faults import log_faults

log = structlog.get_logger("partnership.request")

POLICY = b"content-security-policy"
NOTHING_LOADED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = (
    (b"cache-control", b"private, no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"Authorization, Acting-As, Accept"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
REQUEST_ID = b"x-request-id"
REPLACED = frozenset({REQUEST_ID, *(name for name, _ in HEADERS)})
PROBES = frozenset({"/healthz", "/readyz"})
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def around(allowed_hosts: Sequence[str]) -> list[Middleware]:
    """The application's middleware, outermost first."""
    return [
        Middleware(Envelope),
        Middleware(OwnHosts, allowed_hosts=list(allowed_hosts)),
    ]


class OwnHosts:
    """Turns away requests for hosts that are not ours, but for the probes."""

    def __init__(self, app: ASGIApp, allowed_hosts: list[str]) -> None:
        """``app`` is whatever answers those that are let through."""
        self.app = app
        self.guarded = TrustedHostMiddleware(app, allowed_hosts=allowed_hosts, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it here."""
        probed = scope["type"] == "http" and scope["path"] in PROBES
        await (self.app if probed else self.guarded)(scope, receive, send)


class Envelope:
    """Gives each request an id, its response the headers, and the log one line."""

    def __init__(self, app: ASGIApp) -> None:
        """``app`` is whatever answers."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on; what nobody caught is masked and logged here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = uuid4().hex
        status = 0

        async def send_enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, request_id, scope["scheme"])
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_enveloped)
            except Exception as error:  # the outermost place that can answer
                log_faults([error])
                if status == 0:
                    await _send_internal(send_enveloped, request_id)
            finally:
                log.info(
                    "request",
                    method=scope["method"],
                    route=getattr(scope.get("route"), "path", "none"),
                    status=status,
                    milliseconds=round((time.perf_counter() - began) * 1000, 1),
                )


def _add_headers(message: Message, request_id: str, scheme: str) -> None:
    """ASGI has the names in lower case."""
    headers = [pair for pair in message["headers"] if pair[0] not in REPLACED]
    if not any(name == POLICY for name, _ in headers):
        headers.append((POLICY, NOTHING_LOADED.encode()))
    headers += HEADERS
    headers.append((REQUEST_ID, request_id.encode()))
    if scheme == "https":
        headers.append(HTTPS_ONLY)
    message["headers"] = headers


async def _send_internal(send: Send, request_id: str) -> None:
    body = orjson.dumps({"errors": [published(Internal(), request_id).formatted]})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
