"""What whoever starts an import may choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from stockhub.exchange.cells import reading
from stockhub.exchange.columns import Layout
from stockhub.exchange.mapping import Rows, match_columns, typed_rows
from stockhub.exchange.readers import open_table
from stockhub.values.errors import DomainError


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`mapping` as in a mapping file; `time_zone` of times without one; `encoding` where detection is wrong."""

    mapping: Mapping[str, Any] = field(default_factory=dict)
    time_zone: str = ""
    encoding: str = ""
    create_skus: bool = False
    default_status: str = "paid"


def open_rows(layout: Layout, path: Path, options: ImportOptions, zone: str) -> tuple[frozenset[str], Iterator[Rows]]:
    """The columns that the file has, and its rows. Raises before the first row where the file or its columns are not right."""
    name = options.time_zone or zone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DomainError(
            "unknown_time_zone", _("There is no time zone %(name)r. Use a name such as Asia/Shanghai."), params={"name": name}
        ) from error
    table = open_table(path, encoding=options.encoding)
    matched = match_columns(layout, table.header, options.mapping)
    return frozenset({*matched.places, *matched.constants}), typed_rows(layout, table, matched, reading(name))
