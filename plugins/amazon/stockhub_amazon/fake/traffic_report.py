"""The report of sales and traffic: JSON of one span, by day and by SKU."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from stockhub_amazon.fake.world import MARKETPLACE, Product, World

TRAFFIC: Final = "GET_SALES_AND_TRAFFIC_REPORT"
_BY: Final = {"PARENT", "CHILD", "SKU"}


def text_of_traffic(world: World, since: datetime, until: datetime, options: Mapping[str, str]) -> str:
    """As Amazon's JSON schema has it. A SKU that nobody looked at on any day of the span is not in it."""
    days = [since.date() + timedelta(days=n) for n in range((until.date() - since.date()).days + 1)]
    by = options.get("asinGranularity", "PARENT")
    seen = [product for product in world.products.values() if any(day in product.traffic for day in days)]
    return json.dumps(
        {
            "reportSpecification": {
                "reportType": TRAFFIC,
                "reportOptions": {"dateGranularity": options.get("dateGranularity", "DAY"), "asinGranularity": by},
                "dataStartTime": days[0].isoformat(), "dataEndTime": days[-1].isoformat(), "marketplaceIds": [MARKETPLACE],
            },
            "salesAndTrafficByDate": [_day(seen, day) for day in days],
            "salesAndTrafficByAsin": [_sku(world, product, days, with_sku=by == "SKU") for product in seen if by in _BY],
        }
    )  # fmt: skip


def _day(seen: Iterable[Product], day: date) -> dict[str, Any]:
    told = [product.traffic[day] for product in seen if day in product.traffic]
    sessions, views = sum(each[0] for each in told), sum(each[1] for each in told)
    nothing = {"amount": 0.0, "currencyCode": "USD"}
    return {
        "date": day.isoformat(),
        "salesByDate": {
            "orderedProductSales": nothing, "unitsOrdered": 0, "totalOrderItems": 0, "averageSalesPerOrderItem": nothing,
            "averageUnitsPerOrderItem": 0.0, "averageSellingPrice": nothing, "unitsRefunded": 0, "refundRate": 0.0, "claimsGranted": 0,
            "claimsAmount": nothing, "shippedProductSales": nothing, "unitsShipped": 0, "ordersShipped": 0,
        },
        "trafficByDate": {
            "browserPageViews": views, "mobileAppPageViews": 0, "pageViews": views, "browserSessions": sessions, "mobileAppSessions": 0,
            "sessions": sessions, "buyBoxPercentage": 100.0, "orderItemSessionPercentage": 0.0, "unitSessionPercentage": 0.0,
            "averageOfferCount": 1, "averageParentItems": 1, "feedbackReceived": 0, "negativeFeedbackReceived": 0,
            "receivedNegativeFeedbackRate": 0.0,
        },
    }  # fmt: skip


def _sku(world: World, product: Product, days: list[date], *, with_sku: bool) -> dict[str, Any]:
    told = [product.traffic[day] for day in days if day in product.traffic]
    sessions, views = sum(each[0] for each in told), sum(each[1] for each in told)
    ordered = sum(
        item.qty for order in world.orders.values() if order.created_at.date() in days for item in order.items if item.sku == product.sku
    )
    row: dict[str, Any] = {"parentAsin": product.asin, "childAsin": product.asin}
    if with_sku:
        row["sku"] = product.sku
    return row | {
        "salesByAsin": {
            "unitsOrdered": ordered, "orderedProductSales": {"amount": float(product.price * ordered), "currencyCode": "USD"},
            "totalOrderItems": ordered,
        },
        "trafficByAsin": {
            "browserSessions": sessions, "mobileAppSessions": 0, "sessions": sessions, "browserSessionPercentage": 100.0,
            "mobileAppSessionPercentage": 0.0, "sessionPercentage": 100.0, "browserPageViews": views, "mobileAppPageViews": 0,
            "pageViews": views, "browserPageViewsPercentage": 100.0, "mobileAppPageViewsPercentage": 0.0, "pageViewsPercentage": 100.0,
            "buyBoxPercentage": 100.0, "unitSessionPercentage": 0.0,
        },
    }  # fmt: skip
