"""Visitors of listings from files, a row a listing and day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from stockhub.channels.facts.traffic import TrafficRow, record_traffic
from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, write_rows
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import TRAFFIC


def import_traffic(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    _columns, batches = open_rows(TRAFFIC, path, options, settings.STOCKHUB_TIME_ZONE)
    for rows in batches:
        told = [(rows.lines[index], _row(rows.row(index))) for index in rows.good]
        with effect(run):
            written, unchanged, faults = write_rows(told, record_traffic)
        run.refuse([*rows.faults, *faults])
        run.advance(read=rows.read, written=written, unchanged=unchanged, done=rows.done)


def _row(row: dict[str, Any]) -> TrafficRow:
    return TrafficRow(
        account=row["account"], listing=row["listing"], day=row["day"], views=row.get("views"), visitors=row.get("visitors"),
        clicks=row.get("clicks"), carts=row.get("carts"), ad_cost=row.get("ad_cost"), currency=row.get("currency") or "",
        kind=row.get("kind") or "sku",
    )  # fmt: skip
