"""Products, their SKUs with the buckets of their stock, and warehouses.

Of a SKU's buckets, `normal` is for sale to all, `activity` is kept for a campaign, `channel` for a live room or an author, `step` may be
sold ahead of its arrival, `regional` is what each warehouse has. `held` are units that orders took and are not shipped yet; they are in no
other bucket. What the platform shows as `stock_num` is the sum of normal, activity and channel: an assumption, as in the samples.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from stockhub_douyin.fake import templates
from stockhub_douyin.fake.failures import ControlError, refused

NORMAL: Final = 0
REGIONAL: Final = 1
STEP: Final = 10
SKU_TYPES: Final = {"normal": NORMAL, "regional": REGIONAL, "step": STEP}
BUCKETS: Final = ("normal", "activity", "channel", "step")


@dataclass(slots=True)
class Warehouse:
    warehouse_id: int
    code: str
    name: str
    created: int

    def shown(self, shop_id: int) -> dict[str, Any]:
        return templates.WAREHOUSE | {
            "warehouse_id": self.warehouse_id, "name": self.name, "out_warehouse_id": self.code, "shop_id": shop_id,
            "create_time": self.created, "update_time": self.created,
        }  # fmt: skip


@dataclass(slots=True)
class Product:
    product_id: int
    name: str
    out_id: str
    created: int
    updated: int
    #: 1 takes stock when an order is created, 2 when it is paid.
    reduce_stock_type: int = 1
    status: int = 0
    check_status: int = 3
    skus: list[Sku] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        return templates.PRODUCT | {
            "product_id": self.product_id, "name": self.name, "outer_product_id": self.out_id, "status": self.status,
            "check_status": self.check_status, "create_time": self.created, "update_time": self.updated,
        }  # fmt: skip


@dataclass(slots=True)
class ShipRule:
    """How soon a SKU ships, from one warehouse or from all (empty)."""

    presale: bool
    days: int
    presale_end: int = 0

    def shown(self) -> dict[str, int]:
        return {"presell_type": int(self.presale), "delay_day": self.days, "presell_end_time": self.presale_end}


@dataclass(slots=True)
class Sku:
    sku_id: int
    code: str
    product: Product
    price: int
    kind: int = NORMAL
    spec: tuple[str, str] = ("黑色", "M")
    normal: int = 0
    activity: int = 0
    channel: int = 0
    step: int = 0
    held: int = 0
    held_step: int = 0
    regional: dict[str, int] = field(default_factory=dict)
    held_regional: dict[str, int] = field(default_factory=dict)
    ship_rules: dict[str, ShipRule] = field(default_factory=dict)

    @property
    def stock_num(self) -> int:
        return 0 if self.kind == REGIONAL else self.normal + self.activity + self.channel

    # Orders

    def take(self, qty: int, *, live: bool, oversell: bool) -> list[tuple[str, int]]:
        """The buckets that `qty` units are taken from: a live room's own first. ControlError where there are too few."""
        order = (
            [f"regional:{code}" for code in sorted(self.regional)] if self.kind == REGIONAL else _order(live=live, step=self.kind == STEP)
        )
        taken: list[tuple[str, int]] = []
        left = qty
        for bucket in order:
            units = min(left, max(self._of(bucket), 0))
            if units:
                taken.append((bucket, units))
                left -= units
        if left and not oversell:
            raise ControlError(f"{self.code} has {qty - left} units for sale, {qty} were ordered.")
        if left:
            taken.append((order[0], left))
        for bucket, units in taken:
            self._move(bucket, -units)
        return taken

    def give_back(self, taken: list[tuple[str, int]]) -> None:
        """An order was cancelled: its units are for sale again."""
        for bucket, units in taken:
            self._move(bucket, units)

    def ship(self, taken: list[tuple[str, int]]) -> None:
        """Units left the house: nothing holds them any more."""
        for bucket, units in taken:
            self._hold(bucket, -units)

    def _of(self, bucket: str) -> int:
        name, _colon, warehouse = bucket.partition(":")
        return self.regional.get(warehouse, 0) if name == "regional" else int(getattr(self, name))

    def _move(self, bucket: str, units: int) -> None:
        name, _colon, warehouse = bucket.partition(":")
        if name == "regional":
            self.regional[warehouse] = self.regional.get(warehouse, 0) + units
        else:
            setattr(self, name, getattr(self, name) + units)
        self._hold(bucket, -units)

    def _hold(self, bucket: str, units: int) -> None:
        name, _colon, warehouse = bucket.partition(":")
        if name == "regional":
            self.held_regional[warehouse] = self.held_regional.get(warehouse, 0) + units
        elif name == "step":
            self.held_step += units
        else:
            self.held += units

    # A seller's changes

    def set_stock(self, qty: int, *, warehouse: str = "", step: int | None = None, incremental: bool) -> tuple[int, int]:
        """How much the units for sale and the units ahead changed. PlatformError where that is not possible; nothing is changed then."""
        if bool(warehouse) != (self.kind == REGIONAL):
            raise refused("区域库存的SKU需要指定仓库" if self.kind == REGIONAL else "该SKU不是区域库存")
        before = self.regional.get(warehouse, 0) if warehouse else self.stock_num
        change = qty if incremental else qty - before
        ahead = 0 if step is None else step if incremental else step - self.step
        # What is kept for campaigns and live rooms cannot be taken away from here.
        least = before if warehouse else self.normal
        if least + change < 0 or self.step + ahead < 0:
            raise refused("库存不足")
        if warehouse:
            self.regional[warehouse] = before + change
        else:
            self.normal += change
        self.step += ahead
        return change, ahead

    # How it is shown

    def _buckets(self) -> dict[str, Any]:
        return {
            "out_sku_id": 0, "code": self.code, "sku_type": self.kind, "stock_num": self.stock_num, "prehold_stock_num": self.held,
            "prom_stock_num": self.activity, "step_stock_num": self.step, "prehold_step_stock_num": self.held_step,
            "prom_step_stock_num": 0,
            "prehold_stock_map": dict(self.held_regional), "ship_rule_map": {code: rule.shown() for code, rule in self.ship_rules.items()},
            "normal_stock_num": self.normal, "channel_stock_num": self.channel,
        }  # fmt: skip

    def shown(self) -> dict[str, Any]:
        """As `sku.list` and `sku.detail` show it."""
        return templates.SKU | self._buckets() | {
            "id": self.sku_id, "product_id": self.product.product_id, "product_id_str": str(self.product.product_id), "price": self.price,
            "spec_detail_name1": self.spec[0], "spec_detail_name2": self.spec[1], "stock_map": dict(self.regional),
            "create_time": self.product.created,
        }  # fmt: skip

    def shown_stock(self, warehouse: str = "") -> dict[str, Any]:
        """As `sku.stockNum` shows it: the map has another name there. With a warehouse, its units alone."""
        shown = templates.SKU_STOCK | self._buckets() | {"sku_id": self.sku_id, "stock_num_map": dict(self.regional)}
        if warehouse and self.kind == REGIONAL:
            shown["stock_num"] = self.regional.get(warehouse, 0)
        return shown

    def shown_in_product(self) -> dict[str, Any]:
        """As `product.detail` shows it."""
        rule = self.ship_rules.get("", ShipRule(presale=False, days=2))
        return {
            "sku_id": self.sku_id, "code": self.code, "sku_type": self.kind, "price": self.price, "stock_num": self.stock_num,
            "step_stock_num": self.step, "prom_stock_num": self.activity, "promotion_stock_num": self.activity, "lock_stock_num": self.held,
            "lock_step_stock_num": self.held_step, "stock_num_map": dict(self.regional), "presell_delay": rule.days if rule.presale else 0,
        }  # fmt: skip


def _order(*, live: bool, step: bool) -> list[str]:
    order = ["channel", "normal"] if live else ["normal"]
    return [*order, "activity", "step"] if step else [*order, "activity"]
