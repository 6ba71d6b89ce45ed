"""What a platform pushes: verified over the raw bytes, stored reduced, acknowledged, and only then worked on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stockhub.pluginapi.connectors.capability import Capability
from stockhub.pluginapi.connectors.context import ConnectorContext
from stockhub.pluginapi.connectors.reading import FeedKind, Rejected


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """Names of `headers` are lower-case; `body` is the bytes as they came."""

    method: str
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """One message. `message_id` is the same when it is pushed again; `payload` is the allow-list of its fields that is kept.

    `kind` is the platform's own name of the event, such as a tag.
    """

    message_id: str
    kind: str
    payload: Mapping[str, Any]
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What the platform wants to hear."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class WebhookPush:
    """A verified request. `unreadable` says why there are no messages in it although the platform sent it: its body is kept apart then."""

    messages: Sequence[WebhookMessage]
    answer: WebhookAnswer
    unreadable: str = ""


class WebhookRefusedError(Exception):
    """The request is not the platform's, not for this account, or too old. `status` is 400, 401, 403, 404 or 413."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class WebhookFacts:
    """Records that messages led to, of one kind of feed. `message_ids`: with these records the messages are done."""

    kind: FeedKind
    records: Sequence[Any]
    message_ids: Sequence[str]
    rejected: Sequence[Rejected] = ()


class ReceiveWebhook(Capability, ABC):
    """`receive` runs in a web process and must neither wait nor reach anything; `work_on` runs in a worker."""

    @abstractmethod
    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        """Verifies and takes apart. WebhookRefusedError; every other exception is a fault of the connector and a 400 for the sender."""

    @abstractmethod
    def work_on(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterable[WebhookFacts]:
        """What the messages say, fetched anew where they carry ids only. A message that says nothing of use comes back with no records.

        Messages that are not in an answer, because an error ended it, are worked on again.
        """
