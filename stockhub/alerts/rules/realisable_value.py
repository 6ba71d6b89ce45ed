"""What a unit will bring, as the rules reckon it: the one place that knows what selling costs (H9, H63)."""

from collections.abc import Mapping

from stockhub.alerts.rules.formula_rule import parameter
from stockhub.formulas.clearance.write_down import net_realisable_value
from stockhub.formulas.elementwise import N
from stockhub.pluginapi import RuleParameters


class SellingParameters(RuleParameters):
    """What selling takes, until a fee schedule says it: referral or technical service, and fulfilment."""

    selling_share: float = parameter(0.15, "1", "Share of the price that selling costs", "销售费用占售价比例", at_most=1.0)
    selling_cost: float = parameter(0.0, "base currency/unit", "What selling a unit costs besides", "单件其他销售费用")


def net_value(x: Mapping[str, N]) -> N:
    """The net realisable value of a unit: its price less what selling it costs."""
    return net_realisable_value(x["unit_price"], x["selling_share"], x["selling_cost"])
