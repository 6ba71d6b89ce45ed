"""The cycle `differences`: once a day, ours against the platforms' and the warehouses' stock."""

from __future__ import annotations

from collections.abc import Sequence

from stockhub.channels.pushes.differences import compare_stock
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.values import Label


def _compare(cycle: Cycle) -> None:
    told = compare_stock(at=cycle.as_of)
    cycle.counts |= {"listings_compared": told.listings, "shelves_compared": told.shelves, "differences": told.differences}


def _no_skus(cycle: Cycle) -> Sequence[int]:  # noqa: ARG001 - it is about listings and shelves
    return ()


def _nothing(work: Work) -> None:
    """There are no chunks: all is done in `prepare`."""


DIFFERENCES = CycleDefinition(
    name="differences",
    label=Label("Stock differences", "库存差异"),
    sku_ids=_no_skus,
    run_chunk=_nothing,
    prepare=_compare,
    idle_is_normal=True,
)
