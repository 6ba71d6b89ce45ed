"""Lives of SKUs, week by week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stockhub.catalog.models import Sku
from tests.worlds import DAY, World

#: The Sunday before NOW, a Monday: the last day of the last whole week.
LAST_ON = DAY - timedelta(days=1)
RAMP, PLATEAU = [10.0 * 1.2**week for week in range(12)], [80.0] * 20
LIVES = {
    "NEW": RAMP[:7], "UP": RAMP, "EVEN": RAMP + PLATEAU, "DOWN": RAMP + PLATEAU + [80.0 * 0.9**week for week in range(12)],
    "OVER": RAMP + PLATEAU + [80.0 * 0.8**week for week in range(20)],
}  # fmt: skip
STAGES = {"NEW": "introduction", "UP": "growth", "EVEN": "maturity", "DOWN": "decline", "OVER": "end_of_life"}


def sold_by_week(world: World, code: str, weekly: list[float], *, last_on: date = LAST_ON, **sku: Any) -> Sku:  # noqa: ANN401 - columns
    """A SKU that sold evenly within each of these weeks, the last of which ends on `last_on`."""
    made = world.sku(code)
    for name, value in sku.items():
        setattr(made, name, value)
    made.save()
    world.sold(made, [qty / 7 for qty in weekly for _day in range(7)], last_on=last_on)
    return made


def stage_of(code: str) -> str | None:
    """The slug of the stage that the catalogue shows."""
    return Sku.objects.values_list("stage__slug", flat=True).get(code=code)
