"""The audit of what is shown together finds exactly what a linear programme finds, from outside and from each trust."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from service.rules.reports.definitions import Part
from service.rules.reports.differencing import TOTALS, Slice, _circulation, allowed_totals
from service.rules.reports.disclosure import RULES, shown
from tests.rules.attacker import Knowledge
from tests.rules.regions import exact, places, published

RULE = RULES[0]
ENOUGH = 4


def a_slice(rng: random.Random) -> Slice:
    reports = published(rng, places(rng))
    counts = exact(reports, "PEOPLE", "", Part.VALUE)
    of = {report.place.trust: report.place for report in reports}
    return Slice(of, counts, {trust: shown(count, RULE) for trust, count in counts.items()}, 7)


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_the_audit_finds_what_a_linear_programme_finds(seed: int) -> None:
    rng = random.Random(seed)
    one = a_slice(rng)
    sums = {t: sum(one.counts[trust] for trust in one.counts if t in one.places[trust].totals()) for t in one.parts()}
    # Totals are shown at random, as no release would: so that there is something to find.
    totals = {total: shown(count, RULE) for total, count in sums.items() if rng.random() < 0.6}
    circulation, trusts, _ = _circulation(one, totals)
    insider = rng.choice(sorted(one.counts))
    for knowing in (None, insider):
        knowledge = Knowledge()
        for trust, seen in one.shown.items():
            own = one.counts[trust]
            knowledge.variable(trust, *((own, own) if trust == knowing else (seen.least, seen.most)))
        for total, seen in totals.items():
            inside = [trust for trust in one.counts if total in one.places[trust].totals()]
            knowledge.total(inside, seen.least, seen.most)
        ranges = knowledge.ranges([{trust: 1} for trust in one.counts], one.counts)
        for trust, (least, most) in zip(one.counts, ranges, strict=True):
            if trust != knowing:
                frozen = trusts[knowing] if knowing else None
                assert circulation.values(trusts[trust], ENOUGH, frozen) == min(ENOUGH, most - least + 1)


@given(st.integers(0, 10**6))
def test_no_total_that_is_allowed_is_hidden_for_being_small(seed: int) -> None:
    """Else that it is hidden would say that it is between one and seven."""
    one = a_slice(random.Random(seed))
    parts = one.parts()
    sums = {t: shown(sum(one.counts[trust] for trust in trusts), RULE) for t, trusts in parts.items()}
    allowed = allowed_totals(one, sums, RULE)
    assert all(not sums[total].hidden for total in allowed if len(parts[total]) > 1)
    assert {total[0] for total in parts} <= set(TOTALS)


@given(st.integers(0, 10**6))
def test_every_total_that_is_allowed_leaves_enough_values_of_every_count(seed: int) -> None:
    one = a_slice(random.Random(seed))
    parts = one.parts()
    sums = {t: shown(sum(one.counts[trust] for trust in trusts), RULE) for t, trusts in parts.items()}
    allowed = allowed_totals(one, sums, RULE)
    circulation, trusts, _ = _circulation(one, {total: sums[total] for total in allowed})
    for trust, count in one.counts.items():
        if count:
            assert circulation.values(trusts[trust], ENOUGH) == ENOUGH
