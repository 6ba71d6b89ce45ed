"""The formulas against the shared vector suites; a number passes within the suite's tolerance, and nothing passes for None but None."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formulas.vector_adapters import ADAPTERS
from tests.formulas.vector_suites import differences, wrong_cases


@pytest.mark.parametrize("suite", sorted(ADAPTERS))
def test_suite(suite: str, shared: Path) -> None:
    file = shared / "vectors" / "science" / f"{suite}.json"
    if not file.exists():
        pytest.skip(f"Shared vectors are absent: {file.name}.")
    assert wrong_cases(file) == {}


def test_differences_sees_a_wrong_answer() -> None:
    tolerance = {"abs": 0.5}
    assert differences({"a": 1, "b": None}, {"a": 1.4, "b": None}, tolerance) == []
    assert differences({"a": 1}, {"a": 1.6}, tolerance) == [".a: expected 1, got 1.6"]
    assert differences({"a": None}, {"a": 0.0}, tolerance) == [".a: expected None, got 0.0"]
    assert differences({"a": 0}, {"a": None}, tolerance) == [".a: expected 0, got None"]
