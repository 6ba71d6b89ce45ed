"""Which kinds of alert warn of a stock-out: those whose rules say so (`AlertRule.foretells_stockout`)."""

from __future__ import annotations

from stockhub.pluginhost.registry import registry


def stockout_kinds() -> frozenset[str]:
    """Kinds of the installed rules, built in or not, whose alerts a stock-out proves right and its absence wrong."""
    return frozenset(kind for kind, rule in registry().alert_rules.items() if rule.foretells_stockout)
