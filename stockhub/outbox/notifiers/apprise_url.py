"""Everything else that apprise can reach, SMS among it: one URL of its own kind, such as `twilio://…` or `slack://…`.

The interactive cards and signatures of WeCom, DingTalk and Feishu are our own; apprise sends them plain texts.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.conf import settings
from pydantic import BaseModel, Field, SecretStr

from stockhub.core.outgoing.guarded import Guard, guarded_sockets
from stockhub.pluginapi import Message, NotDeliveredError, Notifier, NotifierLimits, PluginContext
from stockhub.values import Label

if TYPE_CHECKING:
    from apprise import Apprise

#: Services that act on this machine instead of telling somebody elsewhere.
_LOCAL: Final = frozenset({"dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
#: Where a service reads a file of this machine.
_FILES: Final = ("keyfile=", "file=", "pkey=", "cert=")
_LOG: Final = logging.getLogger("apprise")


class AppriseEndpoint(BaseModel):
    """One URL of apprise."""

    url: SecretStr = Field(title="Apprise URL", description="As https://appriseit.com lists them: twilio://…, slack://…, tgram://…")


class AppriseUrl(Notifier):
    slug: ClassVar[str] = "apprise"
    name: ClassVar[Label] = Label(
        "Anything that apprise reaches (SMS, Slack, Telegram …)", "apprise 支持的其他渠道（短信、Slack、Telegram 等）"
    )
    endpoint_model: ClassVar[type[BaseModel]] = AppriseEndpoint
    limits: ClassVar[NotifierLimits] = NotifierLimits(per_minute=20, max_items=5)

    def send(self, message: Message, endpoint: BaseModel, context: PluginContext) -> str:  # noqa: ARG002 - it brings its own network
        assert isinstance(endpoint, AppriseEndpoint)  # noqa: S101 - the host has validated it
        service = _service(endpoint.url.get_secret_value())
        lines = [*message.lines(), *([message.link] if message.link else [])]
        with _Said() as said, guarded_sockets(settings.STOCKHUB_ALLOW_PRIVATE_URLS, settings.STOCKHUB_NOTIFY_SECONDS) as guard:
            arrived = bool(service.notify(title=message.subject, body="\n".join(lines), body_format="text"))
        if not arrived:
            raise _failure(guard, said)
        return ""


def _service(url: str) -> Apprise:
    """The one service of the URL. NotDeliveredError, final, where it names none or one of this machine."""
    from apprise import Apprise, AppriseAsset

    scheme = url.partition("://")[0].lower()
    if scheme in _LOCAL or any(name in url.lower() for name in _FILES):
        raise NotDeliveredError("This service acts on the server's own machine, which a notification may not.", is_final=True)
    # One after the other, in this thread: the guard holds here.
    service = Apprise(asset=AppriseAsset(async_mode=False, app_id="StockHub", app_desc="StockHub", app_url=""))
    if not service.add(url) or len(service) != 1:
        raise NotDeliveredError("apprise knows no such URL: its own list at https://appriseit.com says how they look.", is_final=True)
    return service


def _failure(guard: Guard, said: _Said) -> NotDeliveredError:
    if guard.refusals:
        return NotDeliveredError(guard.refusals[0].message, is_final=True)
    if guard.deadline.has_passed:
        return NotDeliveredError("The service gave no whole answer in time.")
    return NotDeliveredError(f"apprise could not deliver it: {said.last or 'it gives no reason.'}")


class _Said(logging.Handler):
    """Keeps what apprise says in this thread: its only way to tell what went wrong. Its lines go nowhere else, they may hold addresses."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.last = record.getMessage()[:500]

    def __enter__(self) -> Self:
        _LOG.addHandler(self)
        _LOG.propagate = False
        return self

    def __exit__(self, *_error: object) -> None:
        _LOG.removeHandler(self)
