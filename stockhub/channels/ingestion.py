"""The one way in for orders, whatever brings them: a connector, a webhook, a file or a mutation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stockhub.channels import quarantine as quarantining
from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account, Quarantined
from stockhub.channels.order_batch import BatchCounts, OrderBatch
from stockhub.channels.order_intake import CheckedOrder, Refusal, RefusedError, check_order
from stockhub.channels.stock_targets import StockRoutes, load_routes
from stockhub.core.bulk import transaction_rows
from stockhub.inventory.transactions import in_transaction
from stockhub.pluginapi.records import OrderRecord

#: Files bring history: one event a batch says enough. Live sources get an event an order.
FILE: Final = "file"


@dataclass(frozen=True, slots=True)
class IngestResult:
    """Orders that were new, changed, unchanged (a repetition or old news) and refused; and the same of their lines."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    lines_new: int = 0
    lines_changed: int = 0
    lines_unchanged: int = 0
    refusals: tuple[Refusal, ...] = ()


def ingest_orders(
    *, account: Account, orders: Sequence[OrderRecord], source: str, data_until_at: datetime | None = None, keep_refused: bool = True
) -> IngestResult:
    """Takes orders in, idempotent by (account, external id, version), in transactions of bounded size.

    Each transaction holds the orders, their lines and status history, what their lines want of the stock, the change in sales facts and the
    events. Refused records go into quarantine and the rest goes in; with `keep_refused` off they are only returned, for a file that reports
    them with their lines. Presale orders hold no stock until they ship. `data_until_at`: the source has told everything up to then.
    """
    return ingest_checked(check_orders(account, orders), source=source, data_until_at=data_until_at, keep_refused=keep_refused)


@dataclass(frozen=True, slots=True)
class CheckedOrders:
    """Orders of an account that were looked at, without a query; those with a fault stand apart."""

    account: Account
    good: list[CheckedOrder]
    refused: list[tuple[OrderRecord, Refusal]]


def ingest_checked(orders: CheckedOrders, *, source: str, data_until_at: datetime | None = None, keep_refused: bool = True) -> IngestResult:
    """The second half of `ingest_orders`, for an import that checks the next batch while this one is written."""
    return _take(orders.account, orders.good, list(orders.refused), source=source, data_until_at=data_until_at, keep_refused=keep_refused)


def retry_quarantined(ids: Sequence[int]) -> IngestResult:
    """Tries quarantined orders again; those that still cannot be taken stay, with another attempt counted."""
    total = IngestResult()
    rows = Quarantined.objects.filter(id__in=list(ids), kind="order", resolved_at=None).select_related("account")
    by_account: dict[int, list[Quarantined]] = {}
    for row in rows.order_by("account_id", "id"):
        by_account.setdefault(row.account_id, []).append(row)
    for group in by_account.values():
        account = group[0].account
        checked: list[CheckedOrder] = []
        refused: list[tuple[OrderRecord, Refusal]] = []
        for row in group:
            _check_one(account, row, checked, refused)
        total = _plus(total, _take(account, checked, refused, source="retry", data_until_at=None, keep_refused=True))
    return total


def _check_one(account: Account, row: Quarantined, checked: list[CheckedOrder], refused: list[tuple[OrderRecord, Refusal]]) -> None:
    try:
        record, buyer = quarantining.restored("order", row.payload)
    except (TypeError, ValueError, ArithmeticError):
        Quarantined.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
        return
    assert isinstance(record, OrderRecord)  # noqa: S101 - of its kind
    try:
        checked.append(check_order(record, account.pk, hashed_buyer=buyer))
    except RefusedError as error:
        refused.append((record, Refusal(row.external_id, error.code, error.message)))


def check_orders(account: Account, orders: Sequence[OrderRecord]) -> CheckedOrders:
    """Looks at records: what is wrong with them, what identifies their lines."""
    checked: list[CheckedOrder] = []
    refused: list[tuple[OrderRecord, Refusal]] = []
    for record in orders:
        try:
            checked.append(check_order(record, account.pk))
        except RefusedError as error:
            refused.append((record, Refusal(str(record.external_id)[:200], error.code, error.message)))
    return CheckedOrders(account, checked, refused)


def _take(
    account: Account,
    checked: Sequence[CheckedOrder],
    refused: list[tuple[OrderRecord, Refusal]],
    *,
    source: str,
    data_until_at: datetime | None,
    keep_refused: bool,
) -> IngestResult:
    routes = load_routes(account)
    counts = BatchCounts()
    for wave in _waves(checked):
        taken, not_taken = in_transaction(lambda wave=wave: _transaction(routes, wave, source))  # type: ignore[misc]
        counts.add(taken)
        refused += not_taken
    if keep_refused:
        quarantining.quarantine(account=account, kind="order", refused=refused)
        refused_ids = {refusal.external_id for _record, refusal in refused}
        good = {order.record.external_id for order in checked} - refused_ids
        if good:
            quarantining.resolve(account=account, kind="order", external_ids=good)
    if checked or data_until_at is not None:
        record_success(account=account, kind="orders", rows=counts.lines, data_until_at=data_until_at or _latest(checked))
    return IngestResult(
        counts.new, counts.changed, counts.unchanged, len(refused), counts.lines_new, counts.lines_changed, counts.lines_unchanged,
        tuple(refusal for _record, refusal in refused),
    )  # fmt: skip


def _transaction(routes: StockRoutes, orders: Sequence[CheckedOrder], source: str) -> tuple[BatchCounts, list[tuple[OrderRecord, Refusal]]]:
    batch = OrderBatch(routes)
    batch.take(orders)
    batch.emit(one_event=source == FILE, source=source)
    return batch.counts, batch.refused


def _waves(orders: Sequence[CheckedOrder]) -> Iterator[list[CheckedOrder]]:
    """Cuts into transactions: so many lines at most, and each order once, since the second record of an order builds on the first."""
    limit = transaction_rows()
    wave: dict[str, CheckedOrder] = {}
    lines = 0
    for order in orders:
        earlier = wave.get(order.record.external_id)
        if earlier is not None and earlier.record == order.record:
            continue
        if wave and (earlier is not None or lines + len(order.keys) > limit or len(wave) >= limit):
            yield list(wave.values())
            wave, lines = {}, 0
        wave[order.record.external_id] = order
        lines += len(order.keys)
    if wave:
        yield list(wave.values())


def _latest(orders: Sequence[CheckedOrder]) -> datetime | None:
    return max((order.record.ordered_at for order in orders), default=None)


def _plus(left: IngestResult, right: IngestResult) -> IngestResult:
    return IngestResult(
        left.new + right.new,
        left.changed + right.changed,
        left.unchanged + right.unchanged,
        left.quarantined + right.quarantined,
        left.lines_new + right.lines_new,
        left.lines_changed + right.lines_changed,
        left.lines_unchanged + right.lines_unchanged,
        left.refusals + right.refusals,
    )
