"""Taking a push back (D19): another push, of what was there before, which is previewed, approved and guarded as any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from stockhub.access.scopes import require
from stockhub.channels.pushes.inputs import PushInput, PushRowInput
from stockhub.channels.pushes.models import Push, PushKind, PushRow, PushRowStatus
from stockhub.channels.pushes.proposing import PERMISSION, propose_push
from stockhub.channels.pushes.targets import targets_of
from stockhub.core import clock
from stockhub.values.errors import DomainError, LazyText

_REVERSIBLE: Final = (PushKind.STOCK, PushKind.PRICE, PushKind.SHIP_TIME)
REASON: Final = gettext_noop("Takes back push %(push)d")


def revert_input(push: Push, *, days: int | None = None, idempotency_key: str = "") -> PushInput:
    """What a push changed, as it was before: prices and shipping times as they were, stock as its rule says by now, else as it was.

    `days`: from stock within so many days, where nobody knows what a shipping time was before our first push of it. DomainErrors
    `not_reversible`, `nothing_to_revert`, `before_unknown`.
    """
    if push.kind not in _REVERSIBLE:
        raise DomainError("not_reversible", _("A draft of a shipment or a removal cannot be taken back from here."), path=("id",))
    applied = PushRow.objects.filter(push=push, status=PushRowStatus.APPLIED, listing__deleted_at=None, listing__isnull=False)
    rows = list(applied.select_related("listing").order_by("place"))
    if not rows:
        raise DomainError("nothing_to_revert", _("Nothing of this push was done."), path=("id",), params={"status": push.status})
    if push.kind == PushKind.STOCK:
        wanted = _stock(push, rows)
    else:
        wanted = [_price(row) if push.kind == PushKind.PRICE else _ship_time(row, days) for row in rows]
    return PushInput(
        account=push.account.code, kind=push.kind, rows=wanted, reason=REASON % {"push": push.pk}, idempotency_key=idempotency_key
    )


def revert_push(*, push_id: int, days: int | None = None, idempotency_key: str = "") -> Push:
    """A draft that takes a push back. DomainErrors of `revert_input` and of `propose_push`."""
    push = Push.objects.select_related("account").filter(pk=push_id).first()
    if push is None:
        raise DomainError("not_found", _("There is no such push, or you may not see it."), path=("id",))
    require(PERMISSION, account_ids=[push.account_id])
    return propose_push(revert_input(push, days=days, idempotency_key=idempotency_key))


def _stock(push: Push, rows: Sequence[PushRow]) -> list[PushRowInput]:
    """By rule where there is one: what was for sale before may have been sold elsewhere since."""
    listings = {row.listing_id: row.listing for row in rows if row.listing is not None}
    targets = targets_of(push.account, list(listings.values()), at=clock.now())
    by_rule = {(each.listing.pk, each.warehouse): each.qty for each in targets}
    wanted = []
    for row in rows:
        qty = by_rule.get((row.listing_id or 0, row.warehouse))
        if (qty := row.before_qty if qty is None else qty) is None:
            raise _before_unknown(row, _("Nobody knows how many units it showed before. Push the number by hand."))
        wanted.append(PushRowInput(code=row.code, code_kind=row.code_kind, warehouse=row.warehouse, qty=qty))
    return wanted


def _price(row: PushRow) -> PushRowInput:
    if row.before_amount is None:
        raise _before_unknown(row, _("Nobody knows what it cost before. Push the price by hand."))
    return PushRowInput(code=row.code, code_kind=row.code_kind, warehouse=row.warehouse, price=row.before_amount, currency=row.currency)


def _ship_time(row: PushRow, days: int | None) -> PushRowInput:
    """A presale that is over by now has become a sale from stock, of which nobody knows the days."""
    until = row.before_presale_until if row.before_presale_until and row.before_presale_until > clock.now() else None
    known = row.before_days if until is not None or row.before_presale_until is None else None
    if (wanted := days if known is None else known) is None:
        raise _before_unknown(row, _("Nobody knows when it was promised to ship before. Say after how many days it ships from stock."))
    return PushRowInput(code=row.code, code_kind=row.code_kind, warehouse=row.warehouse, days=wanted, presale_until=until)


def _before_unknown(row: PushRow, text: LazyText) -> DomainError:
    return DomainError("before_unknown", text, path=("days",), params={"code": row.code})
