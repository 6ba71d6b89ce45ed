"""Changing what a variant costs: also for a markdown, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from stockhub.pluginapi.connectors import ConnectorContext, PricePush, PushResult, PushStatus
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import yuan
from stockhub_douyin.row_by_row import one_by_one
from stockhub_douyin.variants import ask_variant, selector

EDIT: Final = "sku.editPrice"
MOST_ROWS: Final = 20
_MOST: Final = Decimal(10_000_000)


def push_prices(rows: Sequence[PricePush], key: str, context: ConnectorContext, *, preview: bool) -> list[PushResult]:
    """One call a row. The same price twice is one price, so that nothing can be done twice."""
    client = DouyinClient(context)
    if preview:
        return one_by_one(rows, f"preview-{key}", context, name_of=_name, push=lambda index, row: _tried(client, index, row))
    return one_by_one(rows, key, context, name_of=_name, push=lambda index, row: _pushed(client, index, row))


def _name(row: PricePush) -> str:
    return f"{row.code_kind}:{row.code}:{row.price}"


def _pushed(client: DouyinClient, index: int, row: PricePush) -> PushResult:
    refused = _fault(index, row)
    if refused is None:
        client.read(EDIT, selector(client, row.code, row.code_kind) | {"price": int(row.price * 100)})
    return refused or PushResult(index, PushStatus.APPLIED)


def _tried(client: DouyinClient, index: int, row: PricePush) -> PushResult:
    """The platform has no dry run: the variant is looked up, and the price is one that it takes."""
    refused = _fault(index, row)
    if refused is not None:
        return refused
    now = yuan(ask_variant(client, row.code, row.code_kind), "price")
    return PushResult(index, PushStatus.UNCHANGED if now == row.price else PushStatus.ACCEPTED)


def _fault(index: int, row: PricePush) -> PushResult | None:
    if row.currency != "CNY":
        return PushResult(index, PushStatus.REFUSED, "currency", "Prices on Douyin are in CNY.")
    if not row.price.is_finite() or not 0 < row.price <= _MOST or row.price * 100 != int(row.price * 100):
        return PushResult(index, PushStatus.REFUSED, "price", "The price must be above 0 and in whole cents.")
    return None
