"""Suppliers and their offers from a file: rows of the same supplier, SKU and pool are one offer with price breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, given, require_few, write_rows
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import SUPPLIERS
from stockhub.exchange.tables import Fault
from stockhub.suppliers.services import LegInput, OfferInput, PriceBreakInput, SupplierInput, upsert_offers, upsert_suppliers

_LEG = re.compile(r"(\S.*?)\s+(\d+(?:\.\d+)?)(?:\s*(?:±|\+/?-)\s*(\d+(?:\.\d+)?))?")


@dataclass(slots=True)
class _Gathered:
    """Suppliers and offers with the rows that speak of them; the first non-empty cell of a column counts."""

    suppliers: dict[str, dict[str, Any]] = field(default_factory=dict)
    offers: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    breaks: dict[tuple[str, str, str], dict[int, Any]] = field(default_factory=dict)


def import_suppliers(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    _columns, batches = open_rows(SUPPLIERS, path, options, settings.STOCKHUB_TIME_ZONE)
    gathered = _Gathered()
    for rows in batches:
        faults = list(rows.faults)
        problems = [_gather(gathered, rows.lines[index], rows.row(index)) for index in rows.good]
        faults += [problem for problem in problems if problem is not None]
        run.refuse(faults)
        run.advance(read=rows.read, done=rows.done)
        require_few(run.job.rows_read)
    with effect(run):
        _write(run, gathered)


def _gather(gathered: _Gathered, line: int, row: dict[str, Any]) -> Fault | None:
    if row.get("break_qty") is not None and (row.get("price") is None or not row.get("sku")):
        return Fault(line, "price", "missing", _("A price break needs a SKU and a price."))
    try:
        legs = parse_legs(row["legs"]) if row.get("legs") else None
    except ValueError:
        return Fault(line, "legs", "bad_legs", _("Write the legs as production 20±3; sea 30±5; receiving 4."), row["legs"][:200])
    supplier = gathered.suppliers.setdefault(row["supplier"], {"line": line})
    _fill(
        supplier,
        given(name=row.get("supplier_name"), country=row.get("country"), is_local=row.get("is_local"), currency=row.get("currency")),
    )
    if not row.get("sku"):
        return None
    key = (row["supplier"], row["sku"], row.get("pool") or "")
    offer = gathered.offers.setdefault(key, {"line": line})
    price = row.get("price")
    if row.get("break_qty") is not None:
        gathered.breaks.setdefault(key, {})[row["break_qty"]] = price
        price = None
    told = given(
        supplier_sku=row.get("supplier_sku"), unit_price_amount=price, currency=row.get("currency"), moq=row.get("moq"),
        case_pack=row.get("case_pack"), preference=row.get("preference"), legs=legs,
    )  # fmt: skip
    for name in ("lead_time_days", "lead_time_sd_days"):
        if row.get(name) is not None:
            told[name] = float(row[name])
    _fill(offer, told)
    return None


def _fill(known: dict[str, Any], told: dict[str, Any]) -> None:
    for name, value in told.items():
        known.setdefault(name, value)


def _write(run: ImportRun, gathered: _Gathered) -> None:
    suppliers = [(told.pop("line"), SupplierInput(code=code, **told)) for code, told in gathered.suppliers.items()]
    offers: list[tuple[int, OfferInput]] = []
    for (supplier, sku, pool), told in gathered.offers.items():
        line = told.pop("line")
        breaks = gathered.breaks.get((supplier, sku, pool))
        if breaks:
            told["price_breaks"] = [PriceBreakInput(min_qty=qty, unit_price_amount=price) for qty, price in sorted(breaks.items())]
        told.setdefault("currency", gathered.suppliers[supplier].get("currency", settings.STOCKHUB_BASE_CURRENCY))
        offers.append((line, OfferInput(supplier=supplier, sku=sku, pool=pool or None, **told)))
    for rows, write in ((suppliers, upsert_suppliers), (offers, upsert_offers)):
        written, unchanged, faults = write_rows(rows, write)  # type: ignore[arg-type]
        run.refuse(faults)
        run.advance(read=0, written=written, unchanged=unchanged, done=1.0)


def parse_legs(text: str) -> list[LegInput]:
    """`production 20±3; sea 30` are two legs; they add up."""
    legs: list[LegInput] = []
    for piece in re.split(r"[;；]", text):
        if not piece.strip():
            continue
        match = _LEG.fullmatch(piece.strip())
        if match is None:
            raise ValueError("Write the legs as production 20±3; sea 30±5; receiving 4.")
        legs.append(LegInput(name=match[1][:60], days=float(match[2]), sd_days=float(match[3] or 0)))
    return legs
