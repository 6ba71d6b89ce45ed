"""The ledger as a proof with legal duplicates, and Amazon's advice as a second opinion (U23)."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path

import pytest

from stockhub_amazon.fields import FieldError
from stockhub_amazon.reports.__main__ import main
from stockhub_amazon.reports.documents import Document, looked_through
from stockhub_amazon.reports.ledger import SUMMARY, events_of, imbalances_of, totals_of
from stockhub_amazon.reports.restock import advice_of
from stockhub_amazon.sites import Region

NAMES = [column.name for column in SUMMARY.columns]


def document(body: bytes) -> Document:
    return looked_through(io.BytesIO(body), packed=False, charset="", region=Region.NORTH_AMERICA)


def summary(*rows: dict[str, object]) -> bytes:
    base = dict.fromkeys(NAMES, "0") | {"Date": "11/18/2026", "FNSKU": "X1", "MSKU": "MUG", "Disposition": "SELLABLE", "Location": "ONT8"}
    lines = ["\t".join(f'"{name}"' for name in NAMES)]
    lines += ["\t".join(f'"{(base | row)[name]}"' for name in NAMES) for row in rows]
    return "\r\n".join([*lines, ""]).encode()


def test_the_sample_adds_up_by_event(shared_kit: Path) -> None:
    body = (shared_kit / "samples" / "GET_LEDGER_DETAIL_VIEW_DATA.tsv").read_bytes()
    assert totals_of(events_of(document(body))) == {
        ("MUG-BLUE-350", "Receipts"): 400, ("MUG-BLUE-350", "Shipments"): -1, ("MUG-BLUE-350", "Adjustments"): -2,
        ("MUG-BLUE-350", "CustomerReturns"): 1, ("LED-LAMP-OLD", "VendorReturns"): -20,
    }  # fmt: skip
    assert [event.unreconciled for event in events_of(document(body))][:3] == [0, None, -2]


def test_equal_rows_are_two_events(shared_kit: Path) -> None:
    header, *rows = (shared_kit / "samples" / "GET_LEDGER_DETAIL_VIEW_DATA.tsv").read_bytes().splitlines(keepends=True)
    shipment = rows[1]
    events = list(events_of(document(header + shipment + shipment + rows[0])))
    assert len({event.event_id for event in events}) == 3
    assert totals_of(iter(events))[("MUG-BLUE-350", "Shipments")] == -2


def test_the_beginning_and_all_events_make_the_end() -> None:
    good: dict[str, object] = {"Starting Warehouse Balance": 10, "Receipts": 5, "Customer Shipments": -3, "Ending Warehouse Balance": 12}
    bad = good | {"MSKU": "MAT", "Ending Warehouse Balance": 9}
    proved, (wrong,) = imbalances_of(document(summary(good, bad)))
    assert (proved, wrong.sku, wrong.missing) == (2, "MAT", -3)


def test_a_row_that_cannot_be_read_ends_the_proof() -> None:
    with pytest.raises(FieldError, match="Receipts is empty"):
        imbalances_of(document(summary({"Receipts": ""})))


def test_amazons_advice_is_read_and_what_it_does_not_say_stays_unsaid(shared_kit: Path) -> None:
    body = (shared_kit / "samples" / "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT.tsv").read_bytes()
    mug, mat, tray = advice_of(document(body))
    assert (mug.qty, mug.ship_on, mug.days_of_supply) == (0, None, 90)
    assert (mat.qty, mat.ship_on, mat.alert) == (490, date(2026, 11, 20), "low_stock")
    assert (tray.qty, tray.days_of_supply) == (120, None)


def test_the_command_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ledger.tsv"
    file.write_bytes(summary({"Starting Warehouse Balance": 1, "Ending Warehouse Balance": 2}))
    monkeypatch.setattr(sys, "argv", ["reports", "ledger", str(file)])
    assert main() == 1
    assert capsys.readouterr().out == ("WRONG 2026-11-18 MUG SELLABLE ONT8: 1 +0 is not 2 (+1 without an event)\n1 rows proved, 1 wrong\n")
