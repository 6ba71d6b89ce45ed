"""Text in files that a spreadsheet opens."""

from __future__ import annotations

from typing import Final

#: What a spreadsheet takes for the beginning of a formula, in its wide forms too, and what it skips before one.
_FORMULA: Final = frozenset("=+-@＝＋－＠")
_SKIPPED: Final = frozenset("\t\r\n")


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet computes: with an apostrophe in front where it looks like a formula."""
    if text and (text[0] in _SKIPPED or text.lstrip()[:1] in _FORMULA):
        return f"'{text}"
    return text
