"""Benchmarks of categories and observations of rivals from files, a row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from stockhub.catalog.benchmarks import BenchmarkInput, record_benchmarks
from stockhub.channels.imports.catalog import category_code, path_names
from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, write_rows
from stockhub.channels.market import MarketRecord, record_market
from stockhub.editing.upserts import RowResult
from stockhub.exchange.columns import Layout
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import BENCHMARKS, MARKET


def import_benchmarks(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    _import(run, path, options, BENCHMARKS, _benchmark, record_benchmarks)


def import_market(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    _import(run, path, options, MARKET, _observation, record_market)


def _import(
    run: ImportRun,
    path: Path,
    options: ImportOptions,
    layout: Layout,
    read: Callable[[dict[str, Any]], Any],
    write: Callable[[Sequence[Any]], Sequence[RowResult]],
) -> None:
    _columns, batches = open_rows(layout, path, options, settings.STOCKHUB_TIME_ZONE)
    for rows in batches:
        told = [(rows.lines[index], read(rows.row(index))) for index in rows.good]
        with effect(run):
            written, unchanged, faults = write_rows(told, write)
        run.refuse([*rows.faults, *faults])
        run.advance(read=rows.read, written=written, unchanged=unchanged, done=rows.done)


def _benchmark(row: dict[str, Any]) -> BenchmarkInput:
    category = category_code(path_names(row["category"]))
    return BenchmarkInput(category=category, turnover=float(row["turnover"]), as_of=row["as_of"], source=row.get("source") or "")


def _observation(row: dict[str, Any]) -> MarketRecord:
    sales = row.get("monthly_sales")
    return MarketRecord(
        account=row["account"], sku=row["sku"], rival=row["rival"], observed_on=row["observed_on"], sales_rank=row.get("sales_rank"),
        monthly_sales=None if sales is None else float(sales), reviews=row.get("reviews"), source=row.get("source") or "",
    )  # fmt: skip
