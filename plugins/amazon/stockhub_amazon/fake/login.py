"""Login with Amazon: a refresh token becomes an access token for an hour."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs

from stockhub_amazon.fake.answers import Answer, Request
from stockhub_amazon.fake.world import World

CLIENT_ID = "amzn1.application-oa2-client.fake"
CLIENT_SECRET = "amzn1.oa2-cs.v1.fake-secret"  # noqa: S105 - of a made-up shop
REFRESH_TOKEN = "Atzr|fake-refresh-token"  # noqa: S105 - of a made-up shop
_SECONDS = 3_600


class Login:
    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, float] = {}
        self.given = 0
        self.is_revoked = False
        self.secret_expired = False

    def token(self, request: Request) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET or self.secret_expired:
            return _error("invalid_client", "Client authentication failed")
        grant = form.get("grant_type")
        if grant == "refresh_token" and (form.get("refresh_token") != REFRESH_TOKEN or self.is_revoked):
            return _error("invalid_grant", "The request has an invalid grant parameter : refresh_token")
        if grant == "client_credentials" and not form.get("scope"):
            return _error("invalid_scope", "The request has an invalid scope")
        if grant not in ("refresh_token", "client_credentials"):
            return _error("unsupported_grant_type", "The authorization grant type is not supported by the authorization server")
        token = f"Atza|{secrets.token_urlsafe(30)}"
        self._tokens[token] = self._world.monotonic() + _SECONDS
        self.given += 1
        answer: dict[str, object] = {"access_token": token, "token_type": "bearer", "expires_in": _SECONDS}
        if grant == "refresh_token":
            answer["refresh_token"] = REFRESH_TOKEN
        return Answer.of(answer)

    def holds(self, token: str) -> bool:
        return self._tokens.get(token, 0.0) > self._world.monotonic() and not self.is_revoked

    def expire_all(self) -> None:
        self._tokens.clear()


def _error(code: str, description: str) -> Answer:
    return Answer.of({"error": code, "error_description": description}, 400 if code != "invalid_client" else 401)
