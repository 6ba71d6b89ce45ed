"""Planned events from a file, a row each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, given, write_rows
from stockhub.demand.models import PlannedEvent
from stockhub.demand.plans.inputs import PlannedEventInput
from stockhub.demand.plans.services import plan_events
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import EVENTS

_NUMBERS = ("expected_lift", "expected_units", "safety_stock_factor", "extra_lead_time_days")


def import_events(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    """Makes or changes the events of a file by their codes; an empty cell leaves what is there."""
    _columns, batches = open_rows(EVENTS, path, options, settings.STOCKHUB_TIME_ZONE)
    for rows in batches:
        told = [(rows.lines[index], rows.row(index)) for index in rows.good]
        known = set(PlannedEvent.objects.filter(code__in=[row["code"] for _line, row in told]).values_list("code", flat=True))
        inputs = [(line, _input(row, "" if row["code"] in known else path.name)) for line, row in told]
        with effect(run):
            written, unchanged, faults = write_rows(inputs, plan_events)
        run.refuse([*rows.faults, *faults])
        run.advance(read=rows.read, written=written, unchanged=unchanged, done=rows.done)


def _input(row: dict[str, Any], file_name: str) -> PlannedEventInput:
    """A new event without a reason has that it stood in the file."""
    told = {name: float(value) if name in _NUMBERS else value for name, value in given(**row).items()}  # type: ignore[arg-type]
    if file_name:
        told.setdefault("reason", file_name[:300])
    return PlannedEventInput(**told)  # type: ignore[arg-type]
