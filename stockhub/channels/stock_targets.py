"""What order lines want from our own stock: which warehouse, how much, and how much of it has left."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from stockhub.catalog.models import Authority, PoolWarehouse, Warehouse
from stockhub.channels.models import Account, PoolAccount, ReduceOn
from stockhub.channels.order_states import CANCELLED, LEFT, LineState, OrderState, stock_qty
from stockhub.channels.order_store import give_ids
from stockhub.channels.ordered_parts import as_held, parts_of_text
from stockhub.channels.resolution import Delivers, Resolution
from stockhub.core import clock
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.models import Allocation


@dataclass(frozen=True, slots=True)
class _Route:
    valid_from: date | None
    valid_to: date | None
    warehouse_id: int

    def serves(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(slots=True)
class StockRoutes:
    """Where an account's orders take stock: the first warehouse that we count, of the first pool that has one.

    Warehouses whose authority is SNAPSHOT are counted by the platform, which has deducted the order already; lines from before a
    warehouse's ledger move nothing.
    """

    account: Account
    starts: dict[int, datetime] = field(default_factory=dict)
    #: Warehouses that promise presales what is on its way.
    promising: set[int] = field(default_factory=set)
    routes: list[_Route] = field(default_factory=list)

    def warehouse(self, ordered_at: datetime, named_id: int | None) -> int | None:
        """The warehouse that a line takes stock from; None where it moves nothing of ours."""
        warehouse_id = named_id or self._first(ordered_at)
        if warehouse_id is None or warehouse_id not in self.starts or ordered_at < self.starts[warehouse_id]:
            return None
        return warehouse_id

    def _first(self, ordered_at: datetime) -> int | None:
        if not self.routes:
            return None
        if all(route.valid_from is None and route.valid_to is None for route in self.routes):
            return self.routes[0].warehouse_id
        day = clock.business_day(ordered_at, self.account.time_zone)
        return next((route.warehouse_id for route in self.routes if route.serves(day)), None)


def load_routes(account: Account) -> StockRoutes:
    ledgers = Warehouse.objects.filter(authority=Authority.LEDGER, deleted_at=None)
    rows = list(ledgers.values_list("id", "ledger_starts_at", "allows_presale"))
    starts = {pk: starts_at for pk, starts_at, _allows in rows}
    promising = {pk for pk, _starts_at, allows in rows if allows}
    first: dict[int, int] = {}
    for pool_id, warehouse_id in PoolWarehouse.objects.order_by("pool_id", "priority", "id").values_list("pool_id", "warehouse_id"):
        if warehouse_id in starts:
            first.setdefault(pool_id, warehouse_id)
    pools = PoolAccount.objects.filter(account=account, pool__deleted_at=None).order_by("priority", "id")
    served = pools.values_list("valid_from", "valid_to", "pool_id")
    return StockRoutes(account, starts, promising, [_Route(since, until, first[pool]) for since, until, pool in served if pool in first])


def post_targets(
    routes: StockRoutes,
    resolution: Resolution,
    lines: Sequence[tuple[OrderState, LineState]],
    *,
    stored: Collection[int],
    settled: Mapping[int, LineState] | None = None,
    rerouting: bool = False,
) -> list[int]:
    """Sets the targets of new and changed lines; returns the SKUs that they touch. Lines with these `stored` ids may have some already.

    A line stays where it was served first, even if a pool's priorities have changed since, unless it is `rerouting`. Lines that are
    `settled`, by id as they were before, go on to want the parts that they want, even if a set is of others today.
    """
    by_pay = routes.account.reduce_on == ReduceOn.PAY
    # History is most of an import, and moves nothing.
    earliest = min(routes.starts.values(), default=None)
    if not stored and (earliest is None or all(line.ordered_at < earliest for _order, line in lines)):
        return []
    wanting = [pair for pair in lines if pair[1].id in stored or _may_want(routes, pair[0], pair[1], by_pay=by_pay)]
    if not wanting:
        return []
    give_ids(wanting)
    earlier = _earlier({f"line:{line.id}" for _order, line in wanting if line.id in stored})
    targets: list[AllocationTarget] = []
    for order, line in wanting:
        held = earlier.get(f"line:{line.id}", [])
        delivers = _kept_parts(resolution, line, settled.get(line.id) if settled else None, held)
        if delivers is None:
            delivers = resolution.delivers(line.listing_id, line.ordered_at)
        targets += _targets(routes, delivers, order, line, held, by_pay=by_pay, rerouting=rerouting)
    if targets:
        set_targets(targets)
    return sorted({target.sku_id for target in targets})


def _may_want(routes: StockRoutes, order: OrderState, line: LineState, *, by_pay: bool) -> bool:
    if line.sku_id is None:
        return False
    warehouse_id = routes.warehouse(line.ordered_at, line.warehouse_id)
    return warehouse_id is not None and stock_qty(order, line, reduce_on_pay=by_pay, is_promised=warehouse_id in routes.promising)[0] > 0


class _Held(NamedTuple):
    """An allocation that a line has already."""

    sku_id: int
    warehouse_id: int
    wanted_qty: int


def _earlier(references: set[str]) -> dict[str, list[_Held]]:
    if not references:
        return {}
    found: dict[str, list[_Held]] = {}
    rows = Allocation.objects.filter(reference__in=references).order_by("id")
    for reference, sku_id, warehouse_id, wanted_qty in rows.values_list("reference", "sku_id", "warehouse_id", "wanted_qty"):
        found.setdefault(reference, []).append(_Held(sku_id, warehouse_id, wanted_qty))
    return found


def _served_at(held: Sequence[_Held]) -> int | None:
    """Where the line is served: one that moved has empty allocations in the warehouses that it left."""
    return next((each.warehouse_id for each in held if each.wanted_qty), held[0].warehouse_id if held else None)


def _kept_parts(resolution: Resolution, line: LineState, was: LineState | None, held: Sequence[_Held]) -> Delivers | None:
    """The parts that a settled line wants, or that it was taken with where it wants none.

    None where nobody knows them, the line is of something else now, or a part has become a set itself.
    """
    if was is None or (was.listing_id, was.sku_id, was.ordered_at) != (line.listing_id, line.sku_id, line.ordered_at):
        return None
    kept = as_held(line.sku_id, was.qty, [(each.sku_id, each.wanted_qty) for each in held]) or parts_of_text(line.sku_id, was.parts)
    return None if kept is None or any(resolution.is_bundle(sku_id) for sku_id, _units in kept.units) else kept


def _targets(
    routes: StockRoutes,
    delivers: Delivers | None,
    order: OrderState,
    line: LineState,
    held: list[_Held],
    *,
    by_pay: bool,
    rerouting: bool,
) -> list[AllocationTarget]:
    """One for each SKU that the line delivers, and an empty one wherever it wanted something before and no longer does."""
    has_left = stock_qty(order, line, reduce_on_pay=by_pay)[1] > 0
    served_at = None if rerouting and not has_left else _served_at(held)
    warehouse_id = routes.warehouse(line.ordered_at, line.warehouse_id or served_at)
    # What was promised stays promised, even if its warehouse promises nothing more.
    is_promised = warehouse_id in routes.promising or any(each.wanted_qty for each in held)
    wanted, left = stock_qty(order, line, reduce_on_pay=by_pay, is_promised=is_promised)
    targets: dict[tuple[int, int], AllocationTarget] = {}
    if delivers is not None and warehouse_id is not None and (wanted or held):
        for sku_id, units in delivers.units:
            targets[sku_id, warehouse_id] = _target(
                order,
                line,
                sku_id,
                warehouse_id,
                wanted * units,
                left * units,
                account_id=routes.account.pk,
                paid=_paid(order, line, delivers, units),
            )
    for sku_id, place, _wanted_qty in held:
        targets.setdefault((sku_id, place), _target(order, line, sku_id, place, 0, 0, account_id=routes.account.pk, paid=None))
    return list(targets.values())


def _paid(order: OrderState, line: LineState, delivers: Delivers, units: int) -> Decimal | None:
    """What was paid for the SKU's part of the line: by units, since a set has one price."""
    if line.price is None or not order.is_paid:
        return None
    total = sum(each for _sku, each in delivers.units)
    return (Decimal(line.price) * line.qty * units / total / 1_000_000).quantize(Decimal("0.000001"))


def _target(
    order: OrderState, line: LineState, sku_id: int, warehouse_id: int, wanted: int, left: int, *, account_id: int, paid: Decimal | None
) -> AllocationTarget:
    return AllocationTarget(
        reference=f"line:{line.id}",
        sku_id=sku_id,
        warehouse_id=warehouse_id,
        account_id=account_id,
        wanted_qty=wanted,
        ship_qty=left,
        paid_amount=paid,
        currency=order.currency,
        paid_at=order.paid_at,
        ship_by_at=order.ship_by_at,
        is_presale=bool(order.presale_kind),
        ordered_at=line.ordered_at,
        occurred_at=_since(order, line),
    )


def _since(order: OrderState, line: LineState) -> datetime:
    """When the line came into its state, as far as it was told; what left before it was cancelled left when it did."""
    if line.status in LEFT or (line.status == CANCELLED and order.shipped_at is not None):
        told = order.shipped_at
    elif line.status == CANCELLED:
        told = order.cancelled_at or clock.now()
    else:
        told = order.paid_at
    return max(told or line.ordered_at, line.ordered_at)
