"""The built-in alert rules: ordinary providers, pure numpy, no Django. A new one is a file here and a name in `BUILT_IN`."""

from typing import Final

from stockhub.alerts.rules.below_threshold import BelowThresholdRule
from stockhub.alerts.rules.burn_rate import BurnRateRule
from stockhub.alerts.rules.forecast_bias import ForecastBiasRule
from stockhub.alerts.rules.imbalance import ImbalanceRule
from stockhub.alerts.rules.low_inventory_fee import LowInventoryFeeRule
from stockhub.alerts.rules.order_due import OrderDueRule
from stockhub.alerts.rules.overstock import OverstockRule
from stockhub.alerts.rules.ship_by_risk import ShipByRiskRule
from stockhub.alerts.rules.shortage import ShortageRule
from stockhub.alerts.rules.unsold_stock import UnsoldStockRule
from stockhub.pluginapi import AlertRule

BUILT_IN: Final[tuple[AlertRule, ...]] = (
    ShortageRule(),
    OrderDueRule(),
    ShipByRiskRule(),
    BelowThresholdRule(),
    BurnRateRule(),
    ImbalanceRule(),
    LowInventoryFeeRule(),
    OverstockRule(),
    UnsoldStockRule(),
    ForecastBiasRule(),
)
