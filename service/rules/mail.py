"""Mail to people: that there may be something new, and nothing of it.

To be mailed at all is to be told about: whoever runs the mail log and knows when a network was asked learns from a mail
of that morning who is in it. So the usual cadence is the same mail on the same days to everybody who asked for mail,
news or none; a mail that comes because of news is for who has understood that. Of issues, whose own times are days,
mail tells once a day (THREATS A29; DESIGN section 7, Network).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, assert_never

import idna

from service.rules.calendar import ENGLAND, add_working_days, end_of_day, england_day
from service.rules.problems import Code, Problem

SUBJECT: Final = "Partnership: your update"
LONGEST_ADDRESS: Final = 254
LONGEST_LOCAL: Final = 64
"""Octets (RFC 5321)."""
CODE_LASTS: Final = timedelta(days=1)
MOST_CODES: Final = 5
"""Codes that one account may have mailed in a day, to whichever addresses."""
CLOSING_SOON: Final = 5
"""Working days."""
HOUR: Final = time(9)
STEADY_DAYS: Final = frozenset({1, 4})
"""Tuesday and Friday."""
STEADY_LATEST: Final = timedelta(hours=12)
"""Later than this after its time a steady mail is left out: the next one says the same."""
QUARTER: Final = 15
"""Minutes: at once is at most one mail in each quarter of an hour."""
LOOK: Final = timedelta(minutes=1)
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
SPREAD: Final = 0.25
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_DOMAIN: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_ENHANCED: Final = re.compile(r"\s*5\.(\d{1,3})\.(\d{1,3})\b")
_OF_THE_ADDRESS: Final = frozenset({550, 551, 553})


class Cadence(StrEnum):
    """When mail is sent."""

    OFF = "OFF"
    STEADY = "STEADY"
    DAILY = "DAILY"
    AT_ONCE = "AT_ONCE"


CADENCE_DESCRIPTIONS: Final = {
    Cadence.OFF: "No mail is sent, and the address is forgotten.",
    Cadence.STEADY: (
        "The same mail on Tuesdays and Fridays at 09:00, to everybody who asked for mail, news or none:"
        " its coming tells nobody anything."
    ),
    Cadence.DAILY: (
        "At 09:00, on days when there is news. That a mail comes on a day can tell others what you are part of: whoever"
        " sees the mail's log, and knows on which day a network was asked. It needs `understood`."
    ),
    Cadence.AT_ONCE: (
        "Within minutes of news; of issues and their steps at 09:00. The moment at which a mail comes can tell others"
        " what you are part of: whoever sees the mail's log, and knows when a network was asked. It needs `understood`."
    ),
}


class MailState(StrEnum):
    """Where an address stands."""

    UNCONFIRMED = "UNCONFIRMED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


class NoticeKind(StrEnum):
    """What there can be news of; no mail names it."""

    OPENED = "OPENED"
    CLOSING = "CLOSING"
    OUTCOME = "OUTCOME"
    ISSUE = "ISSUE"
    STEP = "STEP"


BY_THE_DAY: Final = frozenset({NoticeKind.ISSUE, NoticeKind.STEP})
"""Whose own times are days: an hour would tell who was at work."""


def address_of(given: str) -> str | None:
    """The address as mail is sent to it, its domain in ASCII; None for anything but one plain address.

    The rule is ours, as mail libraries repair what is not an address and send it somewhere else.
    """
    local, at, domain = given.partition("@")
    if (
        len(given) > LONGEST_ADDRESS
        or not at
        or "@" in domain
        or len(local) > LONGEST_LOCAL
        or not _LOCAL.fullmatch(local)
    ):
        return None
    name = _domain_of(domain)
    if name is None or len(local) + 1 + len(name) > LONGEST_ADDRESS:
        return None
    return f"{local}@{name}"


def _domain_of(given: str) -> str | None:
    """A name of the domain system in ASCII. What looks alike is not made the same: a stranger may own the other one."""
    name = given.lower()
    if not name.isascii():
        try:
            name = idna.encode(name, strict=True).decode()
        except (idna.IDNAError, UnicodeError):
            return None
    if len(name) > 253 or not _DOMAIN.fullmatch(name) or name.rpartition(".")[2].isdecimal():
        return None
    return name


def preference_problems(address: str | None, cadence: Cadence, understood: bool) -> list[Problem]:
    """What is wrong with a preference for mail as it was asked for; an address may be left out where one stands."""
    problems = []
    if address is not None and address_of(address) is None:
        message = f"One plain address such as name@example.org, of at most {LONGEST_ADDRESS} characters."
        problems.append(Problem(Code.INVALID, message, ("address",)))
    match cadence:
        case Cadence.DAILY | Cadence.AT_ONCE if not understood:
            message = "When a mail comes can tell others what you are part of. Say that you have understood it."
            problems.append(Problem(Code.REQUIRED, message, ("understood",)))
        case _:
            pass
    return problems


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which an address is mailed at most once. `tells_days`: also of what is told by the day."""

    name: str
    tells_days: bool


def slot_at(cadence: Cadence, now: datetime, since: datetime) -> Slot | None:
    """The slot that a moment lies in, of who asked for this cadence at `since`; None where there is none now."""
    match cadence:
        case Cadence.OFF:
            return None
        case Cadence.STEADY:
            begins = _last_nine(now, STEADY_DAYS)
            return _named(cadence, begins) if since <= begins and now - begins <= STEADY_LATEST else None
        case Cadence.DAILY:
            begins = _last_nine(now)
            return _named(cadence, begins) if since <= begins else None
        case Cadence.AT_ONCE:
            there = now.astimezone(ENGLAND)
            begins = there.replace(minute=there.minute // QUARTER * QUARTER, second=0, microsecond=0).astimezone(UTC)
            return Slot(f"{cadence} {begins:%Y-%m-%dT%H:%M}", there.hour == HOUR.hour and there.minute < QUARTER)
        case _:
            assert_never(cadence)


def _named(cadence: Cadence, begins: datetime) -> Slot:
    return Slot(f"{cadence} {begins:%Y-%m-%d}", tells_days=True)


def next_look(cadence: Cadence, now: datetime) -> timedelta | None:
    """How long from now until there may be something to mail; None: never."""
    match cadence:
        case Cadence.OFF:
            return None
        case Cadence.STEADY:
            return _next_nine(now, STEADY_DAYS) - now
        case Cadence.DAILY:
            return _next_nine(now) - now
        case Cadence.AT_ONCE:
            return LOOK
        case _:
            assert_never(cadence)


_EVERY_DAY: Final = frozenset(range(7))


def _nine(day: date) -> datetime:
    return datetime.combine(day, HOUR, tzinfo=ENGLAND).astimezone(UTC)


def _last_nine(now: datetime, days: frozenset[int] = _EVERY_DAY) -> datetime:
    today = england_day(now)
    before = (today - timedelta(days=back) for back in range(8))
    return next(_nine(day) for day in before if day.weekday() in days and _nine(day) <= now)


def _next_nine(now: datetime, days: frozenset[int] = _EVERY_DAY) -> datetime:
    today = england_day(now)
    after = (today + timedelta(days=ahead) for ahead in range(8))
    return next(_nine(day) for day in after if day.weekday() in days and _nine(day) > now)


def closing_soon_until(now: datetime) -> datetime:
    """What closes by this moment closes within five working days."""
    return end_of_day(add_working_days(england_day(now), CLOSING_SOON))


def is_of_the_address(code: int, words: str) -> bool:
    """Whether a relay that refused a recipient so refuses the address for good, and not us, or for now.

    By the enhanced code (RFC 3463: the mailbox is not there, moved or closed) where it says one: 5.7.1 is a policy that
    may concern everybody, and would turn off all mail when a relay is set wrongly.
    """
    if not 500 <= code < 600:
        return False
    if (enhanced := _ENHANCED.match(words)) is not None:
        subject, detail = int(enhanced[1]), int(enhanced[2])
        return (subject == 1 and detail in {1, 2, 3, 6, 10}) or (subject == 2 and detail == 1)
    return code in _OF_THE_ADDRESS


def wait_after(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts that came to nothing; `chance` from 0 to 1 spreads it."""
    steps: int = min(attempts - 1, 10)
    usual = min(FIRST_WAIT * int(3**steps), LONGEST_WAIT)
    return usual * (1 - SPREAD + 2 * SPREAD * chance)
