"""A chart says to everyone what it says to those who see it, and carries nothing but the picture."""

import hashlib
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pictures.charts import (
    Chart,
    Row,
    Value,
    as_shown,
    chart_of_gap,
    chart_of_release,
    chart_of_series,
    table_of,
)
from service.pictures.drawing import COLOURS, FAINT, INK, PAPER

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "defs", "title", "desc", "rect", "path", "circle", "text"}
REGION = Chart(
    title="Trade-union officials, 2026-27",
    description="North East, published reports, counts to the nearest five",
    unit=" people",
    labels=("2026-27",),
    rows=(
        Row("Newcastle upon Tyne Hospitals", (Value(Decimal(45)),)),
        Row("Gateshead Health", (Value(None, "hidden"),)),
        Row("North East", (Value(Decimal(230), "9 of 10 trusts"),)),
    ),
    source="Published reports",
)
YEARS = Chart(
    title="Likelihood of appointment",
    description="White applicants compared with BME applicants",
    unit="",
    labels=("2022-23", "2023-24", "2024-25"),
    rows=(Row("White over BME", (Value(Decimal("1.62")), Value(None, "undefined"), Value(Decimal("1.3"), "changed"))),),
    level=Decimal(1),
)
ALL = ((chart_of_release, REGION), (chart_of_series, YEARS), (chart_of_gap, YEARS))


def parsed(content: bytes) -> ET.Element:
    return ET.fromstring(content)


def tags(root: ET.Element) -> set[str]:
    return {element.tag.removeprefix(SVG) for element in root.iter()}


@pytest.mark.parametrize(("draw", "chart"), ALL)
def test_who_does_not_see_it_is_told_its_title_and_what_it_shows(draw, chart: Chart) -> None:
    root = parsed(draw(chart))
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == (chart.title, chart.description)
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@pytest.mark.parametrize(("draw", "chart"), ALL)
def test_it_has_no_script_no_style_and_no_address_of_anything_else(draw, chart: Chart) -> None:
    content = draw(chart)
    root = parsed(content)
    assert tags(root) <= DRAWN
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name
            assert name not in {"style", "class"}
            assert "url(" not in value
    assert content.count(b"http") == content.count(b"http://www.w3.org/")


HOSTILE = '"><script>alert(1)</script>&amp;<![CDATA[x]]>\x00\x08\ud800\u202e'


@pytest.mark.parametrize("draw", [chart_of_release, chart_of_series])
def test_a_name_is_a_name_and_never_markup(draw) -> None:
    chart = Chart(HOSTILE, HOSTILE, HOSTILE[:20], (HOSTILE,), (Row(HOSTILE, (Value(Decimal(3), HOSTILE),)),), HOSTILE)
    root = parsed(draw(chart))
    assert tags(root) <= DRAWN
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text is not None
    assert "<script>" in title.text


@given(
    st.lists(
        st.tuples(
            st.text(max_size=60), st.lists(st.none() | st.decimals(-(10**9), 10**9, places=3), min_size=3, max_size=3)
        ),
        max_size=6,
    ),
    st.none() | st.decimals(0, 2, places=1),
)
def test_any_figures_can_be_drawn_and_stay_on_the_sheet(rows, level: Decimal | None) -> None:
    chart = Chart(
        "t", "d", "%", ("a", "b", "c"), tuple(Row(n, tuple(Value(v) for v in vs)) for n, vs in rows), "", level
    )
    for draw in (chart_of_release, chart_of_series):
        root = parsed(draw(chart))
        width, height = float(root.get("width", "0")), float(root.get("height", "0"))
        for circle in root.iter(f"{SVG}circle"):
            assert 0 <= float(circle.get("cx", "-1")) <= width
            assert 0 <= float(circle.get("cy", "-1")) <= height
        for box in root.iter(f"{SVG}rect"):
            assert float(box.get("width", "-1")) >= 0
            assert float(box.get("x", "-1")) + float(box.get("width", "0")) <= width + 0.1


def test_the_same_figures_make_the_same_bytes_in_any_thread() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = {hashlib.sha256(content).hexdigest() for content in threads.map(chart_of_series, [YEARS] * 64)}
    assert len(made) == 1
    assert chart_of_release(REGION) == chart_of_release(REGION)


def test_two_charts_on_one_page_do_not_share_a_name() -> None:
    one, other = (parsed(draw(chart)).get("aria-labelledby") for draw, chart in ALL[:2])
    assert one != other


def test_a_hidden_number_is_drawn_as_the_word_and_by_no_bar() -> None:
    root = parsed(chart_of_release(REGION))
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert "hidden" in words
    bars = [box for box in root.iter(f"{SVG}rect") if box.get("fill") == COLOURS[0]]
    assert len(bars) == 2


def test_a_line_is_broken_where_numbers_do_not_compare() -> None:
    joined = [path for path in parsed(chart_of_series(YEARS)).iter(f"{SVG}path") if path.get("stroke-width") == "2"]
    assert joined == []


def test_the_table_beside_says_every_number_and_every_word() -> None:
    assert table_of(REGION) == (
        ("", "2026-27"),
        (
            ("Newcastle upon Tyne Hospitals", "45 people"),
            ("Gateshead Health", "hidden"),
            ("North East", "230 people (9 of 10 trusts)"),
        ),
    )
    assert table_of(YEARS)[1] == (("White over BME", "1.62", "undefined", "1.3 (changed)"),)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0", "0%"), ("-0.001", "0%"), ("12.345", "12.35%"), ("1234567", "1,234,567%"), ("100", "100%"), ("0.5", "0.5%")],
)
def test_numbers_are_written_as_people_read_them(number: str, shown: str) -> None:
    assert as_shown(Decimal(number), "%") == shown


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [*COLOURS, INK, FAINT])
def test_every_colour_of_words_and_lines_stands_out_as_wcag_aa_asks(colour: str) -> None:
    assert (luminance(PAPER) + 0.05) / (luminance(colour) + 0.05) >= 4.5
