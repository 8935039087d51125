"""Neither side, and nobody else, can make an agreement of what both sides have not signed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.bodies import Side
from service.rules.consultations import (
    Ending,
    State,
    assessment_problems,
    complete,
    conclusion_problems,
    disagreement_problems,
    proceed_problems,
    ratification_problems,
    signature_problems,
)
from service.rules.problems import Code, Problem

CLOSED_ON = date(2026, 9, 29)
DAY = timedelta(days=1)
READY = Ending(
    state=State.CLOSED,
    open_points=0,
    late_undecided=0,
    still_awaited=0,
    final_version=3,
    latest_version=3,
    impact_assessed_version=3,
    impact_assessed_on=CLOSED_ON + DAY,
    closed_on=CLOSED_ON,
)
HASH, OTHER = "a" * 64, "b" * 64


def codes(problems: list[Problem]) -> list[Code]:
    return [p.code for p in problems]


def test_both_sides_may_end_what_is_fully_answered() -> None:
    assert conclusion_problems(READY) == []


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (replace(READY, open_points=1), Code.OPEN_POINTS),
        (replace(READY, late_undecided=1), Code.LATE_UNDECIDED),
        (replace(READY, still_awaited=1), Code.RESPONSE_AWAITED),
        (replace(READY, final_version=2, impact_assessed_version=2), Code.NOT_LATEST_VERSION),
        (replace(READY, impact_assessed_on=None), Code.IMPACT_ASSESSMENT_DATED),
        (replace(READY, impact_assessed_on=CLOSED_ON), Code.IMPACT_ASSESSMENT_DATED),
        (replace(READY, impact_assessed_version=2), Code.IMPACT_ASSESSMENT_DATED),
        (replace(READY, impact_assessed_version=None), Code.IMPACT_ASSESSMENT_DATED),
    ],
)
def test_employer_cannot_end_a_consultation_with_anything_left_undone(ending: Ending, code: Code) -> None:
    assert codes(conclusion_problems(ending)) == [code]


@pytest.mark.parametrize("state", [state for state in State if state != State.CLOSED])
def test_employer_cannot_end_a_consultation_that_is_not_closed(state: State) -> None:
    assert codes(conclusion_problems(replace(READY, state=state))) == [Code.WRONG_STATE]


def test_secretary_reads_all_that_is_left_undone_at_once() -> None:
    ending = replace(READY, open_points=2, late_undecided=1, final_version=2)
    assert set(codes(conclusion_problems(ending))) == {
        Code.OPEN_POINTS,
        Code.LATE_UNDECIDED,
        Code.NOT_LATEST_VERSION,
        Code.IMPACT_ASSESSMENT_DATED,
    }


@pytest.mark.parametrize("side", [Side.NETWORK, Side.INDEPENDENT, Side.NONE, "", "management"])
def test_network_or_secretariat_cannot_sign_for_either_side(side: str) -> None:
    assert codes(signature_problems(side, [], HASH, HASH)) == [Code.NOT_PERMITTED]


@pytest.mark.parametrize("side", [Side.MANAGEMENT, Side.STAFF])
def test_one_side_cannot_sign_for_both(side: Side) -> None:
    assert signature_problems(side, [], HASH, HASH) == []
    assert codes(signature_problems(side, [side], HASH, HASH)) == [Code.ALREADY_SIGNED]


def test_staff_side_cannot_be_made_to_sign_other_words_than_it_read() -> None:
    assert codes(signature_problems(Side.STAFF, [Side.MANAGEMENT], OTHER, HASH)) == [Code.HASH_MISMATCH]


@given(st.sets(st.sampled_from([*Side])))
def test_silence_of_a_side_is_never_consent(sides: set[Side]) -> None:
    assert complete(sides) is (Side.MANAGEMENT in sides and Side.STAFF in sides)


def test_side_cannot_disagree_without_a_statement_and_the_disputes_procedure() -> None:
    problems = disagreement_problems(Side.STAFF, [], statement="", procedure=" ")
    assert [(p.code, p.field) for p in problems] == [
        (Code.REQUIRED, ("statement",)),
        (Code.REQUIRED, ("disputesProcedure",)),
    ]


def test_side_may_disagree_with_or_without_a_status_quo_clause() -> None:
    for status_quo in ("", "Clause 7 of the partnership agreement"):
        problems = disagreement_problems(
            Side.STAFF, [Side.MANAGEMENT], statement="We could not.", procedure="Stage 2", status_quo=status_quo
        )
        assert problems == []


def test_side_cannot_make_a_second_statement_nor_a_network_any() -> None:
    for side, code in ((Side.STAFF, Code.ALREADY_SIGNED), (Side.NETWORK, Code.NOT_PERMITTED)):
        problems = disagreement_problems(side, [Side.STAFF], statement="No.", procedure="Stage 2")
        assert codes(problems) == [code]


def test_plan_cannot_go_ahead_without_any_signature_or_a_reason() -> None:
    assert proceed_problems([Side.MANAGEMENT], "Staff side has no chair at present.") == []
    assert codes(proceed_problems([], "Nobody was there.")) == [Code.SIGNATURE_MISSING]
    assert codes(proceed_problems([Side.NETWORK], "Nobody was there.")) == [Code.SIGNATURE_MISSING]
    assert codes(proceed_problems([Side.STAFF], "")) == [Code.REQUIRED]


def test_employer_cannot_date_an_impact_assessment_ahead() -> None:
    assert assessment_problems(CLOSED_ON, CLOSED_ON) == []
    assert codes(assessment_problems(CLOSED_ON + DAY, CLOSED_ON)) == [Code.IN_THE_FUTURE]


D1, D2, D3, D4 = (date(2026, 10, day) for day in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("ratified", "effective", "review", "today", "problems"),
    [
        (D1, D1, D2, D1, []),
        (D2, D3, D4, D2, []),
        (D1 - DAY, D2, D3, D4, [(Code.DATE_ORDER, "ratifiedOn")]),
        (D2, D3, D4, D1, [(Code.IN_THE_FUTURE, "ratifiedOn")]),
        (D2, D1, D3, D4, [(Code.DATE_ORDER, "effectiveOn")]),
        (D2, D3, D3, D4, [(Code.DATE_ORDER, "reviewOn")]),
    ],
)
def test_board_cannot_ratify_out_of_order(
    ratified: date, effective: date, review: date, today: date, problems: list[tuple[Code, str]]
) -> None:
    found = ratification_problems(ratified, effective, review, D1, today)
    assert [(p.code, p.field[0]) for p in found] == problems
