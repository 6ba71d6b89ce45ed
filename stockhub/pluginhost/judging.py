"""Runs one provider and checks the form of what it says. The same code for built-in providers and in the runner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stockhub.pluginapi import AlertRule, Findings, ForecastBatch, Forecaster, RuleParameters, Snapshot, State
from stockhub.pluginhost import codec
from stockhub.pluginhost.row_parameters import IntArray, evaluate_by_row
from stockhub.pluginhost.validation import check_explanations, check_findings_form, check_labels, guarded, require
from stockhub.values import Explanation, Label


def learned(forecaster: Forecaster, batch: ForecastBatch) -> State:
    """What a forecaster learns of the batch's panel for its lead times."""
    state = forecaster.fit_for(batch.panel, batch.lead_time_days)
    require(isinstance(state, Mapping), "wrong_type", f"fit must return a mapping of arrays, not {type(state).__name__}.")
    return state


@dataclass(frozen=True, slots=True)
class _Formulas:
    """What a rule says of inputs of these names."""

    rule: AlertRule
    names: tuple[str, ...]
    explanations: Mapping[str, Explanation]
    labels: Mapping[str, Label]


#: The formulas of built-in rules. They depend on the names of their inputs alone, and take longer to make and check than ten SKUs to judge.
_kept: Final[dict[str, _Formulas]] = {}


def judge(
    rule: AlertRule,
    snapshot: Snapshot,
    sets: Sequence[RuleParameters],
    of_row: IntArray | None = None,
    *,
    keep_formulas: bool = False,
) -> codec.RuleOutcome:
    """Findings, explanations and labels of a rule; InvalidAnswerError where their form breaks the contract.

    `of_row` (n,) says which of the `sets` of parameters each row has; without it, all have the first. With `keep_formulas`, for rules of
    our own, explanations and labels are made once for each set of inputs, and are the same objects then.
    """
    findings = evaluate_by_row(rule, snapshot, sets, of_row)
    guarded(check_findings_form, findings, len(snapshot))
    names = tuple(findings.inputs)
    known = _kept.get(rule.slug) if keep_formulas else None
    if known is None or known.rule is not rule or known.names != names:
        known = _Formulas(rule, names, *_formulas(rule, findings))
        if keep_formulas:
            _kept[rule.slug] = known
    return codec.RuleOutcome(findings, known.explanations, known.labels)


def _formulas(rule: AlertRule, findings: Findings) -> tuple[dict[str, Explanation], dict[str, Label]]:
    explanations = rule.explain(codec.explanation_inputs(findings.inputs, rule.parameters_model.model_fields))
    guarded(check_explanations, explanations, findings.inputs)
    labels = rule.input_labels()
    guarded(check_labels, labels)
    return dict(explanations), dict(labels)
