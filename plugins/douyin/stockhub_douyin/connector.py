"""Douyin as a marketplace: what it can do, and which module does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final, cast

from pydantic import BaseModel

from stockhub.pluginapi import ListingRecord, MarketplaceConnector, OrderRecord, ReduceOn, Site
from stockhub.pluginapi.connectors import (
    Authorize,
    ConnectionReport,
    ConnectorContext,
    FeedKind,
    FeedPlan,
    Page,
    PricePush,
    PushPrices,
    PushResult,
    PushShipTimes,
    PushStock,
    RateLimit,
    ReadExperienceScore,
    ReadListings,
    ReadOrders,
    ReadRequest,
    ReadReturns,
    ReadStock,
    ReadWarehouses,
    ReceiveWebhook,
    ShipTimePush,
    StockPush,
    Tokens,
    WebhookFacts,
    WebhookMessage,
    WebhookPush,
    WebhookRequest,
)
from stockhub.pluginapi.platform_records import ScoreRecord, WarehouseRecord
from stockhub.pluginapi.records import ReturnRecord, StockCountRecord
from stockhub.values import Label
from stockhub_douyin import (
    authorising,
    listings,
    orders,
    price_push,
    returns,
    score,
    ship_time_push,
    stock,
    stock_push,
    warehouses,
    webhooks,
)
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.assumptions import READS_PER_SECOND, WRITES_PER_SECOND
from stockhub_douyin.chinese import PHRASES
from stockhub_douyin.limits import READS, WRITES, limits_of

_BACKFILL: Final = timedelta(days=90)


class DouyinConnector(
    Authorize,
    ReadOrders,
    ReadReturns,
    ReadListings,
    ReadStock,
    ReadWarehouses,
    ReadExperienceScore,
    PushStock,
    PushPrices,
    PushShipTimes,
    ReceiveWebhook,
    MarketplaceConnector,
):
    """Shops on Douyin.

    A Douyin product takes stock when an order is created or when it is paid, as its `reduce_type` says; `CREATE` is the cautious default
    and an account may say otherwise.
    """

    slug: ClassVar[str] = "douyin"
    name: ClassVar[Label] = Label("Douyin", "抖音")
    sites: ClassVar[tuple[Site, ...]] = (Site("CN", Label("China", "中国"), "Asia/Shanghai", "CNY"),)
    account_config_model: ClassVar[type[BaseModel]] = DouyinAccountConfig
    reduce_on: ClassVar[ReduceOn] = ReduceOn.CREATE
    rate_limits: ClassVar[Mapping[str, RateLimit]] = {
        **{operation: RateLimit(READS_PER_SECOND, int(READS_PER_SECOND)) for operation in READS},
        **{operation: RateLimit(WRITES_PER_SECOND, int(WRITES_PER_SECOND)) for operation in WRITES},
    }
    #: Messages come at once; polling stands behind them.
    phrases: ClassVar[Mapping[str, str]] = PHRASES
    feed_plans: ClassVar[Mapping[FeedKind, FeedPlan]] = {
        FeedKind.ORDERS: FeedPlan(timedelta(minutes=1), backfill=_BACKFILL, stale_after=timedelta(minutes=30)),
        FeedKind.RETURNS: FeedPlan(timedelta(minutes=10), backfill=_BACKFILL, stale_after=timedelta(hours=3)),
        FeedKind.LISTINGS: FeedPlan(timedelta(hours=6), is_snapshot=True),
        FeedKind.STOCK: FeedPlan(timedelta(minutes=30), is_snapshot=True, stale_after=timedelta(hours=4)),
        FeedKind.EXPERIENCE_SCORE: FeedPlan(timedelta(hours=12), is_snapshot=True, stale_after=timedelta(hours=48)),
    }
    most_stock_rows: ClassVar[int] = stock_push.MOST_ROWS
    most_price_rows: ClassVar[int] = price_push.MOST_ROWS
    most_ship_time_rows: ClassVar[int] = ship_time_push.MOST_ROWS

    def rate_limits_of(self, config: BaseModel) -> Mapping[str, RateLimit]:
        return limits_of(cast("DouyinAccountConfig", config))

    def rate_scope(self, config: BaseModel) -> str:
        """The app and the shop."""
        of = cast("DouyinAccountConfig", config)
        return f"{of.app_key}:{of.shop_id}"

    def subject_of(self, config: BaseModel) -> str:
        """The shop's number. A test shop has another one than its app's configuration says."""
        of = cast("DouyinAccountConfig", config)
        return "" if of.is_test_shop else of.shop_id

    # Authorisation

    def obtain(self, context: ConnectorContext, *, code: str = "") -> Tokens:
        return authorising.obtain(context, code)

    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:
        return authorising.renew(context, tokens)

    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        return authorising.test_connection(context)

    def authorization_url(self, config: BaseModel, *, state: str, redirect_url: str) -> str:  # noqa: ARG002 - it is set in the app itself
        return authorising.authorization_url(cast("DouyinAccountConfig", config), state)

    # Reading

    def read_orders(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        return orders.read_orders(request, context)

    def read_returns(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ReturnRecord]]:
        return returns.read_returns(request, context)

    def read_listings(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ListingRecord]]:
        return listings.read_listings(request, context)

    def read_stock(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[StockCountRecord]]:
        return stock.read_stock(request, context)

    def read_warehouses(self, context: ConnectorContext) -> Sequence[WarehouseRecord]:
        return warehouses.read_warehouses(context)

    def read_experience_score(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ScoreRecord]]:  # noqa: ARG002 - there is one score
        return score.read_experience_score(context)

    # Writing

    def push_stock(self, rows: Sequence[StockPush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return stock_push.push_stock(rows, key, context, preview=preview)

    def push_prices(self, rows: Sequence[PricePush], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return price_push.push_prices(rows, key, context, preview=preview)

    def push_ship_times(
        self,
        rows: Sequence[ShipTimePush],
        key: str,  # noqa: ARG002 - setting the same promise twice sets it once
        context: ConnectorContext,
        *,
        preview: bool,
    ) -> Sequence[PushResult]:
        return ship_time_push.push_ship_times(rows, context, preview=preview)

    # Webhooks

    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        return webhooks.receive(request, context)

    def work_on(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterable[WebhookFacts]:
        return webhooks.work_on(messages, context)
