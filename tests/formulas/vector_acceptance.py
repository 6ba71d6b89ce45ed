"""Suites that pass or fail as a whole: the measure that their answers have to reach together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Answers = Sequence[Mapping[str, Any]]
#: From a suite's cases and their answers to what is wrong, by measure; empty where the suite is accepted.
Judge = Callable[[Answers, Answers], dict[str, list[str]]]

JUDGES: Mapping[str, Judge] = {}


def accepted_as_a_whole(suite: str, cases: Answers, answers: Answers) -> dict[str, list[str]]:
    """What a suite with an `acceptance` falls short in; KeyError where nobody has said how to judge it."""
    return JUDGES[suite](cases, answers)
