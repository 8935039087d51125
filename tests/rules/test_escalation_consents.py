"""A raiser's words go where the raiser said, as the raiser read them, and come back when asked for."""

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.escalations import (
    WITHDRAWAL_DESCRIPTIONS,
    IdentityMode,
    StepState,
    Withdrawal,
    consent_problems,
    content_hash,
    covers,
    sending_problems,
    speaks_for,
    withdrawal,
    withdrawal_problems,
)
from service.rules.problems import Code, Problem
from service.rules.text import normalised

DAY = date(2026, 11, 27)
AWAITING = StepState.AWAITING_CONSENT
BEFORE_ACCEPTANCE = (AWAITING, StepState.SENT, StepState.ACKNOWLEDGED)
AFTER_ACCEPTANCE = (StepState.ACCEPTED, StepState.ON_AGENDA)


def codes(problems: list[Problem]) -> list[Code]:
    return [problem.code for problem in problems]


def test_a_consent_is_to_the_text_as_the_database_hashes_it() -> None:
    assert content_hash("Rosters come late.") == sha256(b"Rosters come late.").hexdigest()


def test_a_text_that_was_normalised_keeps_its_consent() -> None:
    """What is kept is the normalised form, and it is that which the raiser reads."""
    assert content_hash("  caf\u0065\u0301\r\n ") == content_hash("caf\u00e9")


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_consent_covers_one_text_and_no_other(one: str, other: str) -> None:
    assert covers(content_hash(one), one)
    assert covers(content_hash(one), other) is (normalised(one) == normalised(other))


@pytest.mark.parametrize("state", StepState)
def test_consent_is_given_once_and_only_while_it_is_awaited(state: StepState) -> None:
    stands = content_hash("a")
    expected = (
        [] if state is AWAITING else [Code.ALREADY_WITHDRAWN if state is StepState.WITHDRAWN else Code.WRONG_STATE]
    )
    assert codes(consent_problems(state, stands, stands)) == expected


def test_a_raiser_who_read_another_text_has_not_consented_to_this_one() -> None:
    (problem,) = consent_problems(AWAITING, content_hash("as read"), content_hash("as changed"))
    assert (problem.code, problem.field) == (Code.HASH_MISMATCH, ("contentHash",))


def test_a_receiver_is_shown_nothing_without_consent_to_exactly_that_text() -> None:
    assert codes(sending_problems(None, None, "a")) == [Code.CONSENT_REQUIRED]
    assert codes(sending_problems(content_hash("b"), None, "a")) == [Code.CONSENT_REQUIRED]
    assert codes(sending_problems(content_hash("a"), DAY, "a")) == [Code.ALREADY_WITHDRAWN]
    assert sending_problems(content_hash("a"), None, "a") == []


@pytest.mark.parametrize("state", StepState)
def test_a_raiser_takes_back_what_is_not_over(state: StepState) -> None:
    """Before acceptance the text goes; afterwards the receiver is told and decides."""
    if state in BEFORE_ACCEPTANCE:
        assert (withdrawal(state), withdrawal_problems(state, None)) == (Withdrawal.TOMBSTONE, [])
    elif state in AFTER_ACCEPTANCE:
        assert (withdrawal(state), withdrawal_problems(state, None)) == (Withdrawal.TOLD, [])
    else:
        assert withdrawal(state) is None
        assert codes(withdrawal_problems(state, None)) == [Code.WRONG_STATE]
    assert codes(withdrawal_problems(state, DAY)) == [Code.ALREADY_WITHDRAWN]


@pytest.mark.parametrize("identity", [IdentityMode.NAMED, IdentityMode.CONFIDENTIAL])
def test_no_officer_consents_for_a_person_who_raised_it(identity: IdentityMode) -> None:
    assert not speaks_for(identity, is_raiser=False, is_officer=True)
    assert speaks_for(identity, is_raiser=True, is_officer=False)


def test_officers_consent_for_what_their_body_raised_itself() -> None:
    assert speaks_for(IdentityMode.OFFICE, is_raiser=False, is_officer=True)
    assert not speaks_for(IdentityMode.OFFICE, is_raiser=False, is_officer=False)


def test_a_client_finds_both_ends_of_a_withdrawal_described() -> None:
    assert set(WITHDRAWAL_DESCRIPTIONS) == set(Withdrawal)
