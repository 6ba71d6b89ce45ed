"""Observations of rivals come in here, and the trend of each SKU that they touch is worked out anew (H41)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku
from stockhub.channels.feeds import record_success
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.channels.market_windows import change_over, windows_of
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.editing.upserts import RowResult, RowStatus, require_size
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.values.errors import DomainError

#: SKU and account.
Pair = tuple[int, int]
_Key = tuple[int, int, str, date, str]


@dataclass(frozen=True, slots=True)
class MarketRecord:
    """A rival of a SKU, seen on a day; None is unknown."""

    account: str
    sku: str
    rival: str
    observed_on: date
    sales_rank: int | None = None
    monthly_sales: float | None = None
    reviews: int | None = None
    source: str = ""


def record_market(rows: Sequence[MarketRecord]) -> list[RowResult]:
    """What somebody tells of rivals, by file or API: added as `add_observations` does, and each account's feed of signals reaches it."""
    told = add_observations(rows)
    _tell_feeds(rows, told)
    return told


def add_observations(rows: Sequence[MarketRecord]) -> list[RowResult]:
    """Adds observations, one result for each row. One that is there already, of the same day and source, stays: it is the same fact."""
    require("channels.add_marketobservation")
    require_size(rows)
    accounts = dict(Account.objects.filter(code__in={row.account for row in rows}, deleted_at=None).values_list("code", "id"))
    skus = dict(Sku.objects.filter(code__in={row.sku for row in rows}, deleted_at=None).values_list("code", "id"))
    told: list[RowResult] = []
    new: dict[_Key, MarketObservation] = {}
    with transaction.atomic():
        known = _known(skus.values(), {row.observed_on for row in rows})
        for index, row in enumerate(rows):
            try:
                key = _key(row, accounts, skus)
            except DomainError as error:
                told.append(RowResult(index, RowStatus.REFUSED, error=error))
                continue
            if key in known or key in new:
                told.append(RowResult(index, RowStatus.UNCHANGED))
                continue
            new[key] = _observation(key, row)
            told.append(RowResult(index, RowStatus.CREATED))
        # Somebody else may have told the same in the meantime: then it is the same fact.
        MarketObservation.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=500)
        refresh_trends({(sku, account) for sku, account, _rival, _day, _source in new})
    return told


def _tell_feeds(rows: Sequence[MarketRecord], told: Sequence[RowResult]) -> None:
    """How far what is known of the market reaches (H103), also where somebody told again what was known: it was looked at."""
    taken = {rows[result.index].account for result in told if result.status != RowStatus.REFUSED}
    for account in Account.objects.filter(code__in=taken, deleted_at=None).order_by("id"):
        its = [result for result in told if rows[result.index].account == account.code and result.status != RowStatus.REFUSED]
        day = max(rows[result.index].observed_on for result in its)
        # A day is whole when the next begins.
        until = min(clock.start_of_day(day + timedelta(days=1), account.time_zone), clock.now())
        new = sum(result.status == RowStatus.CREATED for result in its)
        record_success(account=account, kind=FeedKind.SIGNALS, rows=new, data_until_at=until)


def _known(skus: Collection[int], days: Collection[date]) -> set[_Key]:
    found = MarketObservation.objects.filter(sku_id__in=skus, observed_on__in=days)
    return set(found.values_list("sku_id", "account_id", "rival", "observed_on", "source"))


def _key(row: MarketRecord, accounts: Mapping[str, int], skus: Mapping[str, int]) -> _Key:
    for name, known, given in (("account", accounts, row.account), ("sku", skus, row.sku)):
        if given not in known:
            message = _("There is no such code; create it first.")
            raise DomainError(f"unknown_{name}", message, path=(name,), params={"value": given[:200]})
    if row.sales_rank is None and row.monthly_sales is None and row.reviews is None:
        raise DomainError("nothing_observed", _("Give a rank, estimated sales or a number of reviews."), path=("sales_rank",))
    if row.monthly_sales is not None and not (math.isfinite(row.monthly_sales) and row.monthly_sales >= 0):
        raise DomainError("invalid_value", _("Estimated sales are a number from 0 on."), path=("monthly_sales",))
    if (row.sales_rank is not None and row.sales_rank < 1) or (row.reviews is not None and row.reviews < 0):
        raise DomainError("invalid_value", _("A rank counts from 1 on, reviews from 0 on."), path=("sales_rank",))
    if row.observed_on > clock.now().date() + timedelta(days=1):
        message = _("A rival is seen today or earlier.")
        raise DomainError("future_observation", message, path=("observed_on",), params={"value": str(row.observed_on)})
    return skus[row.sku], accounts[row.account], row.rival[:120], row.observed_on, row.source[:120]


def _observation(key: _Key, row: MarketRecord) -> MarketObservation:
    sku, account, rival, day, source = key
    return MarketObservation(
        sku_id=sku, account_id=account, rival=rival, observed_on=day, source=source, sales_rank=row.sales_rank,
        monthly_sales=row.monthly_sales, reviews=row.reviews, recorded_at=clock.now(),
    )  # fmt: skip


def refresh_trends(pairs: Collection[Pair]) -> None:
    """Works out the trend of each (SKU, account) from its observations of the last sixty days before the newest."""
    if not pairs:
        return
    skus = {sku for sku, _account in pairs}
    seen: dict[Pair, list[MarketObservation]] = defaultdict(list)
    for each in MarketObservation.objects.filter(Q(sku_id__in=skus)).order_by("observed_on", "id"):
        if (each.sku_id, each.account_id) in pairs:
            seen[each.sku_id, each.account_id].append(each)
    MarketTrend.objects.bulk_create(
        [_trend(pair, observed) for pair, observed in sorted(seen.items())],
        update_conflicts=True,
        unique_fields=["sku", "account"],
        update_fields=["observed_on", "rivals", "rank_change", "sales_change", "review_change", "updated_at"],
        batch_size=500,
    )


def _trend(pair: Pair, observed: Sequence[MarketObservation]) -> MarketTrend:
    last = observed[-1].observed_on
    rivals = windows_of(observed, last)
    return MarketTrend(
        sku_id=pair[0],
        account_id=pair[1],
        observed_on=last,
        rivals=len(rivals),
        rank_change=change_over([each.rank for each in rivals]),
        sales_change=change_over([each.sales for each in rivals]),
        review_change=change_over([each.reviews for each in rivals]),
        updated_at=clock.now(),
    )
