"""What rivals do: each sight of them, how old it is and who says so, and what the sights of a SKU's rivals amount to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

import strawberry
import strawberry_django
from django.conf import settings
from strawberry import Info, relay
from strawberry_django import field

from stockhub.alerts.market_age import market_ages
from stockhub.channels import market_models as models
from stockhub.channels.market import Pair
from stockhub.channels.market_evidence import PriceSeen, RivalEvidence, evidence_of
from stockhub.channels.market_windows import BeforeAfter
from stockhub.core import clock
from stockhub.graphql.metrics import Metric, Money, metric
from stockhub.graphql.pagination import beside
from stockhub.graphql.types.catalog import Sku
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Scoped
from stockhub.values import Explanation, Label

#: Rivals that a trend names; what it amounts to is made of all of them.
MOST_RIVALS = 50
_OF_TREND = ["sku_id", "account_id", "observed_on"]


def _age(root: models.MarketObservation | models.MarketTrend) -> int:
    return (clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE) - root.observed_on).days


def _is_out_of_date(info: Info, root: Any) -> bool:  # noqa: ANN401 - either of the two
    """Ages are looked up once for all rows that were read together."""
    ages: dict[Pair, float] = info.context.memo.setdefault("market ages", {})
    pair = (root.sku_id, root.account_id)
    if pair not in ages:
        ages |= market_ages({(row.sku_id, row.account_id) for row in beside(info, root)}, clock.now())
    return bool(_age(root) > ages[pair])


@strawberry_django.type(
    models.MarketObservation, description="A rival of a SKU on an account's marketplace, as it was seen on a day. Null is unknown, never 0."
)
class MarketObservation(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="The account whose marketplace it is.")
    sku: Sku = field(description="The SKU that it rivals.")
    rival: str = field(description="The rival's code on the marketplace.")
    observed_on: dt.date = field(description="The day on which it was seen.")
    sales_rank: int | None = field(description="Its sales rank; 1 is the best.")
    reviews: int | None = field(description="Its reviews in all.")
    source: str = field(description="The tool or platform that says so, or empty.")
    recorded_at: dt.datetime = field(description="When we were told.")

    @field(only=["monthly_sales"], description="Units that it sells a month, as the source estimates.")
    def monthly_sales(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return None if root.monthly_sales is None else Decimal(repr(root.monthly_sales))

    @field(only=["observed_on"], description="Days since it was seen; a day of the site's zone.")
    def age_days(self, root: strawberry.Parent[Any]) -> int:
        return _age(root)

    @field(
        only=_OF_TREND,
        description="Whether it is too old for the rule `market-fall`, by the age that the rule has for the SKU in the pools that serve "
        "the account; where they differ, the longest.",
    )
    def is_out_of_date(self, info: Info, root: strawberry.Parent[Any]) -> bool:
        return _is_out_of_date(info, root)


@strawberry.type(description="A number of a rival in the thirty days until the trend was seen last, and in the thirty before.")
class RivalFigure:
    before: Decimal | None = strawberry.field(description="In the older window; null where nobody told.")
    after: Decimal | None = strawberry.field(description="In the newer window; null where nobody told.")


@strawberry.type(description="A price of a rival, as it was seen last in the older window and in the newer.")
class RivalPrice:
    before: Money | None = strawberry.field(description="As seen last in the older window; null where nobody told.")
    before_seen_at: dt.datetime | None = strawberry.field(description="When.")
    after: Money | None = strawberry.field(description="As seen last in the newer window or since; null where nobody told.")
    after_seen_at: dt.datetime | None = strawberry.field(description="When.")


@strawberry.type(description="What one rival did: the evidence of a trend.")
class RivalTrend:
    rival: str = strawberry.field(description="The rival's code on the marketplace.")
    observations: int = strawberry.field(description="How often it was seen in the two windows.")
    first_observed_on: dt.date = strawberry.field(description="The first day of these.")
    last_observed_on: dt.date = strawberry.field(description="The last day of these.")
    sources: list[str] = strawberry.field(description="Who says so, by name.")
    sales_rank: RivalFigure = strawberry.field(description="The mean of its sales ranks; more is worse.")
    monthly_sales: RivalFigure = strawberry.field(description="The mean of its estimated sales a month.")
    reviews_per_day: RivalFigure = strawberry.field(description="Reviews that it won a day.")
    offer: RivalPrice = strawberry.field(
        description="Its price beside the listing of ours beside which it was seen last: the lowest, or where nobody tells that, the "
        "featured one."
    )

    @classmethod
    def of(cls, evidence: RivalEvidence) -> RivalTrend:
        seen, (before, after) = evidence.windows, evidence.prices
        return cls(
            rival=seen.rival,
            observations=seen.observations,
            first_observed_on=seen.first_on,
            last_observed_on=seen.last_on,
            sources=list(seen.sources),
            sales_rank=_figure(seen.rank),
            monthly_sales=_figure(seen.sales),
            reviews_per_day=_figure(seen.reviews),
            offer=RivalPrice(
                before=_money(before),
                before_seen_at=before.seen_at if before else None,
                after=_money(after),
                after_seen_at=after.seen_at if after else None,
            ),
        )


def _figure(pair: BeforeAfter) -> RivalFigure:
    before, after = (Decimal(repr(number)) if isfinite(number) else None for number in pair)
    return RivalFigure(before=before, after=after)


def _money(price: PriceSeen | None) -> Money | None:
    return None if price is None else Money(amount=price.amount, currency=price.currency)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A figure of rivals whose change a trend tells."""

    slug: str
    unit: str
    before: Label
    after: Label
    of: Callable[[RivalEvidence], BeforeAfter]


def _priced(evidence: RivalEvidence) -> BeforeAfter:
    """Prices that can be compared: both told, in one currency."""
    before, after = evidence.prices
    if before is None or after is None or before.currency != after.currency:
        return float("nan"), float("nan")
    return float(before.amount), float(after.amount)


_RANK = _Kind("sales_rank", "1", Label("Rank before", "此前排名"), Label("Rank after", "此后排名"), lambda each: each.windows.rank)
_SALES = _Kind(
    "monthly_sales", "unit/month", Label("Sales a month before", "此前月销量"), Label("Sales a month after", "此后月销量"),
    lambda each: each.windows.sales,
)  # fmt: skip
_REVIEWS = _Kind(
    "reviews_per_day", "1/day", Label("Reviews a day before", "此前日增评价"), Label("Reviews a day after", "此后日增评价"),
    lambda each: each.windows.reviews,
)  # fmt: skip
_PRICE = _Kind("price", "price", Label("Price before", "此前价格"), Label("Price after", "此后价格"), _priced)


#: A formula and the names of what is in it; None where there is nothing to explain.
_Explained = tuple[Explanation, Mapping[str, Label]] | None


def _explained(kind: _Kind, evidence: list[RivalEvidence]) -> _Explained:
    """The change of the rival in the middle, or the mean of the two; None where no rival was seen in both windows."""
    names: dict[str, Label] = {}
    changes: list[tuple[float, Explanation]] = []
    for each in evidence:
        before, after = kind.of(each)
        if not (isfinite(before) and isfinite(after) and before > 0):
            continue
        rival, place = each.windows.rival, len(changes) + 1
        inputs = []
        for when, label, number in (("before", kind.before, before), ("after", kind.after, after)):
            name = f"{kind.slug}_{when}_{place}"
            names[name] = Label(f"{label.en} ({rival})", f"{label.zh}（{rival}）")
            inputs.append(Explanation.input(name, number, unit=kind.unit, source="market"))
        tree = inputs[1] / inputs[0] - 1.0
        if tree.value is not None:
            changes.append((tree.value, tree))
    if not changes:
        return None
    trees = [tree for _change, tree in sorted(changes, key=lambda each: each[0])]
    low, high = trees[(len(trees) - 1) // 2], trees[len(trees) // 2]
    return (low if low is high else (low + high) / 2.0), names


@strawberry.type(description="What became of the prices of a SKU's rivals.")
class RivalPrices:
    explained: strawberry.Private[_Explained]
    as_of: strawberry.Private[dt.datetime]

    @strawberry.field(description="By which share they changed: the rival in the middle speaks. Prices in two currencies are not compared.")
    def change(self) -> Metric:
        value = self.explained[0].value if self.explained else None
        return metric(value, "share", as_of=self.as_of, reason="NO_MARKET_DATA", explain=lambda: self.explained)


@strawberry_django.type(
    models.MarketTrend,
    description="What the rivals of a SKU on an account's marketplace did in the thirty days until it was seen last, against the thirty "
    "before: the rival in the middle speaks.",
)
class MarketTrend(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="The account whose marketplace it is.")
    sku: Sku = field(description="The SKU whose rivals they are.")
    observed_on: dt.date = field(description="The day on which one of them was seen last.")
    rivals: int = field(description="How many rivals were seen in the two windows.")
    updated_at: dt.datetime = field(description="When it was worked out.")

    @field(only=["observed_on"], description="Days since one of them was seen; a day of the site's zone.")
    def age_days(self, root: strawberry.Parent[Any]) -> int:
        return _age(root)

    @field(
        only=_OF_TREND,
        description="Whether it is too old for the rule `market-fall`, which then names it and does not use it: by the age that the rule "
        "has for the SKU in the pools that serve the account; where they differ, the longest.",
    )
    def is_out_of_date(self, info: Info, root: strawberry.Parent[Any]) -> bool:
        return _is_out_of_date(info, root)

    @field(
        only=[*_OF_TREND, "rank_change", "updated_at"],
        description="By which share their sales ranks changed. More is worse, because rank 1 is the best.",
    )
    def rank_change(self, info: Info, root: strawberry.Parent[Any]) -> Metric:
        return _stored(info, root, _RANK, root.rank_change)

    @field(only=[*_OF_TREND, "sales_change", "updated_at"], description="By which share their estimated sales changed.")
    def sales_change(self, info: Info, root: strawberry.Parent[Any]) -> Metric:
        return _stored(info, root, _SALES, root.sales_change)

    @field(only=[*_OF_TREND, "review_change", "updated_at"], description="By which share the reviews changed that they won a day.")
    def review_change(self, info: Info, root: strawberry.Parent[Any]) -> Metric:
        return _stored(info, root, _REVIEWS, root.review_change)

    @field(only=_OF_TREND, description="What became of their prices, worked out from what is known now.")
    def prices(self, info: Info, root: strawberry.Parent[Any]) -> RivalPrices:
        return RivalPrices(explained=_explained(_PRICE, _evidence(info, root)), as_of=clock.now())

    @field(
        only=_OF_TREND,
        description=f"The rivals that it is made of, at most {MOST_RIVALS}: those seen last first, of a day by their codes.",
    )
    def evidence(self, info: Info, root: strawberry.Parent[Any]) -> list[RivalTrend]:
        found = sorted(_evidence(info, root), key=lambda each: (-each.windows.last_on.toordinal(), each.windows.rival))
        return [RivalTrend.of(each) for each in found[:MOST_RIVALS]]


def _stored(info: Info, root: models.MarketTrend, kind: _Kind, value: float | None) -> Metric:
    return metric(value, "share", as_of=root.updated_at, reason="NO_MARKET_DATA", explain=lambda: _explained(kind, _evidence(info, root)))


def _evidence(info: Info, root: models.MarketTrend) -> list[RivalEvidence]:
    """Read once for all trends that were read together."""
    known: dict[Pair, list[RivalEvidence]] = info.context.memo.setdefault("market evidence", {})
    pair = (root.sku_id, root.account_id)
    if pair not in known:
        known |= evidence_of({(row.sku_id, row.account_id): row.observed_on for row in beside(info, root)})
    return known[pair]
