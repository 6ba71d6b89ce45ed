"""What the services of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from stockhub.core.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPlanInput:
    """What a plan is about, when, and why; what it names is named by code. A field that is not given is left alone, None clears it."""

    code: str
    account: str | Unset | None = UNSET
    pool: str | Unset | None = UNSET
    category: str | Unset | None = UNSET
    sku: str | Unset | None = UNSET
    starts_on: date | Unset = UNSET
    ends_on: date | Unset = UNSET
    reason: str | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEventInput(DatedPlanInput):
    kind: str | Unset = UNSET
    event_type: str | Unset = UNSET
    name: str | Unset = UNSET
    expected_lift: float | Unset | None = UNSET
    expected_units: float | Unset | None = UNSET
    ends_time: time | Unset | None = UNSET
    safety_stock_factor: float | Unset | None = UNSET
    supplier: str | Unset | None = UNSET
    supplier_country: str | Unset | None = UNSET
    extra_lead_time_days: float | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastAdjustmentInput(DatedPlanInput):
    factor: float | Unset | None = UNSET
    locked_units: float | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMarkInput(DatedPlanInput):
    """`treatment` is a `DayTreatment`; `units` a day go with stated units alone."""

    treatment: str | Unset = UNSET
    units: float | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchAnalogueInput:
    """`sku` and `like_sku` are codes; `ends_on` None: until the SKU is established."""

    sku: str
    like_sku: str | Unset = UNSET
    scale: float | Unset = UNSET
    ends_on: date | Unset | None = UNSET
    reason: str | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContingencyPlanInput:
    """`account` is a code; None is any account. `tasks` are all of them, a text each."""

    code: str
    event_type: str | Unset = UNSET
    account: str | Unset | None = UNSET
    days_before: int | Unset = UNSET
    plan: str | Unset = UNSET
    tasks: list[str] | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSignalInput(DatedPlanInput):
    kind: str | Unset = UNSET
    factor: float | Unset = UNSET
    source: str | Unset = UNSET
    value_before: float | Unset | None = UNSET
    value_after: float | Unset | None = UNSET
    must_be_followed: bool | Unset = UNSET
