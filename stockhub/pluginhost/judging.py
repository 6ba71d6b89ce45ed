"""Runs one alert rule and checks the form of what it says. The same code for built-in rules and in the runner."""

from __future__ import annotations

from stockhub.pluginapi import AlertRule, RuleParameters, Snapshot
from stockhub.pluginhost import codec
from stockhub.pluginhost.validation import check_explanations, check_findings_form, check_labels, guarded


def judge(rule: AlertRule, snapshot: Snapshot, parameters: RuleParameters) -> codec.RuleOutcome:
    """Findings, explanations and labels of a rule; InvalidAnswerError where their form breaks the contract."""
    findings = rule.evaluate(snapshot, parameters)
    guarded(check_findings_form, findings, len(snapshot))
    explanations = rule.explain(codec.explanation_inputs(findings.inputs, rule.parameters_model.model_fields))
    guarded(check_explanations, explanations, findings.inputs)
    labels = rule.input_labels()
    guarded(check_labels, labels)
    return codec.RuleOutcome(findings, dict(explanations), dict(labels))
