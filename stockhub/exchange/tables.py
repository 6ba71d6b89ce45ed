"""What every reader gives: a header, then batches of columns with the line numbers of their rows. Memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from stockhub.values.errors import DomainError, LazyText

BATCH_ROWS: Final = 20_000
#: No row of a real file is longer; a longer one is a broken quote or not a table at all.
ROW_CHARACTERS: Final = 100_000
HEADER_COLUMNS: Final = 2_000


class FileError(DomainError):
    """The file as a whole cannot be read: not a table, empty, too large, cut off."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row, or one cell of it, was refused. `line` counts from 1, the header's line included; `value` is the cell, cut short.

    `text` says why and what to do. A lazy one is a template over `params`, so that whoever reads the fault later reads his own language.
    """

    line: int
    column: str
    code: str
    text: str | LazyText
    value: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The text in the language that is active now."""
        return self.text if isinstance(self.text, str) else str(self.text % dict(self.params))


@dataclass(slots=True)
class Batch:
    """Rows as columns, in the order of the asked indices; `lines[i]` is where row i stands in the file. A missing cell is None or ""."""

    lines: list[int]
    columns: list[list[Any]]
    faults: list[Fault] = field(default_factory=list)
    #: A part of the whole file that has been read, 0 to 1, for progress.
    done: float = 0.0

    def __len__(self) -> int:
        return len(self.lines)


class Table(Protocol):
    """An open file. `batches` may be asked once."""

    header: list[str]

    def batches(self, indices: Sequence[int]) -> Iterator[Batch]:
        """The columns at these places of the header."""
        ...
