"""Whether the process lives, and whether it should be sent requests.

``/healthz`` answers while the event loop turns, so that a slow database does not get healthy
processes killed. ``/readyz`` runs the checks and names those that fail, without their details:
it needs no sign-in, and a message could hold an address or a role.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response

from service.execution.faults import log_faults

PATIENCE = 5.0
"""Seconds the checks may take together."""

Check = Callable[[], Awaitable[Sequence[str]]]
"""Returns the names of what is not ready, such as ``("database", "migrations")``."""


async def healthz(request: Request) -> Response:
    """Alive."""
    return _json({"status": "alive"}, 200)


def readyz(check: Check, patience: float = PATIENCE) -> Callable[[Request], Awaitable[Response]]:
    """The readiness endpoint for one check."""

    async def ready(request: Request) -> Response:
        failing = await _failing(check, patience)
        if failing:
            return _json({"status": "not ready", "failing": list(failing)}, 503)
        return _json({"status": "ready"}, 200)

    return ready


async def _failing(check: Check, patience: float) -> Sequence[str]:
    try:
        async with asyncio.timeout(patience):
            return await check()
    except TimeoutError:
        return ("timeout",)
    except Exception as error:  # the outermost place that can answer
        log_faults([error])
        return ("check",)


def _json(body: object, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
