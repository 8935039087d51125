"""Nobody can write what another would read otherwise."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.problems import Code
from service.rules.text import line_problems, normalised, text_problems

FIELD = ("title",)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def codes_of_text(value: str, *, most: int = 100, required: bool = True) -> list[Code]:
    return [p.code for p in text_problems(value, field=FIELD, most=most, required=required)]


def codes_of_line(value: str, *, most: int = 100) -> list[Code]:
    return [p.code for p in line_problems(value, field=FIELD, most=most)]


@pytest.mark.parametrize(
    "value",
    ["a\x00b", "a\ud800b", "a\x1bb", "a\x85b", "a\x7fb", "a\u202eb", "a\u2066b", "a\u202ab"],
    ids=ascii,
)
def test_author_cannot_write_what_cannot_be_kept_or_reads_otherwise(value: str) -> None:
    assert codes_of_text(value) == [Code.INVALID]
    assert codes_of_line(value) == [Code.INVALID]


@pytest.mark.parametrize(
    "value",
    ["Cha\u200bir", "Cha\u200dir", "Chair\u2060.", "Cha\u00adir", "Two\nlines", "Tab\there", "Line\u2028break"],
    ids=ascii,
)
def test_impostor_cannot_hide_a_character_in_a_name(value: str) -> None:
    assert codes_of_line(value) == [Code.INVALID]


@pytest.mark.parametrize(
    "value",
    ["Siân Ó Briain", "O'Connor-Smith", "می‌خواهم", "👩🏽‍⚕️ nurses", "শ্রী", "שָׁלוֹם"],
)
def test_person_can_write_a_name_in_any_script(value: str) -> None:
    assert codes_of_line(value) == []


@pytest.mark.parametrize("value", ["", "   ", "\n\t\n", "\u200b", "\u2060\u00a0"], ids=ascii)
def test_author_cannot_leave_a_required_text_blank(value: str) -> None:
    assert codes_of_text(value) == [Code.REQUIRED]


def test_author_may_leave_an_optional_text_blank() -> None:
    assert codes_of_text("", required=False) == []


def test_author_cannot_write_more_than_the_field_takes() -> None:
    assert codes_of_text("é" * 10, most=10) == []
    assert codes_of_text("e\u0301" * 10, most=10) == []
    assert codes_of_text("é" * 11, most=10) == [Code.TOO_LONG]


def test_author_on_another_machine_writes_the_same_text() -> None:
    assert normalised(" caf\u0065\u0301\r\nopen\rlate \n") == "caf\u00e9\nopen\nlate"


def test_author_may_write_lines_and_tabs() -> None:
    assert codes_of_text("one\r\n\n\ttwo") == []


@given(ANY_TEXT)
def test_author_can_write_anything_without_a_fault(value: str) -> None:
    problems = [*text_problems(value, field=FIELD, most=20), *line_problems(value, field=FIELD, most=20)]
    assert all(p.field == FIELD for p in problems)


@given(ANY_TEXT)
def test_reader_of_an_accepted_text_can_be_sent_it(value: str) -> None:
    if text_problems(value, field=FIELD, most=100):
        return
    kept = normalised(value)
    assert "\x00" not in kept.encode("utf-8").decode("utf-8")
    assert normalised(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)


@given(ANY_TEXT, ANY_TEXT)
def test_reader_of_a_refusal_never_sees_what_was_written(one: str, other: str) -> None:
    """Whatever is written, the message is one of a fixed few."""
    said = {p.message for value in (one, other) for p in text_problems(value, field=FIELD, most=5)}
    assert said <= {
        "This can be at most 5 characters long.",
        "This cannot be left blank.",
        "This holds a control or invisible character that cannot be kept.",
    }
