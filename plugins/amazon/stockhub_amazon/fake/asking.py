"""A plain client, for whoever wants to ask the fake without the connector: tests of the fake itself, a shell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN


@dataclass(frozen=True, slots=True)
class Told:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.body)


def send(base_url: str, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Told:
    connection = HTTPConnection(urlsplit(base_url).netloc, timeout=30)
    try:
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return Told(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def token(base_url: str, **changed: str) -> Told:
    form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN} | changed
    return send(base_url, "POST", "/auth/o2/token", urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"})


@dataclass(frozen=True, slots=True)
class Client:
    """Asks `base_url`, a judge perhaps, with a token that `fake_url` gave."""

    base_url: str
    access_token: str

    @classmethod
    def of(cls, base_url: str, fake_url: str) -> Client:
        return cls(base_url, token(fake_url).json()["access_token"])

    def get(self, path: str, **query: str) -> Told:
        return send(self.base_url, "GET", f"{path}?{urlencode(query, quote_via=quote)}" if query else path, headers=self._headers())

    def post(self, path: str, body: object, method: str = "POST", **query: str) -> Told:
        target = f"{path}?{urlencode(query, quote_via=quote)}" if query else path
        return send(self.base_url, method, target, json.dumps(body).encode(), self._headers() | {"Content-Type": "application/json"})

    def _headers(self) -> dict[str, str]:
        return {"x-amz-access-token": self.access_token, "Accept": "application/json"}
