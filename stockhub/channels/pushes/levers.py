"""What slows a sale down that would run out of stock (D19): a lever is a push, previewed, approved and guarded as any other.

    target = (stock − line) / minutes left       the pace that lasts
    price  = price now · (target / pace)^(1 / e)   at an elasticity of e below 0, never above what was promised in public

No platform lets a shop say where its offer stands among others: that lever names what a person does in the platform's own console.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.channels.models import Account, Listing
from stockhub.channels.pushes.inputs import PushInput, PushRowInput
from stockhub.channels.pushes.models import PushKind, ShownStock
from stockhub.channels.pushes.planning import effective_prices
from stockhub.formulas.campaigns.pace import demand_multiplier, price_multiplier, target_rate, throttled_price
from stockhub.values import Explanation
from stockhub.values.errors import DomainError
from stockhub.values.money import minor_digits


class Lever(models.TextChoices):
    RAISE_PRICE = "raise_price", _("Raise the price")
    SHIP_LATER = "ship_later", _("Promise a longer shipping time")
    PRESALE = "presale", _("Sell as a presale")
    DEMOTE = "demote", _("Show it further down")
    PAUSE = "pause", _("Pause the sale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """How a sale goes: units for sale, the line that is to stay, units a minute, minutes until the end, and the elasticity (below 0)."""

    stock: float
    line: float
    rate: float
    minutes_left: float
    elasticity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverInput:
    """`burst` and `most_price` (what was promised in public) for a price; `days` for shipping times; `presale_until` for a presale."""

    account: str
    lever: str
    code: str
    code_kind: str = "sku"
    burst: Burst | None = None
    most_price: Decimal | None = None
    days: int | None = None
    presale_until: datetime | None = None
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What the lever pushes, and for a price how the number came about."""

    wanted: PushInput
    explanation: Explanation | None = None


#: The reason that stands in the push.
_REASON: Final = "Throttle: {lever}"


def pull(given: LeverInput) -> Pulled:
    """From a lever to what is to be previewed and proposed; nothing is asked or written.

    DomainErrors `not_found`, `unknown_listing`, `unknown_lever`, `by_hand`, `burst_required`, `days_required`, `price_unknown`, `lasts`,
    `no_room`, `no_stock_shown`.
    """
    account = Account.objects.filter(code=given.account, deleted_at=None).first()
    if account is None:
        raise DomainError("not_found", _("There is no such account, or you may not see it."), path=("account",))
    listing = Listing.objects.filter(account=account, kind=given.code_kind, code=given.code, deleted_at=None).first()
    if listing is None:
        raise DomainError(
            "unknown_listing", _("There is no such listing on this account."), path=("code",), params={"code": given.code[:120]}
        )
    if given.lever == Lever.RAISE_PRICE:
        return _raised(account, listing, given)
    if given.lever in (Lever.SHIP_LATER, Lever.PRESALE):
        return _later(listing, given)
    if given.lever == Lever.PAUSE:
        return _paused(listing, given)
    if given.lever == Lever.DEMOTE:
        raise DomainError(
            "by_hand",
            _("No platform takes this from outside: move the offer down in its console, or pull another lever."),
            path=("lever",),
        )
    raise DomainError("unknown_lever", _("A lever is one of %(levers)s."), path=("lever",), params={"levers": ", ".join(Lever.values)})


def raised_price(price: float, burst: Burst, most: float) -> Explanation:
    """The price at which the stock lasts until the end (D19)."""
    given = {name: Explanation.input(name, getattr(burst, name), unit=unit, source="burst") for name, unit in _UNITS.items()}
    target = target_rate(given["stock"], given["line"], given["minutes_left"])
    demand = demand_multiplier(given["rate"], target)
    now = Explanation.input("price", price, unit="base currency", source="price")
    promised = Explanation.input("promised", most, unit="base currency", source="seller")
    return throttled_price(now, price_multiplier(demand, given["elasticity"]), promised)


_UNITS: Final = {"stock": "unit", "line": "unit", "rate": "unit/minute", "minutes_left": "minute", "elasticity": "1"}


def _raised(account: Account, listing: Listing, given: LeverInput) -> Pulled:
    if given.burst is None or given.most_price is None:
        raise DomainError("burst_required", _("Say how the sale goes, and the highest price that was promised."), path=("burst",))
    fact = effective_prices({listing.pk}).get(listing.pk)
    if fact is None or fact.currency != account.currency:
        raise DomainError("price_unknown", _("Nobody knows what it costs now: read its listing first."), path=("code",))
    explained = raised_price(float(fact.amount), given.burst, float(given.most_price))
    if explained.value is None:
        raise DomainError("no_room", _("No price makes this stock last: pause the sale, or sell it as a presale."), path=("burst",))
    # Down to a whole unit of the currency, so that the promise holds.
    price = Decimal(str(explained.value)).quantize(Decimal(1).scaleb(-minor_digits(account.currency)), ROUND_DOWN)
    if price <= fact.amount:
        if given.most_price <= fact.amount:
            raise DomainError("no_room", _("The price is at what was promised already: pull another lever."), path=("most_price",))
        raise DomainError("lasts", _("At this pace the stock lasts: there is nothing to slow down."), path=("burst",))
    row = PushRowInput(code=listing.code, code_kind=listing.kind, price=price, currency=account.currency)
    return Pulled(_push(given, PushKind.PRICE, row), explained)


def _later(listing: Listing, given: LeverInput) -> Pulled:
    if given.days is None:
        raise DomainError("days_required", _("Say after how many days it ships."), path=("days",))
    if (given.presale_until is not None) != (given.lever == Lever.PRESALE):
        raise DomainError("invalid_presale", _("A presale has an end, and a shipping time has none."), path=("presale_until",))
    row = PushRowInput(code=listing.code, code_kind=listing.kind, days=given.days, presale_until=given.presale_until)
    return Pulled(_push(given, PushKind.SHIP_TIME, row))


def _paused(listing: Listing, given: LeverInput) -> Pulled:
    """Nothing for sale, in each warehouse that the platform shows a number for."""
    shown = ShownStock.objects.filter(listing=listing).order_by("warehouse").values_list("warehouse", flat=True)
    rows = [PushRowInput(code=listing.code, code_kind=listing.kind, warehouse=warehouse, qty=0) for warehouse in shown]
    if not rows:
        raise DomainError("no_stock_shown", _("Nobody has seen what the platform shows for sale: read its stock first."), path=("code",))
    return Pulled(_push(given, PushKind.STOCK, *rows))


def _push(given: LeverInput, kind: PushKind, *rows: PushRowInput) -> PushInput:
    reason = _REASON.format(lever=given.lever)
    return PushInput(account=given.account, kind=kind, rows=rows, reason=reason, idempotency_key=given.idempotency_key)
