"""Promotions that orders carry: days on which a SKU mostly sold under a promotion's name become a planned event of that type (D12).

So what it lifted is learned by type and account like that of an event that somebody planned, and its days are no ordinary ones. A name that
sells every day, such as a coupon that never ends, is none. A person's own plan of the same type and time takes its place, and an event
that somebody cancelled stays cancelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2s
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils.text import slugify

from stockhub.channels.models import Account, OrderKind, OrderLine
from stockhub.core import clock
from stockhub.demand.models import PlanKind, PlannedEvent, SalesSeries

#: Who made such an event.
MADE_BY: Final = "orders"
#: Lines that came in during so many days are looked at: a month late is still in time, and an import of years is seen the night after it.
RECORDED_DAYS: Final = 35
#: Of a day's units, the share that makes it a day of the promotion; days without one that do not end it; and the longest there is, which
#: is less than what is looked at, so that a name that never ends is known for one.
LEAST_SHARE: Final = 0.5
MOST_GAP: Final = timedelta(days=2)
LONGEST: Final = timedelta(days=28)
#: Units of a SKU under the name below which it is a buyer's own coupon.
LEAST_UNITS: Final = 5
#: With this share of the SKUs that sold, a promotion is the account's. Of fewer, each has its own event, this many at most.
ACCOUNT_SHARE: Final = 0.8
MOST_SKUS: Final = 500
_SERIES_AT_ONCE: Final = 1000
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
#: Days by SKU.
_Days = Mapping[int, set[date]]


@dataclass(frozen=True, slots=True)
class _Run:
    """An uninterrupted promotion of an account, or of one of its SKUs."""

    account: Account
    label: str
    sku_id: int | None
    first_on: date
    last_on: date

    @property
    def event_type(self) -> str:
        return event_type_of(self.label)

    @property
    def code(self) -> str:
        name = f"{self.account.code}|{self.event_type}|{self.sku_id or ''}|{self.first_on}"
        return f"orders-{blake2s(name.encode(), digest_size=12).hexdigest()}"


def event_type_of(label: str) -> str:
    """The type of a promotion's name, the same in every year: `618-2025` and `618-2026` lift alike. One without Latin letters is hashed."""
    timeless = _YEAR.sub("", label).strip(" -_/")
    if timeless.isascii() and (slug := slugify(timeless)):
        return slug[:60]
    return f"promotion-{blake2s((timeless or label).encode(), digest_size=5).hexdigest()}"


def record_order_promotions(last_on: date) -> int:
    """Writes down the promotions that orders up to `last_on` tell of; returns how many events are new or have grown."""
    return sum(_of_account(account, last_on) for account in Account.objects.filter(deleted_at=None).order_by("id"))


def _of_account(account: Account, last_on: date) -> int:
    found = _promoted_units(account, last_on)
    if not found:
        return 0
    sold = _sold(account, {sku for of_label in found.values() for sku, _day in of_label})
    runs: list[_Run] = []
    for label, units in sorted(found.items()):
        for first, last in _stretches(day for _sku, day in units):
            if last - first < LONGEST:
                runs += _runs(account, label, _on_promotion(units, sold, first, last))
    return _write(account, runs)


def _promoted_units(account: Account, last_on: date) -> dict[str, dict[tuple[int, date], int]]:
    """Units that count as sold, by promotion, SKU and business day."""
    since = clock.now() - timedelta(days=RECORDED_DAYS)
    lines = (
        OrderLine.objects.filter(
            order__account=account, order_recorded_at__gte=since, sku__isnull=False, kind=OrderKind.SALE, counted_qty__gt=0
        )
        .exclude(promo="")
        .annotate(day=TruncDate("ordered_at", tzinfo=ZoneInfo(account.time_zone)))
        .values_list("promo", "sku_id", "day")
        .annotate(units=Sum("counted_qty"))
        .order_by("promo", "sku_id", "day")
    )
    found: dict[str, dict[tuple[int, date], int]] = {}
    for promo, sku, day, units in lines:
        if day <= last_on:
            found.setdefault(promo, {})[sku, day] = units
    return found


def _sold(account: Account, skus: set[int]) -> dict[int, dict[date, float]]:
    """Units sold a day of these SKUs on the account."""
    ids, sold = sorted(skus), {}
    for start in range(0, len(ids), _SERIES_AT_ONCE):
        series = SalesSeries.objects.filter(account=account, sku_id__in=ids[start : start + _SERIES_AT_ONCE])
        for sku, first_on, daily in series.values_list("sku_id", "first_on", "daily"):
            sold[sku] = {first_on + timedelta(days=int(at)): float(daily[at]) for at in np.flatnonzero(daily > 0)}
    return sold


def _on_promotion(
    units: Mapping[tuple[int, date], int], sold: Mapping[int, Mapping[date, float]], first: date, last: date
) -> dict[int, set[date]]:
    """The days of a stretch on which a SKU mostly sold under the name, of SKUs that sold enough under it."""
    days: dict[int, set[date]] = {}
    total: dict[int, int] = {}
    for (sku, day), qty in units.items():
        if first <= day <= last and qty >= LEAST_SHARE * sold.get(sku, {}).get(day, qty):
            days.setdefault(sku, set()).add(day)
            total[sku] = total.get(sku, 0) + qty
    return {sku: found for sku, found in days.items() if total[sku] >= LEAST_UNITS}


def _runs(account: Account, label: str, on_promotion: _Days) -> Iterator[_Run]:
    """The promotions of one name: the account's where nearly all that sold were in it, else each SKU's."""
    for first, last in _stretches(day for days in on_promotion.values() for day in days):
        inside = {sku: sorted(day for day in days if first <= day <= last) for sku, days in on_promotion.items()}
        inside = {sku: days for sku, days in inside.items() if days}
        if len(inside) >= ACCOUNT_SHARE * _selling(account, first, last):
            yield _Run(account, label, None, first, last)
            continue
        most = sorted(inside, key=lambda sku: (-len(inside[sku]), sku))[:MOST_SKUS]
        for sku in sorted(most):
            for own_first, own_last in _stretches(inside[sku]):
                yield _Run(account, label, sku, own_first, own_last)


def _stretches(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    ordered = sorted(set(days))
    first = before = ordered[0] if ordered else None
    for day in ordered[1:]:
        assert before is not None  # noqa: S101 - there is a day before this one
        if day - before > MOST_GAP:
            yield first, before  # type: ignore[misc]
            first = day
        before = day
    if first is not None and before is not None:
        yield first, before


def _selling(account: Account, first: date, last: date) -> int:
    """SKUs that sold on the account in these days, from what its lines say."""
    zone = ZoneInfo(account.time_zone)
    begins, ends = clock.start_of_day(first, str(zone)), clock.start_of_day(last + timedelta(days=1), str(zone))
    lines = OrderLine.objects.filter(order__account=account, ordered_at__gte=begins, ordered_at__lt=ends, counted_qty__gt=0)
    return lines.filter(order_recorded_at__gte=begins - timedelta(days=1)).values("sku_id").distinct().count()


def _write(account: Account, runs: list[_Run]) -> int:
    """Adds events, and lengthens those that have gone on; of what people planned or cancelled nothing is touched."""
    known: dict[tuple[str, int | None], list[PlannedEvent]] = {}
    for event in PlannedEvent.objects.filter(account=account, event_type__in={run.event_type for run in runs}).order_by("id"):
        known.setdefault((event.event_type, event.sku_id), []).append(event)
    new: list[PlannedEvent] = []
    changed: dict[int, PlannedEvent] = {}
    for run in runs:
        there = [*known.get((run.event_type, run.sku_id), ()), *(known.get((run.event_type, None), ()) if run.sku_id else ())]
        same = next((e for e in there if e.starts_on - MOST_GAP <= run.last_on and run.first_on <= e.ends_on + MOST_GAP), None)
        if same is None:
            event = PlannedEvent(
                code=run.code, kind=PlanKind.PROMOTION, event_type=run.event_type, name=run.label, account=account, sku_id=run.sku_id,
                starts_on=run.first_on, ends_on=run.last_on, made_by=MADE_BY, reason=f"Its orders carry “{run.label}”.",
            )  # fmt: skip
            new.append(event)
            known.setdefault((run.event_type, run.sku_id), []).append(event)
            continue
        wider = (min(same.starts_on, run.first_on), max(same.ends_on, run.last_on))
        stays = same.made_by != MADE_BY or same.deleted_at is not None or same.pk is None
        if stays or wider == (same.starts_on, same.ends_on) or wider[1] - wider[0] >= LONGEST:
            continue
        same.starts_on, same.ends_on = wider
        changed[same.pk] = same
    PlannedEvent.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    PlannedEvent.objects.bulk_update(changed.values(), ["starts_on", "ends_on"], batch_size=500)
    return len(new) + len(changed)
