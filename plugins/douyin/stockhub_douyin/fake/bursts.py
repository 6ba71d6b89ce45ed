"""A live room in which many buy at once."""

from __future__ import annotations

import threading
import time
from typing import Any

from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.orders import LiveRoom
from stockhub_douyin.fake.world import World


def start_burst(world: World, wanted: dict[str, Any], live: LiveRoom | None) -> dict[str, Any]:
    """`orders` orders of `qty` (1) units of `code`, paid at once, over `seconds` (0: before this answers). It ends where the goods do.

    Buyers whose order finds nothing left are counted as `turned_away`.
    """
    code, count, qty, seconds = str(wanted["code"]), int(wanted["orders"]), int(wanted.get("qty", 1)), float(wanted.get("seconds", 0))
    world.catalogue.sku_by_code(code)
    if seconds > 0:
        threading.Thread(target=_spread, args=(world, code, count, qty, seconds, live), name="fake-burst", daemon=True).start()
        return {"started": count}
    sold = sum(_sell(world, code, qty, live) for _n in range(count))
    return {"sold": sold, "turned_away": count - sold}


def _spread(world: World, code: str, count: int, qty: int, seconds: float, live: LiveRoom | None) -> None:
    began = time.monotonic()
    for n in range(count):
        time.sleep(max(began + n * seconds / count - time.monotonic(), 0.0))
        with world.lock:
            _sell(world, code, qty, live)


def _sell(world: World, code: str, qty: int, live: LiveRoom | None) -> bool:
    try:
        order = world.create_order([{"code": code, "qty": qty}], live=live)
        world.step(order, "pay")
    except ControlError:
        return False
    return True
