"""What an account allows to be pushed, and when it may be switched to writing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.models import Account
from stockhub.channels.pushes.models import PushSettings
from stockhub.channels.pushes.planning import limits_of
from stockhub.core import clock
from stockhub.core.unset import UNSET, Unset
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

PERMISSION: Final = "channels.change_pushsettings"
#: How old a good preview may be when an account is switched to writing.
PREVIEW_HOLDS: Final = timedelta(days=1)
_PERCENTS: Final = ("row_pct", "push_pct", "tolerance_pct")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSettingsInput:
    """What is not named stays as it is. A limit of None means that every push has to be confirmed."""

    account: str
    is_stopped: bool | Unset = UNSET
    is_automatic: bool | Unset = UNSET
    debounce_seconds: int | Unset = UNSET
    needs_second_person: bool | Unset = UNSET
    row_qty: int | Unset | None = UNSET
    row_pct: Decimal | Unset | None = UNSET
    push_qty: int | Unset | None = UNSET
    push_pct: Decimal | Unset | None = UNSET
    expires_after_hours: int | Unset = UNSET
    tolerance_qty: int | Unset = UNSET
    tolerance_pct: Decimal | Unset = UNSET
    alert_above: int | Unset = UNSET
    expected_version: int | None = None


def upsert_push_settings(row: PushSettingsInput) -> PushSettings:
    """Sets what an account allows. DomainErrors `not_found`, `stale_version`, `invalid_limit`."""
    account = Account.objects.filter(code=row.account, deleted_at=None).first()
    if account is None:
        raise DomainError("not_found", _("There is no such account, or you may not see it."), path=("account",))
    require(PERMISSION, account_ids=[account.pk])
    with transaction.atomic():
        PushSettings.objects.get_or_create(account=account)
        settings = PushSettings.objects.select_for_update().get(account=account)
        if row.expected_version not in (None, settings.version):
            raise DomainError(
                "stale_version", _("The settings were changed by somebody else. Read them again."), path=("expected_version",)
            )
        changes = _changes(settings, row)
        if not changes:
            return settings
        check(settings)
        settings.version += 1
        settings.save()
        payload = {"account": account.code, "changed": {name: [str(old), str(new)] for name, (old, new) in changes.items()}}
        emit_event("channels.push_settings_saved.v1", entity="channels.pushsettings", entity_id=settings.pk, payload=payload)
    return settings


def _changes(settings: PushSettings, row: PushSettingsInput) -> dict[str, tuple[Any, Any]]:
    """Puts the named values in; gives (old, new) of those that are others."""
    changed = {}
    for each in fields(row):
        value = getattr(row, each.name)
        if each.name in ("account", "expected_version") or value is UNSET:
            continue
        old = getattr(settings, each.name)
        if old != value:
            setattr(settings, each.name, value)
            changed[each.name] = (old, value)
    return changed


def check(settings: PushSettings) -> None:
    """DomainError `invalid_limit` where a number makes no sense."""
    for name in ("row_qty", "push_qty", "tolerance_qty", "alert_above"):
        value = getattr(settings, name)
        if value is not None and not 0 <= value <= 2**31 - 1:
            raise DomainError("invalid_limit", _("A limit in units is a whole number from 0 on."), path=(name,))
    for name in _PERCENTS:
        value = getattr(settings, name)
        if value is not None and not (value.is_finite() and 0 <= value <= 99_999):
            raise DomainError("invalid_limit", _("A limit in per cent is a number from 0 on."), path=(name,))
    for name, most in (("debounce_seconds", 86_400), ("expires_after_hours", 24 * 30)):
        if not 1 <= getattr(settings, name) <= most:
            raise DomainError("invalid_limit", _("Use a whole number from 1 to %(most)s."), path=(name,), params={"most": most})


def require_may_write(account: Account) -> None:
    """Before an account is switched to writing: who does it may approve, a preview was good, the largest change is set (issue 8)."""
    require("channels.approve_push", account_ids=[account.pk] if account.pk else [])
    settings = PushSettings.objects.filter(account_id=account.pk).first() if account.pk else None
    if settings is None or not limits_of(settings).are_set:
        raise DomainError(
            "no_largest_change", _("Set the largest change first: of a row and of a push, in units and in per cent."), path=("mode",)
        )  # fmt: skip
    if settings.last_preview_at is None or settings.last_preview_at < clock.now() - PREVIEW_HOLDS:
        raise DomainError(
            "no_preview", _("Preview a push first: the last good one was more than a day ago, or there was none."), path=("mode",)
        )  # fmt: skip
