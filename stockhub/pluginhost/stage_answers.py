"""What a life-cycle rule says: how it travels, and whether it keeps to the contract. The same code in the host and in the runner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi.lifecycle_rule import NO_STAGE, STAGES, LifecyclePanel, LifecycleRule, StageFindings
from stockhub.pluginhost.errors import InvalidAnswerError
from stockhub.pluginhost.validation import MOST_NODES, MOST_REASONS, check_labels, guarded, require, require_array
from stockhub.pluginhost.wire import Declared, Message
from stockhub.values import Explanation, Label

MOST_EVIDENCE: Final = 60
_PANEL_ARRAYS: Final = ("series_ids", "weekly", "age_weeks", "is_clearance", "is_off_season")
_EVIDENCE: Final = "evidence:"
_REASON: Final = "reason:"
_STAGE: Final = "stage"


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """Findings about a panel, the formula of the stage as a template without values, and names of the evidence."""

    findings: StageFindings
    explanation: Explanation
    labels: Mapping[str, Label]


def told(rule: LifecycleRule, panel: LifecyclePanel) -> StageOutcome:
    """What the rule says of the panel; InvalidAnswerError where its form breaks the contract."""
    findings = rule.evaluate(panel)
    guarded(check_form, findings, len(panel))
    explanation = rule.explain({name: Explanation.input(name) for name in findings.evidence})
    guarded(check_explanation, explanation, findings.evidence)
    labels = rule.evidence_labels()
    check_labels(labels)
    return StageOutcome(findings, explanation, dict(labels))


def check_form(findings: object, n: int) -> None:
    """Types, shapes and names; cheap."""
    if not isinstance(findings, StageFindings):
        raise InvalidAnswerError("wrong_type", f"evaluate must return StageFindings, not {type(findings).__name__}.")
    require_array("stage", findings.stage, "|i1", (n,))
    for what, arrays, most, dtype in (
        ("evidence", findings.evidence, MOST_EVIDENCE, "<f8"),
        ("reasons", findings.reasons, MOST_REASONS, "|b1"),
    ):
        require(isinstance(arrays, Mapping), "wrong_type", f"{what} must be a mapping of names to arrays.")
        require(len(arrays) <= most, "too_large", f"{what} may have {most} entries, not {len(arrays)}.")
        for name, array in arrays.items():
            require(isinstance(name, str) and 0 < len(name) <= 60, "wrong_type", f"{what} must have short texts as names.")
            require_array(f"{what}[{name!r}]", array, dtype, (n,))


def check_values(findings: StageFindings) -> None:
    """Stages that there are, a reason wherever there is none, and no infinities."""
    known = (findings.stage >= NO_STAGE) & (findings.stage < len(STAGES))
    require(known.all(), "unknown_stage", f"stage must be {NO_STAGE} or a position in STAGES, at most {len(STAGES) - 1}.")
    for name, values in findings.evidence.items():
        require(not np.isinf(values).any(), "not_finite", f"evidence[{name!r}] is infinite somewhere.")
    explained = np.logical_or.reduce([np.zeros(len(findings.stage), np.bool_), *findings.reasons.values()])
    require(explained[findings.stage == NO_STAGE].all(), "wrong_type", "A row without a stage needs a reason.")


def check_explanation(tree: object, evidence: Mapping[str, Any]) -> None:
    """A tree over the evidence, of a sensible size."""
    if not isinstance(tree, Explanation):
        raise InvalidAnswerError("wrong_type", f"explain must return an Explanation, not {type(tree).__name__}.")
    for nodes, node in enumerate(tree.walk()):
        require(nodes < MOST_NODES, "too_large", f"The explanation has more than {MOST_NODES} nodes.")
        unknown = node.op == "input" and node.name not in evidence
        require(not unknown, "unknown_input", f"The explanation uses {node.name!r}, which is not among the evidence.")
    require(tree.written_nodes() <= MOST_NODES, "too_large", f"The explanation has more than {MOST_NODES} nodes.")


# --- between processes ------------------------------------------------------------------------------------------------------------------


def pack_panel(panel: LifecyclePanel) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    return {"last_on": panel.last_on.isoformat()}, {name: getattr(panel, name) for name in _PANEL_ARRAYS}


def unpack_panel(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> LifecyclePanel:
    return LifecyclePanel(last_on=date.fromisoformat(header["last_on"]), **{name: arrays[name] for name in _PANEL_ARRAYS})


def pack_outcome(outcome: StageOutcome) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    findings = outcome.findings
    arrays: dict[str, NDArray[Any]] = {_STAGE: findings.stage}
    arrays |= {f"{_EVIDENCE}{name}": array for name, array in findings.evidence.items()}
    arrays |= {f"{_REASON}{name}": array for name, array in findings.reasons.items()}
    labels = {name: [label.en, label.zh] for name, label in outcome.labels.items()}
    return {"explanation": outcome.explanation.to_json(), "labels": labels}, arrays


def admit_outcome(declared: tuple[Declared, ...], n: int) -> None:
    """Refuses, before memory is taken, arrays that are not findings about n rows."""
    for array in declared:
        dtype = "<f8" if array.name.startswith(_EVIDENCE) else "|b1" if array.name.startswith(_REASON) else "|i1"
        if array.dtype != dtype or array.shape != (n,):
            raise InvalidAnswerError("wrong_shape", f"The answer's array {array.name[:80]!r} does not fit a panel of {n} series.")
    plain = [d.name for d in declared if not d.name.startswith((_EVIDENCE, _REASON))]
    if plain != [_STAGE] or len({d.name for d in declared}) != len(declared):
        raise InvalidAnswerError("wrong_shape", "The answer lacks the stages.")
    if len(declared) > 1 + MOST_EVIDENCE + MOST_REASONS:
        raise InvalidAnswerError("too_large", "The answer has more evidence and reasons than a rule may give.")


def unpack_outcome(message: Message) -> StageOutcome:
    answer, arrays = message.header["answer"], message.arrays
    named = {
        prefix: {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        for prefix in (_EVIDENCE, _REASON)
    }
    return StageOutcome(
        StageFindings(arrays[_STAGE], named[_EVIDENCE], named[_REASON]),
        Explanation.from_json(answer["explanation"]),
        {str(name): Label(str(en), str(zh)) for name, (en, zh) in answer["labels"].items()},
    )
