"""The contract of a demand calendar, as tests that a plugin author runs against his own."""

from __future__ import annotations

import re

from stockhub.pluginapi.demand_calendar import CalendarEvent, DemandCalendar
from stockhub.pluginapi.manifest import SLUG_PATTERN

#: Years and countries that are asked for.
YEARS = range(2020, 2031)
COUNTRIES = frozenset({"CN", "US", "GB", "DE", "JP"})
#: Unlike the slug of a provider it may begin with a digit, as 618 does.
_EVENT_TYPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Longer than this is a season and no event: nothing would be left to compare it with.
MOST_DAYS = 60


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


class DemandCalendarContract:
    """Subclass it in a test file and name the calendar; pytest finds the rest.

        class TestMyCalendar(DemandCalendarContract):
            calendar = MyCalendar()

    Needs neither Django nor a database.
    """

    calendar: DemandCalendar

    def test_has_a_slug_and_a_name_in_both_languages(self) -> None:
        _require(SLUG_PATTERN.fullmatch(self.calendar.slug), f"slug {self.calendar.slug!r} must be lower-case words joined by hyphens")
        _require(self.calendar.name.en.strip() and self.calendar.name.zh.strip(), "name needs English and Chinese")

    def test_gives_events_that_begin_in_the_year_and_end_after_they_begin(self) -> None:
        for year in YEARS:
            for event in self.calendar.events(year, COUNTRIES):
                _require(isinstance(event, CalendarEvent), f"{event!r:.100} is no CalendarEvent")
                _require(_EVENT_TYPE.fullmatch(event.event_type), f"event type {event.event_type!r} must be lower-case words and hyphens")
                _require(len(event.event_type) <= 60, f"event type {event.event_type!r} has more than 60 characters")
                _require(event.label.en.strip() and event.label.zh.strip(), f"{event.event_type} needs a label in English and Chinese")
                _require(event.first_on.year in (year, year - 1), f"{event.event_type} of {year} begins on {event.first_on}")
                days = (event.last_on - event.first_on).days + 1
                _require(1 <= days <= MOST_DAYS, f"{event.event_type} of {year} lasts {days} days")

    def test_the_same_year_always_gives_the_same_events(self) -> None:
        for year in YEARS:
            first, second = (list(self.calendar.events(year, COUNTRIES)) for _time in range(2))
            _require(first == second, f"two calls for {year} differ")

    def test_an_occurrence_stands_there_once(self) -> None:
        for year in YEARS:
            keys = [(e.event_type, e.first_on, e.countries, e.marketplaces) for e in self.calendar.events(year, COUNTRIES)]
            _require(len(keys) == len(set(keys)), f"an event of {year} stands there twice")

    def test_concerns_only_countries_that_were_asked_for(self) -> None:
        for year in YEARS:
            for country in sorted(COUNTRIES):
                for event in self.calendar.events(year, frozenset({country})):
                    _require(event.countries <= {country}, f"asked for {country}, {event.event_type} concerns {sorted(event.countries)}")
            _require(
                not [event for event in self.calendar.events(year, frozenset()) if event.countries],
                "without a country there are events of one",
            )
