"""Vector suites of `formulas.lifecycle`."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.lifecycle.bass import bass_peak_rate, bass_peak_time, bass_sales
from stockhub.formulas.lifecycle.evidence import seasonally_adjusted, stage_evidence
from stockhub.formulas.lifecycle.stage import STAGES, lifecycle_stage
from tests.formulas.vector_case import Adapter, Case, known


def bass(x: Case) -> dict[str, Any]:
    p, q, m = float(x["p"]), float(x["q"]), float(x["m"])
    return {
        "sales": [bass_sales(p, q, m, float(period)) for period in range(1, x["n"] + 1)],
        "peak_time": known(bass_peak_time(p, q)),
        "peak_rate": known(bass_peak_rate(p, q, m)),
    }


def stages(x: Case) -> dict[str, Any]:
    weekly, _seasonal = seasonally_adjusted(np.array(x["weekly_units"], dtype=np.float64))
    evidence = {name: float(value) for name, value in stage_evidence(weekly)._asdict().items()}
    code = known(lifecycle_stage(float(x["clearance_flag"]), off_season=0.0, **evidence))
    return {"stage": None if code is None else STAGES[int(code)]}


ADAPTERS: dict[str, Adapter] = {
    "bass": bass,
    "lifecycle_stage": stages,
}
