"""`manage.py import_traffic FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockhub.channels.imports.options import ImportOptions
from stockhub.channels.imports.traffic import import_traffic
from stockhub.console.import_command import ImportCommand
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import TRAFFIC


class Command(ImportCommand):
    layout = TRAFFIC

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, _given: dict[str, Any]) -> None:
        import_traffic(run, path, options=options)
