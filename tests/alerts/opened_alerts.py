"""Alerts as a cycle opens them, in plain rows, and the first response to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stockhub.alerts import first_response
from stockhub.alerts.models import Alert, AlertEvent, Side
from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from tests.worlds import NOW, World


def opened(world: World, code: str, *, level: int = 1, side: str = Side.SHORTAGE, kind: str = "shortage", **columns: Any) -> Alert:  # noqa: ANN401
    """An alert that a cycle has just opened, in plain rows."""
    sku, _made = Sku.objects.get_or_create(code=code, defaults={"name": columns.pop("name", "")})
    pool = columns.pop("pool", world.pool)
    cycle, _made = Cycle.objects.get_or_create(name="warnings", slot_at=NOW, defaults={"as_of": NOW, "created_at": NOW})
    alert = Alert.objects.create(
        kind=kind, subject=f"{sku.pk}:{pool.pk}", sku=sku, pool=pool, side=side, level=level, opened_cycle=cycle, changed_cycle=cycle,
        value=120.0, unit="unit", **columns,
    )  # fmt: skip
    AlertEvent.objects.create(alert=alert, what="opened", level=level, actor="cycle:warnings", occurred_at=NOW)
    return alert


def respond(at: datetime = NOW) -> None:
    with clock.at(at):
        first_response.respond_to_cycle(Cycle.objects.get(name="warnings", slot_at=NOW))
