"""`manage.py plugins list`: every installed plugin, its state, and why."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from stockhub.pluginhost.models import Plugin, PluginStatus, Provider
from stockhub.pluginhost.states import sync_states

_COLOURS = {
    PluginStatus.ACTIVE: "green",
    PluginStatus.DISABLED: "dim",
    PluginStatus.MISSING: "dim",
    PluginStatus.NEEDS_CONFIG: "yellow",
}


class Command(BaseCommand):
    help = "Shows the installed plugins, their states with reasons, and their providers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="Looks for plugins anew, tries those that failed again, and shows all of them.")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        plugins = sync_states(afresh=True)
        providers: dict[int, list[str]] = {}
        for provider in Provider.objects.filter(plugin__isnull=False).order_by("kind", "slug"):
            providers.setdefault(provider.plugin_id or 0, []).append(f"{provider.kind}:{provider.slug}")
        if self._is_terminal():
            self._draw(plugins, providers)
        else:
            self._write(plugins, providers)

    def _is_terminal(self) -> bool:
        return sys.stdout.isatty() and self.stdout.isatty()

    def _write(self, plugins: list[Plugin], providers: dict[int, list[str]]) -> None:
        """One line a plugin, fields separated by tabs: slug, version, status, entry point, providers, reason."""
        for plugin in plugins:
            fields = (
                plugin.slug,
                plugin.plugin_version or "-",
                plugin.status,
                plugin.entry_point,
                ",".join(providers.get(plugin.pk, [])) or "-",
                " ".join(plugin.reason.split()) or "-",
            )
            self.stdout.write("\t".join(fields))

    def _draw(self, plugins: list[Plugin], providers: dict[int, list[str]]) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        table = Table("Plugin", "Version", "State", "Providers", "Reason")
        for plugin in plugins:
            colour = _COLOURS.get(PluginStatus(plugin.status), "red")
            table.add_row(
                escape(plugin.slug),
                escape(plugin.plugin_version),
                f"[{colour}]{escape(str(plugin.get_status_display()))}[/]",
                escape("\n".join(providers.get(plugin.pk, []))),
                escape(plugin.reason),
            )
        Console().print(table)
