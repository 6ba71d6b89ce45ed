"""The fees that hold for each account: its marketplace's schedule, and over it what an operator has said.

A schedule that fails, or knows nothing of a site, leaves the account without a table: its fees are unknown and never 0. An account whose
data come from files is on no marketplace that charges anything, unless somebody says so in an override.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, cast

from django.db.models import QuerySet

from stockhub.channels.accounts import FILE_MARKETPLACE
from stockhub.channels.fee_models import FeeOverride
from stockhub.channels.models import Account
from stockhub.core.columns import INT, TEXT
from stockhub.core.kept import kept
from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE
from stockhub.formulas.fees.bands import EVERYWHERE, Band
from stockhub.formulas.fees.fulfilment import SizeLimits
from stockhub.formulas.fees.rates import ANY_TIER, RateRow, RateTable, UnknownRateError
from stockhub.formulas.fees.volume import volume_factor
from stockhub.pluginapi import FeeBand, FeeRate, FeeSchedule, FeeSizeClass
from stockhub.pluginhost.calls import call, find
from stockhub.pluginhost.errors import InvalidAnswerError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.registry import Registered, Registry, registry
from stockhub.values import DomainError

#: How long a process works with what a schedule said.
_KEEP_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class ShopFees:
    """What is known of one account's fees. `table` is None where nothing is, and `problem` says why.

    `has_schedule` is False for a shop without a marketplace, whose table holds nothing but overrides.
    """

    account_id: int
    marketplace: str
    site: str
    table: RateTable | None
    has_schedule: bool
    sizes: tuple[SizeLimits, ...] = ()
    #: By the tier of a size class, the tier that its storage is charged by.
    storage_tiers: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AgedTier:
    """From which to which day of age (both charged; None is for ever) aged stock costs `rate` a month by volume, at least `least` a unit.

    `factor` brings cubic feet to the unit of the rate.
    """

    first_day: int
    last_day: int | None
    rate: float
    least: float
    factor: float
    currency: str


def shop_fees(account_ids: Iterable[int] | None = None) -> dict[int, ShopFees]:
    """The fees of accounts, of all without ids. Schedules are asked once a minute and process; overrides are read afresh."""
    wanted = None if account_ids is None else set(account_ids)
    # Most shops have no override, and then nothing is made of their rows.
    stated = len(_overrides()["id"]) > 0
    overrides = list(FeeOverride.objects.filter(ended_at=None).order_by("-set_at", "-pk")) if stated else []
    return {
        pk: _fees_of(pk, marketplace, site.upper(), overrides)
        for pk, marketplace, site in _accounts.tuples()
        if wanted is None or pk in wanted
    }


def site_table(marketplace: str, site: str) -> RateTable | None:
    """What holds for every shop of a site: its schedule, and overrides for all accounts over it. None where no schedule knows the site."""
    known = _asked(marketplace, site)
    if known.problem:
        return None
    stated = len(_overrides()["id"]) > 0
    found = FeeOverride.objects.filter(ended_at=None, marketplace=marketplace, site=site, account=None).order_by("-set_at", "-pk")
    return _table(f"{marketplace} {site}", known.rates, list(found) if stated else [])


def aged_tiers(fees: ShopFees, on: date) -> tuple[AgedTier, ...]:
    """The tiers of age that cost something at a snapshot, youngest first; UnknownRateError where they are unknown on that day."""
    if fees.table is None:
        raise UnknownRateError(fees.site or fees.marketplace, AGED_SURCHARGE, ANY_TIER, on, fees.problem or "this shop")
    return tuple(
        AgedTier(
            int(row.band.lower or 0) + (row.band.closed in ("upper", "neither")),
            None if row.band.upper is None else int(row.band.upper),
            float(row.rate),
            float(row.least or 0),
            float(volume_factor(row)),
            row.currency,
        )
        for row in fees.table.rows_on(AGED_SURCHARGE, ANY_TIER, on)
        if row.rate > 0 or (row.least or 0) > 0
    )


def fee_problems() -> list[str]:
    """What a cycle says of accounts whose fees are unknown: each problem once."""
    found = shop_fees().values()
    return sorted({f"fees of {fees.marketplace} {fees.site}: {fees.problem}" for fees in found if fees.problem})


@kept({"id": INT, "marketplace": TEXT, "site": TEXT})
def _accounts() -> QuerySet[Account]:
    return Account.objects.filter(deleted_at=None).order_by("id")


@kept({"id": INT})
def _overrides() -> QuerySet[FeeOverride]:
    return FeeOverride.objects.filter(ended_at=None)


def _fees_of(pk: int, marketplace: str, site: str, overrides: Sequence[FeeOverride]) -> ShopFees:
    name = f"{marketplace} {site}".strip()
    own = [o for o in overrides if (o.marketplace, o.site) == (marketplace, site) and o.account_id in (None, pk)]
    # One for the account comes before one for all, and of each the one set last.
    own.sort(key=lambda o: o.account_id is None)
    if marketplace == FILE_MARKETPLACE:
        return ShopFees(pk, marketplace, site, _table(name, (), own), has_schedule=False)
    known = _asked(marketplace, site)
    if known.problem:
        return ShopFees(pk, marketplace, site, None, has_schedule=True, problem=known.problem)
    sizes = tuple(
        SizeLimits(
            tier=c.tier, weight_lb=c.weight_lb, longest=c.longest, median=c.median, shortest=c.shortest, length_and_girth=c.length_and_girth
        )
        for c in known.sizes
    )
    tiers = {c.tier: c.storage_tier for c in known.sizes}
    return ShopFees(pk, marketplace, site, _table(name, known.rates, own), True, sizes, tiers)


# --- schedules --------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a schedule said of a site, or why it said nothing; `until` is by this process's clock."""

    registry: Registry
    until: float
    rates: tuple[FeeRate, ...] = ()
    sizes: tuple[FeeSizeClass, ...] = ()
    problem: str = ""


_answers: Final[dict[tuple[str, str], _Answer]] = {}


def _asked(marketplace: str, site: str) -> _Answer:
    known, now = registry(), time.monotonic()
    answer = _answers.get((marketplace, site))
    if answer is None or answer.registry is not known or answer.until < now:
        answer = _answers[marketplace, site] = _ask(known, marketplace, site, now + _KEEP_SECONDS)
    return answer


def _ask(known: Registry, marketplace: str, site: str, until: float) -> _Answer:
    for slug, registered in sorted(known.by_kind[Kind.FEE_SCHEDULE].items()):
        schedule = cast("FeeSchedule", registered.provider)
        if schedule.marketplace == marketplace and site in schedule.sites:
            try:
                rates, sizes = call(find(Kind.FEE_SCHEDULE, slug), partial(_checked, registered, site))
            except DomainError as error:
                return _Answer(known, until, problem=f"{slug}: {error.code}: {error.message}")
            return _Answer(known, until, rates, sizes)
    return _Answer(known, until, problem="no fee schedule knows this site")


def _checked(registered: Registered, site: str) -> tuple[tuple[FeeRate, ...], tuple[FeeSizeClass, ...]]:
    """What a schedule says; what is no rate, or rates that contradict each other, are a fault of the schedule."""
    schedule = cast("FeeSchedule", registered.provider)
    rates, sizes = tuple(schedule.rates(site)), tuple(schedule.size_classes(site))
    if not all(isinstance(rate, FeeRate) for rate in rates) or not all(isinstance(size, FeeSizeClass) for size in sizes):
        raise InvalidAnswerError("wrong_type", f"rates and size_classes of {site} must give FeeRate and FeeSizeClass objects.")
    if not rates:
        raise InvalidAnswerError("wrong_shape", f"There is no rate of {site}, which is among the schedule's sites.")
    for rate in rates:
        numbers = [rate.rate, rate.fixed, *(n for n in (rate.least, rate.most) if n is not None)]
        if not all(n.is_finite() for n in numbers):
            raise InvalidAnswerError("not_finite", f"{rate.fee} ({rate.tier}) of {site} has a rate that is no number.")
        if any(n < 0 for n in numbers):
            raise InvalidAnswerError("negative", f"{rate.fee} ({rate.tier}) of {site} has a rate below 0.")
    RateTable(site, [_row(rate, site) for rate in rates])
    return rates, sizes


# --- tables -----------------------------------------------------------------------------------------------------------------------------

_tables: Final[dict[str, tuple[tuple[FeeRate, ...], tuple[Any, ...], RateTable]]] = {}


def _table(name: str, rates: tuple[FeeRate, ...], overrides: Sequence[FeeOverride]) -> RateTable:
    """The rows of the schedule with the overrides laid over them, the first of these uppermost. Kept while neither changes."""
    key = tuple((o.pk, o.set_at, o.fee, o.tier, o.rate) for o in overrides)
    kept = _tables.get(name)
    if kept is not None and kept[0] is rates and kept[1] == key:
        return kept[2]
    rows = [_row(rate, name) for rate in rates]
    for override in reversed(overrides):
        rows = _laid_over(rows, override, name)
    table = RateTable(name, rows)
    _tables[name] = (rates, key, table)
    return table


def _laid_over(rows: Sequence[RateRow], override: FeeOverride, name: str) -> list[RateRow]:
    """The rows, those that the override touches cut to the days on which it does not hold."""
    like = next((row for row in rows if (row.fee, row.tier) == (override.fee, override.tier)), None)
    like = like or next((row for row in rows if row.fee == override.fee), None)
    own = RateRow(
        marketplace=name,
        fee=override.fee,
        tier=override.tier,
        effective_from=override.effective_from,
        effective_to=override.effective_to,
        rate=override.rate,
        per=like.per if like else "price",
        currency=override.currency,
        source=f"override {override.pk} by {override.set_by}: {override.reason}",
        confidence="A",
        band=EVERYWHERE if override.above is None and override.up_to is None else Band(override.above, override.up_to),
        fixed=override.fixed_amount,
        least=override.least_amount,
        most=override.most_amount,
    )
    out: list[RateRow] = [own]
    for row in rows:
        out += _without(row, own) if (row.fee, row.tier) == (own.fee, own.tier) and row.clashes_with(own) else [row]
    return out


def _without(row: RateRow, other: RateRow) -> list[RateRow]:
    """What is left of a row's days beside another's."""
    parts, day = [], timedelta(days=1)
    if other.effective_from is not None and (row.effective_from is None or row.effective_from < other.effective_from):
        parts.append(replace(row, effective_to=other.effective_from - day))
    if other.effective_to is not None and (row.effective_to is None or row.effective_to > other.effective_to):
        parts.append(replace(row, effective_from=other.effective_to + day))
    return parts


def _row(rate: FeeRate, name: str) -> RateRow:
    return RateRow(
        marketplace=name, fee=rate.fee, tier=rate.tier, effective_from=rate.effective_from, effective_to=rate.effective_to, rate=rate.rate,
        per=rate.per, currency=rate.currency, source=rate.source, confidence=rate.confidence, band=_band(rate.band),
        within=_band(rate.within),
        fixed=rate.fixed, step=rate.step, least=rate.least, most=rate.most, applies_to=rate.applies_to,
        exempt_categories=rate.exempt_categories,
    )  # fmt: skip


def _band(band: FeeBand) -> Band:
    return Band(band.lower, band.upper, band.closed)
