"""Demand calendars: when the festivals are, whom they concern, and what a failing one does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pytest

from stockhub.channels.models import Account
from stockhub.cycles.models import CycleStatus
from stockhub.demand.calendars.commerce import CommerceCalendar
from stockhub.demand.calendars.public_holidays import PublicHolidays
from stockhub.demand.models import Forecast, ForecastSettings, PlannedEvent
from stockhub.demand.plans.events import events_between
from stockhub.pluginapi import CalendarEvent, DemandCalendar
from stockhub.pluginapi.testing.demand_calendar import DemandCalendarContract
from stockhub.pluginhost import registry
from stockhub.pluginhost.kinds import Kind
from stockhub.values import Label
from tests.worlds import DAY, World, make_world, run_cycle


class TestCommerceCalendar(DemandCalendarContract):
    calendar = CommerceCalendar()


class TestPublicHolidays(DemandCalendarContract):
    calendar = PublicHolidays()


@pytest.mark.parametrize(
    ("year", "event_type", "first", "last"),
    [
        (2026, "618", date(2026, 6, 1), date(2026, 6, 20)),
        (2026, "double-11", date(2026, 10, 31), date(2026, 11, 11)),
        (2026, "double-12", date(2026, 12, 10), date(2026, 12, 12)),
        # New Year on 29 January 2025 and 17 February 2026, with the week before and two after.
        (2025, "chinese-new-year", date(2025, 1, 22), date(2025, 2, 12)),
        (2026, "chinese-new-year", date(2026, 2, 10), date(2026, 3, 3)),
        (2024, "prime-day", date(2024, 7, 16), date(2024, 7, 17)),
        (2025, "black-friday", date(2025, 11, 28), date(2025, 12, 1)),
    ],
)
def test_h86_the_festivals_are_where_they_were(year: int, event_type: str, first: date, last: date) -> None:
    found = {event.event_type: event for event in CommerceCalendar().events(year, frozenset({"CN", "US"}))}
    assert (found[event_type].first_on, found[event_type].last_on) == (first, last)


def test_h86_holidays_of_a_country_are_whole_and_those_of_no_known_country_none() -> None:
    chinese = {event.event_type: event for event in PublicHolidays().events(2026, frozenset({"CN"}))}
    golden_week = chinese["holiday-cn-national-day"]
    assert (golden_week.first_on, golden_week.last_on) == (date(2026, 10, 1), date(2026, 10, 7))
    assert not [name for name in chinese if "new-year-spring" in name or "day-off" in name]
    assert list(PublicHolidays().events(2026, frozenset({"XX"}))) == []


def _types(first: date, last: date) -> dict[str, frozenset[int] | None]:
    events, problems = events_between(first, last)
    assert problems == []
    return {event.event_type: event.account_ids for event in events}


def test_h86_a_holiday_is_named_in_both_languages() -> None:
    names = {event.event_type: (event.label.en, event.label.zh) for event in PublicHolidays().events(2026, frozenset({"CN", "US"}))}
    assert names["holiday-cn-tomb-sweeping-day"] == ("Tomb-Sweeping Day", "清明节")
    assert names["holiday-cn-national-day"] == ("National Day", "国庆节")
    assert names["holiday-us-thanksgiving-day"] == ("Thanksgiving Day", "感恩节")
    assert [english for english, chinese in names.values() if chinese.isascii()] == []


@pytest.mark.django_db
def test_an_event_concerns_the_accounts_of_its_country_and_marketplace() -> None:
    douyin = Account.objects.create(code="dy", name="dy", marketplace="douyin")
    amazon = Account.objects.create(code="us", name="us", marketplace="amazon", site="US", time_zone="America/Los_Angeles")
    files = Account.objects.create(code="file", name="file", marketplace="file", time_zone="Asia/Shanghai")
    summer = _types(date(2026, 6, 1), date(2026, 7, 31))
    assert summer["618"] == frozenset({douyin.pk, files.pk})
    assert summer["prime-day"] == frozenset({amazon.pk})
    assert summer["holiday-us-independence-day"] == frozenset({amazon.pk})


@pytest.mark.django_db
def test_a_sellers_own_date_for_an_event_takes_the_place_of_the_calendars() -> None:
    Account.objects.create(code="dy", name="dy", marketplace="douyin")
    PlannedEvent.objects.create(
        code="ours", kind="promotion", event_type="618", name="Our 618", starts_on="2026-06-15", ends_on="2026-06-18", reason="x"
    )
    events, _problems = events_between(date(2026, 6, 1), date(2026, 6, 30))
    assert [(event.key[:4], event.first_on) for event in events if event.event_type == "618"] == [("plan", date(2026, 6, 15))]


class Failing(DemandCalendar):
    slug = "failing"
    name = Label("Failing", "故障")

    def events(self, year: int, countries: frozenset[str]) -> Iterable[CalendarEvent]:
        raise RuntimeError("no calendar today")


class Backwards(DemandCalendar):
    slug = "backwards"
    name = Label("Backwards", "倒序")

    def events(self, year: int, countries: frozenset[str]) -> Iterable[CalendarEvent]:
        return [CalendarEvent("x", Label("x", "x"), date(year, 6, 2), date(year, 6, 1))]


@pytest.fixture
def world() -> Iterator[World]:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=5, quantile_levels=[0.5])
    for calendar in (Failing(), Backwards()):
        registry.register_built_in(Kind.DEMAND_CALENDAR, calendar)
    yield make_world()
    for slug in (Failing.slug, Backwards.slug):
        registry._built_in.pop((Kind.DEMAND_CALENDAR, slug))
    registry.reset()


@pytest.mark.django_db
def test_a_failing_calendar_is_told_and_forecasts_are_made_without_it(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [4.0] * 60, last_on=DAY - timedelta(days=1))
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.PARTIAL
    assert "demand calendar failing: raised: It raised RuntimeError: no calendar today" in cycle.message
    [chunk] = cycle.chunks.all()
    assert [error.split(":")[0] for error in chunk.errors] == ["demand calendar failing", "demand calendar backwards"]
    assert Forecast.objects.get(sku=sku).mean.tolist() == [4.0] * 5
