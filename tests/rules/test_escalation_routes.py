"""Where an issue can go: every route that the founding documents ask for, and none besides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.access import matrix
from service.forums import BODY, ORGANISATION, routes
from service.forums.routes import (
    BOARD,
    BOARD_COMMITTEE,
    COLUMNS,
    EDI,
    EXECUTIVE,
    GUARDIAN,
    JNC,
    LNC,
    NATIONAL_SPF,
    NETWORK,
    NO_END,
    ROUTES,
    SAFETY,
    SPF,
    UNION_GROUP,
    Route,
    no_route_but,
    raising_problems,
    raising_route,
    route_between,
    route_problems,
    route_rows,
    routes_from,
    words,
)
from service.rules.bodies import Channel, ForumKind, Office, Purpose, Side
from service.rules.escalations import Carries, Reach, RouteKind
from service.rules.problems import Code

TODAY = date(2026, 11, 27)
JOINT, STAFF, MANAGEMENT = Channel.JOINT, Channel.STAFF_SIDE, Channel.MANAGEMENT_SIDE
SIDE_OF = {STAFF: Side.STAFF, MANAGEMENT: Side.MANAGEMENT}

# Written from the issue and DESIGN section 7, apart from the table under test.
REACHED = {
    NETWORK: {(JNC, STAFF), (JNC, JOINT), (LNC, JOINT), EDI, (SAFETY, JOINT), GUARDIAN},
    UNION_GROUP: {(JNC, STAFF), GUARDIAN},
    (JNC, STAFF): {(JNC, JOINT), EDI, (SAFETY, JOINT), (SPF, STAFF), GUARDIAN},
    (JNC, MANAGEMENT): {(JNC, JOINT), EDI, (SAFETY, JOINT), (SPF, MANAGEMENT), GUARDIAN},
    (LNC, STAFF): {(LNC, JOINT), EDI, (SAFETY, JOINT), GUARDIAN},
    (LNC, MANAGEMENT): {(LNC, JOINT), EDI, (SAFETY, JOINT), GUARDIAN},
    (SAFETY, STAFF): {(SAFETY, JOINT), EDI, GUARDIAN},
    (SAFETY, MANAGEMENT): {(SAFETY, JOINT), EDI, GUARDIAN},
    (JNC, JOINT): {EXECUTIVE, BOARD, BOARD_COMMITTEE, (SPF, JOINT), GUARDIAN},
    (LNC, JOINT): {EXECUTIVE, BOARD, BOARD_COMMITTEE, GUARDIAN},
    EDI: {EXECUTIVE, BOARD, BOARD_COMMITTEE, GUARDIAN},
    (SAFETY, JOINT): {EXECUTIVE, BOARD, BOARD_COMMITTEE, GUARDIAN},
    EXECUTIVE: {BOARD, BOARD_COMMITTEE, GUARDIAN},
    BOARD_COMMITTEE: {BOARD, GUARDIAN},
    BOARD: {(SPF, JOINT), GUARDIAN},
    GUARDIAN: set(),
    (SPF, STAFF): {(SPF, JOINT), (NATIONAL_SPF, STAFF)},
    (SPF, MANAGEMENT): {(SPF, JOINT), (NATIONAL_SPF, MANAGEMENT)},
    (SPF, JOINT): {(NATIONAL_SPF, JOINT)},
    (NATIONAL_SPF, STAFF): {(NATIONAL_SPF, JOINT), (SPF, STAFF)},
    (NATIONAL_SPF, MANAGEMENT): {(NATIONAL_SPF, JOINT), (SPF, MANAGEMENT)},
    (NATIONAL_SPF, JOINT): {(SPF, JOINT)},
}
REFERRED = {
    (JNC, JOINT): {EDI, (SAFETY, JOINT)},
    EDI: {(JNC, JOINT), (SAFETY, JOINT)},
    (SAFETY, JOINT): {(JNC, JOINT), EDI},
}
PLACES = tuple(
    (kind, Channel(purpose)) for kind, body in BODY.items() for purpose in body.rooms if purpose in set(Channel)
)


def target(route: Route) -> tuple[ForumKind, Channel]:
    return route.to_kind, route.to_channel


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_an_issue_goes_from_every_room_where_it_may_and_nowhere_else(place: tuple[ForumKind, Channel]) -> None:
    found: dict[RouteKind, set[tuple[ForumKind, Channel]]] = {RouteKind.ESCALATE: set(), RouteKind.REFER: set()}
    for route in routes_from(*place, TODAY):
        found[route.kind].add(target(route))
    assert found == {RouteKind.ESCALATE: REACHED.get(place, set()), RouteKind.REFER: REFERRED.get(place, set())}


@pytest.mark.parametrize("origin", PLACES, ids="-".join)
def test_whoever_asks_for_a_route_that_does_not_exist_is_told_those_that_do(origin: tuple[ForumKind, Channel]) -> None:
    for kind, reached in ((RouteKind.ESCALATE, REACHED), (RouteKind.REFER, REFERRED)):
        for aim in PLACES:
            problems = route_problems(kind, origin, aim, TODAY)
            if aim in reached.get(origin, set()):
                assert problems == []
                continue
            (problem,) = problems
            assert (problem.code, problem.field) == (Code.NO_ROUTE, ("to",))
            for there in reached.get(origin, set()):
                assert words(*there) in problem.message
            if not reached.get(origin):
                assert problem.message.endswith("It can go to nobody else.")


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_an_issue_is_raised_among_officers_in_a_sides_own_room_or_with_the_guardian(
    place: tuple[ForumKind, Channel],
) -> None:
    may = place in (NETWORK, UNION_GROUP, GUARDIAN) or place[1] in SIDE_OF
    assert (raising_route(*place, TODAY) is not None) is may
    problems = raising_problems(*place, TODAY, ("forumId",))
    assert [(each.code, each.field) for each in problems] == ([] if may else [(Code.NO_ROUTE, ("forumId",))])


def test_management_can_never_be_reached_from_the_private_channel_without_the_staff_sides_own_item() -> None:
    """Staff side takes to a joint room what it will, as its own item; nothing goes from one side to the other."""
    for route in ROUTES:
        sides = {SIDE_OF[each] for each in (route.from_channel, route.to_channel) if each in SIDE_OF}
        assert len(sides) <= 1, route.code
        if route.from_channel in SIDE_OF and route.kind is RouteKind.ESCALATE:
            assert route.carries in (Carries.OWN_ITEM, Carries.RECEIPT), route.code


def test_the_region_hears_of_a_trust_as_a_theme_alone_or_from_each_side_as_its_own_item() -> None:
    for route in ROUTES:
        if route.to_kind == SPF and route.reach is Reach.REGION and route.from_kind != NATIONAL_SPF:
            assert route.carries is (Carries.THEME if route.to_channel is JOINT else Carries.OWN_ITEM), route.code
        assert (route.carries is Carries.THEME) == (route.to_kind == SPF and route.from_kind in (JNC, ForumKind.BOARD)
            and route.to_channel is JOINT), route.code  # fmt: skip


def test_nothing_of_what_is_handed_over_to_the_guardian_is_kept_but_a_receipt() -> None:
    to_guardian = [route for route in ROUTES if target(route) == GUARDIAN]
    assert {route.carries for route in to_guardian} == {Carries.RECEIPT}
    assert all(route.reach is Reach.SAME_ORGANISATION for route in to_guardian)


def test_a_route_leaves_the_organisation_only_to_the_region_and_the_nation() -> None:
    for route in ROUTES:
        crosses = route.kind is not RouteKind.RAISE and {route.from_kind, route.to_kind} & {SPF, NATIONAL_SPF}
        within = not crosses or route.from_kind == route.to_kind
        reach = Reach.SAME_ORGANISATION if within else Reach.NATION if route.to_kind == NATIONAL_SPF else Reach.REGION
        assert route.reach is reach, route.code


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.code)
def test_an_individuals_case_gets_through_to_the_guardian_the_staff_side_and_a_union_and_nowhere_else(
    route: Route,
) -> None:
    gets_through = target(route) in (GUARDIAN, UNION_GROUP) or route.to_channel is STAFF
    assert route.diverts_casework is not gets_through


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.code)
def test_a_route_leads_from_a_room_that_there_is_to_offices_that_open_the_room_it_leads_to(route: Route) -> None:
    assert Purpose(route.to_channel) in BODY[route.to_kind].rooms
    if route.from_kind != ORGANISATION:
        assert Purpose(route.from_channel) in BODY[ForumKind(route.from_kind)].rooms
    opening = {row.office for row in BODY[route.to_kind].offices if Purpose(route.to_channel) in row.opens}
    assert set(route.received_by) & opening, "nobody could take it up"
    assert len(set(route.received_by)) == len(route.received_by)
    assert Office.SECRETARIAT not in route.received_by, "the secretariat is neutral and takes nothing up"
    assert 0 < route.acknowledge_days <= route.answer_days
    assert route.starts_on < route.ends_on
    assert route.source


def test_a_union_official_comes_last_in_the_staff_sides_succession_and_in_no_other_sides() -> None:
    for route in ROUTES:
        official = Office.FULL_TIME_OFFICIAL in route.received_by
        if route.to_channel is STAFF:
            assert route.received_by[-1] is Office.FULL_TIME_OFFICIAL, route.code
        if route.to_channel is MANAGEMENT or route.to_kind == ForumKind.STAFF_NETWORK:
            assert not official, route.code


def test_a_client_tells_every_route_by_its_code() -> None:
    assert len({route.code for route in ROUTES}) == len(ROUTES)
    pairs = [(route.kind, route.from_kind, route.from_channel, *target(route)) for route in ROUTES]
    assert len(set(pairs)) == len(pairs), "two routes of one kind between the same rooms on the same day"
    assert len({target(route) for route in ROUTES if route.kind is RouteKind.RAISE}) == len(
        [route for route in ROUTES if route.kind is RouteKind.RAISE]
    )


def test_a_route_holds_from_its_first_day_up_to_and_without_its_last(monkeypatch: pytest.MonkeyPatch) -> None:
    begins, ends = date(2026, 4, 1), date(2027, 4, 1)
    (first, *others) = (route for route in ROUTES if route.from_kind == NETWORK[0])
    dated = tuple(replace(route, starts_on=begins, ends_on=ends) for route in (first, *others))
    monkeypatch.setattr(routes, "ROUTES", dated)
    day = timedelta(days=1)
    for on, there in ((begins - day, False), (begins, True), (ends - day, True), (ends, False)):
        assert bool(routes_from(*NETWORK, on)) is there
        assert (raising_route(*NETWORK, on) is not None) is there
        assert (route_between(RouteKind.ESCALATE, NETWORK, EDI, on) is not None) is there
        assert (route_problems(RouteKind.ESCALATE, NETWORK, EDI, on) == []) is there


def test_a_route_without_an_end_holds_on_the_last_day_but_one_that_can_be_written() -> None:
    assert {route.ends_on for route in ROUTES} == {NO_END}
    assert routes_from(*NETWORK, date.max - timedelta(days=1))


def test_a_refusal_names_each_body_once() -> None:
    problem = no_route_but(["the board", "the board", "the EDI steering group"], ("toForumId",))
    assert problem.message == "It cannot go there from here. It can go to the board, the EDI steering group."
    assert problem.field == ("toForumId",)


def test_a_database_row_is_the_routes_fields_in_their_order() -> None:
    rows = list(route_rows())
    assert len(rows) == len(ROUTES)
    assert dict(zip(COLUMNS, rows[0], strict=True))["code"] == ROUTES[0].code


def test_people_review_every_route_and_every_day_by_which_it_is_answered() -> None:
    page = matrix.routes_page()
    for route in ROUTES:
        (line,) = [line for line in page.splitlines() if line.endswith(f"`{route.code}` |")]
        assert ("diverted" in line) == (route.diverts_casework and route.carries is not Carries.THEME)
        assert f"{route.acknowledge_days} / {route.answer_days}" in line or route.carries is Carries.THEME
