"""The one way in for orders, whatever brings them: a connector, a webhook, a file or a mutation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from stockhub.channels import quarantine as quarantining
from stockhub.channels import received
from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account
from stockhub.channels.order_batch import Anew, BatchCounts, OrderBatch
from stockhub.channels.order_intake import CheckedOrder, Refusal, RefusedError, check_order
from stockhub.channels.payloads import Kept, kept
from stockhub.channels.received_models import ReceivedStatus
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

    Each transaction holds the orders, their lines and status history, what their lines want of the stock, the change in sales facts, the
    events, and what was received, reduced, so that it can be applied again; a file is kept by its import, not here. Refused records go into
    quarantine and the rest goes in; with `keep_refused` off they are only returned, for a file that reports them with their lines.
    `data_until_at`: the source has told everything up to then.
    """
    checked = check_orders(account, orders, keeping=source != FILE)
    return ingest_checked(checked, source=source, data_until_at=data_until_at, keep_refused=keep_refused)


@dataclass(frozen=True, slots=True)
class CheckedOrders:
    """Orders of an account that were looked at, without a query; those with a fault stand apart. `kept`: by the order's place in `good`."""

    account: Account
    good: list[CheckedOrder]
    refused: list[tuple[OrderRecord, Refusal]]
    kept: list[Kept] = field(default_factory=list)


def ingest_checked(orders: CheckedOrders, *, source: str, data_until_at: datetime | None = None, keep_refused: bool = True) -> IngestResult:
    """The second half of `ingest_orders`, for an import that checks the next batch while this one is written."""
    keeping = {id(order): payload for order, payload in zip(orders.good, orders.kept, strict=False)}
    taking = _Taking(load_routes(orders.account), source, keeping)
    return _take(taking, orders.good, list(orders.refused), data_until_at=data_until_at, keep_refused=keep_refused)


def apply_orders(*, account: Account, orders: CheckedOrders, source: str, anew: Anew = Anew.NO) -> IngestResult:
    """Takes orders in that are kept already: from the inbox, or from quarantine. The caller holds the transaction that marks them."""
    taking = _Taking(load_routes(account), source, {}, anew)
    return _take(taking, orders.good, list(orders.refused), data_until_at=None, keep_refused=True)


def check_orders(account: Account, orders: Sequence[OrderRecord], *, keeping: bool = False) -> CheckedOrders:
    """Looks at records: what is wrong with them, what identifies their lines, and with `keeping`, what is kept of them."""
    checked = CheckedOrders(account, [], [])
    for record in orders:
        try:
            good = check_order(record, account.pk)
            if keeping:
                checked.kept.append(kept("order", record, account.pk))
            checked.good.append(good)
        except RefusedError as error:
            checked.refused.append((record, Refusal.of(str(record.external_id)[:200], error)))
    return checked


@dataclass(frozen=True, slots=True)
class _Taking:
    """What all transactions of one call share. `keeping` is by the identity of the order: what is kept of it, with its effects."""

    routes: StockRoutes
    source: str
    keeping: Mapping[int, Kept]
    anew: Anew = Anew.NO

    @property
    def account(self) -> Account:
        return self.routes.account


def _take(
    taking: _Taking,
    checked: Sequence[CheckedOrder],
    refused: list[tuple[OrderRecord, Refusal]],
    *,
    data_until_at: datetime | None,
    keep_refused: bool,
) -> IngestResult:
    account = taking.account
    counts = BatchCounts()
    for wave in _waves(checked):
        taken, not_taken = in_transaction(lambda wave=wave: _transaction(taking, wave))  # type: ignore[misc]
        counts.add(taken)
        refused += not_taken
    if keep_refused:
        quarantining.quarantine(account=account, kind="order", refused=refused)
        refused_ids = {refusal.external_id for _record, refusal in refused}
        good = {order.record.external_id for order in checked} - refused_ids
        if good:
            quarantining.resolve(account=account, kind="order", external_ids=good)
    if (checked or data_until_at is not None) and taking.anew == Anew.NO:
        record_success(account=account, kind="orders", rows=counts.lines, data_until_at=data_until_at or _latest(checked))
    return IngestResult(
        counts.new, counts.changed, counts.unchanged, len(refused), counts.lines_new, counts.lines_changed, counts.lines_unchanged,
        tuple(refusal for _record, refusal in refused),
    )  # fmt: skip


def _transaction(taking: _Taking, orders: Sequence[CheckedOrder]) -> tuple[BatchCounts, list[tuple[OrderRecord, Refusal]]]:
    batch = OrderBatch(taking.routes, taking.anew)
    batch.take(orders)
    batch.emit(one_event=taking.source == FILE, source=taking.source)
    if taking.keeping:
        _keep(taking, orders, {id(record) for record, _refusal in batch.refused})
    return batch.counts, batch.refused


def _keep(taking: _Taking, orders: Sequence[CheckedOrder], refused: set[int]) -> None:
    for status in (ReceivedStatus.APPLIED, ReceivedStatus.QUARANTINED):
        held = status == ReceivedStatus.QUARANTINED
        chosen = [taking.keeping[id(order)] for order in orders if id(order) in taking.keeping and (id(order.record) in refused) == held]
        received.store(account=taking.account, kind="order", records=chosen, source=taking.source, status=status)


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
