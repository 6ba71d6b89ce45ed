"""Changing what a variant shows for sale: by difference where it is known what was shown, so that an order in between is not undone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, PushResult, PushStatus, RequestRefusedError, StockPush, UnreadableAnswerError
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.envelope import AlreadyDoneError, Answer
from stockhub_douyin.fields import Facts, FieldError, checked_rows, identifier_or_none, whole
from stockhub_douyin.variants import REGIONAL, Variant, VariantIds

ONE, MANY = "sku.syncStock", "sku.syncStockBatchMultiProducts"
MOST_ROWS: Final = 50
_MOST_UNITS: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class _Change:
    """A row as it is sent. `units` is a difference or the number itself."""

    index: int
    variant: Variant
    place: str
    units: int


def push_stock(rows: Sequence[StockPush], key: str, context: ConnectorContext, *, preview: bool) -> list[PushResult]:
    """One request for the rows whose shown number is known, one for the others. Each has an id made of `key`: it is done once."""
    client = DouyinClient(context)
    ids = VariantIds(client)
    results: dict[int, PushResult] = {}
    differences: list[_Change] = []
    numbers: list[_Change] = []
    for index, row in enumerate(rows):
        prepared = _prepare(index, row, ids, client.config)
        if isinstance(prepared, PushResult):
            results[index] = prepared
        else:
            (numbers if row.was is None else differences).append(prepared)
    if preview:
        # The platform has no dry run: the variant was found, and the row is one that it takes.
        results |= {change.index: PushResult(change.index, PushStatus.ACCEPTED) for change in (*differences, *numbers)}
    else:
        for changes, incremental in ((differences, True), (numbers, False)):
            if changes:
                results |= {result.index: result for result in _send(client, changes, key, incremental=incremental)}
    return [results[index] for index in range(len(rows))]


def idempotent_id(key: str, *, incremental: bool) -> str:
    """Of one request of a push. It does not depend on the rows: what was taken once under a key is never done again."""
    return hashlib.sha256(f"{key}|{'difference' if incremental else 'number'}".encode()).hexdigest()[:32]


def _prepare(index: int, row: StockPush, ids: VariantIds, config: DouyinAccountConfig) -> PushResult | _Change:
    if not 0 <= row.qty <= _MOST_UNITS:
        return _refused(index, "quantity", f"The units must be from 0 to {_MOST_UNITS}.")
    if row.was == row.qty:
        return PushResult(index, PushStatus.UNCHANGED)
    place = _place(row.warehouse, config)
    try:
        variant = ids.get(row.code, row.code_kind)
    except RequestRefusedError as error:
        return _refused(index, error.code, error.message)
    if variant.sku_type == REGIONAL and not place:
        return _refused(index, "no_warehouse", "The variant is sold by region: say for which warehouse the units are.")
    if variant.sku_type != REGIONAL and place:
        return _refused(index, "not_regional", "The variant is not sold by region: its units are the shop's, without a warehouse.")
    return _Change(index, variant, place, row.qty if row.was is None else row.qty - row.was)


def _place(warehouse: str, config: DouyinAccountConfig) -> str:
    """The platform's code of a warehouse of ours; empty for the shop's stock that has none."""
    if warehouse in ("", config.shop_warehouse):
        return ""
    return next((place for place, ours in config.warehouse_codes.items() if ours == warehouse), warehouse)


def _send(client: DouyinClient, changes: Sequence[_Change], key: str, *, incremental: bool) -> list[PushResult]:
    request_id = idempotent_id(key, incremental=incremental)
    common = {"incremental": incremental, "idempotent_id": request_id}
    try:
        if len(changes) == 1:
            client.read(ONE, _item(changes[0]) | common)
            return [PushResult(changes[0].index, PushStatus.APPLIED, reference=request_id)]
        answer = client.call(MANY, {"items": [_item(change) for change in changes], "source": "stockhub"} | common)
    except AlreadyDoneError:
        # Of many rows some may have been refused in the answer that was lost: those are read back.
        status = PushStatus.APPLIED if len(changes) == 1 else PushStatus.ACCEPTED
        return [PushResult(change.index, status, reference=request_id) for change in changes]
    except RequestRefusedError as error:
        return [_refused(change.index, error.code, error.message) for change in changes]
    return _results(changes, answer, request_id)


def _item(change: _Change) -> dict[str, Any]:
    item: dict[str, Any] = {"product_id": change.variant.product_id, "sku_id": change.variant.sku_id, "stock_num": change.units}
    return item | {"out_warehouse_id": change.place} if change.place else item


def _results(changes: Sequence[_Change], answer: Answer, request_id: str) -> list[PushResult]:
    """By the variant, and among rows of the same one by their order: the answer has another name for warehouses."""
    left: dict[str, list[Facts]] = {}
    for row in _rows(answer):
        left.setdefault(identifier_or_none(row, "sku_id"), []).append(row)
    results = []
    for change in changes:
        told = left.get(str(change.variant.sku_id)) or []
        results.append(_result(change, told.pop(0) if told else None, request_id, is_partial=answer.is_partial))
    return results


def _rows(answer: Answer) -> list[Facts]:
    found = answer.data.get("results") if isinstance(answer.data, dict) else None
    if found is None and answer.is_partial:
        return []
    return checked_rows(found, f"{MANY}: the answer has no list 'results'.")


def _result(change: _Change, told: Facts | None, request_id: str, *, is_partial: bool) -> PushResult:
    if told is None:
        return PushResult(change.index, PushStatus.UNKNOWN, "no_result", "Douyin said nothing about this row.", request_id)
    try:
        status = whole(told, "status_code")
    except FieldError as error:
        raise UnreadableAnswerError(f"{MANY}: {error.message}", code="renamed_field") from error
    if status:
        return PushResult(change.index, PushStatus.REFUSED, f"status_{status}", "Douyin refuses this row.", request_id)
    if is_partial:
        # Whether the good rows of such a request are done is documented nowhere: it is read back.
        return PushResult(change.index, PushStatus.UNKNOWN, "partial", "Another row of the request was refused.", request_id)
    return PushResult(change.index, PushStatus.APPLIED, reference=request_id)


def _refused(index: int, code: str, message: str) -> PushResult:
    return PushResult(index, PushStatus.REFUSED, code, message)
