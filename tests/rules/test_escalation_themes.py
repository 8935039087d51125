"""The region hears that something is common, and of no trust that did not agree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.bodies import Side
from service.rules.escalations import (
    THEME_STATE_DESCRIPTIONS,
    THRESHOLDS,
    Offer,
    Seen,
    ThemeState,
    Threshold,
    may_be_named,
    offer_problems,
    period_of,
    period_problems,
    seen,
    theme_answer_problems,
    theme_signature_problems,
    threshold,
)
from service.rules.problems import Code

TODAY = date(2026, 11, 27)
BOTH = frozenset({Side.MANAGEMENT, Side.STAFF})


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2028, 2, 29), "2028-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 6, 30), "2026-Q2"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 10, 1), "2026-Q4"),
        (date(2026, 12, 31), "2026-Q4"),
        (date(1, 1, 1), "0001-Q1"),
    ],
)
def test_a_day_lies_in_one_quarter(day: date, period: str) -> None:
    assert period_of(day) == period


@given(st.dates(), st.dates())
def test_quarters_follow_one_another_as_their_words_do(one: date, other: date) -> None:
    if one <= other:
        assert period_of(one) <= period_of(other)
    assert period_problems(period_of(one), max(one, other)) == []


@pytest.mark.parametrize(
    "period", ["", "2026", "2026-Q5", "2026-Q0", "2026Q1", "26-Q1", "2026-Q1\n", "²026-Q1", "0000-Q1"]
)
def test_a_quarter_that_is_none_is_refused(period: str) -> None:
    assert [(each.code, each.field) for each in period_problems(period, TODAY)] == [(Code.INVALID, ("period",))]


def test_a_theme_is_of_a_quarter_that_has_begun_and_offered_once() -> None:
    assert [each.code for each in offer_problems("2027-Q1", TODAY, already_offered=False)] == [Code.IN_THE_FUTURE]
    assert [each.code for each in offer_problems("2026-Q4", TODAY, already_offered=True)] == [Code.ALREADY_OFFERED]
    assert offer_problems("2026-Q4", TODAY, already_offered=False) == []
    assert offer_problems("2024-Q1", TODAY, already_offered=False) == []


def test_three_trusts_make_a_theme_until_a_region_says_otherwise() -> None:
    assert threshold(TODAY) == 3
    dated = (Threshold(date(2026, 1, 1), 3), Threshold(date(2026, 12, 1), 5))
    assert [threshold(day, dated) for day in (date(2026, 11, 30), date(2026, 12, 1), date(2030, 1, 1))] == [3, 5, 5]
    assert threshold(date(2020, 1, 1), dated) == THRESHOLDS[0].trusts


def test_two_trusts_that_did_not_sign_are_not_there_for_the_region() -> None:
    assert seen([Offer("a"), Offer("b")], 3) == Seen(None, frozenset())


def test_one_sides_signature_names_no_trust() -> None:
    for side in BOTH:
        assert seen([Offer("a", frozenset({side}))], 3) == Seen(None, frozenset())


def test_a_trust_whose_sides_both_signed_is_named_alone_and_tells_of_no_other() -> None:
    assert seen([Offer("a", BOTH), Offer("b")], 3) == Seen(1, frozenset({"a"}))


def test_three_trusts_are_counted_and_only_those_that_signed_are_named() -> None:
    assert seen([Offer("a", BOTH), Offer("b"), Offer("c")], 3) == Seen(3, frozenset({"a"}))
    assert seen([Offer("a"), Offer("b"), Offer("c")], 3) == Seen(3, frozenset())


def test_a_trust_whose_board_and_joint_committee_offer_the_same_counts_once() -> None:
    assert seen([Offer("a"), Offer("a"), Offer("b")], 3) == Seen(None, frozenset())
    assert seen([Offer("a"), Offer("a", BOTH), Offer("b")], 3) == Seen(1, frozenset({"a"}))


@given(
    st.lists(st.builds(Offer, st.sampled_from("abcdef"), st.frozensets(st.sampled_from(list(Side)))), max_size=10),
    st.integers(2, 6),
)
def test_the_region_never_learns_of_a_trust_that_hides_among_too_few(offers: list[Offer], least: int) -> None:
    found = seen(offers, least)
    signed = {offer.trust for offer in offers if offer.sides_signed >= BOTH}
    assert found.named == signed
    if found.trusts is not None and found.trusts < least:
        assert found.trusts == len(signed), "the others are not even counted"
    trusts = {offer.trust for offer in offers}
    assert (found.trusts is None) == (len(trusts) < least and not signed)


def test_each_of_the_two_sides_signs_once_and_nobody_else_does() -> None:
    assert theme_signature_problems(Side.STAFF, ["MANAGEMENT"]) == []
    assert [each.code for each in theme_signature_problems("STAFF", ["STAFF"])] == [Code.ALREADY_SIGNED]
    for side in (Side.INDEPENDENT, Side.NONE, Side.NETWORK):
        assert [each.code for each in theme_signature_problems(side, [])] == [Code.NOT_PERMITTED]
    assert may_be_named(["STAFF", "MANAGEMENT"])
    assert not may_be_named(["STAFF", "NONE"])


@pytest.mark.parametrize("state", ThemeState)
@pytest.mark.parametrize("to_state", ThemeState)
def test_a_forum_never_goes_back_on_a_theme(state: ThemeState, to_state: ThemeState) -> None:
    order = list(ThemeState)
    problems = theme_answer_problems(state, to_state, "We met the trusts.")
    if to_state is ThemeState.RAISED:
        assert [(each.code, each.field) for each in problems] == [(Code.INVALID, ("state",))]
    elif order.index(to_state) < order.index(state):
        assert [(each.code, each.field) for each in problems] == [(Code.WRONG_STATE, ("state",))]
    else:
        assert problems == []


def test_a_forum_says_something_when_it_answers() -> None:
    problems = theme_answer_problems(ThemeState.RAISED, ThemeState.ANSWERED, " ")
    assert [(each.code, each.field) for each in problems] == [(Code.REQUIRED, ("statement",))]


def test_a_client_finds_every_state_of_a_theme_described() -> None:
    assert set(THEME_STATE_DESCRIPTIONS) == set(ThemeState)
