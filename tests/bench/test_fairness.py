"""A peer that answers less is no peer, and a request that fails is not measured."""

import importlib
import json
import pkgutil
from uuid import UUID

import orjson
import pytest
from graphql import build_schema, parse, validate

import bench
from bench import measure
from bench.client import BadAnswer, content, whole
from bench.peers.orm.schema import schema as orm_schema
from bench.services import Service
from bench.workloads import COMMENT, LIST, NODE, WORKLOADS, comparable, postgraphile_id
from service.resolvers.ids import global_id
from tests.runtime.conftest import ROOT

ROW = UUID("0199a3f0-0000-7000-8000-000000000001")
OURS_AND_A_PEER = (Service("partnership", 1, 1), Service("hand-written", 2, 2))


def answer(**fields: object) -> bytes:
    return orjson.dumps({"data": {"node": fields}})


async def said_by_both(monkeypatch: pytest.MonkeyPatch, ours: bytes, theirs: bytes) -> None:
    async def ask_once(port: int, said: bytes) -> bytes:
        return ours if port == 1 else theirs

    monkeypatch.setattr(measure, "ask_once", ask_once)
    monkeypatch.setattr(measure, "asking", lambda *_: b"")
    await measure.agreed(OURS_AND_A_PEER, [LIST], None)  # type: ignore[arg-type]


async def test_a_peer_that_answers_fewer_rows_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"node": {"title": "One"}}, {"node": {"title": "Two"}}]
    whole_list, less = (orjson.dumps({"data": {"forum": {"edges": some}}}) for some in (rows, rows[:1]))
    with pytest.raises(measure.Different, match=r"hand-written answers list differently: at \.forum\.edges"):
        await said_by_both(monkeypatch, whole_list, less)
    await said_by_both(monkeypatch, whole_list, whole_list)


async def test_a_peer_that_leaves_out_a_field_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(measure.Different):
        await said_by_both(monkeypatch, answer(title="One", kind="POLICY"), answer(title="One"))


@pytest.mark.parametrize("id_", [str(ROW), global_id("Consultation", ROW), postgraphile_id("Consultation", ROW)])
@pytest.mark.parametrize("moment", ["2026-11-22T05:36:38+00:00", "2026-11-22T05:36:38Z", "2026-11-22T06:36:38+01:00"])
def test_two_ways_to_write_one_row_are_one_answer(id_: str, moment: str) -> None:
    assert comparable(NODE, answer(id=id_, createdAt=moment)) == {
        "node": {"id": str(ROW), "createdAt": "2026-11-22T05:36:38+00:00"}
    }


def test_another_rows_id_is_another_answer() -> None:
    other = UUID(int=ROW.int + 1)
    assert comparable(NODE, answer(id=str(ROW))) != comparable(NODE, answer(id=global_id("Consultation", other)))


def test_an_act_that_was_refused_is_not_measured_as_one_that_was_done() -> None:
    refused = {"data": {"commentAdd": {"comment": None, "userErrors": [{"code": "NOT_PERMITTED"}]}}}
    with pytest.raises(ValueError, match="NOT_PERMITTED"):
        comparable(COMMENT, orjson.dumps(refused))


@pytest.mark.parametrize(
    "answered",
    [
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 200 OK\r\n\r\n{"errors":[{"message":"no"}]}',
        b'HTTP/1.1 200 OK\r\n\r\n{"data":null,"errors":[{"message":"no"}]}',
    ],
)
def test_a_failed_request_stops_the_measuring(answered: bytes) -> None:
    with pytest.raises(BadAnswer):
        content(answered)


def test_an_answer_in_chunks_is_read_to_its_end() -> None:
    chunked = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"dat\r\n9\r\na":"\r\n0"}\r\n0\r\n\r\n'
    assert not whole(bytearray(chunked[:-2]))
    assert whole(bytearray(chunked)) == len(chunked)
    assert content(chunked) == b'{"data":"\r\n0"}'


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_who_changes_the_graph_is_told_when_the_benchmark_no_longer_asks_it(workload: object) -> None:
    ours = build_schema((ROOT / "schema.graphql").read_text())
    assert not validate(ours, parse(workload.ours))  # type: ignore[attr-defined]
    assert not validate(orm_schema._schema, parse(workload.toys))  # type: ignore[attr-defined]


def test_every_module_of_the_benchmark_can_be_imported() -> None:
    for module in pkgutil.walk_packages(bench.__path__, "bench."):
        if module.name != "bench.__main__" or module.ispkg:
            importlib.import_module(module.name)


def test_nobody_finds_a_registry_host_in_the_peers_lock() -> None:
    lock = json.loads((ROOT / "bench" / "npm" / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        assert "resolved" not in package
        assert not name or package["integrity"]
