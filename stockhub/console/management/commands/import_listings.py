"""`manage.py import_listings FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from stockhub.channels.imports.listings import import_listings
from stockhub.channels.imports.options import ImportOptions
from stockhub.console.import_command import ImportCommand, account_by_code
from stockhub.demand.services import apply_sales_deltas
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import LISTINGS


class Command(ImportCommand):
    layout = LISTINGS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--account", default="", help="The account of all rows; otherwise the column account names it.")

    def target(self, given: dict[str, Any]) -> str:
        return account_by_code(given["account"]).code if given["account"] else ""

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, given: dict[str, Any]) -> None:
        import_listings(run, path, account=account_by_code(given["account"]) if given["account"] else None, options=options)
        if not run.is_dry:
            apply_sales_deltas()
