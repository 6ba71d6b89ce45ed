"""One transaction's worth of orders: what changes, written with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from django.db import connection

from stockhub.channels.models import Listing
from stockhub.channels.order_intake import NO_WAREHOUSE, QTY_MAX, TOO_MANY, CheckedOrder, Refusal, RefusedError, millionths
from stockhub.channels.order_states import OrderState, ResolvedLine, decide, demand_qty
from stockhub.channels.order_store import Writes, insert_orders, load_orders, write_changes
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.return_corrections import correct_returns
from stockhub.channels.sales_counting import count, is_counted_right
from stockhub.channels.sales_facts import SalesFacts
from stockhub.channels.stock_targets import StockRoutes, post_targets
from stockhub.core import clock
from stockhub.core.bulk import is_postgresql, stored, table_of
from stockhub.outbox.services import emit_events
from stockhub.pluginapi.records import OrderRecord


@dataclass(slots=True)
class BatchCounts:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    lines_new: int = 0
    lines_changed: int = 0
    lines_unchanged: int = 0

    @property
    def lines(self) -> int:
        return self.lines_new + self.lines_changed + self.lines_unchanged

    def add(self, other: BatchCounts) -> None:
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.lines_new += other.lines_new
        self.lines_changed += other.lines_changed
        self.lines_unchanged += other.lines_unchanged


class Anew(StrEnum):
    """What is worked out again of an order that a record says nothing new about."""

    NO = "no"
    #: What its lines want of the stock and what is counted as sold, under the settings and by the sets of today.
    TARGETS = "targets"
    #: That, and the warehouse of lines of which nothing has left.
    ROUTES = "routes"


@dataclass(slots=True)
class OrderBatch:
    """Takes orders, each at most once, inside of the caller's transaction."""

    routes: StockRoutes
    anew: Anew = Anew.NO
    counts: BatchCounts = field(default_factory=BatchCounts)
    refused: list[tuple[OrderRecord, Refusal]] = field(default_factory=list)
    _touched: list[OrderState] = field(default_factory=list)
    _sku_ids: set[int] = field(default_factory=set)

    def take(self, orders: Sequence[CheckedOrder]) -> None:
        account = self.routes.account
        before = load_orders(account, (order.record.external_id for order in orders))
        codes = {(line.code_kind, line.code) for order in orders for line in order.record.lines}
        known = {line.listing_id for order in before.values() for line in order.lines.values() if line.listing_id}
        resolution = load_resolution(account, codes, known)
        writes, facts = Writes(), SalesFacts(account.pk)
        pending: dict[str, CheckedOrder] = {}
        counts = BatchCounts()
        for order in orders:
            lines = self._resolved(resolution, order)
            if lines is None:
                continue
            pending[order.record.external_id] = order
            stored_order = before.get(order.record.external_id)
            after = decide(stored_order, order.record, lines, order.buyer_hash)
            _compare(writes, counts, stored_order, after, named=len(lines))
            if self.anew != Anew.NO and stored_order is not None:
                writes.anew.append(after)
                _recount(writes, resolution, stored_order, after)
        now = clock.now()
        collided = insert_orders(account, writes.new_orders, now)
        if collided:
            # Somebody else has just added them: look again and build on what is there.
            self._forget(writes, counts, collided)
        _count_sales(writes, facts, resolution, before, keeping=self.anew == Anew.NO)
        self._write(writes, facts, resolution, before, now)
        self.counts.add(counts)
        if collided:
            self.take([pending[order.external_id] for order in collided])

    def emit(self, *, one_event: bool, source: str) -> None:
        """Says what happened: an event an order for live data, one for a batch of history; none where nothing changed."""
        if not self._touched:
            return
        account = self.routes.account
        if one_event:
            counts = self.counts
            payload = {
                "account": account.code,
                "new": counts.new,
                "changed": counts.changed,
                "source": source,
                "sku_ids": sorted(self._sku_ids),
            }
            emit_events([("channels.orders_ingested.v1", "channels.account", account.pk, payload)])
            return
        emit_events(
            (
                "channels.order_changed.v1",
                "channels.order",
                order.id,
                {
                    "account": account.code,
                    "order": order.external_id,
                    "status": order.status,
                    "version": str(order.version),
                    "source": source,
                    "sku_ids": sorted({line.sku_id for line in order.lines.values() if line.sku_id}),
                },
            )
            for order in self._touched
        )

    def _resolved(self, resolution: Resolution, order: CheckedOrder) -> list[ResolvedLine] | None:
        lines: list[ResolvedLine] = []
        for line, key in zip(order.record.lines, order.keys, strict=True):
            warehouse_id = None
            if line.warehouse:
                warehouse_id = resolution.warehouses.get(line.warehouse)
                if warehouse_id is None:
                    self.refused.append((order.record, _no_warehouse(order.record.external_id, line.warehouse)))
                    return None
            listing_id = resolution.listings[line.code_kind, line.code]
            delivers = resolution.delivers(listing_id, line.ordered_at or order.record.ordered_at)
            if delivers is not None and not delivers.fits(line.qty):
                self.refused.append((order.record, Refusal.of(order.record.external_id, RefusedError("quantity", TOO_MANY, most=QTY_MAX))))
                return None
            sku_id = None if delivers is None else delivers.main_sku_id
            lines.append(ResolvedLine(line, key, listing_id, sku_id, warehouse_id, millionths(line.unit_price)))
        return lines

    @staticmethod
    def _forget(writes: Writes, counts: BatchCounts, collided: list[OrderState]) -> None:
        gone = {id(order) for order in collided}
        writes.new_orders = [order for order in writes.new_orders if id(order) not in gone]
        writes.statuses = [order for order in writes.statuses if id(order) not in gone]
        writes.new_lines = [pair for pair in writes.new_lines if id(pair[0]) not in gone]
        writes.touched = [order for order in writes.touched if id(order) not in gone]
        counts.new -= len(collided)
        counts.lines_new -= sum(len(order.lines) for order in collided)

    def _write(self, writes: Writes, facts: SalesFacts, resolution: Resolution, before: dict[str, OrderState], now: datetime) -> None:
        write_changes(writes, now)
        facts.write()
        _touch_listings(writes)
        changed = {id(order) for order in writes.changed_orders}
        lines = list(writes.new_lines)
        written = {line.id for line in writes.changed_lines}
        # An order that was paid or whose ship-by time moved concerns every line of it, changed or not.
        for order in writes.touched:
            lines += [(order, line) for line in order.lines.values() if line.id and (line.id in written or id(order) in changed)]
        named = {id(line) for _order, line in lines}
        lines += [(order, line) for order in writes.anew for line in order.lines.values() if line.id and id(line) not in named]
        known = {line.id: line for order in before.values() for line in order.lines.values()}
        settled = known if self.anew == Anew.NO else None
        rerouting = self.anew == Anew.ROUTES
        self._sku_ids.update(post_targets(self.routes, resolution, lines, stored=known, settled=settled, rerouting=rerouting))
        self._sku_ids.update(correct_returns(self.routes, {order.external_id for order, _line in lines}))
        self._touched += writes.touched


def _compare(writes: Writes, counts: BatchCounts, before: OrderState | None, after: OrderState, *, named: int) -> None:
    """Notes what has to be written to get from one state to the other."""
    if before is None:
        counts.new += 1
        counts.lines_new += len(after.lines)
        writes.new_orders.append(after)
        writes.touched.append(after)
        writes.statuses.append(after)
        writes.new_lines += [(after, line) for line in after.lines.values()]
        return
    own = before.own() != after.own()
    if own:
        writes.changed_orders.append(after)
        if before.status != after.status:
            writes.statuses.append(after)
    new = changed = 0
    for key, line in after.lines.items():
        was = before.lines.get(key)
        if was is None:
            new += 1
            writes.new_lines.append((after, line))
        elif was is not line and was != line:
            changed += 1
            writes.changed_lines.append(line)
        elif own and demand_qty(before, was) != demand_qty(after, line):
            # The line is as it was, but its order has changed its kind or the reason of its cancellation.
            writes.changed_lines.append(line)
    counts.lines_new += new
    counts.lines_changed += changed
    counts.lines_unchanged += max(named - new - changed, 0)
    if own or new or changed:
        counts.changed += 1
        writes.touched.append(after)
    else:
        counts.unchanged += 1


def _recount(writes: Writes, resolution: Resolution, before: OrderState, after: OrderState) -> None:
    """Has lines written again whose units counted as sold are not what they should be today, or not of the parts of today."""
    changed = {id(line) for line in writes.changed_lines}
    wrong = [
        line
        for key, line in after.lines.items()
        if key in before.lines and id(line) not in changed and not is_counted_right(resolution, after, line, before.lines[key])
    ]
    writes.changed_lines += wrong
    if wrong and not any(order is after for order in writes.touched):
        writes.touched.append(after)


def _count_sales(writes: Writes, facts: SalesFacts, resolution: Resolution, before: dict[str, OrderState], *, keeping: bool) -> None:
    """Says what of the lines that will be written is counted as sold, and adds the differences to the facts."""
    for order, line in writes.new_lines:
        count(facts, resolution, order, line, None)
    changed = {id(line) for line in writes.changed_lines}
    for order in writes.touched:
        stored_order = before.get(order.external_id)
        if stored_order is None:
            continue
        for key, line in order.lines.items():
            if id(line) in changed:
                count(facts, resolution, order, line, stored_order.lines[key], keeping=keeping)


def _touch_listings(writes: Writes) -> None:
    """`last_sold_at` of the listings of new lines, in one statement and in the order of their ids."""
    latest: dict[int, datetime] = {}
    for _order, line in writes.new_lines:
        listing_id = line.listing_id
        if listing_id is not None and (listing_id not in latest or latest[listing_id] < line.ordered_at):
            latest[listing_id] = line.ordered_at
    if not latest:
        return
    table = table_of(Listing)
    rows = sorted(latest.items())
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                f"UPDATE {table} l SET last_sold_at = v.at FROM unnest(%s::bigint[], %s::timestamptz[]) v(id, at) "  # noqa: S608 - own name
                "WHERE l.id = v.id AND (l.last_sold_at IS NULL OR l.last_sold_at < v.at)",
                [[pk for pk, _at in rows], [at.astimezone(UTC) for _pk, at in rows]],
            )
        else:
            cursor.executemany(
                f"UPDATE {table} SET last_sold_at = %s WHERE id = %s AND (last_sold_at IS NULL OR last_sold_at < %s)",  # noqa: S608
                [[stored(at), pk, stored(at)] for pk, at in rows],
            )


def _no_warehouse(external_id: str, code: str) -> Refusal:
    return Refusal.of(external_id, RefusedError("unknown_warehouse", NO_WAREHOUSE, code=code[:60]))
