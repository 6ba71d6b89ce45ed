"""Which column of a file is which of ours: by name, or by a mapping file."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from stockhub.exchange.cells import Reading, read_column
from stockhub.exchange.columns import Column, Layout
from stockhub.exchange.tables import Fault, Table
from stockhub.values.errors import DomainError

#: A mapping file is a few lines; a larger one is another file.
_MAPPING_BYTES = 1 << 20


class MappingError(DomainError):
    """The columns of the file are not those that are needed: wrong usage, with what is expected."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Where each of our columns is found in the file, and the ones that are the same for every row."""

    places: dict[str, int]
    constants: dict[str, str]


@dataclass(slots=True)
class Rows:
    """Rows of a batch with typed values: `values[name][i]`. Rows at fault are left out of `good`, the indices to use."""

    lines: list[int]
    values: dict[str, list[Any]]
    good: list[int]
    faults: list[Fault] = field(default_factory=list)
    done: float = 0.0
    read: int = 0

    def row(self, index: int) -> dict[str, Any]:
        """One row by column name; columns that the file has not are absent."""
        return {name: values[index] for name, values in self.values.items()}


def normalised(name: str) -> str:
    """A column's name without case, width, spaces and joining marks."""
    text = unicodedata.normalize("NFKC", str(name)).casefold()
    return "".join(character for character in text if character.isalnum())


def load_mapping(path: Path) -> dict[str, Any]:
    """A mapping file: JSON, our column to the file's, or to {"value": …} for every row."""
    try:
        if path.stat().st_size > _MAPPING_BYTES:
            raise MappingError("bad_mapping", _("The mapping file is too large; it should be a short JSON object."))
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise MappingError(
            "bad_mapping", _("The mapping file cannot be read as JSON: %(error)s."), params={"error": type(error).__name__}
        ) from error
    if not isinstance(content, dict) or not all(_is_place(value) for value in content.values()):
        raise MappingError(
            "bad_mapping", _('The mapping file must be a JSON object such as {"sku": "Item", "warehouse": {"value": "CN1"}}.')
        )
    return content


def match_columns(layout: Layout, header: list[str], mapping: Mapping[str, Any] | None = None) -> Matched:
    """Raises `MappingError` for a missing, unknown or ambiguous column."""
    places: dict[str, int] = {}
    constants: dict[str, str] = {}
    names = [column.name for column in layout.columns]
    for name, place in (mapping or {}).items():
        if name not in names:
            raise MappingError(
                "unknown_field",
                _("The mapping names %(name)r, which is no column of %(layout)s. Known: %(names)s."),
                params={"name": name, "layout": layout.name, "names": ", ".join(names)},
            )
        if isinstance(place, dict):
            constants[name] = str(place["value"])
        elif header.count(place) != 1:
            found = "twice" if place in header else "not"
            raise MappingError(
                "unknown_column",
                _("The column %(place)r for %(name)s is %(found)s in the file, which has: %(header)s."),
                params={"place": place, "name": name, "found": found, "header": _shown(header)},
            )
        else:
            places[name] = header.index(place)
    for column in layout.columns:
        if column.name not in places and column.name not in constants:
            place = _found(column, header)
            if place is not None:
                places[column.name] = place
    _require(layout, header, {*places, *constants})
    return Matched(places, constants)


def typed_rows(layout: Layout, table: Table, mapping: Matched, how: Reading) -> Iterator[Rows]:
    """The file's rows, batch by batch."""
    names = list(mapping.places)
    for batch in table.batches([mapping.places[name] for name in names]):
        faults = list(batch.faults)
        values: dict[str, list[Any]] = {}
        for name, raw in zip(names, batch.columns, strict=True):
            values[name] = read_column(layout.column(name), raw, batch.lines, how, faults)
        for name, constant in mapping.constants.items():
            values[name] = read_column(layout.column(name), [constant] * len(batch), batch.lines, how, faults)
        bad = {fault.line for fault in faults}
        good = [index for index, line in enumerate(batch.lines) if line not in bad] if bad else list(range(len(batch)))
        yield Rows(batch.lines, values, good, faults, batch.done, len(batch) + len({fault.line for fault in batch.faults}))


def _is_place(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and set(value) == {"value"} and isinstance(value["value"], str | int | float))


def _found(column: Column, header: list[str]) -> int | None:
    """The place of the column: its own name before an alias, aliases in their order."""
    known = [normalised(name) for name in header]
    for alias in (column.name, *column.aliases):
        places = [place for place, name in enumerate(known) if name == normalised(alias)]
        if len(places) > 1:
            raise MappingError(
                "duplicate_column",
                _("The file has the column %(header)r more than once. Rename or remove one of them."),
                params={"header": header[places[0]]},
            )
        if places:
            return places[0]
    return None


def _require(layout: Layout, header: list[str], present: set[str]) -> None:
    missing = [column.name for column in layout.columns if column.required and column.name not in present]
    missing += [" or ".join(group) for group in layout.one_of if not present.intersection(group)]
    if missing:
        expected = ", ".join(column.name + ("" if column.required else " (optional)") for column in layout.columns)
        raise MappingError(
            "missing_columns",
            _(
                "These columns are missing: %(missing)s. The file has: %(header)s. Expected: %(expected)s. "
                "Name them in the first line, or use a mapping file."
            ),
            params={"missing": ", ".join(missing), "header": _shown(header), "expected": expected},
        )


def _shown(header: list[str]) -> str:
    shown = ", ".join(name[:40] for name in header[:40])
    return shown or "none"
