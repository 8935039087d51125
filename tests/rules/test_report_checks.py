"""Whoever reports is told each wrong cell: where it is, which rule it breaks, what was given."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.reports.checks import Rule, figure_problems
from service.rules.reports.definitions import PARTS, Definition, Figure, Part, Unit
from service.rules.reports.kinds import DEFINITIONS, find


def of(code: str, version: int = 1) -> Definition:
    found = find(code, version)
    assert found is not None
    return found


def facility() -> list[Figure]:
    values = {
        "FT1_OFFICIALS": 18, "FT1_FTE": "16.4", "FT3_COST": "84000.50", "FT3_PAY": "310000000",
        "FT4_ACTIVITIES": "420.5", "FT4_FACILITY": "5100",
    }  # fmt: skip
    bands = {"0": 3, "1_50": 11, "51_99": 1, "100": 3, "ALL": 18}
    return [
        *(Figure(code, value=Decimal(value)) for code, value in values.items()),
        *(Figure("FT2_OFFICIALS", band=band, value=Decimal(n)) for band, n in bands.items()),
    ]


def changed(figures: list[Figure], metric: str, band: str = "", **parts: object) -> list[Figure]:
    return [replace(f, **parts) if (f.metric, f.band) == (metric, band) else f for f in figures]  # type: ignore[arg-type]


def rules(definition: Definition, figures: list[Figure]) -> list[tuple[Rule, str]]:
    return [(p.rule, p.metric) for p in figure_problems(definition, figures)]


def test_a_good_report_has_no_problem() -> None:
    assert rules(of("FACILITY_TIME"), facility()) == []


@pytest.mark.parametrize(
    ("spoil", "rule", "metric"),
    [
        (lambda f: changed(f, "FT1_OFFICIALS", value=Decimal(-1)), Rule.BELOW_RANGE, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT1_OFFICIALS", value=Decimal("17.5")), Rule.NOT_WHOLE, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT1_OFFICIALS", value=Decimal(10**9)), Rule.ABOVE_RANGE, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT1_OFFICIALS", value=Decimal("NaN")), Rule.NOT_A_NUMBER, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT1_OFFICIALS", value=Decimal("Infinity")), Rule.NOT_A_NUMBER, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT3_PAY", value=Decimal("1E+400")), Rule.NOT_A_NUMBER, "FT3_PAY"),
        (lambda f: changed(f, "FT1_OFFICIALS", value=None), Rule.MISSING_PART, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT1_OFFICIALS", text="many"), Rule.PART_NOT_TAKEN, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT1_OFFICIALS", estimated=True), Rule.ESTIMATE_NOT_TAKEN, "FT1_OFFICIALS"),
        (lambda f: changed(f, "FT2_OFFICIALS", "ALL", value=Decimal(19)), Rule.DOES_NOT_ADD_UP, "FT2_OFFICIALS"),
        (lambda f: changed(f, "FT1_FTE", value=Decimal(19)), Rule.ABOVE_OTHER_METRIC, "FT1_FTE"),
        (lambda f: changed(f, "FT3_COST", value=Decimal(10**9)), Rule.ABOVE_OTHER_METRIC, "FT3_COST"),
        (lambda f: f[1:], Rule.MISSING, "FT1_OFFICIALS"),
        (lambda f: [*f, f[0]], Rule.DUPLICATED, "FT1_OFFICIALS"),
        (lambda f: [*f, Figure("FT9", value=Decimal(1))], Rule.UNKNOWN_METRIC, "FT9"),
        (lambda f: [*f, Figure("FT2_OFFICIALS", band="7", value=Decimal(1))], Rule.UNKNOWN_BAND, "FT2_OFFICIALS"),
        (lambda f: [*f, Figure("FT1_OFFICIALS", group="MEN", value=Decimal(1))], Rule.UNKNOWN_GROUP, "FT1_OFFICIALS"),
    ],
)  # fmt: skip
def test_each_wrong_cell_is_named(spoil: Callable[[list[Figure]], list[Figure]], rule: Rule, metric: str) -> None:
    first, *others = rules(of("FACILITY_TIME"), spoil(facility()))
    assert first == (rule, metric)
    assert {other for other, _ in others} <= {Rule.ABOVE_OTHER_METRIC}


def test_nobody_is_appointed_who_was_not_shortlisted() -> None:
    figure = Figure("WRES2", "BME", numerator=Decimal(9), denominator=Decimal(8))
    found = figure_problems(of("WRES"), [figure], complete=False)
    assert [(p.rule, p.part, p.value) for p in found] == [(Rule.PART_ABOVE_WHOLE, Part.NUMERATOR, Decimal(9))]


def test_a_group_of_whom_nobody_was_shortlisted_is_no_mistake_but_an_empty_board_is() -> None:
    nobody = Figure("WRES2", "BME", numerator=Decimal(0), denominator=Decimal(0))
    assert figure_problems(of("WRES"), [nobody], complete=False) == []
    board = Figure("WRES9_VOTING", "BME", numerator=Decimal(0), denominator=Decimal(0))
    assert [p.rule for p in figure_problems(of("WRES"), [board], complete=False)] == [Rule.ZERO]


def test_outcomes_of_reviewed_staff_add_up_to_those_reviewed() -> None:
    def staff(up: int) -> list[Figure]:
        numbers = {"JE_STAFF_REVIEWED": 20, "JE_BAND_UP": up, "JE_BAND_DOWN": 1, "JE_BAND_SAME": 14}
        return [Figure(code, band="BAND_5", value=Decimal(n)) for code, n in numbers.items()]

    definition = of("JOB_EVALUATION")
    assert figure_problems(definition, staff(5), complete=False) == []
    assert [p.rule for p in figure_problems(definition, staff(6), complete=False)] == [Rule.DOES_NOT_ADD_UP]


def test_an_estimate_is_taken_where_the_definition_takes_them() -> None:
    figure = Figure("JE_IN_USE", band="BAND_5", value=Decimal(40), estimated=True)
    assert figure_problems(of("JOB_EVALUATION"), [figure], complete=False) == []


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 8001, "\u202egnirts"])
def test_a_text_that_cannot_be_kept_is_refused_and_never_repeated(text: str) -> None:
    found = figure_problems(of("NETWORK_ANNUAL"), [Figure("NW_SUMMARY", text=text)], complete=False)
    assert [(p.rule, p.value) for p in found] == [(Rule.TEXT, None)]


def test_a_draft_may_be_incomplete_and_a_submitted_report_not() -> None:
    definition = of("PROTECTED_TIME")
    assert figure_problems(definition, [], complete=False) == []
    assert {p.rule for p in figure_problems(definition, [])} == {Rule.MISSING}
    assert len(figure_problems(definition, [])) == 5


NUMBERS = st.one_of(st.none(), st.decimals(allow_nan=True, allow_infinity=True), st.integers(-5, 20).map(Decimal))


@given(
    st.sampled_from(DEFINITIONS),
    st.lists(
        st.builds(
            Figure,
            metric=st.sampled_from(sorted({m.code for d in DEFINITIONS for m in d.metrics})) | st.text(max_size=5),
            group=st.sampled_from(["", "WHITE", "BME", "DISABLED", "STAFF"]) | st.text(max_size=3),
            band=st.sampled_from(["", "ALL", "BAND_5", "M1"]) | st.text(max_size=3),
            value=NUMBERS, numerator=NUMBERS, denominator=NUMBERS, base=NUMBERS,
            text=st.none() | st.text(max_size=20),
            estimated=st.booleans(),
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_whatever_is_sent_is_judged_and_nothing_raises(definition: Definition, figures: list[Figure]) -> None:
    for problem in figure_problems(definition, figures):
        assert problem.message
        assert problem.part is None or problem.part in Part


def test_every_unit_has_parts() -> None:
    assert set(PARTS) == set(Unit)
