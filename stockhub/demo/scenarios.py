"""The stories of the demo shop: how a SKU sells, how much of it there is, and so what StockHub should say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CURVES: Final = ("steady", "growing", "declining", "dying", "stopped", "launched", "viral", "promoted", "intermittent")
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`rate`: units a day at the SKU's best. `cover_days`: what is free to sell now, in days of true demand ahead, or, with
    `cover_of_peak`, in days of that best. `share` of the catalogue's SKUs follow it; 0 for what is left over.

    `inbound`: (expected in days, arrives in days, days of demand) of an open shipment; `old_lots`: (youngest, oldest) age in days of a
    stock that came in long ago; `out_days`: without stock for that many days up to now; `owed_orders` paid and due, without stock.
    """

    slug: str
    title: str
    title_zh: str
    share: float
    curve: str
    rate: Range
    cover_days: Range = (54.0, 59.0)
    cover_of_peak: bool = False
    markets: tuple[str, ...] = ("cn",)
    vendors: tuple[str, ...] = ("SUP-HANGZHOU", "SUP-GUANGZHOU", "SUP-NINGBO")
    inbound: tuple[int, int, float] | None = None
    old_lots: tuple[int, int] | None = None
    out_days: tuple[int, int] | None = None
    owed_orders: int = 0
    threshold_days: float = 0.0
    #: What is free to sell in the SKU's other pools, in days of demand there.
    other_days: Range = (50.0, 70.0)
    is_replenished: bool = True
    #: Whether the truth is asserted: a story with a known end, not the crowd around it.
    is_told: bool = True


_ALL: Final = (
    Scenario("runs-out", "Sells out before an order can arrive", "下单也来不及的断货", 0.030, "steady", (1.5, 3.0), (2.0, 3.0)),
    Scenario(
        "runs-out-us", "Sells out at Amazon before an order can arrive", "亚马逊断货", 0.015, "steady", (2.5, 4.5), (3.0, 7.0),
        markets=("us",), vendors=("SUP-NINGBO", "SUP-VIETNAM"),
    ),
    Scenario(
        "late-supplier", "The supplier is late and stock runs out", "供应商延迟导致断货", 0.027, "steady", (1.2, 2.5), (1.5, 3.0),
        vendors=("SUP-SHANTOU",), inbound=(-9, 5, 5.0),
    ),
    Scenario("viral", "Went viral two days ago", "爆单", 0.010, "viral", (2.5, 4.0), (1.5, 2.5), vendors=("SUP-GUANGZHOU", "SUP-NINGBO")),
    Scenario("out-of-stock", "Out of stock for days", "已断货", 0.020, "steady", (1.5, 3.5), (0.0, 0.0), out_days=(4, 9)),
    Scenario(
        "ship-by", "Paid orders due, no stock for them", "已付款订单无货可发",
        0.014, "steady", (1.5, 3.5), (0.0, 0.0), owed_orders=4,
    ),
    Scenario(
        "saved-by-inbound", "Little stock, but a shipment arrives in time", "库存低但在途及时", 0.027, "steady", (2.5, 4.5), (9.0, 10.0),
        inbound=(3, 3, 47.0),
    ),
    Scenario("healthy", "Sells steadily, stock is right", "健康", 0.037, "steady", (2.5, 5.0)),
    Scenario("healthy-us", "Sells steadily at Amazon, stock is right", "亚马逊健康", 0.020, "steady", (3.5, 6.0), markets=("us",)),
    Scenario("old-but-steady", "Old lots of a steady seller", "老库存但动销稳定", 0.034, "steady", (2.5, 4.5), old_lots=(112, 150)),
    Scenario(
        "overstocked", "Sells, but stock lasts for more than a year", "积压",
        0.040, "steady", (0.8, 1.8), (380, 500), old_lots=(130, 200),
    ),
    Scenario(
        "dead", "No sale for over three months", "呆滞",
        0.047, "stopped", (0.6, 1.6), (30, 90), cover_of_peak=True, old_lots=(360, 420),
    ),
    Scenario(
        "dead-us", "No sale for over three months at Amazon", "亚马逊呆滞", 0.014, "stopped", (1.0, 2.0), (40, 90), cover_of_peak=True,
        markets=("us",), old_lots=(360, 420),
    ),
    Scenario(
        "dying-category", "A category that went out of fashion", "衰退品类", 0.054, "dying", (1.2, 2.6), (100, 150), cover_of_peak=True,
        old_lots=(170, 240),
    ),
    Scenario("launch-short", "A launch that takes off, stock too small", "新品备货不足", 0.014, "launched", (3.0, 5.0), (2.0, 3.0)),
    Scenario("below-threshold", "Below the line that a user drew", "低于自定义预警线", 0.014, "steady", (2.5, 4.0), threshold_days=72.0),
    Scenario(
        "discontinued", "Sells out and is not bought again", "停产售完",
        0.014, "steady", (1.5, 3.0), (3.0, 6.0), is_replenished=False,
    ),
    Scenario("launch", "Launched weeks ago", "新品", 0.027, "launched", (1.5, 3.0), (55, 75), markets=("cn", "us"), is_told=False),
    Scenario("promoted", "Lives from 618 and 11.11", "大促款", 0.060, "promoted", (0.4, 1.0), (45, 75), is_told=False),
    Scenario("growing", "Grows", "成长", 0.035, "growing", (1.0, 2.0), (35, 75), markets=("cn", "us"), is_told=False),
    Scenario("declining", "Declines slowly", "衰退", 0.035, "declining", (0.3, 0.7), (50, 120), is_told=False),
    Scenario(
        "intermittent", "Sells now and then", "间歇",
        0.080, "intermittent", (0.08, 0.25), (60, 140), markets=("cn", "us", "both"), is_told=False,
    ),
    Scenario(
        "lies-next-door", "Sells out at Amazon and lies in the warehouse next door", "亚马逊将断货而邻仓积压", 0.010, "steady", (5.0, 7.0),
        (3.0, 5.0), markets=("us",), vendors=("SUP-NINGBO", "SUP-VIETNAM"), other_days=(200.0, 300.0),
    ),
    Scenario(
        "mature", "The shop's everyday goods", "成熟",
        0.0, "steady", (0.2, 0.8), (40, 75), markets=("cn", "cn", "us", "both"), is_told=False,
    ),
)  # fmt: skip
SCENARIOS: Final[Mapping[str, Scenario]] = {s.slug: s for s in _ALL}


def cast(skus: int) -> list[Scenario]:
    """The scenario of each of `skus` SKUs: every story at least once, the everyday goods what is left over."""
    out = [s for s in _ALL if s.share for _ in range(max(1, round(s.share * skus)))]
    if len(out) >= skus:
        raise ValueError(f"A demo shop has at least {len(out) + 1} SKUs, one for each scenario; {skus} are too few.")
    return out + [SCENARIOS["mature"]] * (skus - len(out))
