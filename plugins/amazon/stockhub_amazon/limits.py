"""What Amazon bears of each operation: a second's share of calls and a burst, as its models declare them (2026-08)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stockhub.pluginapi.connectors import RateLimit

#: One call in 179 s: searchOrders. Each bucket belongs to a seller in a region.
RATE_LIMITS: Final[Mapping[str, RateLimit]] = MappingProxyType(
    {
        "getInventorySummaries": RateLimit(2, 2),
        "searchOrders": RateLimit(0.0056, 20),
        "getOrder": RateLimit(0.5, 30),
        "getReports": RateLimit(0.0222, 10),
        "createReport": RateLimit(0.0167, 15),
        "getReport": RateLimit(2, 15),
        "getReportDocument": RateLimit(0.0167, 15),
        "getMyFeesEstimates": RateLimit(0.5, 1),
        "getShipments": RateLimit(2, 30),
        "getShipmentItems": RateLimit(2, 30),
        "getShipmentItemsByShipmentId": RateLimit(2, 30),
        "listInboundPlans": RateLimit(2, 6),
        "getInboundPlan": RateLimit(2, 6),
        "getShipment": RateLimit(2, 6),
        "createInboundPlan": RateLimit(2, 2),
        "getInboundOperationStatus": RateLimit(2, 6),
        "listInventory": RateLimit(2, 2),
        "listInboundShipments": RateLimit(1, 1),
        "getInboundShipment": RateLimit(2, 2),
        "searchListingsItems": RateLimit(5, 5),
        "getListingsItem": RateLimit(5, 10),
        "patchListingsItem": RateLimit(5, 5),
        "searchCatalogItems": RateLimit(2, 2),
        "getCompetitiveSummary": RateLimit(0.033, 1),
        "createFeedDocument": RateLimit(0.5, 15),
        "createFeed": RateLimit(0.0083, 15),
        "getFeed": RateLimit(2, 15),
        "getFeeds": RateLimit(0.0222, 10),
        "getFeedDocument": RateLimit(0.0222, 10),
        "getMarketplaceParticipations": RateLimit(0.016, 15),
    }
)
