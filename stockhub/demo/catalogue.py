"""The demo's goods: SKUs with variants, costs, prices, suppliers, and each SKU's true demand in every pool that sells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from stockhub.demo import demand_curves as curves
from stockhub.demo.demand_curves import FloatArray
from stockhub.demo.places import CN, FBA, MERCHANT_SHARE, OVERSEAS_LEGS, US, VENDORS, Leg, vendor
from stockhub.demo.scenarios import SCENARIOS, Scenario, cast

#: Code, name, goods, and the range of unit cost in yuan.
Category = tuple[str, str, tuple[str, ...], tuple[int, int]]
CATEGORIES: Final[tuple[Category, ...]] = (
    ("storage", "Home storage", ("Drawer box", "Shelf basket", "Laundry hamper", "Shoe rack"), (12, 45)),
    ("kitchen", "Kitchen", ("Bamboo board", "Storage jar", "Tea strainer", "Silicone mat"), (8, 40)),
    ("toys", "Toys", ("Building blocks", "Plush bear", "Puzzle", "Kite"), (10, 60)),
    ("textiles", "Textiles", ("Throw pillow", "Bath towel", "Table runner", "Blanket"), (15, 80)),
    ("pets", "Pet supplies", ("Cat teaser", "Feeding bowl", "Dog leash", "Cat bed"), (9, 55)),
    ("stationery", "Stationery", ("Notebook", "Gel pen set", "Desk organiser", "Washi tape"), (3, 25)),
    ("straps", "Phone straps", ("Beaded phone strap", "Woven phone strap", "Wrist strap"), (6, 22)),
)
DYING_CATEGORY: Final = "straps"
COLOURS: Final = ("white", "grey", "blue", "green", "pink", "black")
USD_A_YUAN: Final = Decimal("0.14")
#: Boxes of the multipack listing.
MULTIPACK: Final = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A SKU. `launch_day` is relative to today; `live`: also sold and kept at the live-stream studio."""

    code: str
    name: str
    product: str
    category: str
    colour: str
    scenario: Scenario
    pools: tuple[str, ...]
    vendor: str
    second_vendor: str
    moq: int
    case_pack: int
    cost_cny: Decimal
    price_cny: Decimal
    price_usd: Decimal
    launch_day: int
    live: bool


@dataclass(frozen=True, slots=True)
class Trade:
    """One SKU in one pool: the unit that has a truth. `mean` (t,) is its true mean demand a day along `curves.axis`."""

    item: Item
    pool: str
    mean: FloatArray
    legs: tuple[Leg, ...]
    #: Its scenario holds here; elsewhere the SKU is simply in stock.
    is_focus: bool

    @property
    def lead_time(self) -> float:
        return sum(leg.days for leg in self.legs)

    @property
    def lead_time_sd(self) -> float:
        return float(np.sqrt(sum(leg.sd_days**2 for leg in self.legs)))


def make_items(rng: np.random.Generator, skus: int, history_days: int) -> list[Item]:
    """The catalogue: variants of a product stand side by side."""
    stories = cast(skus)
    order = rng.permutation(skus)
    items: list[Item] = []
    product, left = "", 0
    for number, position in enumerate(order.tolist()):
        story = stories[position]
        category = CATEGORIES[-1] if story.curve == "dying" else CATEGORIES[int(rng.integers(0, len(CATEGORIES) - 1))]
        if left == 0 or category[0] == DYING_CATEGORY or not product.startswith(category[0]):
            product, left = f"{category[0]}-{number:04d}", int(rng.integers(1, 4))
        left -= 1
        items.append(_item(rng, number, story, category, product, history_days))
    return items


def _item(
    rng: np.random.Generator,
    number: int,
    story: Scenario,
    category: Category,
    product: str,
    history: int,
) -> Item:
    code, _title, goods, (cheap, dear) = category
    cost = Decimal(int(rng.integers(cheap * 10, dear * 10))) / 10
    price = (cost * Decimal(str(round(float(rng.uniform(2.0, 3.2)), 2)))).quantize(Decimal("0.1"))
    market = story.markets[int(rng.integers(0, len(story.markets)))]
    first, second = (story.vendors[int(i)] for i in rng.integers(0, len(story.vendors), 2))
    colour = COLOURS[number % len(COLOURS)]
    launch = _days_on_sale(rng, story, history)
    return Item(
        code=f"{code[:2].upper()}-{number:04d}-{colour[:3].upper()}",
        name=f"{goods[number % len(goods)]}, {colour}",
        product=product,
        category=code,
        colour=colour,
        scenario=story,
        pools={"cn": (CN,), "us": (FBA, US), "both": (CN, FBA, US)}[market],
        vendor=first,
        second_vendor=second if second != first and number % 2 else "",
        moq=int(rng.choice([1, 10, 20, 50])),
        case_pack=int(rng.choice([1, 5, 10])),
        cost_cny=cost,
        price_cny=price,
        price_usd=(price * USD_A_YUAN * Decimal("1.6")).quantize(Decimal(1)) + Decimal("0.99"),
        launch_day=-launch,
        live=story.slug == "mature" and number % 7 == 0,
    )


def _days_on_sale(rng: np.random.Generator, story: Scenario, history: int) -> int:
    """Told stories need no more than a year behind them; the crowd has been there for as long as the history reaches, or joined later."""
    if story.curve == "launched":
        return int(rng.integers(25, 50))
    oldest = (story.old_lots or (0, 150))[1] + 10
    longest = min(history, 360) if story.is_told and story.curve == "steady" else round(history * 1.2)
    return int(rng.integers(oldest, max(longest, oldest + 1)))


def make_trades(rng: np.random.Generator, items: list[Item], today: date, history_days: int) -> list[Trade]:
    """Every SKU in every pool that sells it. On Amazon the merchant's share and FBA's follow one demand."""
    days = curves.axis(history_days)
    trades: list[Trade] = []
    for item in items:
        level, wave, top = rng.uniform(*item.scenario.rate), rng.uniform(0.0, 0.2), rng.uniform(0, 365)
        # What has an end that is asserted follows no season, so that the truth is the scenario's and not the calendar's.
        season = np.ones(len(days)) if item.scenario.is_told else curves.yearly_pattern(days, today, wave, top)
        story = level * _curve(rng, item, days, today) * season * (days >= item.launch_day)
        for pool in item.pools:
            marketplace = "douyin" if pool == CN else "amazon"
            share = {CN: 1.0, FBA: 1.0 - MERCHANT_SHARE, US: MERCHANT_SHARE}[pool]
            legs = vendor(item.vendor).legs if pool == CN else OVERSEAS_LEGS
            mean = share * story * curves.weekday_pattern(days, today, marketplace)
            trades.append(Trade(item, pool, mean, legs, is_focus=_holds_in(item, pool)))
    return trades


def _holds_in(item: Item, pool: str) -> bool:
    """Little demand, or none, is everywhere; what has to do with stock happens in the first pool."""
    return pool == item.pools[0] or item.scenario.cover_of_peak or not item.scenario.is_told


def _curve(rng: np.random.Generator, item: Item, days: FloatArray, today: date) -> FloatArray:
    kind = item.scenario.curve
    if kind == "stopped":
        return curves.stopped(days, -int(rng.integers(100, 260)))
    if kind == "launched":
        return curves.launched(days, item.launch_day, float(rng.uniform(8, 14)))
    if kind == "viral":
        return curves.viral(days, float(rng.uniform(6, 9)))
    if kind == "promoted":
        return curves.peak_lift(days, today)
    shapes = {"growing": curves.growing, "declining": curves.declining, "dying": curves.dying}
    return shapes[kind](days) if kind in shapes else np.ones(len(days))


__all__ = ["CATEGORIES", "SCENARIOS", "VENDORS", "Item", "Trade", "make_items", "make_trades"]
