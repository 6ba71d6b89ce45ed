"""What a seller still has to give before every number is his own: missing facts are named, and a default in their place is marked (H21)."""

from __future__ import annotations

from typing import Final

import numpy as np
from django.utils.translation import gettext, gettext_noop

from stockhub.pluginapi import Snapshot

#: By code: what is missing, and the snapshot column that is empty then.
DIMENSIONS: Final = {
    "NO_STOCK_DATA": (gettext_noop("Stock is unknown"), "available"),
    "NO_SALES_DATA": (gettext_noop("Sales are unknown"), "sold_90"),
    "NO_FORECAST": (gettext_noop("There is no forecast"), "daily_mean"),
    "NO_COST": (gettext_noop("Unit cost is unknown"), "unit_cost"),
    "NO_PRICE": (gettext_noop("Price is unknown"), "unit_price"),
    "NO_OFFER": (gettext_noop("No supplier offers it"), "moq"),
    "NO_LOTS": (gettext_noop("Stock age is unknown"), "oldest_age"),
    "DEFAULT_LEAD_TIME": (gettext_noop("Lead time is a default"), "lead_time_is_default"),
}


def gaps_of(snapshot: Snapshot) -> dict[str, int]:
    """How many rows lack each fact, by code; those that none lacks are left out. Age is only missing where there is stock."""
    in_stock = np.nan_to_num(snapshot["available"]) + np.nan_to_num(snapshot["reserved"]) > 0
    found = {}
    for code, (_label, column) in DIMENSIONS.items():
        lacking = snapshot[column] == 1 if code == "DEFAULT_LEAD_TIME" else np.isnan(snapshot[column])
        found[code] = int(np.count_nonzero(lacking & in_stock if code == "NO_LOTS" else lacking))
    return {code: missing for code, missing in found.items() if missing}


def gaps_text(gaps: dict[str, int]) -> str:
    """The gaps in the active language, the most frequent first."""
    ordered = sorted(gaps.items(), key=lambda gap: (-gap[1], gap[0]))
    return " · ".join(f"{gettext(DIMENSIONS[code][0])}: {missing}" for code, missing in ordered if code in DIMENSIONS)
