"""The contract of receiving: the platform's own pushes alone, each message by an id that stays, nothing of a buyer kept."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from stockhub.pluginapi.connectors import (
    FEED_CAPABILITIES,
    ConnectorContext,
    ConnectorError,
    ReceiveWebhook,
    WebhookFacts,
    WebhookMessage,
    WebhookPush,
    WebhookRefusedError,
    WebhookRequest,
)
from stockhub.pluginapi.http import NoHttp
from stockhub.pluginapi.testing.connector_contract import ConnectorContract, require
from stockhub.pluginapi.testing.privacy_contract import secrets_of
from stockhub.pluginapi.testing.record_values import RECORD_TYPES, problems_of
from stockhub.pluginapi.testing.unreachable_platform import UnreachablePlatform
from stockhub.pluginapi.testing.watched_platform import FAULTS

_REFUSALS: Final = frozenset({400, 401, 403, 404, 413})
#: None of it is a message, and all of it may come with a good signature.
HOSTILE: Final[tuple[bytes, ...]] = (
    b"", b"null", b"[]", b"{}", b"[" * 50_000, b'"text"', b"\x00\x01\x02", b"\xff\xfe\x00", b"[{}]", b"[null]",
    b'[{"a":' + b"9" * 5_000 + b"}]", b'{"unclosed": ',
)  # fmt: skip


class WebhookContract(ConnectorContract):
    """`bodies` are what the platform pushes, in JSON, about things that it has; `pushed` makes the request that carries one."""

    @abstractmethod
    def bodies(self) -> Sequence[bytes]:
        """At least one for each kind of message that leads to records; those of a buyer's data hold what is planted."""

    @abstractmethod
    def pushed(self, body: bytes, *, foreign: bool = False) -> WebhookRequest:
        """The request that the platform makes for the body, signed as it signs. `foreign`: that of somebody else's app or account."""

    def receive(self, request: WebhookRequest) -> WebhookPush:
        """As a web process does, which reaches nothing."""
        require(
            isinstance(self.connector, ReceiveWebhook), "the connector receives nothing: subclass the contracts of its capabilities only"
        )
        assert isinstance(self.connector, ReceiveWebhook)  # noqa: S101 - for the type checker
        context = replace(self.context(), http=NoHttp(), platform=UnreachablePlatform())
        return self.connector.receive(request, context)

    def test_the_platforms_pushes_are_taken(self) -> None:
        for body in self.bodies():
            push = self.receive(self.pushed(body))
            require(push.messages and not push.unreadable, f"{body[:80]!r} has no messages: {push.unreadable}")
            require(200 <= push.answer.status < 300, f"a good push is answered {push.answer.status}")
            for message in push.messages:
                require(isinstance(message.message_id, str) and message.message_id, "a message has no id")
                require(message.occurred_at is None or message.occurred_at.tzinfo is not None, "occurred_at has no time zone")
                json.dumps(dict(message.payload))

    def test_a_push_that_was_changed_on_its_way_is_refused(self) -> None:
        for body in self.bodies():
            request = self.pushed(body)
            for place in {0, len(body) // 2, len(body) - 1}:
                other = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
                self._must_refuse(replace(request, body=other), "a changed body")
            self._must_refuse(replace(request, body=body + b" "), "a longer body")
            self._must_refuse(replace(request, headers={}, query={}), "a push without a signature")

    def test_a_push_for_somebody_else_is_refused(self) -> None:
        for body in self.bodies():
            self._must_refuse(self.pushed(body, foreign=True), "somebody else's push")

    def test_a_message_that_is_pushed_again_has_the_same_id_and_others_have_others(self) -> None:
        first = [m.message_id for body in self.bodies() for m in self.receive(self.pushed(body)).messages]
        second = [m.message_id for body in self.bodies() for m in self.receive(self.pushed(body)).messages]
        require(first == second, "the same push has other message ids the second time")
        require(max(Counter(first).values()) == 1, "two messages share an id: one of them would be lost")

    def test_the_order_of_keys_means_nothing(self) -> None:
        for body in self.bodies():
            there = self.receive(self.pushed(body)).messages
            turned = json.dumps(_turned(json.loads(body)), ensure_ascii=False, separators=(",", ":")).encode()
            back = self.receive(self.pushed(turned)).messages
            require([m.message_id for m in there] == [m.message_id for m in back], "the order of keys changes a message's id")
            require([dict(m.payload) for m in there] == [dict(m.payload) for m in back], "the order of keys changes a message")

    def test_whatever_is_pushed_is_answered_and_never_an_accident(self) -> None:
        """Malformed, huge, deep, binary: refused or set apart as unreadable."""
        for body in HOSTILE:
            try:
                push = self.receive(self.pushed(body))
            except WebhookRefusedError as refusal:
                require(refusal.status in _REFUSALS, f"refused with {refusal.status}")
                continue
            except Exception as error:
                raise AssertionError(f"{body[:40]!r} led to {type(error).__name__}: {error}") from error
            require(push.unreadable or not push.messages, f"{body[:40]!r} was taken for {len(push.messages)} messages")

    def test_messages_lead_to_records_and_are_done_with_them(self) -> None:
        messages = self._messages()
        found = self._worked_on(messages, self.context())
        done = {message_id for facts in found for message_id in facts.message_ids}
        left = [m.message_id for m in messages if m.message_id not in done]
        require(not left, f"messages are never done: {left[:3]}")
        require(any(facts.records for facts in found), "no message led to any record: this proves nothing")
        for facts in found:
            require(facts.kind in FEED_CAPABILITIES, f"{facts.kind} is no feed")
            for record in facts.records:
                problems = problems_of(record, RECORD_TYPES[facts.kind])
                require(not problems, f"{facts.kind}: {'; '.join(problems[:3])}")

    def test_messages_out_of_order_and_twice_lead_to_the_same_records(self) -> None:
        messages = self._messages()
        there = self._worked_on(messages, self.context())
        back = self._worked_on([*messages[::-1], *messages], self.context())
        require(_records(there) == _records(back), "another order of messages leads to other records")

    def test_a_platform_that_fails_leaves_messages_to_be_worked_on_again(self) -> None:
        messages = self._messages()
        for fault in FAULTS:
            context, platform = self.watched(fault)
            done: list[str] = []
            try:
                for facts in self._facts(messages, context):
                    done.extend(facts.message_ids)
            except ConnectorError as error:
                require(isinstance(error, fault.expected), f"{fault.name} led to {error!r}")
            else:
                require(not platform.is_spoiled, f"{fault.name} came, and no error")
            rest = [m for m in messages if m.message_id not in done]
            again = self._worked_on(rest, self.context())
            left = {m.message_id for m in rest} - {i for facts in again for i in facts.message_ids}
            require(not left, f"after {fault.name} messages are lost")

    def test_nothing_of_a_buyer_and_no_secret_is_kept(self) -> None:
        require(self.planted, "name what is planted of a buyer in the platform's pushes and answers")
        seen = any(word in body.decode() for word in self.planted for body in self.bodies())
        context, platform = self.watched()
        pushes = [self.receive(self.pushed(body)) for body in self.bodies()]
        told = repr([(p.messages, p.answer, p.unreadable) for p in pushes])
        told += repr(self._worked_on([m for p in pushes for m in p.messages], context))
        seen |= any(word.encode() in body for word in self.planted for body in platform.bodies)
        require(seen, "none of what is planted came: this proves nothing")
        for word in (*self.planted, *secrets_of(context)):
            require(word not in told, "a message, a record or an answer holds a buyer's data or a secret")

    def _messages(self) -> list[WebhookMessage]:
        return [message for body in self.bodies() for message in self.receive(self.pushed(body)).messages]

    def _facts(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> Any:  # noqa: ANN401 - an iterable of facts
        assert isinstance(self.connector, ReceiveWebhook)  # noqa: S101 - for the type checker
        return self.connector.work_on(messages, context)

    def _worked_on(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> list[WebhookFacts]:
        return list(self._facts(messages, context))

    def _must_refuse(self, request: WebhookRequest, what: str) -> None:
        try:
            push = self.receive(request)
        except WebhookRefusedError as refusal:
            require(refusal.status in _REFUSALS, f"{what} is refused with {refusal.status}, which is not of {sorted(_REFUSALS)}")
            require(refusal.code and refusal.message, f"{what} is refused without a reason")
            return
        raise AssertionError(f"{what} was taken: {len(push.messages)} messages")


def _turned(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Keys the other way round, at every level, also in text that holds JSON."""
    if isinstance(value, dict):
        return {key: _turned(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [_turned(element) for element in value]
    if isinstance(value, str) and value[:1] == "{":
        return json.dumps(_turned(json.loads(value)), ensure_ascii=False, separators=(",", ":"))
    return value


def _records(found: Sequence[WebhookFacts]) -> set[str]:
    return {f"{facts.kind} {record!r}" for facts in found for record in facts.records}
