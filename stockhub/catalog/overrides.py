"""Overriding a line for a time, with who, why and until when (H64), or by a factor for a season or a plan (D4). What was set is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku
from stockhub.catalog.override_models import MOST_FACTOR, Line, StockOverride
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

#: What should hold for longer is a policy.
LONGEST: Final = timedelta(days=366)
MOST_QTY: Final = 2_147_483_647


def set_override(
    *,
    sku_id: int,
    pool_id: int | None,
    line: str = Line.ALERT_THRESHOLD,
    qty: int | None = None,
    factor: float | None = None,
    starts_at: datetime | None = None,
    until_at: datetime,
    reason: str,
) -> StockOverride:
    """Sets a quantity in place of a line, or a factor on it, from `starts_at` (now) until `until_at`, when it reverts by itself.

    An earlier one stays as it is: where both hold, the one set last counts. DomainError `not_found`, `invalid_override`,
    `reason_required`, `override_in_past`, `override_too_long`.
    """
    require("catalog.add_stockoverride")
    now = clock.now()
    starts_at = starts_at or now
    check(line=line, qty=qty, factor=factor, starts_at=starts_at, until_at=until_at, reason=reason)
    with transaction.atomic():
        if not Sku.objects.filter(pk=sku_id, deleted_at=None).exists():
            raise DomainError("not_found", _("There is no such SKU."), path=("sku",))
        made = StockOverride.objects.create(
            sku_id=sku_id, pool_id=pool_id, line=line, qty=qty, factor=factor, starts_at=starts_at, until_at=until_at,
            reason=reason.strip(), set_by=actor.current().label, set_at=now, updated_at=now,
        )  # fmt: skip
        _tell(made, "set")
    return made


def end_override(*, override_id: int, reason: str) -> StockOverride:
    """Ends an override before its time; the line is again what it would be without. DomainError `not_found`, `override_ended`,
    `reason_required`.
    """
    require("catalog.change_stockoverride")
    if not reason.strip():
        raise DomainError("reason_required", _("Say why the override ends."), path=("reason",))
    now = clock.now()
    with transaction.atomic():
        override = StockOverride.objects.select_for_update().filter(pk=override_id).first()
        if override is None:
            raise DomainError("not_found", _("There is no such override, or you may not see it."), path=("id",))
        if override.ended_at is not None or override.until_at <= now:
            raise DomainError("override_ended", _("This override has ended already."), path=("id",))
        override.ended_at, override.ended_by, override.end_reason = now, actor.current().label, reason.strip()[:300]
        override.updated_at = now
        override.save(update_fields=["ended_at", "ended_by", "end_reason", "updated_at"])
        _tell(override, "ended")
    return override


def check(*, line: str, qty: int | None, factor: float | None, starts_at: datetime, until_at: datetime, reason: str) -> None:
    """DomainError that says what is wrong with what somebody wants to set."""
    if line not in Line.values:
        raise DomainError("invalid_override", _("Choose the warning line or the safety stock."), path=("line",))
    if (qty is None) == (factor is None):
        raise DomainError("invalid_override", _("Give either a quantity or a factor."), path=("qty",))
    if qty is not None and not 0 <= qty <= MOST_QTY:
        raise DomainError("invalid_override", _("A quantity is a whole number from 0 on."), path=("qty",))
    if factor is not None and not 0 <= factor <= MOST_FACTOR:
        raise DomainError("invalid_override", _("A factor lies between 0 and 100."), path=("factor",))
    if not reason.strip():
        raise DomainError("reason_required", _("Say why: what the next person reads."), path=("reason",))
    if len(reason.strip()) > 300:
        raise DomainError("invalid_override", _("Say why in 300 characters at most."), path=("reason",))
    _check_span(starts_at, until_at)


def _check_span(starts_at: datetime, until_at: datetime) -> None:
    for path, instant in (("startsAt", starts_at), ("untilAt", until_at)):
        if instant.tzinfo is None:
            raise DomainError(
                "instant_without_zone",
                _("%(path)s needs a time zone, such as 2026-03-01T02:30:00+08:00."),
                path=(path,),
                params={"path": path},
            )
    if until_at <= max(starts_at, clock.now()):
        raise DomainError("override_in_past", _("An override ends after it begins, and in the future."), path=("untilAt",))
    if until_at - starts_at > LONGEST:
        raise DomainError(
            "override_too_long", _("An override lasts a year at most; what should hold for longer is a policy."), path=("untilAt",)
        )


def _tell(override: StockOverride, what: str) -> None:
    emit_event(
        f"catalog.override_{what}.v1",
        entity="catalog.stockoverride",
        entity_id=override.pk,
        payload={
            "sku": override.sku_id,
            "pool": override.pool_id,
            "line": str(override.line),
            "qty": override.qty,
            "factor": override.factor,
            "starts_at": override.starts_at.isoformat(),
            "until_at": override.until_at.isoformat(),
            "reason": override.reason if what == "set" else override.end_reason,
        },
    )
