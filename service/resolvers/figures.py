"""Figures on their way between the graph, the rules and the tables. Numbers stay decimal all the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from service.db.definitions import metric_id, metrics_by_id
from service.rules.problems import Code, Problem
from service.rules.reports.checks import FigureProblem
from service.rules.reports.definitions import Definition, Figure, Part
from service.rules.text import normalised

NUMBERS: Final = ("value", "numerator", "denominator", "base")
PROBLEMS_MOST: Final = 50
FIGURES_MOST: Final = 400
FIELD: Final[Mapping[Part, str]] = {part: part.value.lower() for part in Part}


def from_input(said: Sequence[Any]) -> list[Figure]:
    """The figures of an act's input, in their order."""
    return [
        Figure(
            metric=each.metric,
            group=each.group,
            band=each.band,
            text=None if each.text is None else normalised(each.text),
            estimated=each.estimated,
            **{name: getattr(each, name) for name in NUMBERS},
        )
        for each in said
    ]


def to_json(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """As a draft keeps them: numbers as text, so that none is rounded."""
    return [
        {
            "metric": each.metric,
            "group": each.group,
            "band": each.band,
            "text": each.text,
            "estimated": each.estimated,
            **{name: None if getattr(each, name) is None else str(getattr(each, name)) for name in NUMBERS},
        }
        for each in figures
    ]


def from_json(kept: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """The figures of a draft."""
    return [
        Figure(**{**each, **{name: None if each[name] is None else Decimal(each[name]) for name in NUMBERS}})
        for each in kept
    ]


def to_rows(definition: Definition, figures: Iterable[Figure], room: UUID, version: UUID) -> list[dict[str, Any]]:
    """As a submitted version keeps them."""
    return [
        {
            "room_id": room,
            "version_id": version,
            "metric_id": metric_id(definition, each.metric),
            "group_code": each.group,
            "band_code": each.band,
            "text_value": each.text,
            "estimated": each.estimated,
            **{name: getattr(each, name) for name in NUMBERS},
        }
        for each in figures
    ]


def from_row(row: Any) -> Figure:
    """The figure of a row of a submitted version."""
    return Figure(
        metric=metrics_by_id()[row["metric_id"]][1].code,
        group=row["group_code"],
        band=row["band_code"],
        text=row["text_value"],
        estimated=row["estimated"],
        **{name: row[name] for name in NUMBERS},
    )


def refusals(problems: Sequence[FigureProblem], figures: Sequence[Figure]) -> list[Problem]:
    """Each problem at the figure of the input that it is about; at all of them where that one is missing."""
    places = {figure.key: place for place, figure in enumerate(figures)}
    return [_refusal(each, places) for each in problems[:PROBLEMS_MOST]]


def _refusal(problem: FigureProblem, places: Mapping[tuple[str, str, str], int]) -> Problem:
    place = places.get((problem.metric, problem.group, problem.band))
    path = () if place is None else (str(place), *(() if problem.part is None else (FIELD[problem.part],)))
    cell = " ".join(word for word in (problem.metric, problem.group, problem.band) if word)
    known = problem.rule.value not in ("UNKNOWN_METRIC", "UNKNOWN_GROUP", "UNKNOWN_BAND")
    message = f"{cell}: {problem.message}" if known else problem.message
    return Problem(Code.FIGURE_REFUSED, message, ("figures", *path))
