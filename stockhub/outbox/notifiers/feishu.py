"""Feishu (飞书) and Lark: a group's custom bot, with its signature, as an interactive card.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, ClassVar, Final

from pydantic import BaseModel, Field, SecretStr

from stockhub.outbox.notifiers.answers import post_json, require_code
from stockhub.pluginapi import Item, Message, Notifier, NotifierLimits, PluginContext
from stockhub.values import Label

#: 11232 and 9499: too many. 19024 and the like are settings of the bot.
_BUSY: Final = frozenset({9499, 11232, 11233})
_COLOURS: Final = {3: "red", 2: "orange", 1: "blue"}


class FeishuEndpoint(BaseModel):
    """The bot's address and the secret of its signature."""

    webhook_url: SecretStr = Field(title="Webhook URL", description="https://open.feishu.cn/open-apis/bot/v2/hook/…")
    secret: SecretStr | None = Field(default=None, description="Where the bot's security setting is the signature verification.")


class Feishu(Notifier):
    slug: ClassVar[str] = "feishu"
    name: ClassVar[Label] = Label("Feishu custom bot", "飞书自定义机器人")
    endpoint_model: ClassVar[type[BaseModel]] = FeishuEndpoint
    limits: ClassVar[NotifierLimits] = NotifierLimits(per_minute=20, max_items=10)

    def send(self, message: Message, endpoint: BaseModel, context: PluginContext) -> str:
        assert isinstance(endpoint, FeishuEndpoint)  # noqa: S101 - the host has validated it
        document: dict[str, Any] = {"msg_type": "interactive", "card": _card(message)}
        if endpoint.secret is not None and endpoint.secret.get_secret_value():
            timestamp = str(int(context.now().timestamp()))
            document = {"timestamp": timestamp, "sign": signature(endpoint.secret.get_secret_value(), timestamp), **document}
        require_code(post_json(context, endpoint.webhook_url.get_secret_value(), document), ("code", "StatusCode"), busy=_BUSY)
        return ""


def signature(secret: str, timestamp: str) -> str:
    """HMAC-SHA256 of nothing with the timestamp in seconds, a line break and the secret as its key, in base64."""
    return base64.b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def _card(message: Message) -> dict[str, Any]:
    """A card whose texts are all plain, so that no name is markup."""
    elements: list[dict[str, Any]] = [{"tag": "div", "text": _plain(message.text)}] if message.text else []
    for item in message.items:
        elements += [*([{"tag": "hr"}] if elements else []), _told(item)]
    if message.more:
        elements.append({"tag": "note", "elements": [_plain(message.more)]})
    if message.link:
        button = {"tag": "button", "text": _plain(message.link_label), "url": message.link, "type": "primary"}
        elements.append({"tag": "action", "actions": [button]})
    header = {"template": _COLOURS.get(message.level, "grey"), "title": _plain(message.subject)}
    return {"config": {"wide_screen_mode": True}, "header": header, "elements": elements}


def _told(item: Item) -> dict[str, Any]:
    fields = [{"is_short": True, "text": _plain(f"{fact.label}\n{fact.value}")} for fact in item.facts]
    return {"tag": "div", "text": _plain(item.title), **({"fields": fields} if fields else {})}


def _plain(text: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": text}
