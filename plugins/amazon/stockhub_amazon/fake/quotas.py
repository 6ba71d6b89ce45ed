"""Amazon's token buckets: a rate and a burst for each operation, on the world's clock, so that a test may move it."""

from __future__ import annotations

from typing import Final

from stockhub_amazon.fake.world import World

#: Calls a second and the bucket's size, as Amazon's models give them.
RATES: Final[dict[str, tuple[float, int]]] = {
    "searchOrders": (0.0056, 20),
    "getOrder": (0.5, 30),
    "getInventorySummaries": (2, 2),
    "createReport": (0.0167, 15),
    "getReport": (2, 15),
    "getReports": (0.0222, 10),
    "getReportDocument": (0.0167, 15),
    "getMyFeesEstimates": (0.5, 1),
    "getShipments": (2, 30),
    "getShipmentItems": (2, 30),
    "getShipmentItemsByShipmentId": (2, 30),
    "listInboundPlans": (2, 6),
    "getInboundPlan": (2, 6),
    "getShipment": (2, 6),
    "listShipmentItems": (2, 6),
    "createInboundPlan": (2, 2),
    "getInboundOperationStatus": (2, 6),
    "getListingsItem": (5, 10),
    "searchListingsItems": (5, 5),
    "patchListingsItem": (5, 5),
    "searchCatalogItems": (2, 2),
    "getCompetitiveSummary": (0.033, 1),
    "createFeedDocument": (0.5, 15),
    "createFeed": (0.0083, 15),
    "getFeed": (2, 15),
    "getFeeds": (0.0222, 10),
    "getFeedDocument": (0.0222, 10),
    "getMarketplaceParticipations": (0.016, 15),
    "listInboundShipments": (1, 1),
    "getInboundShipment": (2, 2),
    "listInventory": (2, 2),
    "getOrderMetrics": (0.5, 15),
}


_TOLERANCE: Final = 1e-4


class Quotas:
    """Who called what, and whether he may. `scale` multiplies the rates; 0 switches them off."""

    def __init__(self, world: World, scale: float = 1.0) -> None:
        self._world = world
        self.scale = scale
        self.calls: dict[str, int] = {}
        self.refused: dict[str, int] = {}
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, operation: str) -> bool:
        """Whether a call is let through. Counted either way."""
        with self._world.lock:
            self.calls[operation] = self.calls.get(operation, 0) + 1
            if not self.scale or operation not in RATES:
                return True
            rate, burst = RATES[operation]
            now = self._world.monotonic()
            left, at = self._left.get(operation, (float(burst), now))
            left = min(float(burst), left + (now - at) * rate * self.scale)
            # Two clocks do not agree to the microsecond.
            granted = left >= 1 - _TOLERANCE
            self._left[operation] = (left - granted, now)
            if not granted:
                self.refused[operation] = self.refused.get(operation, 0) + 1
            return granted
