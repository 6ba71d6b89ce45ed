"""PUBLIC: contract tests that a plugin author subclasses, one class for each provider kind. They need neither Django nor a database."""

from stockhub.pluginapi.testing.alert_rule import AlertRuleContract
from stockhub.pluginapi.testing.demand_calendar import DemandCalendarContract
from stockhub.pluginapi.testing.fee_schedule import FeeScheduleContract
from stockhub.pluginapi.testing.forecaster import ForecasterContract
from stockhub.pluginapi.testing.lifecycle_rule import LifecycleRuleContract
from stockhub.pluginapi.testing.marketplace import MarketplaceContract
from stockhub.pluginapi.testing.notifier import NotifierContract
from stockhub.pluginapi.testing.recorded_http import recorded_http

__all__ = [
    "AlertRuleContract",
    "DemandCalendarContract",
    "FeeScheduleContract",
    "ForecasterContract",
    "LifecycleRuleContract",
    "MarketplaceContract",
    "NotifierContract",
    "recorded_http",
]
