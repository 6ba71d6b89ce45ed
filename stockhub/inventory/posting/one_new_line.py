"""One new order line on PostgreSQL: a call of the function that a migration installs, to the same rows as `new_lines` writes."""

from __future__ import annotations

from typing import Any, Final

from stockhub.core import actor, clock
from stockhub.core.postgresql import prepared_cursor
from stockhub.inventory.allocation_targets import AllocationTarget
from stockhub.inventory.posting.line_function import NAME
from stockhub.inventory.posting.postings import MAX_AHEAD
from stockhub.inventory.posting.reservations import amount_value, fingerprint_of
from stockhub.inventory.stock_events import STOCK_CHANGED

_CALL: Final = f"SELECT taken_qty, is_released FROM {NAME}({', '.join(['%s'] * 17)})"  # noqa: S608 - a constant


def execute(target: AllocationTarget, *, alone: bool) -> tuple[int | None, bool]:
    """The units reserved, None where the line was left alone; and whether the commit has yet to be waited for."""
    with prepared_cursor() as cursor:
        cursor.execute(_CALL, _values(target, alone=alone))
        taken_qty, is_released = cursor.fetchone()
    return taken_qty, bool(is_released)


def _values(target: AllocationTarget, *, alone: bool) -> tuple[Any, ...]:
    """In the order of the function's arguments. Numbers are texts, which have one type whatever their size, so one plan serves all."""
    now = clock.now()
    amount = amount_value(target.paid_amount)
    return (
        target.reference, str(target.sku_id), str(target.warehouse_id), None if target.account_id is None else str(target.account_id),
        str(target.wanted_qty), fingerprint_of(target), target.ordered_at, min(target.occurred_at, now + MAX_AHEAD), target.paid_at,
        target.ship_by_at, None if amount is None else str(amount), target.currency, STOCK_CHANGED, actor.current().label,
        actor.correlation_id(), now, alone,
    )  # fmt: skip
