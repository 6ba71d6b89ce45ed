"""The contract of a notifier, as tests that a plugin author runs against his own."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import BaseModel, SecretStr

from stockhub.pluginapi import (
    Fact,
    HttpError,
    HttpRequest,
    HttpResponse,
    Item,
    Message,
    NotDeliveredError,
    Notifier,
    NotifierLimits,
    PluginContext,
    Report,
)
from stockhub.pluginapi.manifest import SLUG_PATTERN, EmptyConfig

#: What a seller may call a product.
HOSTILE = '<img src=x onerror="alert(1)"> **[pay](https://evil.example)** =1+1'
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


class RecordedHttp:
    """Keeps what is sent, and answers with what it was given: a response, or an error that is raised."""

    def __init__(self, answer: HttpResponse | HttpError) -> None:
        self.requests: list[HttpRequest] = []
        self._answer = answer

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        if isinstance(self._answer, HttpError):
            raise self._answer
        return self._answer


class NotifierContract:
    """Subclass it in a test file, name the notifier and a valid endpoint, and say what its receiver answers; pytest finds the rest.

        class TestMyNotifier(NotifierContract):
            notifier = MyNotifier()
            endpoint = MyEndpoint(url="https://chat.example/hook", token="s3cret-token")
            accepted = HttpResponse(200, {}, b"ok")
            refused = (HttpResponse(403, {}, b""),)
            overloaded = (HttpResponse(429, {}, b""),)

    Needs neither Django nor a database, and sends nothing.
    """

    notifier: ClassVar[Notifier]
    endpoint: ClassVar[BaseModel]
    #: What the receiver answers where it took the message.
    accepted: ClassVar[HttpResponse]
    #: What it answers where trying again changes nothing.
    refused: ClassVar[tuple[HttpResponse, ...]]
    #: What it answers where trying later may help.
    overloaded: ClassVar[tuple[HttpResponse, ...]]

    def message(self, *, items: int = 2, name: str = "CAP-RED") -> Message:
        rows = tuple((f"{name}-{n}", n, 1.5, None) for n in range(items))
        return Message(
            key="m-1", language="en", subject=f"{items} new or worse stock alerts", level=3, link="https://stockhub.example/alerts",
            link_label="Open", more="… and 970 more: open Today.", report=Report("stock", ("SKU", "qty", "rate", "due"), rows),
            items=tuple(Item(f"{name}-{n}", f"[3] {name}-{n}", 3, (Fact("Why", name), Fact("Order", "200 units"))) for n in range(items)),
        )  # fmt: skip

    def send(self, answer: HttpResponse | HttpError, message: Message | None = None) -> list[HttpRequest]:
        """What the notifier sends for a message that is answered so."""
        http = RecordedHttp(answer)
        context = PluginContext(EmptyConfig(), logging.getLogger("contract"), lambda: AT, http)
        self.notifier.send(message or self.message(), self.endpoint, context)
        return http.requests

    # Identity

    def test_has_a_slug_a_name_limits_and_a_model(self) -> None:
        notifier = self.notifier
        _require(SLUG_PATTERN.fullmatch(notifier.slug), f"slug {notifier.slug!r} must be lower-case words joined by hyphens")
        _require(notifier.name.en.strip() and notifier.name.zh.strip(), "name needs English and Chinese")
        _require(isinstance(notifier.limits, NotifierLimits) and notifier.limits.max_items >= 1, "limits has at least one item")
        _require(notifier.limits.per_minute is None or notifier.limits.per_minute >= 1, "per_minute is at least 1")
        _require(isinstance(self.endpoint, notifier.endpoint_model), "endpoint is an instance of endpoint_model")
        notifier.endpoint_model.model_json_schema()

    # Behaviour

    def test_sends_each_message_in_one_request_through_the_hosts_client(self) -> None:
        _require(len(self.send(self.accepted)) == 1, "a message is one request")

    def test_takes_messages_without_items_and_with_as_many_as_it_says(self) -> None:
        for items in (0, 1, self.notifier.limits.max_items):
            self.send(self.accepted, self.message(items=items))

    def test_what_the_receiver_refuses_for_good_is_final(self) -> None:
        for answer in self.refused:
            _require(self._failure(answer).is_final, f"status {answer.status} is final")

    def test_what_may_go_well_later_is_not_final(self) -> None:
        failures: tuple[HttpResponse | HttpError, ...] = (*self.overloaded, HttpError("unreachable", "no answer"))
        for answer in failures:
            _require(not self._failure(answer).is_final, f"{answer!r:.80} is worth another attempt")

    def test_failures_do_not_repeat_secrets(self) -> None:
        hidden = [v.get_secret_value() for v in dict(self.endpoint).values() if isinstance(v, SecretStr)]
        echo = HttpResponse(403, {}, " ".join(hidden).encode())
        for answer in (*self.refused, *self.overloaded, echo):
            text = self._failure(answer).message
            _require(not any(secret in text for secret in hidden), "a secret stands in the error")

    def test_names_with_markup_stay_text(self) -> None:
        for request in self.send(self.accepted, self.message(name=HOSTILE)):
            self.require_inert(request.body.decode())

    def require_inert(self, body: str) -> None:
        """Whether what a seller calls a product can do anything in `body`. A channel that sends plain text has nothing to fear."""

    def test_a_message_survives_being_written_down(self) -> None:
        message = self.message(name=HOSTILE)
        _require(Message.from_json(message.to_json()) == message, "the message is another one")

    def _failure(self, answer: HttpResponse | HttpError) -> NotDeliveredError:
        try:
            self.send(answer)
        except NotDeliveredError as error:
            return error
        except HttpError as error:
            # The host makes of it what it is: worth another attempt.
            return NotDeliveredError(error.message)
        raise AssertionError(f"{answer!r:.80} is no success, and nothing was raised")
