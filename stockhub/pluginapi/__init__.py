"""PUBLIC: what a plugin author writes against. Pure Python and numpy; no Django, no database.

A plugin is a module named by an entry point in the group `stockhub.plugins`. It implements hooks of `stockhub.pluginapi.hooks`, each
marked with `hookimpl`, and returns providers: instances of the classes exported here. Plugins return facts; the core writes.
"""

from stockhub.pluginapi.alert_rule import AlertRule, Findings, RuleParameters, Side
from stockhub.pluginapi.config_texts import in_chinese
from stockhub.pluginapi.context import PluginContext
from stockhub.pluginapi.demand_calendar import CalendarEvent, DemandCalendar
from stockhub.pluginapi.fee_schedule import FeeBand, FeeRate, FeeSchedule, FeeSizeClass
from stockhub.pluginapi.forecaster import (
    ForecastBatch,
    Forecaster,
    ForecasterCapability,
    ForecastResult,
    Panel,
    State,
)
from stockhub.pluginapi.health import HealthCheck
from stockhub.pluginapi.hooks import (
    ENTRY_POINT_GROUP,
    HealthRequest,
    ManifestRequest,
    MigrateConfigRequest,
    RegisterRequest,
)
from stockhub.pluginapi.http import HttpClient, HttpError, HttpRequest, HttpResponse, NoHttp
from stockhub.pluginapi.lifecycle_rule import LifecyclePanel, LifecycleRule, StageFindings
from stockhub.pluginapi.lots import Lots
from stockhub.pluginapi.manifest import Manifest
from stockhub.pluginapi.markers import PROJECT_NAME, hookimpl, hookspec
from stockhub.pluginapi.market_signal import MarketFact, MarketSeries, MarketSignalSource, SignalFindings
from stockhub.pluginapi.marketplace import MarketplaceConnector, ReduceOn, Site
from stockhub.pluginapi.message import Fact, Item, Message, Report
from stockhub.pluginapi.notifier import NotDeliveredError, Notifier, NotifierLimits
from stockhub.pluginapi.platform_records import (
    FeeEstimateRecord,
    InboundLineRecord,
    InboundRecord,
    MarketSignalRecord,
    ScoreRecord,
    SettlementRecord,
    StockAgeRecord,
    TrafficRecord,
    WarehouseRecord,
)
from stockhub.pluginapi.records import ListingRecord, OrderLineRecord, OrderRecord, ReturnRecord, StockCountRecord
from stockhub.pluginapi.snapshot import COLUMNS, Column, Snapshot
from stockhub.pluginapi.version import API_VERSION

__all__ = [
    "API_VERSION",
    "COLUMNS",
    "ENTRY_POINT_GROUP",
    "PROJECT_NAME",
    "AlertRule",
    "CalendarEvent",
    "Column",
    "DemandCalendar",
    "Fact",
    "FeeBand",
    "FeeEstimateRecord",
    "FeeRate",
    "FeeSchedule",
    "FeeSizeClass",
    "Findings",
    "ForecastBatch",
    "ForecastResult",
    "Forecaster",
    "ForecasterCapability",
    "HealthCheck",
    "HealthRequest",
    "HttpClient",
    "HttpError",
    "HttpRequest",
    "HttpResponse",
    "InboundLineRecord",
    "InboundRecord",
    "Item",
    "LifecyclePanel",
    "LifecycleRule",
    "ListingRecord",
    "Lots",
    "Manifest",
    "ManifestRequest",
    "MarketFact",
    "MarketSeries",
    "MarketSignalRecord",
    "MarketSignalSource",
    "MarketplaceConnector",
    "Message",
    "MigrateConfigRequest",
    "NoHttp",
    "NotDeliveredError",
    "Notifier",
    "NotifierLimits",
    "OrderLineRecord",
    "OrderRecord",
    "Panel",
    "PluginContext",
    "ReduceOn",
    "RegisterRequest",
    "Report",
    "ReturnRecord",
    "RuleParameters",
    "ScoreRecord",
    "SettlementRecord",
    "Side",
    "SignalFindings",
    "Site",
    "Snapshot",
    "StageFindings",
    "State",
    "StockAgeRecord",
    "StockCountRecord",
    "TrafficRecord",
    "WarehouseRecord",
    "hookimpl",
    "hookspec",
    "in_chinese",
]
