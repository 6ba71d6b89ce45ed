"""Removal and disposal, which cost the same, and liquidation (science.md 7.5, 8).

Rows: fees `removal` and `liquidation_processing`, tier a size class (goods with special handling go by `oversize`), band pounds.
`liquidation_referral` is a share of what the liquidator pays, the same for any tier.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from stockhub.formulas.elementwise import N, explained
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of, share
from stockhub.formulas.fees.rates import ANY_TIER, RateTable
from stockhub.formulas.fees.weight_steps import stepped_fee_of

REMOVAL: Final = "removal"
LIQUIDATION_PROCESSING: Final = "liquidation_processing"
LIQUIDATION_REFERRAL: Final = "liquidation_referral"


@explained(unit="currency")
def removal_fee(units: N, fee_each: N) -> N:
    """What it costs to have units sent back or destroyed."""
    return units * fee_each


@explained(unit="currency")
def liquidation_net(units: N, mean_price: N, recovery_rate: N | float, referral_rate: N | float, processing_each: N) -> N:
    """What a liquidator's payment leaves: a share of the mean selling price, less a share of that and processing; it may be negative."""
    gross: N = mean_price * recovery_rate
    return (gross * (1.0 - referral_rate) - processing_each) * units


def removal_charge(table: RateTable, *, on: date, tier: str, weight_lb: float | Decimal, units: float) -> Charge:
    """A removal or disposal order placed on a date."""
    row = table.row(REMOVAL, tier, on, at=weight_lb)
    each = stepped_fee_of(row, measure("weight_lb", weight_lb, "lb"))
    return estimated_charge(REMOVAL, removal_fee(measure("units", units, "unit"), each), row)


def liquidation_proceeds(
    table: RateTable,
    *,
    on: date,
    tier: str,
    weight_lb: float | Decimal,
    units: float,
    mean_price: float | Decimal,
    recovery_rate: float | Decimal,
) -> Charge:
    """What a liquidation order placed on a date pays the seller: the amount of this one is an income, negative where it costs."""
    processing = table.row(LIQUIDATION_PROCESSING, tier, on, at=weight_lb)
    referral = table.row(LIQUIDATION_REFERRAL, ANY_TIER, on)
    tree = liquidation_net(
        measure("units", units, "unit"),
        measure("mean_price", mean_price, processing.currency),
        share("recovery_rate", recovery_rate),
        rate_of(referral, referral.rate, "referral_rate", unit="1"),
        stepped_fee_of(processing, measure("weight_lb", weight_lb, "lb")),
    )
    return estimated_charge("liquidation_net", tree, processing, referral)
