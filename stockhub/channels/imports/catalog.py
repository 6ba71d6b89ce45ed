"""Categories, products, SKUs and bundles from a file, one row a SKU."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.classification import upsert_categories, upsert_products
from stockhub.catalog.inputs import CategoryInput, ComponentInput, ProductInput, SkuInput
from stockhub.catalog.skus import upsert_skus
from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, given, write_rows
from stockhub.channels.imports.spool import Spool
from stockhub.channels.listing_links import link_by_code
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import CATALOG
from stockhub.exchange.mapping import Rows
from stockhub.exchange.ordinals import Ordinals
from stockhub.exchange.tables import Fault

_PART = re.compile(r"(\S.*?)(?:\s*[x×*]\s*(\d{1,6}))?")
_PLAIN = (
    "name", "product", "brand", "barcode", "stage", "weight_grams", "length_mm", "width_mm", "height_mm", "shelf_life_days",
    "is_replenished", "is_clearance", "launched_on",
)  # fmt: skip


def import_catalog(run: ImportRun, path: Path, *, options: ImportOptions) -> None:
    """Bundles come last, so that their parts may stand anywhere in the file."""
    _columns, batches = open_rows(CATALOG, path, options, settings.STOCKHUB_TIME_ZONE)
    with Spool[tuple[int, SkuInput]]() as bundles:
        work = _CatalogImport(run, bundles)
        for rows in batches:
            work.take(rows)
        # In a dry run their parts have been rolled back, so they cannot be tried.
        for chunk in () if run.is_dry else bundles.chunks(500):
            written, unchanged, faults = write_rows(chunk, upsert_skus)
            run.refuse(faults)
            run.advance(read=0, written=written, unchanged=unchanged, done=1.0)
    if not run.is_dry:
        run.count("listings_linked", link_by_code())


@dataclass(slots=True)
class _CatalogImport:
    run: ImportRun
    bundles: Spool[tuple[int, SkuInput]]
    ordinals: Ordinals = field(default_factory=Ordinals)
    _categories: dict[str, str] = field(default_factory=dict)
    _products: set[str] = field(default_factory=set)

    def take(self, rows: Rows) -> None:
        faults = rows.faults
        skus: list[tuple[int, SkuInput]] = []
        bundles: list[tuple[int, SkuInput]] = []
        codes = [rows.values["sku"][index] for index in rows.good]
        with effect(self.run):
            self._add_parents(rows)
            for index, ordinal in zip(rows.good, self.ordinals.next(codes), strict=True):
                line, row = rows.lines[index], rows.row(index)
                if ordinal:
                    faults.append(
                        Fault(line, "sku", "duplicate_row", _("The SKU stands in the file before; the first row counts."), row["sku"])
                    )
                    continue
                try:
                    entry = self._entry(row)
                except ValueError:
                    text = _("Write the parts of a bundle as A x2; B x1.")
                    faults.append(Fault(line, "components", "bad_components", text, str(row.get("components"))[:200]))
                    continue
                (bundles if entry.components else skus).append((line, entry))
            written, unchanged, refused = write_rows(skus, upsert_skus)
        if self.run.is_dry:
            self._categories.clear()
            self._products.clear()
        self.bundles.add(bundles)
        self.run.refuse(faults + refused)
        self.run.advance(read=rows.read, written=written, unchanged=unchanged, done=rows.done)

    def _entry(self, row: dict[str, Any]) -> SkuInput:
        values = given(**{name: row.get(name) for name in _PLAIN})
        if row.get("category"):
            values["category"] = self._categories[row["category"]]
        base = settings.STOCKHUB_BASE_CURRENCY
        cost_currency = row.get("cost_currency") or base
        if row.get("cost") is not None:
            values |= {"unit_cost_amount": row["cost"], "unit_cost_currency": cost_currency}
        if row.get("price") is not None:
            values |= {"price_amount": row["price"], "price_currency": row.get("price_currency") or cost_currency}
        if row.get("components"):
            values["components"] = _parts(row["components"])
        return SkuInput(code=row["sku"], **values)  # type: ignore[arg-type]

    def _add_parents(self, rows: Rows) -> None:
        """Categories before their children, and products, for the codes that this batch is the first to name."""
        paths = {path for path in _named(rows, "category") if path not in self._categories}
        levels: dict[int, dict[str, CategoryInput]] = {}
        for path in paths:
            parent = ""
            for depth, name in enumerate(path_names(path)):
                code = category_code([*path_names(path)[:depth], name])
                levels.setdefault(depth, {})[code] = CategoryInput(code=code, name=name[:200], parent=parent or None)
                parent = code
            self._categories[path] = parent
        for depth in sorted(levels):
            write_rows([(0, row) for row in levels[depth].values()], upsert_categories)
        products = sorted(_named(rows, "product") - self._products)
        write_rows([(0, ProductInput(code=code)) for code in products], upsert_products)
        self._products.update(products)


def category_code(names: list[str]) -> str:
    """A path as a code; one that is too long keeps its end and a digest."""
    code = "/".join(names)
    if len(code) <= 60:
        return code
    return f"{hashlib.sha256(code.encode()).hexdigest()[:10]}…{code[-48:]}"


def _named(rows: Rows, column: str) -> set[str]:
    values = rows.values.get(column)
    return {values[index] for index in rows.good if values[index]} if values else set()


def path_names(path: str) -> list[str]:
    return [name.strip() for name in re.split(r"[/>＞／]", path) if name.strip()] or [path]


def _parts(text: str) -> list[ComponentInput]:
    """`A x2; B` is two A and one B."""
    parts: list[ComponentInput] = []
    for piece in re.split(r"[;；]", text):
        if not piece.strip():
            continue
        match = _PART.fullmatch(piece.strip())
        if match is None or (match[2] and not int(match[2])):
            raise ValueError("Write the parts of a bundle as A x2; B x1.")
        parts.append(ComponentInput(sku=match[1].strip(), qty=int(match[2] or 1)))
    return parts
