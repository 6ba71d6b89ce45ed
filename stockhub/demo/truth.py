"""What is really so in the demo shop: which SKUs will run out and which will lie, from the parameters that generated it.

Nothing here comes from StockHub's own formulas. Future demand is the generator's true mean, without chance; stock and shipments are the
generator's. Nobody can know that mean from sales, so a verdict is given only where it is the same for every mean that the last four weeks
could pass for; in between, an alert is neither demanded nor wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stockhub.demo.facts import PLANNED_DAYS, REVIEW_DAYS, Facts, facts_of
from stockhub.demo.places import FBA
from stockhub.demo.scenarios import Scenario
from stockhub.demo.shop import DemoShop

SHORTAGE: Final = "shortage"
STOCKOUT_RISK: Final = "stockout-risk"
ORDER_DUE: Final = "order-due"
SHIP_BY: Final = "ship-by-risk"
THRESHOLD: Final = "below-threshold"
OVERSTOCK: Final = "overstock"
UNSOLD: Final = "unsold-stock"
NO_SALE: Final = "no-sale"
SURCHARGE: Final = "surcharge-ahead"
#: What declines or ends is warned of by the line of its own, which stands for both of these (H62).
END_OF_LIFE_LINE: Final = "end-of-life-line"
STANDS_FOR: Final = {SHORTAGE: END_OF_LIFE_LINE, ORDER_DUE: END_OF_LIFE_LINE}

#: A quarter of sales is the most that anybody calls a right stock; what outlasts `LONG_DAYS` or `VERY_LONG_DAYS` is too much for anybody.
QUARTER_DAYS: Final = 84
LONG_DAYS: Final = 110
VERY_LONG_DAYS: Final = 210
#: Units below which an excess is not worth a word, twice over.
FEW_UNITS: Final = 20
#: Ages and idle days that leave no doubt whether 60, 90 or 180 days have passed.
YOUNG_DAYS: Final = 57
OLD_DAYS: Final = 95
VERY_OLD_DAYS: Final = 185
#: Ages that Amazon does not charge for within two months, and sales of a quarter that chance does not leave out.
FAR_FROM_CHARGED_DAYS: Final = 110
SURE_SALES: Final = 12
#: Units a day below which being sold out is nothing to call a manager for.
SLOW_RATE: Final = 0.2


class Verdict(StrEnum):
    MUST = "must"
    MUST_NOT = "must not"
    OPEN = "open"


Judgement = tuple[Verdict, int]
NEVER: Final[Judgement] = (Verdict.MUST_NOT, 0)
UNDECIDED: Final[Judgement] = (Verdict.OPEN, 0)


def _must(level: int) -> Judgement:
    return Verdict.MUST, level


@dataclass(frozen=True, slots=True)
class Expectation:
    """One kind of alert for one SKU in one pool. `level` is the least one where the verdict is MUST.

    `is_told`: the SKU stands here for its scenario; the others are the crowd around the stories.
    """

    sku: str
    pool: str
    kind: str
    scenario: Scenario
    is_told: bool
    verdict: Verdict
    level: int


def expectations(shop: DemoShop) -> Iterator[Expectation]:
    """The truth about every SKU in every pool, one for each kind of alert."""
    for position, trade in enumerate(shop.trades):
        facts, story = facts_of(shop, position), trade.item.scenario
        for kind, judge in JUDGES.items():
            verdict, level = judge(facts)
            yield Expectation(trade.item.code, trade.pool, kind, story, story.is_told and trade.is_focus, verdict, level)


def _shortage(facts: Facts) -> Judgement:
    """Sales are lost before an order of the next review can help; level 3: even before one of today can."""
    lead_time = facts.trade.lead_time
    if not facts.trade.item.scenario.is_replenished or facts.rate == 0:
        return NEVER
    planned = max(PLANNED_DAYS, lead_time + REVIEW_DAYS)
    out = facts.runs_out(facts.low, early=True)
    if out <= 0.8 * lead_time or (facts.free == 0 and facts.rate * facts.low > SLOW_RATE):
        return _must(3)
    if out <= 0.9 * planned:
        return _must(1)
    return NEVER if facts.runs_out(facts.high, early=False) > planned + facts.careful_days else UNDECIDED


def _stockout_risk(facts: Facts) -> Judgement:
    """As good as sure where even an order of today comes too late, and no chance at all where stock is right."""
    verdict, level = _shortage(facts)
    return UNDECIDED if verdict is Verdict.MUST and level < 3 else (verdict, level)


def _order_due(facts: Facts) -> Judgement:
    """What there is and what is on its way does not last until an order of today arrives."""
    lead_time, everything = facts.trade.lead_time, facts.supply(len(facts.ahead))
    if not facts.trade.item.scenario.is_replenished or facts.rate == 0:
        return NEVER
    if everything <= facts.low * facts.demand(0.85 * lead_time) and facts.rate * facts.low > SLOW_RATE:
        return _must(2)
    return NEVER if everything > facts.high * facts.demand(lead_time + REVIEW_DAYS + facts.careful_days) else UNDECIDED


def _ship_by(facts: Facts) -> Judgement:
    """Orders are paid, due within a day, and nothing is left for them."""
    return _must(2) if facts.owed else NEVER


def _threshold(facts: Facts) -> Judgement:
    if facts.threshold == 0:
        return NEVER
    return _must(1) if facts.free < 0.95 * facts.threshold else UNDECIDED


def _overstock(facts: Facts) -> Judgement:
    """Stock, with what arrives within a quarter, is far more than the quarter takes; level 2: more than half a year takes."""
    stock = facts.supply(QUARTER_DAYS)
    if stock == 0 or stock <= facts.low * facts.demand(QUARTER_DAYS):
        return NEVER
    excess = stock - facts.high * facts.demand(QUARTER_DAYS)
    if facts.free == 0 or excess <= FEW_UNITS or stock <= facts.high * facts.demand(LONG_DAYS):
        return UNDECIDED
    return _must(2 if stock > facts.high * facts.demand(VERY_LONG_DAYS) else 1)


def _unsold(facts: Facts) -> Judgement:
    """Old lots that demand does not clear; level 2: nobody has wanted it for a quarter; 3: and it is half a year old."""
    if facts.free == 0 or (facts.rate > 0 and (facts.oldest_days < YOUNG_DAYS or facts.free <= facts.low * facts.demand(QUARTER_DAYS))):
        return NEVER
    if facts.oldest_days < OLD_DAYS:
        return UNDECIDED
    if facts.rate == 0 and facts.days_since_demand > OLD_DAYS:
        return _must(3 if facts.oldest_days > VERY_OLD_DAYS else 2)
    return _must(1) if facts.free > facts.high * facts.demand(VERY_LONG_DAYS) else UNDECIDED


def _no_sale(facts: Facts) -> Judgement:
    """Nobody has wanted it for over three months, and it lies there."""
    if facts.free == 0 or facts.low * facts.rate * 90 > SURE_SALES:
        return NEVER
    return _must(2) if facts.rate == 0 and facts.days_since_demand > OLD_DAYS else UNDECIDED


def _surcharge(facts: Facts) -> Judgement:
    """Only Amazon charges for age, and only what is not sold before."""
    if facts.trade.pool != FBA or facts.free == 0 or facts.oldest_days < FAR_FROM_CHARGED_DAYS:
        return NEVER
    charged = sum(units for age, units in facts.lots if age > VERY_OLD_DAYS)
    return _must(2) if facts.rate == 0 and charged > FEW_UNITS else UNDECIDED


#: By kind of alert, which is the slug of its rule.
JUDGES: Final = {
    SHORTAGE: _shortage,
    STOCKOUT_RISK: _stockout_risk,
    ORDER_DUE: _order_due,
    SHIP_BY: _ship_by,
    THRESHOLD: _threshold,
    OVERSTOCK: _overstock,
    UNSOLD: _unsold,
    NO_SALE: _no_sale,
    SURCHARGE: _surcharge,
}
#: By scenario, the kinds of alert that its SKUs must raise; the others must not be there.
KINDS_OF_TROUBLE: Final = {
    "runs-out": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE},
    "runs-out-us": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE},
    "lies-next-door": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE},
    "late-supplier": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE},
    "viral": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE},
    "out-of-stock": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE},
    "ship-by": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE, SHIP_BY},
    "overstocked": {OVERSTOCK, UNSOLD},
    "dead": {OVERSTOCK, UNSOLD, NO_SALE},
    "dead-us": {OVERSTOCK, UNSOLD, NO_SALE, SURCHARGE},
    "dying-category": {OVERSTOCK, UNSOLD},
    "launch-short": {SHORTAGE, STOCKOUT_RISK, ORDER_DUE},
    "below-threshold": {THRESHOLD},
}
