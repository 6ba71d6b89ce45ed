"""Amazon's advice on restocking beside our own figures, a SKU a line: to be looked at, and put into nothing (U23)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from stockhub_amazon.fields import FieldError, amount_or_none
from stockhub_amazon.reports.restock import Advice

#: Of the export `overview-pools`, which is what `--ours` names.
_COLUMNS: Final = ("sku", "pool", "available", "cover_days", "order_up_to")


@dataclass(frozen=True, slots=True)
class Ours:
    """What StockHub reckons of a SKU in a pool. None: it does not know."""

    available: Decimal | None
    cover_days: Decimal | None
    order_up_to: Decimal | None


def our_figures(path: Path, pool: str = "") -> Mapping[str, Ours]:
    """By SKU, of one pool. FieldError where the file is another one, names several pools of a SKU, or holds what is no number."""
    found: dict[str, Ours] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise FieldError(missing[0], f"{path.name} has no column {missing[0]}: give the export overview-pools.csv.")
        for number, row in enumerate(rows, 2):
            if pool and row["pool"] != pool:
                continue
            sku = row["sku"].removeprefix("'")
            if sku in found:
                raise FieldError("pool", f"{path.name} has {sku[:60]} in several pools: choose Amazon's with --pool.")
            try:
                found[sku] = Ours(*(amount_or_none(row, name) for name in _COLUMNS[2:]))
            except FieldError as error:
                raise FieldError(error.name, f"{path.name}, row {number}: {error.message}") from None
    if pool and not found:
        raise FieldError("pool", f"{path.name} has no pool {pool[:60]}.")
    return found


def beside(advice: Iterable[Advice], ours: Mapping[str, Ours]) -> Iterator[str]:
    """A line a SKU that either knows, in Amazon's order and then in ours. A question mark is what one of the two does not say."""
    left = dict(ours)
    for each in advice:
        yield f"{each.sku}\t{_amazons(each)}\t{_our(left.pop(each.sku, None))}"
    for sku, figures in left.items():
        yield f"{sku}\tAmazon: nothing\t{_our(figures)}"


def _amazons(each: Advice) -> str:
    supply = "?" if each.days_of_supply is None else each.days_of_supply
    return f"Amazon: send {each.qty} by {each.ship_on or '-'}, {supply} days of supply"


def _our(figures: Ours | None) -> str:
    if figures is None:
        return "StockHub: nothing under this code"
    available, cover, up_to = (_said(each) for each in (figures.available, figures.cover_days, figures.order_up_to))
    return f"StockHub: {available} available, {cover} days of cover, order up to {up_to}"


def _said(number: Decimal | None) -> str:
    return "?" if number is None else f"{number.normalize():f}"
