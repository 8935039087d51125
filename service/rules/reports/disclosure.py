"""How a count of people is shown outside the trust: never so that it points at anyone.

NHS England's rule for secondary care below national level (DOMAIN 5): 0 stays 0; 1 to 7 is hidden; 8 and more is
rounded to the nearest 5; totals are computed first and then rounded; a percentage is made of the rounded numerator
and denominator; no mean of 1 to 7 people. Members of one staff network take the threshold 10: being on that list can
out a person. Thresholds are dated data. No rule of WRES or WDES itself was found.

A threshold that cuts through what rounds to one number hides all of it: of 10, 11 and 12, which all show as 10, a
threshold of 10 would leave three values, where every other number shown leaves five. We apply the rule to England as
well: the national exemption would be worth little beside its regions, and give an attacker a firm edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

ONE_PLACE: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """From `from_date`: counts from 1 to below `threshold` are hidden, others rounded to the nearest `base`.

    `network_threshold` is for members of one staff network. `numbers_least`: every sum that can be made of what is
    shown (a total and its parts, two totals and what they differ by) relates at least so many rounded numbers.
    `values_least`: whatever is shown, at least so many values of every count remain possible.
    """

    from_date: date
    threshold: int
    base: int
    network_threshold: int
    numbers_least: int
    values_least: int
    source: str


# Newest first: the first row that has begun is the rule.
RULES: Final[tuple[DisclosureRule, ...]] = (
    DisclosureRule(
        from_date=date(2018, 1, 1),
        threshold=8,
        base=5,
        network_threshold=10,
        numbers_least=7,
        values_least=4,
        source="NHS England disclosure control for hospital statistics (1-7 hidden, nearest 5); DOMAIN 5. "
        "The day from which it holds is from memory; numbers_least and values_least are ours",
    ),
)


def rule_on(day: date) -> DisclosureRule:
    """The rule of that day; before the first, the first."""
    return next((rule for rule in RULES if rule.from_date <= day), RULES[-1])


@dataclass(frozen=True, slots=True)
class Shown:
    """A count as it is shown: the rounded value, or None where it is hidden; and what it may truly be.

    `least` and `most` are what anybody can tell from it who knows the rule.
    """

    value: int | None
    least: int
    most: int

    @property
    def hidden(self) -> bool:
        """Whether there is nothing to show."""
        return self.value is None


def whole_count(count: Decimal | int) -> int:
    """The count as a whole number; ValueError where it is negative or no whole number."""
    if isinstance(count, bool) or count != int(count) or count < 0:
        msg = "a count of people is a whole number, nought or more"
        raise ValueError(msg)
    return int(count)


def rounded(count: Decimal | int, rule: DisclosureRule) -> int:
    """The count to the nearest `base`, and what is hidden as one `base`: for sums that need a number, never shown."""
    exact = whole_count(count)
    if exact == 0:
        return 0
    return max(rule.base, (exact + rule.base // 2) // rule.base * rule.base)


def hidden_most(rule: DisclosureRule, *, network: bool = False) -> int:
    """The largest count that is hidden: below the threshold, and on to the end of what rounds to the same number."""
    threshold = rule.network_threshold if network else rule.threshold
    half = rule.base // 2
    past = threshold + half
    first_whole = past // rule.base * rule.base - half
    return (first_whole if first_whole >= threshold else first_whole + rule.base) - 1


def shown(count: Decimal | int, rule: DisclosureRule, *, network: bool = False) -> Shown:
    """How the count is shown, and what it gives away."""
    exact = whole_count(count)
    if exact == 0:
        return Shown(0, 0, 0)
    most = hidden_most(rule, network=network)
    if exact <= most:
        return Shown(None, 1, most)
    value = rounded(exact, rule)
    half = rule.base // 2
    return Shown(value, value - half, value + rule.base - 1 - half)


def share(numerator: int | None, denominator: int | None) -> Decimal | None:
    """A percentage of 0-100 to one place, from counts as shown; None: one of them is hidden or it is undefined."""
    if numerator is None or not denominator:
        return None
    exact = Decimal(100) * numerator / denominator
    return min(exact, Decimal(100)).quantize(ONE_PLACE, ROUND_HALF_UP)


def mean(total: Decimal, people: int, rule: DisclosureRule) -> Decimal | None:
    """A mean to one place, of the people as rounded; None: of 1-7 people (or nobody) there is none."""
    seen = shown(people, rule)
    if seen.value is None or seen.value == 0:
        return None
    return (total / seen.value).quantize(ONE_PLACE, ROUND_HALF_UP)
