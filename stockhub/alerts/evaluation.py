"""Runs the alert rules over a snapshot. A rule that fails is not evaluated, and says so; the others go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.differences import Numbers
from stockhub.alerts.excess_saving import BestRemedies, best_remedies, saving_labels, saving_trees, with_saving
from stockhub.alerts.holds import held_reasons
from stockhub.alerts.models import ExplanationTemplate, RuleSetting
from stockhub.alerts.parameters.resolution import Resolution
from stockhub.alerts.remedies import remedy_basis, remedy_labels, remedy_trees, valued_effects, with_remedies
from stockhub.core import clock
from stockhub.core.remembering import remembered
from stockhub.formulas.elementwise import FloatArray
from stockhub.pluginapi import Findings, Side, Snapshot
from stockhub.pluginhost.calls import together
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.rules import RuleOutcome, run_rule
from stockhub.values import DomainError, Explanation, Label

#: Amounts are 64-bit integers of millionths, quantities 64-bit integers that a float holds exactly.
MOST_MONEY = 9e12
MOST_UNITS = 2.0**53


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One rule's findings over a snapshot and the formulas that explain them.

    `held` (n,) is why nothing may act on a finding by itself; empty where something may.
    """

    rule: str
    findings: Findings
    numbers: Numbers
    template: str
    held: NDArray[np.bytes_]


@dataclass(slots=True)
class Evaluation:
    """What all rules found. `failures` maps a rule to why it was not evaluated."""

    evaluated: list[Evaluated] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def enabled_rules() -> list[str]:
    """The rules to run, in a stable order."""
    switched_off = remembered(
        "rules switched off", lambda: set(RuleSetting.objects.filter(enabled=False).values_list("rule", flat=True))
    )  # fmt: skip
    return [slug for slug in sorted(registry().alert_rules) if slug not in switched_off]


def evaluate(snapshot: Snapshot) -> Evaluation:
    """Runs every enabled rule, with the parameters that hold for each row."""
    evaluation = Evaluation()
    parameters = Resolution.at(snapshot.sku_ids, snapshot.pool_ids, snapshot.as_of, snapshot.day)
    templates: dict[str, ExplanationTemplate] = {}
    basis: dict[str, FloatArray] = {}
    best: BestRemedies | None = None
    with together(Kind.ALERT_RULE):
        for slug in enabled_rules():
            try:
                outcome = run_rule(slug, snapshot, parameters.of_rule(slug))
            except DomainError as error:
                evaluation.failures[slug] = f"{error.code}: {error.message}"
                continue
            findings = outcome.findings
            if registry().alert_rules[slug].side is Side.EXCESS:
                basis = basis or remedy_basis(snapshot, parameters)
                best = best or best_remedies(valued_effects(basis))
                findings = with_saving(with_remedies(findings, basis), basis, best, outcome.explanations)
            template = _template(slug, outcome)
            templates[template.digest] = template
            numbers = numbers_of(findings, snapshot.day.toordinal())
            evaluation.evaluated.append(Evaluated(slug, findings, numbers, template.digest, held_reasons(snapshot, findings)))
    _store(templates)
    return evaluation


def numbers_of(findings: Findings, day: int) -> Numbers:
    """The findings' numbers as alerts hold them: a due day on the calendar, money with six places."""
    # A day centuries away says "never"; it is no date.
    due = np.floor(findings.due_in_days)
    due_on = np.where(np.abs(due) < 36_500, day + due, np.nan)
    # What no column holds says that a fact is absurd, not what it is worth.
    money = np.where(np.abs(findings.money) < MOST_MONEY, np.round(findings.money, 6), np.nan)
    saving = np.where(np.abs(findings.saving) < MOST_MONEY, np.round(findings.saving, 6), np.nan)
    suggested = np.where(np.abs(findings.suggested_qty) < MOST_UNITS, findings.suggested_qty, np.nan)
    return Numbers(findings.value, money, saving, due_on, suggested)


@dataclass(frozen=True, slots=True)
class _Written:
    """Formulas and labels, and what was written of them."""

    explanations: Mapping[str, Explanation]
    names: Mapping[str, Label]
    digest: str
    trees: dict[str, Any]
    labels: dict[str, dict[str, str]]

    def is_of(self, outcome: RuleOutcome) -> bool:
        return self.explanations is outcome.explanations and self.names is outcome.labels


#: By rule, what was written last: a built-in rule gives the same formulas again.
_written: Final[dict[str, _Written]] = {}


def _template(rule: str, outcome: RuleOutcome) -> ExplanationTemplate:
    """The rule's formulas, not yet stored, by the digest of their content."""
    known = _written.get(rule)
    if known is None or not known.is_of(outcome):
        explained, called = dict(outcome.explanations), dict(outcome.labels)
        if registry().alert_rules[rule].side is Side.EXCESS:
            explained |= remedy_trees() | saving_trees(explained)
            called = remedy_labels() | saving_labels() | called
        trees = {name: tree.to_json() for name, tree in sorted(explained.items())}
        labels = {name: {"en": label.en, "zh": label.zh} for name, label in sorted(called.items())}
        digest = hashlib.sha256(json.dumps([rule, trees, labels], sort_keys=True).encode()).hexdigest()
        known = _written[rule] = _Written(outcome.explanations, outcome.labels, digest, trees, labels)
    return ExplanationTemplate(digest=known.digest, rule=rule, trees=known.trees, labels=known.labels, recorded_at=clock.now())


def _store(templates: Mapping[str, ExplanationTemplate]) -> None:
    """Each once, by its content."""
    stored = remembered("stored templates", set[str])
    if asked := templates.keys() - stored:
        known = set(ExplanationTemplate.objects.filter(digest__in=asked).values_list("digest", flat=True))
        if new := [templates[digest] for digest in sorted(asked - known)]:
            ExplanationTemplate.objects.bulk_create(new, ignore_conflicts=True)
        stored |= asked
