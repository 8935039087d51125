"""A count never points at anyone: nought stays, a few are hidden, the rest is rounded (NHS England's rule)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.reports.disclosure import RULES, hidden_most, mean, rounded, rule_on, share, shown

RULE = RULES[0]
COUNTS = st.integers(0, 10**7)


@pytest.mark.parametrize(("count", "as_library"), [(0, 0), (2, 5), (5, 5), (8, 10), (16, 15), (57, 55), (10023, 10025)])
def test_the_published_vectors_round_as_published(count: int, as_library: int) -> None:
    assert rounded(count, RULE) == as_library


@pytest.mark.parametrize("count", [-1, -5, Decimal("-0.5"), Decimal("2.5"), Decimal("0.1")])
def test_a_count_that_is_none_is_refused(count: Decimal | int) -> None:
    with pytest.raises(ValueError, match="whole number"):
        rounded(count, RULE)
    with pytest.raises(ValueError, match="whole number"):
        shown(count, RULE)


@pytest.mark.parametrize("count", range(1, 8))
def test_one_to_seven_people_are_hidden(count: int) -> None:
    assert shown(count, RULE).value is None


@pytest.mark.parametrize(("count", "value"), [(0, 0), (8, 10), (12, 10), (13, 15), (16, 15), (57, 55)])
def test_nobody_and_eight_or_more_are_shown(count: int, value: int) -> None:
    assert shown(count, RULE).value == value


@given(COUNTS)
def test_what_is_shown_leaves_five_values_or_seven(count: int) -> None:
    seen = shown(count, RULE)
    possible = [n for n in range(max(0, count - 20), count + 21) if shown(n, RULE).value == seen.value]
    assert possible == list(range(seen.least, seen.most + 1))
    assert len(possible) == (1 if count == 0 else 7 if seen.hidden else 5)
    assert seen.value not in range(1, 8)


@given(COUNTS)
def test_members_of_a_network_are_hidden_below_ten_and_in_the_whole_of_what_rounds_alike(count: int) -> None:
    seen = shown(count, RULE, network=True)
    assert seen.hidden == (1 <= count <= 12)
    if seen.value:
        assert seen.most - seen.least + 1 == RULE.base
        assert seen.least > RULE.network_threshold - 1


@given(st.integers(1, 60), st.sampled_from([3, 5, 10]))
def test_a_threshold_never_cuts_through_what_rounds_to_one_number(threshold: int, base: int) -> None:
    rule = replace(RULE, threshold=threshold, base=base)
    most = hidden_most(rule)
    assert most >= threshold - 1
    first, last = shown(most + 1, rule), shown(most + base, rule)
    assert first == last
    assert first.value != shown(most + base + 1, rule).value


def test_a_percentage_is_made_of_rounded_counts() -> None:
    assert share(shown(57, RULE).value, shown(103, RULE).value) == Decimal("52.4")
    assert share(shown(3, RULE).value, shown(103, RULE).value) is None
    assert share(shown(0, RULE).value, shown(103, RULE).value) == 0
    assert share(shown(0, RULE).value, shown(0, RULE).value) is None


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_percentage_is_above_a_hundred(one: int, other: int) -> None:
    found = share(shown(min(one, other), RULE).value, shown(max(one, other), RULE).value)
    assert found is None or 0 <= found <= 100


@pytest.mark.parametrize("people", range(8))
def test_there_is_no_mean_of_seven_people_or_fewer(people: int) -> None:
    assert mean(Decimal(700), people, RULE) is None


def test_a_mean_is_over_the_people_as_rounded() -> None:
    assert mean(Decimal(700), 12, RULE) == 70


def test_the_rule_of_a_day_is_dated_data() -> None:
    assert rule_on(date(2026, 11, 27)) == RULE
    assert rule_on(date(1999, 1, 1)) == RULES[-1]
    assert [rule.from_date for rule in RULES] == sorted((rule.from_date for rule in RULES), reverse=True)
