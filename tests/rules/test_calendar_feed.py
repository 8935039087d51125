"""A calendar says when, and a reference; the same rows make the same bytes, and nothing else gets in."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from service.rules.calendar import end_of_day, start_of_day
from service.rules.calendar_feed import CLOSES, LATER, OPENS, Dates, calendar_of, closing_day, opening_day

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
WORDS = {"BEGIN", "UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "CLASS", "TRANSP", "END"}


def mark(reference: str, kind: str) -> str:
    return f"{len(reference)}{kind[-1]}"


def entries(content: bytes) -> list[tuple[str, date]]:
    """What stands there, as a calendar program reads it."""
    return [(str(each["summary"]), each["dtstart"].dt) for each in Calendar.from_ical(content).walk("VEVENT")]


@given(DAYS)
def test_a_member_reads_the_day_that_england_calls_the_last(day: date) -> None:
    assert closing_day(end_of_day(day)) == day
    assert opening_day(start_of_day(day), None) == day
    assert opening_day(end_of_day(day) - timedelta(seconds=1), None) == day
    assert (opening_day(None, day), closing_day(None, day), closing_day(None)) == (day, day, None)


@given(st.lists(st.builds(Dates, st.text("abc", min_size=1, max_size=9), *[st.none() | DAYS] * 3), max_size=6))
def test_every_entry_is_said_in_the_same_few_words_and_the_same_rows_make_the_same_bytes(seen: list[Dates]) -> None:
    content = calendar_of(seen, mark)
    assert content == calendar_of(list(reversed(seen)), mark)
    found = entries(content)
    assert {summary for summary, _ in found} <= {OPENS, CLOSES, LATER}
    assert len([1 for summary, _ in found if summary == CLOSES]) == len([1 for each in seen if each.closes is not None])
    body = content.decode().split("BEGIN:VEVENT", 1)
    if len(body) == 2:
        lines = ("BEGIN:VEVENT" + body[1]).split("\r\n")
        assert {line.split(":")[0].split(";")[0] for line in lines if line} <= WORDS
    for each in Calendar.from_ical(content).walk("VEVENT"):
        assert each["dtstamp"].dt == datetime.combine(each["dtstart"].dt, datetime.min.time(), UTC), (
            "no hour of its making"
        )


def test_a_later_day_is_told_beside_the_closing_and_an_earlier_or_equal_one_is_not() -> None:
    day = date(2026, 5, 1)
    for later, expected in ((day + timedelta(days=3), 3), (day, 2), (day - timedelta(days=3), 2)):
        assert len(entries(calendar_of([Dates("r", day, day, later)], mark))) == expected
    assert entries(calendar_of([], mark)) == []
