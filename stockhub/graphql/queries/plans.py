"""Reading what is planned and said of the days ahead."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import QuerySet
from strawberry import Info

from stockhub.demand import models
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    IncludeDeleted,
    Key,
    Offset,
    Paging,
    UpdatedSince,
    current,
    page,
    rows_of,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.single import by_key
from stockhub.graphql.types.plans import DayMark, EventLift, ForecastAdjustment, MarketSignal, PlannedEvent

Code = Annotated[str, strawberry.argument(description="Its code.")]
From = Annotated[dt.date | None, strawberry.argument(description="Only what holds on this day or later.")]
Until = Annotated[dt.date | None, strawberry.argument(description="Only what holds on this day or earlier.")]
_LATEST = (Key("starts_on", descending=True),)


def _plans(
    info: Info,
    model: type[Any],
    from_day: dt.date | None,
    until_day: dt.date | None,
    updated_since: dt.datetime | None,
    include_deleted: bool,  # noqa: FBT001 - a client names every argument
) -> QuerySet[Any]:
    rows = current(rows_of(model, info), updated_since=updated_since, include_deleted=include_deleted)
    if from_day is not None:
        rows = rows.filter(ends_on__gte=from_day)
    if until_day is not None:
        rows = rows.filter(starts_on__lte=until_day)
    return rows


@strawberry.type
class PlansQuery:
    @root_field("demand.view_plannedevent", "The planned event with a code; null where there is none.")
    def planned_event_by_code(self, info: Info, code: Code) -> PlannedEvent | None:
        return by_key(info, models.PlannedEvent, code=code)

    @root_field("demand.view_plannedevent", "Planned events, the latest first.")
    def planned_events(
        self,
        info: Info,
        from_day: From = None,
        until_day: Until = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,  # noqa: FBT002 - clients name every argument
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[PlannedEvent]:
        rows = _plans(info, models.PlannedEvent, from_day, until_day, updated_since, include_deleted)
        return page(info, Connection[PlannedEvent], rows, _LATEST, Paging(first, after, offset))

    @root_field("demand.view_forecastadjustment", "The adjustment or lock with a code; null where there is none.")
    def forecast_adjustment_by_code(self, info: Info, code: Code) -> ForecastAdjustment | None:
        return by_key(info, models.ForecastAdjustment, code=code)

    @root_field("demand.view_forecastadjustment", "Adjustments and locks of forecasts, the latest first.")
    def forecast_adjustments(
        self,
        info: Info,
        from_day: From = None,
        until_day: Until = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,  # noqa: FBT002 - clients name every argument
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[ForecastAdjustment]:
        rows = _plans(info, models.ForecastAdjustment, from_day, until_day, updated_since, include_deleted)
        return page(info, Connection[ForecastAdjustment], rows, _LATEST, Paging(first, after, offset))

    @root_field("demand.view_daymark", "The mark of days with a code; null where there is none.")
    def day_mark_by_code(self, info: Info, code: Code) -> DayMark | None:
        return by_key(info, models.DayMark, code=code)

    @root_field("demand.view_daymark", "Marks of past days, the latest days first.")
    def day_marks(
        self,
        info: Info,
        from_day: From = None,
        until_day: Until = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,  # noqa: FBT002 - clients name every argument
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[DayMark]:
        rows = _plans(info, models.DayMark, from_day, until_day, updated_since, include_deleted)
        return page(info, Connection[DayMark], rows, _LATEST, Paging(first, after, offset))

    @root_field("demand.view_marketsignal", "The signal with a code; null where there is none.")
    def market_signal_by_code(self, info: Info, code: Code) -> MarketSignal | None:
        return by_key(info, models.MarketSignal, code=code)

    @root_field("demand.view_marketsignal", "Signals of the market, the latest first.")
    def market_signals(
        self,
        info: Info,
        from_day: From = None,
        until_day: Until = None,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,  # noqa: FBT002 - clients name every argument
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[MarketSignal]:
        rows = _plans(info, models.MarketSignal, from_day, until_day, updated_since, include_deleted)
        return page(info, Connection[MarketSignal], rows, _LATEST, Paging(first, after, offset))

    @root_field("demand.view_eventlift", "What events of a type lift on an account; null where nobody knows.")
    def event_lift(
        self,
        info: Info,
        event_type: Annotated[str, strawberry.argument(description="The type, such as 618.")],
        account: Annotated[str | None, strawberry.argument(description="The account's code; null for events of several.")] = None,
    ) -> EventLift | None:
        return by_key(info, models.EventLift, event_type=event_type, account__code=account)

    @root_field("demand.view_eventlift", "What events of all types lift, by account.")
    def event_lifts(
        self,
        info: Info,
        updated_since: UpdatedSince = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[EventLift]:
        rows = rows_of(models.EventLift, info)
        if updated_since is not None:
            rows = rows.filter(updated_at__gte=updated_since)
        return page(info, Connection[EventLift], rows, (Key("event_type"),), Paging(first, after, offset))
