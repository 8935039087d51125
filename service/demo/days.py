"""Days of the demo, counted from the day on which it is loaded, so that a fresh demo always has time to run.

The past of the demo lies on working days before today, and the coming dates on working days after it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.rules.calendar import ENGLAND, is_working_day

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Working days as seen from `today`."""

    today: date

    def before(self, count: int) -> date:
        """The `count`th working day before today (count at least 1, so always in the past)."""
        return self._step(count, -ONE)

    def after(self, count: int) -> date:
        """The `count`th working day after today (count at least 1)."""
        return self._step(count, ONE)

    def past(self, count: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of the `count`th working day before today, by England's clock."""
        return moment(self.before(count), hour, minute)

    def _step(self, count: int, step: timedelta) -> date:
        if count < 1:
            raise ValueError("count working days from 1")
        day, left = self.today, count
        while left:
            day += step
            left -= is_working_day(day)
        return day


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """That time of day in England, as UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=ENGLAND).astimezone(UTC)
