"""What the kinds of facts have in common: looked at one by one, written together, faults set apart, and the feed told how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Authority, Warehouse
from stockhub.channels import quarantine as quarantining
from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account
from stockhub.channels.order_intake import (
    FUTURE_TOLERANCE,
    NO_WAREHOUSE,
    NOT_LINKED,
    PRICE_MAX,
    QTY_MAX,
    WRONG_CODE,
    WRONG_TYPE,
    Refusal,
    RefusedError,
    is_storable,
)
from stockhub.channels.payloads import AnyRecord, RecordKind, external_id_of
from stockhub.channels.resolution import Delivers, Resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.core.currencies import CURRENCIES
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.values.errors import LazyText

R = TypeVar("R", bound=AnyRecord)

#: Counts in all of a platform: of views in a day, of reviews, of the worst rank.
COUNT_MAX: Final = 10**12
#: No platform has been there for longer; such a day is a wrong date.
_EARLIEST: Final = date(2000, 1, 1)


@dataclass(slots=True)
class Written(Generic[R]):
    """What became of records without fault in themselves: facts that are new, those that changed, and records that could not be taken."""

    new: int = 0
    changed: int = 0
    refused: list[tuple[R, RefusedError]] = field(default_factory=list)


def take(
    *,
    account: Account,
    kind: RecordKind,
    feed: FeedKind,
    records: Sequence[R],
    check: Callable[[R], None],
    write: Callable[[Sequence[R]], Written[R]],
    until: Callable[[R], datetime],
) -> SimpleResult:
    """Takes records of one kind in; a refused one is in quarantine, and the feed's data reach `until` the latest of the others."""
    good: list[R] = []
    refused: list[tuple[R, RefusedError]] = []
    for record in records:
        try:
            _checked(check, record)
            good.append(record)
        except RefusedError as error:
            refused.append((record, error))
    written = write(good) if good else Written[R]()
    refused += written.refused
    told = [(record, Refusal.of(external_id_of(kind, record), error)) for record, error in refused]
    quarantining.quarantine(account=account, kind=kind, refused=told)
    ids = {refusal.external_id for _record, refusal in told}
    taken = [record for record in good if external_id_of(kind, record) not in ids]
    if taken:
        quarantining.resolve(account=account, kind=kind, external_ids={external_id_of(kind, record) for record in taken})
        record_success(account=account, kind=feed, rows=len(taken), data_until_at=max(until(record) for record in taken))
    unchanged = max(len(records) - written.new - written.changed - len(told), 0)
    return SimpleResult(written.new, written.changed, unchanged, len(told), tuple(refusal for _record, refusal in told))


def _checked(check: Callable[[R], None], record: R) -> None:
    try:
        check(record)
    except (TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise RefusedError("malformed", WRONG_TYPE, type=type(error).__name__) from error


# --- checks -----------------------------------------------------------------------------------------------------------------------------


def check_code(code: str, code_kind: str) -> None:
    if not 0 < len(code) <= 120 or "\x00" in code:
        raise RefusedError("sku", WRONG_CODE)
    if not 0 < len(code_kind) <= 20 or "\x00" in code_kind:
        raise RefusedError("text_too_long", _("The kind of code must have 1 to 20 characters."))


def check_id(external_id: str) -> None:
    if not 0 < len(external_id) <= 120 or not is_storable(external_id):
        raise RefusedError("id", _("The id must have 1 to 120 characters."))


def check_text(name: str | LazyText, text: str, most: int) -> None:
    if len(text) > most or not is_storable(text):
        raise RefusedError("text_too_long", _("%(name)s has more than %(most)d characters or a NUL."), name=name, most=most)


def check_instant(instant: datetime) -> None:
    if instant.tzinfo is None or instant > clock.now() + FUTURE_TOLERANCE:
        raise RefusedError("future_time", _("The time lies in the future or has no time zone. Check the clock of the source."))
    if instant.date() < _EARLIEST:
        raise RefusedError("early_time", _("The time lies before the year 2000. Check the dates of the source."))


def check_day(day: date) -> None:
    if isinstance(day, datetime):
        raise RefusedError("malformed", _("A day is wanted, and no instant. Have the connector checked."))
    if day > (clock.now() + FUTURE_TOLERANCE).date():
        raise RefusedError("future_time", _("The day lies in the future. Check the dates of the source."))
    if day < _EARLIEST:
        raise RefusedError("early_time", _("The day lies before the year 2000. Check the dates of the source."))


def check_planned_day(day: date | None) -> None:
    """A day that may lie ahead, though not for ever."""
    if day is None:
        return
    if isinstance(day, datetime) or not _EARLIEST <= day <= clock.now().date() + timedelta(days=3_660):
        raise RefusedError("day", _("A day of the shipment is no day within the next ten years."))


def check_amount(name: str | LazyText, amount: Decimal, *, least: Decimal = Decimal(0)) -> None:
    if not (amount.is_finite() and least <= amount <= PRICE_MAX):
        raise RefusedError("amount", _("%(name)s must be a number from %(least)s to a thousand million."), name=name, least=least)


def check_currency(currency: str, *, needed: bool) -> None:
    if (currency or needed) and currency not in CURRENCIES:
        raise RefusedError("currency", _("The currency must be an ISO 4217 code such as CNY."))


def check_count(name: str | LazyText, count: int | None, *, most: int = COUNT_MAX, least: int = 0) -> None:
    if count is not None and (type(count) is not int or not least <= count <= most):
        raise RefusedError("quantity", _("%(name)s must be a whole number from %(least)d to %(most)d."), name=name, least=least, most=most)


# --- places and codes -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse as facts need it."""

    id: int
    is_observed: bool
    time_zone: str

    def day_of(self, instant: datetime) -> date:
        return clock.business_day(instant, self.time_zone)


def places_of(codes: Iterable[str]) -> dict[str, Place]:
    rows = Warehouse.objects.filter(code__in=set(codes), deleted_at=None).values_list("code", "id", "authority", "time_zone")
    return {code: Place(pk, authority == Authority.SNAPSHOT, zone) for code, pk, authority, zone in rows}


def check_warehouse(code: str, places: dict[str, Place]) -> Place:
    if code not in places:
        raise RefusedError("unknown_warehouse", NO_WAREHOUSE, code=code[:60])
    return places[code]


def one_sku(resolution: Resolution, code_kind: str, code: str, at: datetime) -> tuple[int, int, int]:
    """Listing, its only SKU, and the units of it in one of the listing; RefusedError `unmapped`, `set`."""
    listing_id = resolution.listings[code_kind, code]
    delivers = delivered(resolution, listing_id, at)
    if len(delivers.units) != 1:
        text = _("The code is a set of several SKUs; what is said of it cannot be told apart. Link it to one SKU.")
        raise RefusedError("set", text)
    [(sku_id, units)] = delivers.units
    return listing_id, sku_id, units


def delivered(resolution: Resolution, listing_id: int, at: datetime) -> Delivers:
    delivers = resolution.delivers(listing_id, at)
    if delivers is None:
        raise RefusedError("unmapped", NOT_LINKED)
    return delivers


def units_of(qty: int, units: int) -> int:
    """`qty` of a listing in units of its SKU."""
    if qty * units > QTY_MAX * 10:
        text = _("The quantity, in units of the SKU, is larger than any shop's. Check the units of the listing.")
        raise RefusedError("quantity", text)
    return qty * units
