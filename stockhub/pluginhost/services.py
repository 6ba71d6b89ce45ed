"""What operators do with plugins. Callers authorise: the host knows no users.

Every change is an event in the same transaction, with who, what was and what is; of secrets, only which ones were changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from stockhub.core import clock
from stockhub.pluginapi import Manifest
from stockhub.pluginhost.config_models import secret_fields
from stockhub.pluginhost.configuration import Stored, save
from stockhub.pluginhost.events import emit
from stockhub.pluginhost.models import Plugin, PluginStatus, Provider
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.states import settled
from stockhub.values import DomainError


def configure_plugin(*, slug: str, values: Mapping[str, Any], cleared: Collection[str] = ()) -> Plugin:
    """Stores a plugin's configuration; a secret that is empty or left out stays, unless it is in `cleared`.

    DomainError `unknown_plugin`, `plugin_not_loaded`, `invalid_configuration` (with the field's path), `encryption_key_missing`.
    """
    registry()  # is found before the transaction, which is short
    with transaction.atomic():
        row, manifest = _locked(slug)
        old = Stored(row.config, bytes(row.secrets))
        new = save(manifest.config_model, values, old, cleared=cleared)
        if new == old and row.config_version == manifest.config_version:
            return row
        row.config, row.secrets, row.config_version = dict(new.config), new.secrets, manifest.config_version
        _settle(row, manifest)
        emit("pluginhost.plugin_configured.v1", plugin_id=row.pk, payload=_difference(manifest, old, new))
    return row


def _difference(manifest: Manifest, old: Stored, new: Stored) -> dict[str, Any]:
    changed = sorted(name for name in {*old.config, *new.config} if old.config.get(name) != new.config.get(name))
    return {
        "plugin": manifest.slug,
        "old": {name: old.config.get(name) for name in changed},
        "new": {name: new.config.get(name) for name in changed},
        "secrets": sorted(secret_fields(manifest.config_model)) if old.secrets != new.secrets else [],
    }


def enable_plugin(*, slug: str) -> Plugin:
    """Lets a plugin's providers be called again; also gives circuits that are open another chance at once."""
    return _switch(slug, enabled=True)


def disable_plugin(*, slug: str) -> Plugin:
    """From the next call on, in every process, no provider of the plugin is asked."""
    return _switch(slug, enabled=False)


def _switch(slug: str, *, enabled: bool) -> Plugin:
    registry()
    with transaction.atomic():
        row = _locked_row(slug)
        if row.enabled == enabled:
            return row
        row.enabled = enabled
        loaded = registry().loaded(slug)
        if loaded:
            _settle(row, loaded.manifest)
        else:
            row.updated_at = clock.now()
            row.save()
        if enabled:
            Provider.objects.filter(plugin=row).update(consecutive_failures=0, open_until=None)
        kind = "pluginhost.plugin_enabled.v1" if enabled else "pluginhost.plugin_disabled.v1"
        emit(kind, plugin_id=row.pk, payload={"plugin": slug})
    return row


def _settle(row: Plugin, manifest: Manifest) -> None:
    found = registry().plugins.get(row.entry_point)
    for name, value in settled(manifest, row, Stored(row.config, bytes(row.secrets)), found.reason if found else "").items():
        setattr(row, name, value)
    row.updated_at = clock.now()
    row.save()


def close_circuit(*, kind: str, slug: str) -> None:
    """Lets a provider be called again before its pause is over."""
    closed = Provider.objects.filter(kind=kind, slug=slug).update(consecutive_failures=0, open_until=None)
    if not closed:
        raise DomainError("unknown_provider", f"There is no {kind} {slug!r}.", path=("slug",))


def _locked_row(slug: str) -> Plugin:
    # A row of the same slug that is refused or missing is never the one that is meant.
    rows = list(Plugin.objects.select_for_update().filter(slug=slug).order_by("pk"))
    rows.sort(key=lambda row: row.status in (PluginStatus.REFUSED, PluginStatus.MISSING))
    if not rows:
        raise DomainError("unknown_plugin", f"There is no plugin {slug!r}. `manage.py plugins list` shows those there are.", path=("slug",))
    return rows[0]


def _locked(slug: str) -> tuple[Plugin, Manifest]:
    row = _locked_row(slug)
    loaded = registry().loaded(slug)
    if loaded is None:
        raise DomainError("plugin_not_loaded", f"The plugin {slug} is not loaded: {row.reason}", path=("slug",))
    return row, loaded.manifest
