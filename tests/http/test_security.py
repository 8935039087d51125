"""The envelope around every response (THREATS A28, B20, D4)."""

import json

import pytest

from tests.http.toy import SECRET, application, ask, client, logged

PATHS = ["/", "/graphql", "/healthz", "/readyz", "/nothing-here", "/breaks"]


@pytest.mark.parametrize("path", PATHS)
def test_A28_a_shared_computer_keeps_no_response(path: str) -> None:
    headers = client().get(path).headers
    assert headers["cache-control"] == "private, no-store"
    assert "Authorization" in headers["vary"]
    assert "etag" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_an_outsiders_page_can_neither_frame_nor_script_ours(path: str) -> None:
    headers = client().get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "//" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_a_browser_is_kept_on_https_once_it_came_that_way() -> None:
    assert "strict-transport-security" not in client().get("/").headers
    assert "strict-transport-security" in client().get("https://testserver/").headers


@pytest.mark.parametrize("host", ["evil.test", "testserver.evil.test", "", "testserver@evil.test"])
def test_B20_a_stranger_with_another_host_is_turned_away(host: str) -> None:
    with logged() as lines:
        response = client().get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in json.dumps(lines)
    assert response.headers["cache-control"] == "private, no-store"


def test_D4_a_stranger_cannot_choose_the_request_id_or_add_a_header() -> None:
    sent = "chosen"
    with logged() as lines:
        response = client().get("/healthz", headers={"X-Request-Id": sent})
    assert response.headers["x-request-id"] not in ("", sent)
    assert lines[0]["request_id"] == response.headers["x-request-id"]
    assert response.headers.get_list("x-request-id") == [response.headers["x-request-id"]]


def test_D4_a_strangers_path_is_not_logged() -> None:
    with logged() as lines:
        client().get("/mallory%0a%7b%7d?token=mallory", headers={"User-Agent": "mallory"})
    assert [(line["event"], line["route"], line["status"]) for line in lines] == [("request", "none", 404)]
    assert "mallory" not in json.dumps(lines)


def test_two_requests_have_two_ids() -> None:
    ids = {client().get("/healthz").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


def test_A9_an_outsider_learns_nothing_from_a_route_that_breaks() -> None:
    with logged() as lines:
        response = client().get("/breaks")
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert SECRET not in response.text + json.dumps(lines)
    assert [line["event"] for line in lines] == ["fault", "request"]


def test_an_operator_sees_one_line_for_a_request() -> None:
    with logged() as lines:
        ask("{ hello }", app=application())
    assert len(lines) == 1
    line = lines[0]
    assert (line["event"], line["method"], line["route"], line["status"]) == ("request", "POST", "/graphql", 200)
    assert set(line) == {"event", "level", "logger", "method", "milliseconds", "request_id", "route", "status", "time"}
