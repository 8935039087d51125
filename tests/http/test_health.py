"""What a stranger learns from the health endpoints: alive or not, ready or not, no more."""

import asyncio

from tests.http.toy import SECRET, application, client


async def database_down() -> list[str]:
    return ["database", "migrations"]


async def breaks() -> list[str]:
    raise ConnectionRefusedError(SECRET)


async def hangs() -> list[str]:
    await asyncio.sleep(60)
    return []


def test_a_balancer_sees_a_living_process_while_the_database_is_away() -> None:
    for ready in (database_down, breaks, hangs):
        response = client(application(ready=ready)).get("/healthz")
        assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_a_balancer_sends_requests_to_a_ready_process() -> None:
    response = client().get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_a_balancer_is_told_what_is_not_ready() -> None:
    response = client(application(ready=database_down)).get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "failing": ["database", "migrations"]}


def test_a_stranger_learns_nothing_from_a_check_that_breaks() -> None:
    response = client(application(ready=breaks)).get("/readyz")
    assert (response.status_code, response.json()["failing"]) == (503, ["check"])
    assert SECRET not in response.text


def test_a_balancer_does_not_wait_for_a_check_that_hangs() -> None:
    response = client(application(ready=hangs)).get("/readyz")
    assert (response.status_code, response.json()["failing"]) == (503, ["timeout"])
