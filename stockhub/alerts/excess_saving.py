"""What an action saves of an excess: what the best of its remedies brings, of the money that is at stake (H28, N7, ADR 0057)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Final

import numpy as np

from stockhub.alerts.models import Alert, Side
from stockhub.alerts.remedies import RECEIVING_POOL, TRANSFER, TREES, missing_of_all, remedy_trees, valued_effects
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.evaluation.excess_remedies import best_effect, saved_of_excess
from stockhub.pluginapi import Column, Findings
from stockhub.values import Explanation, Label

#: Whether a remedy can be valued, by its slug: 1 or 0, and missing throughout where nothing can.
VALUED: Final[Mapping[str, str]] = {slug: f"valued_{name.removeprefix('remedy_')}" for slug, name in TREES.items()}
_PROPOSAL_VALUED: Final = "valued_proposal"
_IS_PRICED: Final = "is_priced"
#: The pool without which less would be saved, or nothing could be told.
SAVING_POOL: Final = "saving_pool"
_SAVING_HERE: Final = "saving_here"
#: What a reader may not know of a transfer to a pool that he does not see.
_OF_TRANSFER: Final = ("remedy_moved", "remedy_margin", SAVING_POOL)
_INPUTS: Final[Mapping[str, Column]] = {
    VALUED["promotion"]: Column("flag", "formula", Label("A promotion can be valued", "促销可估值")),
    VALUED["transfer"]: Column("flag", "formula", Label("A transfer can be valued", "调拨可估值")),
    VALUED["purchase-pause"]: Column("flag", "formula", Label("A purchase pause can be valued", "暂停采购可估值")),
    _PROPOSAL_VALUED: Column("flag", "formula", Label("The rule's own proposal saves something", "规则自身建议可挽回金额")),
    _IS_PRICED: Column("flag", "formula", Label("Money at stake is known", "涉及金额已知")),
    SAVING_POOL: Column("code", "warehouse", Label("Number of the pool that the saving rests on", "可挽回金额所依赖的库存池编号")),
    _SAVING_HERE: Column("base currency", "formula", Label("An action saves without another pool", "不涉及其他库存池时可挽回金额")),
}


def with_saving(
    findings: Findings, basis: Mapping[str, FloatArray], effects: Mapping[str, FloatArray], explained: Collection[str]
) -> Findings:
    """Findings, which keep the remedies' inputs, with the saving of the best remedy.

    `effects` are those of `basis`; a rule that has its own say of one of these inputs is valued by that. `explained` are the numbers that
    the rule tells and explains: a saving of its own counts beside the three.
    """
    x = findings.inputs
    its = effects if all(x[name] is array for name, array in basis.items()) else valued_effects(x)
    flags = {VALUED[slug]: (~np.isnan(effect)).astype(np.float64) for slug, effect in its.items()}
    proposed = findings.saving > 0 if "saving" in explained else np.zeros(len(findings.value), np.bool_)
    flags[_PROPOSAL_VALUED] = proposed.astype(np.float64)
    flags[_IS_PRICED] = (~np.isnan(findings.money)).astype(np.float64) if "money" in explained else np.zeros(len(findings.value))
    told = {"saving": findings.saving, "money": findings.money}
    here = _saving(_without_transfer(flags), its, told)
    flags = _none_is_missing(flags)
    saving = _saving(flags, its, told)
    rests = ~((saving == here) | (np.isnan(saving) & np.isnan(here)))
    flags |= {SAVING_POOL: np.where(rests, x[RECEIVING_POOL], np.nan), _SAVING_HERE: np.where(rests, here, np.nan)}
    return replace(findings, saving=saving, inputs={**x, **flags})


def saving_tree(explained: Mapping[str, Explanation]) -> Explanation:
    """The formula of that saving, given those that the rule itself explains."""
    x = {name: Explanation.input(name, unit=column.unit, source=column.source) for name, column in _INPUTS.items()}
    return _saving(x, {slug: remedy_trees()[name] for slug, name in TREES.items()}, explained)


def saving_labels() -> dict[str, Label]:
    """What its inputs are called."""
    return {name: column.label for name, column in _INPUTS.items()}


def saving_reason(alert: Alert) -> str:
    """Why an alert tells no saving."""
    of_remedies = missing_of_all(alert.inputs) if alert.side == Side.EXCESS else ""
    return of_remedies or alert.money_reason or "NO_SAVING"


def as_seen_by(alert: Alert, pools: Collection[int] | None) -> Alert:
    """The alert itself, or a copy that does not tell what a pool lacks that the reader may not see: not to be saved.

    `pools`: the ids of those that he may see; None for all.
    """
    receiver = alert.inputs.get(RECEIVING_POOL)
    if pools is None or receiver is None or int(receiver) in pools or VALUED[TRANSFER] not in alert.inputs:
        return alert
    seen = copy(alert)
    flags = {name: alert.inputs[name] for name in (*VALUED.values(), _PROPOSAL_VALUED)} | {VALUED[TRANSFER]: 0.0}
    if not any(flags.values()):
        flags = dict.fromkeys(flags)
    seen.inputs = {**alert.inputs, **dict.fromkeys(_OF_TRANSFER), **flags}
    seen.saving_amount = saving_seen(alert.saving_amount, alert.inputs, pools)
    return seen


def saving_seen(saving: Decimal | None, inputs: Mapping[str, float | None], pools: Collection[int]) -> Decimal | None:
    """What an alert's saving is to a reader who sees those pools only."""
    pool, here = inputs.get(SAVING_POOL), inputs.get(_SAVING_HERE)
    if pool is None or int(pool) in pools:
        return saving
    return None if here is None else Decimal(str(round(here, 6)))


def _saving(x: Mapping[str, N], effects: Mapping[str, N], told: Mapping[str, N]) -> N:
    """Over arrays or explanations: `told` are the numbers of the rule itself."""
    valued, each = [x[VALUED[slug]] for slug in VALUED], [effects[slug] for slug in VALUED]
    if "saving" in told:
        valued, each = [*valued, x[_PROPOSAL_VALUED]], [*each, told["saving"]]
    best: N = best_effect(valued, each)
    saved: N = saved_of_excess(best, x[_IS_PRICED], told["money"]) if "money" in told else best
    return saved


def _without_transfer(flags: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    return _none_is_missing({**flags, VALUED[TRANSFER]: np.zeros_like(flags[VALUED[TRANSFER]])})


def _none_is_missing(flags: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The flags of what can be valued missing in the rows where nothing can, so that the saving is missing there and not 0."""
    names = (*VALUED.values(), _PROPOSAL_VALUED)
    nothing = np.logical_and.reduce([flags[name] == 0 for name in names])
    return {name: np.where(nothing, np.nan, flag) if name in names else flag for name, flag in flags.items()}
