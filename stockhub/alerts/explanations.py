"""Why an alert says what it says: its rule's formulas with the numbers of the evaluation put in."""

from __future__ import annotations

from stockhub.alerts.models import Alert
from stockhub.pluginapi import COLUMNS
from stockhub.values import Explanation, Label


def explanations_of(alert: Alert) -> dict[str, Explanation]:
    """By what they give (`value`, `money`, `due_in_days`, `suggested_qty`); empty for alerts that are not about numbers.

    Reads `alert.template`: select it with the alert.
    """
    if alert.template is None:
        return {}
    return {name: Explanation.from_json(tree).fill(alert.inputs) for name, tree in alert.template.trees.items()}


def labels_of(alert: Alert) -> dict[str, Label]:
    """What the inputs of an alert's formulas are called."""
    own = alert.template.labels if alert.template else {}
    return {name: column.label for name, column in COLUMNS.items()} | {name: Label(**text) for name, text in own.items()}
