"""Hold or clear, by incremental cash (H54, H55, E12).

The seed's test, "clear where its loss is below the storage cost", sets money that is spent against money to be spent. What counts is what
comes in and goes out from now on either way; what the stock cost is shown apart, as `sunk_cost`.
"""

from __future__ import annotations

from typing import Final

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, where

#: The results of `hold_or_clear`, in the order of their numbers.
HOLD_OR_CLEAR: Final = ("hold", "clear")
#: The results of `below_break_even_action`, in the order of their numbers.
BELOW_BREAK_EVEN_ACTIONS: Final = ("sell", "hold", "single_markdown", "bundle")
SELL: Final = 0.0
KEEP: Final = 1.0
SINGLE_MARKDOWN: Final = 2.0
BUNDLE: Final = 3.0


@explained(unit="base currency")
def hold_net(
    *,
    expected_sold: N,
    unit_cash: N,
    units_stored: N,
    storage_fee: N,
    months: N,
    units_left: N | float = 0.0,
    disposal_fee: N | float = 0.0,
) -> N:
    """Cash of holding: what sells by itself, less storage, less getting rid of the rest: 200·18 − 500·0.9·4 = 1,800 (H54).

    `units_stored` is the mean stored over the months; the stock at the start is the careful choice.
    """
    return expected_sold * unit_cash - units_stored * storage_fee * months - units_left * disposal_fee


@explained(unit="base currency")
def clear_net(quantity: N, price: N, referral: N, fulfilment: N) -> N:
    """Cash of selling all of it now at a clearance price: 500·(9·0.85 − 3) = 2,325 (H54)."""
    return quantity * (price * (1.0 - referral) - fulfilment)


@explained(unit="base currency")
def gain_of_clearing(clear: N, hold: N) -> N:
    """How much more clearing brings than holding; negative where holding is better."""
    return clear - hold


@explained(unit="code")
def hold_or_clear(clear: N, hold: N) -> N:
    """A position in `HOLD_OR_CLEAR`: clear where that brings more cash from now on; of equals hold."""
    return greater(gain_of_clearing(clear, hold), 0.0)


@explained(unit="base currency")
def sunk_cost(quantity: N, unit_cost: N) -> N:
    """What the stock cost: spent already, shown beside the comparison and never in it (E12)."""
    return quantity * unit_cost


@explained(unit="code")
def below_break_even_action(market_price: N, break_even_price: N, hold: N, single: N, bundle: N) -> N:
    """A position in `BELOW_BREAK_EVEN_ACTIONS` (H55).

    Where the market pays the break-even price or more there is nothing to weigh: sell. Else a bundle where its net is above that of holding
    and of a single markdown, a single markdown where that is above holding, and holding otherwise.
    """
    bundle_wins: N = both(greater(bundle, hold), greater(bundle, single))
    otherwise = where(greater(single, hold), SINGLE_MARKDOWN, KEEP)
    return where(at_least(market_price, break_even_price), SELL, where(bundle_wins, BUNDLE, otherwise))
