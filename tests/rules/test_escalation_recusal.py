"""Nobody answers for themselves, and no side answers for the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.forums import BODY
from service.forums.routes import JNC, ROUTES, STAFF_SUCCESSION
from service.rules.bodies import Office, Purpose, Side
from service.rules.escalations import Holder, barred_people, can_be_taken, receiver_problems, successions
from service.rules.problems import Code

STAFF, MANAGEMENT, NONE = Side.STAFF, Side.MANAGEMENT, Side.NONE
CHAIR = Holder("chair", STAFF, Office.CHAIR)
VICE = Holder("vice", STAFF, Office.VICE_CHAIR)
SECRETARY = Holder("secretary", STAFF, Office.SECRETARY)
OFFICIAL = Holder("official", STAFF, Office.FULL_TIME_OFFICIAL)
REPRESENTATIVE = Holder("representative", STAFF, Office.WORKPLACE_REPRESENTATIVE)
EMPLOYERS_CHAIR = Holder("employers' chair", MANAGEMENT, Office.CHAIR)
SECRETARIAT = Holder("secretariat", NONE, Office.SECRETARIAT)
STAFF_SIDE = (OFFICIAL, REPRESENTATIVE, SECRETARY, CHAIR, VICE)
BOTH = (*STAFF_SIDE, EMPLOYERS_CHAIR, SECRETARIAT)


@pytest.mark.parametrize(
    ("barred", "next_"),
    [
        (set(), CHAIR),
        ({"chair"}, VICE),
        ({"chair", "vice"}, SECRETARY),
        ({"chair", "vice", "secretary"}, OFFICIAL),
    ],
)
def test_a_seat_emptied_by_recusal_passes_to_the_vice_another_lead_and_at_last_the_unions_official(
    barred: set[str], next_: Holder
) -> None:
    assert successions(STAFF_SUCCESSION, STAFF_SIDE, barred)[STAFF][0] == next_


def test_a_step_goes_back_where_every_lead_and_official_of_the_staff_side_is_barred() -> None:
    """The representative takes nothing up, and management side does not either."""
    barred = {"chair", "vice", "secretary", "official"}
    able = successions(STAFF_SUCCESSION, BOTH, barred)
    assert able == {STAFF: (), MANAGEMENT: (EMPLOYERS_CHAIR,)}
    assert not can_be_taken(able)
    (problem,) = receiver_problems(STAFF_SUCCESSION, BOTH, barred, ("toForumId",))
    assert (problem.code, problem.field) == (Code.NO_RECEIVER, ("toForumId",))


def test_a_step_goes_back_where_nobody_holds_an_office_that_takes_it_up() -> None:
    assert not can_be_taken(successions(STAFF_SUCCESSION, (REPRESENTATIVE, SECRETARIAT), set()))
    assert not can_be_taken({})


def test_somebody_barred_in_one_seat_is_barred_in_every_other() -> None:
    second = Holder("chair", STAFF, Office.VICE_CHAIR)
    barred = barred_people((CHAIR, second, OFFICIAL), set(), {(STAFF, Office.CHAIR)})
    assert barred == {"chair"}
    assert successions(STAFF_SUCCESSION, (CHAIR, second, OFFICIAL), barred)[STAFF] == (OFFICIAL,)


def test_an_office_named_as_implicated_bars_whoever_holds_it_and_nobody_on_the_other_side() -> None:
    assert barred_people(BOTH, {"x"}, {(MANAGEMENT, Office.CHAIR)}) == {"x", "employers' chair"}
    assert barred_people((), {"x"}, {(MANAGEMENT, Office.CHAIR)}) == {"x"}


SEATS = [
    (row.side, row.office)
    for row in BODY[JNC].offices
    if {Purpose.JOINT, Purpose.STAFF_SIDE, Purpose.MANAGEMENT_SIDE} & {*row.opens}
]
HOLDERS = st.lists(st.builds(lambda p, s: Holder(p, *s), st.integers(0, 6), st.sampled_from(SEATS)), max_size=10)


@given(st.sampled_from(ROUTES), HOLDERS, st.frozensets(st.integers(0, 6)))
def test_whoever_takes_a_step_up_is_of_the_side_that_lost_a_seat_and_is_not_barred(
    route: object, holders: list[Holder], barred: frozenset[int]
) -> None:
    received_by = route.received_by  # type: ignore[attr-defined]
    able = successions(received_by, holders, barred)
    for side, line in able.items():
        assert all(each.side is side and each.person not in barred and each in holders for each in line)
        places = [received_by.index(each.office) for each in line]
        assert places == sorted(places)
    sides = {each.side for each in holders if each.office in received_by}
    assert set(able) == sides
    left = {each.side for each in holders if each.office in received_by and each.person not in barred}
    assert can_be_taken(able) is (bool(sides) and left == sides)
    assert (receiver_problems(received_by, holders, barred) == []) is can_be_taken(able)
