"""Charts of a release, of a series over time, and of the gap between groups; and the table that says the same in words.

A chart is for those who see it and the table beside it (`table_of`) for everyone: it holds every number that the chart
draws, and says in words what is hidden or does not compare. Bars begin at nought. Series are told apart by mark and
dash as well as by colour, and named at their end. Nobody is ranked: members stand in the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from service.pictures.drawing import COLOURS, DASHES, FAINT, INK, LINE, Sheet

WIDTH: Final = 760
_TOP: Final = 64
_LEFT: Final = 300
_RIGHT: Final = 110
_ROW: Final = 26
_PLOT: Final = 260
_MEMBERS_MOST: Final = 300
_LABEL_MOST: Final = 42


@dataclass(frozen=True, slots=True)
class Value:
    """One number to draw: None draws nothing, and `note` says in a word why (hidden, not comparable, undefined)."""

    number: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One member of a release, or one series over time: its name, and a value for each label of the chart."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. `labels`: one for each value of a row (years; one for a release).

    `unit`: what is written behind a number: `%`, ` people`, nothing. `level`: where neither group fares worse (1 for a
    ratio, 0 for a difference), drawn as a line; None: there is no such level.
    """

    title: str
    description: str
    unit: str
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    source: str = ""
    level: Decimal | None = None


def chart_of_release(chart: Chart) -> bytes:
    """SVG: a bar for each member, in the order given; the first value of each row."""
    rows = chart.rows[:_MEMBERS_MOST]
    sheet = _sheet(chart, _TOP + _ROW * max(1, len(rows)) + 46)
    numbers = [row.values[0].number for row in rows if row.values and row.values[0].number is not None]
    most = max([number for number in numbers if number is not None], default=Decimal(1)) or Decimal(1)
    room = WIDTH - _LEFT - _RIGHT
    for position, row in enumerate(rows):
        y = _TOP + _ROW * position
        value = row.values[0] if row.values else Value(None)
        sheet.text(_LEFT - 8, y + 17, _short(row.name), size=12, anchor="end")
        if value.number is None:
            sheet.text(_LEFT + 6, y + 17, value.note or "no number", colour=FAINT)
            continue
        width = float(room * max(value.number, Decimal(0)) / most)
        sheet.box(_LEFT, y + 4, width, _ROW - 8, COLOURS[0])
        note = f" ({value.note})" if value.note else ""
        sheet.text(_LEFT + width + 6, y + 17, as_shown(value.number, chart.unit) + note)
    sheet.line((_LEFT, _TOP - 2), (_LEFT, _TOP + _ROW * max(1, len(rows)) + 2), LINE)
    return _finished(sheet, chart, _TOP + _ROW * max(1, len(rows)) + 30)


def chart_of_series(chart: Chart) -> bytes:
    """SVG: a line over the labels for each row; broken where a number is missing or does not compare."""
    sheet = _sheet(chart, _TOP + _PLOT + 76)
    low, high, step = _axis(chart)
    left, right = 70, WIDTH - 190
    columns = max(1, len(chart.labels) - 1)

    def place(column: int, number: Decimal) -> tuple[float, float]:
        x = left + (right - left) * column / columns if len(chart.labels) > 1 else (left + right) / 2
        return x, float(_TOP + _PLOT - _PLOT * (number - low) / (high - low))

    tick = low
    while tick <= high:
        _, y = place(0, tick)
        sheet.line((left - 6, y), (right + 6, y), LINE, 0.5)
        sheet.text(left - 12, y + 4, as_shown(tick, chart.unit), size=12, colour=FAINT, anchor="end")
        tick += step
    for column, label in enumerate(chart.labels):
        sheet.text(place(column, low)[0], _TOP + _PLOT + 22, label, size=12, anchor="middle")
    if chart.level is not None:
        _, y = place(0, chart.level)
        sheet.line((left - 6, y), (right + 6, y), INK, 1, "2 2")
    for number, row in enumerate(chart.rows):
        _draw_row(
            sheet, row, number, [place(c, v.number) if v.number is not None else None for c, v in enumerate(row.values)]
        )
    _name_ends(sheet, chart, [_last(row, place) for row in chart.rows])
    return _finished(sheet, chart, _TOP + _PLOT + 60)


def chart_of_gap(chart: Chart) -> bytes:
    """SVG: both groups over time, or one ratio with the level at which neither group fares worse."""
    return chart_of_series(chart)


def table_of(chart: Chart) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Header and rows of the table beside the chart: every number as it is drawn, and the word where there is none."""
    header = ("", *(chart.labels or ("",)))
    rows = tuple((row.name, *(_in_words(value, chart.unit) for value in row.values)) for row in chart.rows)
    return header, rows


def _in_words(value: Value, unit: str) -> str:
    if value.number is None:
        return value.note or "no number"
    return as_shown(value.number, unit) + (f" ({value.note})" if value.note else "")


def as_shown(number: Decimal, unit: str) -> str:
    """At most two places, none where the number is whole, a comma for thousands."""
    rounded = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{rounded:,.2f}".rstrip("0").rstrip(".")
    return f"{'0' if text in {'-0', ''} else text}{unit}"


def _sheet(chart: Chart, height: int) -> Sheet:
    sheet = Sheet(WIDTH, height, chart.title, chart.description)
    sheet.text(16, 28, _short(chart.title, 90), size=17)
    sheet.text(16, 48, _short(chart.description, 118), size=12, colour=FAINT)
    return sheet


def _finished(sheet: Sheet, chart: Chart, y: float) -> bytes:
    if chart.source:
        sheet.text(16, y, _short(f"Source: {chart.source}", 118), size=11, colour=FAINT)
    return sheet.svg()


def _short(text: str, most: int = _LABEL_MOST) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _axis(chart: Chart) -> tuple[Decimal, Decimal, Decimal]:
    """Least, most and step of the axis: from nought, in round steps, with the level in it."""
    numbers = [value.number for row in chart.rows for value in row.values if value.number is not None]
    if chart.level is not None:
        numbers.append(chart.level)
    low, high = min([*numbers, Decimal(0)]), max([*numbers, Decimal(0)])
    reach = (high - low) or Decimal(1)
    size = Decimal(1).scaleb((reach / 5).adjusted())
    step = next(size * times for times in (1, 2, 5, 10) if size * times * 5 >= reach)
    least = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    most = (high / step).to_integral_value(rounding="ROUND_CEILING") * step
    return least, most if most > least else least + step, step


def _draw_row(sheet: Sheet, row: Row, number: int, points: Sequence[tuple[float, float] | None]) -> None:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    before: tuple[float, float] | None = None
    for point, value in zip(points, row.values, strict=True):
        if point is not None:
            # What does not compare with the number before it is not joined to it.
            if before is not None and not value.note:
                sheet.line(before, point, colour, 2, dash)
            sheet.mark(*point, number, colour)
        before = point


def _last(row: Row, place: object) -> tuple[float, float] | None:
    assert callable(place)
    drawn = [(column, value.number) for column, value in enumerate(row.values) if value.number is not None]
    if not drawn:
        return None
    x, y = place(*drawn[-1])
    return float(x), float(y)


def _name_ends(sheet: Sheet, chart: Chart, ends: Sequence[tuple[float, float] | None]) -> None:
    """Each row's name at the end of its line, moved apart where two would overlap."""
    taken: list[float] = []
    named = sorted(((end[1], end[0], number) for number, end in enumerate(ends) if end is not None))
    for y, x, number in named:
        at = max(y, taken[-1] + 16) if taken else y
        taken.append(at)
        sheet.text(x + 10, at + 4, _short(chart.rows[number].name, 26), size=12, colour=COLOURS[number % len(COLOURS)])
