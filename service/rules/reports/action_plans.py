"""Measures of an action plan: what is done, which metric it is to move from where to where, by when, how far it is.

Progress is two things that are not mixed: the steps done of those planned, as the plan's own report says, and how much
of the way from baseline to target the metric itself has moved, as published figures say (founding document S4, SMART
outcomes). A plan that is done and moved nothing shows both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.rules.problems import Code, Problem
from service.rules.reports.calculations import percentage
from service.rules.reports.definitions import Definition, Figure


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: the metric as DEFINITION:METRIC and its group; days and numbers None where they were not given."""

    code: str
    action: str
    definition: str
    metric: str
    group: str
    due_on: date | None
    baseline: Decimal | None
    target: Decimal | None
    steps_done: Decimal | None
    steps_planned: Decimal | None

    @property
    def steps(self) -> Decimal | None:
        """Steps done, of a hundred; None: none were planned."""
        return percentage(self.steps_done, self.steps_planned)


def measures(figures: Sequence[Figure]) -> tuple[Measure, ...]:
    """The measures of a plan's figures, in their order; a measure has at least an action."""
    by_band: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        if figure.band:
            by_band.setdefault(figure.band, {})[figure.metric] = figure
    return tuple(
        _measure(code, cells)
        for code, cells in sorted(by_band.items(), key=lambda item: (len(item[0]), item[0]))
        if "AP_ACTION" in cells
    )


def _measure(code: str, cells: dict[str, Figure]) -> Measure:
    def text(metric: str) -> str:
        return (cells[metric].text or "") if metric in cells else ""

    definition, _, metric = text("AP_METRIC").partition(":")
    steps = cells.get("AP_STEPS")
    return Measure(
        code=code,
        action=text("AP_ACTION"),
        definition=definition,
        metric=metric,
        group=text("AP_GROUP"),
        due_on=_day(text("AP_DUE")),
        baseline=cells["AP_BASELINE"].value if "AP_BASELINE" in cells else None,
        target=cells["AP_TARGET"].value if "AP_TARGET" in cells else None,
        steps_done=steps.numerator if steps else None,
        steps_planned=steps.denominator if steps else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def plan_problems(definitions: Sequence[Definition], figures: Sequence[Figure]) -> list[Problem]:
    """Why measures do not hold together: a metric that is none, a day that is none, a target that is no move."""
    problems = []
    for measure in measures(figures):
        where = ("figures", measure.code)
        named = [d.metric(measure.metric) for d in definitions if d.code == measure.definition]
        known = [metric for metric in named if metric is not None]
        if (measure.definition or measure.metric) and not known:
            problems.append(Problem(Code.INVALID, "No definition has this metric.", (*where, "AP_METRIC")))
        groups = {group.code for metric in known for group in metric.groups}
        if measure.group and measure.group not in groups:
            problems.append(Problem(Code.INVALID, "The metric has no such group.", (*where, "AP_GROUP")))
        due = next((f.text for f in figures if f.key == ("AP_DUE", "", measure.code)), None)
        if due and measure.due_on is None:
            problems.append(Problem(Code.INVALID, "A day is written as YYYY-MM-DD.", (*where, "AP_DUE")))
        if measure.target is not None and measure.target == measure.baseline:
            problems.append(Problem(Code.INVALID, "The target is where the metric stands.", (*where, "AP_TARGET")))
    return problems


def moved(measure: Measure, now: Decimal | None) -> Decimal | None:
    """How much of the way from baseline to target the metric has come, of a hundred; negative: it went back.

    None: baseline, target or the present number is not known.
    """
    if now is None or measure.baseline is None or measure.target is None or measure.target == measure.baseline:
        return None
    return percentage(now - measure.baseline, measure.target - measure.baseline)
