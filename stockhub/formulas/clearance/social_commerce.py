"""What is kept of a price where creators sell (science.md 7.4, the form for Douyin): commissions instead of referral bands.

The platform's service fee and the creator's commission are settled on orders that are kept, so that a refund takes them back; what was
spent on advertising, freight and insurance is spent. These terms are assumptions of ours (science.md 13).
"""

from __future__ import annotations

from stockhub.formulas.elementwise import N, explained, total


@explained(unit="1")
def kept_share_with_commissions(service_rate: N, creator_rate: N, return_rate: N, ads_rate: N | float = 0.0) -> N:
    """The share of a price that refunds, the platform, the creator and advertising leave."""
    return (1.0 - return_rate) * (1.0 - service_rate - creator_rate) - ads_rate


@explained(unit="currency/unit")
def costs_of_a_parcel(freight: N, insurance: N, return_rate: N, return_cost: N, landed_cost: N | float = 0.0) -> N:
    """What a sale costs whatever its price: freight, its insurance, handling of returns, and the goods where not sunk."""
    return total([freight, insurance, return_rate * return_cost, landed_cost])


@explained(unit="currency/unit")
def net_after_commissions(price: N, kept: N, costs: N) -> N:
    """What a unit sold at a price leaves; straight in the price, so that `price_floor` has one answer."""
    return price * kept - costs
