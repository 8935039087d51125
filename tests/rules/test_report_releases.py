"""The region's picture: hidden counts stay hidden, published ones stay as published, and a release never changes."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.rules.reports.definitions import Dimension, Figure, Part
from service.rules.reports.differencing import Place
from service.rules.reports.kinds import find
from service.rules.reports.periods import months_from, year_of
from service.rules.reports.releases import Cell, Published, Reason, Release, Status
from service.rules.reports.releasing import build
from tests.rules.regions import FROZEN, OF_PEOPLE, YEAR, corrected, exact, places, published

SEEDS = st.integers(0, 10**6)
FACILITY, JOBS, SURVEY, WRES, WDES = (
    find("FACILITY_TIME", 2), find("JOB_EVALUATION", 1), find("STAFF_SURVEY", 1), find("WRES", 1), find("WDES", 2),
)  # fmt: skip
NORTH_EAST = [
    Place(code, kind, "QHM", "North East")
    for code, kind in (
        ("RTD", "Acute"), ("RXP", "Acute"), ("RR7", "Acute"), ("RVW", "Acute"), ("RTR", "Acute"), ("RTF", "Acute"),
        ("R0B", "Acute"), ("RX4", "Mental health"), ("RX3", "Mental health"), ("RX6", "Ambulance"),
    )
]  # fmt: skip


def region(seed: int) -> list[Published]:
    rng = random.Random(seed)
    return published(rng, places(rng))


def by_member(release: Release, dimension: Dimension, metric: str = "PEOPLE") -> dict[str, Cell]:
    return {c.key.member: c for c in release.cells if (c.key.dimension, c.key.metric) == (dimension, metric)}


def people(counts: Sequence[int], of: Sequence[Place] = NORTH_EAST) -> list[Published]:
    return [
        Published(place, 1, YEAR, (Figure("PEOPLE", value=Decimal(n)),), "Invented")
        for place, n in zip(of, counts, strict=True)
    ]


@given(SEEDS)
def test_no_number_from_one_to_seven_is_ever_published(seed: int) -> None:
    for cell in build(OF_PEOPLE, region(seed), FROZEN).cells:
        counts = (cell.numerator, cell.denominator, cell.value if cell.key.metric == "PEOPLE" else None)
        assert all(n is None or n == 0 or (n >= 8 and n % 5 == 0) for n in counts)
        if cell.status is Status.HIDDEN:
            assert (cell.value, cell.numerator, cell.denominator) == (None, None, None)


@given(SEEDS)
def test_whoever_reads_a_hidden_cell_is_not_told_why(seed: int) -> None:
    cells = build(OF_PEOPLE, region(seed), FROZEN).cells
    assert {c.reasons for c in cells if c.status is Status.HIDDEN} <= {()}


@given(SEEDS)
def test_the_order_of_reports_changes_nothing(seed: int) -> None:
    reports = region(seed)
    shuffled = random.Random(seed).sample(reports, len(reports))
    assert build(OF_PEOPLE, reports, FROZEN) == build(OF_PEOPLE, shuffled, FROZEN)


@given(SEEDS)
def test_suppression_is_stable_the_next_release_of_the_same_reports_shows_and_hides_the_same(seed: int) -> None:
    reports = region(seed)
    first = build(OF_PEOPLE, reports, FROZEN)
    second = build(OF_PEOPLE, reports, date(2028, 1, 1), before=[first])
    assert [replace(c, computed_in=1) for c in second.cells] == list(first.cells)


@given(SEEDS)
def test_a_new_year_changes_no_cell_of_the_old_one(seed: int) -> None:
    rng = random.Random(seed)
    of = places(rng)
    old, new = published(rng, of), published(rng, of, months_from(date(2027, 4, 1), 12))
    first = build(OF_PEOPLE, old, FROZEN)
    second = build(OF_PEOPLE, [*old, *new], date(2028, 6, 1), before=[first])
    assert [replace(c, computed_in=1) for c in second.cells if c.key.period == YEAR] == list(first.cells)


@given(SEEDS)
def test_a_trusts_cell_is_the_same_whatever_others_report(seed: int) -> None:
    rng = random.Random(seed)
    reports = region(seed)
    alone = by_member(build(OF_PEOPLE, reports[:1], FROZEN), Dimension.TRUST)
    among = by_member(build(OF_PEOPLE, corrected(rng, reports)[1:] + reports[:1], FROZEN), Dimension.TRUST)
    name = reports[0].place.trust
    assert among[name] == alone[name]


@settings(max_examples=25)
@given(SEEDS)
def test_a_total_that_is_shown_is_the_exact_total_rounded(seed: int) -> None:
    reports = region(seed)
    counts = exact(reports, "PEOPLE", "", Part.VALUE)
    cell = by_member(build(OF_PEOPLE, reports, FROZEN), Dimension.ENGLAND)["ENGLAND"]
    if cell.value is not None:
        assert abs(sum(counts.values()) - cell.value) <= 2


def test_the_region_is_shown_and_the_two_trusts_of_one_type_are_not_given_away() -> None:
    release = build(OF_PEOPLE, people([18, 23, 9, 31, 44, 12, 27, 3, 16, 8]), FROZEN)
    assert by_member(release, Dimension.REGION)["North East"].value == 190
    types = by_member(release, Dimension.TRUST_TYPE)
    assert types["North East/Mental health"].status is Status.HIDDEN
    assert types["North East/Acute"].status is Status.HIDDEN
    assert types["North East/Ambulance"].value == 10
    trusts = by_member(release, Dimension.TRUST)
    assert trusts["RX4"].status is Status.HIDDEN
    assert trusts["RTD"].value == 20


def test_the_region_comes_first_and_what_differs_from_it_by_one_trust_is_hidden() -> None:
    cumbria = Place("RNN", "Acute", "QHM", "North West")
    release = build(OF_PEOPLE, people([18, 23, 9, 31, 44, 12, 27, 13, 16, 8, 14], [*NORTH_EAST, cumbria]), FROZEN)
    assert by_member(release, Dimension.REGION)["North East"].value == 200
    assert by_member(release, Dimension.ENGLAND)["ENGLAND"].status is Status.HIDDEN
    assert by_member(release, Dimension.ICB)["QHM"].status is Status.HIDDEN


def test_a_small_correction_carries_the_total_over_and_says_so() -> None:
    counts = [18, 23, 9, 31, 44, 12, 27, 13, 16, 8]
    first = build(OF_PEOPLE, people(counts), FROZEN)
    second = build(OF_PEOPLE, people([19, *counts[1:]]), FROZEN, before=[first])
    cell = by_member(second, Dimension.REGION)["North East"]
    assert (cell.value, cell.computed_in, cell.reasons) == (Decimal(200), 1, (Reason.CARRIED_OVER,))
    third = build(OF_PEOPLE, people([19, *counts[1:]]), FROZEN, before=[first, second])
    assert by_member(third, Dimension.REGION)["North East"].computed_in == 1


def test_a_total_that_one_large_correction_would_give_away_is_withheld() -> None:
    counts = [18, 23, 9, 31, 44, 12, 27, 13, 16, 8]
    first = build(OF_PEOPLE, people(counts), FROZEN)
    second = build(OF_PEOPLE, people([90, *counts[1:]]), FROZEN, before=[first])
    assert by_member(second, Dimension.TRUST)["RTD"].value == 90
    assert by_member(second, Dimension.REGION)["North East"].status is Status.HIDDEN


def test_a_trust_that_reports_late_is_not_the_difference_of_two_releases() -> None:
    counts = [18, 23, 9, 31, 44, 12, 27, 13, 16, 8]
    first = build(OF_PEOPLE, people(counts[:9], NORTH_EAST[:9]), FROZEN)
    second = build(OF_PEOPLE, people(counts), FROZEN, before=[first])
    assert by_member(first, Dimension.REGION)["North East"].status is Status.SHOWN
    assert by_member(second, Dimension.REGION)["North East"].status is Status.HIDDEN


def test_many_corrections_make_a_new_total() -> None:
    counts = [18, 23, 9, 31, 44, 12, 27, 13, 16, 8]
    first = build(OF_PEOPLE, people(counts), FROZEN)
    second = build(OF_PEOPLE, people([n + 7 for n in counts]), FROZEN, before=[first])
    cell = by_member(second, Dimension.REGION)["North East"]
    assert (cell.value, cell.computed_in) == (Decimal(270), 2)


def test_a_frozen_release_does_not_change_when_the_next_is_made() -> None:
    first = build(OF_PEOPLE, region(7), FROZEN)
    kept = repr(first)
    build(OF_PEOPLE, corrected(random.Random(7), list(first.taken)), FROZEN, before=[first])
    assert repr(first) == kept


def test_what_a_release_was_made_of_is_not_in_its_words() -> None:
    release = build(OF_PEOPLE, people([3] * 10), FROZEN)
    assert "Decimal('3')" not in repr(release)


def test_what_a_trust_published_itself_appears_to_its_last_digit_with_its_source() -> None:
    assert SURVEY is not None
    rate = Decimal("85.1851851851852")
    reports = [
        Published(
            place, 1, year_of(2024), (Figure("NSS_STRESS", value=rate + n, base=Decimal(100 + n)),), f"Survey {n}"
        )
        for n, place in enumerate(NORTH_EAST)
    ]
    release = build(SURVEY, reports, FROZEN)
    trusts = by_member(release, Dimension.TRUST, "NSS_STRESS")
    assert (trusts["RTD"].status, trusts["RTD"].value, trusts["RTD"].base) == (Status.VERBATIM, rate, Decimal(100))
    assert trusts["RTD"].source == "Survey 0"
    weighted = sum((rate + n) * (100 + n) for n in range(10)) / sum(100 + n for n in range(10))
    total = by_member(release, Dimension.REGION, "NSS_STRESS")["North East"]
    assert total.value == weighted.quantize(Decimal("0.01"))
    assert total.base == 1045


def test_a_small_board_that_a_trust_published_is_not_contradicted() -> None:
    assert WRES is not None
    figures = (Figure("WRES9_VOTING", "BME", numerator=Decimal(1), denominator=Decimal(6)),)
    cell = by_member(
        build(WRES, [Published(NORTH_EAST[0], 1, YEAR, figures, "WRES report")], FROZEN),
        Dimension.TRUST,
        "WRES9_VOTING",
    )["RTD"]
    assert (cell.status, cell.numerator, cell.denominator) == (Status.VERBATIM, 1, 6)


def test_job_descriptions_are_jobs_and_staff_are_people() -> None:
    assert JOBS is not None
    quarter = months_from(date(2026, 1, 1), 3)
    figures = (
        Figure("JE_IN_USE", band="BAND_5", value=Decimal(3)),
        Figure("JE_BAND_UP", band="BAND_5", value=Decimal(3)),
        Figure("JE_STAFF_REVIEWED", band="BAND_5", value=Decimal(40)),
    )
    release = build(JOBS, [Published(NORTH_EAST[0], 1, quarter, figures, "DCF")], FROZEN)
    assert by_member(release, Dimension.TRUST, "JE_IN_USE")["RTD"].value == 3
    assert by_member(release, Dimension.TRUST, "JE_BAND_UP")["RTD"].status is Status.HIDDEN
    assert by_member(release, Dimension.TRUST, "JE_STAFF_REVIEWED") == {}


def facility(officials: Sequence[int], hours: Sequence[int]) -> list[Published]:
    return [
        Published(
            place,
            2,
            YEAR,
            (Figure("FT1_OFFICIALS", value=Decimal(n)), Figure("FT4_FACILITY", value=Decimal(h))),
            "Facility time",
        )
        for place, n, h in zip(NORTH_EAST, officials, hours, strict=True)
    ]


def test_hours_of_a_few_officials_are_shown_only_in_totals_of_many_trusts() -> None:
    assert FACILITY is not None
    officials, hours = [18, 23, 9, 31, 44, 12, 27, 13, 16, 8], list(range(1000, 2000, 100))
    first = build(FACILITY, facility(officials, hours), FROZEN)
    assert {c.status for c in by_member(first, Dimension.TRUST, "FT4_FACILITY").values()} == {Status.HIDDEN}
    assert by_member(first, Dimension.REGION, "FT4_FACILITY")["North East"].value == sum(hours)
    assert by_member(first, Dimension.TRUST_TYPE, "FT4_FACILITY")["North East/Mental health"].value is None
    assert by_member(first, Dimension.TRUST_TYPE, "FT4_FACILITY")["North East/Ambulance"].value is None
    again = build(FACILITY, facility(officials, [1007, *hours[1:]]), FROZEN, before=[first])
    assert by_member(again, Dimension.REGION, "FT4_FACILITY")["North East"].status is Status.HIDDEN


def test_members_of_networks_take_the_higher_threshold() -> None:
    definition = find("NETWORK_ANNUAL", 1)
    assert definition is not None
    reports = [
        Published(place, 1, year_of(2025), (Figure("NW_MEMBERS", value=Decimal(n)),), "Network")
        for place, n in zip(NORTH_EAST[:4], (9, 12, 13, 0), strict=True)
    ]
    cells = by_member(build(definition, reports, FROZEN), Dimension.TRUST, "NW_MEMBERS")
    assert [cells[p.trust].value for p in NORTH_EAST[:4]] == [None, None, 15, 0]


def test_two_networks_of_one_trust_are_one_count_of_that_trust() -> None:
    definition = find("NETWORK_ANNUAL", 1)
    assert definition is not None
    reports = [
        Published(NORTH_EAST[0], 1, year_of(2025), (Figure("NW_MEMBERS", value=Decimal(n)),), "Network")
        for n in (9, 31)
    ]
    assert by_member(build(definition, reports, FROZEN), Dimension.TRUST, "NW_MEMBERS")["RTD"].value == 40


def test_a_total_over_definitions_that_do_not_compare_is_no_number() -> None:
    assert WDES is not None
    figure = Figure("WDES3", "DISABLED", numerator=Decimal(5), denominator=Decimal(1000))
    reports = [Published(p, v, YEAR, (figure,), "WDES") for p, v in zip(NORTH_EAST[:2], (1, 2), strict=True)]
    cell = by_member(build(WDES, reports, FROZEN), Dimension.REGION, "WDES3")["North East"]
    assert (cell.status, cell.value, cell.reasons) == (Status.NOT_COMPARABLE, None, (Reason.MIXED_DEFINITIONS,))


def test_a_rate_without_its_base_is_not_averaged() -> None:
    assert SURVEY is not None
    reports = [
        Published(p, 1, year_of(2024), (Figure("NSS_STRESS", value=Decimal(40), base=base),), "Survey")
        for p, base in zip(NORTH_EAST[:2], (Decimal(100), None), strict=True)
    ]
    cell = by_member(build(SURVEY, reports, FROZEN), Dimension.REGION, "NSS_STRESS")["North East"]
    assert (cell.status, cell.reasons) == (Status.NOT_COMPARABLE, (Reason.BASE_MISSING,))


def test_a_total_says_of_how_many_trusts_it_is() -> None:
    release = build(OF_PEOPLE, people([18] * 9, NORTH_EAST[:9]), FROZEN, directory=NORTH_EAST)
    cell = by_member(release, Dimension.REGION)["North East"]
    assert (cell.reporters, cell.expected, cell.reasons) == (9, 10, (Reason.PARTIAL,))


def test_a_count_that_is_none_makes_no_release() -> None:
    with pytest.raises(ValueError, match="whole number"):
        build(OF_PEOPLE, people([-1], NORTH_EAST[:1]), FROZEN)
