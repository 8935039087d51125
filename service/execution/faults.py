"""One log line for each kind of fault in a request, and never what the request said.

A line holds the class of the error, its code, the places in the code where it was raised if
nobody foresaw it, and a hash of the document, which tells two requests apart without telling
what they were (THREATS C9: Strawberry logs the whole document for every error in it).
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from traceback import walk_tb

import structlog

from service.execution.errors import Internal, RequestFault, Unavailable, cause_of, fault_of

MOST_LINES = 5
MOST_FRAMES = 6
log = structlog.get_logger("partnership.fault")


def request_id() -> str:
    """The current request's id, as its answer's header carries it."""
    return str(structlog.contextvars.get_contextvars().get("request_id", "none"))


def frames(error: BaseException) -> list[str]:
    """The innermost places of a traceback as ``module:line``: no values, no file paths."""
    places = [f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in walk_tb(error.__traceback__)]
    return places[-MOST_FRAMES:]


def log_faults(errors: Iterable[BaseException], document: str | None = None) -> None:
    """Log each distinct kind of error once with its count, and at most five kinds."""
    kinds: Counter[tuple[str, str]] = Counter()
    samples: dict[tuple[str, str], tuple[RequestFault, BaseException]] = {}
    for error in errors:
        fault, cause = fault_of(error), cause_of(error)
        kind = (fault.code.value, type(cause).__name__)
        kinds[kind] += 1
        samples.setdefault(kind, (fault, cause))
    digest = sha256(document.encode("utf-8", "replace")).hexdigest()[:16] if document else None
    for kind, count in kinds.most_common(MOST_LINES):
        fault, cause = samples[kind]
        said = {"code": kind[0], "error": kind[1], "count": count, "document_hash": digest}
        if isinstance(fault, Internal):
            log.error("fault", **said, frames=frames(cause))
        elif isinstance(fault, Unavailable):
            log.warning("fault", **said)
        else:
            log.info("fault", **said)
