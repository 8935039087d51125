"""What may be sent to the endpoint and what comes back: strangers first, then clients."""

import asyncio
import json
from typing import Any

import pytest
from starlette.requests import Request

from tests.http.toy import (
    REQUEST_JSON,
    SECRET,
    Context,
    Opened,
    application,
    ask,
    client,
    code_of,
    data_of,
    logged,
    rule_of,
    signed_in_only,
)


def test_a_stranger_without_a_token_is_asked_to_sign_in() -> None:
    for accept in ("application/json", "application/graphql-response+json"):
        response = ask("{ hello }", app=application(signed_in_only), Accept=accept)
        assert response.status_code == 401
        assert code_of(response) == "UNAUTHENTICATED"
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.headers["content-type"].startswith(accept)


def test_a_stranger_with_a_false_token_is_told_it_does_not_hold() -> None:
    response = ask("{ hello }", app=application(signed_in_only), Authorization="Bearer false")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_stranger_cannot_make_the_parser_work() -> None:
    response = client(application(signed_in_only)).post("/graphql", content=b"{", headers=REQUEST_JSON)
    assert response.status_code == 401


def test_a_member_is_answered() -> None:
    response = ask("{ hello }", app=application(signed_in_only), Authorization="Bearer good")
    assert response.json() == {"data": {"hello": "hello"}}


def test_a_member_is_told_when_to_come_back_during_an_outage() -> None:
    response = ask("{ hello }", app=application(signed_in_only), Authorization="Bearer outage")
    assert response.status_code == 503
    assert code_of(response) == "UNAVAILABLE"
    assert response.headers["retry-after"] == "7"


def test_a_member_learns_nothing_of_a_fault_before_the_operation() -> None:
    response = ask("{ hello }", app=application(signed_in_only), Authorization="Bearer broken")
    assert response.status_code == 500
    assert code_of(response) == "INTERNAL"
    assert response.json()["errors"][0]["extensions"]["requestId"] == response.headers["x-request-id"]
    assert SECRET not in response.text


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded", "application/json; charset=utf-7", "application/jsonp", "text/json",
    "application/json; charset=utf-16", ""])  # fmt: skip
def test_B17_another_sites_page_cannot_post_a_form(content_type: str) -> None:
    opened = Opened()
    response = client(application(opened)).post(
        "/graphql", content=b'{"query": "mutation { act }"}', headers={"Content-Type": content_type}
    )
    assert response.status_code == 415
    assert code_of(response) == "BAD_REQUEST"
    assert opened.contexts == []


def test_C11_a_stranger_cannot_send_a_compressed_bomb() -> None:
    response = client().post("/graphql", content=b"\x1f\x8b", headers={**REQUEST_JSON, "Content-Encoding": "gzip"})
    assert response.status_code == 415
    assert rule_of(response) == "content-encoding"


BY_LINK = [
    "{ hello }",
    "mutation { act }",
    "mutation { __typename }",
    "{ __typename hello }",
    "{ ...F } fragment F on Query { __typename }",
]


@pytest.mark.parametrize("query", BY_LINK)
def test_B17_a_link_can_neither_read_nor_act(query: str) -> None:
    opened = Opened()
    response = client(application(opened)).get("/graphql", params={"query": query})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert "data" not in response.json()
    assert [each.closed for each in opened.contexts] == [1]


def test_a_developer_can_read_the_published_schema_by_get() -> None:
    asked = {"query": "query T($n: String!) { __type(name: $n) { name } }", "variables": '{"n": "Query"}'}
    assert data_of(client().get("/graphql", params=asked)) == {"__type": {"name": "Query"}}


def test_B17_a_repeated_query_in_a_link_is_refused() -> None:
    response = client().get("/graphql?query={__typename}&query={hello}")
    assert response.status_code == 400
    assert rule_of(response) == "repeated-key"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_stranger_with_another_method_is_refused(method: str) -> None:
    response = client().request(method, "/graphql", json={"query": "{ hello }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


BODIES = {
    "D10_repeated_key": b'{"query": "{ hello }", "query": "mutation { act }"}',
    "D10_repeated_key_in_variables": b'{"query": "{ hello }", "variables": {"a": 1, "a": 2}}',
    "D10_byte_order_mark": b'\xef\xbb\xbf{"query": "{ hello }"}',
    "D10_utf_16": '{"query": "{ hello }"}'.encode("utf-16"),
    "D10_utf_7": b"+AHsAIg-query+ACI:+ACI-{ hello }+ACIAfQ-",
    "D10_not_a_number": b'{"query": "{ hello }", "variables": {"n": NaN}}',
    "D10_infinity": b'{"query": "{ hello }", "variables": {"n": -Infinity}}',
    "C18_number_too_large": b'{"query": "{ hello }", "variables": {"n": 1e999}}',
    "C18_integer_too_large": b'{"query": "{ hello }", "variables": {"n": 9223372036854775808}}',
    "C18_integer_of_5000_digits": b'{"query": "{ hello }", "variables": {"n": ' + b"9" * 5000 + b"}}",
    "C18_nul_in_a_variable": b'{"query": "{ hello }", "variables": {"input": {"a": ["x\\u0000"]}}}',
    "C18_nul_in_a_name": b'{"query": "{ hello }", "variables": {"x\\u0000": 1}}',
    "C18_nul_in_a_literal": b'{"query": "{ echo(text: \\"\\\\u0000\\") }"}',
    "C18_nul_in_the_document": b'{"query": "{ hello }\\u0000"}',
    "C18_half_a_surrogate_pair": b'{"query": "{ hello }", "variables": {"a": "\\ud800"}}',
    "C18_half_a_surrogate_pair_in_the_document": b'{"query": "{ echo(text: \\"\\ud800\\") }"}',
    "C18_half_a_surrogate_pair_in_the_name": b'{"query": "{ hello }", "operationName": "\\ud800"}',
    "C10_deep_list": b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 500 + b"]" * 500 + b"}}",
    "C10_very_deep_list": b"[" * 100_000,
    "batch": b'[{"query": "{ hello }"}]',
    "text": b'"{ hello }"',
    "null": b"null",
    "nothing": b"",
    "no_query": b"{}",
    "empty_query": b'{"query": ""}',
    "null_query": b'{"query": null}',
    "name_is_a_number": b'{"query": "{ hello }", "operationName": 1}',
    "variables_are_a_list": b'{"query": "{ hello }", "variables": []}',
    "extensions_are_a_list": b'{"query": "{ hello }", "extensions": []}',
    "subscription": b'{"query": "subscription { hello }"}',
    "unknown_operation": b'{"query": "query A { hello }", "operationName": "B"}',
    "ambiguous_operation": b'{"query": "query A { hello } query B { hello }"}',
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_a_stranger_who_sends_nonsense_gets_a_typed_error(body: str) -> None:
    opened = Opened()
    with logged() as lines:
        response = client(application(opened)).post("/graphql", content=BODIES[body], headers=REQUEST_JSON)
    assert response.status_code == 400
    assert code_of(response) == "BAD_REQUEST"
    assert [each.closed for each in opened.contexts] == [1]
    assert [line["level"] for line in lines] == ["info", "info"]


def test_C18_a_refused_variable_is_named_by_its_place() -> None:
    error = ask("{ hello }", {"input": {"texts": ["fine", "a\0"]}}).json()["errors"][0]
    assert error["extensions"] == {
        "code": "BAD_REQUEST", "field": ["variables", "input", "texts", "1"], "rule": "no-nul",
    }  # fmt: skip


def test_D10_a_key_called_proto_is_only_a_key() -> None:
    response = client().post("/graphql", content=b'{"query": "{ hello }", "__proto__": {"x": 1}}', headers=REQUEST_JSON)
    assert data_of(response) == {"hello": "hello"}


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_a_member_with_a_wrong_header_gets_400_in_either_media_type(accept: str) -> None:
    response = ask("{ hello }", app=application(signed_in_only), Authorization="Bearer wrong capacity", Accept=accept)
    assert response.status_code == 400
    assert code_of(response) == "BAD_REQUEST"


def test_a_client_of_the_older_media_type_gets_200_for_a_bad_query() -> None:
    response = ask("{ missing }", Accept="application/json")
    assert response.status_code == 200
    assert code_of(response) == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html", "application/json"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/graphql-response+json;q=0.5, application/json", "application/json"),
        ("application/graphql-response+json;q=0, */*", "application/json"),
        ("application/graphql-response+json;q=x", "application/json"),
        (
            "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
            "application/graphql-response+json",
        ),
    ],
)
def test_a_portal_gets_the_media_type_it_prefers(accept: str, media: str) -> None:
    response = ask("{ hello }", Accept=accept)
    assert response.headers["content-type"] == f"{media}; charset=utf-8"
    assert data_of(response) == {"hello": "hello"}


def test_a_portal_keeps_the_data_beside_a_fields_error() -> None:
    body = ask("{ hello outage }").json()
    assert body["data"] == {"hello": "hello", "outage": None}
    assert body["errors"][0]["path"] == ["outage"]
    assert body["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


def test_a_member_waits_no_longer_than_the_deadline() -> None:
    opened = Opened()
    response = ask("{ slow }", app=application(opened, deadline=0.05))
    assert response.status_code == 504
    assert code_of(response) == "TIMEOUT"
    assert [each.closed for each in opened.contexts] == [1]


def test_C12_a_slow_body_holds_no_context() -> None:
    opened = Opened()
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "root_path": "",
        "scheme": "http", "query_string": b"", "http_version": "1.1", "server": ("testserver", 80),
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")]}  # fmt: skip
    asyncio.run(application(opened, deadline=0.1)(scope, receive, send))
    assert sent[0]["status"] == 504
    assert opened.contexts == []


def test_a_member_whose_context_fails_to_close_still_has_the_answer() -> None:
    class Failing(Context):
        async def close(self) -> None:
            raise RuntimeError(SECRET)

    async def failing(request: Request) -> Context:
        return Failing()

    with logged() as lines:
        response = ask("{ hello }", app=application(failing))
    assert data_of(response) == {"hello": "hello"}
    assert lines[0]["error"] == "RuntimeError"
    assert SECRET not in json.dumps(lines)


@pytest.mark.parametrize("query", ["{ hello }", "{ breaks }", "{ missing }", "{", "mutation { act }"])
def test_every_request_closes_its_context_once(query: str) -> None:
    opened = Opened()
    ask(query, app=application(opened))
    assert [each.closed for each in opened.contexts] == [1]


def test_a_portal_gets_its_own_text_back_unharmed() -> None:
    text = 'Ünïcödé 🏳️‍🌈 "quoted" \\ \u2028 </script>'
    response = ask("query($t: String!) { echo(text: $t) }", {"t": text})
    assert data_of(response) == {"echo": text}
