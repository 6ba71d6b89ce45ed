"""Alerts of one SKU in several pools as rows that nobody saved, for tests of what they have to do with each other."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Final

from stockhub.agenda.pool_places import PoolPlaces
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku, StockPool

_ids = count(1)
HERE, EAST, SOUTH, ABROAD = 1, 2, 3, 4
CODES = {HERE: "here", EAST: "east", SOUTH: "south", ABROAD: "abroad"}
#: Three pools of one country and one of another, each with its own warehouse.
PLACES = PoolPlaces.of([(HERE, 10, "CN"), (EAST, 20, "CN"), (SOUTH, 30, "CN"), (ABROAD, 40, "US")])
#: All 300 on order can wait: bought at 5 and cleared at 4 in the end, without storage and capital, so that holding them saves 300.
PAUSED: Final[Mapping[str, float | None]] = {
    "available": 1200.0, "on_order": 300.0, "in_transit": 0.0, "receiving": 0.0, "safety_stock": 100.0, "unit_cost": 5.0, "unit_price": 8.0,
    "selling_fee": 0.0, "aged_surcharge_180": 0.0, "remedy_weeks": 12.0, "remedy_times_safety_stock": 3.0, "remedy_floor_units": 10.0,
    "remedy_capital_rate": 0.0, "remedy_clearing_share": 0.5, "remedy_promotion_share": 0.8, "remedy_promotion_elasticity": 2.0,
    "remedy_demand": 800.0, "remedy_inbound": 0.0, "remedy_storage": 0.0, "remedy_other_pools": 0.0, "remedy_pool": None,
    "remedy_moved": 0.0, "remedy_margin": 0.0, "valued_promotion": 1.0, "valued_transfer": 0.0, "valued_pause": 1.0,
    "valued_proposal": 0.0, "is_priced": 1.0, "saving_pool": None, "saving_here": None,
}  # fmt: skip


def alert(
    kind: str, pool: int, saving: str | int | None, *, side: str = "shortage", qty: int | None = None, sku: int = 7,
    inputs: Mapping[str, float | None] | None = None,
) -> Alert:  # fmt: skip
    """Its money at stake is more than anything saves."""
    return Alert(
        pk=next(_ids), kind=kind, subject=f"{sku}:{pool}", side=side, level=2, suggested_qty=qty, inputs=dict(inputs or {}),
        sku=Sku(pk=sku, code=f"SKU-{sku}"), pool=StockPool(pk=pool, code=CODES[pool]),
        saving_amount=None if saving is None else Decimal(saving), money_amount=Decimal(100_000),
    )  # fmt: skip


def short(pool: int, saving: int, *, sku: int = 7) -> Alert:
    return alert("shortage", pool, saving, qty=100, sku=sku)


def imbalance(pool: int, donor: int, saving: int, units: int, spare: float) -> Alert:
    return alert("imbalance", pool, saving, qty=units, inputs={"donor_pool": float(donor), "donor_spare": spare})


def paused(pool: int) -> Alert:
    """An excess of which a purchase pause saves 300."""
    return alert("overstock", pool, 300, side="excess", inputs=PAUSED)


def emptied(pool: int, to: int, moved: int, margin: float) -> Alert:
    """An excess of which a transfer saves a unit's write-down of 1 each here, and a margin where it goes; a pause would save 300."""
    told: dict[str, float | None] = {
        **PAUSED,
        "valued_transfer": 1.0,
        "remedy_other_pools": 1.0,
        "remedy_pool": float(to),
        "remedy_moved": float(moved),
    }
    told |= {"remedy_margin": margin, "saving_pool": float(to), "saving_here": 300.0}
    return alert("overstock", pool, max(300, round(moved + margin)), side="excess", inputs=told)
