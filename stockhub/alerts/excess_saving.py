"""What an action saves of an excess: what the best of its remedies brings, of the money that is at stake (H28, N7, ADR 0057)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np
from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, FloatField, Q, QuerySet, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Round

from stockhub.alerts.models import Alert, Side
from stockhub.alerts.remedies import RECEIVING_POOL, TRANSFER, TREES, missing_of_all, remedy_trees, valued_effects
from stockhub.core.fields import AmountField
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.evaluation.excess_remedies import best_effect, saved_of_excess
from stockhub.pluginapi import Column, Findings
from stockhub.values import Explanation, Label
from stockhub.values.money import SCALE_DIGITS

#: Whether a remedy can be valued, by its slug: 1 or 0, and missing throughout where nothing can.
VALUED: Final[Mapping[str, str]] = {slug: f"valued_{name.removeprefix('remedy_')}" for slug, name in TREES.items()}
_PROPOSAL_VALUED: Final = "valued_proposal"
_IS_PRICED: Final = "is_priced"
#: The pool without which less would be saved, or nothing could be told.
SAVING_POOL: Final = "saving_pool"
_SAVING_HERE: Final = "saving_here"
#: Among an alert's trees: what the rule's own proposal saves.
PROPOSAL_TREE: Final = "remedy_proposal"
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


@dataclass(frozen=True, slots=True)
class BestRemedies:
    """What the best remedy of each row (n,) brings, 0 where none brings anything and NaN where none can be valued.

    `here`: without a transfer. `flags`: the inputs that say which can be valued. `effects`: of each by its slug.
    """

    effects: Mapping[str, FloatArray]
    flags: Mapping[str, FloatArray]
    best: FloatArray
    here: FloatArray


def best_remedies(effects: Mapping[str, FloatArray], proposed: FloatArray | None = None) -> BestRemedies:
    """Given the effects of `valued_effects`, and what the rule's own proposal saves (n,) where it makes one."""
    flags = {VALUED[slug]: (~np.isnan(effect)).astype(np.float64) for slug, effect in effects.items()}
    own = np.zeros_like(flags[VALUED[TRANSFER]]) if proposed is None else (proposed > 0).astype(np.float64)
    flags = _none_is_missing({**flags, _PROPOSAL_VALUED: own})
    alone = _none_is_missing({**flags, VALUED[TRANSFER]: np.zeros_like(own)})
    each = effects if proposed is None else {**effects, _PROPOSAL_VALUED: proposed}
    return BestRemedies(effects, flags, _best(flags, each), _best(alone, each))


def with_saving(findings: Findings, basis: Mapping[str, FloatArray], found: BestRemedies, explained: Collection[str]) -> Findings:
    """Findings, which keep the remedies' inputs, with the saving of the best remedy.

    `found` is of `basis`: a rule that has its own say of one of these inputs is valued by that. `explained` are the numbers that the rule
    tells and explains: a saving of its own counts beside the three.
    """
    x = findings.inputs
    same, proposed = all(x[name] is array for name, array in basis.items()), findings.saving if "saving" in explained else None
    if not same or proposed is not None:
        found = best_remedies(found.effects if same else valued_effects(x), proposed)
    is_priced = (~np.isnan(findings.money)).astype(np.float64) if "money" in explained else np.zeros(len(findings.value))
    saving = saved_of_excess(found.best, is_priced, findings.money)
    pool, here = np.full(len(saving), np.nan), np.full(len(saving), np.nan)
    by_transfer = np.flatnonzero(~(found.best == found.here) & ~np.isnan(found.best))
    if len(by_transfer):
        alone = saved_of_excess(found.here[by_transfer], is_priced[by_transfer], findings.money[by_transfer])
        rests = ~(alone == saving[by_transfer])
        pool[by_transfer[rests]], here[by_transfer[rests]] = x[RECEIVING_POOL][by_transfer[rests]], alone[rests]
    told = {**found.flags, _IS_PRICED: is_priced, SAVING_POOL: pool, _SAVING_HERE: here}
    return replace(findings, saving=saving, inputs={**x, **told})


def saving_trees(explained: Mapping[str, Explanation]) -> dict[str, Explanation]:
    """The formula of that saving, and that of the rule's own proposal where it makes one, given those that the rule itself explains."""
    proposed = {PROPOSAL_TREE: explained["saving"]} if "saving" in explained else {}
    return {"saving": _saving_tree(explained), **proposed}


def proposal_saving(alert: Alert, trees: Mapping[str, Explanation]) -> float | None:
    """What the rule's own proposal saves, beside the remedies; None where it proposes nothing that does."""
    tree = trees.get(PROPOSAL_TREE)
    return tree.value if tree is not None and alert.inputs.get(_PROPOSAL_VALUED) else None


def is_priced(alert: Alert) -> bool:
    """Whether an alert's saving is a part of its money at stake: otherwise it is all that its best answer brings."""
    return bool(alert.inputs.get(_IS_PRICED))


def _saving_tree(explained: Mapping[str, Explanation]) -> Explanation:
    x = {name: Explanation.input(name, unit=column.unit, source=column.source) for name, column in _INPUTS.items()}
    effects = {slug: remedy_trees()[name] for slug, name in TREES.items()}
    best = _best(x, effects | ({_PROPOSAL_VALUED: explained["saving"]} if "saving" in explained else {}))
    return saved_of_excess(best, x[_IS_PRICED], explained["money"]) if "money" in explained else best


def saving_labels() -> dict[str, Label]:
    """What its inputs are called."""
    return {name: column.label for name, column in _INPUTS.items()}


def saving_reason(alert: Alert) -> str:
    """Why an alert tells no saving."""
    of_remedies = missing_of_all(alert.inputs) if alert.side == Side.EXCESS else ""
    lacks_premium = "local_unit_cost" in alert.inputs and alert.inputs["local_unit_cost"] is None
    return of_remedies or alert.money_reason or ("NO_LOCAL_PRICE" if lacks_premium else "NO_SAVING")


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


def with_saving_seen(alerts: QuerySet[Alert], pools: Collection[int]) -> QuerySet[Alert]:
    """Alerts with `saving_seen`: the same as a column, so that lists of this reader are in its order and their cursors tell no other."""
    amount = AmountField()
    here = Cast(Round(Cast(KT(f"inputs__{_SAVING_HERE}"), FloatField()) * float(10**SCALE_DIGITS)), BigIntegerField())
    rests_elsewhere = Q(saving_rests_on__isnull=False) & ~Q(**{f"inputs__{SAVING_POOL}__in": sorted(pools)})
    seen = Case(When(rests_elsewhere, then=ExpressionWrapper(here, output_field=amount)), default=F("saving_amount"), output_field=amount)
    return alerts.alias(saving_rests_on=KT(f"inputs__{SAVING_POOL}")).annotate(saving_seen=seen)


def _best(flags: Mapping[str, N], effects: Mapping[str, N]) -> N:
    """Over arrays or explanations. `effects` are by slug, that of the rule's own proposal by the name of its flag."""
    best: N = best_effect([flags[VALUED.get(slug, slug)] for slug in effects], list(effects.values()))
    return best


def _none_is_missing(flags: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The flags of what can be valued missing in the rows where nothing can, so that the saving is missing there and not 0."""
    names = (*VALUED.values(), _PROPOSAL_VALUED)
    nothing = np.logical_and.reduce([flags[name] == 0 for name in names])
    return {name: np.where(nothing, np.nan, flag) if name in names else flag for name, flag in flags.items()}
