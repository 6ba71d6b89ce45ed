"""`manage.py plugins list|check SLUG|new NAME`: every installed plugin and its state; how good one is; a new project."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from stockhub.console.plugin_levels import Level, check, reached
from stockhub.console.plugin_levels.new_project import NewProjectError, new_project
from stockhub.console.plugin_levels.project import NoProjectError, find
from stockhub.pluginhost.configuration import Stored
from stockhub.pluginhost.discovery import discover
from stockhub.pluginhost.models import Plugin, PluginStatus, Provider
from stockhub.pluginhost.states import sync_states

_COLOURS = {
    PluginStatus.ACTIVE: "green",
    PluginStatus.DISABLED: "dim",
    PluginStatus.MISSING: "dim",
    PluginStatus.NEEDS_CONFIG: "yellow",
}


class Command(BaseCommand):
    help = "Shows the installed plugins with their states; checks how good one is; begins a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="Looks for plugins anew, tries those that failed again, and shows all of them.")

        checking = verbs.add_parser("check", help="Which level a plugin reaches: bronze, silver or gold, and what is missing for the next.")
        checking.add_argument("slug")
        checking.add_argument("--project", type=Path, help="The plugin's folder, where it was not installed from it with pip install -e.")
        beginning = verbs.add_parser(
            "new", help="A new plugin's project: a forecaster to begin with, tests that subclass the contract kit."
        )
        beginning.add_argument("name", help="Lower-case words joined by hyphens, such as my-forecaster.")
        beginning.add_argument("--into", type=Path, default=Path(), help="The folder in which the project's folder is made.")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        if options["verb"] == "list":
            self._list()
        elif options["verb"] == "check":
            self._check(options["slug"], options["project"])
        else:
            self._new(options["name"], options["into"])

    def _list(self) -> None:
        try:
            plugins = sync_states(afresh=True)
        except DatabaseError as error:
            raise CommandError(f"Their states are kept in the database. Where it is new, run `manage.py migrate` first: {error}") from error
        providers: dict[int, list[str]] = {}
        for provider in Provider.objects.filter(plugin__isnull=False).order_by("kind", "slug"):
            providers.setdefault(provider.plugin_id or 0, []).append(f"{provider.kind}:{provider.slug}")
        if self._is_terminal():
            self._draw(plugins, providers)
        else:
            self._write(plugins, providers)

    def _check(self, slug: str, folder: Path | None) -> None:
        """Prints each requirement as it is looked at, then the level; ends with 1 below bronze, with 2 where there is no such plugin."""
        found = next((d for d in discover(afresh=True) if slug in (d.slug, d.entry.name)), None)
        if found is None:
            raise CommandError(f"No plugin {slug} is installed; manage.py plugins list shows those that are.", returncode=2)
        if found.loaded is None:
            raise CommandError(f"{slug} is not loaded, so it has no level. {found.reason}", returncode=1)
        try:
            project = find(found.entry.name, found.entry.value, folder)
        except NoProjectError as error:
            raise CommandError(str(error), returncode=1) from error
        findings = []
        for finding in check(found.loaded, project, self._stored(found.slug)):
            findings.append(finding)
            self.stdout.write(f"{finding.level.name.lower()}\t{'ok' if finding.is_met else 'MISSING'}\t{finding.name}\t{finding.detail}")
            self.stdout.flush()
        level = reached(findings)
        self.stdout.write(f"{found.slug} is {level.name.lower()}" if level else f"{found.slug} has no level: it is below bronze")
        missing = [finding.name for finding in findings if not finding.is_met and finding.level == level + 1]
        if missing:
            self.stdout.write(f"missing for {Level(level + 1).name.lower()}: {', '.join(missing)}")
        if level < Level.BRONZE:
            sys.exit(1)

    def _stored(self, slug: str) -> Stored:
        """The plugin's configuration on this server; none where the database is not made yet, which a check does not need."""
        try:
            row = Plugin.objects.filter(slug=slug).first()
        except DatabaseError:
            return Stored()
        return Stored(row.config, bytes(row.secrets)) if row else Stored()

    def _new(self, name: str, into: Path) -> None:
        try:
            folder = new_project(name, into)
        except NewProjectError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{folder} is made. Next: pip install -e {folder}, then manage.py plugins check {name}.")

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
