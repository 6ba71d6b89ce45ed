"""Events of a span of days: those that people planned, and those of the demand calendars."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, cast

from stockhub.channels.models import Account
from stockhub.demand.models import PlanKind, PlannedEvent
from stockhub.pluginapi import CalendarEvent, DemandCalendar
from stockhub.pluginhost.calls import call, together
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import Registered, registry
from stockhub.values import DomainError, Label

logger = logging.getLogger(__name__)
CALENDAR: Final = "calendar"
#: A plan of a calendar's event type within so many days of it is the seller's own date for it.
_SAME_EVENT: Final = timedelta(days=60)
#: Countries of accounts whose site does not say it, by their zone.
_COUNTRY_OF_ZONE: Final = {
    "Asia/Shanghai": "CN", "Asia/Tokyo": "JP", "America/Los_Angeles": "US", "America/New_York": "US", "America/Toronto": "CA",
    "America/Mexico_City": "MX", "Europe/London": "GB", "Europe/Berlin": "DE", "Europe/Paris": "FR", "Europe/Rome": "IT",
    "Europe/Madrid": "ES", "Asia/Singapore": "SG", "Australia/Sydney": "AU",
}  # fmt: skip
_COUNTRY_OF_SITE: Final = {"UK": "GB"}


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence, as a `Target`. `kind` is a `PlanKind` or CALENDAR; `key` is the same in every run."""

    key: str
    kind: str
    event_type: str
    label: Label
    first_on: date
    last_on: date
    account_ids: frozenset[int] | None = None
    pool_id: int | None = None
    category_id: int | None = None
    sku_id: int | None = None
    expected_lift: float | None = None
    #: Of its one SKU from the first day to the last, in place of a lift.
    expected_units: float | None = None
    reason: str = ""
    made_by: str = ""

    @property
    def account_id(self) -> int | None:
        """The account whose lift this is; None where it concerns several."""
        return next(iter(self.account_ids)) if self.account_ids and len(self.account_ids) == 1 else None


def events_between(first_on: date, last_on: date, *, with_delays: bool = False) -> tuple[list[Event], list[str]]:
    """The events that touch a span of days, by first day and key, and what went wrong with calendars.

    A planned event takes the place of the calendar's of the same type and time. Delays of supply, which move no demand and take no place,
    only `with_delays`.
    """
    every = list(_planned(first_on, last_on))
    planned = [event for event in every if event.kind != PlanKind.DELAY]
    problems: list[str] = []
    own_dates = [(event.event_type, event.first_on) for event in planned]
    shared = [
        event
        for event in _of_calendars(first_on, last_on, problems)
        if not any(kind == event.event_type and abs(day - event.first_on) <= _SAME_EVENT for kind, day in own_dates)
    ]
    return sorted([*(every if with_delays else planned), *shared], key=lambda event: (event.first_on, event.key)), problems


def _planned(first_on: date, last_on: date) -> Iterator[Event]:
    for plan in PlannedEvent.objects.filter(deleted_at=None, starts_on__lte=last_on, ends_on__gte=first_on).order_by("id"):
        yield Event(
            key=f"plan:{plan.pk}",
            kind=plan.kind,
            event_type=plan.event_type,
            label=Label(plan.name, plan.name),
            first_on=plan.starts_on,
            last_on=plan.ends_on,
            account_ids=None if plan.account_id is None else frozenset({plan.account_id}),
            pool_id=plan.pool_id,
            category_id=plan.category_id,
            sku_id=plan.sku_id,
            expected_lift=0.0 if plan.kind == PlanKind.CLOSURE else plan.expected_lift,
            expected_units=plan.expected_units,
            reason=plan.reason,
            made_by=plan.made_by,
        )


def _of_calendars(first_on: date, last_on: date, problems: list[str]) -> Iterator[Event]:
    accounts = _accounts()
    countries = frozenset(country for _marketplace, country in accounts.values() if country)
    with together(Kind.DEMAND_CALENDAR):
        for provider in registry().by_kind[Kind.DEMAND_CALENDAR].values():
            try:
                # An event may begin in the year before and reach into this one.
                years = range(first_on.year - 1, last_on.year + 1)
                found = call(provider, partial(_checked, provider, years, countries))
            except DomainError as error:
                problems.append(f"demand calendar {provider.slug}: {error.code}: {error.message}")
                continue
            for event in found:
                concerned = frozenset(_concerned(event, accounts))
                if concerned and event.last_on >= first_on and event.first_on <= last_on:
                    yield Event(
                        key=f"{provider.slug}:{event.event_type}:{event.first_on.isoformat()}",
                        kind=CALENDAR,
                        event_type=event.event_type,
                        label=event.label,
                        first_on=event.first_on,
                        last_on=event.last_on,
                        account_ids=concerned,
                        made_by=provider.slug,
                    )


def _checked(provider: Registered, years: Iterable[int], countries: frozenset[str]) -> list[CalendarEvent]:
    """The events of a calendar; whatever is no such event is a fault of the calendar."""
    calendar = cast("DemandCalendar", provider.provider)
    found: list[Any] = [event for year in years for event in calendar.events(year, countries)]
    for event in found:
        if not isinstance(event, CalendarEvent) or event.last_on < event.first_on:
            raise TypeError(f"Calendar events are wanted that end after they begin, not {event!r:.200}.")
    return found


def _accounts() -> Mapping[int, tuple[str, str]]:
    """Marketplace and country of each account."""
    found = Account.objects.filter(deleted_at=None).values_list("id", "marketplace", "site", "time_zone")
    return {pk: (marketplace, _country(site, zone)) for pk, marketplace, site, zone in found}


def _country(site: str, zone: str) -> str:
    code = site.upper()
    return _COUNTRY_OF_SITE.get(code, code) if len(code) == 2 else _COUNTRY_OF_ZONE.get(zone, "")


def _concerned(event: CalendarEvent, accounts: Mapping[int, tuple[str, str]]) -> Iterator[int]:
    for pk, (marketplace, country) in accounts.items():
        on_it = not event.marketplaces or marketplace in event.marketplaces or marketplace == "file"
        if on_it and (not event.countries or country in event.countries):
            yield pk
