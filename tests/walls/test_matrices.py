"""The golden matrices: what people review is what the code says, and what the database does (DESIGN section 3)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.access import matrix
from service.access.powers import POWERS
from service.access.proofs import enter_proof, now_micros
from service.demo.shapes import demo_id
from service.forums import BODIES, BODY, ORGANISATION_OFFICES
from service.forums.body import OfficeRow
from service.forums.routes import COLUMNS, ROUTES, route_rows
from service.rules.acts import Act
from service.rules.bodies import ForumKind, Office, Purpose, Relation, Side
from service.rules.escalations import RouteKind
from tests.walls.ground import Ground, case, forum

WRITE_AGAIN = "run python -m service.access.matrix, and have the difference reviewed"
# One body of each kind in the demo.
OF_KIND = {
    ForumKind.STAFF_NETWORK: "RTD/lgbt",
    ForumKind.JOINT_NEGOTIATING_COMMITTEE: "RTD/jnc",
    ForumKind.LOCAL_NEGOTIATING_COMMITTEE: "RTD/lnc",
    ForumKind.EDI_STEERING_GROUP: "RTD/edi",
    ForumKind.HEALTH_AND_SAFETY_COMMITTEE: "RTD/safety",
    ForumKind.BOARD: "RTD/board",
    ForumKind.BOARD_COMMITTEE: "RTD/workforce",
    ForumKind.EXECUTIVE_COMMITTEE: "RTD/people",
    ForumKind.TRADE_UNION_GROUP: "RTD/unison",
    ForumKind.FREEDOM_TO_SPEAK_UP: "RTD/speak-up",
    ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM: "north-east/spf",
    ForumKind.NATIONAL_SOCIAL_PARTNERSHIP_FORUM: "nhs-england/spf",
}


@pytest.mark.parametrize("path", list(matrix.pages()), ids=lambda path: path.name)
def test_what_people_review_is_what_the_code_says(path: Any) -> None:
    assert path.read_text(encoding="utf-8") == matrix.pages()[path], WRITE_AGAIN


async def test_what_the_database_keeps_is_what_people_review(ground: Ground) -> None:
    kept = {
        (row["kind"], row["side"], row["office"], tuple(row["opens"]), tuple(row["opens_by_terms"]), row["home"],
         row["may_be_public"], tuple(row["granted_by"]))
        for row in await ground.admin.fetch("select * from access.office")
    }  # fmt: skip
    said = {
        ("ORGANISATION" if kind == matrix.OF_ORGANISATION else kind, row.side, row.office, row.opens, row.opens_by_terms,
         row.home, row.may_be_public, row.granted_by)
        for kind, rows in matrix.TABLES.items() for row in rows
    }  # fmt: skip
    assert kept == said
    assert len(kept) == sum(len(rows) for rows in matrix.TABLES.values()), "no office twice"


async def test_the_routes_that_the_database_keeps_are_what_people_review(ground: Ground) -> None:
    kept = [tuple(row.values()) for row in await ground.admin.fetch(f"select {', '.join(COLUMNS)} from access.route")]
    said = [tuple(list(value) if isinstance(value, tuple) else value for value in row) for row in route_rows()]
    assert sorted(kept) == sorted(said)


def test_a_raiser_is_no_office_of_any_body_so_that_nobody_can_be_granted_it() -> None:
    assert Office.RAISER not in {row.office for rows in matrix.TABLES.values() for row in rows}
    own = {act for act, powers in POWERS.items() if any(office is Office.RAISER for _, office, _ in powers)}
    assert own == {act for act, powers in POWERS.items() if any(relation is Relation.RAISER for *_, relation in powers)}
    assert all(
        (side, relation) == (Side.NONE, Relation.RAISER)
        for powers in POWERS.values()
        for side, office, relation in powers
        if office is Office.RAISER
    )


def test_whoever_a_route_names_as_receiver_can_take_a_step_up_and_nobody_else_can() -> None:
    """Else a step would lie where nobody may answer it, or be answered by somebody whom no route names."""
    taking = {(side, office) for side, office, _ in POWERS[Act.STEP_ACCEPT]}
    named = {
        (row.side, row.office)
        for route in ROUTES
        if route.kind is not RouteKind.RAISE
        for row in BODY[route.to_kind].offices
        if row.office in route.received_by and route.to_channel in row.opens
    }
    assert named == taking
    for act in (Act.STEP_RETURN, Act.STEP_REFER, Act.STEP_RESOLVE):
        assert POWERS[act] == POWERS[Act.STEP_ACCEPT], act
    for act in (Act.STEP_ACKNOWLEDGE, Act.STEP_ASK, Act.STEP_NOTE, Act.STEP_PLACE):
        assert POWERS[act] - POWERS[Act.STEP_ACCEPT] == {(Side.NONE, Office.SECRETARIAT, Relation.RECEIVER)}, act


def test_whoever_holds_an_issue_can_be_entrusted_with_a_name_and_act_on_it() -> None:
    holding = {
        (row.side, row.office)
        for route in ROUTES
        if route.kind is RouteKind.RAISE
        for row in BODY[route.to_kind].offices
        if route.to_channel in row.opens
    }
    for act in (Act.MESSAGE_SEND, Act.DISCLOSURE_NOTIFY, Act.IDENTITY_DISCLOSE):
        assert {(side, office) for side, office, relation in POWERS[act] if relation is Relation.OWNER} == holding, act
    assert holding <= {
        (side, office) for side, office, relation in POWERS[Act.ISSUE_RAISE] if relation is Relation.OWNER
    }


def _seats() -> Iterator[tuple[str, str | None, OfficeRow, bool]]:
    """Every office: its kind, the demo body, its row, and whether that body's terms let it in."""
    for row in ORGANISATION_OFFICES:
        yield matrix.OF_ORGANISATION, None, row, False
    for body in BODIES:
        for row in body.offices:
            yield body.kind, OF_KIND[body.kind], row, False
            if row.opens_by_terms:
                yield body.kind, OF_KIND[body.kind], row, True


async def test_a_seat_of_every_office_opens_in_a_database_the_rooms_that_the_matrix_says(ground: Ground) -> None:
    differing = []
    for kind, key, row, by_terms in _seats():
        body = None if key is None else forum(key)
        organisation = demo_id("organisation", "RTD" if key is None else key.partition("/")[0])
        found = await _rooms_opened(ground, body, organisation, row.side, row.office, by_terms=by_terms)
        expected = {(purpose, True) for purpose in matrix.opened(kind, row, by_terms=by_terms)}
        if found != expected:
            differing.append((kind, key, row.side, row.office, found ^ expected))
    assert differing == []


async def _rooms_opened(
    ground: Ground, body: UUID | None, organisation: UUID, side: Side, office: Office, *, by_terms: bool
) -> set[tuple[Purpose, bool]]:
    """What a new seat of this office opens: each room's purpose, and whether it is of its own body or organisation."""
    person, seat, account, made = uuid4(), uuid4(), uuid4(), now_micros()
    await ground.admin.execute("begin")
    try:
        own = await case(ground.admin, None)
        await ground.admin.execute("update graph.room set purpose = 'PERSONAL' where id = $1", own)
        await ground.admin.execute(
            "update graph.terms_of_reference set opens_to_allies = $2, opens_to_staff_side_lead = $2 where forum_id = $1",
            body,
            by_terms,
        )
        await ground.admin.execute("insert into graph.person (id, display_name) values ($1, 'p')", person)
        await ground.admin.execute(
            "insert into access.account (id, issuer, subject, person_id) values ($1, 'i', 's', $2)", account, person
        )
        await ground.admin.execute(
            "insert into graph.seat (id, room_id, forum_id, organisation_id, person_id, office, side, personal_room)"
            " values ($1, $2, $3, $4, $5, $6, $7, $2)", seat, own, body, organisation, person, office, side)  # fmt: skip
        await ground.admin.execute("set local role partnership_app")
        proof = enter_proof(ground.key, account, seat, False, ground.admin.get_server_pid(), made)
        await ground.admin.fetchrow("select * from access.enter($1, $2, $3, $4, $5)", account, seat, False, made, proof)
        opened = await ground.admin.fetchval("select access.rooms()")
        await ground.admin.execute("set local role none")
        rows = await ground.admin.fetch("select * from graph.room where id = any($1)", opened)
    finally:
        await ground.admin.execute("rollback")
    own_place = {("forum_id", body), ("organisation_id", organisation), ("id", own)}
    return {
        (Purpose(row["purpose"]), any((column, row[column]) in own_place for column, _ in own_place)) for row in rows
    }


def test_no_office_of_one_side_opens_the_other_sides_room() -> None:
    """What a reviewer looks for in the matrix, said once more by itself."""
    for kind, rows in matrix.TABLES.items():
        for row in rows:
            opened = {*row.opens, *row.opens_by_terms}
            assert Purpose.STAFF_SIDE not in opened or row.side is Side.STAFF, (kind, row)
            assert Purpose.MANAGEMENT_SIDE not in opened or row.side is Side.MANAGEMENT, (kind, row)
            assert not (row.side is Side.MANAGEMENT and kind in ("STAFF_NETWORK", "TRADE_UNION_GROUP") and opened), (
                kind,
                row,
            )
            assert Purpose.WORKFORCE not in opened or row.office is Office.SERVICE, (kind, row)


def test_no_side_network_or_union_has_its_seats_granted_by_another() -> None:
    for kind, rows in matrix.TABLES.items():
        for row in rows:
            granters = set(row.granted_by)
            if row.side is Side.STAFF:
                assert granters <= {Purpose.STAFF_SIDE, Purpose.OFFICERS, Purpose.JOINT}, (kind, row)
                assert Purpose.JOINT not in granters or kind == "EDI_STEERING_GROUP", (kind, row)
            if row.side is Side.NETWORK:
                assert granters <= {Purpose.OFFICERS, Purpose.JOINT}, (kind, row)
            if Purpose.WORKFORCE in granters:
                assert row.side in (Side.MANAGEMENT, Side.INDEPENDENT, Side.NONE), (kind, row)


def test_every_power_is_an_office_that_exists() -> None:
    """A power of an office that no body has would be a power nobody reviewed."""
    offices = {(row.side, row.office) for rows in matrix.ACTORS.values() for row in rows}
    given = {(side, office) for powers in POWERS.values() for side, office, _ in powers}
    assert set(POWERS) == set(Act)
    assert given <= offices, "powers of offices that no body has"
    signing = (Act.PLAN_SIGN, Act.CONSULTATION_SIGN, Act.EXTENSION_SIGN, Act.DISAGREEMENT_RECORD)
    for act in signing:
        assert {side for side, _, _ in POWERS[act]} == {Side.MANAGEMENT, Side.STAFF}, act
        assert {relation for _, _, relation in POWERS[act]} == {Relation.OWNER}, act
        assert Office.SECRETARIAT not in {office for _, office, _ in POWERS[act]}, act
