"""A connector to the tests' own platform: as a plugin author would write one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, SecretStr

from stockhub.pluginapi import HttpRequest, HttpResponse, MarketplaceConnector, Site
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    Authorize,
    ConnectionReport,
    ConnectorContext,
    RateLimit,
    ReadWarehouses,
    TokenRefusedError,
    Tokens,
    json_object,
    raise_for_pressure,
)
from stockhub.pluginapi.platform_records import WarehouseRecord
from stockhub.values import Label


class LittleConfig(BaseModel):
    base_url: str
    secret: SecretStr
    shop_id: str = ""
    partner: str = ""
    in_browser: bool = False


class LittleMarket(MarketplaceConnector, Authorize, ReadWarehouses):
    slug = "little"
    name = Label("Little Market", "小市场")
    sites = (Site("CN", Label("China", "中国"), "Asia/Shanghai", "CNY"),)
    account_config_model = LittleConfig
    rate_limits: ClassVar[Mapping[str, RateLimit]] = {
        "shop": RateLimit(50.0, 50), "slow": RateLimit(0.0056), "two": RateLimit(0.001, 2),
    }  # fmt: skip

    def rate_scope(self, config: BaseModel) -> str:
        assert isinstance(config, LittleConfig)
        return config.partner

    def obtain(self, context: ConnectorContext, *, code: str = "") -> Tokens:
        if not code and config_of(context).in_browser:
            raise AuthorizationLostError("not_authorised", "Authorise the shop in the browser.")
        return self._tokens(context, {"code": code} if code else {})

    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:
        return self._tokens(context, {"refresh_token": tokens.refresh_token})

    def _tokens(self, context: ConnectorContext, asked: Mapping[str, str]) -> Tokens:
        config = config_of(context)
        body = json.dumps({**asked, "secret": config.secret.get_secret_value()}).encode()
        response = context.platform.send("", HttpRequest("POST", f"{config.base_url}/token", {"Content-Type": "application/json"}, body))
        raise_for_pressure(response, context.now())
        answer = json_object(response)
        if response.status != 200:
            raise AuthorizationLostError(str(answer["error"]), f"The platform refuses: {answer['error']}.")
        now = context.now()

        def instant(name: str) -> Any:  # noqa: ANN401 - an instant or none
            return None if answer[name] is None else now + timedelta(seconds=answer[name])

        return Tokens(
            answer["access_token"], instant("expires_in"), answer["refresh_token"], instant("refresh_expires_in"), instant("renew_in"),
            answer["shop"], "orders",
        )  # fmt: skip

    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        answer = json_object(ask(context))
        return ConnectionReport(answer["shop"], answer["name"], ("Orders are allowed.",))

    def authorization_url(self, config: BaseModel, *, state: str, redirect_url: str) -> str:
        assert isinstance(config, LittleConfig)
        query = urlencode({"state": state, "redirect_url": redirect_url})
        return f"{config.base_url}/authorize?{query}" if config.in_browser else ""

    def read_warehouses(self, context: ConnectorContext) -> Sequence[WarehouseRecord]:
        return [WarehouseRecord("W1", "Theirs", is_platforms=True), WarehouseRecord("W2", "Ours")]


def config_of(context: ConnectorContext) -> LittleConfig:
    assert isinstance(context.config, LittleConfig)
    return context.config


def ask(context: ConnectorContext, operation: str = "shop") -> HttpResponse:
    """A call with the token, as every method of a connector makes it."""
    token = context.platform.token()
    url = f"{config_of(context).base_url}/shop?secret={config_of(context).secret.get_secret_value()}"
    response = context.platform.send(operation, HttpRequest("GET", url, {"Authorization": f"Bearer {token}"}))
    raise_for_pressure(response, context.now(), operation=operation)
    if response.status == 401:
        raise TokenRefusedError("The token is not taken.", token=token)
    return response
