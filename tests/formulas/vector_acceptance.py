"""Suites that pass or fail as a whole: the measure that their answers have to reach together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Answers = Sequence[Mapping[str, Any]]
#: From a suite's cases and their answers to what is wrong, by measure; empty where the suite is accepted.
Judge = Callable[[Answers, Answers], dict[str, list[str]]]

#: The macro-F1 that the stages of all cases together have to reach.
LEAST_STAGE_F1 = 0.85


def stages_reach_their_f1(cases: Answers, answers: Answers) -> dict[str, list[str]]:
    """Macro-F1 over the stages; an answer among a case's acceptable stages counts as the expected one."""
    labels = []
    for case, answer in zip(cases, answers, strict=True):
        expected, stage = case["expected"]["stage"], answer["stage"]
        labels.append((expected, expected if stage in case["expected"]["acceptable"] else str(stage)))
    score = macro_f1(labels)
    return {} if score >= LEAST_STAGE_F1 else {"macro-F1": [f"expected {LEAST_STAGE_F1} or more, got {score:.3f}"]}


def macro_f1(labels: Sequence[tuple[str, str]]) -> float:
    """The mean, over every label expected or answered, of the harmonic mean of its precision and recall."""
    scores = []
    for label in {each for pair in labels for each in pair}:
        hit = sum(pair == (label, label) for pair in labels)
        named = sum((expected == label) + (answered == label) for expected, answered in labels)
        scores.append(2.0 * hit / named)
    return sum(scores) / len(scores)


JUDGES: Mapping[str, Judge] = {
    "lifecycle_stage": stages_reach_their_f1,
}


def accepted_as_a_whole(suite: str, cases: Answers, answers: Answers) -> dict[str, list[str]]:
    """What a suite with an `acceptance` falls short in; KeyError where nobody has said how to judge it."""
    return JUDGES[suite](cases, answers)
