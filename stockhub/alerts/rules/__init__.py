"""The built-in alert rules: ordinary providers, pure numpy, no Django. A new one is a file here and a name in `BUILT_IN`."""

from typing import Final

from stockhub.alerts.rules.below_threshold import BelowThresholdRule
from stockhub.alerts.rules.burn_rate import BurnRateRule
from stockhub.alerts.rules.category_structure import CategoryStructureRule
from stockhub.alerts.rules.demand_cliff import DemandCliffRule
from stockhub.alerts.rules.doubtful_data import DoubtfulDataRule
from stockhub.alerts.rules.emergency_order import EmergencyOrderRule
from stockhub.alerts.rules.end_of_life_line import EndOfLifeLineRule
from stockhub.alerts.rules.expiring_stock import ExpiringStockRule
from stockhub.alerts.rules.forecast_bias import ForecastBiasRule
from stockhub.alerts.rules.generation_change import GenerationChangeRule
from stockhub.alerts.rules.imbalance import ImbalanceRule
from stockhub.alerts.rules.late_inbound import LateInboundRule
from stockhub.alerts.rules.low_inventory_fee import LowInventoryFeeRule
from stockhub.alerts.rules.market_fall import MarketFallRule
from stockhub.alerts.rules.no_sale import NoSaleRule
from stockhub.alerts.rules.order_due import OrderDueRule
from stockhub.alerts.rules.overstock import OverstockRule
from stockhub.alerts.rules.residual_value import ResidualValueRule
from stockhub.alerts.rules.season_end import SeasonEndRule
from stockhub.alerts.rules.ship_by_risk import ShipByRiskRule
from stockhub.alerts.rules.shortage import ShortageRule
from stockhub.alerts.rules.sourcing import ConcentratedSupplyRule, SingleSourceRule
from stockhub.alerts.rules.stockout_risk import StockoutRiskRule
from stockhub.alerts.rules.surcharge_ahead import SurchargeAheadRule
from stockhub.alerts.rules.turnover_norm import TurnoverNormRule
from stockhub.alerts.rules.turnover_quadrant import TurnoverQuadrantRule
from stockhub.alerts.rules.turnover_streak import TurnoverStreakRule
from stockhub.alerts.rules.unsold_stock import UnsoldStockRule
from stockhub.alerts.rules.viral_spike import ViralSpikeRule
from stockhub.alerts.rules.write_down import WriteDownRule
from stockhub.pluginapi import AlertRule

BUILT_IN: Final[tuple[AlertRule, ...]] = (
    ShortageRule(),
    StockoutRiskRule(),
    OrderDueRule(),
    ShipByRiskRule(),
    BelowThresholdRule(),
    BurnRateRule(),
    ViralSpikeRule(),
    ImbalanceRule(),
    LowInventoryFeeRule(),
    OverstockRule(),
    UnsoldStockRule(),
    NoSaleRule(),
    SurchargeAheadRule(),
    ExpiringStockRule(),
    EndOfLifeLineRule(),
    ResidualValueRule(),
    WriteDownRule(),
    ForecastBiasRule(),
    LateInboundRule(),
    EmergencyOrderRule(),
    SingleSourceRule(),
    ConcentratedSupplyRule(),
    DoubtfulDataRule(),
    TurnoverNormRule(),
    TurnoverStreakRule(),
    CategoryStructureRule(),
    TurnoverQuadrantRule(),
    SeasonEndRule(),
    DemandCliffRule(),
    GenerationChangeRule(),
    MarketFallRule(),
)
