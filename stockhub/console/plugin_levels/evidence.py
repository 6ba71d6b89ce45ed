"""What a plugin's test run proves: which contract of the kit each provider keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockhub.pluginapi import MarketplaceConnector
from stockhub.pluginapi.connectors import FEED_CAPABILITIES, Authorize, ReadWarehouses, ReceiveWebhook
from stockhub.pluginapi.testing.pushing_contract import PUSHES
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.loading import LoadedPlugin

#: The contract that every provider of a kind keeps.
BASIC: Final[Mapping[Kind, str]] = {
    Kind.FORECASTER: "ForecasterContract",
    Kind.ALERT_RULE: "AlertRuleContract",
    Kind.MARKETPLACE: "MarketplaceContract",
    Kind.DEMAND_CALENDAR: "DemandCalendarContract",
    Kind.FEE_SCHEDULE: "FeeScheduleContract",
    Kind.LIFECYCLE_RULE: "LifecycleRuleContract",
    Kind.NOTIFIER: "NotifierContract",
}
_READS: Final = ("ReadingContract", "FaultsContract", "PrivacyContract")


def contracts_of(connector: MarketplaceConnector) -> dict[str, tuple[str, ...]]:
    """For each capability that the connector declares, the contracts that hold it to something."""
    wanted: dict[type[Any], tuple[str, ...]] = {capability: _READS for capability, _method in FEED_CAPABILITIES.values()}
    wanted |= {ReadWarehouses: ("ReadingContract",), Authorize: ("AuthorizingContract",), ReceiveWebhook: ("WebhookContract",)}
    wanted |= dict.fromkeys(PUSHES, ("PushingContract",))
    by_name = {capability.__name__: contracts for capability, contracts in wanted.items()}
    return {name: by_name.get(name, ()) for name in connector.capabilities()}


class Evidence:
    """Rows of the recorder, asked by provider and contract."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.rows = list(rows)

    def failed(self) -> list[str]:
        return [f"{row['test']}: {row.get('reason') or row['outcome']}" for row in self.rows if row["outcome"] in ("failed", "not run")]

    def judged(self) -> list[Mapping[str, Any]]:
        return [row for row in self.rows if row["judged"]]

    def problem_of(self, provider: object, contract: str) -> str:
        """Empty where the provider keeps the contract: all of its tests were run and passed."""
        name = f"{type(provider).__module__}.{type(provider).__qualname__}"
        rows = [row for row in self.rows if row.get("contract") == contract and row.get("provider") == name]
        if not rows:
            return f"no test class subclasses {contract} for {type(provider).__name__}"
        bad = [row for row in rows if row["outcome"] != "passed"]
        return f"{contract}: {len(bad)} of {len(rows)} tests are {bad[0]['outcome']}, such as {bad[0]['test']}" if bad else ""

    def missing_basics(self, plugin: LoadedPlugin) -> list[str]:
        found = []
        for kind, providers in plugin.providers.items():
            found += [problem for provider in providers.values() if (problem := self.problem_of(provider, BASIC[kind]))]
        return found

    def missing_of_capabilities(self, connector: MarketplaceConnector) -> list[str]:
        found = []
        for capability, contracts in contracts_of(connector).items():
            if not contracts:
                found.append(f"there is no contract for {capability}")
            found += [f"{capability}: {problem}" for name in contracts if (problem := self.problem_of(connector, name))]
        return found
