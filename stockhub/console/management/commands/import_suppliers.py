"""`manage.py import_suppliers FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockhub.channels.imports.options import ImportOptions
from stockhub.channels.imports.suppliers import import_suppliers
from stockhub.console.import_command import ImportCommand
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import SUPPLIERS


class Command(ImportCommand):
    layout = SUPPLIERS

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, _given: dict[str, Any]) -> None:
        import_suppliers(run, path, options=options)
