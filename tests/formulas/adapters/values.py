"""Vector suites of `stockhub.values` and `formulas.business_days`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stockhub.formulas.business_days.sites import day_bounds, day_hours, local_time
from stockhub.values import Money
from stockhub.values.rounding import half_even, half_up
from tests.formulas.vector_case import Adapter, Case


def money_rounding(x: Case) -> dict[str, Any]:
    if x["kind"] == "round":
        value = Decimal(x["value"])
        return {"half_up": str(half_up(value, x["dp"])), "half_even": str(half_even(value, x["dp"]))}
    parts = Money(Decimal(x["total"]), "CNY").allocate([Decimal(weight) for weight in x["weights"]])
    return {"parts": [str(part.amount) for part in parts]}


def day_boundary(x: Case) -> dict[str, Any]:
    if "utc" in x:
        local = local_time(datetime.fromisoformat(x["utc"]), x["tz"])
        return {"local_date": local.date().isoformat(), "local_iso": local.isoformat()}
    day = date.fromisoformat(x["date"])
    start, end = day_bounds(day, x["tz"])
    return {"day_hours": day_hours(day, x["tz"]), "start_utc": start.isoformat(), "end_utc": end.isoformat()}


ADAPTERS: dict[str, Adapter] = {
    "money_rounding": money_rounding,
    "day_boundary": day_boundary,
}
