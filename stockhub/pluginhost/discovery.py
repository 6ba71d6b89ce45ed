"""Finds the plugins that are installed and loads each by itself, so that a bad one costs only itself.

Two steps for each entry point: `probing` tries its import in a supervised process, once for each version of its files; where that went
well the host imports it, guarded and with a deadline. A plugin that fails in either step is named with its reason; nothing here raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from stockhub.pluginhost.entries import Entry, installed
from stockhub.pluginhost.loading import LoadedPlugin, PluginRefusedError, identity_of, load
from stockhub.pluginhost.probing import probe_all, within


@dataclass(frozen=True, slots=True)
class Discovered:
    """An entry point and what became of it. `status` is a value of `PluginStatus`; `reason` says why, or which providers are missing."""

    entry: Entry
    status: str
    reason: str
    identity: Mapping[str, str]
    loaded: LoadedPlugin | None = None

    @property
    def slug(self) -> str:
        """The manifest's, or the entry point's name where no manifest could be read."""
        return self.identity.get("slug") or self.entry.name[:60]

    def refused(self, error: PluginRefusedError) -> Discovered:
        return Discovered(self.entry, error.status, error.reason, error.identity)

    def with_reason(self, reason: str) -> Discovered:
        return replace(self, reason=reason)


def discover(*, afresh: bool = False) -> list[Discovered]:
    """Every installed plugin in the order of entry-point names. `afresh` tries those again that failed a short while ago."""
    entries = installed()
    outcomes = probe_all(entries, afresh=afresh)
    return [_load(entry, outcomes[entry.key]) for entry in entries]


def _load(entry: Entry, outcome: PluginRefusedError | None) -> Discovered:
    found = Discovered(entry, "active", "", {})
    if outcome is not None:
        return found.refused(outcome)
    try:
        loaded = within(settings.STOCKHUB_PLUGIN_PROBE_SECONDS, lambda: load(entry.name, entry.value))
    except PluginRefusedError as error:
        return found.refused(error)
    return replace(found, identity=identity_of(loaded.manifest), loaded=loaded)
