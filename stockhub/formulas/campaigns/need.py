"""What a campaign will sell and what it therefore takes (D16; science.md 6.1). Units throughout; views are people who see the offer."""

from __future__ import annotations

from stockhub.formulas.distributions.standard_normal import standard_normal_quantile
from stockhub.formulas.elementwise import N, explained, exponential, greater, logarithm, positive_part, ratio, root, round_up, total, where
from stockhub.formulas.policies.service_targets import critical_ratio


@explained(unit="unit")
def campaign_units(views: N, conversion: N, units_per_order: N, cancel_rate: N | float = 0.0) -> N:
    """Units that a campaign is expected to sell: 50,000 viewers × 2 % × 1.1 units are 1,100 (D16)."""
    return views * conversion * units_per_order * (1.0 - cancel_rate)


@explained(unit="unit")
def baseline_units(daily_units: N, days: N | float) -> N:
    """What would have been sold on the campaign's days without it."""
    return daily_units * days


@explained(unit="unit")
def with_buffer(units: N, share: N | float) -> N:
    """Units with a share on top: 1,100 and 20 % are 1,320 (D16)."""
    return units * (1.0 + share)


@explained(unit="unit")
def required_extra(need: N, baseline: N | float, safety_stock: N | float, available: N) -> N:
    """Whole units that are missing of a campaign's need, the baseline and safety stock; 0 where there is enough."""
    return positive_part(round_up(total([need, baseline, safety_stock]) - available))


@explained(unit="1")
def need_variance(views_cv: N, conversion_cv: N, units_per_order_cv: N, mean: N) -> N:
    """The squared coefficient of variation of a campaign's units: those of its three factors, and of a count, 1/mean.

    Missing where nothing is expected.
    """
    return total([views_cv * views_cv, conversion_cv * conversion_cv, units_per_order_cv * units_per_order_cv, ratio(1.0, mean)])


@explained(unit="unit")
def lognormal_quantile(probability: N, mean: N, squared_cv: N) -> N:
    """The quantile of a lognormal demand with a mean and a squared coefficient of variation; missing at probabilities of 0 and 1.

    σ² = ln(1 + cv²), and the median is mean·e^(−σ²/2). Without any mean it is 0.
    """
    variance: N = logarithm(1.0 + squared_cv)
    z = standard_normal_quantile(probability)
    known: N = greater(mean, 0.0)
    return where(known, mean * exponential(z * root(variance) - variance * 0.5), mean)


@explained(unit="unit")
def campaign_stock(underage: N, overage: N, mean: N, squared_cv: N) -> N:
    """The newsvendor's stock for a campaign: the lognormal quantile at Cu/(Cu + Co).

    Cu is what a unit too few costs, Co what one too many costs, a unit each.
    """
    return lognormal_quantile(critical_ratio(underage, overage), mean, squared_cv)


@explained(unit="unit")
def safety_stock_for_campaign(stock: N, mean: N) -> N:
    """What `campaign_stock` keeps above the expected units; 0 where a unit too many costs more than one too few."""
    return positive_part(stock - mean)


@explained(unit="view")
def views_that_stock_supports(free_stock: N, conversion: N, units_per_order: N, cancel_rate: N | float = 0.0) -> N:
    """The scale that a campaign can have with the stock there is: the inverse of `campaign_units`. Missing where nobody buys."""
    return ratio(positive_part(free_stock), conversion * units_per_order * (1.0 - cancel_rate))
