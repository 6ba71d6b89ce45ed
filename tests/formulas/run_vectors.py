"""`make vectors DIR=…`: every suite of a folder through the formulas. A suite that no formula answers yet has failed."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.formulas.vector_adapters import ADAPTERS
from tests.formulas.vector_suites import wrong_cases


def main() -> int:
    """0 when every suite passed, 1 when one failed, 2 for wrong usage."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("Usage: make vectors DIR=<folder of suites>", file=sys.stderr)
        return 2
    passed = failed = 0
    for file in sorted(Path(sys.argv[1]).glob("*.json")):
        problem = _problem(file)
        print(f"{file.stem}: {problem or 'passed'}")
        failed += bool(problem)
        passed += not problem
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


def _problem(file: Path) -> str:
    if file.stem not in ADAPTERS:
        return "FAILED: no formula answers it yet"
    wrong = wrong_cases(file)
    return f"FAILED: {'; '.join(f'{case} {how[0]}' for case, how in wrong.items())}" if wrong else ""


if __name__ == "__main__":
    sys.exit(main())
