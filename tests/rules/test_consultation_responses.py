"""A body speaks once, on clauses that exist, and no point is waved away without a reason or a change."""

import pytest

from service.rules.consultations import (
    Decision,
    LateDecision,
    Point,
    Response,
    Stance,
    comment_problems,
    late_decision_problems,
    outcome_problems,
    response_problems,
)
from service.rules.problems import Code, Problem

ADDRESSES = ("1", "1(1)", "2.1(3)")
POINTS = (Point("2.1(3)", "Say who decides."), Point(None, "Easier words, please."))


def found(problems: list[Problem]) -> list[tuple[Code, tuple[str, ...]]]:
    return [(p.code, p.field) for p in problems]


@pytest.mark.parametrize("stance", Stance)
def test_network_can_submit_points_with_any_stance(stance: Stance) -> None:
    response = Response(stance, "We were asked in time.", POINTS, ("Two members saw it otherwise.",))
    assert response_problems(response, ADDRESSES, already_submitted=False) == []


def test_network_cannot_respond_twice() -> None:
    response = Response(Stance.SUPPORT, "", ())
    assert found(response_problems(response, ADDRESSES, already_submitted=True)) == [(Code.ALREADY_RESPONDED, ())]


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (Response(Stance.SUPPORT_WITH_CHANGES, "Changes!", ()), (Code.REQUIRED, ("points",))),
        (Response(Stance.OPPOSE, "  ", ()), (Code.REQUIRED, ("summary",))),
        (Response(Stance.NO_VIEW, "", (Point("9(9)", "x"),)), (Code.UNKNOWN_CLAUSE, ("points", "0", "clauseId"))),
        (Response(Stance.NO_VIEW, "", (Point("1", ""),)), (Code.REQUIRED, ("points", "0", "body"))),
        (Response(Stance.NO_VIEW, "", (Point("1", "x" * 5_001),)), (Code.TOO_LONG, ("points", "0", "body"))),
        (Response(Stance.NO_VIEW, "", (Point("1", "x"),) * 201), (Code.TOO_MANY, ("points",))),
        (Response(Stance.NO_VIEW, "x" * 20_001, ()), (Code.TOO_LONG, ("summary",))),
        (Response(Stance.NO_VIEW, "", (), ("",)), (Code.REQUIRED, ("minorityViews", "0"))),
        (Response(Stance.NO_VIEW, "", (), ("x" * 10_001,)), (Code.TOO_LONG, ("minorityViews", "0"))),
        (Response(Stance.NO_VIEW, "", (), ("x",) * 21), (Code.TOO_MANY, ("minorityViews",))),
    ],
)
def test_network_cannot_submit_what_nobody_could_answer(
    response: Response, problem: tuple[Code, tuple[str, ...]]
) -> None:
    assert found(response_problems(response, ADDRESSES, already_submitted=False)) == [problem]


def test_network_may_support_or_have_no_view_without_a_word() -> None:
    for stance in (Stance.SUPPORT, Stance.NO_VIEW):
        assert response_problems(Response(stance, "", ()), ADDRESSES, already_submitted=False) == []


def test_member_cannot_comment_on_a_clause_that_is_not_there() -> None:
    assert found(comment_problems("Why?", "1(2)", ADDRESSES)) == [(Code.UNKNOWN_CLAUSE, ("clauseId",))]
    assert comment_problems("Why?", "1(1)", ADDRESSES) == []
    assert comment_problems("Why?", None, ADDRESSES) == []


def test_member_cannot_leave_an_empty_comment() -> None:
    assert found(comment_problems(" ", None, ADDRESSES)) == [(Code.REQUIRED, ("body",))]


@pytest.mark.parametrize("decision", LateDecision)
def test_employer_cannot_set_aside_a_response_that_came_in_time(decision: LateDecision) -> None:
    problems = late_decision_problems(decision, "Too late.", undecided_late=False)
    assert found(problems) == [(Code.NOT_LATE, ())]


def test_employer_cannot_decline_a_late_response_without_a_reason() -> None:
    assert found(late_decision_problems(LateDecision.DECLINED, "", undecided_late=True)) == [
        (Code.REQUIRED, ("reason",))
    ]
    assert late_decision_problems(LateDecision.DECLINED, "A month late.", undecided_late=True) == []
    assert late_decision_problems(LateDecision.CONSIDERED, "", undecided_late=True) == []


REASON = "The law leaves no choice."


@pytest.mark.parametrize(
    ("decision", "reason", "changed", "problems"),
    [
        (Decision.ACCEPTED, "", True, []),
        (Decision.ACCEPTED, REASON, True, []),
        (Decision.ACCEPTED, REASON, False, [(Code.CHANGE_REQUIRED, ("changedClauseId",))]),
        (Decision.PARTLY, REASON, True, []),
        (Decision.PARTLY, "", True, [(Code.REQUIRED, ("reason",))]),
        (Decision.PARTLY, REASON, False, [(Code.CHANGE_REQUIRED, ("changedClauseId",))]),
        (Decision.PARTLY, "", False, [(Code.REQUIRED, ("reason",)), (Code.CHANGE_REQUIRED, ("changedClauseId",))]),
        (Decision.REJECTED, REASON, False, []),
        (Decision.REJECTED, "", False, [(Code.REQUIRED, ("reason",))]),
        (Decision.REJECTED, REASON, True, [(Code.INVALID, ("changedClauseId",))]),
    ],
)
def test_network_gets_a_change_or_a_reason_for_every_point(
    decision: Decision, reason: str, changed: bool, problems: list[tuple[Code, tuple[str, ...]]]
) -> None:
    assert found(outcome_problems(decision, reason, clause_changed=changed)) == problems
