"""The reference of the import files is made from the same table as the readers."""

from __future__ import annotations

from pathlib import Path

from stockhub.exchange.columns import reference
from stockhub.exchange.layouts import ALL

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "imports.md"


def test_the_reference_page_says_what_the_readers_take() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(ALL)


def test_no_name_of_a_column_means_two_columns() -> None:
    from stockhub.exchange.mapping import normalised

    for layout in ALL:
        names = [normalised(name) for column in layout.columns for name in {column.name, *column.aliases}]
        assert sorted(names) == sorted(set(names)), layout.name
