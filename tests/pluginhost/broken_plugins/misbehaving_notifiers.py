"""Notifiers, one of which is good."""

import os
import time
from collections.abc import Iterable

from pydantic import BaseModel, SecretStr

from stockhub.pluginapi import (
    HttpRequest,
    Manifest,
    ManifestRequest,
    Message,
    NotDeliveredError,
    Notifier,
    NotifierLimits,
    PluginContext,
    RegisterRequest,
    hookimpl,
)
from stockhub.values import Label


class Room(BaseModel):
    url: str = ""
    token: SecretStr = SecretStr("")


class Pager(Notifier):
    slug = "pager"
    name = Label("Pager", "寻呼机")
    endpoint_model = Room
    limits = NotifierLimits(per_minute=5, max_items=3)

    def send(self, message: Message, endpoint: Room, context: PluginContext) -> str:
        answer = context.http.send(HttpRequest("POST", endpoint.url, {}, message.subject.encode()))
        if answer.status != 200:
            raise NotDeliveredError(f"no: {endpoint.token.get_secret_value()}", is_final=answer.status == 410)
        return answer.text


class Raises(Pager):
    slug = "raises"

    def send(self, message: Message, endpoint: Room, context: PluginContext) -> str:
        raise RuntimeError(f"oh no {endpoint.token.get_secret_value()}")


class Hangs(Pager):
    slug = "hangs"

    def send(self, message: Message, endpoint: Room, context: PluginContext) -> str:
        time.sleep(3600)
        return ""


class Exits(Pager):
    slug = "exits"

    def send(self, message: Message, endpoint: Room, context: PluginContext) -> str:
        os._exit(3)


class AnswersWithANumber(Pager):
    slug = "answers-with-a-number"

    def send(self, message: Message, endpoint: Room, context: PluginContext) -> str:
        return 7  # type: ignore[return-value]


class WithoutLimits(Pager):
    slug = "without-limits"
    limits = "many"  # type: ignore[assignment]


@hookimpl
def stockhub_manifest(request: ManifestRequest) -> Manifest:
    return Manifest("misbehaving-notifiers", Label("Notifiers", "通知"), "1.0", ">=1.0,<2")


@hookimpl
def stockhub_register_notifiers(request: RegisterRequest) -> Iterable[Notifier]:
    return [Pager(), Raises(), Hangs(), Exits(), AnswersWithANumber(), WithoutLimits()]
