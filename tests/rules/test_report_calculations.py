"""A number is derived in its metric's own direction, carries its base, and says where it does not compare."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.rules.reports.action_plans import measures, moved, plan_problems
from service.rules.reports.calculations import (
    Caution,
    Number,
    Reported,
    as_read,
    beside,
    better,
    change,
    gap,
    gap_series,
    of_figure,
    percentage,
    relative_likelihood,
    series,
    shares_of_band,
)
from service.rules.reports.definitions import Dimension, Direction, Figure, Metric
from service.rules.reports.differencing import Place
from service.rules.reports.kinds import DEFINITIONS, find
from service.rules.reports.periods import months_from, year_of
from service.rules.reports.releases import Published
from service.rules.reports.releasing import build

WRES, WDES_2019, WDES = find("WRES", 1), find("WDES", 1), find("WDES", 2)
SURVEY, PLAN = find("STAFF_SURVEY", 1), find("ACTION_PLAN", 1)
assert WRES and WDES_2019 and WDES and SURVEY and PLAN


def metric(code: str) -> Metric:
    found = next(d.metric(code) for d in (WRES, WDES, SURVEY) if d and d.metric(code))
    assert found is not None
    return found


def likelihood(code: str, group: str, numerator: int, denominator: int) -> Figure:
    return Figure(code, group, numerator=Decimal(numerator), denominator=Decimal(denominator))


def test_the_published_example_of_a_trust_is_reproduced() -> None:
    white, bme = likelihood("WRES2", "WHITE", 4699, 10_000), likelihood("WRES2", "BME", 1465, 10_000)
    found = gap(metric("WRES2"), [bme, white])
    assert found is not None
    assert as_read(found.number.value, Decimal("0.1")) == Decimal("3.2")
    assert found.worse == "BME"


@pytest.mark.parametrize(
    ("code", "first", "second", "groups"),
    [
        ("WRES2", (30, 100), (20, 100), ("WHITE", "BME")),
        ("WRES3", (30, 1000), (20, 1000), ("BME", "WHITE")),
        ("WRES4", (60, 100), (40, 100), ("WHITE", "BME")),
        ("WDES2", (30, 100), (20, 100), ("NON_DISABLED", "DISABLED")),
        ("WDES3", (30, 1000), (20, 1000), ("DISABLED", "NON_DISABLED")),
    ],
)
def test_above_one_is_always_to_the_disadvantage_of_the_group_the_standard_is_about(
    code: str, first: tuple[int, int], second: tuple[int, int], groups: tuple[str, str]
) -> None:
    figures = [likelihood(code, groups[0], *first), likelihood(code, groups[1], *second)]
    found = gap(metric(code), figures)
    assert found is not None
    assert found.number.value == Decimal("1.5")
    assert found.worse == ("BME" if code.startswith("WRES") else "DISABLED")
    turned = gap(metric(code), [replace(figures[0], group=groups[1]), replace(figures[1], group=groups[0])])
    assert turned is not None
    assert turned.worse == ("WHITE" if code.startswith("WRES") else "NON_DISABLED")


@pytest.mark.parametrize(("white", "bme"), [((0, 0), (5, 10)), ((5, 10), (0, 0)), ((5, 10), (0, 10)), ((0, 0), (0, 0))])
def test_a_likelihood_over_nobody_is_undefined_and_neither_nought_nor_one(
    white: tuple[int, int], bme: tuple[int, int]
) -> None:
    found = gap(metric("WRES2"), [likelihood("WRES2", "WHITE", *white), likelihood("WRES2", "BME", *bme)])
    assert found is not None
    assert found.number.value is None
    assert Caution.UNDEFINED in found.number.cautions
    assert found.worse == ""


def test_nobody_white_appointed_is_nought_and_not_undefined() -> None:
    found = gap(metric("WRES2"), [likelihood("WRES2", "WHITE", 0, 10), likelihood("WRES2", "BME", 5, 10)])
    assert found is not None
    assert found.number.value == 0


WHOLE = st.integers(1, 10**6)


@given(WHOLE, WHOLE, WHOLE, WHOLE)
def test_a_likelihood_is_the_exact_fraction(a: int, b: int, c: int, d: int) -> None:
    found = relative_likelihood(likelihood("WRES2", "WHITE", a, b), likelihood("WRES2", "BME", c, d))
    assert found is not None
    assert abs(Fraction(found) - Fraction(a, b) / Fraction(c, d)) < Fraction(1, 10**18) * max(1, Fraction(found))


@given(WHOLE, WHOLE, WHOLE, WHOLE)
def test_who_fares_worse_does_not_depend_on_the_order_of_the_figures(a: int, b: int, c: int, d: int) -> None:
    assume(a * d != c * b)
    figures = [likelihood("WRES3", "WHITE", a, b), likelihood("WRES3", "BME", c, d)]
    assert gap(metric("WRES3"), figures) == gap(metric("WRES3"), figures[::-1])


def test_a_gap_of_experience_is_turned_with_the_question() -> None:
    def rates(code: str) -> list[Figure]:
        return [Figure(code, g, value=Decimal(v), base=Decimal(500)) for g, v in (("WHITE", "20"), ("BME", "28.5"))]

    harassed, equal = gap(metric("WRES5"), rates("WRES5")), gap(metric("WRES7"), rates("WRES7"))
    assert harassed is not None
    assert equal is not None
    assert (harassed.number.value, harassed.worse) == (Decimal("8.5"), "BME")
    assert (equal.number.value, equal.worse) == (Decimal("-8.5"), "WHITE")


def test_a_missing_group_is_said() -> None:
    found = gap(metric("WRES2"), [likelihood("WRES2", "WHITE", 1, 2)])
    assert found is not None
    assert found.number.cautions == (Caution.GROUP_MISSING,)
    assert gap(metric("NSS_STRESS"), []) is None


def test_a_number_carries_its_base_and_says_that_it_is_missing_or_small() -> None:
    rate = metric("NSS_STRESS")
    assert of_figure(rate, Figure("NSS_STRESS", value=Decimal(40), base=Decimal(900))) == Number(
        Decimal(40), Decimal(900)
    )
    assert not of_figure(rate, Figure("NSS_STRESS", value=Decimal(40))).comparable
    assert Caution.SMALL_BASE in of_figure(rate, Figure("NSS_STRESS", value=Decimal(40), base=Decimal(9))).cautions


def test_a_series_says_where_the_definition_broke_it() -> None:
    assert WDES_2019 is not None
    assert WDES is not None
    reports = [
        Reported(months_from(date(year, 4, 1), 12), definition, (likelihood("WDES3", "DISABLED", n, 1000),))
        for year, definition, n in ((2022, WDES, 12), (2020, WDES_2019, 14), (2021, WDES_2019, 13), (2023, WDES, 11))
    ]
    points = series(reports, "WDES3", "DISABLED")
    assert [p.period.label for p in points] == ["2020-21", "2021-22", "2022-23", "2023-24"]
    assert [p.number.comparable for p in points] == [True, True, False, True]
    assert change(points[:2]) == Decimal("-0.1")
    assert change(points[:3]) is None
    assert change(points) == Decimal("-0.1")
    assert change(points[:1]) is None


def test_a_gap_has_a_series_too() -> None:
    assert WRES is not None
    reports = [
        Reported(
            months_from(date(year, 4, 1), 12),
            WRES,
            (likelihood("WRES2", "WHITE", n, 100), likelihood("WRES2", "BME", 10, 100)),
        )
        for year, n in ((2024, 15), (2023, 16))
    ]
    assert [g.number.value for _, g in gap_series(reports, "WRES2")] == [Decimal("1.6"), Decimal("1.5")]


@pytest.mark.parametrize(
    ("direction", "before", "after", "expected"),
    [
        (Direction.HIGHER_IS_BETTER, 1, 2, True),
        (Direction.LOWER_IS_BETTER, 1, 2, False),
        (Direction.CLOSER_TO_ONE_IS_BETTER, Decimal("1.6"), Decimal("0.9"), True),
        (Direction.CLOSER_TO_ONE_IS_BETTER, Decimal("1.1"), Decimal("0.5"), False),
        (Direction.CLOSER_TO_ONE_IS_BETTER, Decimal("1.5"), Decimal("0.5"), None),
        (Direction.CLOSER_TO_ZERO_IS_BETTER, -3, 2, True),
        (Direction.NEUTRAL, 1, 2, None),
        (Direction.HIGHER_IS_BETTER, 2, 2, None),
    ],
)
def test_better_is_better_for_the_people_it_is_about(
    direction: Direction, before: Decimal, after: Decimal, expected: bool | None
) -> None:
    assert better(direction, Decimal(before), Decimal(after)) is expected


def test_a_trust_stands_beside_wider_circles_and_beside_no_other_trust() -> None:
    assert SURVEY is not None
    reports = [
        Published(
            Place(trust, "Acute", "QHM", "North East"),
            1,
            year_of(2024),
            (Figure("NSS_STRESS", value=Decimal(rate), base=Decimal(base)),),
            "NHS Staff Survey",
        )
        for trust, rate, base in (("RTD", 40, 3000), ("RR7", 44, 1000))
    ]
    release = build(SURVEY, reports, date(2025, 4, 1))
    own = of_figure(metric("NSS_STRESS"), reports[0].figures[0])
    found = beside(own, release.cells)
    assert [one.dimension for one in found] == [
        Dimension.TRUST_TYPE, Dimension.ICB, Dimension.REGION, Dimension.ENGLAND,
    ]  # fmt: skip
    assert {one.number.value for one in found} == {Decimal("41.00")}
    assert {one.difference for one in found} == {Decimal("-1.00")}


def test_a_partial_total_is_shown_beside_and_not_subtracted() -> None:
    assert SURVEY is not None
    places = [Place(trust, "Acute", "QHM", "North East") for trust in ("RTD", "RR7")]
    figures = (Figure("NSS_STRESS", value=Decimal(40), base=Decimal(900)),)
    release = build(SURVEY, [Published(places[0], 1, year_of(2024), figures, "")], date(2025, 4, 1), directory=places)
    found = beside(of_figure(metric("NSS_STRESS"), figures[0]), release.cells)
    assert {one.number.cautions for one in found} == {(Caution.PARTIAL,)}
    assert {one.difference for one in found} == {None}


def test_a_groups_share_of_a_band_counts_those_who_did_not_state_it() -> None:
    figures = [
        Figure("WRES1_CLINICAL", group, "BAND_5", value=Decimal(n))
        for group, n in (("WHITE", 60), ("BME", 30), ("NOT_STATED", 10))
    ]
    assert shares_of_band(figures, "WRES1_CLINICAL", "BME") == {"BAND_5": Decimal(30)}


def test_percentages_are_undefined_over_nobody() -> None:
    assert percentage(Decimal(0), Decimal(0)) is None
    assert percentage(Decimal(0), Decimal(4)) == 0


PLAN_FIGURES = [
    Figure("AP_AIM", text="Fair recruitment"),
    Figure("AP_ACTION", band="M2", text="Panels are trained; head of resourcing"),
    Figure("AP_ACTION", band="M10", text="Later"),
    Figure("AP_METRIC", band="M2", text="WRES:WRES2"),
    Figure("AP_DUE", band="M2", text="2027-03-31"),
    Figure("AP_BASELINE", band="M2", value=Decimal("1.6")),
    Figure("AP_TARGET", band="M2", value=Decimal("1.2")),
    Figure("AP_STEPS", band="M2", numerator=Decimal(3), denominator=Decimal(4)),
]


def test_a_measure_shows_steps_done_and_apart_how_far_its_metric_moved() -> None:
    first, second = measures(PLAN_FIGURES)
    assert (first.code, first.metric, first.due_on, first.steps) == ("M2", "WRES2", date(2027, 3, 31), Decimal(75))
    assert second.code == "M10"
    assert moved(first, Decimal("1.5")) == 25
    assert moved(first, Decimal("1.7")) == -25
    assert moved(first, None) is None
    assert moved(second, Decimal(1)) is None
    assert plan_problems(DEFINITIONS, PLAN_FIGURES) == []


@pytest.mark.parametrize(
    ("code", "parts", "field"),
    [
        ("AP_METRIC", {"text": "WRES:WRES77"}, "AP_METRIC"),
        ("AP_METRIC", {"text": "WRES2"}, "AP_METRIC"),
        ("AP_DUE", {"text": "31/03/2027"}, "AP_DUE"),
        ("AP_TARGET", {"value": Decimal("1.6")}, "AP_TARGET"),
        ("AP_ACTION", None, "AP_GROUP"),
    ],
)
def test_a_measure_that_does_not_hold_together_is_named(code: str, parts: dict[str, object] | None, field: str) -> None:
    if parts is None:
        figures = [*PLAN_FIGURES, Figure("AP_GROUP", band="M2", text="EVERYBODY")]
    else:
        figures = [replace(f, **parts) if (f.metric, f.band) == (code, "M2") else f for f in PLAN_FIGURES]  # type: ignore[arg-type]
    assert [p.field for p in plan_problems(DEFINITIONS, figures)] == [("figures", "M2", field)]
