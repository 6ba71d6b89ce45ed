"""The costly forecaster of lead-time demand: for the accounts and categories that the settings name, within a time that they set.

It learns once a night, from the sample of the run; a run for a few SKUs takes what a run over all has learned up to the same day. Whatever
it has not made, because it failed or its time was up, is the usual forecaster's and says why. See docs/how-to/improve-lead-time-demand.md.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Final

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from stockhub.catalog.models import Category
from stockhub.channels.models import Account
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import Work
from stockhub.demand.lead_times import Asked, LeadTimes, improved, keep_because
from stockhub.demand.models import ForecastSettings, LeadTimeCalibration
from stockhub.demand.plans.events import Event
from stockhub.demand.plans.targets import TargetRows
from stockhub.pluginapi import Panel
from stockhub.pluginhost.forecasting import fit_forecaster
from stockhub.values import DomainError, Label

OVER_BUDGET: Final = "OVER_BUDGET"
NOT_LEARNED: Final = "NOT_LEARNED"
#: Less time than this is not worth a call: it would be ended before it answers.
_LEAST_SECONDS: Final = 1.0


def learn_costly(cycle: Cycle, wanted: ForecastSettings, panel: Panel | None, asked: Asked) -> None:
    """Learns for a run over all SKUs, or finds what such a run of the same night has learned. Called when the run is calibrated."""
    slug = wanted.costly_forecaster
    if not slug or panel is None:
        return
    mine = LeadTimeCalibration.objects.get(cycle=cycle)
    if cycle.sku_codes:
        found = _of_the_night(mine, wanted, asked)
        learned, error, seconds = (bytes(found.costly_learned), "", 0.0) if found else (b"", NOT_LEARNED, 0.0)
    else:
        started = time.perf_counter()
        learned, error = b"", ""
        try:
            learned = fit_forecaster(slug, panel, asked.days, seconds=wanted.costly_minutes * 60.0)
        except DomainError as failed:
            error = f"{failed.code}: {failed.message}"[:400]
        seconds = time.perf_counter() - started
    LeadTimeCalibration.objects.filter(cycle=cycle).update(
        costly_forecaster=slug, costly_learned=learned, costly_error=error, costly_seconds=seconds
    )


def _of_the_night(mine: LeadTimeCalibration, wanted: ForecastSettings, asked: Asked) -> LeadTimeCalibration | None:
    """What was learned up to the same day; what has come in since then changes little of it."""
    there = LeadTimeCalibration.objects.filter(
        last_on=mine.last_on, history_days=mine.history_days, costly_forecaster=wanted.costly_forecaster, costly_error="",
        forecaster=asked.forecaster,
    )  # fmt: skip
    return there.exclude(costly_learned=b"").order_by("-created_at").first()


def improve(work: Work, lead_times: LeadTimes, panel: Panel, targets: TargetRows, wanted: ForecastSettings) -> str:
    """Lets the costly forecaster make the rows that the settings name, as far as its time goes; returns what went wrong."""
    slug = wanted.costly_forecaster
    if not slug:
        return ""
    rows = named_rows(targets, wanted)
    if not len(rows):
        return ""
    found = LeadTimeCalibration.objects.filter(cycle=work.cycle, costly_forecaster=slug).first()
    if found is None or not found.costly_learned:
        error = found.costly_error if found else ""
        keep_because(lead_times, rows, f"{slug}: {(error or NOT_LEARNED).partition(':')[0]}")
        # A run for a few SKUs before the night has learned is as it should be.
        return "" if error in {"", NOT_LEARNED} else error
    left = wanted.costly_minutes * 60.0 - found.costly_seconds
    if left < _LEAST_SECONDS:
        keep_because(lead_times, rows, f"{slug}: {OVER_BUDGET}")
        work.count("costly_over_budget", len(rows))
        return ""
    started = time.perf_counter()
    failure = improved(lead_times, rows, panel, slug, bytes(found.costly_learned), seconds=left)
    spent = time.perf_counter() - started
    with work.guard():
        LeadTimeCalibration.objects.filter(pk=found.pk).update(costly_seconds=F("costly_seconds") + spent)
    return failure


def named_rows(targets: TargetRows, wanted: ForecastSettings) -> NDArray[np.int64]:
    """The rows of the accounts and categories that the settings name; all of them where they name none."""
    if not wanted.costly_accounts and not wanted.costly_categories:
        return np.arange(len(targets.rows))
    accounts = Account.objects.filter(code__in=wanted.costly_accounts, deleted_at=None).values_list("id", flat=True)
    categories = Category.objects.filter(code__in=wanted.costly_categories).values_list("id", flat=True)
    about = [_target(account_ids=frozenset(accounts))] if accounts else []
    about += [_target(category_id=pk) for pk in categories]
    named = np.zeros(len(targets.rows), np.bool_)
    for each in about:
        named |= targets.share_of(each) > 0
    return np.flatnonzero(named)


def _target(*, account_ids: frozenset[int] | None = None, category_id: int | None = None) -> Event:
    label = Label("Costly forecaster", "高成本模型")
    return Event("costly", "setting", "costly", label, date.min, date.max, account_ids, None, category_id)
