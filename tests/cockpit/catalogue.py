"""Reads a gettext catalogue as text, with nothing but the standard library."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import stockhub.config

LOCALE = Path(stockhub.config.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES"
_FIELD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One message with its translation."""

    source: str
    plural: str
    translation: str
    is_fuzzy: bool
    context: str = ""

    @property
    def key(self) -> str:
        """How the compiled catalogue names it."""
        return f"{self.context}\x04{self.source}" if self.context else self.source


def entries() -> list[Entry]:
    """Every entry but the header."""
    found = []
    for block in (LOCALE / "django.po").read_text().split("\n\n"):
        fields = {name: "".join(ast.literal_eval(line) for line in text.splitlines()) for name, text in _FIELD.findall(block)}
        if fields.get("msgid"):
            translation = fields.get("msgstr", fields.get("msgstr[0]", ""))
            is_fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines())
            found.append(Entry(fields["msgid"], fields.get("msgid_plural", ""), translation, is_fuzzy, fields.get("msgctxt", "")))
    return found
