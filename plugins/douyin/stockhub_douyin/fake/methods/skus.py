"""sku.* and promise.*: what a SKU is, has, costs, and how soon it ships."""

from __future__ import annotations

from typing import Any, Final

from stockhub_douyin.fake.catalogue import number_of
from stockhub_douyin.fake.failures import invalid, missing
from stockhub_douyin.fake.goods import ShipRule, Sku
from stockhub_douyin.fake.world import World

_LONGEST_PRESALE: Final = 30 * 86_400
_MOST_RULES: Final = 50


def listed(world: World, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a product, all at once: there are no pages."""
    return [sku.shown() for sku in world.catalogue.product_of(params).skus]


def detail(world: World, params: dict[str, Any]) -> dict[str, Any]:
    return world.catalogue.sku_of(params).shown()


def stock_num(world: World, params: dict[str, Any]) -> dict[str, Any]:
    return world.catalogue.sku_of(params).shown_stock(str(params.get("out_warehouse_id") or ""))


def edit_price(world: World, params: dict[str, Any]) -> dict[str, Any]:
    sku = world.catalogue.sku_of(params)
    price = number_of(params, "price")
    if not 0 < price <= 999_999_900:
        raise invalid("price 超出范围")
    sku.price = price
    _touch(world, sku)
    return {}


def set_ship_time(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """All rules or none. From stock within 0 or 1 day; as a presale 2 to 15 days after payment, which ends within 30 days."""
    rules = params.get("rules")
    if not isinstance(rules, list) or not rules:
        raise missing("rules")
    if len(rules) > _MOST_RULES:
        raise invalid(f"rules 最多{_MOST_RULES}条")
    made = [(world.catalogue.sku_of(rule), str(rule.get("out_warehouse_id") or ""), _rule(world, rule)) for rule in rules]
    for sku, warehouse, rule in made:
        sku.ship_rules[warehouse] = rule
        _touch(world, sku)
    return {}


def _rule(world: World, rule: dict[str, Any]) -> ShipRule:
    presale, days = number_of(rule, "pre_sell_type") == 1, number_of(rule, "delay_day")
    end = number_of(rule, "pre_sell_end_time", 0)
    if not presale:
        if days not in (0, 1):
            raise invalid("现货 delay_day 只能是0或1")
        return ShipRule(presale=False, days=days)
    if not 2 <= days <= 15:
        raise invalid("预售 delay_day 范围2-15")
    now = world.clock.seconds()
    if not now < end <= now + _LONGEST_PRESALE:
        raise invalid("pre_sell_end_time 需在30天内")
    return ShipRule(presale=True, days=days, presale_end=end)


def delivery_list(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """The rules that were set. Its shape is not documented anywhere that could be read."""
    sku = world.catalogue.sku_of(params)
    return {"list": [{"sku_id": sku.sku_id, "out_warehouse_id": code, **rule.shown()} for code, rule in sku.ship_rules.items()]}


def _touch(world: World, sku: Sku) -> None:
    sku.product.updated = world.clock.seconds()
