"""Every reason that the code gives is in the public list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from stockhub.values import REASON_CODES

REPOSITORY = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")


def _given(tree: ast.AST) -> Iterator[str]:
    """Every text in capitals inside of a keyword `reason=` or of an assignment to `reason`."""
    keywords = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "reason"]
    assigned = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == "reason" for target in node.targets)
    ]
    texts = (node.value for value in keywords + assigned for node in ast.walk(value) if isinstance(node, ast.Constant))
    yield from (text for text in texts if isinstance(text, str) and _CODE.fullmatch(text))


def test_every_reason_in_the_code_is_listed() -> None:
    files = [*(REPOSITORY / "stockhub").rglob("*.py"), *(REPOSITORY / "plugins").glob("*/stockhub_*/**/*.py")]
    found = {code: file.name for file in files for code in _given(ast.parse(file.read_text(encoding="utf-8")))}
    assert {"NO_SALES", "NO_DATA", "NOT_VALUED"} <= set(found)
    assert {code: file for code, file in found.items() if code not in REASON_CODES} == {}


def test_a_code_is_capitals_and_says_what_it_means_in_a_sentence() -> None:
    assert all(_CODE.fullmatch(code) and meaning[0].isupper() and meaning.endswith(".") for code, meaning in REASON_CODES.items())
    assert len(set(REASON_CODES.values())) == len(REASON_CODES)
