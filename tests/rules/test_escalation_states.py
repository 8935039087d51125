"""What can be done with a step and an issue, and when: every move, and every refusal."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.acts import Act
from service.rules.escalations import (
    ENDED,
    ISSUE_ACTS,
    ISSUE_STATE_DESCRIPTIONS,
    MOVES,
    STEP_ACTS,
    STEP_STATE_DESCRIPTIONS,
    UNDER_WAY,
    IssueState,
    StepState,
    destinations,
    issue_act_problems,
    issue_state,
    may,
    move_problems,
)
from service.rules.problems import Code

AWAITING, SENT, ACKNOWLEDGED = StepState.AWAITING_CONSENT, StepState.SENT, StepState.ACKNOWLEDGED
ACCEPTED, ON_AGENDA, RESOLVED = StepState.ACCEPTED, StepState.ON_AGENDA, StepState.RESOLVED
RETURNED, REFERRED, WITHDRAWN = StepState.RETURNED, StepState.REFERRED, StepState.WITHDRAWN

# Written from the issue, apart from the table under test: in which states of a step each act is possible, and what follows.
POSSIBLE: dict[Act, dict[StepState | None, set[StepState]]] = {
    Act.ISSUE_ESCALATE: {None: {AWAITING}, ACCEPTED: {ACCEPTED}, ON_AGENDA: {ON_AGENDA}},
    Act.STEP_REFER: {None: {AWAITING}, ACCEPTED: {ACCEPTED, REFERRED}, ON_AGENDA: {ON_AGENDA, REFERRED}},
    Act.CONSENT_GIVE: {AWAITING: {SENT, RETURNED}},
    Act.CONSENT_WITHDRAW: {
        AWAITING: {WITHDRAWN}, SENT: {WITHDRAWN}, ACKNOWLEDGED: {WITHDRAWN}, ACCEPTED: {ACCEPTED}, ON_AGENDA: {ON_AGENDA},
    },
    Act.STEP_ACKNOWLEDGE: {SENT: {ACKNOWLEDGED}},
    Act.STEP_ACCEPT: {SENT: {ACCEPTED}, ACKNOWLEDGED: {ACCEPTED}},
    Act.STEP_PLACE: {ACCEPTED: {ON_AGENDA}},
    Act.STEP_RESOLVE: {ACCEPTED: {RESOLVED}, ON_AGENDA: {RESOLVED}},
    Act.STEP_RETURN: {state: {RETURNED} for state in (SENT, ACKNOWLEDGED, ACCEPTED, ON_AGENDA)},
    **{
        act: {state: {state} for state in (SENT, ACKNOWLEDGED, ACCEPTED, ON_AGENDA)}
        for act in (Act.STEP_ASK, Act.STEP_ANSWER, Act.STEP_NOTE)
    },
    Act.INTEREST_DECLARE: {
        state: {state, RETURNED} if state in (SENT, ACKNOWLEDGED, ACCEPTED, ON_AGENDA) else {state} for state in StepState
    },
}  # fmt: skip
LIVE = {IssueState.RAISED, IssueState.CARRIED, IssueState.ANSWERED, IssueState.RETURNED, IssueState.WITHDRAWN}


@pytest.mark.parametrize(("act", "state"), list(product(sorted(STEP_ACTS), (None, *StepState))))
def test_a_receiver_can_do_with_a_step_what_its_state_allows_and_nothing_else(
    act: Act, state: StepState | None
) -> None:
    expected = POSSIBLE[act].get(state, set())
    assert destinations(state, act) == expected
    assert may(state, act) is bool(expected)
    problems = move_problems(state, act)
    assert [each.code for each in problems] == ([] if expected else [Code.WRONG_STATE])
    for problem in problems:
        for possible in POSSIBLE[act]:
            assert possible is None or possible in problem.message


def test_every_act_on_a_step_is_in_the_review() -> None:
    assert set(POSSIBLE) == STEP_ACTS
    assert len(set(MOVES)) == len(MOVES)


@pytest.mark.parametrize("act", sorted(set(Act) - STEP_ACTS))
def test_no_other_act_moves_a_step(act: Act) -> None:
    for state in (None, *StepState):
        assert not may(state, act)
        assert [each.code for each in move_problems(state, act)] == [Code.WRONG_STATE]


def test_a_step_that_ended_never_begins_again() -> None:
    for state in ENDED:
        for act in STEP_ACTS:
            assert destinations(state, act) <= {state}, (state, act)


def test_a_step_is_not_sent_but_by_consent() -> None:
    into = {move.act for move in MOVES if move.to_state in UNDER_WAY and move.from_state not in UNDER_WAY}
    assert into == {Act.CONSENT_GIVE}


def test_a_state_read_from_a_row_is_judged_as_its_enum() -> None:
    assert move_problems("SENT", Act.STEP_ACCEPT) == []  # type: ignore[arg-type]
    assert issue_state("RAISED", ["RESOLVED"]) is IssueState.ANSWERED  # type: ignore[arg-type, list-item]


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), IssueState.RAISED),
        ((AWAITING,), IssueState.RAISED),
        ((SENT,), IssueState.CARRIED),
        ((ACKNOWLEDGED,), IssueState.CARRIED),
        ((ACCEPTED,), IssueState.CARRIED),
        ((ON_AGENDA,), IssueState.CARRIED),
        ((RESOLVED,), IssueState.ANSWERED),
        ((RETURNED,), IssueState.RETURNED),
        ((WITHDRAWN,), IssueState.WITHDRAWN),
        ((REFERRED,), IssueState.CARRIED),
        ((REFERRED, SENT), IssueState.CARRIED),
        ((REFERRED, RESOLVED), IssueState.ANSWERED),
        ((ACCEPTED, RESOLVED), IssueState.CARRIED),
        ((RESOLVED, AWAITING), IssueState.ANSWERED),
        ((RETURNED, RESOLVED), IssueState.ANSWERED),
        ((RESOLVED, RETURNED), IssueState.RETURNED),
        ((RESOLVED, WITHDRAWN, AWAITING), IssueState.WITHDRAWN),
    ],
)
def test_a_raiser_reads_of_an_issue_what_its_steps_say(steps: tuple[StepState, ...], state: IssueState) -> None:
    assert issue_state(IssueState.RAISED, steps) is state


@given(st.sampled_from(list(IssueState)), st.lists(st.sampled_from(list(StepState)), max_size=6))
def test_an_issue_always_stands_somewhere_and_never_contradicts_its_steps(
    stored: IssueState, steps: list[StepState]
) -> None:
    state = issue_state(stored, steps)
    if stored in (IssueState.CLOSED, IssueState.HANDED_OVER):
        assert state is stored
    elif any(step in UNDER_WAY for step in steps):
        assert state is IssueState.CARRIED
    else:
        assert state in LIVE
        assert (state is IssueState.RAISED) == all(step is AWAITING for step in steps)


@pytest.mark.parametrize(("act", "state"), list(product(sorted(ISSUE_ACTS), IssueState)))
def test_an_officer_can_do_with_an_issue_what_its_state_allows_and_nothing_else(act: Act, state: IssueState) -> None:
    possible = {
        Act.ISSUE_ESCALATE: LIVE,
        Act.ISSUE_CLOSE: LIVE - {IssueState.CARRIED},
        Act.RECIPIENT_CHOOSE: LIVE,
        Act.MESSAGE_SEND: LIVE,
        Act.HANDOVER_TAKE: {IssueState.RAISED, IssueState.CARRIED},
        Act.INTEREST_DECLARE: set(IssueState),
    }[act]
    problems = issue_act_problems(state, act)
    assert [each.code for each in problems] == ([] if state in possible else [Code.WRONG_STATE])
    for problem in problems:
        assert all(each in problem.message for each in possible)


def test_no_other_act_is_possible_on_an_issue() -> None:
    assert [each.code for each in issue_act_problems(IssueState.RAISED, Act.STEP_ACCEPT)] == [Code.WRONG_STATE]


def test_a_client_finds_every_state_described() -> None:
    assert set(STEP_STATE_DESCRIPTIONS) == set(StepState)
    assert set(ISSUE_STATE_DESCRIPTIONS) == set(IssueState)
