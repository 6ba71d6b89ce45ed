"""Runs one provider and checks the form of what it says. The same code for built-in providers and in the runner."""

from __future__ import annotations

from collections.abc import Mapping

from stockhub.pluginapi import AlertRule, ForecastBatch, Forecaster, RuleParameters, Snapshot, State
from stockhub.pluginhost import codec
from stockhub.pluginhost.validation import check_explanations, check_findings_form, check_labels, guarded, require


def learned(forecaster: Forecaster, batch: ForecastBatch) -> State:
    """What a forecaster learns of the batch's panel for its lead times."""
    state = forecaster.fit_for(batch.panel, batch.lead_time_days)
    require(isinstance(state, Mapping), "wrong_type", f"fit must return a mapping of arrays, not {type(state).__name__}.")
    return state


def judge(rule: AlertRule, snapshot: Snapshot, parameters: RuleParameters) -> codec.RuleOutcome:
    """Findings, explanations and labels of a rule; InvalidAnswerError where their form breaks the contract."""
    findings = rule.evaluate(snapshot, parameters)
    guarded(check_findings_form, findings, len(snapshot))
    explanations = rule.explain(codec.explanation_inputs(findings.inputs, rule.parameters_model.model_fields))
    guarded(check_explanations, explanations, findings.inputs)
    labels = rule.input_labels()
    guarded(check_labels, labels)
    return codec.RuleOutcome(findings, dict(explanations), dict(labels))
