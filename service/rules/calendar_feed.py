"""A seat's consultations in a calendar: on which days each opens and closes, and nothing of what it is about.

A calendar is shown to colleagues, copied to telephones and read by whoever runs the mail: a title may name a network
(DESIGN section 7), so none is given, nor a body, a side or a reason. An entry says that a consultation opens or closes,
and the reference by which its reader finds it in the graph. What tells entries apart is a keyed mark, so that nobody
else can match two people's calendars by it. The same rows make the same bytes: no entry carries the hour of its making.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Calendar, Event

from service.rules.calendar import england_day

OPENS: Final = "Consultation opens"
CLOSES: Final = "Consultation closes"
LATER: Final = "Consultation closes: later date"
"""Said of a later closing date whoever has it: that one body was given more time is nobody's to read off a calendar."""
PRODUCT: Final = "-//Partnership graph//Consultation dates//EN"
_INSTANT: Final = timedelta(microseconds=1)

Mark = Callable[[str, str], str]
"""From a reference and a kind of entry to what stands for the two, and tells neither."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What a seat sees of one consultation's days; `later`: its own body's closing, where that was given more time."""

    reference: str
    opens: date | None
    closes: date | None
    later: date | None = None


def opening_day(opened_at: datetime | None, planned: date | None) -> date | None:
    """The day on which it opened, or is to."""
    return planned if opened_at is None else england_day(opened_at)


def closing_day(closes_at: datetime | None, planned: date | None = None) -> date | None:
    """The last day: a consultation closes as that day ends in England."""
    return planned if closes_at is None else england_day(closes_at - _INSTANT)


def calendar_of(seen: Iterable[Dates], mark: Mark) -> bytes:
    """The calendar (RFC 5545), its entries by day and mark, so that their order tells nothing."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("name", "Consultation dates")
    for day, uid, summary, reference in sorted(_entries(seen, mark)):
        found.add_component(_event(day, uid, summary, reference))
    written: bytes = found.to_ical()
    return written


def _entries(seen: Iterable[Dates], mark: Mark) -> Iterator[tuple[date, str, str, str]]:
    for each in seen:
        later = each.later if each.closes is not None and each.later is not None and each.later > each.closes else None
        for day, summary in ((each.opens, OPENS), (each.closes, CLOSES), (later, LATER)):
            if day is not None:
                yield day, mark(each.reference, summary), summary, each.reference


def _event(day: date, uid: str, summary: str, reference: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", datetime.combine(day, time(), tzinfo=UTC))
    event.add("dtstart", day)
    event.add("summary", summary)
    event.add("description", f"Reference: {reference}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
