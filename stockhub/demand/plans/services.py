"""Writing what people know of the days ahead: planned events, adjustments and locks of forecasts, signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError, require, visible_account_ids
from stockhub.catalog.models import Category, Sku, StockPool
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.channels.models import Account
from stockhub.core import actor, clock
from stockhub.core.unset import Unset
from stockhub.demand.models import DayMark, DayTreatment, ForecastAdjustment, MarketSignal, PlannedEvent
from stockhub.demand.plan_models import DAYS_OF_A_DELAY, UNITS_OF_A_SKU, DatedPlan
from stockhub.demand.plans.inputs import DatedPlanInput, DayMarkInput, ForecastAdjustmentInput, MarketSignalInput, PlannedEventInput
from stockhub.editing.upserts import (
    Change,
    RowResult,
    assign_columns,
    codes,
    collect,
    require_size,
    resolve,
    results,
    the_one,
    valid,
    write,
)
from stockhub.suppliers.models import Supplier
from stockhub.values.errors import DomainError

Plan = TypeVar("Plan", bound=DatedPlan)
_SHARED: Final = ("starts_on", "ends_on", "reason")
_TARGETS: Final[dict[str, Any]] = {"account": Account, "pool": StockPool, "category": Category, "sku": Sku}
#: What a delay of supply may be narrowed to besides.
_EVENT_TARGETS: Final[dict[str, Any]] = _TARGETS | {"supplier": Supplier}
_EVENT_COLUMNS: Final = (
    "kind", "event_type", "name", "expected_lift", "expected_units", "safety_stock_factor", "supplier_country", "extra_lead_time_days",
    "ends_time",
)  # fmt: skip
_ADJUSTMENT_COLUMNS: Final = ("factor", "locked_units")
_MARK_COLUMNS: Final = ("treatment", "units")
_SIGNAL_COLUMNS: Final = ("kind", "factor", "source", "value_before", "value_after", "must_be_followed")


def plan_event(row: PlannedEventInput) -> PlannedEvent:
    return PlannedEvent.objects.get(pk=the_one(plan_events([row])))


def plan_events(rows: Sequence[PlannedEventInput]) -> list[RowResult]:
    """Makes or changes planned events by code, one result for each row. Forecasts follow with the next forecast cycle."""
    return _upsert(PlannedEvent, rows, _EVENT_COLUMNS, "demand.planned_event")


def adjust_forecast(row: ForecastAdjustmentInput) -> ForecastAdjustment:
    """Makes or changes a factor on a forecast, or a lock in its place. Raises `factor_or_lock` where it is not exactly one of them."""
    return ForecastAdjustment.objects.get(pk=the_one(_upsert(ForecastAdjustment, [row], _ADJUSTMENT_COLUMNS, "demand.forecast_adjustment")))


def record_signal(row: MarketSignalInput) -> MarketSignal:
    return MarketSignal.objects.get(pk=the_one(record_signals([row])))


def record_signals(rows: Sequence[MarketSignalInput]) -> list[RowResult]:
    """Makes or changes signals by code, one result for each row."""
    return _upsert(MarketSignal, rows, _SIGNAL_COLUMNS, "demand.market_signal")


def mark_day(row: DayMarkInput) -> DayMark:
    return DayMark.objects.get(pk=the_one(mark_days([row])))


def mark_days(rows: Sequence[DayMarkInput]) -> list[RowResult]:
    """Marks past days of sales by code, one result for each row; the next forecast cycle goes by it.

    Refuses with `units_where_stated` where units are given without the treatment of stated units, or the other way round.
    """
    return _upsert(DayMark, rows, _MARK_COLUMNS, "demand.day_mark")


def cancel_plan(model: type[Plan], *, code: str) -> Plan:
    """Ends a plan, an adjustment, a signal or the mark of a day as if it had not been. Raises `not_found`; a cancelled one stays so."""
    noun = _NOUNS[model]
    require(f"demand.delete_{model._meta.model_name}")
    with transaction.atomic():
        manager: Any = model._default_manager
        plan: Plan | None = manager.select_for_update().filter(code=code).first()
        if plan is None:
            raise DomainError("not_found", _("There is no such code."), path=("code",), params={"value": code[:200]})
        _Scope.of_actor().check(plan)
        if plan.deleted_at is None:
            change = Change(0, plan, is_new=False)
            change.set("deleted_at", clock.now())
            write(model, [change], noun=noun)
    return plan


_NOUNS: Final[dict[type[Any], str]] = {
    PlannedEvent: "demand.planned_event",
    ForecastAdjustment: "demand.forecast_adjustment",
    MarketSignal: "demand.market_signal",
    DayMark: "demand.day_mark",
}


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the acting person may plan for; None is everything."""

    accounts: set[int] | None
    pools: set[int] | None

    @classmethod
    def of_actor(cls) -> _Scope:
        who = actor.current()
        user = User.objects.filter(pk=who.user_id).first() if who.user_id is not None else None
        if user is None:
            return cls(None, None)
        pools = visible_pool_ids(user)
        return cls(visible_account_ids(user), None if pools is None else set(pools))

    def check(self, plan: DatedPlan) -> None:
        """NotAllowedError where a plan reaches beyond what the person sees."""
        account, pool = plan.account_id, plan.pool_id
        if (self.accounts is not None and account is not None and account not in self.accounts) or (
            self.pools is not None and pool is not None and pool not in self.pools
        ):
            raise NotAllowedError(_("You may not plan for this account or pool; ask an administrator for it."))
        if account is None and pool is None and not (self.accounts is None and self.pools is None):
            raise NotAllowedError(_("Name an account or a pool: a plan for all of them is for those who see all of them."))


def _upsert(model: type[Plan], rows: Sequence[DatedPlanInput], columns: Sequence[str], noun: str) -> list[RowResult]:
    require(f"demand.change_{model._meta.model_name}")
    require_size(rows)
    scope, targets = _Scope.of_actor(), _EVENT_TARGETS if model is PlannedEvent else _TARGETS
    with transaction.atomic():
        manager: Any = model._default_manager
        existing = {plan.code: plan for plan in manager.select_for_update().filter(code__in=[row.code for row in rows]).order_by("id")}
        known = {name: codes(target, [getattr(row, name) for row in rows]) for name, target in targets.items()}

        def assign(change: Change[Plan], row: DatedPlanInput) -> None:
            if change.is_new:
                valid(change.obj, "code", row.code)
                change.set("made_by", actor.current().label)
            else:
                scope.check(change.obj)
            for name in targets:
                given = getattr(row, name)
                if not isinstance(given, Unset):
                    change.set(f"{name}_id", resolve(known[name], name, given))
            _require_finite(row, columns)
            assign_columns(change, row, (*_SHARED, *columns))
            _check(change.obj, columns)
            scope.check(change.obj)

        changes, errors = collect(rows, key=lambda row: row.code, existing=existing, new=lambda row: model(code=row.code), assign=assign)
        write(model, changes, noun=noun)
    return results(rows, changes, errors)


def _require_finite(row: DatedPlanInput, columns: Sequence[str]) -> None:
    for name in columns:
        value = getattr(row, name)
        if isinstance(value, float) and not isfinite(value):
            raise DomainError("invalid_value", _("A number is wanted."), path=(name,), params={"value": str(value)})


def _check(plan: Any, columns: Sequence[str]) -> None:  # noqa: ANN401 - any dated plan
    """What a plan needs as a whole."""
    for name in ("starts_on", "ends_on", "reason", *(c for c in ("kind", "event_type", "name", "treatment") if c in columns)):
        if not getattr(plan, name):
            raise DomainError("required", _("This field cannot be empty."), path=(name,))
    if plan.ends_on < plan.starts_on:
        raise DomainError("ends_before_start", _("The last day is not before the first."), path=("ends_on",))
    if isinstance(plan, PlannedEvent) and plan.is_half_a_delay:
        raise DomainError("days_of_a_delay", DAYS_OF_A_DELAY, path=("extra_lead_time_days",))
    if isinstance(plan, PlannedEvent) and plan.has_units_of_no_sku:
        raise DomainError("units_of_a_sku", UNITS_OF_A_SKU, path=("expected_units",))
    if isinstance(plan, ForecastAdjustment) and (plan.factor is None) == (plan.locked_units is None):
        raise DomainError("factor_or_lock", _("State either a factor or locked units a day; null clears the other."), path=("factor",))
    if isinstance(plan, DayMark) and (plan.units is None) == (plan.treatment == DayTreatment.STATED):
        raise DomainError("units_where_stated", _("State units with the treatment of stated units, and with no other."), path=("units",))
    if isinstance(plan, MarketSignal) and plan.factor is None:
        raise DomainError("required", _("This field cannot be empty."), path=("factor",))
