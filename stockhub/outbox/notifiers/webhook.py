"""A webhook for an ERP or any other program: JSON, signed so that the receiver knows whose it is and that it is no repetition.

How to verify it is in docs/how-to/send-notifications.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import ClassVar

from pydantic import BaseModel, Field, SecretStr

from stockhub.outbox.notifiers.answers import accepted
from stockhub.pluginapi import HttpRequest, Message, Notifier, NotifierLimits, PluginContext
from stockhub.values import Label


class WebhookEndpoint(BaseModel):
    """Where to post, and what to sign with."""

    url: SecretStr = Field(title="URL", description="https://… It may hold a token, so it is kept encrypted.")
    secret: SecretStr = Field(min_length=16, description="What both sides know: at least 16 characters. `openssl rand -hex 32` makes one.")


class Webhook(Notifier):
    slug: ClassVar[str] = "webhook"
    name: ClassVar[Label] = Label("Signed webhook", "签名 Webhook")
    endpoint_model: ClassVar[type[BaseModel]] = WebhookEndpoint
    limits: ClassVar[NotifierLimits] = NotifierLimits(max_items=100, attaches_reports=True)

    def send(self, message: Message, endpoint: BaseModel, context: PluginContext) -> str:
        assert isinstance(endpoint, WebhookEndpoint)  # noqa: S101 - the host has validated it
        body = json.dumps(message.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = str(int(context.now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "StockHub-Delivery": message.key,
            "StockHub-Timestamp": timestamp,
            "StockHub-Signature": f"v1={signature(endpoint.secret.get_secret_value(), timestamp, body)}",
        }
        response = accepted(context.http.send(HttpRequest("POST", endpoint.url.get_secret_value(), headers, body)))
        return response.headers.get("x-request-id", "")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot and the body as it is sent, in hexadecimal digits."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
