"""What the columns of an import are: one table for the reader, the help of the command and the reference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Cell(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    CODE = "code"
    WHOLE = "whole number"
    NUMBER = "number"
    AMOUNT = "amount"
    CURRENCY = "currency"
    INSTANT = "time"
    DAY = "date"
    CHOICE = "one of a list"
    FLAG = "yes or no"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `aliases` are other names that files have for it, of any case, with or without spaces and underscores."""

    name: str
    cell: Cell
    help: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    length: int = 120
    #: Accepted words, and what each of them means.
    choices: tuple[tuple[str, str], ...] = ()
    may_be_future: bool = True
    #: Read for a keyed hash only; never repeated in a report.
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file. At least one of each group in `one_of` has to be there."""

    name: str
    about: str
    columns: tuple[Column, ...]
    one_of: tuple[tuple[str, ...], ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def describe(layout: Layout) -> list[str]:
    """The columns as plain lines, for a command's help."""
    width = max(len(column.name) for column in layout.columns)
    return [f"  {column.name:<{width}}  {_needed(column)}{column.cell}: {column.help}{_also(column)}" for column in layout.columns]


def reference(layouts: Iterable[Layout]) -> str:
    """The reference page of all imports, as Markdown."""
    parts = ["# Import files", "", INTRODUCTION, ""]
    for layout in layouts:
        parts += [f"## `{layout.name}`", "", layout.about, "", "| column | | cell | holds | other names |", "|---|---|---|---|---|"]
        for column in layout.columns:
            needed = "required" if column.required else ""
            parts.append(f"| `{column.name}` | {needed} | {column.cell} | {_bar(column.help)} | {_bar(', '.join(column.aliases))} |")
        parts += [f"One of these is needed: {', '.join(f'`{name}`' for name in group)}." for group in layout.one_of]
        parts.append("")
    return "\n".join(parts)


INTRODUCTION = """CSV (any delimiter, UTF-8, UTF-16, GBK), XLSX (the first sheet) or parquet. The first line names the columns; case, spaces
and underscores do not matter, and unknown columns are never read. `--mapping FILE` names them where they are called something else: a JSON
object such as `{"sku": "Artikel", "warehouse": {"value": "CN1"}}`; an object with `value` stands for every row. A row that cannot be taken
is reported with its line and the reason, and the others go in. A second import of the same file changes nothing, so one that was killed is
finished by running it again."""


def _needed(column: Column) -> str:
    return "(required) " if column.required else ""


def _also(column: Column) -> str:
    return f" Also: {', '.join(column.aliases)}." if column.aliases else ""


def _bar(text: str) -> str:
    return text.replace("|", "\\|")
