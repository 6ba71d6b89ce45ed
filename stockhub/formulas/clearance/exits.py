"""What each exit of a stock is worth today, and which is best: hold, markdown, liquidate, remove, dispose, donate, transfer (science.md
7.5).

Every worth is incremental cash from now on, discounted by month. What the stock cost is spent whatever happens and appears in none (E12).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from stockhub.formulas.clearance.present_value import discount_factor, present_value
from stockhub.formulas.elementwise import N, both, explained, greater, minimum, positive_part, where
from stockhub.formulas.errors import InvalidParameterError

#: The results of `best_exit`, in the order of their numbers; of equals the one named first, which leaves more open.
EXITS: Final = ("hold", "markdown", "transfer", "liquidate", "remove", "donate", "dispose")
#: A liquidator's cash comes about 90 days after the request.
LIQUIDATION_MONTHS: Final = 3.0
#: Amazon counts aged stock on the 15th of each month and charges more for storage from October: the day before is the last to act.
_AGED_SNAPSHOT_DAY: Final = 15
_PEAK_STORAGE_FROM: Final = (10, 1)


def expected_monthly_sales(stock: N, demand: Sequence[N]) -> list[N]:
    """Units sold in months 1, 2, … on the mean path: each month's demand, as long as stock lasts."""
    left: N = positive_part(stock)
    sold: list[N] = []
    for units in demand:
        sold.append(minimum(left, units))
        left = left - sold[-1]
    return sold


@explained(unit="base currency")
def hold_value(sold: Sequence[N], unit_margin: N, storage: Sequence[N], aged_fees: Sequence[N], *, rate: N, exit_value: N) -> N:
    """Σ δᵗ(sold_t·m − storage_t − aged_t) over t = 1 … T, plus δᵀ times the best exit of what is left then.

    Storage and aged-stock fees are each month's whole bill; `exit_value` is money at the end of month T. InvalidParameterError where the
    months of the three do not match.
    """
    if not len(sold) == len(storage) == len(aged_fees):
        months = f"{len(sold)}, {len(storage)} and {len(aged_fees)} months"
        raise InvalidParameterError("sold, storage, aged_fees", months, "the same number of months for all three")
    flows: list[N] = [units * unit_margin - bill - aged for units, bill, aged in zip(sold, storage, aged_fees, strict=True)]
    running: N = present_value(flows, rate) * discount_factor(1.0, rate)
    return running + exit_value * discount_factor(float(len(sold)), rate)


@explained(unit="base currency")
def markdown_value(cash_flows: Sequence[N], rate: N) -> N:
    """A ladder's cash by month, from today on; `markdown_outcome` says how much is to be expected."""
    return present_value(cash_flows, rate)


@explained(unit="base currency")
def liquidation_value(quantity: N, net: N, rate: N, months: N | float = LIQUIDATION_MONTHS) -> N:
    """The stock at a net for each unit (`fees.removal.liquidation_net`), as it is worth today: cash comes in some 3 months."""
    return quantity * net * discount_factor(months, rate)


@explained(unit="base currency")
def removal_value(quantity: N, removal_fee: N, return_freight: N, resale: N) -> N:
    """What stays of a removal: what the units bring elsewhere, less the fee for each and the freight back."""
    return resale - quantity * removal_fee - return_freight


@explained(unit="base currency")
def disposal_value(quantity: N, disposal_fee: N) -> N:
    """What disposing costs, as a negative value."""
    return -(quantity * disposal_fee)


@explained(unit="base currency")
def donation_value(quantity: N, donation_fee: N, tax_benefit: N) -> N:
    """What a donation leaves: the tax benefit, 0 where none is certain, less the fee for each unit."""
    return tax_benefit - quantity * donation_fee


@explained(unit="base currency")
def transfer_value(quantity: N, unit_margin_there: N, freight: N, months_to_sell: N, rate: N) -> N:
    """What a move to another site brings: the units' margin there when they are sold, less the freight that is paid now."""
    return quantity * unit_margin_there * discount_factor(months_to_sell, rate) - freight


@explained(unit="code")
def best_exit(values: Sequence[N], available: Sequence[N]) -> N:
    """A position in `EXITS`: the available exit that is worth most; of equals the first.

    `values` are in the order of `EXITS`, today's money; `available` are flags. Holding is always possible. The value of an exit that is not
    available need not be known; without that of one which is there is no answer. InvalidParameterError for a different number of exits.
    """
    if not len(values) == len(available) == len(EXITS):
        raise InvalidParameterError("values", f"{len(values)} values and {len(available)} flags", f"one for each of {', '.join(EXITS)}")
    best, best_value = values[0] * 0.0, values[0]
    for position in range(1, len(EXITS)):
        candidate: N = where(available[position], values[position], best_value)
        better: N = greater(candidate, best_value)
        best = where(better, float(position), best)
        best_value = where(better, candidate, best_value)
    return best


@explained(unit="flag")
def exit_due(age_days: N, age_limit_days: N, hold: N, best_other: N) -> N:
    """Whether stock is to leave: older than the limit (180 days, H54), and another exit is worth more than holding it."""
    return both(greater(age_days, age_limit_days), greater(best_other, hold))


def next_exit_review_on(today: date) -> date:
    """The next day from today on to look at exits: the eve of an aged-stock snapshot (the 15th), or of peak storage (1 October)."""
    month, day = _PEAK_STORAGE_FROM
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=_AGED_SNAPSHOT_DAY)
    counted = (today.replace(day=_AGED_SNAPSHOT_DAY), next_month, date(today.year, month, day), date(today.year + 1, month, day))
    return min(eve for eve in (on - timedelta(days=1) for on in counted) if eve >= today)
