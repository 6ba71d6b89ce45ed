"""Notifiers: how a message reaches people outside StockHub, such as a chat room or another system."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel

from stockhub.pluginapi.context import PluginContext
from stockhub.pluginapi.message import Message
from stockhub.values import Label


class NotDeliveredError(Exception):
    """The message did not arrive.

    `is_final`: trying again changes nothing (a wrong address, a wrong secret), so it becomes a dead letter at once, which an operator can
    retry. `after_seconds`: the receiver said when to come back. `message` is shown to operators and must not repeat secrets.
    """

    def __init__(self, message: str, *, is_final: bool = False, after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.is_final = is_final
        self.after_seconds = after_seconds


@dataclass(frozen=True, slots=True)
class NotifierLimits:
    """What a channel bears; the host keeps to it.

    `per_minute`: messages to one endpoint within any minute; None for no limit. `max_items`: the host gives no more items than this and
    counts the rest in words. `attaches_reports`: whether a report is sent whole. `gathers`: whether many alerts may come as one message, as
    in digests; a channel that cannot is given none but immediate ones.
    """

    per_minute: int | None = None
    max_items: int = 30
    attaches_reports: bool = False
    gathers: bool = True


class Notifier(ABC):
    """A channel. `endpoint_model` is what one endpoint of it needs, its address among it; secrets are `SecretStr`."""

    slug: ClassVar[str]
    name: ClassVar[Label]
    endpoint_model: ClassVar[type[BaseModel]]
    limits: ClassVar[NotifierLimits] = NotifierLimits()

    @abstractmethod
    def send(self, message: Message, endpoint: BaseModel, context: PluginContext) -> str:
        """Delivers the message, or raises NotDeliveredError. Gives what the receiver calls it, or an empty text.

        Called at least once for a message, in a worker: after a crash it is called again with the same `message.key`. It has a deadline.
        Any other exception is a fault of the notifier, and after several its circuit opens.
        """
