"""The stock report that goes with a message: how each SKU stands that it tells of, by the numbers of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert
from stockhub.alerts.selectors import kind_info
from stockhub.core import clock
from stockhub.pluginapi import COLUMNS, Report, Snapshot
from stockhub.pluginapi.message import Cell
from stockhub.snapshot.builder import build

#: What a buyer and a seller ask first.
_STOCK: Final = ("available", "reserved", "on_order", "in_transit", "daily_mean", "lead_time", "sold_30")


def stock_report(alerts: Sequence[Alert]) -> Report | None:
    """A row for each alert about a SKU, in their order; None where none is. Texts are in the active language."""
    about = [alert for alert in alerts if alert.sku is not None and alert.pool is not None]
    if not about:
        return None
    snapshot = build(sorted({alert.sku_id for alert in about if alert.sku_id}), clock.now())
    places = {pair: row for row, pair in enumerate(zip(snapshot.sku_ids.tolist(), snapshot.pool_ids.tolist(), strict=True))}
    language = get_language() or "en"
    names = [COLUMNS[name].label.text(language) for name in _STOCK]
    columns = (
        _("SKU"), _("Product"), _("Pool"), _("Alert"), _("Level"), *names, _("Suggested quantity"), _("By"), _("At stake"), _("Currency"),
    )  # fmt: skip
    return Report("stock-report", columns, tuple(_row(alert, snapshot, places) for alert in about))


def _row(alert: Alert, snapshot: Snapshot, places: dict[tuple[int, int], int]) -> tuple[Cell, ...]:
    assert alert.sku is not None  # noqa: S101 - the caller has looked
    assert alert.pool is not None  # noqa: S101 - the caller has looked
    row = places.get((alert.sku.pk, alert.pool.pk))
    money = None if alert.money_amount is None else float(round(alert.money_amount, 2))
    return (
        alert.sku.code, alert.sku.name, alert.pool.code, kind_info(alert.kind).label, alert.level,
        *(None if row is None else _number(snapshot[name][row]) for name in _STOCK),
        alert.suggested_qty, alert.due_on.isoformat() if alert.due_on else None, money,
        None if money is None else settings.STOCKHUB_BASE_CURRENCY,
    )  # fmt: skip


def _number(value: np.float64) -> Cell:
    """As a person writes it; nothing where nothing is known."""
    if not np.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else round(float(value), 2)
