"""A SKU that has begun to decline, or to end, is told once: clearance is planned before the stock is worth nothing (H9)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert, AlertStatus, Side
from stockhub.alerts.opening import Step, batches, record_steps
from stockhub.alerts.owners import NOBODY, Owners
from stockhub.core import clock
from stockhub.core.bulk import insert_new
from stockhub.cycles.models import Cycle
from stockhub.lifecycle.models import ChangeKind, StageChange

STAGE_CHANGE: Final = "stage-change"
#: Stages that people are told of, and the alert's level.
LEVELS: Final = {"decline": 1, "end_of_life": 2}
#: A change that nobody could be told of for so long is no news.
NEWS_FOR: Final = timedelta(days=28)
_COLUMNS: Final = (
    "kind", "subject", "sku_id", "side", "level", "status", "is_baseline", "owner_id", "opened_cycle_id", "changed_cycle_id", "opened_at",
    "level_since_at", "evaluated_at", "updated_at", "clean_evaluations", "version", "message", "acknowledged_by", "snooze_reason",
    "resolved_by", "resolution", "unit", "money_reason", "inputs",
)  # fmt: skip


def check_stage_changes(cycle: Cycle) -> None:
    """Opens an alert for each change of late that nobody was told of, and closes those that somebody has seen, or that hold no longer."""
    shown = Alert.objects.filter(kind=STAGE_CHANGE).exclude(status=AlertStatus.RESOLVED).select_related("sku__stage")
    done = [alert for alert in shown if alert.status == AlertStatus.ACKNOWLEDGED or not _holds(alert)]
    if done:
        _close(done)
    news = StageChange.objects.filter(
        kind=ChangeKind.CHANGED, stage_to__slug__in=LEVELS, recorded_at__gte=cycle.as_of - NEWS_FOR, sku__deleted_at=None
    ).select_related("sku__stage", "stage_from", "stage_to")
    found = [change for change in news.order_by("pk") if change.sku.stage_id == change.stage_to_id]
    told = set(Alert.objects.filter(kind=STAGE_CHANGE, subject__any_of=[_subject(c) for c in found]).values_list("subject", flat=True))
    fresh = [change for change in found if _subject(change) not in told]
    owners = Owners.of(np.array([change.sku_id for change in fresh], np.int64)) if fresh else None
    for batch in batches(np.arange(len(fresh))):
        _open(cycle, [fresh[place] for place in batch.tolist()], owners)


def stage_message(inputs: Mapping[str, Any]) -> str:
    """From which stage to which, what shows it, and what to do, in the active language."""
    named = {"was": _name(inputs, "from"), "now": _name(inputs, "to")}
    share = inputs.get("share_of_peak_8")
    if not isinstance(share, int | float):
        return _("from %(was)s to %(now)s: plan its clearance while it still sells") % named
    shown = formats.number_format(round(100 * share), use_l10n=True)
    text = _("from %(was)s to %(now)s, the last eight weeks sold %(share)s %% of the peak: plan its clearance while it still sells")
    return text % {**named, "share": shown}


def _name(inputs: Mapping[str, Any], end: str) -> str:
    """A stage in the reader's language, by the names that it had when the alert was opened: a list of alerts asks for no stages."""
    chinese = (get_language() or "").startswith("zh")
    return str(inputs.get(f"{end}_zh" if chinese else f"{end}_en") or inputs.get(end) or "–")


def _subject(change: StageChange) -> str:
    """Each change is told once, whatever becomes of its alert."""
    return f"stage-change:{change.pk}"


def _holds(alert: Alert) -> bool:
    return alert.sku is not None and alert.sku.stage is not None and alert.sku.stage.slug == alert.inputs.get("to")


def _open(cycle: Cycle, changes: Sequence[StageChange], owners: Owners | None) -> None:
    skus = np.array([change.sku_id for change in changes], np.int64)
    # Responsibilities for an account need a pool; a stage belongs to none.
    whose = owners.of_pairs(skus, np.zeros(len(skus), np.int64)).tolist() if owners else []
    now = clock.now()
    rows = [
        (
            STAGE_CHANGE, _subject(change), str(change.sku_id), str(Side.EXCESS.value), str(_level(change)), str(AlertStatus.OPEN.value),
            "0", None if owner == NOBODY else str(owner), str(cycle.pk), str(cycle.pk), cycle.as_of, cycle.as_of, cycle.as_of, now, "0",
            "1", "", "", "", "", "", "", "NOT_VALUED", json.dumps(_inputs(change)),
        )
        for change, owner in zip(changes, whose, strict=True)
    ]  # fmt: skip
    with transaction.atomic():
        added = insert_new(Alert, _COLUMNS, rows, returning="subject")
        opened = [change for change in changes if _subject(change) in added]
        record_steps("opened", [Step(added[_subject(c)], STAGE_CHANGE, _level(c), c.sku_id, 0) for c in opened])


def _level(change: StageChange) -> int:
    return LEVELS[change.stage_to.slug] if change.stage_to else 1


def _inputs(change: StageChange) -> dict[str, Any]:
    told: dict[str, Any] = {**change.evidence, "change": change.pk, "week": change.week_on.isoformat()}
    for end, stage in (("from", change.stage_from), ("to", change.stage_to)):
        if stage is not None:
            told |= {end: stage.slug, f"{end}_en": stage.name_en, f"{end}_zh": stage.name_zh}
    return told


def _close(alerts: Sequence[Alert]) -> None:
    now = clock.now()
    for alert in alerts:
        seen = alert.status == AlertStatus.ACKNOWLEDGED
        alert.resolution = "acknowledged" if seen else "cleared"
        alert.status, alert.resolved_at, alert.updated_at, alert.version = AlertStatus.RESOLVED, now, now, alert.version + 1
    with transaction.atomic():
        Alert.objects.bulk_update(alerts, ["status", "resolved_at", "resolution", "updated_at", "version"])
        record_steps("resolved", [Step(alert.pk, alert.kind, alert.level, alert.sku_id or 0, 0) for alert in alerts])
