"""When a feed is read: as its connector plans, unless an operator says otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from stockhub.channels.models import Account, Feed
from stockhub.pluginapi import MarketplaceConnector
from stockhub.pluginapi.connectors import FEED_CAPABILITIES, FeedKind, FeedPlan
from stockhub.pluginhost.registry import registry

#: Of a feed that a connector brings without a plan.
WITHOUT_PLAN: Final = FeedPlan(every=timedelta(hours=1))
#: A plan of less would ask the platform without a pause.
LEAST_SECONDS: Final = 5
MOST_SECONDS: Final = 31 * 86_400


def connector_of(account: Account) -> MarketplaceConnector | None:
    """The account's connector; None for a shop of files, and where its plugin is away."""
    return registry().marketplaces.get(account.marketplace)


def kinds_of(connector: MarketplaceConnector) -> list[FeedKind]:
    """The feeds that a connector brings."""
    return [kind for kind, (capability, _method) in FEED_CAPABILITIES.items() if isinstance(connector, capability)]


def plan_of(feed: Feed) -> FeedPlan:
    """The connector's plan for a feed."""
    return plan_at(feed.account.marketplace, feed.kind)


def plan_at(marketplace: str, kind: str) -> FeedPlan:
    """What the connector of a marketplace plans for a kind of feed."""
    connector = registry().marketplaces.get(marketplace)
    if connector is None or kind not in FeedKind.__members__.values():
        return WITHOUT_PLAN
    return connector.feed_plans.get(FeedKind(kind), WITHOUT_PLAN)


def every(feed: Feed, plan: FeedPlan) -> timedelta:
    """From the beginning of one reading to that of the next."""
    seconds = feed.every_seconds or plan.every.total_seconds()
    return timedelta(seconds=min(max(seconds, LEAST_SECONDS), MOST_SECONDS))


def stale_after(feed: Feed, plan: FeedPlan) -> timedelta:
    """How long a feed may bring nothing. One that is read more seldom than that has twice its own interval."""
    return max(plan.stale_after, 2 * every(feed, plan))
