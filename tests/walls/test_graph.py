"""The walls as a client meets them: ids, cursors, errors, capacities, batches, caches (THREATS A2, A7, A9, A17-A28, A33, A34)."""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest
from graphql import get_introspection_query
from sqlalchemy import func, select

from service.access.pool import UnsafeRole, open_pool
from service.access.statement import Statement
from service.access.viewer import Doorway, Viewer
from service.db import directory
from service.db.tables import comment
from service.demo.rows import room_id
from service.demo.shapes import demo_id
from service.resolvers.ids import global_id
from service.rules.bodies import Purpose
from service.schema import schema
from tests.plugins.service import Answer, Person, World
from tests.walls.corpus import FORUMS, node_types, random_id
from tests.walls.ground import MANAGEMENT_CHAIR, NETWORK_CHAIR, NETWORK_MEMBER, STAFF_CHAIR, seat

POLICY: Final = "RTD/flexible-working"
NODE: Final = "query($id: ID!) { node(id: $id) { __typename id } }"
NODES: Final = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
COMMENTS: Final = "query($id: ID!) { node(id: $id) { ... on Consultation { comments(first: 50) { edges { node { id } } } consultees(first: 50) { edges { node { id } } } } } }"
COUNT: Final = Statement(select(func.count()).select_from(comment))


def _policy(world: World) -> str:
    return world.id("Consultation", "consultation", f"{POLICY}/")


# A2: an id is of one type ----------------------------------------------------------------------------------------------------


async def test_A2_no_id_opens_anything_under_another_types_name(world: World) -> None:
    chair = world.as_("management-chair")
    names = [*(name for name in node_types() if name != "Forum"), *FORUMS]
    rows = {
        "Consultation": demo_id("consultation", f"{POLICY}/"), "Organisation": demo_id("organisation", "RTD"),
        "Seat": seat(MANAGEMENT_CHAIR), "Person": demo_id("person", "management-chair"),
        "JointNegotiatingCommittee": demo_id("forum", "RTD/jnc"), "StaffNetwork": demo_id("forum", "RTD/race"),
        "TermsOfReference": demo_id("terms", "RTD/jnc"),
    }  # fmt: skip
    for name, row in rows.items():
        found = (await chair.ask(NODES, ids=[global_id(each, row) for each in names])).only()
        assert [each["__typename"] for each in found if each is not None] == [name]
        odd = [
            f"{name}:{row}",
            f"{name}:{str(row).upper()}",
            f"{name.lower()}:{row}",
            f" {name}:{row}",
            f"{name}:{row} ",
            f"{name}:{row.hex}",
            f"{name}::{row}",
        ]
        encoded = [urlsafe_b64encode(each.encode()).rstrip(b"=").decode() for each in odd]
        found = (
            await chair.ask(
                NODES,
                ids=[*encoded[1:], f"{encoded[0]}=", f"{encoded[0]}AA", f" {encoded[0]}", "", "é", "\N{KELVIN SIGN}"],
            )
        ).only()
        assert set(found) == {None}
        assert (await chair.ask(NODE, id=encoded[0])).only() is not None


# A7: cursors -------------------------------------------------------------------------------------------------------------------


SEATS: Final = "query($id: ID!, $n: Int!, $c: String) { forum(id: $id) { seats(first: $n, after: $c) { pageInfo { endCursor } edges { node { id } } } } }"


async def test_A7_a_cursor_is_worth_nothing_to_another_viewer_capacity_field_or_filter_nor_with_a_bit_changed(
    world: World,
) -> None:
    chair, jnc = world.as_("management-chair"), world.id("JointNegotiatingCommittee", "forum", "RTD/jnc")
    place = (await chair.ask(SEATS, id=jnc, n=1)).only()["seats"]["pageInfo"]["endCursor"]
    onward = await chair.ask(SEATS, id=jnc, n=50, c=place)
    assert onward.only()["seats"]["edges"], "the control"

    def listed(field: str, kind: str = "") -> str:
        return f"query($c: String) {{ {field}(first: 1, after: $c{kind}) {{ pageInfo {{ endCursor }} edges {{ cursor }} }} }}"

    refused: list[Answer] = [
        await world.as_(other).ask(SEATS, id=jnc, n=1, c=place)
        for other in ("management-secretary", "staff-side-chair", "network-chair")
    ]
    explicit = chair.acting_as(global_id("Seat", seat(MANAGEMENT_CHAIR)))
    refused += [await person.ask(SEATS, id=jnc, n=1, c=place) for person in (explicit, chair.acting_as("all"))]
    refused.append(
        await chair.ask(
            "query($id: ID!, $c: String) { forum(id: $id) { termsOfReference(first: 1, after: $c) { edges { cursor } } } }",
            id=jnc,
            c=place,
        )
    )
    refused.append(
        await chair.ask(
            "query($id: ID!, $c: String) { forum(id: $id) { audit(first: 1, after: $c) { edges { cursor } } } }",
            id=jnc,
            c=place,
        )
    )
    refused.append(await chair.ask(listed("organisations"), c=place))
    person = global_id("Person", demo_id("person", "management-chair"))
    on_person = "query($id: ID!, $c: String) { node(id: $id) { ... on Person { seats(first: 1, after: $c) { edges { cursor } } } } }"
    refused.append(await chair.ask(on_person, id=person, c=place))
    trusts = (await chair.ask(listed("organisations", ", kind: TRUST"))).only()["pageInfo"]["endCursor"]
    refused.append(await chair.ask(listed("organisations"), c=trusts))
    refused += [
        await world.as_(other).ask(listed("organisations", ", kind: TRUST"), c=trusts)
        for other in ("outsider", "operator", "nobody we know")
    ]
    refused.append(await chair.ask(listed("organisations", ", kind: ICB"), c=trusts))
    raw = urlsafe_b64decode(place + "=" * (-len(place) % 4))
    for bit in range(0, len(raw) * 8, 7):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        refused.append(await chair.ask(SEATS, id=jnc, n=1, c=urlsafe_b64encode(changed).rstrip(b"=").decode()))
    refused += [
        await chair.ask(SEATS, id=jnc, n=1, c=odd)
        for odd in ("", "x", place[:-1], f"{place}=", f"{place}A", f" {place}", place[::-1], "é", "A" * 5000)
    ]
    taken = [(place, answer.raw) for place, answer in enumerate(refused) if "errors" not in answer.body]
    assert taken == []
    said = {(answer.fault, answer.body["errors"][0]["message"]) for answer in refused}
    assert said == {("BAD_REQUEST", "This cursor is not one of this list for you.")}
    backwards = await chair.ask(
        "query($id: ID!, $c: String) { forum(id: $id) { seats(last: 50, before: $c) { edges { node { id } } } } }",
        id=jnc,
        c=place,
    )
    assert backwards.only() == {"seats": {"edges": []}}, "the way back from the first place"


async def test_a_cursor_from_a_list_of_many_kinds_of_body_goes_on_in_each_of_them(world: World) -> None:
    """One batch reads the pages of bodies of several kinds: their cursors must not be bound to the first one's."""
    chair = world.as_("management-chair")
    listed = (await chair.ask(
        '{ organisation(odsCode: "RTD") { forums(first: 50) { edges { node { id seats(first: 1) { pageInfo { endCursor hasNextPage } } } } } } }'
    )).only()["forums"]["edges"]  # fmt: skip
    followed = 0
    for edge in listed:
        page = edge["node"]["seats"]["pageInfo"]
        if page["hasNextPage"]:
            onward = await chair.ask(SEATS, id=edge["node"]["id"], n=1, c=page["endCursor"])
            assert len(onward.only()["seats"]["edges"]) == 1
            followed += 1
    assert followed > 5


async def test_A7_a_cursor_holds_nothing_but_what_its_holder_has_seen(world: World) -> None:
    member, race = world.as_("network-member"), world.id("StaffNetwork", "forum", "RTD/race")
    page = (
        await member.ask(
            "query($id: ID!) { forum(id: $id) { seats(first: 2) { edges { cursor node { id } } } } }", id=race
        )
    ).only()
    for edge in page["seats"]["edges"]:
        raw = urlsafe_b64decode(edge["cursor"] + "=" * (-len(edge["cursor"]) % 4))
        _, row = json.loads(raw[16:])
        assert global_id("Seat", row) == edge["node"]["id"]


# A9, A23, A36: what is said ----------------------------------------------------------------------------------------------------


async def test_A9_no_fault_names_a_table_a_column_or_a_value(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chair = world.as_("management-chair")
    secret = "Key (code_hash)=(SENTINEL) already exists in graph.invitation."
    bodies = set()
    for kind in (
        asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError, asyncpg.InvalidTextRepresentationError, asyncpg.InsufficientPrivilegeError,
        asyncpg.UndefinedObjectError, asyncpg.DivisionByZeroError, asyncpg.CheckViolationError,
        RuntimeError, KeyError,
    ):  # fmt: skip

        async def broken(*_: Any, _kind: type[Exception] = kind) -> Any:
            raise _kind(secret)

        monkeypatch.setattr(directory, "own_seats", broken)
        answer = await chair.ask("{ viewer { seats { id } } }")
        assert answer.fault == "INTERNAL"
        request_id = answer.headers["x-request-id"].encode()
        bodies.add(answer.raw.replace(request_id, b"ID"))
    assert len(bodies) == 1, "the causes can be told apart"
    (said,) = bodies
    assert b"SENTINEL" not in said
    assert b"graph." not in said


async def test_A9_D1_odd_input_is_refused_without_a_word_of_the_database(world: World) -> None:
    chair, jnc = world.as_("management-chair"), world.id("JointNegotiatingCommittee", "forum", "RTD/jnc")
    words = ("graph.", "asyncpg", "postgres", "relation ", "column ", "Traceback", "SELECT", 'policy "')
    for document, variables in (
        ("{ viewr { id } }", {}),
        ("{ viewer { seats { offise } } }", {}),
        ("query($id: ID!) { node(id: $id) { id } }", {"id": "\x00"}),
        ("query($id: ID!) { forum(id: $id) { seats(first: 2147483648) { edges { cursor } } } }", {"id": jnc}),
        ("query($id: ID!) { forum(id: $id) { seats(first: -1) { edges { cursor } } } }", {"id": jnc}),
        ("query($id: ID!) { forum(id: $id) { seats { edges { cursor } } } }", {"id": jnc}),
        (
            "query($id: ID!) { forum(id: $id) { consultations(first: 1, state: NONSENSE) { edges { cursor } } } }",
            {"id": jnc},
        ),
        ("query($c: String!) { organisation(odsCode: $c) { name } }", {"c": "' or 1=1 --"}),
        ('{ __type(name: "Room") { name } }', {}),
        (
            "mutation($input: SeatEndInput!) { seatEnd(input: $input) { userErrors { code } } }",
            {"input": {"seatId": "x", "endsOn": "9999-99-99"}},
        ),
    ):
        answer = await chair.ask(document, **variables)
        text = answer.raw.decode()
        assert answer.status < 500, document
        assert not any(word in text for word in words), text
        assert "Did you mean" not in text


async def test_A23_introspection_tells_of_no_body_person_or_room(world: World) -> None:
    found = {
        subject: (await world.as_(subject).ask(get_introspection_query())).raw
        for subject in ("management-chair", "operator", "outsider")
    }
    assert len(set(found.values())) == 1
    text = next(iter(found.values())).decode()
    async with world.admin() as db:
        names = [
            row[0]
            for row in await db.fetch(
                "select local_name from graph.forum union select display_name from graph.person union select title from graph.consultation"
            )
        ]
        ids = [str(row[0]) for row in await db.fetch("select id from graph.room union select id from graph.forum")]
    generic = {
        "Board of Directors",
        "People Committee",
        "Workforce Committee",
        "Joint Negotiating Committee",
        "Health and Safety Committee",
    }
    assert [name for name in names if name in text and name not in generic] == []
    assert not any(each in text for each in ids)
    assert "_entities" not in text
    assert "_service" not in text


# A17, A18, A20, A21: capacities ----------------------------------------------------------------------------------------------------


async def _rooms(person: Person, world: World) -> tuple[set[str], set[str]]:
    """What this capacity shows of the flexible working policy: comments and engagements."""
    found = (await person.ask(COMMENTS, id=_policy(world))).only() or {
        "comments": {"edges": []},
        "consultees": {"edges": []},
    }
    return tuple({edge["node"]["id"] for edge in found[name]["edges"]} for name in ("comments", "consultees"))  # type: ignore[return-value]


async def test_A18_dual_role_sees_in_each_capacity_that_capacitys_rooms_and_no_others(world: World) -> None:
    dual = world.as_("dual-role")
    network = await dual.in_seat("Disability and Long-term Conditions Network")
    committee = next(each["id"] for each in await dual.seats() if each["forumKind"] == "JOINT_NEGOTIATING_COMMITTEE")
    union = next(each["id"] for each in await dual.seats() if each["forumKind"] == "TRADE_UNION_GROUP")
    seen = {name: await _rooms(dual.acting_as(seat), world) for name, seat in (
        ("network", network.seat), ("committee", committee), ("union", union), ("all", "all"), ("none", None))}  # fmt: skip
    assert seen["none"] == (set(), set())
    assert seen["network"][0] and seen["union"][0] and not seen["network"][0] & seen["union"][0]
    assert seen["network"][0] & seen["committee"][0] == set()
    assert len(seen["committee"][1]) > len(seen["network"][1]) == len(seen["union"][1]) == 1
    for kind in (0, 1):
        assert seen["all"][kind] == seen["network"][kind] | seen["committee"][kind] | seen["union"][kind]
    forum = world.id("StaffNetwork", "forum", "RTD/disability")
    for capacity in (None, "all"):
        before = await world.everything()
        refused = await dual.acting_as(capacity).act("membershipJoin", "", forumId=forum)
        assert refused.problems() == ["CAPACITY_REQUIRED"]
        assert await world.everything() == before


async def test_a_capacity_that_is_not_ones_own_ended_or_invented_is_refused_alike(world: World) -> None:
    member = world.as_("network-member")
    said = set()
    for given in (
        global_id("Seat", seat(STAFF_CHAIR)),
        global_id("Seat", uuid4()),
        "x",
        global_id("Person", seat(NETWORK_MEMBER)),
    ):
        for answer in (
            await member.acting_as(given).ask("{ viewer { seats { id } } }"),
            await member.acting_as(given).act("membershipJoin", "", forumId="x"),
        ):
            error = answer.body["errors"][0]
            said.add((answer.fault, error["message"], str(error["extensions"])))
    assert len(said) == 1
    assert next(iter(said))[0] == "BAD_REQUEST"


async def test_A17_a_seat_that_ends_opens_nothing_in_the_next_request(world: World) -> None:
    member, id = world.as_("guardian"), demo_id("person", "guardian")
    body = world.id("FreedomToSpeakUp", "forum", "RTD/speak-up")
    rooms = "query($id: ID!) { forum(id: $id) { rooms } }"
    assert (await member.ask(rooms, id=body)).only()["rooms"]
    async with world.admin() as db:
        await db.execute("update graph.seat set ends_at = now() where person_id = $1 and office = 'GUARDIAN'", id)
        try:
            assert (await member.ask(rooms, id=body)).only() == {"rooms": []}
        finally:
            await db.execute(
                "update graph.seat set ends_at = 'infinity' where person_id = $1 and office = 'GUARDIAN'", id
            )


async def test_A20_A21_the_hr_service_and_the_operator_open_just_what_the_matrix_gives_them(world: World) -> None:
    assert [seat["rooms"] for seat in await world.as_("hr-service").seats()] == [
        ["ORGANISATION", "PERSONAL", "WORKFORCE"]
    ]
    assert await world.as_("operator").seats() == []
    async with world.doorway() as doorway, doorway.reading(Viewer(demo_id("account", "operator"))) as snapshot:
        assert await snapshot.connection.fetchval("select count(*) from graph.room") == 0
        assert await snapshot.connection.fetchval("select count(*) from graph.person") == 1  # itself


# A24, A25, A27, A28 ----------------------------------------------------------------------------------------------------------------


async def test_A24_thirty_aliases_of_own_and_hidden_ids_say_what_thirty_requests_say(world: World) -> None:
    member = world.as_("network-member")
    ids = [_policy(world), world.id("Consultation", "consultation", "RTD/raising-concerns/"), world.id("TradeUnionGroup", "forum", "RTD/unison"),
           world.id("StaffNetwork", "forum", "RTD/race"), global_id("Seat", seat(NETWORK_MEMBER)), global_id("Seat", seat(STAFF_CHAIR)),
           global_id("Seat", seat(NETWORK_CHAIR)), random_id("Comment", "alias"), world.id("Person", "person", "staff-side-chair"),
           world.id("Person", "person", "outsider")] * 3  # fmt: skip
    alone = [(await member.ask(NODE, id=id)).only() for id in ids]
    together = await member.ask(
        "{ " + " ".join(f'a{n}: node(id: "{id}") {{ __typename id }}' for n, id in enumerate(ids)) + " }"
    )
    assert list(together.data.values()) == alone
    assert (await member.ask(NODES, ids=ids)).only() == alone
    assert None in alone and len([each for each in alone if each]) > 5


async def test_A25_a_batch_of_operations_is_refused(world: World) -> None:
    member = world.as_("network-member")
    answer = await world.post(
        [{"query": "{ viewer { seats { id } } }"}] * 2, {"Authorization": f"Bearer {member.token}"}
    )
    assert answer.status == 400
    assert "data" not in answer.body


async def test_A27_what_two_viewers_ask_at_the_same_time_is_gathered_apart(world: World) -> None:
    people = [
        world.as_(subject)
        for subject in ("management-chair", "staff-side-chair", "network-member", "outsider", "operator")
    ]
    alone = [(await person.ask(COMMENTS, id=_policy(world))).raw for person in people]
    assert len(set(alone)) >= 4
    for _ in range(4):
        together = await asyncio.gather(*(person.ask(COMMENTS, id=_policy(world)) for person in people * 5))
        assert [answer.raw for answer in together] == alone * 5


async def test_A28_no_answer_may_be_kept_by_anything_on_the_way(world: World) -> None:
    chair = world.as_("management-chair")
    answers = [
        await chair.ask("{ viewer { seats { id } } }"),
        await chair.ask("{ nonsense }"),
        await chair.ask(NODE, id=random_id("Seat", "x")),
        await chair.acting_as("x").ask("{ viewer { seats { id } } }"),
        await chair.act("planSign", planId="x", contentHash="x", idempotencyKey="no keeping"),
        await world.post({"query": "{ viewer { seats { id } } }"}, {}),
        await world.post([], {"Authorization": f"Bearer {chair.token}"}),
    ]
    for answer in answers:
        assert "no-store" in answer.headers["cache-control"]
        assert "private" in answer.headers["cache-control"]
        assert "etag" not in answer.headers
        assert "last-modified" not in answer.headers
        assert "authorization" in answer.headers["vary"].lower()


# A19, A33: one connection, many viewers ----------------------------------------------------------------------------------------------


@pytest.fixture
async def narrow(world: World) -> AsyncIterator[Doorway]:
    """A doorway with one connection for everybody."""
    pool = await open_pool(world.url("partnership_app"), size=1, statement_seconds=5)
    try:
        yield Doorway(pool, world.settings.proof_key)
    finally:
        await pool.close()


async def _count(doorway: Doorway, viewer: Viewer) -> int:
    async with doorway.reading(viewer) as snapshot:
        await asyncio.sleep(0)
        row = await snapshot.one(COUNT)
        assert row is not None
        found: int = row[0]
        return found


async def test_A19_a_thousand_turns_of_two_seats_on_one_connection_never_cross(narrow: Doorway) -> None:
    dual, account = [], demo_id("account", "dual-role")
    async with narrow.reading(Viewer(account)) as snapshot:
        dual = [Viewer(account, row["id"]) for row in await directory.own_seats(snapshot)]
    viewers = [
        *dual,
        Viewer(demo_id("account", "network-member")),
        Viewer(demo_id("account", "outsider")),
        Viewer(None),
    ]
    expected = [await _count(narrow, viewer) for viewer in viewers]
    assert len(set(expected)) > 2
    turns = [
        (viewer, count)
        for _ in range(-(-1000 // len(viewers)))
        for viewer, count in zip(viewers, expected, strict=True)
    ]
    found = await asyncio.gather(*(_count(narrow, viewer) for viewer, _ in turns))
    assert found == [count for _, count in turns]


async def test_A33_whoever_is_cut_off_at_any_point_leaves_nothing_open_for_the_next(narrow: Doorway) -> None:
    viewer, finished = Viewer(demo_id("account", "staff-side-chair")), 0

    async def work() -> None:
        await _count(narrow, viewer)
        async with narrow.acting(viewer) as snapshot:
            await snapshot.one(COUNT)
            await snapshot.call(
                "select access.open_case($1, $2, null)", uuid4(), room_id("RTD/jnc", Purpose.STAFF_SIDE)
            )

    for turn in range(500):
        task = asyncio.create_task(work())
        for _ in range(turn % 125):
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
            finished += 1
        except asyncio.CancelledError:
            pass
        async with narrow.pool.acquire() as connection:
            assert not connection.is_in_transaction()
            left = await connection.fetchrow(
                "select coalesce(current_setting('app.rooms', true), '') as r, coalesce(current_setting('app.seal', true), '') as s"
            )
            assert tuple(left) == ("", ""), turn
            assert await connection.fetchval("select count(*) from graph.room") == 0, turn
    assert finished < 500


# A34 -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["migrator", "relay", "scheduler", "auditor", None])
async def test_A34_the_service_does_not_start_as_anybody_but_its_own_role(world: World, role: str | None) -> None:
    url = world.server.admin_url(world.name) if role is None else world.url(f"partnership_{role}")
    with pytest.raises(UnsafeRole):
        await open_pool(url, size=1, statement_seconds=5)


def test_A22_federation_is_off_and_every_argument_of_the_schema_is_typed() -> None:
    assert {"_entities", "_service"} & set(schema._schema.query_type.fields) == set()  # type: ignore[union-attr]
