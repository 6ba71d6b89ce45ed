"""Public holidays of the countries that a seller sells in, from the library `holidays`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from stockhub.demand.calendars.holiday_names import CHINESE
from stockhub.pluginapi import CalendarEvent, DemandCalendar
from stockhub.values import Label

CHINESE_NEW_YEAR: Final = "Chinese New Year"
#: How the library calls days off that only lengthen a holiday.
_DAY_OFF: Final = "Day off"
#: Two parts of one holiday, such as the days before and after a weekend, are one event when no more days lie between.
_GAP = timedelta(days=2)


class PublicHolidays(DemandCalendar):
    slug = "public-holidays"
    name = Label("Public holidays", "法定节假日")

    def events(self, year: int, countries: frozenset[str]) -> Iterable[CalendarEvent]:
        """One event for each holiday of a country, its days together; countries that the library does not know have none."""
        for country in sorted(countries):
            for name, first, last in _holidays(country, year):
                # The festival calendar has the weeks around it.
                if not name.startswith(CHINESE_NEW_YEAR):
                    label = Label(name, _in_chinese(country, name, first))
                    yield CalendarEvent(f"holiday-{country.lower()}-{_slug(name)}", label, first, last, frozenset({country}))


def _in_chinese(country: str, name: str, day: date) -> str:
    """What the library calls the holiday in Chinese, where it does, then our own words for what most countries have; else its name."""
    import holidays

    if "zh_CN" in holidays.list_localized_countries().get(country, []):
        return str(holidays.country_holidays(country, years=day.year, language="zh_CN").get(day, name)).split("; ")[0]
    return CHINESE.get(name, name)


def first_day_of(country: str, year: int, name: str) -> date | None:
    """The first day of the holiday whose English name begins so; None where the library does not know it."""
    return next((first for its, first, _last in _holidays(country, year) if its.startswith(name)), None)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> tuple[tuple[str, date, date], ...]:
    import holidays

    if country not in holidays.list_supported_countries():
        return ()
    english = "en_US" in holidays.list_localized_countries().get(country, [])
    days = holidays.country_holidays(country, years=year, language="en_US" if english else None)
    by_name: dict[str, list[date]] = {}
    for day, names in days.items():
        for name in str(names).split("; "):
            # A day off in lieu belongs to the holiday that it stands for.
            by_name.setdefault(re.sub(r" \((observed|substituted[^)]*|in lieu)\)", "", name), []).append(day)
    off = by_name.pop(_DAY_OFF, [])
    spans = [(name, first, last) for name in sorted(by_name) for first, last in _spans(sorted(by_name[name]))]
    return tuple((name, first, _with_days_off(last, off)) for name, first, last in spans)


def _with_days_off(last: date, off: list[date]) -> date:
    """The last day of a holiday with the days off that follow it."""
    for day in sorted(off):
        if timedelta(0) < day - last <= _GAP:
            last = day
    return last


def _spans(days: list[date]) -> Iterator[tuple[date, date]]:
    first = last = days[0]
    for day in days[1:]:
        if day - last > _GAP:
            yield first, last
            first = day
        last = day
    yield first, last


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().encode("ascii", "ignore").decode()).strip("-")[:40] or "day"
