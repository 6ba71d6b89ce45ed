"""Whether a connector says everything in Chinese too: its sentences are found in its source, so that none can be forgotten."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from stockhub.values.phrasebook import Phrasebook

#: What a place of a sentence holds while it is looked up.
_VALUE: Final = "X1"
_SHORTEST: Final = 2


def unspoken(folder: Path, phrases: Mapping[str, str], *, leaving_out: Collection[str] = ()) -> list[str]:
    """The English sentences in a package's source that `phrases` does not have in Chinese, each with its file and line.

    A sentence is a text that ends in a full stop and has several words, an f-string with its values included. Docstrings are none, nor are
    lines of the log (with `%s`). `leaving_out` names files and folders whose texts no operator reads: a fake platform, a command.
    """
    book = Phrasebook(phrases)
    found = []
    for path in sorted(folder.rglob("*.py")):
        if set(path.relative_to(folder).parts) & set(leaving_out):
            continue
        for line, text in _sentences(ast.parse(path.read_text(encoding="utf-8"))):
            if not any("\u4e00" <= character <= "\u9fff" for character in book.told(text)):
                found.append(f"{path.relative_to(folder)}:{line}: {text}")
    return found


def _sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    inside |= {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if id(node) in inside or not isinstance(node, ast.JoinedStr | ast.Constant):
            continue
        text = _text_of(node)
        if text.endswith(".") and len(text.split()) > _SHORTEST and "%" not in text and not text.startswith(" "):
            yield node.lineno, text


def _text_of(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else _VALUE for part in node.values)
    return node.value if isinstance(node.value, str) else ""
