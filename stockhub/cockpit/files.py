"""Addresses of files from pages of our own."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse


def file_links(name: str, asked: Mapping[str, object] | None = None) -> list[tuple[str, str]]:
    """The formats of the export `name` and the address of each; `asked` are its parameters. A CSV is marked for spreadsheets."""
    given = dict(asked or {})
    formats: dict[str, dict[str, object]] = {"csv": given | {"bom": 1}, "xlsx": given, "parquet": given}
    return [(suffix, _address(name, suffix, query)) for suffix, query in formats.items()]


def _address(name: str, suffix: str, query: Mapping[str, object]) -> str:
    address = reverse("exports:file", args=[name, suffix])
    return f"{address}?{urlencode(query)}" if query else address
