"""What the rule in use says of a panel, with the reasons of the host's own, and the formula kept by its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.lifecycle.models import LifecycleSettings, StageFormula
from stockhub.lifecycle.rules import BUILT_IN
from stockhub.lifecycle.weeks import NOT_OBSERVED, WeeklyDemand
from stockhub.pluginapi import LifecyclePanel
from stockhub.pluginapi.lifecycle_rule import NO_STAGE
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.pluginhost.staging import StageOutcome, run_lifecycle_rule


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of n subjects: the stage found (n,), NaN where nothing was; why nothing was, as codes; and the numbers that it rests on."""

    found: FloatArray
    reasons: list[str]
    evidence: list[dict[str, float | None]]
    rule: str
    formula: StageFormula


def settings_in_use() -> LifecycleSettings:
    """The one row of settings; its defaults where an operator has set nothing."""
    wanted = LifecycleSettings.objects.order_by("pk").first() or LifecycleSettings()
    wanted.rule = wanted.rule or BUILT_IN[0].slug
    return wanted


def judged(rule: str, panel: LifecyclePanel) -> Judgement:
    """ProviderFailedError where the rule gives no usable answer."""
    outcome = run_lifecycle_rule(rule, panel)
    stage = outcome.findings.stage
    return Judgement(
        found=np.where(stage == NO_STAGE, np.nan, stage.astype(np.float64)),
        reasons=_reasons(stage, outcome.findings.reasons),
        evidence=_evidence(outcome.findings.evidence, len(panel)),
        rule=rule,
        formula=formula_of(rule, outcome),
    )


def without_the_unseen(judgement: Judgement, demand: WeeklyDemand, has_stage: NDArray[np.bool_], decided: NDArray[np.bool_]) -> Judgement:
    """A week that was masked confirms nothing: of SKUs that have a stage, nothing is found, unless it was `decided` (n,) by a person.

    What was wrong with the figures is the reason where something was.
    """
    unseen = np.isnan(demand.weekly[:, -1]) & has_stage & ~decided & ~np.isnan(judgement.found)
    reasons = list(judgement.reasons)
    for row in np.flatnonzero(unseen).tolist():
        reasons[row] = NOT_OBSERVED
    for row, codes in demand.problems.items():
        if reasons[row]:
            reasons[row] = codes[0]
    return Judgement(np.where(unseen, np.nan, judgement.found), reasons, judgement.evidence, judgement.rule, judgement.formula)


def formula_of(rule: str, outcome: StageOutcome) -> StageFormula:
    """The rule's formula, not yet stored, by the digest of its content."""
    tree = outcome.explanation.to_json()
    labels = {name: {"en": label.en, "zh": label.zh} for name, label in sorted(outcome.labels.items())}
    digest = hashlib.sha256(json.dumps([rule, tree, labels], sort_keys=True).encode()).hexdigest()
    return StageFormula(digest=digest, rule=rule, tree=tree, labels=labels, recorded_at=clock.now())


def store_formula(formula: StageFormula) -> None:
    """Once, by its content."""
    StageFormula.objects.bulk_create([formula], ignore_conflicts=True)


def _reasons(stage: NDArray[np.int8], reasons: Mapping[str, NDArray[np.bool_]]) -> list[str]:
    """By row, the first reason that holds where there is no stage; empty where there is one."""
    out = np.full(len(stage), "", object)
    for name, holds in reversed(list(reasons.items())):
        out[holds & (stage == NO_STAGE)] = name[:60]
    told: list[str] = out.tolist()
    return told


def _evidence(arrays: Mapping[str, FloatArray], n: int) -> list[dict[str, Any]]:
    """By row, the numbers by name; None where one is missing."""
    names = sorted(arrays)
    if not names:
        return [{} for _ in range(n)]
    table = np.stack([arrays[name] for name in names], axis=1)
    cells = np.where(np.isnan(table), None, table.astype(object))  # type: ignore[call-overload]  # None among numbers
    return [dict(zip(names, row, strict=True)) for row in cells.tolist()]
