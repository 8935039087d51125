"""The golden matrices: what people review is what the code says, and what the database does (DESIGN section 3)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.access import matrix
from service.access.powers import POWERS
from service.access.proofs import enter_proof, now_micros
from service.demo.shapes import demo_id
from service.forums import BODIES, ORGANISATION_OFFICES
from service.forums.body import OfficeRow
from service.rules.acts import Act
from service.rules.bodies import ForumKind, Office, Purpose, Relation, Side
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
    ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM: None,
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
    region = await ground.admin.fetchrow("select id, organisation_id from graph.forum where kind = $1", "REGIONAL_SOCIAL_PARTNERSHIP_FORUM")  # fmt: skip
    differing = []
    for kind, key, row, by_terms in _seats():
        regional = kind == ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM
        body = region["id"] if regional else None if key is None else forum(key)
        organisation = region["organisation_id"] if regional else demo_id("organisation", "RTD")
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
    offices = {(row.side, row.office) for rows in matrix.TABLES.values() for row in rows}
    given = {(side, office) for powers in POWERS.values() for side, office, _ in powers}
    assert set(POWERS) == set(Act)
    assert given <= offices, "powers of offices that no body has"
    signing = (Act.PLAN_SIGN, Act.CONSULTATION_SIGN, Act.EXTENSION_SIGN, Act.DISAGREEMENT_RECORD)
    for act in signing:
        assert {side for side, _, _ in POWERS[act]} == {Side.MANAGEMENT, Side.STAFF}, act
        assert {relation for _, _, relation in POWERS[act]} == {Relation.OWNER}, act
        assert Office.SECRETARIAT not in {office for _, office, _ in POWERS[act]}, act
