"""`manage.py import_inbound FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockhub.channels.imports.inbound import import_inbound
from stockhub.channels.imports.options import ImportOptions
from stockhub.console.import_command import ImportCommand
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import INBOUND


class Command(ImportCommand):
    layout = INBOUND

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, _given: dict[str, Any]) -> None:
        import_inbound(run, path, options=options)
