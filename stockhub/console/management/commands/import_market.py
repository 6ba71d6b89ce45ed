"""`manage.py import_market FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockhub.channels.imports.benchmarks import import_market
from stockhub.channels.imports.options import ImportOptions
from stockhub.console.import_command import ImportCommand
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import MARKET


class Command(ImportCommand):
    layout = MARKET

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, _given: dict[str, Any]) -> None:
        import_market(run, path, options=options)
