"""warehouse.* and shop.*."""

from __future__ import annotations

from typing import Any

from stockhub_douyin.fake.catalogue import paging
from stockhub_douyin.fake.failures import invalid, missing
from stockhub_douyin.fake.world import World


def warehouses(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Pages count from 0."""
    page, size = paging(params, first=0, most_pages=100, depth=None)
    rows = list(world.catalogue.warehouses.values())
    return {"warehouses": [w.shown(world.shop_id) for w in rows[page * size : (page + 1) * size]], "total": len(rows)}


def warehouse(world: World, params: dict[str, Any]) -> dict[str, Any]:
    if not params.get("out_warehouse_id"):
        raise missing("out_warehouse_id")
    found = world.catalogue.warehouses.get(str(params["out_warehouse_id"]))
    if found is None:
        raise invalid("仓库不存在")
    return {"warehouse_info": found.shown(world.shop_id)}


def reputation(world: World, params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as all methods
    """Scores are text."""
    return dict(world.scores)


def experience_score(world: World, params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as all methods
    """The newer method. Its shape is not documented anywhere that could be read; it repeats the older one's here."""
    return {"experience_score": dict(world.scores)}
