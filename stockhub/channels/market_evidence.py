"""The rivals behind trends, with their prices, read for many trends at once (H41, H103)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Q

from stockhub.channels.fact_models import ListingSignal, ListingSignalKind
from stockhub.channels.market import Pair
from stockhub.channels.market_models import MarketObservation
from stockhub.channels.market_windows import WINDOW_DAYS, RivalWindows, windows_of
from stockhub.channels.models import ListingComponent
from stockhub.core import clock

#: Where both are told, the lowest price goes before the featured one: it is what buyers compare.
_PRICES: Final = (ListingSignalKind.FEATURED_PRICE, ListingSignalKind.LOWEST_PRICE)


@dataclass(frozen=True, slots=True)
class PriceSeen:
    """A price of a rival, as it was seen last in a window."""

    amount: Decimal
    currency: str
    seen_at: datetime


#: As seen last in the older window and in the newer; None where nobody told.
Prices = tuple[PriceSeen | None, PriceSeen | None]
NO_PRICES: Final[Prices] = (None, None)


@dataclass(frozen=True, slots=True)
class RivalEvidence:
    """A rival in the two windows of a trend, and its prices beside one listing of ours."""

    windows: RivalWindows
    prices: Prices


def evidence_of(last_seen: Mapping[Pair, date]) -> dict[Pair, list[RivalEvidence]]:
    """The rivals behind each trend by their names; `last_seen` says when it was seen last. Three queries, however many trends."""
    if not last_seen:
        return {}
    earliest = min(last_seen.values()) - timedelta(days=2 * WINDOW_DAYS)
    observed: dict[Pair, list[MarketObservation]] = defaultdict(list)
    rows = MarketObservation.objects.filter(
        sku_id__any_of=sorted({sku for sku, _account in last_seen}),
        account_id__any_of=sorted({account for _sku, account in last_seen}),
        observed_on__gt=earliest,
    )
    for each in rows.order_by("observed_on", "id"):
        observed[each.sku_id, each.account_id].append(each)
    prices = _prices(last_seen)
    return {
        pair: [RivalEvidence(each, prices.get((pair, each.rival), NO_PRICES)) for each in windows_of(observed[pair], last)]
        for pair, last in last_seen.items()
    }


def _prices(last_seen: Mapping[Pair, date]) -> dict[tuple[Pair, str], Prices]:
    """Prices by trend and rival, of the listing beside which the rival was priced last: packs of other sizes cost something else.

    What was seen after the trend's last day belongs to the newer window: prices come more often than ranks.
    """
    listings = _listings(last_seen)
    earliest = min(last_seen.values()) - timedelta(days=2 * WINDOW_DAYS + 1)
    seen = ListingSignal.objects.filter(
        listing_id__any_of=sorted(listings), kind__in=_PRICES, observed_at__gte=clock.start_of_day(earliest, "UTC")
    ).exclude(rival="")
    # Of a rival, by what of ours and by which price it is compared.
    series: dict[tuple[Pair, str], dict[tuple[int, int], _Series]] = defaultdict(dict)
    for each in seen.order_by("observed_at", "id"):
        pair, zone = listings[each.listing_id]
        age = (last_seen[pair] - clock.business_day(each.observed_at, zone)).days
        if age < 2 * WINDOW_DAYS:
            key = (each.listing_id, _PRICES.index(ListingSignalKind(each.kind)))
            price = PriceSeen(each.value, each.currency, each.observed_at)
            its = series[pair, each.rival].setdefault(key, _Series(price))
            its.last, its.windows[age < WINDOW_DAYS] = price, price
    return {key: _latest(found) for key, found in series.items()}


@dataclass(slots=True)
class _Series:
    """The prices of one kind beside one listing: the last of all, and that of the older and of the newer window."""

    last: PriceSeen
    windows: list[PriceSeen | None] = field(default_factory=lambda: [None, None])


def _latest(found: Mapping[tuple[int, int], _Series]) -> Prices:
    def place(key: tuple[int, int]) -> tuple[bool, int, datetime, int]:
        listing, kind = key
        return found[key].windows[1] is not None, kind, found[key].last.seen_at, -listing

    before, after = found[max(found, key=place)].windows
    return before, after


def _listings(last_seen: Mapping[Pair, date]) -> dict[int, tuple[Pair, str]]:
    """Listings that deliver one of the SKUs today and nothing else, by id: SKU and account, and the account's time zone."""
    today = clock.now().date()
    holds = Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today)
    ours = ListingComponent.objects.filter(*holds, sku_id__any_of=sorted({sku for sku, _account in last_seen}))
    parts = ListingComponent.objects.filter(*holds, listing__in=ours.values("listing"), listing__deleted_at=None)
    found: dict[int, list[tuple[Pair, str]]] = defaultdict(list)
    for each in parts.select_related("listing__account"):
        account = each.listing.account
        found[each.listing_id].append(((each.sku_id, account.pk), account.time_zone))
    return {listing: its[0] for listing, its in found.items() if len(its) == 1 and its[0][0] in last_seen}
