"""Hostile values in every input of every act and every argument that reads (THREATS C10, C18): a typed answer, never INTERNAL.

The places are taken from the published schema, so a new act or argument is tried too. A value goes in as a variable and,
where a document can hold it, as a literal: the two are read by different code.
"""

import json
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from graphql import (
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_enum_type,
    is_required_argument,
)

from tests.integrity import inputs
from tests.integrity.case import opened as opened_case
from tests.integrity.case import submitted
from tests.plugins.service import Answer, Person, World

TYPED = {"BAD_REQUEST", "COST_EXCEEDED"}
TEXTS = (
    "", " ", "\u00a0", "\x00", "a\x00b", "\x01\x1b[2J", "\ufeff", "\u202e", "\u2028", "\U0001f9d1\u200d\U0001f9bd", "e\u0301" * 50, "\ufffe",
    "'; drop table graph.consultation; --", "%_%", "{{7*7}}", "=1+1", "../../etc/passwd", "\uff21" * 300, "x" * 6_000, "x" * 120_000,
    "null", "-1", "1e999", "9999-12-31", "0001-01-01",
)  # fmt: skip
DATES = (
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "-0001-01-01",
    "2026-02-30",
    "2026-1-1",
    "2026-11-22T00:00:00Z",
    "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
    "",
    " ",
    "\x00",
    "now",
    20261122,
    True,
)
NUMBERS = (0, -1, 2**31 - 1, -(2**31), 2**31, 2**53 + 1, 2**63, -(2**63), 10**400, 1.0, 1.5, 1e308, "1", True, [])
DECIMALS = (
    "NaN",
    "sNaN",
    "-Infinity",
    "1e400",
    "1e-400",
    "9" * 500,
    "0." + "3" * 500,
    "1_0",
    "\u0661",
    "1,5",
    "",
    " ",
    "0x1",
    "-0",
)
WRONG: tuple[Any, ...] = (None, {}, [], [[]], [[[["x"]]]], {"a": {"b": {}}}, [None], 1, 1.5, True, "x")
LISTS = ([], ["x"] * 501, [["x"]], [None], [[[[[]]]]], {"0": "x"})


def hostile(kind: GraphQLInputType) -> tuple[Any, ...]:
    """The values for a place of this type."""
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        return (*LISTS, *WRONG)
    match kind:
        case GraphQLScalarType(name="Int"):
            return (*NUMBERS, *WRONG)
        case GraphQLScalarType(name="Decimal"):
            return (*DECIMALS, *NUMBERS, *WRONG)
        case GraphQLScalarType(name="Date" | "DateTime"):
            return (*DATES, *WRONG)
        case GraphQLScalarType(name="Boolean"):
            return WRONG
        case _ if is_enum_type(kind):
            return ("", "chair", "\x00", "CHAIR\x00", *WRONG)
        case _:
            return (*TEXTS, *WRONG)


def some(values: tuple[Any, ...], place: object, deep: bool) -> list[tuple[int, Any]]:
    """All the values in a deep run, else one in five of them, others in each place."""
    start = crc32(repr(place).encode()) % 5
    return [(number, value) for number, value in enumerate(values) if deep or number % 5 == start]


DEEP = pytest.mark.parametrize("deep", [False, pytest.param(True, marks=pytest.mark.deep)], ids=["some", "all"])


def assert_typed(answer: Answer, where: Any) -> None:
    """Data, or a user error, or a fault of the request: nothing of the server's."""
    assert answer.status in {200, 400}, where
    for error in answer.body.get("errors", ()):
        assert error["extensions"]["code"] in TYPED, (where, error)
    assert len(answer.raw) < 200_000


@pytest.fixture(scope="module")
async def ground(world: World) -> dict[str, str]:
    """Ids of things that the management chair sees, by type, so that values get past the first look-up."""
    case = await submitted(await opened_case(world))
    asked = (
        "query($id: ID!) { node(id: $id) { ... on Consultation { latestVersion { clauses(first: 1) { edges { node { id } } } }"
        " consultees(first: 9) { edges { node { id } } } } } }"
    )
    found = (await case.chair.ask(asked, id=case.consultation)).data["node"]
    race = world.id("StaffNetwork", "forum", "RTD/race")
    return {
        "Consultation": case.consultation, "PolicyVersion": case.version, "ConsultationPlan": case.plan, "Consultee": case.consultee,
        "ResponsePoint": case.point, "StaffNetwork": race, "Clause": found["latestVersion"]["clauses"]["edges"][0]["node"]["id"],
        "Organisation": world.id("Organisation", "organisation", "RTD"), "Seat": (await case.chair.seats())[0]["id"],
        "Person": world.id("Person", "person", "management-chair"),
    }  # fmt: skip


@DEEP
@pytest.mark.parametrize("mutation", list(inputs.mutations()))
async def test_C18_no_value_in_any_place_of_an_act_breaks_the_service(
    world: World, ground: dict[str, str], mutation: str, deep: bool
) -> None:
    kind = inputs.mutations()[mutation]
    text = inputs.document(mutation)
    person = world.as_(
        "network-chair" if mutation.startswith(("response", "membership", "invitation")) else "management-chair"
    )
    sound = inputs.plausible(
        kind, "", world.today, lambda name: ground.get(name, inputs.global_id(name, inputs.NOTHING))
    )
    for path, leaf in inputs.leaves(kind):
        for number, value in some(hostile(leaf), (mutation, path), deep):
            sent = inputs.put(sound, path, value)
            if path != ("idempotencyKey",):
                sent["idempotencyKey"] = f"{mutation}{path}{number}"
            assert_typed(await person.ask(text, input=sent), (path, str(value)[:40]))


def reads() -> Iterator[tuple[str, str, str, GraphQLInputType]]:
    """Every argument that reads: its type's name, the field, a document with it as the variable, and its type."""
    roots = {"Query": "%s", "Viewer": "{ viewer { %s } }"}
    for name, kind in inputs.SCHEMA.type_map.items():
        if not isinstance(kind, GraphQLObjectType) or name.startswith("__") or kind is inputs.SCHEMA.mutation_type:
            continue
        for field_name, field in kind.fields.items():
            for argument_name, argument in field.args.items():
                others = [
                    f"{other}: {1 if other in ('first', 'last') else json.dumps('x')}"
                    for other, each in field.args.items()
                    if other != argument_name and is_required_argument(each)
                ]
                if argument_name in {"after"}:
                    others.append("first: 1")
                if argument_name in {"before"}:
                    others.append("last: 1")
                if "first" in field.args and argument_name not in {"first", "last", "after", "before"}:
                    others.append("first: 1")
                said = ", ".join([f"{argument_name}: $v", *others])
                chosen = f"{field_name}({said}){inputs.selection(field)}"
                text = roots.get(name, f"{{ node(id: $id) {{ ... on {name} {{ %s }} }} }}") % chosen
                text = text if text.startswith("{") else f"{{ {text} }}"
                declared = f"query($v: {argument.type}{', $id: ID!' if '$id' in text else ''}) {text}"
                yield name, field_name, declared, argument.type


@DEEP
@pytest.mark.parametrize(
    ("owner", "field", "text", "kind"), [pytest.param(*each, id=".".join(each[:2])) for each in reads()]
)
async def test_C18_no_value_in_any_argument_breaks_the_service(
    world: World, ground: dict[str, str], owner: str, field: str, text: str, kind: GraphQLInputType, deep: bool
) -> None:
    person = world.as_("management-chair")
    for _, value in some(hostile(kind), (owner, field, text), deep):
        variables = {"v": value} | ({"id": ground[owner]} if owner in ground and "$id" in text else {})
        if "$id" in text and "id" not in variables:
            variables["id"] = inputs.global_id(owner, inputs.NOTHING)
        assert_typed(await person.ask(text, **variables), (owner, field, str(value)[:40]))


LITERALS = (
    '"\\u0000"', '"\\u{0}"', '"\\u{00000000}"', '"\\uD800"', '"\\uDFFF\\uD800"', '"\\u{D800}"', '"\\u{110000}"', '"\\uD83D\\uDE00"',
    '"""\\u0000"""', '"""a\nb"""', '""', '"\\n"', "1", "-1", "99999999999999999999", "1e999", "-0", "0.0", "null", "true", "ENUM",
    "[]", '[["x"]]', "{}", "{a: {b: 1}}", "$undefined", '"unclosed', '"\\x"', "[" * 200 + "]" * 200,
)  # fmt: skip
ASKED = (
    "{ organisation(odsCode: %s) { name } }",
    "{ node(id: %s) { id } }",
    "{ nodes(ids: [%s]) { id } }",
    "{ forum(id: %s) { localName } }",
    "{ organisations(first: %s) { edges { node { name } } } }",
    "{ organisations(first: 1, after: %s) { edges { node { name } } } }",
    "{ organisations(first: 1, kind: %s) { edges { node { name } } } }",
    'query($v: String! = %s) { organisation(odsCode: $v) { name } }',
    'mutation { commentAdd(input: {consultationId: "x", body: %s}) { userErrors { code } } }',
    'mutation { consultationDraft(input: {forumId: "x", title: "x", body: "x", idempotencyKey: %s}) { userErrors { code } } }',
    'mutation { invitationAccept(input: {code: %s, idempotencyKey: "k"}) { userErrors { code } } }',
    'mutation { seatGrant(input: {personId: "x", office: CHAIR, side: STAFF, endsOn: %s}) { userErrors { code } } }',
)  # fmt: skip


@pytest.mark.parametrize("literal", LITERALS)
async def test_C18_no_literal_in_a_document_breaks_the_service(world: World, literal: str) -> None:
    person = world.as_("management-chair")
    for text in ASKED:
        assert_typed(await person.ask(text % literal), text)


async def test_C10_a_body_of_a_megabyte_is_turned_away_unread(world: World) -> None:
    chair = world.as_("management-chair")
    before = await world.everything()
    headers = {"Authorization": f"Bearer {chair.token}", "Content-Type": "application/json"}
    said = {"input": {"consultationId": "x", "body": "x" * 1_000_000}}
    content = json.dumps({"query": inputs.document("commentAdd"), "variables": said})
    sent = await world.http.post(f"{world.base}/graphql", content=content, headers=headers)
    assert sent.status_code == 413
    assert await world.everything() == before


async def test_C10_lists_within_lists_are_refused_before_any_type_looks_at_them(world: World) -> None:
    nested: Any = "x"
    for _ in range(400):
        nested = [nested]
    answer = await ask_with(world.as_("management-chair"), nested)
    assert answer.fault == "BAD_REQUEST"


async def ask_with(person: Person, value: Any) -> Answer:
    return await person.ask(inputs.document("commentAdd"), input={"consultationId": value, "body": value})


BODIES = (
    b"", b"null", b"[]", b"{}", b'"x"', b"1", b"\xff\xfe{}", b'\xef\xbb\xbf{"query":"{__typename}"}', b'{"query":"{__typename}","query":"{__typename}"}',
    b'{"query":1}', b'{"query":null}', b'{"query":"{__typename}","variables":[]}', b'{"query":"{__typename}","variables":"x"}',
    b'{"query":"{__typename}","operationName":1}', b'{"query":"{__typename}","variables":{"v":NaN}}', b'{"query":"{__typename}","variables":{"v":1e999}}',
    b'{"query":"{__typename}","variables":{"v":"\\ud800"}}', b'{"query":"{__typename}","variables":{"\\ud800":1}}', b'{"query":"\\ud800"}', b'{"query":"{__typename}\\u0000"}',
    b'{"query":"{__typename}","operationName":"\\ud800"}', b'{"query":"{__typename}","operationName":"\\u0000"}', b'{"query":"{__typename}","extensions":{"a":"\\ud800"}}',
    b"[" * 100_000, b'{"query":"' + b"{a" * 5_000 + b'"}', b'{"query":"subscription { x }"}', b'{"query":"{__typename}","variables":{"v":' + b"9" * 5_000 + b"}}",
    b'{"query":"query A {__typename} query B {__typename}"}', b'{"query":"{ __typename @include(if: \\"x\\") }"}', b'{"query":"{ __type(name: \\"\\u0001\\") { name } }"}',
)  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:40].decode("utf-8", "replace"))
async def test_C18_no_body_breaks_the_service(world: World, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {world.as_('management-chair').token}", "Content-Type": "application/json"}
    sent = await world.http.post(f"{world.base}/graphql", content=body, headers=headers)
    assert_typed(Answer(sent.status_code, sent.headers, sent.content, sent.json()), body[:40])


@pytest.mark.parametrize("seat", ["", "x", "ALL", "U2VhdDo", "%00", "é", "x" * 5_000, "all, all"])
async def test_a_hostile_capacity_is_refused_as_one_that_is_not_held(world: World, seat: str) -> None:
    headers = [
        ("Authorization", f"Bearer {world.as_('management-chair').token}"),
        ("Content-Type", "application/json"),
        ("Acting-As", seat),
    ]
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    sent = await world.http.post(
        f"{world.base}/graphql", content=b'{"query":"{ viewer { person { id } } }"}', headers=encoded
    )
    answer = Answer(sent.status_code, sent.headers, sent.content, sent.json())
    assert_typed(answer, seat)
    assert seat.strip() == "all" or answer.fault == "BAD_REQUEST"


def test_every_field_with_an_argument_is_tried() -> None:
    tried = {(owner, field) for owner, field, _, _ in reads()}
    assert ("Query", "organisations") in tried
    assert ("Consultation", "comments") in tried
    assert len(tried) > 15
    assert all(get_named_type(kind) is not None for _, _, _, kind in reads())
