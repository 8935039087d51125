"""Nobody acts on a consultation before or after its time, and every body has the time it was given."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from service.rules.acts import Act
from service.rules.bodies import Side
from service.rules.consultations import (
    CONSULTATION_ACTS,
    MOVES,
    SIGNING_SIDES,
    ConsulteeState,
    LateDecision,
    State,
    closing_moment,
    complete,
    consultee_state,
    destinations,
    extension_problems,
    late,
    may,
    move_problems,
    state_at,
)
from service.rules.problems import Code

CLOSING = datetime(2026, 11, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
NOT_OF_CONSULTATIONS = {
    *(Act.SEAT_GRANT, Act.SEAT_END, Act.INVITATION_ISSUE, Act.INVITATION_ACCEPT, Act.RECUSAL_DECLARE),
    *(Act.MEMBERSHIP_JOIN, Act.MEMBERSHIP_LEAVE, Act.MEMBERSHIP_ACCEPT, Act.MEMBERSHIP_DECLINE),
}
OF_ISSUES = (
    *("ISSUE_", "CONSENT_", "RECIPIENT_", "MESSAGE_", "STEP_", "HANDOVER_", "INTEREST_", "DISCLOSURE_", "IDENTITY_"),
    *("THEME_", "SIGNPOST_", "OWN_SIGN_IN_", "REPORT_", "RELEASE_", "WEBHOOK_", "PEOPLE_", "MAIL_", "CALENDAR_"),
)


def states_for(act: Act) -> set[State]:
    return {state for state in State if may(state, act)}


# --- what is possible when --------------------------------------------------------------------------


def test_consultee_can_do_nothing_to_a_draft_or_a_plan() -> None:
    acts = {Act.COMMENT_ADD, Act.COMMENT_WITHDRAW, Act.RESPONSE_DRAFT, Act.RESPONSE_SUBMIT, Act.RESPONSE_SHARE}
    assert not any(may(state, act) for state in (None, State.DRAFT, State.PLANNED) for act in acts)


def test_employer_cannot_decide_a_point_before_the_consultation_has_closed() -> None:
    assert states_for(Act.OUTCOME_RECORD) == {State.CLOSED}


def test_employer_cannot_change_the_papers_while_bodies_are_reading_them() -> None:
    assert states_for(Act.POLICY_VERSION_ADD) == {State.DRAFT, State.CLOSED}


def test_employer_cannot_open_without_an_agreed_plan() -> None:
    assert states_for(Act.CONSULTATION_OPEN) == {State.PLANNED}
    assert {move.act for move in MOVES if move.to_state == State.PLANNED != move.from_state} == {
        Act.PLAN_SIGN,
        Act.PLAN_PROCEED,
    }


def test_neither_side_can_conclude_but_by_signatures_or_statements() -> None:
    assert {(m.from_state, m.act) for m in MOVES if m.to_state == State.CONCLUDED != m.from_state} == {
        (State.CLOSED, Act.CONSULTATION_SIGN),
        (State.CLOSED, Act.DISAGREEMENT_RECORD),
    }


def test_nobody_can_bring_back_a_concluded_or_withdrawn_consultation() -> None:
    for ended in (State.CONCLUDED, State.WITHDRAWN):
        assert {move.to_state for move in MOVES if move.from_state == ended} == {ended}


def test_nobody_can_close_a_consultation_or_open_it_again() -> None:
    changing = [move for move in MOVES if move.from_state != move.to_state]
    assert not any(move.to_state == State.CLOSED for move in changing)
    assert [move.from_state for move in changing if move.to_state == State.OPEN] == [State.PLANNED]


def test_drafter_begins_where_there_is_nothing() -> None:
    assert destinations(None, Act.CONSULTATION_DRAFT) == {State.DRAFT}
    assert states_for(Act.CONSULTATION_DRAFT) == set()


def test_every_act_on_consultations_has_its_moves_and_no_move_stands_twice() -> None:
    elsewhere = {act for act in Act if act.startswith(OF_ISSUES)}
    assert set(Act) - CONSULTATION_ACTS - elsewhere == NOT_OF_CONSULTATIONS
    assert len(set(MOVES)) == len(MOVES)


def test_secretary_refused_is_told_in_which_states_the_act_is_possible() -> None:
    [problem] = move_problems(State.OPEN, Act.POLICY_VERSION_ADD)
    assert problem.code == Code.WRONG_STATE
    assert problem.message == "This is possible only while the consultation is DRAFT or CLOSED."
    [problem] = move_problems(State.OPEN, Act.CONSULTATION_DRAFT)
    assert problem.code == Code.WRONG_STATE


@given(st.sampled_from([None, *State]), st.sampled_from(Act))
def test_nobody_is_refused_what_is_possible_nor_allowed_what_is_not(state: State | None, act: Act) -> None:
    possible = any(move.from_state == state and move.act == act for move in MOVES)
    assert may(state, act) is possible
    assert (move_problems(state, act) == []) is possible


# --- closing ----------------------------------------------------------------------------------------


def test_late_body_finds_the_consultation_closed_at_the_closing_moment() -> None:
    assert state_at(State.OPEN, CLOSING, CLOSING - SECOND) == State.OPEN
    assert state_at(State.OPEN, CLOSING, CLOSING) == State.CLOSED
    assert late(CLOSING, CLOSING)
    assert not late(CLOSING, CLOSING - SECOND)


@given(st.sampled_from([s for s in State if s != State.OPEN]), MOMENTS)
def test_nobody_sees_time_move_any_state_but_open(stored: State, now: datetime) -> None:
    assert state_at(stored, CLOSING, now) == stored
    assert state_at(stored, None, now) == stored


def test_late_body_finds_a_row_read_as_plain_text_closed_too() -> None:
    word: State = "OPEN"  # type: ignore[assignment]
    assert state_at(word, CLOSING, CLOSING) == State.CLOSED
    assert not may(state_at(word, CLOSING, CLOSING), Act.COMMENT_ADD)


@given(MOMENTS, st.none() | MOMENTS)
def test_body_never_loses_time_by_an_extension(closes_at: datetime, extended_to: datetime | None) -> None:
    closing = closing_moment(closes_at, extended_to)
    assert closing >= closes_at
    assert closing in {closes_at, extended_to}


@pytest.mark.parametrize(
    ("responded_at", "decision", "now", "state"),
    [
        (None, None, CLOSING - SECOND, ConsulteeState.AWAITED),
        (None, None, CLOSING, ConsulteeState.NO_RESPONSE),
        (CLOSING - SECOND, None, CLOSING, ConsulteeState.RESPONDED),
        (CLOSING, None, CLOSING, ConsulteeState.LATE),
        (CLOSING, LateDecision.CONSIDERED, CLOSING, ConsulteeState.LATE_CONSIDERED),
        (CLOSING, LateDecision.DECLINED, CLOSING, ConsulteeState.LATE_DECLINED),
        (CLOSING - SECOND, LateDecision.DECLINED, CLOSING, ConsulteeState.RESPONDED),
    ],
)
def test_body_stands_where_its_response_and_its_clock_put_it(
    responded_at: datetime | None, decision: LateDecision | None, now: datetime, state: ConsulteeState
) -> None:
    assert consultee_state(responded_at, decision, CLOSING, now) == state


@given(st.none() | MOMENTS, st.none() | st.sampled_from(LateDecision), MOMENTS)
def test_silent_body_is_never_counted_as_having_responded(
    responded_at: datetime | None, decision: LateDecision | None, now: datetime
) -> None:
    silent = {ConsulteeState.AWAITED, ConsulteeState.NO_RESPONSE}
    assert (consultee_state(responded_at, decision, CLOSING, now) in silent) is (responded_at is None)


@pytest.mark.parametrize(
    ("proposed", "now", "code"),
    [
        (CLOSING, CLOSING - SECOND, Code.DATE_ORDER),
        (CLOSING - SECOND, CLOSING - 2 * SECOND, Code.DATE_ORDER),
        (CLOSING + SECOND, CLOSING + SECOND, Code.IN_THE_PAST),
        (CLOSING + timedelta(days=184, seconds=1), CLOSING, Code.TOO_LONG_PERIOD),
    ],
)
def test_side_cannot_shorten_backdate_or_drag_out_a_consultation(proposed: datetime, now: datetime, code: Code) -> None:
    assert [p.code for p in extension_problems(CLOSING, proposed, now)] == [code]


def test_body_may_be_given_up_to_six_months_even_after_closing() -> None:
    assert extension_problems(CLOSING, CLOSING + timedelta(days=184), CLOSING - SECOND) == []
    assert extension_problems(CLOSING, CLOSING + timedelta(days=7), CLOSING + timedelta(days=1)) == []


# --- the whole life ---------------------------------------------------------------------------------


class Life(RuleBasedStateMachine):
    """A consultation lived through the pure rules, against a model of what must never happen."""

    @initialize(stage=st.sampled_from([State.DRAFT, State.OPEN, State.CLOSED]))
    def draft(self, stage: State) -> None:
        """Many lives begin well, so that their later years are lived often enough."""
        self.stored = State.DRAFT
        self.now = datetime(2026, 9, 1, tzinfo=UTC)
        self.closes_at: datetime | None = None
        self.plan_signed: set[Side] = set()
        self.signed: set[Side] = set()
        self.stated: set[Side] = set()
        self.was_open = False
        self.decided = 0
        if stage != State.DRAFT:
            for side in SIGNING_SIDES:
                self.sign_plan(side)
            self.open(20)
        if stage == State.CLOSED:
            self.wait(20)
        assert self.state == stage

    @property
    def state(self) -> State:
        return state_at(self.stored, self.closes_at, self.now)

    def go(self, act: Act, *, second: bool = False) -> bool:
        """Do the act if the rules let it happen; with two destinations the second signature moves on."""
        before = self.state
        possible = destinations(before, act)
        assert (move_problems(before, act) == []) is bool(possible)
        if not possible:
            return False
        moving = possible - {before}
        if moving and (second or before not in possible):
            [self.stored] = moving
        return True

    @rule(days=st.integers(1, 30))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(side=st.sampled_from(SIGNING_SIDES))
    def sign_plan(self, side: Side) -> None:
        if self.go(Act.PLAN_SIGN, second=complete(self.plan_signed | {side})):
            self.plan_signed.add(side)

    @precondition(lambda self: self.plan_signed)
    @rule()
    def proceed(self) -> None:
        self.go(Act.PLAN_PROCEED)

    @rule()
    def plan_anew(self) -> None:
        if self.go(Act.CONSULTATION_PLAN):
            self.plan_signed.clear()

    @rule(days=st.integers(20, 60))
    def open(self, days: int) -> None:
        if self.go(Act.CONSULTATION_OPEN):
            assert self.plan_signed
            self.was_open = True
            self.closes_at = self.now + timedelta(days=days)

    @rule(days=st.integers(-10, 60))
    def extend(self, days: int) -> None:
        if self.closes_at is None or not may(self.state, Act.EXTENSION_SIGN):
            return
        proposed = self.closes_at + timedelta(days=days)
        if not extension_problems(self.closes_at, proposed, self.now):
            self.go(Act.EXTENSION_SIGN)
            self.closes_at = proposed

    @rule()
    def comment(self) -> None:
        if self.go(Act.COMMENT_ADD):
            assert self.closes_at is not None
            assert self.now < self.closes_at

    @rule()
    def decide(self) -> None:
        if self.go(Act.OUTCOME_RECORD):
            assert self.closes_at is not None
            assert self.now >= self.closes_at
            self.decided += 1

    @rule(side=st.sampled_from(SIGNING_SIDES))
    def sign(self, side: Side) -> None:
        if self.go(Act.CONSULTATION_SIGN, second=complete(self.signed | {side})):
            self.signed.add(side)

    @rule(side=st.sampled_from(SIGNING_SIDES))
    def disagree(self, side: Side) -> None:
        if self.go(Act.DISAGREEMENT_RECORD, second=complete(self.stated | {side})):
            self.stated.add(side)

    @rule(seldom=st.integers(0, 30))
    def withdraw(self, seldom: int) -> None:
        if seldom == 0 and self.go(Act.CONSULTATION_WITHDRAW):
            assert self.state == State.WITHDRAWN

    @rule()
    def ratify(self) -> None:
        if self.go(Act.CONSULTATION_RATIFY):
            assert complete(self.signed) or complete(self.stated)

    @invariant()
    def ends_only_with_both_sides(self) -> None:
        assert (self.stored == State.CONCLUDED) <= (complete(self.signed) or complete(self.stated))

    @invariant()
    def decides_only_what_was_open_and_has_closed(self) -> None:
        assert (self.decided > 0) <= self.was_open
        assert (self.state == State.OPEN) <= (self.decided == 0)

    @invariant()
    def closes_by_the_clock_alone(self) -> None:
        assert self.stored != State.CLOSED
        assert (self.closes_at is not None) is self.was_open


Life.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestLifeOfAConsultation = Life.TestCase
