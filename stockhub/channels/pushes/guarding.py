"""The guard on the largest change: what goes beyond it waits until a person confirms that very push. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """None: no limit was set, so that everything is beyond it."""

    row_qty: int | None
    row_pct: Decimal | None
    push_qty: int | None
    push_pct: Decimal | None

    @property
    def are_set(self) -> bool:
        return None not in (self.row_qty, self.row_pct, self.push_qty, self.push_pct)


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None where nobody knows it. An amount of money has no limit in units, only in per cent: from 0 it has none."""

    code: str
    before: Decimal | None
    after: Decimal
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Beyond:
    """Why a push waits. `code`: no_limits, before_unknown, row_qty, row_pct, push_qty, push_pct."""

    code: str
    subject: str
    value: str
    limit: str

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "subject": self.subject, "value": self.value, "limit": self.limit}


def beyond(changes: Sequence[Change], limits: Limits) -> list[Beyond]:
    """Every way in which the changes are larger than allowed, rows first; empty where they are not."""
    if not limits.are_set:
        return [Beyond("no_limits", "", "", "")]
    found: list[Beyond] = []
    moved = base = Decimal(0)
    for change in changes:
        if change.before is None or (change.is_money and not change.before):
            found.append(Beyond("before_unknown", change.code, str(change.after), ""))
            continue
        step = abs(change.after - change.before)
        moved, base = moved + step, base + abs(change.before)
        if not change.is_money:
            found += _over("row_qty", change.code, step, limits.row_qty)
        found += _over("row_pct", change.code, _percent(step, change.before), limits.row_pct)
    if not all(change.is_money for change in changes):
        found += _over("push_qty", "", moved, limits.push_qty)
    return found + _over("push_pct", "", _percent(moved, base), limits.push_pct)


def _over(code: str, subject: str, value: Decimal | None, limit: Decimal | int | None) -> list[Beyond]:
    if value is None or limit is None or value <= limit:
        return []
    return [Beyond(code, subject, f"{value.normalize():f}", str(limit))]


def _percent(step: Decimal, base: Decimal) -> Decimal | None:
    """None from 0: there is no per cent of nothing, and the limit in units is what holds."""
    return (100 * step / abs(base)).quantize(Decimal("0.01")) if base else None
