"""What the variables of a request may hold, before any type looks at them.

PostgreSQL stores no NUL and no half of a surrogate pair, and a number beyond 64 bits fits no
column of ours: such values would fail deep inside a transaction. A list of a million entries
is cheap to send and dear to check. All are refused here, with the place (THREATS C10, C18).
"""

from collections.abc import Mapping
from math import isfinite

from service.execution.errors import BadRequest

LARGEST = 2**63
DEEPEST = 20


def text_rule(text: str) -> str:
    """The rule a text breaks; empty if none."""
    if "\x00" in text:
        return "no-nul"
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        return "unicode"
    return ""


def variable_fault(variables: Mapping[str, object], items: int) -> BadRequest | None:
    """Why the variables cannot be taken, the first reason; lists hold at most ``items``."""
    stack: list[tuple[tuple[str, ...], object]] = [(("variables",), variables)]
    while stack:
        place, value = stack.pop()
        rule = _rule(value, items)
        if not rule and len(place) > DEEPEST:
            rule = "nesting"
        if rule:
            return BadRequest("A variable cannot be taken.", field=place, rule=rule)
        if isinstance(value, Mapping):
            if any(text_rule(name) for name in value):
                return BadRequest("A variable cannot be taken.", field=place, rule="name")
            stack.extend(((*place, name), inner) for name, inner in value.items())
        elif isinstance(value, list):
            stack.extend(((*place, str(index)), inner) for index, inner in enumerate(value))
    return None


def _rule(value: object, items: int) -> str:
    if isinstance(value, str):
        return text_rule(value)
    if isinstance(value, list) and len(value) > items:
        return "list-length"
    if isinstance(value, float) and not isfinite(value):
        return "number"
    if isinstance(value, int) and not -LARGEST <= value < LARGEST:
        return "number"
    return ""
