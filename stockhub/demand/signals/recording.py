"""What sources of market signals find in the stored facts, written down as signals: once for a SKU and account, until they have ended.

Sources are providers of plugins or built in. One that fails is told and the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from hashlib import blake2s
from typing import Any, Final, cast

import numpy as np
from django.db.models import Avg, Max, Q
from numpy.typing import NDArray

from stockhub.channels.fact_models import DailyTraffic, ListingSignal
from stockhub.channels.models import ListingComponent
from stockhub.core import clock
from stockhub.demand.models import MarketSignal, SignalKind
from stockhub.pluginapi import MarketFact, MarketSeries, MarketSignalSource, SignalFindings
from stockhub.pluginhost.calls import call, together
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError

WEEKS: Final = 5
#: A figure that nobody has seen for longer is stale.
FRESH_DAYS: Final = 3
LEAST_FACTOR, MOST_FACTOR = 0.5, 2.0
#: Signals of one source that begin on one day, the furthest from 1 first: each is looked at by a person and judged by what sales do.
MOST_A_DAY: Final = 200
#: After a signal began its source says nothing more of the SKU for so long: the week that raised it is in the weeks that are compared.
QUIET_DAYS: Final = 28
_TRAFFIC: Final = frozenset({MarketFact.VISITORS, MarketFact.VIEWS, MarketFact.CARTS})
_KINDS: Final[Mapping[str, SignalKind]] = {
    "traffic": SignalKind.TRAFFIC, "sales-rank": SignalKind.SALES_RANK, "rival-price": SignalKind.RIVAL_PRICE,
}  # fmt: skip
#: SKU and account.
_Key = tuple[int, int]


def record_observed_signals(last_on: date) -> tuple[int, list[str]]:
    """Writes the signals that facts up to `last_on` give, from the day after it on; how many are new, and what went wrong."""
    made, problems = 0, []
    with together(Kind.MARKET_SIGNAL):
        for provider in registry().by_kind[Kind.MARKET_SIGNAL].values():
            source = cast("MarketSignalSource", provider.provider)
            keys, series = series_of(source.fact, last_on, of_rival=source.of_rival)
            if not keys:
                continue
            try:
                found = call(provider, partial(_checked, source, series))
            except DomainError as error:
                problems.append(f"market signals {provider.slug}: {error.code}: {error.message}")
                continue
            fresh = np.where(series.stale, np.nan, found.factor)
            made += _write(source, keys, replace(found, factor=fresh), last_on)
    return made, problems


def series_of(fact: MarketFact, last_on: date, *, of_rival: bool) -> tuple[list[_Key], MarketSeries]:
    """The weekly means of a fact by SKU and account, and whether the last figure is stale."""
    # A mean of amounts comes as they are stored, in millionths.
    scale = 1.0 if fact in _TRAFFIC else 1e6
    rows = list(_traffic(fact, last_on) if fact in _TRAFFIC else _signals(fact, last_on, of_rival=of_rival))
    of_listing = _skus({row["listing"] for row in rows}, last_on)
    found: dict[_Key, list[tuple[list[float], bool]]] = {}
    for row in rows:
        key = of_listing.get(row["listing"])
        if key is not None:
            weeks = [np.nan if row[f"w{week}"] is None else float(row[f"w{week}"]) / scale for week in range(WEEKS)]
            found.setdefault(key, []).append((weeks, row["latest"] <= last_on - timedelta(days=FRESH_DAYS)))
    keys = sorted(found)
    weekly = np.full((len(keys), WEEKS), np.nan)
    for place, key in enumerate(keys):
        # Visitors of two listings of a SKU add up; of ranks and prices the mean says most.
        weekly[place] = _joined(np.array([weeks for weeks, _stale in found[key]]), adds_up=fact in _TRAFFIC)
    stale = np.array([all(stale for _weeks, stale in found[key]) for key in keys], np.bool_)
    weekly.flags.writeable = False
    return keys, MarketSeries(fact, of_rival, weekly, stale)


def _joined(weeks: NDArray[np.float64], *, adds_up: bool) -> NDArray[np.float64]:
    known = ~np.isnan(weeks)
    total, count = np.where(known, weeks, 0.0).sum(axis=0), known.sum(axis=0)
    return np.where(count > 0, total if adds_up else total / np.maximum(count, 1), np.nan)


def _traffic(fact: MarketFact, last_on: date) -> Iterable[Any]:
    first = last_on - timedelta(days=7 * WEEKS - 1)
    weeks = {
        f"w{week}": Avg(fact.value, filter=Q(day__gte=first + timedelta(7 * week), day__lt=first + timedelta(7 * week + 7)))
        for week in range(WEEKS)
    }
    told = DailyTraffic.objects.filter(day__gte=first, day__lte=last_on, **{f"{fact.value}__isnull": False})
    found: Iterable[Any] = told.order_by("listing").values("listing").annotate(**weeks, latest=Max("day"))
    return found


def _signals(fact: MarketFact, last_on: date, *, of_rival: bool) -> Iterable[Any]:
    first = clock.start_of_day(last_on - timedelta(days=7 * WEEKS - 1), "UTC")
    weeks = {
        f"w{week}": Avg("value", filter=Q(observed_at__gte=first + timedelta(7 * week), observed_at__lt=first + timedelta(7 * week + 7)))
        for week in range(WEEKS)
    }
    seen = ListingSignal.objects.filter(kind=fact.value, observed_at__gte=first, observed_at__lt=first + timedelta(7 * WEEKS))
    seen = seen.exclude(rival="") if of_rival else seen.filter(rival="")
    found: Iterable[Any] = seen.order_by("listing").values("listing").annotate(**weeks, latest=Max("observed_at__date"))
    return found


def _skus(listing_ids: set[int], on: date) -> dict[int, _Key]:
    """SKU and account of the listings that deliver one SKU and nothing else."""
    parts = ListingComponent.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on), listing__any_of=sorted(listing_ids)
    )
    found: dict[int, list[_Key]] = {}
    for listing, sku, account in parts.values_list("listing_id", "sku_id", "listing__account_id"):
        found.setdefault(listing, []).append((sku, account))
    return {listing: keys[0] for listing, keys in found.items() if len(keys) == 1}


def _checked(source: MarketSignalSource, series: MarketSeries) -> SignalFindings:
    """The findings; whatever is none is a fault of the source."""
    found: Any = source.judge(series)
    shape = (len(series.weekly),)
    if not isinstance(found, SignalFindings) or any(np.shape(each) != shape for each in (found.factor, found.before, found.after)):
        raise TypeError(f"SignalFindings with arrays of {shape} are wanted, not {found!r:.200}.")
    said = found.factor[~np.isnan(found.factor)]
    if not (np.isfinite(said) & (said > 0)).all():
        raise ValueError("Factors are positive numbers, or NaN where there is nothing to say.")
    return found


@dataclass(frozen=True, slots=True)
class _Quiet:
    """SKUs and accounts of which a source has said something of late."""

    keys: frozenset[_Key]

    @classmethod
    def of(cls, source: MarketSignalSource, last_on: date) -> _Quiet:
        said = MarketSignal.objects.filter(source=source.slug, starts_on__gt=last_on + timedelta(days=1 - QUIET_DAYS))
        return cls(frozenset(said.values_list("sku_id", "account_id")))


def _write(source: MarketSignalSource, keys: list[_Key], found: SignalFindings, last_on: date) -> int:
    quiet = _Quiet.of(source, last_on)
    factor = np.clip(found.factor, LEAST_FACTOR, MOST_FACTOR)
    said = [place for place in np.flatnonzero(~np.isnan(factor)).tolist() if keys[place] not in quiet.keys]
    chosen = sorted(said, key=lambda place: (-abs(np.log(factor[place])), keys[place]))[:MOST_A_DAY]
    starts_on = last_on + timedelta(days=1)
    new = [
        MarketSignal(
            code=f"seen-{blake2s(f'{source.slug}|{keys[place]}|{starts_on}'.encode(), digest_size=12).hexdigest()}",
            kind=_KINDS.get(source.slug, SignalKind.OTHER), source=source.slug, made_by=source.slug,
            sku_id=keys[place][0], account_id=keys[place][1], factor=round(float(factor[place]), 3),
            starts_on=starts_on, ends_on=starts_on + timedelta(days=source.lasts_days - 1),
            reason=f"{source.name.en} ({source.name.zh}): {found.before[place]:g} → {found.after[place]:g}",
            value_before=float(found.before[place]), value_after=float(found.after[place]), must_be_followed=source.must_be_followed,
        )
        for place in sorted(chosen)
    ]  # fmt: skip
    MarketSignal.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(new)
