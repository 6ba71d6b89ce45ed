"""Every hook that the host calls. Each takes one typed argument object; a hook that a plugin does not implement is not called.

All hooks may be called more than once and must not do I/O unless their docstring says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stockhub.pluginapi.context import PluginContext
from stockhub.pluginapi.markers import hookspec

if TYPE_CHECKING:
    from stockhub.pluginapi.alert_rule import AlertRule
    from stockhub.pluginapi.demand_calendar import DemandCalendar
    from stockhub.pluginapi.fee_schedule import FeeSchedule
    from stockhub.pluginapi.forecaster import Forecaster
    from stockhub.pluginapi.health import HealthCheck
    from stockhub.pluginapi.lifecycle_rule import LifecycleRule
    from stockhub.pluginapi.manifest import Manifest
    from stockhub.pluginapi.market_signal import MarketSignalSource
    from stockhub.pluginapi.marketplace import MarketplaceConnector
    from stockhub.pluginapi.notifier import Notifier

#: The entry-point group under which plugins are found.
ENTRY_POINT_GROUP = "stockhub.plugins"


@dataclass(frozen=True, slots=True)
class ManifestRequest:
    """`api_version` is the host's."""

    api_version: str


@dataclass(frozen=True, slots=True)
class RegisterRequest:
    """`api_version` is the host's; a plugin may register less on an older host."""

    api_version: str


@dataclass(frozen=True, slots=True)
class HealthRequest:
    context: PluginContext


@dataclass(frozen=True, slots=True)
class MigrateConfigRequest:
    """`config` is a stored configuration, secrets included, as written by version `from_version`."""

    from_version: int
    to_version: int
    config: Mapping[str, Any]


class HookSpecs:
    """The hooks, as methods of a class that pluggy reads and nobody instantiates."""

    @hookspec
    def stockhub_manifest(self, request: ManifestRequest) -> Manifest:  # type: ignore[empty-body]
        """Says who the plugin is.

        When: at discovery, before anything else. Answers: exactly one, from the plugin's own module. On error, or where the API range
        does not hold the host's version: the plugin is not loaded, and the reason is shown. Since API 1.0.
        """

    @hookspec
    def stockhub_register_marketplaces(self, request: RegisterRequest) -> Iterable[MarketplaceConnector]:  # type: ignore[empty-body]
        """Gives the marketplace connectors of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown. On error: the
        plugin's connectors are missing, the rest goes on. At run time: a failing call is retried, then the circuit opens; stale data is
        dated, never zeroed. Since API 1.0.
        """

    @hookspec
    def stockhub_register_forecasters(self, request: RegisterRequest) -> Iterable[Forecaster]:  # type: ignore[empty-body]
        """Gives the forecasters of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown. On error: the
        plugin's forecasters are missing, the rest goes on. At run time, in a supervised process: a failing forecaster is replaced by the
        next in the chain, and `model_used` and `fallback_reason` say so. Since API 1.0.
        """

    @hookspec
    def stockhub_register_alert_rules(self, request: RegisterRequest) -> Iterable[AlertRule]:  # type: ignore[empty-body]
        """Gives the alert rules of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown. On error: the
        plugin's rules are missing, the rest goes on. At run time, in a supervised process: a failing rule shows as *not evaluated*, which
        is itself an alert. Since API 1.0.
        """

    @hookspec
    def stockhub_register_demand_calendars(self, request: RegisterRequest) -> Iterable[DemandCalendar]:  # type: ignore[empty-body]
        """Gives the demand calendars of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown. On error: the
        plugin's calendars are missing, the rest goes on. At run time: a failing calendar has no effect on forecasts, and the forecast
        cycle says so. Since API 1.0.
        """

    @hookspec
    def stockhub_register_market_signals(self, request: RegisterRequest) -> Iterable[MarketSignalSource]:  # type: ignore[empty-body]
        """Gives the sources of market signals of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown. On error: the
        plugin's sources are missing, the rest goes on. At run time: a failing source raises no signal, and the forecast cycle says so; what
        it said before ends on its day. Since API 1.0.
        """

    @hookspec
    def stockhub_register_fee_schedules(self, request: RegisterRequest) -> Iterable[FeeSchedule]:  # type: ignore[empty-body]
        """Gives the fee schedules of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown, and of two
        schedules for one site of a marketplace the first by slug is asked. On error: the plugin's schedules are missing, the rest goes
        on. At run time: where a schedule fails, or has no row for a date or tier, the fee is unknown and so is every profit that it
        goes into; it is never taken for 0, and the alert says why it has no money. Since API 1.0.
        """

    @hookspec
    def stockhub_register_lifecycle_rules(self, request: RegisterRequest) -> Iterable[LifecycleRule]:  # type: ignore[empty-body]
        """Gives the life-cycle rules of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown. Which rule is
        used is a setting. On error: the plugin's rules are missing, the rest goes on. At run time, in a supervised process: where the rule
        fails every stage stays as it is, and the life-cycle cycle and an alert say so. Since API 1.0.
        """

    @hookspec
    def stockhub_register_notifiers(self, request: RegisterRequest) -> Iterable[Notifier]:  # type: ignore[empty-body]
        """Gives the notifiers of the plugin.

        When: at discovery, after the manifest. Answers: all are taken; a slug that is already taken is refused and shown. On error: the
        plugin's notifiers are missing, the rest goes on. At run time, in a supervised process of the delivering worker: a message that does
        not arrive is tried again, then kept as a dead letter that an operator can retry; cycles never wait for it. Since API 1.0.
        """

    @hookspec
    def stockhub_health(self, request: HealthRequest) -> Iterable[HealthCheck]:  # type: ignore[empty-body]
        """Checks what the plugin depends on. May do I/O, within the host's deadline.

        When: on the health schedule and on demand, in a worker. Answers: all are shown. On error: shown as a failed check. Since API 1.0.
        """

    @hookspec
    def stockhub_migrate_config(self, request: MigrateConfigRequest) -> Mapping[str, Any]:  # type: ignore[empty-body]
        """Brings a stored configuration to the manifest's `config_version`.

        When: at discovery, where the stored version is lower. Answers: one, which must validate against the manifest's model. On error:
        the stored configuration stays as it is, and the plugin is shown as needing configuration. Since API 1.0.
        """
