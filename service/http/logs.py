"""Logs as one JSON object a line, holding only the words listed here.

A staff side's question or a member's name in a log would be readable by the people who run the
servers, who hold no seat. So the list says what may be logged, not what may not: a word that
is not on it is dropped, and its name (never its value) noted. Libraries' messages can hold
anything, so of theirs only the source, the level and the error's class are kept.
"""

import json
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from service.execution.faults import frames

SAID = frozenset(
    {
        "event", "level", "logger", "time", "request_id",
        "method", "route", "status", "milliseconds",
        "code", "error", "count", "frames", "document_hash",
        "component", "version", "port", "migration",
    }
)  # fmt: skip
"""Words a log line may hold; their values come from us, never from a request's content."""

OURS = "partnership"


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send our logs and the libraries' to one stream; call once, before anything logs."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                without_message,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
                only_said,
                as_json,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())


def without_message(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A library's line: where it was written and the class of its error, not what it says."""
    record: logging.LogRecord = event["_record"]
    raised = record.exc_info[1] if record.exc_info else None
    kept: dict[str, Any] = {
        "_record": record,
        "_from_structlog": event["_from_structlog"],
        "event": "library",
        "level": event["level"],
        "logger": event["logger"],
        "component": f"{record.module}:{record.lineno}",
    }
    if "request_id" in event:
        kept["request_id"] = event["request_id"]
    if raised is not None:
        kept |= {"error": type(raised).__name__, "frames": frames(raised)}
    record.exc_info = record.exc_text = None
    return kept


def only_said(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop every word that is not on the list; ``dropped`` names them."""
    dropped = sorted(event.keys() - SAID)
    kept = {name: value for name, value in event.items() if name in SAID and value is not None}
    return {**kept, "dropped": dropped} if dropped else kept


def as_json(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    """One line in ASCII, whatever the values hold: some readers break lines at U+2028 too."""
    return json.dumps(event, default=lambda value: type(value).__name__)
