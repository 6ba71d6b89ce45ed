"""Asking a life-cycle rule, wherever it runs."""

from __future__ import annotations

from typing import cast

from django.conf import settings

from stockhub.pluginapi import LifecyclePanel, LifecycleRule
from stockhub.pluginhost.calls import call, find
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import Registered
from stockhub.pluginhost.stage_answers import (
    StageOutcome,
    admit_outcome,
    check_explanation,
    check_form,
    check_values,
    pack_panel,
    told,
    unpack_outcome,
)
from stockhub.pluginhost.supervision import Question, runner_of
from stockhub.pluginhost.validation import check_labels, guarded

__all__ = ["StageOutcome", "run_lifecycle_rule"]


def run_lifecycle_rule(slug: str, panel: LifecyclePanel, *, recorded: bool = True) -> StageOutcome:
    """What a rule says of every series of a panel.

    The outcome is valid: shapes, stages that there are, a reason where there is none, an explanation over its own evidence.
    ProviderFailedError where the rule is not there, fails, is late, is switched off or answers badly.
    """
    provider = find(Kind.LIFECYCLE_RULE, slug)
    return call(provider, lambda: _ask(provider, panel), recorded=recorded)


def _ask(provider: Registered, panel: LifecyclePanel) -> StageOutcome:
    if not (provider.supervised and provider.plugin):
        outcome = told(cast("LifecycleRule", provider.provider), panel)
        check_values(outcome.findings)
        return outcome
    header, arrays = pack_panel(panel)
    question = Question("evaluate_stages", provider.slug, header, arrays, lambda _header, declared: admit_outcome(declared, len(panel)))
    answer = runner_of(provider.plugin.entry, provider.plugin.slug).ask(question, settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS)
    outcomes: list[StageOutcome] = []
    guarded(lambda: outcomes.append(unpack_outcome(answer)))
    [outcome] = outcomes
    guarded(check_form, outcome.findings, len(panel))
    check_values(outcome.findings)
    guarded(check_explanation, outcome.explanation, outcome.findings.evidence)
    check_labels(outcome.labels)
    return outcome
