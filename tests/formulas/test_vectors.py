"""The formulas against the shared vector suites; a number passes within the suite's tolerance, and nothing passes for None but None."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest


def _load_adapters() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vector_adapters", Path(__file__).with_name("vector_adapters.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ADAPTERS = _load_adapters().ADAPTERS


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


@pytest.mark.parametrize("suite", sorted(ADAPTERS))
def test_suite(suite: str, shared: Path) -> None:
    file = shared / "vectors" / "science" / f"{suite}.json"
    if not file.exists():
        pytest.skip(f"Shared vectors are absent: {file.name}.")
    data = json.loads(file.read_text())
    wrong = {
        case["id"]: found
        for case in data["cases"]
        if (found := differences(case["expected"], ADAPTERS[suite](case["inputs"]), data["tolerance"]))
    }
    assert wrong == {}


def test_differences_sees_a_wrong_answer() -> None:
    tolerance = {"abs": 0.5}
    assert differences({"a": 1, "b": None}, {"a": 1.4, "b": None}, tolerance) == []
    assert differences({"a": 1}, {"a": 1.6}, tolerance) == [".a: expected 1, got 1.6"]
    assert differences({"a": None}, {"a": 0.0}, tolerance) == [".a: expected None, got 0.0"]
    assert differences({"a": 0}, {"a": None}, tolerance) == [".a: expected 0, got None"]
