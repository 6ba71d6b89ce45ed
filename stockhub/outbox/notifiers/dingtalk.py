"""DingTalk (钉钉): a group's custom robot, with its signature.

https://open.dingtalk.com/document/robots/customize-robot-security-settings
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any, ClassVar, Final
from urllib.parse import quote_plus

from pydantic import BaseModel, Field, SecretStr

from stockhub.outbox.notifiers.answers import post_json, require_code
from stockhub.pluginapi import Item, Message, Notifier, NotifierLimits, PluginContext
from stockhub.values import Label

#: 130101: more than twenty a minute. -1: the system is busy.
_BUSY: Final = frozenset({-1, 130101, 410100})
#: What means something in Markdown. Angle brackets become others: no client's sanitiser has to be trusted.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()#+\-!|~.>])")
_BRACKETS: Final = str.maketrans({"<": "‹", ">": "›", "\r": " ", "\n": " ", "\t": " "})


class DingTalkEndpoint(BaseModel):
    """The robot's address and the secret of its signature."""

    webhook_url: SecretStr = Field(title="Webhook URL", description="https://oapi.dingtalk.com/robot/send?access_token=…")
    secret: SecretStr | None = Field(default=None, description="SEC…, where the robot's security setting is the signature.")


class DingTalk(Notifier):
    slug: ClassVar[str] = "dingtalk"
    name: ClassVar[Label] = Label("DingTalk group robot", "钉钉群机器人")
    endpoint_model: ClassVar[type[BaseModel]] = DingTalkEndpoint
    limits: ClassVar[NotifierLimits] = NotifierLimits(per_minute=20, max_items=10)

    def send(self, message: Message, endpoint: BaseModel, context: PluginContext) -> str:
        assert isinstance(endpoint, DingTalkEndpoint)  # noqa: S101 - the host has validated it
        url = endpoint.webhook_url.get_secret_value()
        if endpoint.secret is not None and endpoint.secret.get_secret_value():
            timestamp = str(int(context.now().timestamp() * 1000))
            sign = quote_plus(signature(endpoint.secret.get_secret_value(), timestamp))
            url += f"{'&' if '?' in url else '?'}timestamp={timestamp}&sign={sign}"
        require_code(post_json(context, url, _card(message)), ("errcode",), busy=_BUSY)
        return ""


def signature(secret: str, timestamp: str) -> str:
    """HMAC-SHA256 with the secret over the timestamp in milliseconds, a line break and the secret itself, in base64."""
    return base64.b64encode(hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()).decode()


def _card(message: Message) -> dict[str, Any]:
    """An action card where there is something to open, else Markdown. Its text is Markdown in both."""
    parts = [f"### {_inert(message.subject)}", *([_inert(message.text)] if message.text else [])]
    parts += [_told(item) for item in message.items]
    parts += [_inert(message.more)] if message.more else []
    text, title = "\n\n".join(parts), message.subject[:100]
    if not message.link:
        return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
    card = {"title": title, "text": text, "singleTitle": message.link_label, "singleURL": message.link}
    return {"msgtype": "actionCard", "actionCard": card}


def _told(item: Item) -> str:
    lines = [f"**{_inert(item.title)}**", *(f"- {_inert(fact.label)}: {_inert(fact.value)}" for fact in item.facts)]
    return "\n".join(lines)


def _inert(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text.translate(_BRACKETS))
