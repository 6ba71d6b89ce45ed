"""`manage.py backtest FILE`: how well the installed forecasters would have done, without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stockhub.core import clock
from stockhub.demand.backtesting.files import read_rows
from stockhub.demand.backtesting.report import lines
from stockhub.demand.backtesting.runs import Plan, backtest, known_models, without_outcomes
from stockhub.demand.backtesting.series import SEASONS, Frequency, series_of
from stockhub.exchange.mapping import MappingError, load_mapping
from stockhub.values.errors import DomainError

WRONG_USAGE = 2
#: Errors of the caller; all others are of the file or of a forecaster.
_USAGE_CODES = frozenset({"unknown_model", "invalid_parameter"})


class Command(BaseCommand):
    help = (
        "Forecasts a file of demand from rolling origins and says how far off every installed forecaster was, and the champion chosen "
        "before each origin. FILE has the columns series_id, date, qty; price and open where there are; every other column is a driver "
        "that is known ahead, such as promo. With --mapping only the columns that it names, and price, open and promo, are read. Exit "
        "status: 1 where no series could be used or a forecaster that was named failed, 2 for wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV or parquet.")
        parser.add_argument("--horizon", type=int, default=28, help="Periods to forecast, 28 unless given.")
        parser.add_argument("--windows", type=int, default=3, help="Windows of that length, ending at the last date; 3 unless given.")
        parser.add_argument("--freq", choices=[str(f) for f in Frequency], default=str(Frequency.DAY), help="Days, weeks or months.")
        parser.add_argument("--season", type=int, help="Periods of the season that MASE is scaled by: 7, 52 or 12 unless given.")
        parser.add_argument("--models", default="", metavar="A,B", help="Forecasters to test; all that are not costly unless given.")
        parser.add_argument("--mapping", type=Path, metavar="FILE", help='A JSON file such as {"series_id": "sku", "mailer": "n_mailer"}.')
        parser.add_argument("--out", type=Path, metavar="JSON", help="Writes all figures there.")

    def handle(self, *_args: object, **given: Any) -> None:  # noqa: ANN401 - Django's signature
        try:
            report = self._report(given)
        except DomainError as error:
            usage = isinstance(error, MappingError) or error.code in _USAGE_CODES
            raise CommandError(error.message, returncode=WRONG_USAGE if usage else 1) from error
        for line in lines(report):
            self.stdout.write(line)
        if given["out"]:
            self._write(given["out"], report)
        failed = [slug for slug in report["failures"] if slug in given["models"].split(",")]
        if failed or not report["models"]:
            raise CommandError(f"{', '.join(failed) or 'Every forecaster'} failed; the lines above say why.")

    def _report(self, given: dict[str, Any]) -> dict[str, Any]:
        frequency = Frequency(given["freq"])
        models = known_models([slug.strip() for slug in given["models"].split(",") if slug.strip()])
        season = SEASONS[frequency] if given["season"] is None else given["season"]
        if season < 1:
            raise CommandError("--season is at least one period.", returncode=WRONG_USAGE)
        rows = read_rows(given["file"], load_mapping(given["mapping"]) if given["mapping"] else None)
        today = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
        series, outcomes = without_outcomes(series_of(rows, frequency, today))
        if rows.nameless:
            self.stderr.write(f"{rows.nameless} rows have no series_id: they are left out.")
        for name in rows.ignored:
            self.stderr.write(f"{name} holds no numbers, so it is no driver: it is left out.")
        for name in outcomes:
            self.stderr.write(f"{name} is above 0 just when something is sold, so it is no plan known ahead: it is left out.")
        self.stdout.write(f"{given['file'].name}: {len(rows.series)} rows, {len(series.names)} series")
        return backtest(series, Plan(given["horizon"], given["windows"], season, models), self._tell)

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _write(self, path: Path, report: dict[str, Any]) -> None:
        try:
            path.write_text(json.dumps(report, indent=2, allow_nan=False, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
