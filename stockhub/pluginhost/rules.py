"""Asking an alert rule, wherever it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.conf import settings
from pydantic import ValidationError

from stockhub.pluginapi import AlertRule, RuleParameters, Snapshot
from stockhub.pluginhost import codec
from stockhub.pluginhost.calls import call, find
from stockhub.pluginhost.codec import RuleOutcome
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.judging import judge
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import Registered
from stockhub.pluginhost.row_parameters import IntArray, ParametersByRow
from stockhub.pluginhost.supervision import Question, runner_of
from stockhub.pluginhost.validation import check_explanations, check_findings_form, check_findings_values, check_labels, guarded

__all__ = ["RuleOutcome", "run_rule"]


def run_rule(slug: str, snapshot: Snapshot, parameters: Mapping[str, Any] | ParametersByRow, *, recorded: bool = True) -> RuleOutcome:
    """What a rule finds in a snapshot, with the formulas of its numbers and the names of its inputs.

    `parameters` are the same for all rows, or each row's own.

    The outcome is valid: shapes, levels in range and held at least as high as opened, no infinities, explanations over its own inputs.
    ProviderFailedError `invalid_parameters` where the rule's model refuses `parameters` (no failure of the rule), another code where the
    rule fails, is late, is switched off or answers badly.
    """
    provider = find(Kind.ALERT_RULE, slug)
    by_row = parameters if isinstance(parameters, ParametersByRow) else ParametersByRow.same(parameters)
    valid = [valid_parameters(cast("AlertRule", provider.provider), each) for each in by_row.sets]
    return call(provider, lambda: _ask(provider, snapshot, valid, by_row.of_row), recorded=recorded)


def valid_parameters(rule: AlertRule, parameters: Mapping[str, Any]) -> RuleParameters:
    """The rule's own parameters model, filled; ProviderFailedError `invalid_parameters` names the field at fault."""
    try:
        return rule.parameters_model.model_validate(dict(parameters))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = tuple(str(part) for part in first["loc"])
        message = f"Parameter {'.'.join(path) or '(all)'} of the rule {rule.slug}: {first['msg']}."
        raise ProviderFailedError("invalid_parameters", message, path=path, params={"provider": rule.slug}) from error


def _ask(provider: Registered, snapshot: Snapshot, sets: Sequence[RuleParameters], of_row: IntArray | None) -> RuleOutcome:
    if not (provider.supervised and provider.plugin):
        outcome = judge(cast("AlertRule", provider.provider), snapshot, sets, of_row, keep_formulas=provider.plugin is None)
        check_findings_values(outcome.findings)
        return outcome
    header, arrays = codec.pack_snapshot(snapshot)
    header["parameters"] = [each.model_dump(mode="json") for each in sets]
    if of_row is not None:
        arrays[codec.PARAMETER_SET] = of_row
    rows = len(snapshot)
    question = Question("evaluate", provider.slug, header, arrays, lambda _header, declared: codec.admit_outcome(declared, rows))
    answer = runner_of(provider.plugin.entry, provider.plugin.slug).ask(question, settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS)
    outcome = _unpacked(answer)
    check_findings_form(outcome.findings, rows)
    check_findings_values(outcome.findings)
    guarded(check_explanations, outcome.explanations, outcome.findings.inputs)
    check_labels(outcome.labels)
    return outcome


def _unpacked(answer: Any) -> RuleOutcome:  # noqa: ANN401 - a message
    outcomes: list[RuleOutcome] = []
    guarded(lambda: outcomes.append(codec.unpack_outcome(answer)))
    return outcomes[0]
