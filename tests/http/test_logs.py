"""What an operator, who holds no seat, may read in the logs."""

import json
import logging

import structlog

from service.http.logs import SAID
from tests.http.toy import SECRET, logged


def test_an_operator_cannot_read_a_word_that_is_not_listed() -> None:
    with logged() as lines:
        structlog.get_logger("partnership.x").info("act", person=SECRET, document=SECRET, code="BAD_REQUEST")
    assert lines[0]["dropped"] == ["document", "person"]
    assert lines[0]["code"] == "BAD_REQUEST"
    assert SECRET not in json.dumps(lines)


def test_an_operator_cannot_read_what_a_library_says() -> None:
    with logged() as lines:
        logging.getLogger("asyncio").error(f"Task exception was never retrieved {SECRET}")
        logging.getLogger("asyncpg").warning("%s", SECRET, extra={"statement": SECRET})
        try:
            raise ValueError(SECRET)
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application %s", SECRET)
    assert SECRET not in json.dumps(lines)
    assert [line["logger"] for line in lines] == ["asyncio", "asyncpg", "uvicorn.error"]
    assert lines[2]["error"] == "ValueError"
    assert "test_logs:" in lines[2]["frames"][0]


def test_D4_a_line_break_in_a_value_stays_in_its_line() -> None:
    with logged() as lines:
        structlog.get_logger("partnership.x").info("act", route='a\nb\r{"event": "forged"}\x1b[0m\u2028')
    assert len(lines) == 1
    assert lines[0]["event"] == "act"


def test_an_operator_cannot_read_an_object_by_its_repr() -> None:
    class Person:
        def __repr__(self) -> str:
            return SECRET

    with logged() as lines:
        structlog.get_logger("partnership.x").info("act", code=Person())
    assert lines[0]["code"] == "Person"


def test_no_listed_word_could_hold_content() -> None:
    assert not SAID & {"query", "document", "variables", "token", "name", "subject", "person", "path", "url", "message"}
