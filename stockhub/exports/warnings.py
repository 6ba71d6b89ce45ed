"""Exports of what the warning cycle found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from django.conf import settings

from stockhub.access.models import User
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.rules.imbalance import IMBALANCE
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.exports.export import CHUNK, Column, Export, Kind, Row
from stockhub.exports.filters import Filter, Level
from stockhub.exports.shared import IN_STOCK, POOL, SKU
from stockhub.formulas.stock.cover import is_beyond_telling

#: The inputs of an imbalance that a planner reads, with the kind and meaning of each.
_EVIDENCE: Final[Mapping[str, tuple[Kind, str]]] = {
    "available": (Kind.INTEGER, "Units available in the pool that runs short."),
    "daily_demand": (Kind.NUMBER, "Demand a day there."),
    "inbound_in_lead_time": (Kind.INTEGER, "Units that land there within the lead time."),
    "lead_time": (Kind.NUMBER, "Days until an order placed now would help."),
    "safety_stock": (Kind.NUMBER, "Its safety stock."),
    "donor_available": (Kind.INTEGER, "Units available in the pool that can give."),
    "donor_daily_demand": (Kind.NUMBER, "Demand a day there."),
    "donor_cover_days": (Kind.NUMBER, "Days that its stock lasts; empty where nothing is asked for, or too little for ten years."),
    "donor_spare": (Kind.INTEGER, "Units that it can give above its own target."),
}


class Imbalances(Export):
    """Where stock lies too long while it runs out elsewhere."""

    name: ClassVar[str] = "imbalances"
    about: ClassVar[str] = "SKUs that lie too long in one pool and run out in another, as of the last warning cycle; the worst first."
    permissions: ClassVar[tuple[str, ...]] = ("alerts.view_alert", "catalog.view_stockpool", *IN_STOCK)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("sku", Kind.TEXT, "The SKU's code."),
        Column("pool", Kind.TEXT, "The pool that runs short."),
        Column("donor", Kind.TEXT, "The pool that can give."),
        Column("level", Kind.INTEGER, "1 to 3, 3 being the worst."),
        Column("units_to_move", Kind.INTEGER, "Units that ought to move."),
        Column("due_on", Kind.DAY, "The day on which the pool is out."),
        Column("money_at_stake", Kind.AMOUNT, "Margin that the move saves."),
        Column("currency", Kind.TEXT, "Of the money."),
        *(Column(name, kind, about) for name, (kind, about) in _EVIDENCE.items()),
        Column("opened_at", Kind.INSTANT, "Since when it is known."),
        Column("evaluated_at", Kind.INSTANT, "The moment whose facts the numbers are."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (SKU, POOL, Level("min_level", "Only this level and worse.", "level"))

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        found = alerts_visible_to(viewer).filter(kind=IMBALANCE).exclude(status=AlertStatus.RESOLVED)
        for each in self.filters:
            if each.name in chosen:
                found = found.filter(each.condition(chosen[each.name]))
        found = found.select_related("sku", "pool").order_by("-level", "sku__code", "pool__code")
        return (_imbalance(alert) for alert in found.iterator(chunk_size=CHUNK))


def _imbalance(alert: Alert) -> Row:
    currency = settings.STOCKHUB_BASE_CURRENCY if alert.money_amount is not None else None
    evidence = [_number(_told(alert, name), kind) for name, (kind, _about) in _EVIDENCE.items()]
    return [
        alert.sku.code if alert.sku else None, alert.pool.code if alert.pool else None, alert.inputs.get("donor"), alert.level,
        alert.suggested_qty, alert.due_on, alert.money_amount, currency, *evidence, alert.opened_at, alert.evaluated_at,
    ]  # fmt: skip


def _told(alert: Alert, name: str) -> float | None:
    value: float | None = alert.inputs.get(name)
    return None if name == "donor_cover_days" and value is not None and is_beyond_telling(value) else value


def _number(value: float | None, kind: Kind) -> float | int | None:
    return int(value) if value is not None and kind is Kind.INTEGER else value
