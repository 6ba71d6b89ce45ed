"""Writes what discovery found to the rows that operators and other processes read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from stockhub.core import clock
from stockhub.pluginapi import Manifest
from stockhub.pluginhost.configuration import Stored, load
from stockhub.pluginhost.discovery import Discovered
from stockhub.pluginhost.migration import Migrated, migrate
from stockhub.pluginhost.models import Plugin, PluginStatus, Provider
from stockhub.pluginhost.registry import Registry, registry
from stockhub.values import DomainError


def sync_states(*, afresh: bool = False) -> list[Plugin]:
    """Makes `Plugin` and `Provider` rows say what this process found; gives all plugins, sorted by entry point.

    Idempotent, and writes only what differs. Operators' columns (enabled, configuration) and the circuits are left alone. Entry points that
    went away are `missing`: their row keeps its configuration for their return. `afresh` tries plugins again that failed a short while ago.
    """
    found = registry(afresh=afresh)
    migrated = _migrated(found)
    with transaction.atomic():
        _add_missing_rows(found)
        rows = {row.entry_point: row for row in Plugin.objects.select_for_update().order_by("pk")}
        for key, plugin in found.plugins.items():
            rows[key] = _write(rows[key], _columns(plugin, rows[key], migrated.get(key)))
        for key in set(rows) - set(found.plugins):
            rows[key] = _write(rows[key], {"status": PluginStatus.MISSING, "reason": "Its entry point is no longer installed."})
        _sync_providers(found, rows)
    return [rows[key] for key in sorted(rows)]


def _add_missing_rows(found: Registry) -> None:
    """Rows for plugins that are new here; of two processes that start together one wins, and both go on with its rows."""
    known = set(Plugin.objects.values_list("entry_point", flat=True))
    Plugin.objects.bulk_create(
        (
            Plugin(
                entry_point=key,
                slug=plugin.slug,
                status=plugin.status,
                config_version=plugin.loaded.manifest.config_version if plugin.loaded else 1,
            )
            for key, plugin in found.plugins.items()
            if key not in known
        ),
        ignore_conflicts=True,
    )


def _migrated(found: Registry) -> dict[str, Migrated]:
    """Configurations that are to be stored anew, by entry point. Before the transaction, because plugins are asked."""
    migrated: dict[str, Migrated] = {}
    for row in Plugin.objects.filter(entry_point__in=found.plugins):
        plugin = found.plugins[row.entry_point]
        if plugin.loaded and (outcome := migrate(plugin, plugin.loaded, row)):
            migrated[row.entry_point] = outcome
    return migrated


def _columns(plugin: Discovered, row: Plugin, migrated: Migrated | None) -> dict[str, Any]:
    columns: dict[str, Any] = dict.fromkeys(("name_en", "name_zh", "plugin_version", "requires_api"), "")
    columns |= {"slug": plugin.slug, **plugin.identity, "status": plugin.status, "reason": plugin.reason, "config_schema": {}}
    if plugin.loaded is None:
        return columns
    manifest = plugin.loaded.manifest
    stored = Stored(row.config, bytes(row.secrets))
    if migrated:
        stored = migrated.stored
        columns |= {"config_version": migrated.version, "config": dict(stored.config), "secrets": stored.secrets}
    columns["config_schema"] = manifest.config_model.model_json_schema()
    problem = migrated.problem if migrated else ""
    return columns | settled(manifest, row, stored, problem or plugin.reason, needs_config=bool(problem))


def settled(manifest: Manifest, row: Plugin, stored: Stored, reason: str, *, needs_config: bool = False) -> dict[str, str]:
    """Status and reason of a plugin that loads: switched off, without a valid configuration, or active."""
    if not row.enabled:
        return {"status": PluginStatus.DISABLED.value, "reason": reason}
    if needs_config:
        return {"status": PluginStatus.NEEDS_CONFIG.value, "reason": reason}
    try:
        load(manifest.config_model, stored)
    except DomainError as error:
        return {"status": PluginStatus.NEEDS_CONFIG.value, "reason": f"{error.message} {reason}".strip()}
    return {"status": PluginStatus.ACTIVE.value, "reason": reason}


def _write(row: Plugin, columns: Mapping[str, Any]) -> Plugin:
    changed = [name for name, value in columns.items() if _same(getattr(row, name)) != value]
    if changed:
        for name in changed:
            setattr(row, name, columns[name])
        row.discovered_at = row.updated_at = clock.now()
        row.save()
    return row


def _same(value: object) -> object:
    """PostgreSQL gives binary columns as memoryviews."""
    return bytes(value) if isinstance(value, memoryview) else value


def _sync_providers(found: Registry, plugins: Mapping[str, Plugin]) -> None:
    wanted = {
        (kind.value, slug): plugins[registered.plugin.entry.key] if registered.plugin else None
        for kind, providers in found.by_kind.items()
        for slug, registered in providers.items()
    }
    known = {(row.kind, row.slug): row for row in Provider.objects.order_by("pk")}
    Provider.objects.bulk_create(
        (Provider(kind=kind, slug=slug, plugin=plugin) for (kind, slug), plugin in wanted.items() if (kind, slug) not in known),
        ignore_conflicts=True,
    )
    for key, row in known.items():
        owner = wanted.get(key)
        if key in wanted and row.plugin_id != (owner.pk if owner else None):
            row.plugin = owner
            row.save(update_fields=["plugin"])
