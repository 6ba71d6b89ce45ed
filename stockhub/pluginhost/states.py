"""Writes what discovery found to the rows that operators and other processes read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from stockhub.core import clock
from stockhub.pluginhost.discovery import Discovered
from stockhub.pluginhost.models import Plugin, PluginStatus, Provider
from stockhub.pluginhost.registry import Registry, registry

_PLUGIN_FIELDS: Final = ("slug", "name_en", "name_zh", "plugin_version", "requires_api", "status", "reason", "config_schema")


def sync_states(*, afresh: bool = False) -> list[Plugin]:
    """Makes `Plugin` and `Provider` rows say what this process found; gives all plugins, sorted by entry point.

    Idempotent, and writes only what differs. Operators' columns (enabled, configuration) and the circuits are left alone. Entry points that
    went away are `missing`: their row keeps its configuration for their return. `afresh` tries plugins again that failed a short while ago.
    """
    found = registry(afresh=afresh)
    with transaction.atomic():
        rows = {row.entry_point: row for row in Plugin.objects.select_for_update().order_by("pk")}
        for key, plugin in found.plugins.items():
            rows[key] = _write(rows.get(key) or Plugin(entry_point=key), _columns(plugin, rows.get(key)))
        for key in set(rows) - set(found.plugins):
            rows[key] = _write(rows[key], {"status": PluginStatus.MISSING, "reason": "Its entry point is no longer installed."})
        _sync_providers(found, rows)
    return [rows[key] for key in sorted(rows)]


def _columns(plugin: Discovered, row: Plugin | None) -> dict[str, Any]:
    columns: dict[str, Any] = dict.fromkeys(("name_en", "name_zh", "plugin_version", "requires_api"), "")
    columns |= {"slug": plugin.slug, **plugin.identity, "status": plugin.status, "reason": plugin.reason}
    columns["config_schema"] = plugin.loaded.manifest.config_model.model_json_schema() if plugin.loaded else {}
    if row is not None and not row.enabled and plugin.loaded:
        columns |= {"status": PluginStatus.DISABLED, "reason": plugin.reason}
    return columns


def _write(row: Plugin, columns: Mapping[str, Any]) -> Plugin:
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    if changed or row.pk is None:
        for name in changed:
            setattr(row, name, columns[name])
        row.discovered_at = row.updated_at = clock.now()
        row.save()
    return row


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
