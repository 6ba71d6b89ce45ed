"""Asks the fake over HTTP, with its own signature: for what tests and demos want to see of it without a connector."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from stockhub_douyin.fake.server import FakeDouyin
from stockhub_douyin.fake.signature import canonical, parse, sign


class Asker:
    def __init__(self, fake: FakeDouyin) -> None:
        self._fake = fake
        self._token = ""

    def authorize(self) -> dict[str, Any]:
        """The first tokens of a self-use app, used from then on."""
        shop_id = str(self._fake.world.shop_id)
        answer = self.ask("token.create", {"code": "", "grant_type": "authorization_self", "shop_id": shop_id})
        self._token = answer["data"]["access_token"]
        return answer

    def ask(self, method: str, params: dict[str, Any], **query: str) -> dict[str, Any]:
        """The envelope. `query` changes what stands in the address. OSError, ValueError where it is none."""
        _status, body = self.send(method, json.dumps(params, ensure_ascii=False).encode(), **query)
        answer: dict[str, Any] = json.loads(body)
        return answer

    def send(self, method: str, body: bytes, **query: str) -> tuple[int, bytes]:
        world = self._fake.world
        timestamp = query.get("timestamp", str(world.clock.seconds()))
        named = {
            "app_key": world.app_key, "method": method, "timestamp": timestamp, "v": "2", "sign_method": "hmac-sha256",
            "access_token": self._token,
        } | query  # fmt: skip
        named.setdefault("sign", sign(
            world.app_secret, app_key=world.app_key, method=method, param_json=canonical(parse(body)), timestamp=timestamp,
            sign_method=named["sign_method"],
        ))  # fmt: skip
        connection = http.client.HTTPConnection(urlsplit(self._fake.url).netloc, timeout=10)
        try:
            connection.request("POST", f"/{method.replace('.', '/')}?{urlencode(named)}", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
