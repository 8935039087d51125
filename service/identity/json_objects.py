"""JSON as an issuer must write it: one object, no name twice, no NaN or Infinity (RFC 7515 section 4, RFC 8259).

A name given twice is the classic way to show one reader a different token from the next.
"""

import json
from collections.abc import Sequence


class NotAnObject(ValueError):
    """The text is not one strict JSON object."""


def strict_object(text: bytes) -> dict[str, object]:
    """The object that `text` (UTF-8) holds; raises `NotAnObject`, also for nesting too deep to read."""
    try:
        value: object = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NotAnObject("not a strict JSON object") from error
    if not isinstance(value, dict):
        raise NotAnObject("not a JSON object")
    return value


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise NotAnObject("a name is given twice")
    return names


def _no_constant(name: str) -> object:
    raise NotAnObject(f"{name} is not JSON")
