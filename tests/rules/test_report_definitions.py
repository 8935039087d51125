"""Every kind of report is data that holds together, and says of itself what is not confirmed."""

from datetime import date
from itertools import combinations

import pytest

from service.rules.bodies import ForumKind
from service.rules.reports.definitions import (
    AddUpTo,
    AtMost,
    BandsAddUp,
    Definition,
    Home,
    Method,
    Metric,
    NotMoreThan,
    NotZero,
    Obligation,
    Range,
    SumsTo,
    Unit,
    Whole,
)
from service.rules.reports.kinds import DEFINITIONS, find
from service.rules.reports.kinds.staff_survey import COLUMNS
from service.rules.reports.periods import Period, definition_for, months_from, period_problems, year_of
from service.rules.reports.protected import COUNTED

METRICS = [pytest.param(d, m, id=f"{d.code}{d.version}-{m.code}") for d in DEFINITIONS for m in d.metrics]
TODAY = date(2026, 11, 27)


def of(code: str, version: int = 1) -> Definition:
    found = find(code, version)
    assert found is not None
    return found


def test_every_kind_that_the_partnership_reports_is_defined() -> None:
    assert {d.code for d in DEFINITIONS} == {
        "WRES", "WRES_MEDICAL", "WRES_BANK", "WDES", "STAFF_SURVEY", "FACILITY_TIME", "PROTECTED_TIME",
        "JOB_EVALUATION", "NETWORK_ANNUAL", "BEHAVIOURS_AUDIT", "ATTENDANCE_AUDIT", "ACTION_PLAN",
    }  # fmt: skip


def test_standards_have_their_published_numbers_of_indicators() -> None:
    def numbers(code: str, version: int, prefix: str) -> set[str]:
        return {m.code.removeprefix(prefix).split("_")[0].rstrip("AB") for m in of(code, version).metrics}

    assert numbers("WRES", 1, "WRES") == {str(n) for n in range(1, 10)}
    assert numbers("WDES", 2, "WDES") == {str(n) for n in range(1, 11)}
    assert numbers("WRES_MEDICAL", 1, "MWRES") == {str(n) for n in range(1, 12)}
    assert numbers("WRES_BANK", 1, "BWRES") == {str(n) for n in range(1, 10)}
    assert len(of("STAFF_SURVEY").metrics) == 42
    assert len({c.code for c in COLUMNS}) == 38


def test_codes_are_unique_and_versions_never_govern_the_same_day() -> None:
    for definition in DEFINITIONS:
        assert len({m.code for m in definition.metrics}) == len(definition.metrics)
    for one, other in combinations(DEFINITIONS, 2):
        if one.code == other.code:
            assert one.version < other.version
            assert one.ends_on is not None
            assert one.ends_on <= other.starts_on


@pytest.mark.parametrize(("definition", "metric"), METRICS)
def test_a_metric_holds_together(definition: Definition, metric: Metric) -> None:
    assert metric.code == metric.code.upper()
    assert metric.label
    assert metric.source
    assert (
        metric.verified
        or metric.note
        or not definition.verified
        or "survey" in metric.source.lower()
        or definition.code == "WDES"
    )
    groups = {g.code for g in metric.groups}
    assert len(groups) == len(metric.groups)
    assert len({b.code for b in metric.bands}) == len(metric.bands)
    if metric.comparison is not None:
        assert {metric.comparison.first, metric.comparison.second, metric.comparison.above_disadvantages} <= groups
        assert (metric.comparison.method is Method.RATIO) == (metric.unit is Unit.LIKELIHOOD_RATIO)
    if metric.unit is Unit.LIKELIHOOD_RATIO:
        assert metric.comparison is not None
    for check in metric.checks:
        match check:
            case Range(part) | Whole(part) | NotZero(part):
                assert part in metric.parts
            case AtMost(part, whole):
                assert {part, whole} <= set(metric.parts)
            case BandsAddUp(part, total):
                assert part in metric.parts
                assert total in {b.code for b in metric.bands}
            case AddUpTo(part, others):
                assert all(definition.metric(other) is not None for other in others)
            case SumsTo(part, others, total):
                assert all(definition.metric(other) is not None for other in (*others, total))
            case NotMoreThan(part, other):
                assert definition.metric(other) is not None


@pytest.mark.parametrize(("definition", "metric"), METRICS)
def test_no_sum_of_hidden_counts_of_people_is_shown_beside_them(definition: Definition, metric: Metric) -> None:
    """Bands and outcomes that add up to a total would give away what the region hides of either."""
    if not metric.counts_people or metric.published_verbatim or not metric.regional:
        return
    assert metric.unit in COUNTED, "it cannot be rounded"
    assert not any(isinstance(check, BandsAddUp | AddUpTo) for check in metric.checks)
    for check in metric.checks:
        if isinstance(check, SumsTo):
            total = definition.metric(check.total)
            assert total is not None
            assert not total.regional


@pytest.mark.parametrize(("definition", "metric"), METRICS)
def test_hours_of_people_name_the_count_that_they_are_about(definition: Definition, metric: Metric) -> None:
    if metric.people:
        counted = definition.metric(metric.people)
        assert counted is not None
        assert counted.counts_people
        assert counted.unit is Unit.COUNT


def test_likelihoods_are_turned_so_that_above_one_is_always_to_the_disadvantage_of_the_same_group() -> None:
    wres = {c: of("WRES").metric(c) for c in ("WRES2", "WRES3", "WRES4")}
    assert [m.comparison.first for m in wres.values() if m and m.comparison] == ["WHITE", "BME", "WHITE"]
    assert {m.comparison.above_disadvantages for m in wres.values() if m and m.comparison} == {"BME"}
    wdes = [of("WDES", 2).metric(c) for c in ("WDES2", "WDES3")]
    assert [m.comparison.first for m in wdes if m and m.comparison] == ["NON_DISABLED", "DISABLED"]


def test_wdes_metric_three_is_capability_and_not_disciplinary() -> None:
    metric = of("WDES", 2).metric("WDES3")
    assert metric is not None
    assert "capability" in metric.label


def test_facility_time_is_a_duty_until_its_repeal_and_optional_from_then() -> None:
    before = definition_for(DEFINITIONS, "FACILITY_TIME", months_from(date(2025, 4, 1), 12))
    after = definition_for(DEFINITIONS, "FACILITY_TIME", months_from(date(2026, 4, 1), 12))
    assert before is not None
    assert after is not None
    assert (before.obligation, after.obligation) == (Obligation.STATUTE, Obligation.OPTIONAL)
    assert all(metric.published_verbatim for metric in before.metrics)


def test_protected_time_is_another_ledger_than_facility_time() -> None:
    protected, facility = of("PROTECTED_TIME"), of("FACILITY_TIME", 2)
    assert not {m.code for m in protected.metrics} & {m.code for m in facility.metrics}
    assert ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM not in protected.receivers


def test_job_evaluation_asks_for_the_sponsors_word_and_takes_estimates() -> None:
    definition = of("JOB_EVALUATION")
    assert definition.needs_sro_sign_off
    assert definition.takes_estimates
    jobs, staff = definition.metric("JE_IN_USE"), definition.metric("JE_BAND_UP")
    assert jobs is not None
    assert staff is not None
    assert (jobs.counts_people, staff.counts_people) == (False, True)


def test_a_networks_report_lives_in_the_network_and_its_members_take_the_higher_threshold() -> None:
    definition = of("NETWORK_ANNUAL")
    assert definition.home is Home.NETWORK
    assert {m.code for m in definition.metrics if m.counts_people} == definition.network_members


def test_the_behaviours_audit_is_split_by_side() -> None:
    assert all([g.code for g in m.groups] == ["MANAGEMENT", "STAFF"] for m in of("BEHAVIOURS_AUDIT").metrics)


@pytest.mark.parametrize(
    ("code", "version", "period", "fits"),
    [
        ("WRES", 1, months_from(date(2025, 4, 1), 12), True),
        ("WRES", 1, months_from(date(2025, 1, 1), 12), False),
        ("WRES", 1, months_from(date(2027, 4, 1), 12), False),
        ("WRES", 1, Period(date(2025, 4, 1), date(2025, 3, 31)), False),
        ("WDES", 1, months_from(date(2022, 4, 1), 12), False),
        ("STAFF_SURVEY", 1, year_of(2024), True),
        ("JOB_EVALUATION", 1, months_from(date(2026, 1, 1), 3), True),
        ("JOB_EVALUATION", 1, months_from(date(2026, 2, 1), 3), False),
        ("NETWORK_ANNUAL", 1, Period(date(2026, 2, 3), date(2026, 5, 6)), True),
    ],
)
def test_a_period_is_one_that_the_definition_knows(code: str, version: int, period: Period, fits: bool) -> None:
    assert (period_problems(of(code, version), period, TODAY) == []) is fits


def test_periods_are_named_as_people_name_them() -> None:
    assert year_of(2024).label == "2024"
    assert months_from(date(2024, 4, 1), 12).label == "2024-25"
    assert months_from(date(2026, 1, 1), 3).label == "2026-01-01 to 2026-03-31"
