"""Overriding a line for a time, with who, why and until when (H64), or by a factor for a season or a plan (D4). What was set is kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final, cast

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError, require, visible_account_ids
from stockhub.catalog.override_models import MOST_FACTOR, OVERRIDE_TARGETS, Line, OverrideScope, StockOverride
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

#: What should hold for longer is a policy.
LONGEST: Final = timedelta(days=366)
MOST_QTY: Final = 2_147_483_647
LONGEST_CLASS: Final = 40
#: What a field of the table is called by clients, where that is another name.
GRAPH_NAMES: Final = {"sku_class": "skuClass"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideTarget:
    """What an override is for: a SKU, in all pools or in one, or everything of a pool, an account, a stage, a class or a category."""

    sku_id: int | None = None
    pool_id: int | None = None
    account_id: int | None = None
    stage_id: int | None = None
    sku_class: str = ""
    category_id: int | None = None

    @property
    def scope(self) -> OverrideScope:
        """DomainError `invalid_scope` where nothing is named, or too much."""
        named = {
            OverrideScope.CATEGORY: self.category_id, OverrideScope.CLASS: self.sku_class, OverrideScope.STAGE: self.stage_id,
            OverrideScope.ACCOUNT: self.account_id, OverrideScope.POOL: self.pool_id, OverrideScope.SKU: self.sku_id,
        }  # fmt: skip
        scopes = [scope for scope, target in named.items() if target]
        if scopes == [OverrideScope.POOL, OverrideScope.SKU]:
            return OverrideScope.SKU
        if not scopes:
            message = _("Say what it is for: a SKU, a pool, an account, a stage, a class or a category.")
            raise DomainError("invalid_scope", message, path=("sku",))
        if len(scopes) > 1:
            name = OVERRIDE_TARGETS[scopes[0]]
            message = _("It is for one thing: only a SKU may have its pool besides.")
            raise DomainError("invalid_scope", message, path=(GRAPH_NAMES.get(name, name),))
        return scopes[0]


def set_override(
    target: OverrideTarget,
    *,
    line: str = Line.ALERT_THRESHOLD,
    qty: int | None = None,
    factor: float | None = None,
    starts_at: datetime | None = None,
    until_at: datetime,
    reason: str,
) -> StockOverride:
    """Sets a quantity in place of a line, or a factor on it, from `starts_at` (now) until `until_at`, when it reverts by itself.

    An earlier one stays as it is: where both hold, the more specific one counts, of equals the one that began last. DomainError
    `not_found`, `invalid_scope`, `invalid_override`, `reason_required`, `override_in_past`, `override_too_long`, `not_allowed`.
    """
    require("catalog.add_stockoverride")
    now = clock.now()
    starts_at = starts_at or now
    check(line=line, qty=qty, factor=factor, starts_at=starts_at, until_at=until_at, reason=reason)
    target = replace(target, sku_class=target.sku_class.strip()[:LONGEST_CLASS])
    made = StockOverride(
        scope=target.scope, **asdict(target), line=line, qty=qty, factor=factor, starts_at=starts_at, until_at=until_at,
        reason=reason.strip(), set_by=actor.current().label, set_at=now, updated_at=now,
    )  # fmt: skip
    with transaction.atomic():
        _require_targets(target)
        require_reach(made)
        made.save(force_insert=True)
        _tell(made, "set")
    return made


def reaches(user: User | AnonymousUser, override: StockOverride) -> bool:
    """Whether the user may set and end it: what holds for more than a pool or an account of his is for those who see all of them."""
    pools, accounts = visible_pool_ids(user), visible_account_ids(user)
    if override.pool_id is not None:
        return pools is None or override.pool_id in pools
    if override.account_id is not None:
        return accounts is None or override.account_id in accounts
    return pools is None and (accounts is None or override.scope == OverrideScope.SKU)


def require_reach(override: StockOverride) -> None:
    """NotAllowedError where it holds for more than the acting person sees."""
    who = actor.current()
    user = User.objects.filter(pk=who.user_id).first() if who.user_id is not None else None
    if user is not None and not reaches(user, override):
        raise NotAllowedError(_("Set it for a pool or an account of yours: what reaches further is for those who see all of them."))


def _require_targets(target: OverrideTarget) -> None:
    for name in OVERRIDE_TARGETS.values():
        pk = None if name == "sku_class" else getattr(target, f"{name}_id")
        if pk is not None:
            model = cast("type[Model]", StockOverride._meta.get_field(name).related_model)
            living = {"deleted_at": None} if any(field.name == "deleted_at" for field in model._meta.fields) else {}
            if not model._default_manager.filter(pk=pk, **living).exists():
                text = _("There is no such SKU.") if name == "sku" else _("There is no such code, or you may not see it.")
                raise DomainError("not_found", text, path=(name,))


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
        require_reach(override)
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
            "scope": str(override.scope),
            "category": override.category_id,
            "sku_class": override.sku_class,
            "stage": override.stage_id,
            "account": override.account_id,
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
