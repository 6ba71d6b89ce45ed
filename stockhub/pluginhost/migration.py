"""Brings stored configurations to the version that a plugin's manifest names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from stockhub.core.encryption import decrypt
from stockhub.pluginhost.configuration import Stored, save
from stockhub.pluginhost.discovery import Discovered
from stockhub.pluginhost.errors import PluginError
from stockhub.pluginhost.loading import LoadedPlugin
from stockhub.pluginhost.models import Plugin
from stockhub.pluginhost.supervision import Question, admit_nothing, runner_of
from stockhub.values import DomainError


@dataclass(frozen=True, slots=True)
class Migrated:
    """`stored` at `version`, or what kept it from getting there."""

    version: int
    stored: Stored
    problem: str = ""


def migrate(plugin: Discovered, loaded: LoadedPlugin, row: Plugin) -> Migrated | None:
    """The row's configuration at the manifest's version; None where there is nothing to do. Calls the plugin, so never in a transaction."""
    version = loaded.manifest.config_version
    current = Stored(row.config, bytes(row.secrets))
    if row.config_version >= version:
        return None
    if not row.config and not row.secrets:
        return Migrated(version, current)
    try:
        new = _ask(plugin, row, {**row.config, **decrypt(row.secrets)})
        return Migrated(version, save(loaded.manifest.config_model, new, Stored()))
    except (PluginError, DomainError) as error:
        problem = f"Its configuration is of version {row.config_version} and could not be brought to {version}: {error}"
        return Migrated(row.config_version, current, problem)


def _ask(plugin: Discovered, row: Plugin, config: Mapping[str, Any]) -> Mapping[str, Any]:
    question = Question("migrate_config", "", {"from_version": row.config_version, "config": config}, {}, admit_nothing)
    runner = runner_of(plugin.entry, plugin.slug)
    runner.hide(decrypt(row.secrets).values())
    answer = runner.ask(question, settings.STOCKHUB_PLUGIN_PROBE_SECONDS)
    new: Mapping[str, Any] = answer.header["answer"]["config"]
    return new
