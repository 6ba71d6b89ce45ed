"""Vector suites of the alerts in `formulas.evaluation`."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.evaluation.alert_labels import (
    FALSE_POSITIVE,
    LATE,
    PENDING,
    TRUE_POSITIVE,
    Alerts,
    detection_leads,
    foreseeable,
    label_alerts,
    stockout_days,
    stockout_events,
)
from stockhub.formulas.evaluation.alert_metrics import (
    average_precision,
    brier_score,
    confusion,
    event_recall,
    f_beta,
    log_loss,
    median_lead,
    outcome_counts,
    precision,
    recall,
)
from stockhub.formulas.evaluation.calibration import isotonic_calibration
from stockhub.formulas.evaluation.thresholds import cheapest_threshold
from tests.formulas.vector_case import Adapter, Case, known


def alert_labelling(x: Case) -> dict[str, Any]:
    sellable, forecast = (np.array([x[name]], dtype=np.float64) for name in ("sellable", "forecast"))
    events = stockout_events(stockout_days(sellable, np.array([x["active"]], dtype=np.bool_), forecast))
    day = np.array(x["alerts"], dtype=np.int64)
    alerts = Alerts(np.zeros_like(day), day)
    last_day = sellable.shape[1] - 1
    outcomes = label_alerts(alerts, events, horizon=x["H"], least_lead=x["m"], last_day=last_day)
    leads = detection_leads(alerts, events, horizon=x["H"], least_lead=x["m"], last_day=last_day)
    return {
        "events": np.column_stack([events.onset, events.end]).tolist(),
        "tp": day[outcomes == TRUE_POSITIVE].tolist(),
        "fp": day[outcomes == FALSE_POSITIVE].tolist(),
        "late": day[outcomes == LATE].tolist(),
        "pending": day[outcomes == PENDING].tolist(),
        "precision": known(precision(*outcome_counts(outcomes))),
        "recall": known(event_recall(leads, foreseeable(events, x["m"]))),
        "median_lead": known(median_lead(leads)),
    }


def alert_metrics(x: Case) -> dict[str, Any]:
    p, y = np.array(x["p"], dtype=np.float64), np.array(x["y"], dtype=np.float64)
    right, wrong, missed = confusion(p, y, x["threshold"])
    best = cheapest_threshold(p, y, false_alarm=x["c_fp"], miss=x["c_fn"])
    return {
        "precision": known(precision(right, wrong)),
        "recall": known(recall(right, missed)),
        "f_beta": known(f_beta(right, wrong, missed, x["beta"])),
        "average_precision": known(average_precision(p, y)),
        "brier": known(brier_score(p, y)),
        "log_loss": known(log_loss(p, y)),
        "best_cost": known(best.cost),
        "best_threshold": known(best.threshold),
        "isotonic": isotonic_calibration(p, y).probability(np.array(x["calibrate_at"], dtype=np.float64)).tolist(),
    }


ADAPTERS: dict[str, Adapter] = {
    "alert_labelling": alert_labelling,
    "alert_metrics": alert_metrics,
}
