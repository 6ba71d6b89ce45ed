"""The festivals of online commerce: 618, 11.11, 12.12, Chinese New Year, Prime Day, Black Friday.

A window is where sales usually move, not only the day that gives the name. A seller whose own window differs plans it: a planned event of
the same type takes the place of the calendar's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from stockhub.demand.calendars.public_holidays import CHINESE_NEW_YEAR, first_day_of
from stockhub.pluginapi import CalendarEvent, DemandCalendar
from stockhub.values import Label

_CHINA: Final = frozenset({"CN"})
_DOUYIN: Final = frozenset({"douyin"})
_AMAZON: Final = frozenset({"amazon"})
#: Type, label, and first and last day as (month, day).
_FIXED: Final = (
    ("618", Label("618 shopping festival", "618大促"), (6, 1), (6, 20)),
    ("double-11", Label("11.11 shopping festival", "双11大促"), (10, 31), (11, 11)),
    ("double-12", Label("12.12 shopping festival", "双12大促"), (12, 10), (12, 12)),
)
#: As Amazon announced them; other years are taken for the four days from the second Tuesday of July on.
_PRIME_DAYS: Final = {
    2022: (date(2022, 7, 12), date(2022, 7, 13)),
    2023: (date(2023, 7, 11), date(2023, 7, 12)),
    2024: (date(2024, 7, 16), date(2024, 7, 17)),
    2025: (date(2025, 7, 8), date(2025, 7, 11)),
}
_PRIME_COUNTRIES: Final = frozenset({"US", "CA", "MX", "GB", "DE", "FR", "IT", "ES", "NL", "BE", "AT", "PL", "SE", "JP", "AU", "SG"})
#: Before the festival couriers close and buyers travel; they are back two weeks later.
_BEFORE_NEW_YEAR, _AFTER_NEW_YEAR = timedelta(days=7), timedelta(days=14)
_TUESDAY, _THURSDAY = 1, 3


class CommerceCalendar(DemandCalendar):
    slug = "commerce-festivals"
    name = Label("Festivals of online commerce", "电商大促日历")

    def events(self, year: int, countries: frozenset[str]) -> Iterable[CalendarEvent]:
        if "CN" in countries:
            yield from self._chinese(year)
        if here := countries & _PRIME_COUNTRIES:
            first, last = _PRIME_DAYS.get(year) or _second_tuesday_of_july(year)
            yield CalendarEvent("prime-day", Label("Prime Day", "Prime Day 会员日"), first, last, here, _AMAZON)
        if abroad := countries - _CHINA:
            friday = _nth(year, 11, _THURSDAY, 4) + timedelta(days=1)
            label = Label("Black Friday to Cyber Monday", "黑色星期五至网络星期一")
            yield CalendarEvent("black-friday", label, friday, friday + timedelta(days=3), abroad)

    def _chinese(self, year: int) -> Iterator[CalendarEvent]:
        for event_type, label, first, last in _FIXED:
            yield CalendarEvent(event_type, label, date(year, *first), date(year, *last), _CHINA, _DOUYIN)
        # Known as far as the library computes the lunar calendar.
        if new_year := first_day_of("CN", year, CHINESE_NEW_YEAR):
            label = Label("Chinese New Year", "春节")
            yield CalendarEvent("chinese-new-year", label, new_year - _BEFORE_NEW_YEAR, new_year + _AFTER_NEW_YEAR, _CHINA)


def _second_tuesday_of_july(year: int) -> tuple[date, date]:
    first = _nth(year, 7, _TUESDAY, 2)
    return first, first + timedelta(days=3)


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th of a weekday in a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
