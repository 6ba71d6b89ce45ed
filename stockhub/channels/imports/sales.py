"""Order lines from a file: the same way in as a connector's, and fast enough for years of history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.channels.cancellations import Cancellation, ingest_cancellations
from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.spool import Spool
from stockhub.channels.imports.unknown_codes import make_skus
from stockhub.channels.ingestion import FILE, CheckedOrders, IngestResult, check_orders, ingest_checked
from stockhub.channels.listing_links import link_by_code
from stockhub.channels.models import Account
from stockhub.channels.order_intake import buyer_hash, line_key, millionths
from stockhub.channels.order_states import CANCELLED, RANK
from stockhub.exchange.ahead import ahead, few_collections
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import SALES
from stockhub.exchange.mapping import Rows
from stockhub.exchange.ordinals import Ordinals
from stockhub.exchange.tables import Fault
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord

#: Lines whose type says that they are no demand.
_EXCLUDED = frozenset(("adjust", "nonproduct"))
_CANCELLATIONS = 1_000


def import_sales(run: ImportRun, path: Path, *, account: Account, options: ImportOptions) -> None:
    """Reads the file to its end. Raises `FileError` or `MappingError`; bad rows are refused one by one."""
    _columns, batches = open_rows(SALES, path, options, account.time_zone)
    with Spool[Cancellation]() as spool, few_collections():
        work = _SalesImport(run, account, options, spool)
        for batch in ahead(batches, work.prepare):
            work.write(batch)
        work.take_cancellations()


@dataclass(slots=True)
class _Prepared:
    """A batch that is ready to be written."""

    rows: Rows
    drafts: list[_Draft]
    orders: CheckedOrders
    codes: set[str]
    faults: list[Fault]
    counts: Counter[str]


@dataclass(slots=True)
class _Draft:
    """An order that is being put together from its rows."""

    external_id: str
    head: int
    ordered_at: datetime
    lines: list[OrderLineRecord] = field(default_factory=list)
    file_lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _SalesImport:
    run: ImportRun
    account: Account
    options: ImportOptions
    spool: Spool[Cancellation]
    ordinals: Ordinals = field(default_factory=Ordinals)
    _mapped: set[str] = field(default_factory=set)

    def prepare(self, rows: Rows) -> _Prepared:
        """Everything that needs no database, in the thread that reads ahead."""
        faults = rows.faults
        counts: Counter[str] = Counter()
        keep = self._sorted_out(rows, faults, counts)
        drafts = self._drafts(rows, keep, self._keys(rows, keep))
        orders = check_orders(self.account, [self._record(rows, draft) for draft in drafts])
        codes = {line.code for order in orders.good for line in order.record.lines}
        return _Prepared(rows, drafts, orders, codes, faults, counts)

    def write(self, batch: _Prepared) -> None:
        for name, number in batch.counts.items():
            self.run.count(name, number)
        result = self._ingest(batch)
        self._report_refusals(batch.drafts, result, batch.faults)
        self.run.refuse(batch.faults)
        self.run.count("orders_new", result.new)
        self.run.advance(
            read=batch.rows.read, written=result.lines_new + result.lines_changed, unchanged=result.lines_unchanged, done=batch.rows.done
        )

    def take_cancellations(self) -> None:
        """After all sales, so that the order of the rows in the file does not matter."""
        if self.run.is_dry:
            return
        for chunk in self.spool.chunks(_CANCELLATIONS):
            result = ingest_cancellations(account=self.account, cancellations=chunk)
            self.run.count("cancellations_matched", result.matched)
            self.run.count("cancellations_returned", result.returned)
            self.run.refuse([Fault(line, "", why.code, why.text, params=why.params) for line, why in result.refused])
            written = result.matched + result.returned - len(result.refused)
            self.run.advance(read=0, written=written, unchanged=result.unchanged, done=1.0)

    def _sorted_out(self, rows: Rows, faults: list[Fault], counts: Counter[str]) -> list[int]:
        """The rows that are sales; cancellations are put aside, the rest is counted or refused."""
        count = len(rows.lines)
        quantities: list[int] = rows.values["quantity"]
        types: list[Any] = rows.values.get("line_type") or [None] * count
        prices: list[Any] = rows.values.get("price") or [None] * count
        keep: list[int] = []
        cancelled: list[int] = []
        excluded = 0
        for index in rows.good:
            kind, qty, price = types[index], quantities[index], prices[index]
            if kind in _EXCLUDED:
                excluded += 1
            elif kind == "cancel" and qty < 0:
                cancelled.append(index)
            elif qty <= 0:
                faults.append(Fault(rows.lines[index], "quantity", "quantity_not_positive", NOT_POSITIVE, str(qty)))
            elif price is not None and price < 0:
                faults.append(
                    Fault(rows.lines[index], "price", "negative_price", _("The price of a sale must not be below 0."), str(price))
                )
            else:
                keep.append(index)
        if excluded:
            counts["excluded"] += excluded
        if cancelled:
            counts["cancellations"] += len(cancelled)
            self._put_aside(rows, cancelled)
        return keep

    def _put_aside(self, rows: Rows, cancelled: list[int]) -> None:
        keys = self._keys(rows, cancelled)
        buyers = rows.values.get("customer") or [None] * len(rows.lines)
        prices = rows.values.get("price") or [None] * len(rows.lines)
        values = rows.values
        self.spool.add(
            [
                Cancellation(
                    values["order_id"][index],
                    key,
                    values["sku"][index],
                    -values["quantity"][index],
                    prices[index] if prices[index] is None or prices[index] >= 0 else None,
                    values["time"][index],
                    buyer_hash(self.account.pk, buyers[index] or ""),
                    rows.lines[index],
                )
                for index, key in zip(cancelled, keys, strict=True)
            ]
        )

    def _keys(self, rows: Rows, indices: list[int]) -> list[str]:
        """Line ids, and digests where there are none; equal rows are counted over the whole file."""
        values = rows.values
        ids = values.get("line_id")
        count = len(rows.lines)
        orders, codes, times, quantities = values["order_id"], values["sku"], values["time"], values["quantity"]
        prices: list[Decimal | None] = values.get("price") or [None] * count
        scaled = [millionths(prices[index]) for index in indices]
        same = [(orders[i], codes[i], times[i], price, quantities[i]) for i, price in zip(indices, scaled, strict=True)]
        ordinals = self.ordinals.next(same)
        keys = [line_key(code, at, price, qty, n) for (_order, code, at, price, qty), n in zip(same, ordinals, strict=True)]
        return keys if ids is None else [ids[index] or key for index, key in zip(indices, keys, strict=True)]

    def _drafts(self, rows: Rows, keep: list[int], keys: list[str]) -> list[_Draft]:
        drafts: dict[str, _Draft] = {}
        values = rows.values
        orders, codes, times, quantities = values["order_id"], values["sku"], values["time"], values["quantity"]
        blank: list[Any] = [None] * len(rows.lines)
        prices, statuses = values.get("price", blank), values.get("status", blank)
        warehouses, promos = values.get("warehouse", blank), values.get("promo", blank)
        default = self.options.default_status
        for index, key in zip(keep, keys, strict=True):
            external_id, at = orders[index], times[index]
            draft = drafts.get(external_id)
            if draft is None:
                draft = drafts[external_id] = _Draft(external_id, index, at)
            elif at < draft.ordered_at:
                draft.ordered_at = at
            status, warehouse, promo = statuses[index] or default, warehouses[index] or "", promos[index] or ""
            line = OrderLineRecord(codes[index], quantities[index], prices[index], key, "sku", status, "", warehouse, promo, "", at)
            draft.lines.append(line)
            draft.file_lines.append(rows.lines[index])
        return list(drafts.values())

    def _record(self, rows: Rows, draft: _Draft) -> OrderRecord:
        def of(name: str, default: Any = "") -> Any:  # noqa: ANN401 - a typed cell
            column = rows.values.get(name)
            value = None if column is None else column[draft.head]
            return default if value is None else value

        alive = [line.status for line in draft.lines if line.status != CANCELLED]
        return OrderRecord(
            external_id=draft.external_id,
            status=max(alive, key=RANK.__getitem__) if alive else CANCELLED,
            ordered_at=draft.ordered_at,
            currency=of("currency", self.account.currency),
            lines=tuple(draft.lines),
            kind=of("kind", "sale"),
            fulfilled_by=of("fulfilled_by", "merchant"),
            paid_at=of("paid_at", None),
            ship_by_at=of("ship_by", None),
            shipped_at=of("shipped_at", None),
            cancel_reason=of("cancel_reason"),
            buyer=of("customer"),
            is_complete=False,
        )

    def _ingest(self, batch: _Prepared) -> IngestResult:
        codes = batch.codes - self._mapped
        if not self.run.is_dry:
            self._map(codes)
            return ingest_checked(batch.orders, source=FILE, keep_refused=False)
        with transaction.atomic():
            self._map(codes)
            self._mapped -= codes
            result = ingest_checked(batch.orders, source=FILE, keep_refused=False)
            transaction.set_rollback(True)
        return result

    def _map(self, codes: set[str]) -> None:
        """Once for each code of the file: makes SKUs where that is wanted, and links listings that wait for theirs."""
        if not codes:
            return
        if self.options.create_skus:
            self.run.count("skus_created", make_skus(self.account, codes))
        link_by_code(account=self.account, codes=codes)
        self._mapped |= codes

    def _report_refusals(self, drafts: list[_Draft], result: IngestResult, faults: list[Fault]) -> None:
        if not result.refusals:
            return
        lines = {draft.external_id: draft.file_lines for draft in drafts}
        for refusal in result.refusals:
            faults += [Fault(line, "", refusal.code, refusal.text, params=refusal.params) for line in lines.get(refusal.external_id, ())]


NOT_POSITIVE = _("The quantity of a sale must be at least 1. Lines below 0 need a column line_type that says cancel or adjust.")


def report(run: ImportRun) -> Iterator[str]:
    """The lines that close the report of this import."""
    extra = run.extra
    if extra.get("skus_created"):
        yield f"SKUs made: {extra['skus_created']}."
    if extra.get("excluded"):
        yield f"Lines that are no demand (adjustments, postage and the like): {extra['excluded']}."
    if extra.get("cancellations"):
        yield (
            f"Cancellation lines: {extra['cancellations']}, of which {extra.get('cancellations_matched', 0)} took back an earlier sale and "
            f"{extra.get('cancellations_returned', 0)} were kept as returns."
        )
