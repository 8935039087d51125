"""Files that an act is given, in base64, and what is kept and shown of what was wrong with their rows."""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final

from service.resolvers.acting import Refused
from service.rules.problems import Code, Problem
from service.rules.reports.file_rules import FileProblem, Table
from service.rules.reports.files import read
from service.rules.reports.uploads import RowProblem
from service.rules.text import line_problems

if TYPE_CHECKING:
    from service.schema.imports import ReportFileInput

NAME_MOST: Final = 200
PROBLEMS_MOST: Final = 1_000
VALUE_MOST: Final = 100
MESSAGE_MOST: Final = 500


def content_of(file: ReportFileInput) -> bytes:
    """The bytes of a file. Raises Refused."""
    problems = line_problems(file.name, field=("file", "name"), most=NAME_MOST)
    try:
        content = b64decode(file.content, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(*problems, _refusal("This is not base64.")) from None
    if problems:
        raise Refused(*problems)
    return content


async def table_of(content: bytes) -> Table:
    """The rows of a file, read beside the event loop. Raises Refused where it cannot be read at all."""
    table = await asyncio.to_thread(read, content)
    if isinstance(table, list):
        raise Refused(*(unreadable(each) for each in table))
    return table


def unreadable(problem: FileProblem | RowProblem) -> Problem:
    """Why a file is not taken at all, with its row and column."""
    row, column = problem.row, problem.column
    place = " ".join(word for word in ("" if row is None else f"row {row}", column and f"column {column}") if word)
    return _refusal(f"{place}: {problem.message}" if place else problem.message)


def _refusal(message: str) -> Problem:
    return Problem(Code.FILE_REFUSED, message, ("file", "content"))


def kept_problem(problem: RowProblem) -> dict[str, Any]:
    """What was wrong with a row, as it is kept for whoever sent it."""
    return {
        "row": problem.row,
        "column": safe(problem.column),
        "rule": str(problem.rule),
        "value": safe(problem.value),
        "message": safe(problem.message, MESSAGE_MOST),
    }


def safe(text: str, most: int = VALUE_MOST) -> str:
    """What was sent, as far as it can be kept and shown."""
    return "".join(letter for letter in text if letter.isprintable() and not "\ud800" <= letter <= "\udfff")[:most]
