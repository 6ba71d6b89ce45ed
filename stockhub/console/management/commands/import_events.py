"""`manage.py import_events FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockhub.channels.imports.options import ImportOptions
from stockhub.console.import_command import ImportCommand
from stockhub.demand.plans.imports import import_events
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import EVENTS


class Command(ImportCommand):
    layout = EVENTS

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, _given: dict[str, Any]) -> None:
        import_events(run, path, options=options)
