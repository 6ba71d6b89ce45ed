"""`manage.py import_sales FILE --account CODE`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from stockhub.channels.imports.options import ImportOptions
from stockhub.channels.imports.sales import import_sales, report
from stockhub.channels.order_states import RANK
from stockhub.console.import_command import ImportCommand, account_by_code
from stockhub.demand.services import apply_sales_deltas
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import SALES


class Command(ImportCommand):
    layout = SALES

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--account", required=True, help="The account's code.")
        parser.add_argument("--create-skus", action="store_true", help="Makes a SKU for each code that means none yet.")
        parser.add_argument("--default-status", default="paid", choices=list(RANK), help="Of lines without a status. Default: paid.")

    def options(self, given: dict[str, Any]) -> ImportOptions:
        common = super().options(given)
        return ImportOptions(common.mapping, common.time_zone, common.encoding, given["create_skus"], given["default_status"])

    def target(self, given: dict[str, Any]) -> str:
        return account_by_code(given["account"]).code

    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, given: dict[str, Any]) -> None:
        import_sales(run, path, account=account_by_code(given["account"]), options=options)
        if not run.is_dry:
            apply_sales_deltas()

    def report(self, _run: ImportRun) -> Iterator[str]:
        yield from report(_run)
