"""The reference page of the exports, made from their own tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from stockhub.exports.export import Export
from stockhub.exports.filters import MOST_VALUES

_HEAD: Final = """# Exports

`GET /exports/<name>.<format>` is a file of everything that the asking user may see: rows of other shops' accounts and warehouses are not in
it. A session or `Authorization: Bearer <token>` says who asks, as at the API; `GET /exports/` lists what he may have. Lists in the admin
have a button for theirs.

| format | |
|---|---|
| `.csv` | UTF-8, CRLF, streamed as it is read; `bom=1` puts a byte order mark in front, for spreadsheets |
| `.xlsx` | one sheet of at most 1,048,575 rows; texts are typed as texts, those that look like a formula marked as quoted |
| `.parquet` | typed; texts as they are, for machines |

A text that a spreadsheet would compute (it begins with =, +, -, @, their wide forms, a tab or a line break) has an apostrophe in front
in a `.csv`. Numbers have none: -5 is five owed. Estimates such as days of cover have four places there, and all of them elsewhere.

Instants are in UTC, days are the warehouse's own, amounts have a column for their currency, an empty cell means that nothing is known or
nothing applies and never 0. Columns are only ever added, at the end.

Parameters narrow a file. One that does not exist, or that cannot be read, is refused with status 400 and what to do:
`{"errors": [{"message": "…", "extensions": {"code": "unknown_sku", "path": ["sku"], "correlationId": "…"}}]}`. 401 is nobody, 403 a user
without the permission, 404 no such file. A code of something that the user may not see is refused as one that does not exist. Parameters
that take codes or kinds take up to %(most)s, between commas or one by one: `sku=A,B` or `sku=A&sku=B`. Instants have their offset, and
moments and days that end a range are not in it.

A file is one state of the database, read by one statement; the unified view (`overview-…`) is read some hundred SKUs at a time, each as of
the moment in its rows. Whatever its length, a file takes the memory of some thousand rows. If something fails on the way, the connection
ends early: half a file is never a whole one.

The unified view defines **cover for a pool**, which is where stock meets demand. A warehouse has a cover of its own where none of its pools
has another warehouse; elsewhere the reason is `POOLED_STOCK`. An **imbalance** is told of pools in one country that share no warehouse,
and seen by those who see both.
"""


def reference(exports: Collection[Export]) -> str:
    """The page, as `docs/reference/exports.md` holds it."""
    return "\n".join([_HEAD % {"most": f"{MOST_VALUES:,}"}, *(line for each in exports for line in _section(each))])


def _section(export: Export) -> Iterator[str]:
    yield f"## `{export.name}`"
    yield ""
    yield f"{export.about} Needs {', '.join(f'`{each}`' for each in export.permissions)}."
    yield ""
    yield "| column | holds | |"
    yield "|---|---|---|"
    yield from (f"| `{column.name}` | {column.kind} | {column.about} |" for column in export.columns)
    yield ""
    yield "| parameter | |"
    yield "|---|---|"
    yield from (f"| `{each.name}` | {each.about} |" for each in export.filters)
    yield ""
