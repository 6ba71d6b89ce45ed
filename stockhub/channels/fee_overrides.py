"""Saying what a fee is in place of the marketplace's schedule, and taking it back: who, why, from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.fee_models import FeeOverride
from stockhub.channels.models import Account
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeOverrideInput:
    """One rate, as `FeeOverride` has it."""

    marketplace: str
    site: str = ""
    account_id: int | None = None
    fee: str
    tier: str
    rate: Decimal
    fixed: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None
    above: Decimal | None = None
    up_to: Decimal | None = None
    currency: str
    effective_from: date
    effective_to: date | None = None
    reason: str


def set_fee_override(row: FeeOverrideInput) -> FeeOverride:
    """Sets a rate in place of the schedule's; what was set before stays, and counts where this one does not hold.

    DomainError `reason_required`, `invalid_fee`.
    """
    require("channels.add_feeoverride", account_ids=_concerned(row.marketplace, row.site, row.account_id))
    check(row)
    with transaction.atomic():
        made = FeeOverride.objects.create(
            marketplace=row.marketplace, site=row.site.upper(), account_id=row.account_id, fee=row.fee, tier=row.tier, rate=row.rate,
            fixed_amount=row.fixed, least_amount=row.least, most_amount=row.most, above=row.above, up_to=row.up_to, currency=row.currency,
            effective_from=row.effective_from, effective_to=row.effective_to, reason=row.reason.strip(), set_by=actor.current().label,
            set_at=clock.now(),
        )  # fmt: skip
        _tell(made, "set")
    return made


def end_fee_override(*, override_id: int, reason: str) -> FeeOverride:
    """Takes it back: the schedule's rates hold again. DomainError `not_found`, `override_ended`, `reason_required`."""
    if not reason.strip():
        raise DomainError("reason_required", _("Say why the override ends."), path=("reason",))
    with transaction.atomic():
        override = FeeOverride.objects.select_for_update().filter(pk=override_id).first()
        if override is None:
            raise DomainError("not_found", _("There is no such override, or you may not see it."), path=("id",))
        require("channels.change_feeoverride", account_ids=_concerned(override.marketplace, override.site, override.account_id))
        if override.ended_at is not None:
            raise DomainError("override_ended", _("This override has ended already."), path=("id",))
        override.ended_at, override.ended_by, override.end_reason = clock.now(), actor.current().label, reason.strip()[:300]
        override.save(update_fields=["ended_at", "ended_by", "end_reason"])
        _tell(override, "ended")
    return override


def check(row: FeeOverrideInput) -> None:
    """DomainError that says what is wrong with what somebody wants to set."""
    if not row.reason.strip():
        raise DomainError("reason_required", _("Say why the schedule's rate does not hold."), path=("reason",))
    amounts = (row.rate, row.fixed, *(n for n in (row.least, row.most) if n is not None))
    if any(not amount.is_finite() or amount < 0 for amount in amounts):
        raise DomainError("invalid_fee", _("Rates and amounts are numbers of at least 0."), path=("rate",))
    if row.least is not None and row.most is not None and row.least > row.most:
        raise DomainError("invalid_fee", _("The least amount must not pass the most."), path=("least",))
    if row.above is not None and row.up_to is not None and row.above >= row.up_to:
        raise DomainError("invalid_fee", _("The numbers that it holds for begin below where they end."), path=("above",))
    if row.effective_to is not None and row.effective_to < row.effective_from:
        raise DomainError("invalid_fee", _("It must not end before it begins."), path=("effective_to",))


def _concerned(marketplace: str, site: str, account_id: int | None) -> list[int]:
    """The accounts whose fees it changes: whoever sets it must see them all."""
    if account_id is not None:
        return [account_id]
    return list(Account.objects.filter(marketplace=marketplace, site__iexact=site).values_list("id", flat=True))


def _tell(override: FeeOverride, what: str) -> None:
    payload = {
        "marketplace": override.marketplace, "site": override.site, "account": override.account_id, "fee": override.fee,
        "tier": override.tier, "rate": str(override.rate), "from": override.effective_from.isoformat(),
        "reason": override.end_reason if what == "ended" else override.reason,
    }  # fmt: skip
    emit_event(f"channels.fee_override_{what}.v1", entity="channels.feeoverride", entity_id=override.pk, payload=payload)
