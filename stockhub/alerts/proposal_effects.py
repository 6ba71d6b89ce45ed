"""What a rule's own proposal about an excess brings, in money, or why nobody can tell (H77, N7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings

from stockhub.alerts.excess_saving import proposal_saving
from stockhub.alerts.models import Alert
from stockhub.alerts.remedies import PROMOTION, TRANSFER, Remedy
from stockhub.alerts.rules.no_sale import CLEAR, REVIVE
from stockhub.alerts.rules.no_sale import TRANSFER as TRANSFER_IT
from stockhub.alerts.rules.unsold_stock import BUNDLE, DISCOUNT, OUTLET
from stockhub.formulas.lifecycle.end_of_life import CLEAR_AND_STOP
from stockhub.values import Explanation, Metric

#: Proposals of rules that are one of the remedies, by kind and place among its proposals.
_IS_REMEDY: Final[Mapping[tuple[str, float], str]] = {
    ("unsold-stock", DISCOUNT): PROMOTION, ("no-sale", TRANSFER_IT): TRANSFER, ("no-sale", REVIVE): PROMOTION,
}  # fmt: skip
#: Those that let the stock go today.
_LETS_GO: Final = frozenset({("overstock", 0.0), ("unsold-stock", OUTLET), ("no-sale", CLEAR), ("residual-value", float(CLEAR_AND_STOP))})
#: Why others have no value: how many units a bundle will carry nobody has told.
_UNKNOWN: Final[Mapping[tuple[str, float], str]] = {("unsold-stock", BUNDLE): "NO_BUNDLE_SALES"}
#: What the worth of holding and of letting go is made of, and why it is unknown where that is missing.
_NEEDS: Final = (("available", "NO_STOCK_DATA"), ("unit_price", "NO_PRICE"), ("unit_cost", "NO_COST"))


def proposal_effect(alert: Alert, remedies: Sequence[Remedy], trees: Mapping[str, Explanation]) -> Metric | None:
    """The money that the proposal of an alert brings against leaving the stock; None where it proposes nothing that money could tell.

    `remedies` are the alert's as this reader may know them.
    """
    place, unit = alert.inputs.get("proposal"), settings.STOCKHUB_BASE_CURRENCY
    saved = proposal_saving(alert, trees)
    if saved is not None:
        return Metric(saved, unit, as_of=alert.evaluated_at, explanation=trees.get("remedy_proposal"))
    if not isinstance(place, int | float):
        return None
    key = (alert.kind, float(place))
    if key in _IS_REMEDY:
        return next((each.effect for each in remedies if each.slug == _IS_REMEDY[key]), None)
    # Alerts of an older release have not kept the two worths.
    if key not in _UNKNOWN and (key not in _LETS_GO or "exit_value" not in alert.inputs):
        return None
    reason = _UNKNOWN.get(key) or _missing_worth(alert.inputs)
    # Held it is worth as much where nothing is missing: letting it go brings nothing.
    return Metric(None if reason else 0.0, unit, as_of=alert.evaluated_at, reason=reason or None)


def _missing_worth(inputs: Mapping[str, float | None]) -> str:
    """Why the worth of holding or of letting go is unknown; empty where neither is."""
    if inputs.get("exit_value") is not None and inputs.get("hold_value") is not None:
        return ""
    return next((code for name, code in _NEEDS if inputs.get(name) is None), "NO_FORECAST")
