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
from contextlib import suppress
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
NOW = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
LEVELS = logging.getLevelNamesMapping()
ENCODER = json.JSONEncoder(default=lambda value: type(value).__name__)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send our logs and the libraries' to one stream; call once, before anything logs."""
    handler = logging.StreamHandler(stream or sys.stderr)
    structlog.configure(
        processors=[
            wanted,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            NOW,
            only_said,
            as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        logger_factory=lambda name=OURS: Lines(name, handler.stream),
        cache_logger_on_first_use=False,
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                without_message,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, NOW, only_said, as_json],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())


class Lines:
    """Where our own lines go: straight to the stream, as each request writes one. What cannot be written is let go."""

    __slots__ = ("_stream", "name")

    def __init__(self, name: str, stream: TextIO) -> None:
        """``name`` as the standard library's logger of that name, which says what levels are wanted."""
        self.name, self._stream = name, stream

    def _write(self, line: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = _write


def wanted(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event, where its level is one that the logger's name is set to."""
    if not logging.getLogger(logger.name).isEnabledFor(LEVELS[method.upper()]):
        raise structlog.DropEvent
    return event


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
    return ENCODER.encode(event)
