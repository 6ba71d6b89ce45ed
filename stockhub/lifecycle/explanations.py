"""Why a stage is what it is: the rule's formula with the numbers that were found, and the names of those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stockhub.lifecycle.models import StageFormula
from stockhub.values import Explanation, Label


def explanation_of(formula: StageFormula | None, evidence: Mapping[str, Any]) -> Explanation | None:
    """The tree whose value is the position of the stage found; None where no rule has said anything."""
    return None if formula is None else Explanation.from_json(formula.tree).fill(evidence)


def labels_of(formula: StageFormula | None) -> dict[str, Label]:
    """The names of the evidence."""
    return {} if formula is None else {name: Label(its["en"], its["zh"]) for name, its in formula.labels.items()}
