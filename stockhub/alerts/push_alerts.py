"""What pushes and the daily difference of stock leave to people: one alert an account and kind."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Count, Max, Q

from stockhub.channels.pushes.models import LEFT_TO_A_PERSON, Push, PushSettings, PushStatus, StockDifference
from stockhub.cycles.models import Cycle

OVERSOLD: Final = "oversold-listings"
STOCK_DIFFERENCES: Final = "stock-differences"
PUSHES_WAITING: Final = "pushes-waiting"
#: More differences than this are an alert where an account says nothing else.
_MOST_DIFFERENCES: Final = 10
_ENDED_BADLY: Final = (PushStatus.FAILED, PushStatus.REFUSED, PushStatus.EXPIRED)


def push_findings(cycle: Cycle) -> dict[tuple[str, int], int]:
    """By kind and account: how many listings, differences or pushes somebody has to look at."""
    return _differences() | _waiting(cycle)


def _differences() -> dict[tuple[str, int], int]:
    """Those of each account's last comparison."""
    found: dict[tuple[str, int], int] = {}
    limits = dict(PushSettings.objects.values_list("account_id", "alert_above"))
    days = StockDifference.objects.filter(account__is_active=True, account__deleted_at=None).values("account_id").annotate(day=Max("day"))
    for row in days.order_by("account_id"):
        account = row["account_id"]
        its = StockDifference.objects.filter(account_id=account, day=row["day"])
        told = its.aggregate(oversold=Count("pk", filter=Q(oversold_qty__gt=0)), all=Count("pk"))
        if told["oversold"]:
            found[OVERSOLD, account] = told["oversold"]
        if told["all"] > limits.get(account, _MOST_DIFFERENCES):
            found[STOCK_DIFFERENCES, account] = told["all"]
    return found


def _waiting(cycle: Cycle) -> dict[tuple[str, int], int]:
    """Pushes that a person has to settle or that are held, and those of the last day that ended badly with nobody trying again."""
    held = Q(status=PushStatus.DRAFT, is_automatic=True)
    failed = Q(status__in=_ENDED_BADLY, finished_at__gt=cycle.as_of - timedelta(days=1))
    rows = Push.objects.filter(LEFT_TO_A_PERSON | held | failed, account__deleted_at=None).order_by("account_id")
    return {(PUSHES_WAITING, account): count for account, count in rows.values_list("account_id").annotate(Count("pk"))}
