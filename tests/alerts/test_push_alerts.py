"""Alerts of pushes and of stock that does not agree: one an account and kind, gone when there is nothing to see to."""

from __future__ import annotations

import datetime as dt

import pytest

from stockhub.alerts import system_alerts
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.wording import message_of
from stockhub.channels.models import Account
from stockhub.channels.pushes.models import Push, PushSettings, StockDifference
from stockhub.core import clock
from stockhub.cycles.models import Cycle

pytestmark = [pytest.mark.django_db]


def open_alerts() -> list[tuple[str, int, int]]:
    rows = Alert.objects.exclude(status=AlertStatus.RESOLVED).order_by("kind")
    return [(alert.kind, alert.level, alert.inputs["count"]) for alert in rows]


def test_what_is_oversold_what_differs_and_what_waits_are_alerts_until_they_are_settled() -> None:
    now = clock.now()
    account = Account.objects.create(code="a", name="A", marketplace="file")
    PushSettings.objects.create(account=account, alert_above=2)
    cycle = Cycle.objects.create(name="warnings", slot_at=now, as_of=now, requested_by="test")
    for number in range(3):
        StockDifference.objects.create(
            day=dt.date(2026, 3, 2), subject=f"listing:{number}:", account=account, our_qty=1, platform_qty=2, oversold_qty=number % 2,
            cause="unexplained",
        )  # fmt: skip
    Push.objects.create(account=account, kind="stock", key="1", status="unknown", created_by="x")
    Push.objects.create(account=account, kind="stock", key="2", status="unknown", created_by="x", next_attempt_at=now)
    Push.objects.create(account=account, kind="stock", key="3", status="draft", is_automatic=True, created_by="x")
    Push.objects.create(account=account, kind="stock", key="4", status="failed", finished_at=now, created_by="x")
    Push.objects.create(account=account, kind="stock", key="5", status="failed", finished_at=now - dt.timedelta(days=2), created_by="x")
    system_alerts.check_pushes(cycle)
    assert open_alerts() == [("oversold-listings", 3, 1), ("pushes-waiting", 2, 3), ("stock-differences", 2, 3)]
    assert message_of(Alert.objects.get(kind="oversold-listings")) == (
        "1 listing offers more than can be served: push its stock, or count."
    )  # fmt: skip
    system_alerts.check_pushes(cycle)
    assert Alert.objects.count() == 3
    StockDifference.objects.all().delete()
    Push.objects.all().delete()
    system_alerts.check_pushes(cycle)
    assert open_alerts() == []
