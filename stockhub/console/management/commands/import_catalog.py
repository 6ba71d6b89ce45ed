"""`manage.py import_catalog FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockhub.channels.imports.catalog import import_catalog
from stockhub.channels.imports.options import ImportOptions
from stockhub.console.import_command import ImportCommand
from stockhub.demand.services import apply_sales_deltas
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import CATALOG


class Command(ImportCommand):
    layout = CATALOG

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, _given: dict[str, Any]) -> None:
        import_catalog(run, path, options=options)
        if not run.is_dry:
            # Listings that were linked by the new codes have been counted.
            apply_sales_deltas()
