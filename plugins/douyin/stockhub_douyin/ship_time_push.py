"""Changing when a variant is promised to ship: a stock-out that is near becomes a presale, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, PushResult, PushStatus, RequestRefusedError, ShipTimePush
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.variants import VariantIds

SET: Final = "promise.setSkuShipTime"
MOST_ROWS: Final = 20
#: From stock: the same day, or within 24 hours. As a presale: 2 to 15 days, which ends within 30.
_FROM_STOCK: Final = (0, 1)
_PRESALE: Final = range(2, 16)
_LONGEST_PRESALE: Final = timedelta(days=30)


def push_ship_times(rows: Sequence[ShipTimePush], context: ConnectorContext, *, preview: bool) -> list[PushResult]:
    """One request for all rows that the platform may take. It sets values, so that repeating it changes nothing."""
    client = DouyinClient(context)
    ids = VariantIds(client)
    results: dict[int, PushResult] = {}
    rules: dict[int, dict[str, Any]] = {}
    for index, row in enumerate(rows):
        try:
            refused = _fault(index, row, client)
            if refused is None:
                rules[index] = _rule(row, ids, client)
            else:
                results[index] = refused
        except RequestRefusedError as error:
            results[index] = PushResult(index, PushStatus.REFUSED, error.code, error.message)
    results |= _accepted(rules) if preview else _set(client, rules)
    return [results[index] for index in range(len(rows))]


def _set(client: DouyinClient, rules: dict[int, dict[str, Any]]) -> dict[int, PushResult]:
    if not rules:
        return {}
    try:
        client.read(SET, {"rules": list(rules.values())})
    except RequestRefusedError as error:
        if len(rules) == 1:
            return {index: PushResult(index, PushStatus.REFUSED, error.code, error.message) for index in rules}
        # One bad rule spoils all: each is tried alone.
        return {index: result for index, rule in rules.items() for result in _set(client, {index: rule}).values()}
    return {index: PushResult(index, PushStatus.APPLIED) for index in rules}


def _accepted(rules: dict[int, dict[str, Any]]) -> dict[int, PushResult]:
    return {index: PushResult(index, PushStatus.ACCEPTED) for index in rules}


def _fault(index: int, row: ShipTimePush, client: DouyinClient) -> PushResult | None:
    now = client.context.now()
    if row.presale_until is None:
        if row.days not in _FROM_STOCK:
            return PushResult(index, PushStatus.REFUSED, "days", "What is in stock ships the same day (0) or within 24 hours (1).")
        return None
    if row.days not in _PRESALE:
        return PushResult(index, PushStatus.REFUSED, "days", "A presale ships 2 to 15 days after payment.")
    if not now < row.presale_until <= now + _LONGEST_PRESALE:
        return PushResult(index, PushStatus.REFUSED, "presale_until", "A presale ends within the next 30 days.")
    return None


def _rule(row: ShipTimePush, ids: VariantIds, client: DouyinClient) -> dict[str, Any]:
    config = client.config
    rule: dict[str, Any] = {
        "sku_id": ids.get(row.code, row.code_kind).sku_id, "pre_sell_type": int(row.presale_until is not None), "delay_day": row.days,
    }  # fmt: skip
    if row.presale_until is not None:
        rule["pre_sell_end_time"] = int(row.presale_until.timestamp())
    if row.warehouse and row.warehouse != config.shop_warehouse:
        rule["out_warehouse_id"] = next((place for place, ours in config.warehouse_codes.items() if ours == row.warehouse), row.warehouse)
    return rule
