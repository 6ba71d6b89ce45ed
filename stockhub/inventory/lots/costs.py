"""What lots cost: further parts of it that become known after they came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.core import clock
from stockhub.core.currencies import CURRENCIES
from stockhub.inventory.by_hand import require_key
from stockhub.inventory.lots.descent import lots_made_of
from stockhub.inventory.lots.receipts import UnitCost, cost_row
from stockhub.inventory.models import Lot, LotCost
from stockhub.inventory.posting.postings import MAX_AHEAD
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError
from stockhub.values.money import SCALE_DIGITS

PERMISSION: Final = "inventory.add_lotcost"
#: A unit does not cost more than this in any currency; a larger amount is a mistake, and too large for the column.
_MAX_AMOUNT: Final = Decimal(10) ** 12


def add_costs(*, lot_id: int, costs: Sequence[UnitCost], idempotency_key: str) -> list[LotCost]:
    """A late invoice: further parts of what a unit of the lot cost; a credit note is one below zero. None is ever changed.

    Units that transfers have taken elsewhere get them, too. Counts in the lot's value at every moment, past ones too, but for what was
    known then. Asked again with the same key it adds nothing and returns no rows. Raises `not_found`, `required`, `invalid_amount`,
    `negative_cost` where a credit is larger than what is known in its currency, `invalid_currency`, `future_time`, `invalid_key` and
    `idempotency_key_reused`; then nothing changed.
    """
    lot = Lot.objects.select_related("warehouse").filter(pk=lot_id).first()
    if lot is None:
        raise DomainError("not_found", _("There is no such lot."), path=("lot",), params={"lot_id": lot_id})
    require(PERMISSION, warehouse_ids=[lot.warehouse_id])
    require_key(idempotency_key)
    _require_valid(costs)
    return in_transaction(lambda: _add(lot, costs, idempotency_key))


def _add(lot: Lot, costs: Sequence[UnitCost], key: str) -> list[LotCost]:
    asked = [(str(cost.kind), str(cost.unit_amount.normalize()), cost.currency, str(cost.rate_on)) for cost in costs]
    if not claim_request(f"costs:{key}", lot.pk, asked):
        return []
    # A transfer has made lots of its own of the units that it took, and the invoice is for them, too.
    lots = list(Lot.objects.select_for_update().filter(pk__in=lots_made_of(lot.pk)).order_by("id"))
    _require_not_negative(lots, costs)
    made = LotCost.objects.bulk_create(cost_row(each, cost) for each in lots for cost in costs)
    rows = [row for row in made if row.lot_id == lot.pk]
    emit_event(
        "inventory.lot_costs_added.v1",
        entity="inventory.lot",
        entity_id=lot.pk,
        payload={
            "sku_id": lot.sku_id,
            "warehouse_id": lot.warehouse_id,
            "costs": [[str(row.kind), f"{row.unit_amount:f}", row.currency, row.rate_on.isoformat()] for row in rows],
        },
        occurred_at=clock.now(),
    )
    return rows


def _require_not_negative(lots: Sequence[Lot], costs: Sequence[UnitCost]) -> None:
    """Nothing costs less than nothing: a credit takes back what was charged in its currency. The lots are locked."""
    more: dict[str, Decimal] = defaultdict(Decimal)
    for cost in costs:
        more[cost.currency] += cost.unit_amount
    credited = {cost.currency: index for index, cost in enumerate(costs) if cost.unit_amount < 0}
    known = LotCost.objects.filter(lot__in=lots, currency__in=credited)
    sums: dict[tuple[int, str], Decimal] = {(lot.pk, currency): more[currency] for lot in lots for currency in credited}
    for lot_id, currency, amount in known.values_list("lot_id", "currency", "unit_amount"):
        sums[lot_id, currency] += amount
    for (_lot_id, currency), amount in sorted(sums.items()):
        if amount < 0:
            raise DomainError(
                "negative_cost",
                _("A unit of the lot would cost less than nothing (%(amount)s %(currency)s). Check the amount a unit and the currency."),
                path=("costs", str(credited[currency]), "unit_amount"),
                params={"currency": currency, "amount": f"{amount:f}"},
            )


def _require_valid(costs: Sequence[UnitCost]) -> None:
    if not costs:
        raise DomainError("required", _("Name at least one cost."), path=("costs",))
    for index, cost in enumerate(costs):
        path = ("costs", str(index))
        require_amount(cost.unit_amount, path)
        # A currency that does not exist has no rate for ever, and a cost that cannot be taken back would leave the lot without a value.
        if cost.currency not in CURRENCIES:
            raise DomainError("invalid_currency", _("Use an ISO 4217 code such as CNY or USD."), path=(*path, "currency"))
        if cost.rate_on is not None and cost.rate_on > (clock.now() + MAX_AHEAD).date():
            raise DomainError("future_time", _("That day has no exchange rate yet."), path=(*path, "rate_on"))


def require_amount(amount: Decimal, path: Sequence[str]) -> None:
    """Raises `invalid_amount` for what is no amount a unit, with the path of the cost that it is of."""
    if not amount.is_finite() or amount == 0 or abs(amount) > _MAX_AMOUNT or amount != round(amount, SCALE_DIGITS):
        raise DomainError(
            "invalid_amount",
            _("The amount a unit has at most six decimal places and is not 0; divide an invoice by the units that it is for."),
            path=(*path, "unit_amount"),
            params={"amount": str(amount)},
        )
