"""What an error may say (THREATS A9, C9): to the client, and to whoever reads the logs."""

import asyncio
import json

import asyncpg
import pytest
from graphql import GraphQLError, located_error

from service.execution.errors import FAULTS, CostExceeded, FaultCode, Internal, RateLimited, fault_of, plain, published
from service.execution.faults import log_faults
from tests.http.toy import SECRET, ask, code_of, logged, schema

DATABASE_ERRORS = [
    asyncpg.UniqueViolationError(f'duplicate key value violates unique constraint "{SECRET}"'),
    asyncpg.ForeignKeyViolationError(SECRET),
    asyncpg.InvalidTextRepresentationError(SECRET),
    asyncpg.InsufficientPrivilegeError(SECRET),
    asyncpg.DataError(SECRET),
    asyncpg.InterfaceError(SECRET),
    KeyError(SECRET),
    UnicodeEncodeError("utf-8", SECRET, 0, 1, SECRET),
    RecursionError(SECRET),
]


@pytest.mark.parametrize("error", DATABASE_ERRORS, ids=lambda error: type(error).__name__)
def test_A9_an_outsider_learns_nothing_from_the_database(error: Exception) -> None:
    seen = published(located_error(error, None, ["forum", 0]), "r1").formatted
    assert seen == {
        "message": "Internal error.", "path": ["forum", 0], "extensions": {"code": "INTERNAL", "requestId": "r1"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (asyncpg.QueryCanceledError(SECRET), FaultCode.TIMEOUT),
        (TimeoutError(SECRET), FaultCode.TIMEOUT),
        (asyncpg.ConnectionDoesNotExistError(SECRET), FaultCode.UNAVAILABLE),
        (asyncpg.CannotConnectNowError(SECRET), FaultCode.UNAVAILABLE),
        (asyncpg.TooManyConnectionsError(SECRET), FaultCode.UNAVAILABLE),
        (ConnectionRefusedError(SECRET), FaultCode.UNAVAILABLE),
    ],
)
def test_A9_an_outsider_learns_only_that_the_database_is_late_or_away(error: Exception, code: FaultCode) -> None:
    seen = published(located_error(error, None, ["forum"]), "r1")
    assert (seen.extensions or {})["code"] == code
    assert SECRET not in json.dumps(seen.formatted)


@pytest.mark.parametrize("field", ["breaks", "libraryError"])
def test_A9_an_outsider_learns_nothing_from_a_fault_in_a_field(field: str) -> None:
    with logged() as lines:
        response = ask(f"{{ hello {field} }}")
    error = response.json()["errors"][0]
    assert error["message"] == "Internal error."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": response.headers["x-request-id"]}
    assert SECRET not in response.text + json.dumps(lines)
    assert {line["request_id"] for line in lines} == {error["extensions"]["requestId"]}
    assert lines[0]["level"] == "error"
    assert any(place.startswith("tests.http.toy:") for place in lines[0]["frames"])


def test_A9_an_outsider_learns_nothing_from_a_fault_outside_the_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("service.execution.guarded.cost_faults", broken)
    response = ask("{ hello }")
    assert response.status_code == 500
    assert code_of(response) == "INTERNAL"
    assert SECRET not in response.text


@pytest.mark.parametrize(
    "query",
    [
        "{ helo }",
        "{ network }",
        '{ echo(tex: 1, text: "") }',
        "query($x: Strin) { echo(text: $x) }",
        "{ ... on Querry { hello } }",
    ],
)
def test_an_outsider_gets_no_suggestions(query: str) -> None:
    response = ask(query)
    assert code_of(response) == "BAD_REQUEST"
    assert "Did you mean" not in response.text


def test_a_developer_reads_a_fields_own_refusal_with_field_and_rule() -> None:
    error = ask("{ tooBig }").json()["errors"][0]
    assert error["message"] == "A page holds 1 to 100."
    assert error["extensions"] == {"code": "BAD_REQUEST", "field": ["first"], "rule": "page-size"}
    assert error["path"] == ["tooBig"]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($n: Int) { networks(first: $n) { totalCount } }", {"n": "ten"}),
        ("query($n: Int) { networks(first: $n) { totalCount } }", {"n": 2.5}),
        ("query($n: Int) { networks(first: $n) { totalCount } }", {"n": True}),
        ("query($t: String!) { echo(text: $t) }", {}),
        ("query($t: String!) { echo(text: $t) }", {"t": None}),
        ("query($t: String!) { echo(text: $t) }", {"t": {"a": 1}}),
        ("{ networks(first: 2147483648) { totalCount } }", {}),
        ("{ hello { deeper } }", {}),
        ("{ hello", {}),
    ],
)
def test_C18_a_developer_with_a_wrong_value_is_told_and_nobody_is_woken(
    query: str, variables: dict[str, object]
) -> None:
    with logged() as lines:
        response = ask(query, variables)
    assert response.status_code == 400
    assert code_of(response) == "BAD_REQUEST"
    assert [line["level"] for line in lines] == ["info", "info"]


def test_C9_a_stranger_cannot_fill_the_logs_or_write_into_them() -> None:
    text = 'mallory\n{"event": "forged"}\x1b[31m'
    with logged() as lines:
        ask(
            "{ " + " ".join(f"mallory{n}" for n in range(200)) + " }", {"mallory": text}, Authorization="Bearer mallory"
        )
        ask("query Mallory { breaks " + "outage " * 40 + "}")
        ask("{ breaks } # mallory")
    written = json.dumps(lines)
    assert "mallory" not in written.lower()
    assert "forged" not in written
    assert all(len(json.dumps(line)) < 1000 for line in lines)
    assert len(lines) <= 8


def test_C9_a_stranger_who_finds_many_faults_at_once_writes_five_lines() -> None:
    kinds = [type(f"Kind{n}", (Exception,), {}) for n in range(20)]
    with logged() as lines:
        log_faults([kind(SECRET) for kind in kinds for _ in range(3)])
    assert [line["count"] for line in lines] == [3] * 5
    assert SECRET not in json.dumps(lines)


def test_C9_an_operator_can_tell_requests_apart_by_their_hash() -> None:
    with logged() as lines:
        for query in ("{ breaks }", "{ breaks }", "{ breaks hello }"):
            ask(query)
    hashes = [line["document_hash"] for line in lines if line["event"] == "fault"]
    assert hashes[0] == hashes[1] != hashes[2]


def test_an_operator_finds_every_documented_code_once() -> None:
    assert {fault.code for fault in FAULTS} == set(FaultCode)
    assert len(FAULTS) == len(FaultCode)


def test_a_client_over_its_share_is_told_when_to_come_back() -> None:
    fault = RateLimited(retry_after=30)
    assert fault.headers == {"Retry-After": "30"}
    assert fault.extensions == {"code": "RATE_LIMITED", "retryAfter": 30}


def test_a_developer_reads_a_long_message_cut_short() -> None:
    assert len(plain("x" * 5000)) < 400
    assert plain("Unknown type 'A'. Did you mean 'B', or 'C'?") == "Unknown type 'A'."


def test_a_fault_wrapped_by_graphql_keeps_its_code() -> None:
    inner = CostExceeded("Too much.", rule="nodes", figure=2, limit=1)
    assert fault_of(located_error(inner, None, ["a"])) is inner
    assert isinstance(fault_of(GraphQLError("x", original_error=ValueError(SECRET))), Internal)


def test_a_query_in_process_has_the_same_faults_as_over_http() -> None:
    result = asyncio.run(schema().execute("{ breaks }"))
    assert result.errors is not None
    assert result.errors[0].formatted["message"] == "Internal error."
    assert result.errors[0].original_error is None
