"""What Amazon reckons of stock itself, by its planning report: days of supply, sell-through, excess, its low fee (H16, E15)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from stockhub.pluginapi.platform_records import StockAgeRecord
from stockhub_amazon.reports.documents import looked_through
from stockhub_amazon.reports.planning import AGES_TABLE, PlanningRows
from stockhub_amazon.reports.tables import Slice
from stockhub_amazon.sites import Region

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SHORT, LONG = "Short term historical days of supply", "Long term historical days of supply"
EXEMPT, APPLIED = "Exempted from Low-Inventory-Level fee?", "Low-Inventory-Level fee applied in current week?"


@pytest.fixture(scope="module")
def sample(shared_kit: Path) -> tuple[list[str], dict[str, str]]:
    """The header of 99 columns, and the row of a healthy SKU."""
    said = (shared_kit / "samples" / "GET_FBA_INVENTORY_PLANNING_DATA.tsv").read_text(encoding="utf-8")
    header, first, *_others = csv.reader(io.StringIO(said), delimiter="\t", quoting=csv.QUOTE_NONE)
    return header, dict(zip(header, first, strict=True))


def part_of(header: list[str], row: dict[str, str]) -> Slice[StockAgeRecord]:
    body = "\r\n".join(("\t".join(header), "\t".join(row[name] for name in header), "")).encode()
    document = looked_through(io.BytesIO(body), packed=False, charset="utf-8", region=Region.NORTH_AMERICA)
    (part,) = AGES_TABLE.slices_by_place(document, PlanningRows("FBA", "America/Los_Angeles", NOW, "USD").ages)
    return part


def test_h16_e15_the_sample_tells_what_the_fee_and_the_index_are_made_of(sample: tuple[list[str], dict[str, str]]) -> None:
    header, row = sample
    (record,) = part_of(header, row).records
    told = (row[SHORT], row[LONG], row["days-of-supply"], row["sell-through"], row["estimated-excess-quantity"])
    assert (
        record.supply_days_30, record.supply_days_90, record.supply_days_ahead, record.sell_through, record.excess_qty
    ) == tuple(Decimal(text) if text else None for text in told)  # fmt: skip
    assert record.supply_days_30 is not None
    assert (record.low_fee_exempt, record.low_fee_applied) == (row[EXEMPT] == "Yes", row[APPLIED] == "Yes")
    assert record.health == row["fba-inventory-level-health-status"]


def test_e15_older_headers_and_the_deciding_figure_alone_are_read(sample: tuple[list[str], dict[str, str]]) -> None:
    header, row = sample
    older = {EXEMPT: "Exempted from Low-Inventory cost coverage fee?", APPLIED: "Low-Inventory cost coverage fee applied in current week?"}
    kept = [name for name in header if name not in (SHORT, LONG)]
    changed = {older.get(name, name): value for name, value in row.items()} | {older[EXEMPT]: "Yes", "historical-days-of-supply": "19.5"}
    (record,) = part_of([older.get(name, name) for name in kept], changed).records
    assert (record.supply_days_30, record.supply_days_90, record.low_fee_exempt) == (Decimal("19.5"), Decimal("19.5"), True)


def test_h16_a_report_without_these_columns_still_tells_ages(sample: tuple[list[str], dict[str, str]]) -> None:
    header, row = sample
    asked = (SHORT, LONG, EXEMPT, APPLIED, "historical-days-of-supply", "days-of-supply", "sell-through", "estimated-excess-quantity",
             "fba-inventory-level-health-status")  # fmt: skip
    (record,) = part_of([name for name in header if name not in asked], row).records
    assert sum(units for _first, _last, units in record.brackets) > 0
    assert (record.supply_days_30, record.sell_through, record.excess_qty, record.low_fee_exempt, record.health) == (None,) * 4 + ("",)


@pytest.mark.parametrize("said", ["", "--", "N/A", "over a year"])
def test_h103_a_text_that_is_no_number_says_nothing(sample: tuple[list[str], dict[str, str]], said: str) -> None:
    header, row = sample
    blank = dict.fromkeys((SHORT, LONG, "historical-days-of-supply", "sell-through", EXEMPT), said)
    (record,) = part_of(header, row | blank).records
    assert (record.supply_days_30, record.supply_days_90, record.sell_through, record.low_fee_exempt) == (None,) * 4


@pytest.mark.parametrize(
    ("column", "said"), [(SHORT, "NaN"), (LONG, "-3"), ("sell-through", "Infinity"), ("estimated-excess-quantity", "-1")]
)
def test_h103_a_figure_that_cannot_be_sets_its_row_apart(sample: tuple[list[str], dict[str, str]], column: str, said: str) -> None:
    header, row = sample
    part = part_of(header, row | {column: said})
    assert part.records == []
    assert [(each.external_id, column in each.message) for each in part.rejected] == [(f"row 1 {row['sku']}", True)]
