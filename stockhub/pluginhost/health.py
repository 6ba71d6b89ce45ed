"""Asks plugins how they are, each in its own process and with a deadline, and keeps the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from stockhub.core import clock
from stockhub.core.encryption import decrypt
from stockhub.core.logs import redacted, without_values
from stockhub.pluginapi import HealthCheck
from stockhub.pluginhost.discovery import Discovered
from stockhub.pluginhost.errors import PluginError
from stockhub.pluginhost.models import HealthResult, Plugin, PluginStatus
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.supervision import Question, admit_nothing, runner_of
from stockhub.values import DomainError

#: The name of the result that says that the check itself failed.
CHECK_FAILED: Final = "health check"
LONGEST_SECONDS: Final = 30.0


def check_health() -> list[HealthResult]:
    """Runs `stockhub_health` of every active plugin and stores one row a check; checks that no longer exist go away.

    A plugin that raises, hangs or exits has one failed check that says so. No plugin is called inside a transaction.
    """
    found = registry()
    results: list[HealthResult] = []
    for row in Plugin.objects.filter(status=PluginStatus.ACTIVE, entry_point__in=found.plugins).order_by("pk"):
        plugin = found.plugins[row.entry_point]
        if plugin.loaded and "stockhub_health" in plugin.loaded.hooks:
            results += _store(row, _checks(plugin, row))
    return results


def _checks(plugin: Discovered, row: Plugin) -> list[HealthCheck]:
    try:
        secrets = decrypt(row.secrets)
        runner = runner_of(plugin.entry, plugin.slug)
        runner.hide(secrets.values())
        header = {"config": {**row.config, **secrets}, "allowed_hosts": settings.STOCKHUB_ALLOW_PRIVATE_URLS}
        question = Question("health", "", header, {}, admit_nothing)
        answer = runner.ask(question, min(settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS, LONGEST_SECONDS))
        return [_without(secrets, check) for check in answer.header["answer"]["checks"]]
    except (PluginError, DomainError) as error:
        return [HealthCheck(CHECK_FAILED, ok=False, message=redacted(str(error)))]


def _without(secrets: Mapping[str, str], check: Mapping[str, Any]) -> HealthCheck:
    return HealthCheck(str(check["name"]), ok=bool(check["ok"]), message=without_values(str(check["message"]), secrets.values()))


def _store(row: Plugin, checks: list[HealthCheck]) -> list[HealthResult]:
    now = clock.now()
    unique = {check.name: check for check in checks}
    results = [HealthResult(plugin=row, name=c.name, ok=c.ok, message=c.message, checked_at=now) for c in unique.values()]
    with transaction.atomic():
        HealthResult.objects.filter(plugin=row).exclude(name__in=unique).delete()
        HealthResult.objects.bulk_create(
            results, update_conflicts=True, unique_fields=["plugin", "name"], update_fields=["ok", "message", "checked_at"]
        )
    return results
