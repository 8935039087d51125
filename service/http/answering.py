"""The outermost place that can answer: whatever happens to a request, something is said of it, and nothing of ours."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from service.execution.errors import RequestFault, TimedOut, fault_of
from service.execution.faults import log_faults
from service.http.allowance import Allowance


def spend(allowance: Allowance, what: str, request: Request) -> None:
    """Count a request of somebody who does not sign in, by where they come from. Raises RateLimited."""
    allowance.spend(what, request.client.host if request.client is not None else "")


async def in_time(work: Awaitable[Response], deadline: float, refuse: Callable[[RequestFault], Response]) -> Response:
    """What the work answers within so many seconds; or the fault that it met, logged, masked and refused with."""
    try:
        async with asyncio.timeout(deadline) as limit:
            return await work
    except ClientDisconnect:
        return Response(status_code=400)
    except TimeoutError as error:
        fault = TimedOut() if limit.expired() else error
        log_faults([fault])
        return refuse(fault_of(fault))
    except HTTPException:
        raise  # the body limit's, which answers 413 itself
    except Exception as error:  # the outermost place that can answer
        log_faults([error])
        return refuse(fault_of(error))
