"""What is worked out once for a document is found again, stays bounded, and is never another request's."""

import asyncio
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from service.execution import charges, plan
from service.execution.documents import Documents
from tests.execution import toy
from tests.execution.comparing import written
from tests.execution.test_faults import context

ROW: dict[str, Any] = {name: values[0] for name, values in toy.GOOD.items()} | {"near": None, "child": None, "sure_child": {}, "children": [],
    "few": None, "rows": [], "named": None, "all_named": []}  # fmt: skip
ROW["children"] = [dict(ROW, text=str(place)) for place in range(4)]


@pytest.fixture
def documents() -> Documents:
    return Documents()


async def ask(documents: Documents, text: str, variables: Any = None, name: str | None = None) -> Any:
    served = toy.schema("breadth-first", documents)
    stock = await toy.schema("graphql-core").execute(text, variables, context([ROW]), operation_name=name)
    result = await served.execute(text, variables, context([ROW]), operation_name=name)
    assert written(result) == written(stock)
    return result.data


async def test_a_portal_asking_again_is_planned_and_charged_once(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields, costs = 0, 0
    made, cost_of = plan.Field.__init__, charges.cost_of

    def counted(self: Any, *arguments: Any) -> None:
        nonlocal fields
        fields += 1
        made(self, *arguments)

    def counted_cost(*arguments: Any) -> Any:
        nonlocal costs
        costs += 1
        return cost_of(*arguments)

    monkeypatch.setattr(plan.Field, "__init__", counted)
    monkeypatch.setattr(charges, "cost_of", counted_cost)
    served = toy.schema("breadth-first", documents)
    for word in ("a", "b", "c"):
        text = "{ first { text children { id } } __typename @include(if: true) }"
        assert (await served.execute(text, {"ignored": word}, context([ROW]))).errors is None
    assert (fields, costs) == (5, 1)


async def test_a_condition_is_never_taken_from_the_request_before(documents: Documents) -> None:
    text = "query($t: Boolean!, $c: Boolean = false) { first { text @include(if: $t) ...F @skip(if: $c) } } fragment F on Thing { count }"
    for said, expected in (
        ({"t": True}, {"text", "count"}),
        ({"t": False}, {"count"}),
        ({"t": False, "c": True}, set()),
        ({"t": True, "c": True}, {"text"}),
        ({"t": True}, {"text", "count"}),
    ):
        assert set((await ask(documents, text, said))["first"]) == expected
    found = documents.find(text)
    assert found is not None
    assert len(found.plans) == 4


async def test_an_argument_is_never_taken_from_the_request_before(documents: Documents) -> None:
    text = "query($n: Int! = 1, $c: [Colour!]) { first { page(first: $n, colours: $c) { text } other: page { text } } }"
    for said, expected in (({"n": 3}, 3), ({}, 1), ({"n": 4}, 4), ({"n": 2, "c": ["RED"]}, 0), ({"n": 3}, 3)):
        found = (await ask(documents, text, said))["first"]
        assert (len(found["page"]), len(found["other"])) == (expected, 2)
    refused = await ask(documents, text, {"n": 6})
    assert refused["first"] is None


async def test_two_operations_of_a_document_are_two_plans(documents: Documents) -> None:
    text = "query A { first { text } } query B { sure { text count } } mutation C { act { thing { id } } }"
    assert set(await ask(documents, text, name="A")) == {"first"}
    assert set(await ask(documents, text, name="B")) == {"sure"}
    assert set(await ask(documents, text, name="C")) == {"act"}
    found = documents.find(text)
    assert found is not None
    assert len(found.plans) == 3


async def test_requests_at_the_same_time_share_a_plan_and_nothing_else() -> None:
    served = toy.schema("breadth-first")
    text = "query($n: Int!) { things { waitedChild { text } page(first: $n) { text near { id } } } }"

    async def one(size: int) -> Any:
        rows = [dict(ROW, child=dict(ROW, text=f"of {size}")) for _ in range(size)]
        return (await served.execute(text, {"n": size % 5}, context(rows))).data

    found = await asyncio.gather(*(one(size) for size in range(1, 20)))
    for size, data in enumerate(found, start=1):
        assert [each["waitedChild"]["text"] for each in data["things"]] == [f"of {size}"] * size
        assert [len(each["page"]) for each in data["things"]] == [min(size % 5, 4)] * size


async def test_a_stranger_cannot_fill_the_memory_with_plans(documents: Documents) -> None:
    names = [f"c{n}" for n in range(6)]
    conditions = " ".join(f"a{n}: text @include(if: ${name})" for n, name in enumerate(names))
    text = f"query({', '.join(f'${name}: Boolean!' for name in names)}) {{ first {{ id {conditions} }} }}"
    served = toy.schema("breadth-first", documents)
    for figure in range(64):
        said = {name: bool(figure >> place & 1) for place, name in enumerate(names)}
        data = (await served.execute(text, said, context([ROW]))).data
        assert len(data["first"]) == 1 + sum(said.values())
    found = documents.find(text)
    assert found is not None
    assert len(found.plans) == plan.MOST_PLANS


async def test_a_stranger_cannot_fill_the_memory_with_fields_of_plans() -> None:
    documents = Documents(characters=4_000)
    served = toy.schema("breadth-first", documents)
    rows = [dict(ROW, kind=kind) for kind in ("Thing", "Other")]
    for n in range(40):
        text = f"{{ either {{ ... on Named {{ a{n}: name near {{ name }} }} }} things {{ text count flag ratio }} }}"
        assert (await served.execute(text, None, context(rows))).errors is None
        assert documents.held <= 4_000
    held = list(documents._by_text.values())
    assert documents.held == sum(each.size for each in held)
    assert all(each.size > 180 for each in held)
    assert 5 < len(held) < 20


async def test_a_stranger_cannot_fill_the_memory_with_page_sizes() -> None:
    document = parse("query($n: Int, $c: [Colour!], $w: String) { first { page(first: $n, colours: $c) { text } } }")
    assert charges.size_variables(document) == {"n"}
    graph, operation = toy.schema("breadth-first")._schema, document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    held = charges.Charges(document)
    for word in ("a", "b"):
        held.of(graph, operation, {"n": 1, "c": [word], "w": word}, toy.LIMITS)
    assert len(held) == 1
    for size in range(100):
        held.of(graph, operation, {"n": size}, toy.LIMITS)
    assert len(held) == charges.MOST_CHARGES


async def test_a_document_that_is_too_long_to_keep_is_answered_all_the_same() -> None:
    documents = Documents(characters=10)
    assert await ask(documents, "{ first { text children { text } } }") == {
        "first": {"text": "x", "children": [{"text": str(place)} for place in range(4)]}
    }
    assert documents.held == 0
