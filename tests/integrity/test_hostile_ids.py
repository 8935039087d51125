"""Cursors and global ids, forged, flipped, cut and exchanged (THREATS A2, A7): typed answers, and never another's row."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from service.access.viewer import Viewer
from service.db.directory import ORGANISATIONS
from service.execution.errors import BadRequest
from service.resolvers.context import Context, Keys, SignedIn
from service.resolvers.ids import global_id, parts, row_id
from service.resolvers.paging import Cursors, page_asked
from tests.integrity.test_hostile_values import assert_typed
from tests.plugins.service import World

KEYS = Keys(b"c" * 32, b"i" * 32, b"n" * 32, b"f" * 32, b"w" * 32, b"m" * 32, b"d" * 32)
TYPES = st.sampled_from(["Consultation", "Seat", "Person", "StaffNetwork", "", "a:b", "Ünion"])


def context(seat: UUID | None = None) -> Context:
    """A request's context that never opens a connection: pure reading of what was sent."""
    return Context(None, KEYS, SignedIn("i", "s", None, UUID(int=1)), Viewer(UUID(int=1), seat))  # type: ignore[arg-type]


def page(
    given_cursor: str, *, seat: UUID | None = None, field: str = "organisations", filters: object = None
) -> object:
    chosen = {"kind": filters} if filters else {}
    cursors = Cursors(context(seat), field, chosen, ORGANISATIONS)
    return page_asked(cursors, ORGANISATIONS, first=1, last=None, after=given_cursor, before=None)


@given(st.text() | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()))
@example("")
@example("=")
@example("\ud800")
@example("QTo")
def test_A2_no_text_that_the_service_did_not_make_is_an_id(text: str) -> None:
    found = parts(text)
    assert found is None or global_id(*found) == text


@given(TYPES, st.uuids())
def test_A2_an_id_is_of_its_own_type_alone(type_name: str, row: UUID) -> None:
    if not type_name.isascii() or ":" in type_name:
        return
    made = global_id(type_name, row)
    assert row_id(made, type_name) == row
    assert row_id(made, "Somebody") is None


@given(st.data(), st.uuids())
def test_A2_a_changed_id_is_another_or_none_but_never_the_same(data: st.DataObject, row: UUID) -> None:
    made = global_id("Consultation", row)
    at = data.draw(st.integers(0, len(made) - 1))
    changed = made[:at] + data.draw(st.characters(codec="ascii").filter(lambda c: c != made[at])) + made[at + 1 :]
    assert row_id(changed, "Consultation") != row
    for padded in (made + "=", made + "\n", " " + made, made.upper()):
        assert padded == made or row_id(padded, "Consultation") is None


@given(st.text() | st.binary().map(lambda raw: urlsafe_b64encode(raw).rstrip(b"=").decode()))
@example("")
@example("\x00")
@example("\ud800")
def test_A7_no_text_that_the_service_did_not_make_is_a_cursor(text: str) -> None:
    with pytest.raises(BadRequest):
        page(text)


@given(st.data(), st.text(st.characters(codec="utf-8"), max_size=30), st.uuids())
def test_A7_a_cursor_with_one_bit_flipped_is_refused(data: st.DataObject, name: str, row: UUID) -> None:
    made = Cursors(context(), "organisations", {}, ORGANISATIONS).at([name, str(row)])
    assert page(made) is not None
    raw = bytearray(urlsafe_b64decode(made + "=" * (-len(made) % 4)))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadRequest):
        page(urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode())


@given(st.uuids(), st.uuids())
def test_A7_a_cursor_is_of_one_capacity_one_field_and_one_filter(row: UUID, seat: UUID) -> None:
    made = Cursors(context(), "organisations", {}, ORGANISATIONS).at(["Name", str(row)])
    for asked in ({"seat": seat}, {"field": "forums"}, {"filters": "TRUST"}):
        with pytest.raises(BadRequest):
            page(made, **asked)  # type: ignore[arg-type]


@given(
    st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5), st.lists, max_leaves=4)
)
def test_A7_a_place_without_the_seal_is_no_cursor_whatever_it_holds(place: object) -> None:
    try:
        said = orjson.dumps(place)
    except orjson.JSONEncodeError:
        return
    with pytest.raises(BadRequest):
        page(urlsafe_b64encode(b"\0" * 16 + said).rstrip(b"=").decode())


EVERYWHERE = (
    "query($v: ID!) { node(id: $v) { __typename id } }",
    "query($v: ID!) { nodes(ids: [$v, $v]) { __typename id } }",
    "query($v: ID!) { forum(id: $v) { __typename id } }",
    'mutation($v: ID!) { commentWithdraw(input: {commentId: $v}) { comment { id } userErrors { code } } }',
    'mutation($v: ID!) { consultationOpen(input: {consultationId: $v, expectedRevision: 1, idempotencyKey: "k"})'
    " { consultation { id } userErrors { code } } }",
    'mutation($v: ID!) { seatGrant(input: {personId: $v, forumId: $v, office: CHAIR, side: STAFF}) { seat { id } userErrors { code } } }',
)  # fmt: skip


@pytest.mark.parametrize("count", [15, pytest.param(2_000, marks=pytest.mark.deep, id="deep")])
async def test_no_id_or_cursor_over_http_breaks_the_service(world: World, count: int) -> None:
    made: list[str] = []
    known = [
        world.id("StaffNetwork", "forum", "RTD/race"),
        world.id("TradeUnionGroup", "forum", "RTD/unison"),
        world.id("JointNegotiatingCommittee", "forum", "RTD/race"),
        world.id("Person", "person", "network-member"),
    ]
    chair = world.as_("management-chair")
    cursors = [
        edge["cursor"] for edge in (await chair.ask("{ organisations(first: 3) { edges { cursor } } }")).data["organisations"]["edges"]
    ]  # fmt: skip

    @settings(
        max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        st.text(max_size=60)
        | st.sampled_from([*known, *cursors])
        | st.builds(global_id, st.sampled_from(["Consultation", "Seat", "Nothing", "Viewer", "Query"]), st.uuids())
        | st.builds(lambda text, cut: text[:cut], st.sampled_from([*known, *cursors]), st.integers(0, 60))
        | st.builds(lambda text, more: text + more, st.sampled_from([*known, *cursors]), st.text(max_size=3))
    )
    def gather(value: str) -> None:
        made.append(value)

    gather()
    for value in made:
        for text in EVERYWHERE:
            answer = await chair.ask(text, v=value)
            assert_typed(answer, (text, value))
        after = await chair.ask(
            "query($v: String!) { organisations(first: 1, after: $v) { edges { node { name } } } }", v=value
        )
        assert_typed(after, value)
        assert value in cursors or "errors" in after.body
