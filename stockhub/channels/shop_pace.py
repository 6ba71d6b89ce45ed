"""How fast each shop sells: its orders and what is paid for them a day, over the last complete week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.conf import settings
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, Sum

from stockhub.channels.models import Account, Order, OrderKind, OrderLine, OrderStatus
from stockhub.core import clock

DAYS: Final = 7
_MILLIONTH: Final = Decimal("0.000001")


def measure_pace(as_of: datetime) -> int:
    """Writes the pace of every account, once a business day; how many accounts were measured. One that told no order has none."""
    today = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    due = list(Account.objects.filter(Q(pace_on=None) | Q(pace_on__lt=today), deleted_at=None).order_by("pk"))
    if not due:
        return 0
    until = clock.start_of_day(today, settings.STOCKHUB_TIME_ZONE)
    orders, paid = _orders(until - timedelta(days=DAYS), until), _paid(until - timedelta(days=DAYS), until)
    for account in due:
        Account.objects.filter(pk=account.pk).update(
            orders_a_day=orders.get(account.pk), paid_a_day_amount=paid.get(account.pk), pace_on=today
        )
    return len(due)


def _orders(since: datetime, until: datetime) -> Mapping[int, float]:
    sold = Order.objects.filter(ordered_at__gte=since, ordered_at__lt=until, kind=OrderKind.SALE).exclude(status=OrderStatus.CANCELLED)
    return {account: count / DAYS for account, count in sold.values_list("account_id").annotate(count=Count("pk")).order_by()}


def _paid(since: datetime, until: datetime) -> Mapping[int, Decimal]:
    """In each account's currency; lines in another one are left out, as are those without a price."""
    # An order is recorded after it was made, so that older partitions need not be read.
    lines = OrderLine.objects.filter(
        order_recorded_at__gte=since, ordered_at__gte=since, ordered_at__lt=until, kind=OrderKind.SALE, unit_price_amount__isnull=False,
        order__currency=F("order__account__currency"),
    ).exclude(status=OrderStatus.CANCELLED)  # fmt: skip
    # The sum is of the stored whole millionths, so it is exact.
    paid = ExpressionWrapper(F("qty") * F("unit_price_amount"), output_field=BigIntegerField())
    sums = lines.values_list("order__account_id").annotate(paid=Sum(paid, output_field=BigIntegerField())).order_by()
    return {account: (Decimal(int(total)) * _MILLIONTH / DAYS).quantize(_MILLIONTH, ROUND_HALF_UP) for account, total in sums}
