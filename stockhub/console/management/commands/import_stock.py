"""`manage.py import_stock FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockhub.channels.imports.options import ImportOptions
from stockhub.channels.imports.stock import import_stock
from stockhub.console.import_command import ImportCommand
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import STOCK


class Command(ImportCommand):
    layout = STOCK

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, _given: dict[str, Any]) -> None:
        import_stock(run, path, options=options)
