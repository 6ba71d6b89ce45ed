"""How a shop gives access, and how access is kept up: seven days at a time, renewed within the last hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectionReport,
    ConnectorContext,
    RequestRefusedError,
    Tokens,
    UnreadableAnswerError,
)
from stockhub_douyin.account import AppKind, DouyinAccountConfig
from stockhub_douyin.assumptions import ACCESS_DAYS
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import FieldError, identifier_or_none, text_of, whole_or

#: `expires_in` is seconds from now in one official source and an instant in another: no token holds for thirty years.
_ABSOLUTE: Final = 1_000_000_000
#: What a test of the connection tries, and what is missing where it is refused.
_PROBES: Final[tuple[tuple[str, dict[str, Any], str], ...]] = (
    ("product.listV2", {"page": 1, "size": 1}, "listings and stock"),
    ("warehouse.list", {"page": 0, "size": 1}, "warehouses"),
    ("shop.reputation", {}, "the experience score"),
)


def authorization_url(config: DouyinAccountConfig, state: str) -> str:
    """Where the seller authorises a service app; the address to come back to is set in the app itself. Empty where a token is there."""
    if config.app_kind is not AppKind.SERVICE or not config.service_id or config.has_refresh_token:
        return ""
    return f"{config.authorize_url}?{urlencode({'service_id': config.service_id, 'state': state})}"


def obtain(context: ConnectorContext, code: str) -> Tokens:
    """The first tokens: by the code of the browser, by a refresh token from elsewhere, or by the shop's number alone."""
    client = DouyinClient(context)
    config = client.config
    if config.app_kind is AppKind.SELF_USE:
        return _created(client, _self_use(config))
    if code:
        return _created(client, {"code": code, "grant_type": "authorization_code"})
    if config.refresh_token and config.has_refresh_token:
        return _refreshed(client, config.refresh_token.get_secret_value())
    raise AuthorizationLostError("not_authorised", "The shop has not authorised the app: open the authorisation page as the shop's owner.")


def renew(context: ConnectorContext, tokens: Tokens) -> Tokens:
    """A new pair; the old one holds for another hour. A self-use app that may not renew asks for its first pair again."""
    client = DouyinClient(context)
    try:
        return _refreshed(client, tokens.refresh_token)
    except AuthorizationLostError as error:
        # After an answer that was lost the old refresh token may have ended; the shop's number still opens the shop.
        if client.config.app_kind is not AppKind.SELF_USE or error.code not in {"token_invalid", "token_expired", "no_token"}:
            raise
        return _created(client, _self_use(client.config))


def test_connection(context: ConnectorContext) -> ConnectionReport:
    """One order is asked for, which must be allowed; what else is not allowed is told."""
    client = DouyinClient(context)
    now = int(context.now().timestamp())
    search = {"update_time_start": now - 86_400, "update_time_end": now, "order_by": "update_time", "order_asc": True, "page": 0, "size": 1}
    data = client.read("order.searchList", search)
    orders = data.get("shop_order_list") if isinstance(data, dict) else None
    first = orders[0] if isinstance(orders, list) and orders and isinstance(orders[0], dict) else {}
    remarks: list[str] = []
    for operation, params, what in _PROBES:
        try:
            client.read(operation, params)
        except RequestRefusedError as error:
            remarks.append(f"Without {what}: {error.message}")
    return ConnectionReport(
        identifier_or_none(first, "shop_id") or client.config.shop_id, name=text_of(first, "shop_name", 60), remarks=tuple(remarks)
    )


def _self_use(config: DouyinAccountConfig) -> dict[str, Any]:
    if config.is_test_shop:
        return {"code": "", "grant_type": "authorization_self", "test_shop": "1"}
    return {"code": "", "grant_type": "authorization_self", "shop_id": config.shop_id}


def _created(client: DouyinClient, params: dict[str, Any]) -> Tokens:
    return _tokens(client, client.ask_for_token("token.create", params))


def _refreshed(client: DouyinClient, refresh_token: str) -> Tokens:
    params = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _tokens(client, client.ask_for_token("token.refresh", params))


def _tokens(client: DouyinClient, data: object) -> Tokens:
    config, now = client.config, client.context.now()
    if not isinstance(data, dict):
        raise UnreadableAnswerError("The answer holds no token.", code="renamed_field")
    access, refresh = _secret(data, "access_token"), _secret(data, "refresh_token")
    expires_at = _read(lambda: _expiry(data, now))
    # When the pair was made is not told; the older of the two ends first, and both were made at once.
    made_at = expires_at - timedelta(days=ACCESS_DAYS)
    return Tokens(
        access_token=access,
        expires_at=expires_at,
        refresh_token=refresh,
        refresh_expires_at=made_at + timedelta(days=config.refresh_days),
        renew_at=expires_at - timedelta(minutes=config.renew_minutes_before),
        subject=identifier_or_none(data, "shop_id", "authority_id"),
        scope=text_of(data, "scope", 200),
    )


def _expiry(data: dict[str, Any], now: datetime) -> datetime:
    seconds = whole_or(data, "expires_in", ACCESS_DAYS * 86_400)
    if seconds <= 0:
        raise FieldError("expires_in", "expires_in is not above 0.")
    return datetime.fromtimestamp(seconds, UTC) if seconds > _ABSOLUTE else now + timedelta(seconds=seconds)


def _secret(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise UnreadableAnswerError(f"The answer has no {name}.", code="renamed_field")
    return value


def _read(of: Callable[[], datetime]) -> datetime:
    try:
        return of()
    except (FieldError, OverflowError, OSError, ValueError) as error:
        raise UnreadableAnswerError(f"The answer's token cannot be dated: {error}", code="renamed_field") from error
