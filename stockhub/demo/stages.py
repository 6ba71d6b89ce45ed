"""Stages of the demo's SKUs against how they really sell: none may be in one that nobody who knows the shop would call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stockhub.catalog.models import Sku
from stockhub.demo.shop import DemoShop

#: By curve, the stages that are plainly wrong once a SKU has sold for so long that it is new no more.
PLAINLY_WRONG: Final[Mapping[str, frozenset[str]]] = {
    "steady": frozenset({"introduction", "end_of_life", "liquidation"}),
    "viral": frozenset({"introduction", "decline", "end_of_life", "liquidation"}),
    "dying": frozenset({"introduction", "growth", "maturity", "liquidation"}),
    "stopped": frozenset({"introduction", "growth", "maturity", "liquidation"}),
    "launched": frozenset({"decline", "end_of_life", "liquidation"}),
}
#: What fell before a shorter history began cannot be seen in it.
LONG_HISTORY_DAYS: Final = 365
_FALLEN: Final = frozenset({"dying", "stopped"})


@dataclass(frozen=True, slots=True)
class WrongStage:
    """A SKU whose story is told, how it sells, and the stage that it was taken for."""

    sku: str
    curve: str
    stage: str


def wrong_stages(shop: DemoShop) -> list[WrongStage]:
    """The SKUs with a known story that are in a plainly wrong stage. What fell before a short history began is not judged."""
    told = {trade.item.code: trade.item.scenario.curve for trade in shop.trades if trade.item.scenario.is_told and trade.is_focus}
    if shop.history_days < LONG_HISTORY_DAYS:
        told = {sku: curve for sku, curve in told.items() if curve not in _FALLEN}
    found = Sku.objects.filter(code__in=told, stage__isnull=False).order_by("code").values_list("code", "stage__slug")
    return [WrongStage(sku, told[sku], stage) for sku, stage in found if stage in PLAINLY_WRONG.get(told[sku], ())]
