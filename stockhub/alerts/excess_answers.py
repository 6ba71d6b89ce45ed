"""What each answer to an excess would save, of many alerts at once: the remedies that can be valued and the rule's own proposal (N7)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from stockhub.alerts.excess_saving import VALUED, is_priced, proposal_saving
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert
from stockhub.alerts.remedies import PAUSE, RECEIVING_POOL, TRANSFER, kept_basis, paused_units, valued_effects
from stockhub.formulas.elementwise import FloatArray

#: Beside the slugs of the remedies: what the rule itself proposes.
PROPOSAL: Final = "proposal"
_SMALLEST: Final = Decimal("0.000001")
_NOTHING: Final = Decimal(0)
#: A kept saving and one that is reckoned from the kept inputs are the same number to so much.
_ROUNDING: Final = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class ExcessAnswer:
    """One answer to an alert on the side of excess, by its slug, and what it saves of the money at stake.

    `here` is the part that is saved where the stock lies: less than all of it for a transfer, which saves sales in the pool `to_pool` too.
    `units` are those that it moves or holds, where it is about some.
    """

    slug: str
    saving: Decimal
    here: Decimal
    units: int | None = None
    to_pool: int | None = None


def excess_answers(alerts: Sequence[Alert]) -> list[tuple[ExcessAnswer, ...]]:
    """The answers to each alert that save anything, the best first; its saving is the best one's. Reads `template` where a rule proposes.

    Given as the reader may see them (`as_seen_by`), it tells no transfer to a pool that he does not see.
    """
    x = kept_basis([alert.inputs for alert in alerts])
    effects = valued_effects(x)
    units = {TRANSFER: x["remedy_moved"], PAUSE: paused_units(x)}
    return [_answers(alert, row, effects, units) for row, alert in enumerate(alerts)]


def _answers(alert: Alert, row: int, effects: Mapping[str, FloatArray], units: Mapping[str, FloatArray]) -> tuple[ExcessAnswer, ...]:
    most = alert.saving_amount
    if most is None or most <= 0:
        return ()
    found = []
    for slug, flag in VALUED.items():
        effect = _amount(effects[slug][row]) if alert.inputs.get(flag) else None
        if effect is None or effect <= 0:
            continue
        margin = _amount(alert.inputs.get("remedy_margin")) if slug == TRANSFER else None
        pool = alert.inputs.get(RECEIVING_POOL) if slug == TRANSFER else None
        here = _capped(alert, effect - (margin or _NOTHING))
        found.append(ExcessAnswer(slug, min(_capped(alert, effect), most), min(here, most), _whole(units, slug, row), pool and int(pool)))
    proposed = proposal_saving(alert, explanations_of(alert)) if alert.inputs.get("valued_proposal") else None
    if (own := _amount(proposed)) is not None and own > 0:
        saving = min(_capped(alert, own), most)
        found.append(ExcessAnswer(PROPOSAL, saving, saving))
    # Of an older release or a rule that keeps no remedies: something saves this much, and nobody can say what.
    found = found or [ExcessAnswer("", most, most)]
    found.sort(key=lambda answer: -answer.saving)
    return (_as_kept(found[0], most), *found[1:])


def _as_kept(best: ExcessAnswer, kept: Decimal) -> ExcessAnswer:
    """The best answer saves what the alert says, to the last digit."""
    if best.saving == kept or kept - best.saving > _ROUNDING:
        return best
    return ExcessAnswer(best.slug, kept, kept if best.here == best.saving else best.here, best.units, best.to_pool)


def _capped(alert: Alert, amount: Decimal) -> Decimal:
    """Of what is at stake, where that is known; at least nothing."""
    if is_priced(alert) and alert.money_amount is not None:
        amount = min(amount, max(alert.money_amount, _NOTHING))
    return max(amount, _NOTHING)


def _amount(value: float | None) -> Decimal | None:
    if value is None or not math.isfinite(value):
        return None
    return Decimal(repr(float(value))).quantize(_SMALLEST)


def _whole(units: Mapping[str, FloatArray], slug: str, row: int) -> int | None:
    found = units[slug][row] if slug in units else np.nan
    return int(found) if np.isfinite(found) else None
