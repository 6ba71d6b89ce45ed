"""Writing what is planned and said of the days ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET, Info

from stockhub.catalog.services import RowResult
from stockhub.demand import models
from stockhub.demand.plan_models import DatedPlan as DatedPlanModel
from stockhub.demand.plans import inputs, services
from stockhub.graphql.mutations.payloads import INPUT, ManyWritten, Outcome, Written, to_service, to_services, write_many, write_one
from stockhub.graphql.mutations.visibility import named, require_visible_accounts, require_visible_pools
from stockhub.graphql.permissions import root_field
from stockhub.graphql.types.plans import DayMark, DayTreatment, ForecastAdjustment, MarketSignal, PlanKind, PlannedEvent, SignalKind

D = TypeVar("D")
_VERSION = "The version that the change was made from; without it, the last writer wins."
_FIELD = " A field that is not sent is left alone; null clears it."


@strawberry.input(description="What all plans have.")
class _DatedPlanInput:
    code: str = strawberry.field(description="Its unique code: an existing one is changed, else one is made.")
    account: str | None = strawberry.field(description="The account's code; null for every account.", default=UNSET)
    pool: str | None = strawberry.field(description="The pool's code; null for every pool.", default=UNSET)
    category: str | None = strawberry.field(description="The category's code, with all beneath it; null for every one.", default=UNSET)
    sku: str | None = strawberry.field(description="The SKU's code; null for every SKU.", default=UNSET)
    starts_on: dt.date | None = strawberry.field(description="The first day.", default=UNSET)
    ends_on: dt.date | None = strawberry.field(description="The last day.", default=UNSET)
    reason: str | None = strawberry.field(description="Why: what the next person reads.", default=UNSET)
    expected_version: int | None = strawberry.field(description=_VERSION, default=UNSET)


@strawberry.input(description="A planned event by its code." + _FIELD)
class PlannedEventUpsertInput(_DatedPlanInput):
    kind: PlanKind | None = strawberry.field(description="What it is.", default=UNSET)
    event_type: str | None = strawberry.field(description="A slug; events of one type are taken to lift alike.", default=UNSET)
    name: str | None = strawberry.field(description="Its name.", default=UNSET)
    expected_lift: Decimal | None = strawberry.field(
        description="Demand over that of an ordinary day, such as 2.6; null: what past events taught.", default=UNSET
    )
    expected_units: Decimal | None = strawberry.field(
        description="Units of its SKU from the first day to the last, ordinary demand included, in place of a lift.", default=UNSET
    )
    ends_time: dt.time | None = strawberry.field(
        description="When it ends on its last day, on the business's clock, such as 22:00; null: not known.", default=UNSET
    )
    safety_stock_factor: Decimal | None = strawberry.field(
        description="What the safety stock is multiplied by while it lasts, such as 1.5.", default=UNSET
    )
    supplier: str | None = strawberry.field(description="Of a delay: the supplier's code; null for anybody.", default=UNSET)
    supplier_country: str | None = strawberry.field(
        description="Of a delay: what is ordered from suppliers in it, ISO 3166, such as CN; null for any.", default=UNSET
    )
    extra_lead_time_days: Decimal | None = strawberry.field(
        description="Of a delay: days on top of the lead time of what is ordered from the first day to the last, such as 14.", default=UNSET
    )

    def to_service(self) -> inputs.PlannedEventInput:
        numbers = ("expected_lift", "expected_units", "safety_stock_factor", "extra_lead_time_days")
        return _to_service(self, inputs.PlannedEventInput, numbers)


@strawberry.input(description="A factor on a forecast, or a lock in its place, by its code." + _FIELD)
class ForecastAdjustmentUpsertInput(_DatedPlanInput):
    factor: Decimal | None = strawberry.field(description="What the forecast is multiplied by, such as 1.2.", default=UNSET)
    locked_units: Decimal | None = strawberry.field(description="Units a day in place of the forecast.", default=UNSET)

    def to_service(self) -> inputs.ForecastAdjustmentInput:
        return _to_service(self, inputs.ForecastAdjustmentInput, ("factor", "locked_units"))


@strawberry.input(description="A signal of the market by its code." + _FIELD)
class MarketSignalUpsertInput(_DatedPlanInput):
    kind: SignalKind | None = strawberry.field(description="What it tells of.", default=UNSET)
    factor: Decimal | None = strawberry.field(description="What the forecast is multiplied by: below 1 it is lowered.", default=UNSET)
    source: str | None = strawberry.field(description="Where it comes from.", default=UNSET)
    value_before: Decimal | None = strawberry.field(description="What was observed before, such as rank 40.", default=UNSET)
    value_after: Decimal | None = strawberry.field(description="What was observed then, such as rank 8.", default=UNSET)
    must_be_followed: bool | None = strawberry.field(description="Whether it expires after a week that sales do not follow.", default=UNSET)

    def to_service(self) -> inputs.MarketSignalInput:
        return _to_service(self, inputs.MarketSignalInput, ("factor", "value_before", "value_after"))


@strawberry.input(description="How forecasts take past days of sales, by its code." + _FIELD)
class DayMarkUpsertInput(_DatedPlanInput):
    treatment: DayTreatment | None = strawberry.field(description="Kept as it is, left out, or stated units.", default=UNSET)
    units: Decimal | None = strawberry.field(description="What an ordinary day would have sold; with stated units only.", default=UNSET)

    def to_service(self) -> inputs.DayMarkInput:
        return _to_service(self, inputs.DayMarkInput, ("units",))


def _to_service(given: _DatedPlanInput, wanted: type[D], numbers: tuple[str, ...]) -> D:
    replaced: Mapping[str, Any] = {name: float(value) if isinstance(value := getattr(given, name), Decimal) else value for name in numbers}
    return to_service(given, wanted, **replaced)


@strawberry.type(description="The planned event that was written, or why it was not.")
class PlannedEventUpsertPayload(Written):
    @strawberry.field(description="The event as it is now; null where there are errors.")
    def planned_event(self, info: Info) -> PlannedEvent | None:
        return self.now(info, models.PlannedEvent)


@strawberry.type(description="What became of one row.")
class PlannedEventUpsertResult(Outcome):
    @strawberry.field(description="The event as it is now; null where the row was refused.")
    def planned_event(self, info: Info) -> PlannedEvent | None:
        return self.now(info, models.PlannedEvent)


@strawberry.input(description="Many planned events at once.")
class PlannedEventsUpsertInput:
    rows: list[PlannedEventUpsertInput] = strawberry.field(description="At most 1,000 events; a bad row is refused alone.")


@strawberry.type(description="What became of the rows.")
class PlannedEventsUpsertPayload(ManyWritten):
    results: list[PlannedEventUpsertResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.type(description="The adjustment that was written, or why it was not.")
class ForecastAdjustmentUpsertPayload(Written):
    @strawberry.field(description="The adjustment as it is now; null where there are errors.")
    def forecast_adjustment(self, info: Info) -> ForecastAdjustment | None:
        return self.now(info, models.ForecastAdjustment)


@strawberry.type(description="The signal that was written, or why it was not.")
class MarketSignalUpsertPayload(Written):
    @strawberry.field(description="The signal as it is now; null where there are errors.")
    def market_signal(self, info: Info) -> MarketSignal | None:
        return self.now(info, models.MarketSignal)


@strawberry.type(description="The mark that was written, or why it was not.")
class DayMarkUpsertPayload(Written):
    @strawberry.field(description="The mark as it is now; null where there are errors.")
    def day_mark(self, info: Info) -> DayMark | None:
        return self.now(info, models.DayMark)


@strawberry.type(description="What became of one row.")
class DayMarkUpsertResult(Outcome):
    @strawberry.field(description="The mark as it is now; null where the row was refused.")
    def day_mark(self, info: Info) -> DayMark | None:
        return self.now(info, models.DayMark)


@strawberry.input(description="Many marks of days at once.")
class DayMarksUpsertInput:
    rows: list[DayMarkUpsertInput] = strawberry.field(description="At most 1,000 marks; a bad row is refused alone.")


@strawberry.type(description="What became of the rows.")
class DayMarksUpsertPayload(ManyWritten):
    results: list[DayMarkUpsertResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.input(description="Which mark is taken back.")
class DayMarkCancelInput:
    code: str = strawberry.field(description="Its code.")


@strawberry.input(description="Which planned event is called off.")
class PlannedEventCancelInput:
    code: str = strawberry.field(description="Its code.")


@strawberry.input(description="Which adjustment or lock is taken back.")
class ForecastAdjustmentCancelInput:
    code: str = strawberry.field(description="Its code.")


@strawberry.input(description="Which signal is taken back.")
class MarketSignalCancelInput:
    code: str = strawberry.field(description="Its code.")


def _seen(info: Info, given: Sequence[_DatedPlanInput], *, bulk: bool = False) -> None:
    """Refuses what names a pool or an account that the user does not see."""
    require_visible_pools(info, [row.pool for row in given], bulk=bulk)
    require_visible_accounts(info, [row.account for row in given], bulk=bulk)


def _cancelled(info: Info, model: type[Any], code: str) -> DatedPlanModel:
    """Calls off what the user sees; of the rest there is nothing."""
    return services.cancel_plan(model, code=named(info, model, "code", code).code)


@strawberry.type
class PlansMutation:
    @root_field("demand.change_plannedevent", "Makes or changes a planned event; forecasts follow with the next forecast cycle.")
    def planned_event_upsert(self, info: Info, input: Annotated[PlannedEventUpsertInput, INPUT]) -> PlannedEventUpsertPayload:  # noqa: A002 - its name in the graph
        def work() -> models.PlannedEvent:
            _seen(info, [input])
            return services.plan_event(input.to_service())

        return write_one(PlannedEventUpsertPayload, work)

    @root_field("demand.change_plannedevent", "Makes or changes up to 1,000 planned events.")
    def planned_events_upsert(self, info: Info, input: Annotated[PlannedEventsUpsertInput, INPUT]) -> PlannedEventsUpsertPayload:  # noqa: A002 - its name in the graph
        def work() -> list[RowResult]:
            _seen(info, input.rows, bulk=True)
            return services.plan_events(to_services(input.rows))

        return write_many(PlannedEventsUpsertPayload, PlannedEventUpsertResult, work)

    @root_field("demand.delete_plannedevent", "Calls a planned event off.")
    def planned_event_cancel(self, info: Info, input: Annotated[PlannedEventCancelInput, INPUT]) -> PlannedEventUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(PlannedEventUpsertPayload, lambda: _cancelled(info, models.PlannedEvent, input.code))

    @root_field("demand.change_forecastadjustment", "Makes or changes a factor on a forecast, or a lock in its place.")
    def forecast_adjustment_upsert(
        self,
        info: Info,
        input: Annotated[ForecastAdjustmentUpsertInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> ForecastAdjustmentUpsertPayload:
        def work() -> models.ForecastAdjustment:
            _seen(info, [input])
            return services.adjust_forecast(input.to_service())

        return write_one(ForecastAdjustmentUpsertPayload, work)

    @root_field("demand.delete_forecastadjustment", "Takes an adjustment or a lock back.")
    def forecast_adjustment_cancel(
        self,
        info: Info,
        input: Annotated[ForecastAdjustmentCancelInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> ForecastAdjustmentUpsertPayload:
        return write_one(ForecastAdjustmentUpsertPayload, lambda: _cancelled(info, models.ForecastAdjustment, input.code))

    @root_field("demand.change_marketsignal", "Makes or changes a signal of the market.")
    def market_signal_upsert(self, info: Info, input: Annotated[MarketSignalUpsertInput, INPUT]) -> MarketSignalUpsertPayload:  # noqa: A002 - its name in the graph
        def work() -> models.MarketSignal:
            _seen(info, [input])
            return services.record_signal(input.to_service())

        return write_one(MarketSignalUpsertPayload, work)

    @root_field("demand.delete_marketsignal", "Takes a signal back.")
    def market_signal_cancel(self, info: Info, input: Annotated[MarketSignalCancelInput, INPUT]) -> MarketSignalUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(MarketSignalUpsertPayload, lambda: _cancelled(info, models.MarketSignal, input.code))

    @root_field("demand.change_daymark", "Says how forecasts take past days of sales: as they were, not at all, or as so many units.")
    def day_mark_upsert(self, info: Info, input: Annotated[DayMarkUpsertInput, INPUT]) -> DayMarkUpsertPayload:  # noqa: A002 - its name in the graph
        def work() -> models.DayMark:
            _seen(info, [input])
            return services.mark_day(input.to_service())

        return write_one(DayMarkUpsertPayload, work)

    @root_field("demand.change_daymark", "Makes or changes up to 1,000 marks of days.")
    def day_marks_upsert(self, info: Info, input: Annotated[DayMarksUpsertInput, INPUT]) -> DayMarksUpsertPayload:  # noqa: A002 - its name in the graph
        def work() -> list[RowResult]:
            _seen(info, input.rows, bulk=True)
            return services.mark_days(to_services(input.rows))

        return write_many(DayMarksUpsertPayload, DayMarkUpsertResult, work)

    @root_field("demand.delete_daymark", "Takes a mark back: cleaning judges the days by itself again.")
    def day_mark_cancel(self, info: Info, input: Annotated[DayMarkCancelInput, INPUT]) -> DayMarkUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(DayMarkUpsertPayload, lambda: _cancelled(info, models.DayMark, input.code))
