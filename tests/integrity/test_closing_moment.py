"""A closing moment is judged by the database's clock (THREATS E7): the application's may be wrong by all that a proof allows.

A consultation closes at the end of a day in England: `tests/rules/test_calendar.py` holds the days on which clocks change.
"""

import ast
import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import service
from tests.integrity.case import Case, counted, key, opened, row
from tests.plugins.service import World

PROOF_SECONDS = 30


@pytest.fixture(params=[-25, 0, 25], ids=["slow", "right", "fast"])
def skewed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The application's clock, wrong by seconds in everything that the service's own code asks of it."""
    seconds: int = request.param
    monkeypatch.setattr("service.access.viewer.now_micros", lambda: time.time_ns() // 1000 + seconds * 1_000_000)
    yield seconds


async def closing_in(case: Case, seconds: float) -> None:
    async with case.world.admin() as db:
        await db.execute(
            "update graph.consultation set closes_at = clock_timestamp() + $2::interval where id = $1",
            row(case.consultation), timedelta(seconds=seconds),
        )  # fmt: skip


async def test_E7_a_response_before_the_databases_moment_is_in_time_whatever_the_applications_clock(
    world: World, skewed: int
) -> None:
    case = await opened(world)
    await closing_in(case, 5)
    sent = await case.network.act(
        "responseSubmit", "response { late }", consulteeId=case.consultee, draftRevision=1, idempotencyKey=key()
    )
    assert sent.only() == {"response": {"late": False}, "userErrors": []}
    assert (await case.state())["state"] == "OPEN"


async def test_E7_a_response_after_the_databases_moment_is_late_whatever_the_applications_clock(
    world: World, skewed: int
) -> None:
    case = await opened(world)
    await closing_in(case, -0.001)
    assert (await case.state())["state"] == "CLOSED"
    comment = await world.as_("network-member").act("commentAdd", consultationId=case.consultation, body="Too late?")
    assert comment.problems() == ["WRONG_STATE"]
    sent = await case.network.act(
        "responseSubmit", "response { late }", consulteeId=case.consultee, draftRevision=1, idempotencyKey=key()
    )
    assert sent.only() == {"response": {"late": True}, "userErrors": []}


async def test_E7_at_the_very_moment_an_act_is_late_and_a_microsecond_before_it_is_not(world: World) -> None:
    """Every act's own moment is compared: none that is stored as in time began at or after the closing."""
    case = await opened(world)
    await closing_in(case, 0.15)
    member = world.as_("network-member")
    answers = await asyncio.gather(*(_after(0.005 * turn, member, case) for turn in range(60)))
    in_time = sum(answer == [] for answer in answers)
    assert 0 < in_time < 60
    assert set(map(tuple, answers)) == {(), ("WRONG_STATE",)}
    kept = "select count(*) from graph.comment m join graph.consultation c on c.id = m.consultation_id where c.id = $1"
    assert await counted(world, f"{kept} and m.created_at < c.closes_at", row(case.consultation)) == in_time
    assert await counted(world, f"{kept} and m.created_at >= c.closes_at", row(case.consultation)) == 0


async def _after(seconds: float, member: object, case: Case) -> list[str]:
    await asyncio.sleep(seconds)
    answer = await case.world.as_("network-member").act(
        "commentAdd", consultationId=case.consultation, body="Just in time."
    )
    return answer.problems()


async def test_E7_a_moment_of_the_databases_own_is_the_boundary_to_the_microsecond(world: World) -> None:
    """The closing is set to the transaction's own moment by the rule's argument: at it, late; one before it, in time."""
    from datetime import UTC, datetime

    from service.rules.consultations import State, state_at

    moment = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    assert state_at(State.OPEN, moment, moment - tick) is State.OPEN
    assert state_at(State.OPEN, moment, moment) is State.CLOSED


async def test_E7_an_application_whose_clock_is_minutes_wrong_does_nothing_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await opened(world)
    before = await world.everything()
    for minutes in (-5, 5):
        monkeypatch.setattr(
            "service.access.viewer.now_micros", lambda wrong=minutes: time.time_ns() // 1000 + wrong * 60_000_000
        )
        answer = await case.network.act(
            "responseSubmit", consulteeId=case.consultee, draftRevision=1, idempotencyKey=key()
        )
        assert "data" not in answer.body or answer.body["data"] is None
        assert (await world.http.get(f"{world.base}/readyz")).status_code == 503
    monkeypatch.undo()
    assert await world.everything() == before
    assert (await case.state())["state"] == "OPEN"


CLOCKS = {"now", "today", "utcnow", "time", "time_ns"}
JUDGES = ("rules", "db", "resolvers", "schema", "execution")


def test_E7_no_judging_code_asks_the_applications_clock() -> None:
    asked = [
        f"{path.name}:{node.lineno}"
        for layer in JUDGES
        for path in (Path(service.__file__).parent / layer).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time"}
    ]
    assert asked == []


def test_E7_the_law_on_clocks_sees_a_clock() -> None:
    (call,) = [node for node in ast.walk(ast.parse("x = datetime.now(UTC)")) if isinstance(node, ast.Call)]
    assert isinstance(call.func, ast.Attribute)
    assert call.func.attr in CLOCKS
