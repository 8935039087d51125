"""The demo region keeps its promises: real bodies, invented people, personas who see what the README says."""

from collections import Counter
from datetime import date

import pytest

from service.demo import people
from service.demo.organisations import TRUSTS
from service.demo.personas import OPERATOR, PERSONAS
from service.demo.region import region
from service.demo.shapes import Region, Seat, demo_id
from service.forums import BODY, ORGANISATION_OFFICES
from service.rules.bodies import ForumKind, Office, OrganisationKind, Side

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def here() -> Region:
    return region(TODAY)


def seats_of(here: Region, subject: str) -> list[Seat]:
    return [seat for seat in here.seats if seat.holder == subject]


def test_operator_holds_no_seat(here: Region) -> None:
    assert OPERATOR in {person.subject for person in here.people}
    assert seats_of(here, OPERATOR) == []


def test_outsider_holds_nothing_at_rtd(here: Region) -> None:
    assert [(seat.organisation, seat.forum) for seat in seats_of(here, "outsider")] == [("RR7", None)]


def test_staff_of_one_trust_hold_no_seat_in_another_but_a_shared_chair_does(here: Region) -> None:
    trusts: dict[str, set[str]] = {}
    for seat in here.seats:
        if seat.organisation in TRUSTS:
            trusts.setdefault(seat.holder, set()).add(seat.organisation)
    shared = {holder: found for holder, found in trusts.items() if len(found) > 1}
    assert list(shared.values()) == [{"RVW", "RTR"}]
    assert all(
        seat.office is Office.CHAIR and seat.forum in {"RVW/board", "RTR/board"}
        for holder in shared
        for seat in seats_of(here, holder)
    )


def test_nobody_sits_on_both_sides_of_one_body(here: Region) -> None:
    sides: dict[tuple[str, str | None], set[Side]] = {}
    for seat in here.seats:
        sides.setdefault((seat.holder, seat.forum), set()).add(seat.side)
    assert [key for key, found in sides.items() if {Side.MANAGEMENT, Side.STAFF} <= found] == []


@pytest.mark.parametrize(
    ("subject", "forum", "side", "office"),
    [
        ("hr-service", None, Side.NONE, Office.SERVICE),
        ("management-chair", "RTD/jnc", Side.MANAGEMENT, Office.CHAIR),
        ("management-secretary", "RTD/jnc", Side.MANAGEMENT, Office.SECRETARY),
        ("staff-side-chair", "RTD/jnc", Side.STAFF, Office.CHAIR),
        ("network-chair", "RTD/race", Side.NETWORK, Office.CHAIR),
        ("network-member", "RTD/race", Side.NETWORK, Office.MEMBER),
        ("fellow-member", "RTD/race", Side.NETWORK, Office.MEMBER),
        ("guardian", "RTD/speak-up", Side.INDEPENDENT, Office.GUARDIAN),
        ("regional-chair", "north-east/spf", Side.MANAGEMENT, Office.CHAIR),
        ("outsider", None, Side.NONE, Office.EMPLOYEE),
    ],
)
def test_persona_holds_one_seat_beside_employment_and_so_needs_no_header(
    here: Region, subject: str, forum: str | None, side: Side, office: Office
) -> None:
    held = [(seat.forum, seat.side, seat.office) for seat in seats_of(here, subject)]
    others = [seat for seat in held if seat[2] is not Office.EMPLOYEE]
    assert (others or held) == [(forum, side, office)]


def test_dual_role_chairs_a_network_and_represents_a_union(here: Region) -> None:
    assert {(seat.forum, seat.side, seat.office) for seat in seats_of(here, "dual-role")} == {
        ("RTD/disability", Side.NETWORK, Office.CHAIR),
        ("RTD/jnc", Side.STAFF, Office.WORKPLACE_REPRESENTATIVE),
        ("RTD/unison", Side.STAFF, Office.WORKPLACE_REPRESENTATIVE),
        (None, Side.NONE, Office.EMPLOYEE),
    }


def test_union_official_is_no_employee_of_the_trust(here: Region) -> None:
    officials = {seat.holder for seat in here.seats if seat.office is Office.FULL_TIME_OFFICIAL}
    assert officials
    assert [s for s in here.seats if s.holder in officials and s.office is Office.EMPLOYEE] == []


def test_every_persona_is_somebody(here: Region) -> None:
    assert {persona.subject for persona in PERSONAS} <= {person.subject for person in here.people}


def test_every_seat_is_one_that_its_kind_of_body_knows(here: Region) -> None:
    kinds = {forum.key: forum.kind for forum in here.forums}
    for seat in here.seats:
        known = BODY[kinds[seat.forum]].offices if seat.forum else ORGANISATION_OFFICES
        assert (seat.side, seat.office) in {(row.side, row.office) for row in known}, seat.key


@pytest.mark.parametrize("trust", TRUSTS)
def test_every_trust_has_its_bodies(here: Region, trust: str) -> None:
    kinds = Counter(forum.kind for forum in here.forums if trust in forum.serves)
    assert kinds[ForumKind.STAFF_NETWORK] >= 4
    assert kinds[ForumKind.TRADE_UNION_GROUP] == 2
    for kind in (
        ForumKind.BOARD,
        ForumKind.EXECUTIVE_COMMITTEE,
        ForumKind.BOARD_COMMITTEE,
        ForumKind.JOINT_NEGOTIATING_COMMITTEE,
        ForumKind.EDI_STEERING_GROUP,
        ForumKind.HEALTH_AND_SAFETY_COMMITTEE,
        ForumKind.FREEDOM_TO_SPEAK_UP,
    ):
        assert kinds[kind] == 1


def test_the_national_forum_has_somebody_on_each_side_and_nobody_of_any_trust(here: Region) -> None:
    seats = [seat for seat in here.seats if seat.forum == "nhs-england/spf"]
    assert {seat.side for seat in seats} == {Side.MANAGEMENT, Side.STAFF, Side.NONE}
    assert {seat.organisation for seat in seats} == {"nhs-england"}
    assert all(len(seats_of(here, seat.holder)) == 1 for seat in seats)


def test_former_trusts_are_closed_and_name_their_successor(here: Region) -> None:
    former = {o.ods_code: (o.closed_on, o.successor) for o in here.organisations if o.successor}
    assert former == {"RE9": (date(2019, 3, 31), "R0B"), "RLN": (date(2019, 3, 31), "R0B")}
    current = [o for o in here.organisations if o.kind is OrganisationKind.TRUST and not o.closed_on]
    assert len(current) == 11


def test_keys_are_unique_and_every_reference_is_known(here: Region) -> None:
    organisations = {o.key for o in here.organisations}
    forums = {forum.key for forum in here.forums}
    subjects = {person.subject for person in here.people}
    seats = {seat.key for seat in here.seats}
    assert len(organisations) == len(here.organisations)
    assert len(forums) == len(here.forums)
    assert len(subjects) == len(here.people)
    assert len(seats) == len(here.seats)
    assert {o.parent for o in here.organisations} | {o.successor for o in here.organisations} <= organisations | {None}
    assert {served for forum in here.forums for served in forum.serves} <= organisations
    assert {forum.parent for forum in here.forums} <= forums | {None}
    for seat in here.seats:
        assert seat.holder in subjects
        assert seat.organisation in organisations
        assert seat.forum is None or seat.forum in forums
        assert seat.union is None or seat.union in organisations


def test_nobody_in_the_demo_can_be_taken_for_a_real_person(here: Region) -> None:
    names = [person.name for person in here.people]
    assert len(set(names)) == len(names)
    assert all(name.endswith(people.LABEL) for name in names)


def test_a_subject_does_not_tell_which_network_its_holder_belongs_to(here: Region) -> None:
    personas = {persona.subject for persona in PERSONAS}
    for person in here.people:
        if person.subject not in personas:
            prefix, _, number = person.subject.rpartition("-")
            assert prefix.upper() in TRUSTS or prefix in ("north-east", "nhs-england")
            assert number.isdigit()


def test_the_same_day_gives_the_same_region_and_another_day_the_same_people() -> None:
    first = region(TODAY)
    region.cache_clear()
    assert region(TODAY) == first
    assert region(date(2027, 5, 3)).people == first.people
    assert [s.key for s in region(date(2027, 5, 3)).seats] == [s.key for s in first.seats]


def test_ids_stay_what_they_were() -> None:
    assert str(demo_id("forum", "RTD/jnc")) == "d9ac04df-ce9a-5eca-a1d6-b9d9c6d92b0c"
    assert demo_id("forum", "RTD/jnc") != demo_id("seat", "RTD/jnc")
