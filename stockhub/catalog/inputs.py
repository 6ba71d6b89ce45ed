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
    name: str | None | Unset = UNSET
    product: str | None | Unset = UNSET
    category: str | None | Unset = UNSET
    stage: str | None | Unset = UNSET
    brand: str | None | Unset = UNSET
    barcode: str | None | Unset = UNSET
    attributes: Mapping[str, Any] | None | Unset = UNSET
    is_replenished: bool | Unset = UNSET
    unit_cost_amount: Decimal | None | Unset = UNSET
    unit_cost_currency: str | None | Unset = UNSET
    price_amount: Decimal | None | Unset = UNSET
    price_currency: str | None | Unset = UNSET
    weight_grams: int | None | Unset = UNSET
    length_mm: int | None | Unset = UNSET
    width_mm: int | None | Unset = UNSET
    height_mm: int | None | Unset = UNSET
    shelf_life_days: int | None | Unset = UNSET
    launched_on: date | None | Unset = UNSET
    discontinued_on: date | None | Unset = UNSET
    components: Sequence[ComponentInput] | None | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryInput:
    code: str
    name: str | Unset = UNSET
    parent: str | None | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInput:
    code: str
    name: str | Unset = UNSET
    category: str | None | Unset = UNSET
    brand: str | None | Unset = UNSET
    variant_axes: Sequence[str] | None | Unset = UNSET
    attributes: Mapping[str, Any] | None | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseInput:
    code: str
    name: str | Unset = UNSET
    kind: str | Unset = UNSET
    authority: str | Unset = UNSET
    legal_entity: str | None | Unset = UNSET
    country: str | None | Unset = UNSET
    time_zone: str | Unset = UNSET
    capacity_units: int | None | Unset = UNSET
    capacity_litres: int | None | Unset = UNSET
    allows_backorder: bool | Unset = UNSET
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
    safety_stock_qty: int | None | Unset = UNSET
    safety_cover_days: float | None | Unset = UNSET
    service_level: float | None | Unset = UNSET
    review_period_days: int | None | Unset = UNSET
    lead_time_days: float | None | Unset = UNSET
    alert_threshold_qty: int | None | Unset = UNSET
    expected_version: int | None = None
