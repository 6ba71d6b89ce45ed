"""Shops: made safe by default, configured as their connector's model wants it, tied to the pools that serve them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import StockPool
from stockhub.channels.feeds.ensuring import ensure_feeds
from stockhub.channels.models import Account, AccountMode, PoolAccount, ReduceOn
from stockhub.channels.pushes.settings import require_may_write
from stockhub.core.currencies import CURRENCIES
from stockhub.core.unset import UNSET, Unset
from stockhub.outbox.services import emit_event
from stockhub.pluginhost import configuration
from stockhub.pluginhost.registry import registry
from stockhub.values.errors import DomainError

#: The marketplace of a shop whose data come as files only.
FILE_MARKETPLACE: Final = "file"
_PERMISSION: Final = "channels.change_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInput:
    """What is not named stays as it is. `config` holds all public values and new secrets of the connector's model."""

    code: str
    name: str | Unset = UNSET
    marketplace: str | Unset = UNSET
    site: str | Unset = UNSET
    time_zone: str | Unset = UNSET
    currency: str | Unset = UNSET
    mode: str | Unset = UNSET
    reduce_on: str | Unset = UNSET
    is_active: bool | Unset = UNSET
    experience_score_floor: float | Unset | None = UNSET
    config: Mapping[str, Any] | Unset = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolShare:
    """A pool that serves an account, with the part of its demand, within dates."""

    pool: str
    priority: int = 1
    share: float = 1.0
    valid_from: date | None = None
    valid_to: date | None = None


def upsert_account(row: AccountInput) -> Account:
    """Makes or changes an account; a new one is read-only and takes site, zone, currency and the moment of reduction from its connector."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(code=row.code).first()
        require(_PERMISSION, account_ids=[account.pk] if account else [])
        if account is None:
            account = _new(row)
        elif row.expected_version not in (None, account.version):
            raise DomainError("stale_version", _("The account was changed by somebody else. Read it again."), path=("expected_version",))
        before = _told(account) if account.pk else None
        was_writing = account.pk is not None and account.mode == AccountMode.WRITE
        _assign(account, row)
        if account.mode == AccountMode.WRITE and not was_writing:
            require_may_write(account)
        if before is not None and before == _told(account):
            return account
        account.version = account.version + 1 if account.pk else 1
        account.save()
        changed = {
            key: [None if before is None else before[key], value]
            for key, value in _told(account).items()
            if not before or before[key] != value
        }
        changed.pop("secrets", None)
        payload = {"account": account.code, "changed": changed}
        emit_event("channels.account_saved.v1", entity="channels.account", entity_id=account.pk, payload=payload)
        ensure_feeds(account)
    return account


def connect_pools(*, account: Account, pools: Sequence[PoolShare]) -> list[PoolAccount]:
    """Says which pools serve the account: all of them, so that one that is not named no longer does."""
    require(_PERMISSION, account_ids=[account.pk])
    for each in pools:
        if not 0 <= each.share <= 1:
            raise DomainError("invalid_share", _("A share lies between 0 and 1."), path=("pools", each.pool, "share"))
        if each.valid_from and each.valid_to and each.valid_to < each.valid_from:
            raise DomainError("invalid_dates", _("A share must not end before it begins."), path=("pools", each.pool, "valid_to"))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        ids = dict(StockPool.objects.filter(code__in={each.pool for each in pools}, deleted_at=None).values_list("code", "id"))
        if missing := sorted({each.pool for each in pools} - ids.keys()):
            raise DomainError(
                "unknown_pool", _("There is no stock pool %(missing)r."), path=("pools", missing[0]), params={"missing": missing[0]}
            )
        PoolAccount.objects.filter(account=account).delete()
        rows = PoolAccount.objects.bulk_create(
            PoolAccount(
                account=account, pool_id=ids[p.pool], priority=p.priority, share=p.share, valid_from=p.valid_from, valid_to=p.valid_to
            )
            for p in pools
        )
        payload = {"account": account.code, "pools": sorted(ids)}
        emit_event("channels.account_pools_connected.v1", entity="channels.account", entity_id=account.pk, payload=payload)
    return rows


def account_config(account: Account) -> Any:  # noqa: ANN401 - an instance of the connector's own model
    """The validated configuration of the account, secrets included, for its connector only."""
    model = _connector(account.marketplace).account_config_model
    return configuration.load(model, configuration.Stored(account.config, bytes(account.secrets)))


def _new(row: AccountInput) -> Account:
    if not row.code or len(row.code) > 60 or "/" in row.code:
        raise DomainError("invalid_code", _("An account's code has 1 to 60 characters and no slash."), path=("code",))
    marketplace = row.marketplace if isinstance(row.marketplace, str) else FILE_MARKETPLACE
    account = Account(code=row.code, name=row.code, marketplace=marketplace, mode=AccountMode.READ_ONLY)
    if marketplace != FILE_MARKETPLACE:
        connector = _connector(marketplace)
        account.reduce_on = connector.reduce_on.value
        sites = {site.code: site for site in connector.sites}
        site = sites.get(row.site) if isinstance(row.site, str) else next(iter(connector.sites), None)
        if site is not None:
            account.site, account.time_zone, account.currency = site.code, site.time_zone, site.currency
    return account


def _assign(account: Account, row: AccountInput) -> None:
    for name in ("name", "marketplace", "site", "time_zone", "currency", "mode", "reduce_on", "is_active", "experience_score_floor"):
        value = getattr(row, name)
        if value is not UNSET:
            setattr(account, name, value)
    _require_valid(account)
    if account.marketplace == FILE_MARKETPLACE:
        return
    model = _connector(account.marketplace).account_config_model
    current = configuration.Stored(account.config, bytes(account.secrets))
    if isinstance(row.config, Mapping):
        stored = configuration.save(model, row.config, current)
        account.config, account.secrets = dict(stored.config), stored.secrets


def _require_valid(account: Account) -> None:
    try:
        ZoneInfo(account.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DomainError(
            "unknown_time_zone", _("There is no such time zone. Use a name such as Asia/Shanghai."), path=("time_zone",)
        ) from error
    if account.currency not in CURRENCIES:
        raise DomainError("unknown_currency", _("Use an ISO 4217 code such as CNY or USD."), path=("currency",))
    if account.mode not in AccountMode.values:
        raise DomainError("invalid_mode", _("The mode must be read_only or write."), path=("mode",))
    if account.reduce_on not in ReduceOn.values:
        raise DomainError("invalid_reduce_on", _("reduce_on must be create or pay."), path=("reduce_on",))
    floor = account.experience_score_floor
    if floor is not None and not 0 <= floor <= 100:
        raise DomainError("invalid_score", _("A score is a number from 0 to 100."), path=("experience_score_floor",))
    if not account.name or len(account.name) > 200:
        raise DomainError("invalid_name", _("A name has 1 to 200 characters."), path=("name",))


def _connector(slug: str) -> Any:  # noqa: ANN401 - a plugin's provider
    found = registry().marketplaces.get(slug)
    if found is None:
        known = ", ".join(sorted(registry().marketplaces)) or "none"
        raise DomainError(
            "unknown_marketplace",
            _("No connector %(slug)r is installed. Known: %(known)s."),
            path=("marketplace",),
            params={"slug": slug, "known": known},
        )
    return found


def _told(account: Account) -> dict[str, Any]:
    """What is compared and shown in the history. Secrets are compared, never shown."""
    return {
        "name": account.name,
        "marketplace": account.marketplace,
        "site": account.site,
        "time_zone": account.time_zone,
        "currency": account.currency,
        "mode": account.mode,
        "reduce_on": account.reduce_on,
        "is_active": account.is_active,
        "experience_score_floor": account.experience_score_floor,
        "config": dict(account.config),
        "secrets": bytes(account.secrets),
    }
