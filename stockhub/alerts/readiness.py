"""What a seller still has to give before every number is his own: missing facts are named, and a default in their place is marked (H21).

Also named are the rules that could not judge for want of facts: that such a rule is silent says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext, gettext_noop, ngettext

from stockhub.alerts.reason_texts import reason_text
from stockhub.alerts.selectors import kind_info
from stockhub.pluginapi import Snapshot
from stockhub.pluginhost.registry import registry

#: The input of the alert that has, by rule and code, the rows that could not be judged.
NOT_EVALUATED: Final = "not_evaluated"
#: So many rules are named, those that judge the fewest rows first; the alert's inputs have all.
_MOST_RULES: Final = 5

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


def unjudged_of(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """By rule and code, the rows that it could not judge, of the counts of a cycle (`shortage.NO_FORECAST`)."""
    found: dict[str, dict[str, int]] = {}
    for name, rows in counts.items():
        rule, _dot, code = name.partition(".")
        if code and rule in registry().alert_rules:
            found.setdefault(rule, {})[code] = rows
    return found


def gaps_text(inputs: Mapping[str, Any]) -> str:
    """The gaps in the active language, the most frequent first, and which rules judged least and why."""
    gaps = [(code, inputs[code]) for code in DIMENSIONS if code in inputs]
    told = " · ".join(f"{gettext(DIMENSIONS[code][0])}: {rows}" for code, rows in sorted(gaps, key=lambda gap: (-gap[1], gap[0])))
    unjudged = _unjudged_text(inputs.get(NOT_EVALUATED) or {})
    return f"{told} — {unjudged}" if unjudged else told


def _unjudged_text(by_rule: Mapping[str, Mapping[str, int]]) -> str:
    """Of each rule the most frequent reason: one row may lack more than one fact."""
    first = [(rule, *min(codes.items(), key=lambda one: (-one[1], one[0]))) for rule, codes in by_rule.items()]
    if not first:
        return ""
    first.sort(key=lambda one: (-one[2], one[0]))
    named = [
        gettext("%(rule)s: %(rows)d (%(reason)s)") % {"rule": kind_info(rule).label, "rows": rows, "reason": reason_text(code)}
        for rule, code, rows in first[:_MOST_RULES]
    ]
    if more := len(first) - len(named):
        named.append(ngettext("%(count)d more rule", "%(count)d more rules", more) % {"count": more})
    return gettext("rows that rules did not judge: %(rules)s") % {"rules": " · ".join(named)}
