"""The entry points that are installed."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass

from stockhub.pluginapi import ENTRY_POINT_GROUP


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry point of the group `stockhub.plugins`."""

    name: str
    value: str
    distribution: str
    version: str

    @property
    def key(self) -> str:
        """`<distribution>:<name>`, unique on a server: two distributions may use the same name."""
        return f"{self.distribution}:{self.name}"


def installed() -> list[Entry]:
    """Every entry point, sorted by name: where two plugins want the same slug, the first one in this order has it."""
    found: dict[str, Entry] = {}
    for point in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP):
        distribution = point.dist
        entry = Entry(
            point.name,
            point.value,
            distribution.name if distribution else "",
            distribution.version if distribution else "",
        )
        found.setdefault(entry.key, entry)
    return sorted(found.values(), key=lambda entry: (entry.name, entry.distribution))
