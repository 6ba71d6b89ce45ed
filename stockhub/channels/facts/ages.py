"""How old stock is that a platform counts, by the platform (H44, E14): its ages go before those of our lots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.channels.fact_models import LatestStockAge, StockAge
from stockhub.channels.facts.intake import (
    Place,
    Written,
    check_amount,
    check_code,
    check_count,
    check_currency,
    check_instant,
    check_text,
    check_warehouse,
    one_sku,
    places_of,
    take,
    units_of,
)
from stockhub.channels.models import Account
from stockhub.channels.order_intake import QTY_MAX, RefusedError
from stockhub.channels.payloads import RecordKind
from stockhub.channels.resolution import load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import StockAgeRecord

#: Brackets of one code: no platform has more.
_BRACKETS: Final = 100
#: Days of the oldest bracket: a hundred years.
_DAYS: Final = 36_500
_NO_END: Final = -1
#: What a platform reckons of its stock, as numbers with a fraction.
_FIGURES: Final = ("supply_days_30", "supply_days_90", "supply_days_ahead", "sell_through")


def ingest_ages(*, account: Account, ages: Sequence[StockAgeRecord]) -> SimpleResult:
    """Takes ages over for warehouses that the platform counts. A code that is not named keeps the ages that it had, with their date."""
    places = places_of(record.warehouse for record in ages if isinstance(record.warehouse, str))
    return take(
        account=account,
        kind=RecordKind.AGE,
        feed=FeedKind.AGES,
        records=ages,
        check=lambda record: _check(record, places),
        write=lambda good: _write(account, good, places),
        until=lambda record: record.observed_at,
    )


def _check(record: StockAgeRecord, places: dict[str, Place]) -> None:
    check_code(record.code, record.code_kind)
    if not check_warehouse(record.warehouse, places).is_observed:
        raise RefusedError("counted_here", _("This warehouse is counted here: its ages come from its lots."))
    check_instant(record.observed_at)
    for name in ("surcharge", "storage"):
        amount = getattr(record, name)
        if amount is not None:
            check_amount(name, amount)
    check_currency(record.currency, needed=record.surcharge is not None or record.storage is not None)
    _check_health(record)
    if not 0 < len(record.brackets) <= _BRACKETS:
        text = _("Name 1 to %(most)d brackets of age. Where nothing lies, say 0 units of a bracket.")
        raise RefusedError("brackets", text, most=_BRACKETS)
    _check_brackets(record.brackets)


def _check_health(record: StockAgeRecord) -> None:
    """What the platform reckons itself: numbers that can be, yes or no, a short text."""
    for name in _FIGURES:
        figure = getattr(record, name)
        if figure is not None:
            check_amount(name, figure)
    check_count(_("The units that are too many"), record.excess_qty, most=QTY_MAX)
    check_count(_("The units that are stranded"), record.stranded_qty, most=QTY_MAX)
    if any(flag is not None and type(flag) is not bool for flag in (record.low_fee_exempt, record.low_fee_applied)):
        text = _("Whether the low-inventory fee is charged is yes, no or unknown. Have the connector checked.")
        raise RefusedError("malformed", text)
    check_text(_("The platform's word for the level of stock"), record.health, 60)


def _check_brackets(brackets: tuple[tuple[int, int | None, int], ...]) -> None:
    end = -1
    for number, (first, last, units) in enumerate(sorted(brackets, key=lambda bracket: bracket[0])):
        check_count(_("The first day of a bracket"), first, most=_DAYS)
        check_count(_("The last day of a bracket"), last, most=_DAYS)
        check_count(_("The units of a bracket"), units, most=QTY_MAX)
        if first <= end or (last is not None and last < first) or (last is None and number + 1 < len(brackets)):
            text = _("The brackets of age overlap, or one ends before it begins. Have the connector checked.")
            raise RefusedError("brackets", text)
        end = first if last is None else last


def _write(account: Account, records: Sequence[StockAgeRecord], places: dict[str, Place]) -> Written[StockAgeRecord]:
    written = Written[StockAgeRecord]()
    rows: dict[tuple[int, int, datetime], StockAge] = {}
    with transaction.atomic():
        resolution = load_resolution(account, {(record.code_kind, record.code) for record in records})
        for record in records:
            try:
                row = _row(
                    account, record, places[record.warehouse], one_sku(resolution, record.code_kind, record.code, record.observed_at)
                )
            except RefusedError as error:
                written.refused.append((record, error))
                continue
            # Told twice of one instant, the first stands.
            rows.setdefault((row.listing_id, row.warehouse_id, row.observed_at), row)
        listings = {listing for listing, _warehouse, _at in rows}
        asked = StockAge.objects.filter(listing_id__in=listings, observed_at__in={at for _listing, _warehouse, at in rows})
        known = set(asked.values_list("listing_id", "warehouse_id", "observed_at"))
        new = [row for key, row in rows.items() if key not in known]
        StockAge.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        _renew(new, {place.id: place for place in places.values()})
    written.new = len(new)
    return written


def _row(account: Account, record: StockAgeRecord, place: Place, of: tuple[int, int, int]) -> StockAge:
    listing_id, sku_id, each = of
    brackets = [[first, last, units_of(units, each)] for first, last, units in sorted(record.brackets, key=lambda bracket: bracket[0])]
    return StockAge(
        account=account,
        listing_id=listing_id,
        sku_id=sku_id,
        warehouse_id=place.id,
        observed_at=record.observed_at,
        brackets=brackets,
        units=sum(units for _first, _last, units in brackets),
        surcharge_amount=record.surcharge,
        storage_amount=record.storage,
        currency=record.currency,
        **{name: None if (figure := getattr(record, name)) is None else float(figure) for name in _FIGURES},
        excess_qty=None if record.excess_qty is None else units_of(record.excess_qty, each),
        stranded_qty=None if record.stranded_qty is None else units_of(record.stranded_qty, each),
        low_fee_exempt=record.low_fee_exempt,
        low_fee_applied=record.low_fee_applied,
        health=record.health or None,
        recorded_at=clock.now(),
    )


def _renew(rows: Sequence[StockAge], places: dict[int, Place]) -> None:
    """What holds now: the newest, in whatever order they came in."""
    known = LatestStockAge.objects.select_for_update().filter(listing_id__in={row.listing_id for row in rows}).order_by("id")
    held = {(row.listing_id, row.warehouse_id): row.observed_at for row in known}
    newest: dict[tuple[int, int], StockAge] = {}
    for row in sorted(rows, key=lambda row: row.observed_at):
        key = (row.listing_id, row.warehouse_id)
        if key not in held or held[key] < row.observed_at:
            newest[key] = row
    LatestStockAge.objects.bulk_create(
        [
            LatestStockAge(
                listing_id=row.listing_id,
                warehouse_id=row.warehouse_id,
                sku_id=row.sku_id,
                observed_at=row.observed_at,
                observed_on=places[row.warehouse_id].day_of(row.observed_at),
                brackets=np.array(
                    [[first, _NO_END if last is None else last, units] for first, last, units in row.brackets], "<i4"
                ).ravel(),
                surcharge_amount=row.surcharge_amount,
                currency=row.currency,
                supply_days_30=row.supply_days_30,
                supply_days_90=row.supply_days_90,
                low_fee_exempt=row.low_fee_exempt,
            )
            for _key, row in sorted(newest.items())
        ],
        update_conflicts=True,
        unique_fields=["listing", "warehouse"],
        update_fields=[
            "sku",
            "observed_at",
            "observed_on",
            "brackets",
            "surcharge_amount",
            "currency",
            "supply_days_30",
            "supply_days_90",
            "low_fee_exempt",
        ],
        batch_size=500,
    )
