"""Amazon as a marketplace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel

from stockhub.pluginapi import MarketplaceConnector, ReduceOn, Site
from stockhub.pluginapi.connectors import ConnectorContext, FeedKind, FeedPlan, RateLimit, ReadWarehouses
from stockhub.pluginapi.platform_records import WarehouseRecord
from stockhub.values import Label
from stockhub_amazon.account import AmazonAccountConfig
from stockhub_amazon.authorising import AmazonAuthorization
from stockhub_amazon.calls import account_of
from stockhub_amazon.chinese import PHRASES
from stockhub_amazon.limits import RATE_LIMITS
from stockhub_amazon.notifications.receiving import AmazonNotifications
from stockhub_amazon.reading.ages import AmazonAges
from stockhub_amazon.reading.fee_estimates import AmazonFeeEstimates
from stockhub_amazon.reading.inbound import AmazonInbound
from stockhub_amazon.reading.listings import AmazonListings
from stockhub_amazon.reading.orders import AmazonOrders
from stockhub_amazon.reading.returns import AmazonReturns
from stockhub_amazon.reading.settlements import AmazonSettlements
from stockhub_amazon.reading.signals import AmazonSignals
from stockhub_amazon.reading.stock import AmazonStock
from stockhub_amazon.reading.traffic import AmazonTraffic
from stockhub_amazon.sites import MARKETPLACES
from stockhub_amazon.writing.inbound_drafts import AmazonInboundDrafts
from stockhub_amazon.writing.prices import AmazonPrices
from stockhub_amazon.writing.quantities import AmazonQuantities
from stockhub_amazon.writing.removals import AmazonRemovals

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class AmazonWarehouses(ReadWarehouses):
    def read_warehouses(self, context: ConnectorContext) -> Sequence[WarehouseRecord]:
        """Amazon moves stock between its own warehouses as it likes: all of them are one here, and AWD is another."""
        config = account_of(context)
        name, home = f"FBA {config.home.site.code}", config.home.marketplace_id
        found = [WarehouseRecord(config.fba_warehouse, name, home, is_platforms=True, kind="fba")]
        if config.awd_warehouse:
            found.append(WarehouseRecord(config.awd_warehouse, f"AWD {config.home.site.code}", "AWD", is_platforms=True))
        return found


class AmazonConnector(
    AmazonAuthorization,
    AmazonStock,
    AmazonOrders,
    AmazonReturns,
    AmazonListings,
    AmazonInbound,
    AmazonAges,
    AmazonFeeEstimates,
    AmazonSettlements,
    AmazonTraffic,
    AmazonSignals,
    AmazonWarehouses,
    AmazonQuantities,
    AmazonPrices,
    AmazonInboundDrafts,
    AmazonRemovals,
    AmazonNotifications,
    MarketplaceConnector,
):
    """Seller accounts on Amazon, over the Selling Partner API."""

    slug: ClassVar[str] = "amazon"
    name: ClassVar[Label] = Label("Amazon", "亚马逊")
    sites: ClassVar[tuple[Site, ...]] = tuple(m.site for m in MARKETPLACES)
    account_config_model: ClassVar[type[BaseModel]] = AmazonAccountConfig
    reduce_on: ClassVar[ReduceOn] = ReduceOn.CREATE
    rate_limits: ClassVar[Mapping[str, RateLimit]] = RATE_LIMITS
    #: What the quotas bear: `benchmarks/amazon_quotas.py` shows how fresh each feed can be.
    phrases: ClassVar[Mapping[str, str]] = PHRASES
    feed_plans: ClassVar[Mapping[FeedKind, FeedPlan]] = {
        FeedKind.ORDERS: FeedPlan(timedelta(minutes=15), backfill=timedelta(days=400), stale_after=6 * _HOUR),
        FeedKind.RETURNS: FeedPlan(12 * _HOUR, backfill=timedelta(days=180), stale_after=2 * _DAY),
        FeedKind.STOCK: FeedPlan(4 * _HOUR, is_snapshot=True, stale_after=_DAY),
        FeedKind.LISTINGS: FeedPlan(_DAY, is_snapshot=True, stale_after=3 * _DAY),
        FeedKind.INBOUND: FeedPlan(2 * _HOUR, is_snapshot=True, stale_after=_DAY),
        FeedKind.AGES: FeedPlan(_DAY, is_snapshot=True, stale_after=3 * _DAY),
        FeedKind.FEES: FeedPlan(_DAY, is_snapshot=True, stale_after=7 * _DAY),
        FeedKind.SETTLEMENTS: FeedPlan(_DAY, backfill=timedelta(days=180), stale_after=7 * _DAY),
        FeedKind.TRAFFIC: FeedPlan(_DAY, backfill=timedelta(days=30), stale_after=4 * _DAY),
        FeedKind.SIGNALS: FeedPlan(_DAY, is_snapshot=True, stale_after=3 * _DAY),
    }

    def subject_of(self, config: BaseModel) -> str:
        """The seller's id."""
        if not isinstance(config, AmazonAccountConfig):
            raise TypeError(f"The configuration is no Amazon account: {type(config).__name__}.")
        return config.seller_id

    def rate_scope(self, config: BaseModel) -> str:
        """Amazon counts by seller, app and region: accounts of other marketplaces of the same seller share the buckets."""
        if not isinstance(config, AmazonAccountConfig):
            raise TypeError(f"The configuration is no Amazon account: {type(config).__name__}.")
        return f"amazon:{config.region}:{config.seller_id}:{config.lwa_client_id}"
