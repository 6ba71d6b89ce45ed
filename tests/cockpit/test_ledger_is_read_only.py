"""Nobody changes the ledger, or any other table of facts, through the admin: not even a superuser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from stockhub.core.admin_classes import ShownOnly
from tests.cockpit.made_up_shop import Shop

pytestmark = pytest.mark.django_db
LEDGER = {
    "Movement", "Balance", "BalanceCheckpoint", "Lot", "LotCost", "LotReceipt", "Allocation", "MovementKey", "StockHistory", "Bucket",
}  # fmt: skip
FACTS = LEDGER | {
    "Event",
    "Delivery",
    "ChangeSet",
    "Cycle",
    "Chunk",
    "ImportJob",
    "RowError",
    "Order",
    "OrderLine",
    "CustomerReturn",
    "Quarantined",
    "ReceivedRecord",
    "ReceivedKey",
    "WebhookMessage",
    "UnreadableWebhook",
    "RefusedWebhook",
    "Push",
    "ShownStock",
    "StockDifference",
    "Feed",
    "PriceFact",
    "ExperienceScore",
    "AccountAuthorization",
    "ConnectorMemory",
    "RateBucket",
    "MarketObservation",
    "MarketTrend",
    "PlatformShipment",
    "StockAge",
    "LatestStockAge",
    "ListingCount",
    "FeeEstimate",
    "LatestFeeEstimate",
    "Settlement",
    "SettledFee",
    "DailyTraffic",
    "ListingSignal",
    "TurnoverHistory",
    "CategoryTurnover",
    "DemandCliff",
    "StockFigures",
    "SalesDelta",
    "SalesSeries",
    "StockoutSeries",
    "Forecast",
    "LeadTimeCalibration",
    "ForecastBasis",
    "EventSales",
    "Champion",
    "ModelAccuracy",
    "ForecastTrack",
    "Backtest",
    "BacktestSum",
    "Alert",
    "AlertEvent",
    "AlertOutcome",
    "Incident",
    "StockoutEvent",
    "Notice",
    "ResponseStep",
    "ExplanationTemplate",
    "Plugin",
    "Provider",
    "HealthResult",
    "ApiToken",
    "PurchaseOrderLine",
    "StockVariance",
    "TransferLot",
    "ProcessHeartbeat",
    "ExternalRef",
    "StockDispute",
    "LedgerProof",
    "RepeatedMovement",
    "ThresholdAdjustment",
    "StageState",
    "StageChange",
    "CategoryStage",
    "CategorySum",
    "StageFormula",
}


def test_the_tables_of_facts_are_exactly_the_read_only_ones() -> None:
    assert {model.__name__ for model, page in admin.site._registry.items() if isinstance(page, ShownOnly)} == FACTS


@pytest.mark.usefixtures("without_menu")
def test_adding_changing_and_deleting_is_refused_and_changes_nothing(browser: Client, shop: Callable[..., Shop]) -> None:
    shop(1)
    for model in (m for m in admin.site._registry if m.__name__ in FACTS):
        row = model._default_manager.order_by("pk").first()
        assert row is not None, model
        before: dict[str, Any] = model_to_dict(row)
        count = model._default_manager.count()
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for url, data in (
            (reverse(f"admin:{name}_add"), before),
            (reverse(f"admin:{name}_change", args=[row.pk]), {"qty": 99, "reason": "mine"}),
            (reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}),
        ):
            clean = {key: value for key, value in data.items() if value is not None and not hasattr(value, "tolist")}
            assert browser.post(url, clean).status_code == 403, url
        browser.post(reverse(f"admin:{name}_changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        assert model._default_manager.count() == count
        assert _same(model_to_dict(model._default_manager.get(pk=row.pk)), before), model


def _same(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return all(repr(left[key]) == repr(right[key]) for key in right)


def test_the_ledger_s_pages_offer_no_button_to_change_it(browser: Client, shop: Callable[..., Shop]) -> None:
    made = shop(1)
    page = browser.get(reverse("admin:inventory_movement_change", args=[made.movement.pk])).content.decode()
    assert 'name="_save"' not in page
    assert reverse("admin:inventory_movement_delete", args=[made.movement.pk]) not in page
    assert reverse("admin:inventory_movement_add") not in page
