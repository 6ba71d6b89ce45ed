"""PUBLIC: contract tests that a plugin author subclasses, one class for each provider kind. They need neither Django nor a database."""

from stockhub.pluginapi.testing.alert_rule import AlertRuleContract
from stockhub.pluginapi.testing.authorizing_contract import AuthorizingContract
from stockhub.pluginapi.testing.connector_contract import ConnectorContract
from stockhub.pluginapi.testing.demand_calendar import DemandCalendarContract
from stockhub.pluginapi.testing.faults_contract import FaultsContract
from stockhub.pluginapi.testing.fee_schedule import FeeScheduleContract
from stockhub.pluginapi.testing.forecaster import ForecasterContract
from stockhub.pluginapi.testing.lifecycle_rule import LifecycleRuleContract
from stockhub.pluginapi.testing.market_signal import MarketSignalContract
from stockhub.pluginapi.testing.marketplace import MarketplaceContract
from stockhub.pluginapi.testing.notifier import NotifierContract
from stockhub.pluginapi.testing.privacy_contract import PrivacyContract
from stockhub.pluginapi.testing.pushing_contract import PushCase, PushingContract
from stockhub.pluginapi.testing.reading_contract import ReadingContract
from stockhub.pluginapi.testing.recorded_http import recorded_http
from stockhub.pluginapi.testing.webhook_contract import WebhookContract

__all__ = [
    "AlertRuleContract",
    "AuthorizingContract",
    "ConnectorContract",
    "DemandCalendarContract",
    "FaultsContract",
    "FeeScheduleContract",
    "ForecasterContract",
    "LifecycleRuleContract",
    "MarketSignalContract",
    "MarketplaceContract",
    "NotifierContract",
    "PrivacyContract",
    "PushCase",
    "PushingContract",
    "ReadingContract",
    "WebhookContract",
    "recorded_http",
]
