"""Reads a GraphQL request from an HTTP one; there is one parser, and it is strict.

Two parsers that disagree on a repeated key, a byte order mark or ``NaN`` let a request mean one
thing to a proxy and another to us, so all of these are refused (THREATS D10). Only JSON bodies
are read: a form or plain text could be sent by another site's page (B17), and a compressed one
could be a bomb (C11).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, get_operation_ast, parse

from service.execution.errors import BadRequest

GET_TOKENS = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One GraphQL request as the specification names its parts."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None


class MethodRefused(BadRequest):
    """Another method than POST, or a GET for more than the schema."""

    status = 405

    def __init__(self) -> None:
        """Says what to use."""
        super().__init__("Use POST.", rule="method")

    @property
    def headers(self) -> dict[str, str]:
        """The methods that work, as a 405 must say."""
        return {"Allow": "POST"}


class MediaRefused(BadRequest):
    """A body in another form than plain JSON."""

    status = 415


def check_headers(content_type: str | None, encoding: str | None) -> None:
    """Refuse a POST body by its headers, before it is read."""
    media, *parameters = (content_type or "").lower().replace(" ", "").split(";")
    if media != "application/json" or any(each != "charset=utf-8" for each in parameters if each):
        raise MediaRefused("Send application/json in UTF-8.", rule="content-type")
    if encoding not in (None, "", "identity"):
        raise MediaRefused("Send the body uncompressed.", rule="content-encoding")


def from_body(body: bytes) -> Asked:
    """The request in a POST body."""
    return asked_from(from_json(body))


def from_query(pairs: Sequence[tuple[str, str]]) -> Asked:
    """The request in a GET address; ``variables`` and ``extensions`` are JSON there."""
    given = _object(list(pairs))
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = from_json(given[name].encode("utf-8", "surrogatepass"))
    return asked_from(given)


def from_json(body: bytes) -> Any:
    """A JSON document in UTF-8, without repeated keys or numbers that are none."""
    try:
        return STRICT.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadRequest("The body is not valid JSON.", rule="json") from None


def reads_the_schema_only(asked: Asked) -> bool:
    """Whether nothing but the published schema is asked for.

    Answering by GET is safe for these alone: the address of a request is kept in logs and
    histories that we do not control, and a link can be followed by accident.
    """
    try:
        operation = get_operation_ast(parse(asked.query, max_tokens=GET_TOKENS), asked.operation_name)
    except GraphQLError:
        return False
    return operation is not None and _schema_only(operation)


def _schema_only(operation: OperationDefinitionNode) -> bool:
    return operation.operation.value == "query" and all(
        isinstance(node, FieldNode) and node.name.value.startswith("__") for node in operation.selection_set.selections
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest("A key stands twice.", rule="repeated-key")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def asked_from(given: object) -> Asked:
    """The request in an object. Raises BadRequest, which names the field and the rule."""
    if not isinstance(given, Mapping):
        raise BadRequest("Send one operation, as an object.", rule="one-operation")
    query = given.get("query")
    if not isinstance(query, str) or not query:
        raise BadRequest("The query is missing.", field=("query",), rule="text")
    name = given.get("operationName")
    if not isinstance(name, str | None):
        raise BadRequest("The name is not text.", field=("operationName",), rule="text")
    return Asked(query, _map(given, "variables"), name or None, _map(given, "extensions"))


def _map(given: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = given.get(name)
    if not isinstance(value, dict | None):
        raise BadRequest(f"The {name} are not an object.", field=(name,), rule="object")
    return value


STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
"""The one parser."""
