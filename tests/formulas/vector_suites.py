"""The shared vector suites: what a case expects, and where an answer differs from it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.formulas.vector_acceptance import accepted_as_a_whole
from tests.formulas.vector_adapters import ADAPTERS


def wrong_cases(file: Path) -> dict[str, list[str]]:
    """The cases of a suite that its formula answers wrongly, with how; KeyError where no formula answers the suite."""
    answer = ADAPTERS[file.stem]
    data = json.loads(file.read_text(encoding="utf-8"))
    if "acceptance" in data:
        return accepted_as_a_whole(file.stem, data["cases"], [answer(case["inputs"]) for case in data["cases"]])
    found = {case["id"]: differences(case["expected"], answer(case["inputs"]), data["tolerance"]) for case in data["cases"]}
    return {case: wrong for case, wrong in found.items() if wrong}


def differences(expected: object, actual: object, tolerance: dict[str, float], path: str = "") -> list[str]:
    """Where an answer differs from what a case expects."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [d for k, v in expected.items() for d in differences(v, actual.get(k, "absent"), tolerance, f"{path}.{k}")]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [d for i, (e, a) in pairs for d in differences(e, a, tolerance, f"{path}[{i}]")]
    # A textbook prints whole units, from rounded intermediate results.
    allowed = {"rel": 0.005} if path.endswith("book_rounded") else tolerance
    return [] if _agree(expected, actual, allowed) else [f"{path}: expected {expected!r}, got {actual!r}"]


def _agree(expected: object, actual: object, tolerance: dict[str, float]) -> bool:
    if expected is None or isinstance(expected, bool) or actual is None:
        return expected is actual
    try:
        number = float(str(expected))
        return abs(float(str(actual)) - number) <= tolerance.get("abs", 0.0) + tolerance.get("rel", 0.0) * abs(number)
    except ValueError:
        return expected == actual
