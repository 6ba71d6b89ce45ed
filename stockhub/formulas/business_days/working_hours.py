"""Hours that count only while people are at work, on the clock of a site (H34, H69)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stockhub.formulas.errors import InvalidParameterError


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Working days of the week, 1 being Monday, and the whole hours from `begins` to `ends` of each, in a site's zone.

    InvalidParameterError where no day or no hour is worked.
    """

    zone: str
    days: Collection[int] = (1, 2, 3, 4, 5)
    begins: int = 9
    ends: int = 18

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(range(1, 8)):
            raise InvalidParameterError("working days", self.days, "some of the days 1 (Monday) to 7")
        if not 0 <= self.begins < self.ends <= 24:
            raise InvalidParameterError("working hours", (self.begins, self.ends), "whole hours from 0 to 24, the first before the last")

    def after(self, start: datetime, hours: float) -> datetime:
        """The instant by which so many working hours have passed since `start`, in UTC.

        On the days on which clocks change, the hours that pass are counted, not those that a clock shows.
        """
        left = timedelta(hours=hours)
        day = start.astimezone(ZoneInfo(self.zone)).date()
        while True:
            if day.isoweekday() in self.days:
                begin, end = (self._instant(day.toordinal(), hour) for hour in (self.begins, self.ends))
                begin = max(begin, start.astimezone(UTC))
                if begin + left <= end and begin < end:
                    return begin + left
                left -= max(end - begin, timedelta(0))
            day += timedelta(days=1)

    def _instant(self, day: int, hour: int) -> datetime:
        midnight = datetime.combine(datetime.fromordinal(day) + timedelta(days=hour // 24), time(hour % 24))
        return midnight.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
