"""England's days: working days, and the moment at which a day ends.

A working day is Monday to Friday and not a bank holiday in England (Banking and Financial Dealings Act
1971, sch. 1, with days appointed by royal proclamation, as the `holidays` library lists them). A day
proclaimed after that list was made, or a closing of the trust's own, is given as `closures`.
A consultation that closes *on* a day is open until that day has ended by England's clock: a day of 23
or 25 hours when the clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

ENGLAND: Final = ZoneInfo("Europe/London")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
NO_CLOSURES: Final[frozenset[date]] = frozenset()

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of one year, with substitute days."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year, expand=False))


def is_working_day(day: date, closures: frozenset[date] = NO_CLOSURES) -> bool:
    """Whether people in England work on that day, as far as the law and the trust say."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year) and day not in closures


def add_working_days(start: date, count: int, closures: frozenset[date] = NO_CLOSURES) -> date:
    """The last of `count` working days after `start`; `start` itself when `count` is not positive.

    Nothing lies after the last day that a `date` can hold: there the counting stops.
    """
    day, left = start, count
    while left > 0 and day < date.max:
        day += _DAY
        left -= is_working_day(day, closures)
    return day


def working_days_between(start: date, end: date, closures: frozenset[date] = NO_CLOSURES) -> int:
    """How many working days lie after `start`, up to and including `end`."""
    days = max(0, (end - start).days)
    return sum(is_working_day(start + timedelta(days=n), closures) for n in range(1, days + 1))


def england_day(moment: datetime) -> date:
    """The day that England's calendars show at that (aware) moment."""
    if moment.tzinfo is None:
        msg = "a moment needs its time zone"
        raise ValueError(msg)
    return moment.astimezone(ENGLAND).date()


def end_of_day(day: date) -> datetime:
    """The first moment, in UTC, of the day after `day` in England."""
    return datetime.combine(day + _DAY, time(), tzinfo=ENGLAND).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first moment, in UTC, of `day` in England."""
    return datetime.combine(day, time(), tzinfo=ENGLAND).astimezone(UTC)
