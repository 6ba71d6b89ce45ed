"""What is told about the catalogue. A field left UNSET stays as it is; None clears it. Other objects are named by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stockhub.core.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentInput:
    """One part of a bundle."""

    sku: str
    qty: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuInput:
    """`components` are all parts of a bundle; naming any makes it one, None makes it none."""

    code: str
    name: str | Unset | None = UNSET
    product: str | Unset | None = UNSET
    category: str | Unset | None = UNSET
    stage: str | Unset | None = UNSET
    brand: str | Unset | None = UNSET
    barcode: str | Unset | None = UNSET
    attributes: Mapping[str, Any] | Unset | None = UNSET
    is_replenished: bool | Unset = UNSET
    is_clearance: bool | Unset = UNSET
    unit_cost_amount: Decimal | Unset | None = UNSET
    unit_cost_currency: str | Unset | None = UNSET
    price_amount: Decimal | Unset | None = UNSET
    price_currency: str | Unset | None = UNSET
    weight_grams: int | Unset | None = UNSET
    length_mm: int | Unset | None = UNSET
    width_mm: int | Unset | None = UNSET
    height_mm: int | Unset | None = UNSET
    shelf_life_days: int | Unset | None = UNSET
    launched_on: date | Unset | None = UNSET
    discontinued_on: date | Unset | None = UNSET
    components: Sequence[ComponentInput] | Unset | None = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryInput:
    code: str
    name: str | Unset = UNSET
    parent: str | Unset | None = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInput:
    code: str
    name: str | Unset = UNSET
    category: str | Unset | None = UNSET
    brand: str | Unset | None = UNSET
    variant_axes: Sequence[str] | Unset | None = UNSET
    attributes: Mapping[str, Any] | Unset | None = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseInput:
    code: str
    name: str | Unset = UNSET
    kind: str | Unset = UNSET
    authority: str | Unset = UNSET
    legal_entity: str | Unset | None = UNSET
    country: str | Unset | None = UNSET
    time_zone: str | Unset = UNSET
    capacity_units: int | Unset | None = UNSET
    capacity_litres: int | Unset | None = UNSET
    allows_backorder: bool | Unset = UNSET
    allows_presale: bool | Unset = UNSET
    ledger_starts_at: datetime | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolInput:
    """`warehouses` are all of its warehouses, first the one that is taken from first."""

    code: str
    name: str | Unset = UNSET
    time_zone: str | Unset = UNSET
    warehouses: Sequence[str] | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInput:
    """What is wanted of a SKU in a pool; without a pool, in all of them."""

    sku: str
    pool: str | None = None
    safety_stock_method: str | Unset = UNSET
    safety_stock_qty: int | Unset | None = UNSET
    safety_cover_days: float | Unset | None = UNSET
    service_level: float | Unset | None = UNSET
    review_period_days: int | Unset | None = UNSET
    is_replenished: bool | Unset | None = UNSET
    lead_time_days: float | Unset | None = UNSET
    alert_threshold_qty: int | Unset | None = UNSET
    maximum_qty: int | Unset | None = UNSET
    alert_cover_days: float | Unset | None = UNSET
    alert_schedule: str | Unset | None = UNSET
    expected_version: int | None = None
