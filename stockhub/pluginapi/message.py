"""What a notifier is given to tell: plain texts in one language, in parts, so that each channel lays them out as it can.

Every text is a person's or a seller's words and nothing else: no markup. A notifier that writes HTML or Markdown escapes all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value: `Suggested quantity`, `200 units`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the message is about, the most urgent first. `line` is all of it in one line; `facts` are its parts."""

    title: str
    line: str
    level: int = 0
    facts: tuple[Fact, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A table that goes with the message: attached by channels that can, else shown as far as there is room."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the same at every attempt, and another for every message: what a receiver recognises a repetition by.

    `level` is that of the worst item, 0 where there is none. `link` leads to the whole; empty where the server has no public address.
    """

    key: str
    language: str
    subject: str
    text: str = ""
    level: int = 0
    items: tuple[Item, ...] = ()
    #: What is said of those that are not among the items.
    more: str = ""
    link: str = ""
    link_label: str = ""
    report: Report | None = None
    #: What it is about, for machines.
    data: Mapping[str, Any] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """The message as plain lines: what it is about, then each item."""
        first = [self.text] if self.text else []
        return [*first, *(item.line for item in self.items), *([self.more] if self.more else [])]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Message:
        """The message that `to_json` wrote down."""
        items = tuple(Item(**{**item, "facts": tuple(Fact(**fact) for fact in item["facts"])}) for item in document["items"])
        given = document["report"]
        report = Report(given["name"], tuple(given["columns"]), tuple(tuple(row) for row in given["rows"])) if given else None
        return cls(**{**document, "items": items, "report": report})
