"""`manage.py decide DIR`: one decision step on the files of a folder, without a database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stockhub.demand.lead_times import asked_of
from stockhub.demand.models import ForecastSettings
from stockhub.pluginhost.forecasting import start_forecaster
from stockhub.review.decision.deciding import decide, write_decision
from stockhub.review.decision.situation import read_situation
from stockhub.values import DomainError


class Command(BaseCommand):
    help = (
        "Reads request.json, history.csv and orders.csv of DIR and writes decisions.csv there: for each SKU the level of its alert, the "
        "chance of a stock-out within the horizon, and the units to order now. Uses the rules, formulas and forecasters of the cycles."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="The folder with the three files.")

    def handle(self, *_args: object, **given: Any) -> None:  # noqa: ANN401 - Django's signature
        folder: Path = given["dir"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.", returncode=2)
        start_forecaster(asked_of(ForecastSettings()).forecaster)
        try:
            decision = decide(read_situation(folder))
        except DomainError as error:
            raise CommandError(error.message) from error
        try:
            write_decision(decision, folder / "decisions.csv")
        except OSError as error:
            raise CommandError(f"{folder / 'decisions.csv'} cannot be written: {error.strerror}.") from error
        alerts = int((decision.level > 0).sum())
        self.stdout.write(f"{len(decision.skus)} SKUs, {alerts} alerts, {int((decision.order_qty > 0).sum())} orders")
