"""Text in files that a spreadsheet opens."""

from __future__ import annotations

from typing import Any, Final

#: What a spreadsheet takes for the beginning of a formula, in its wide forms too, and what it skips before one.
_FORMULA: Final = frozenset("=+-@＝＋－＠")
_SKIPPED: Final = frozenset("\t\r\n")
#: Characters that an XLSX cell can hold.
_LONGEST_CELL: Final = 32_767


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet computes: with an apostrophe in front where it looks like a formula."""
    if text and (text[0] in _SKIPPED or text.lstrip()[:1] in _FORMULA):
        return f"'{text}"
    return text


def text_cell(sheet: Any, text: str) -> Any:  # noqa: ANN401 - a sheet and a cell of an untyped package
    """A cell of a write-only XLSX sheet that holds the text as text, marked as quoted where it looks like a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    made = WriteOnlyCell(sheet, value=None)
    clean = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_LONGEST_CELL]
    made.value, made.data_type = clean, "s"
    if inert(clean) != clean:
        made.quotePrefix = True
    return made
