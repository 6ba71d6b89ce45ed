"""WeCom (企业微信): the robot of a group. The key in its address is all that guards it, so the whole address is a secret.

https://developer.work.weixin.qq.com/document/path/91770
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from pydantic import BaseModel, Field, SecretStr

from stockhub.outbox.notifiers.answers import post_json, require_code
from stockhub.pluginapi import Message, Notifier, NotifierLimits, PluginContext
from stockhub.values import Label

#: 45009: more than twenty a minute. -1: the system is busy.
_BUSY: Final = frozenset({-1, 45009})
#: Characters that the card shows of each part.
_TITLE, _DESCRIPTION, _TEXT, _KEY, _VALUE = 26, 30, 112, 5, 26
_MOST_ROWS: Final = 6
#: Bytes of a text message.
_LONGEST_TEXT: Final = 2048


class WeComEndpoint(BaseModel):
    """The robot's address."""

    webhook_url: SecretStr = Field(
        title="Webhook URL", description="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=… as the group's robot shows it."
    )


class WeCom(Notifier):
    slug: ClassVar[str] = "wecom"
    name: ClassVar[Label] = Label("WeCom group robot", "企业微信群机器人")
    endpoint_model: ClassVar[type[BaseModel]] = WeComEndpoint
    limits: ClassVar[NotifierLimits] = NotifierLimits(per_minute=20, max_items=10)

    def send(self, message: Message, endpoint: BaseModel, context: PluginContext) -> str:
        assert isinstance(endpoint, WeComEndpoint)  # noqa: S101 - the host has validated it
        # A card must lead somewhere; without a public address of the server it is a text.
        document = _card(message) if message.link else _text(message)
        require_code(post_json(context, endpoint.webhook_url.get_secret_value(), document), ("errcode",), busy=_BUSY)
        return ""


def _card(message: Message) -> dict[str, Any]:
    """A text notice, all of whose parts are plain text."""
    first = message.items[0] if message.items else None
    rows = [{"keyname": _short(fact.label, _KEY), "value": _short(fact.value, _VALUE)} for fact in (first.facts if first else ())]
    others = [item.line for item in message.items[1:]]
    card: dict[str, Any] = {
        "card_type": "text_notice",
        "source": {"desc": "StockHub"},
        "main_title": {"title": _short(message.subject, _TITLE), "desc": _short(first.title if first else message.text, _DESCRIPTION)},
        "sub_title_text": _short("\n".join([*others, *([message.more] if message.more else [])]) or message.text, _TEXT),
        "horizontal_content_list": rows[:_MOST_ROWS],
        "jump_list": [{"type": 1, "url": message.link, "title": _short(message.link_label, 13)}],
        "card_action": {"type": 1, "url": message.link},
    }
    return {"msgtype": "template_card", "template_card": {name: value for name, value in card.items() if value not in ("", [])}}


def _text(message: Message) -> dict[str, Any]:
    text = "\n".join([message.subject, *message.lines()]).encode()
    if len(text) > _LONGEST_TEXT:
        text = text[: _LONGEST_TEXT - 3].decode("utf-8", "ignore").encode() + "…".encode()
    return {"msgtype": "text", "text": {"content": text.decode()}}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
