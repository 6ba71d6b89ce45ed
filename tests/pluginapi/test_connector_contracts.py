"""The kit is worth something only if it fails: each connector below breaks one promise, and the named tests catch it. Issue 8, item 4."""

from __future__ import annotations

import hashlib
import hmac
import inspect
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from stockhub.pluginapi import OrderRecord
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectionReport,
    ConnectorContext,
    Page,
    PricePush,
    PushPrices,
    PushResult,
    PushStatus,
    ReadRequest,
    RequestRefusedError,
    Tokens,
    UnavailableError,
    WebhookAnswer,
    WebhookFacts,
    WebhookMessage,
    WebhookPush,
    WebhookRequest,
)
from stockhub.pluginapi.testing import AuthorizingContract, FaultsContract, PrivacyContract, PushCase, PushingContract, ReadingContract
from stockhub.pluginapi.testing.webhook_contract import WebhookContract
from tests.pluginapi.small_shop import BUYER, SECRET, TOKEN, Shop, SmallConnector, small_context


class Small(ReadingContract, FaultsContract, PrivacyContract, PushingContract, WebhookContract, AuthorizingContract):
    """All contracts at once, for whichever connector a test names."""

    connector = SmallConnector()
    planted = (BUYER,)

    def __init__(self) -> None:
        self.shop = Shop()

    def context(self) -> ConnectorContext:
        return small_context(self.connector, self.shop)

    def cases(self) -> Mapping[type[Any], PushCase]:
        self.shop = Shop()
        return {
            PushPrices: PushCase(
                [PricePush("A", Decimal("4.50"), "USD")],
                lambda: dict(self.shop.prices),
                disturb=lambda: self.shop.prices.update(B=self.shop.prices["B"] + 1),
            )
        }

    @contextmanager
    def revoked(self) -> Iterator[None]:
        self.shop.is_open = False
        try:
            yield
        finally:
            self.shop.is_open = True

    def bodies(self) -> Sequence[bytes]:
        return [json.dumps({"order": str(n), "about": BUYER}).encode() for n in (1, 2)]

    def pushed(self, body: bytes, *, foreign: bool = False) -> WebhookRequest:
        secret = b"another" if foreign else SECRET.encode()
        return WebhookRequest("POST", {"sign": hmac.new(secret, body, hashlib.sha256).hexdigest()}, {}, body)


TESTS = [name for name, _method in inspect.getmembers(Small, inspect.isfunction) if name.startswith("test_")]


def failing(broken: SmallConnector) -> dict[str, str]:
    """The tests that a connector fails, with what they say."""

    class Contract(Small):
        connector = broken

    failed = {}
    for name in TESTS:
        try:
            getattr(Contract(), name)()
        except Exception as error:  # noqa: BLE001 - whatever a broken connector raises
            failed[name.removeprefix("test_")] = str(error)
    return failed


def test_a_good_connector_keeps_all_contracts() -> None:
    assert failing(SmallConnector()) == {}
    assert len(TESTS) >= 35


class Pages(SmallConnector):
    """Its pages pass through `change`, with their number."""

    def change(self, page: Page[OrderRecord], number: int) -> Page[OrderRecord]:
        return page

    def read_orders(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        for number, page in enumerate(super().read_orders(request, context)):
            yield self.change(page, number)


class SameCursor(Pages):
    def change(self, page: Page[OrderRecord], number: int) -> Page[OrderRecord]:
        return replace(page, cursor="1")


class NeverLast(Pages):
    def change(self, page: Page[OrderRecord], number: int) -> Page[OrderRecord]:
        return replace(page, is_last=False)


class SkipsAPage(Pages):
    """Its cursor leads past the next page."""

    def change(self, page: Page[OrderRecord], number: int) -> Page[OrderRecord]:
        return replace(page, cursor=str(int(page.cursor) + 1))


class LongCursor(Pages):
    def change(self, page: Page[OrderRecord], number: int) -> Page[OrderRecord]:
        return replace(page, cursor=page.cursor.rjust(4_001, "0"))


class RemembersInItself(SmallConnector):
    """Where it is stands in the connector, and not in the cursor."""

    at = 0

    def read_orders(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[OrderRecord]]:
        self.at = self.at if request.cursor else 0
        for page in super().read_orders(replace(request, cursor=str(self.at)), context):
            self.at += 1
            yield replace(page, cursor=f"page {self.at}")


class Records(Pages):
    """Each order passes through `spoil`."""

    def spoil(self, order: OrderRecord) -> OrderRecord:
        return order

    def change(self, page: Page[OrderRecord], number: int) -> Page[OrderRecord]:
        return replace(page, records=[self.spoil(order) for order in page.records])


class FloatMoney(Records):
    def spoil(self, order: OrderRecord) -> OrderRecord:
        return replace(order, lines=tuple(replace(line, unit_price=float(line.unit_price or 0)) for line in order.lines))  # type: ignore[arg-type]


class NumericIds(Records):
    def spoil(self, order: OrderRecord) -> OrderRecord:
        return replace(order, external_id=int(order.external_id))  # type: ignore[arg-type]


class NaiveTimes(Records):
    def spoil(self, order: OrderRecord) -> OrderRecord:
        return replace(order, ordered_at=order.ordered_at.replace(tzinfo=None))


class NoUnits(Records):
    def spoil(self, order: OrderRecord) -> OrderRecord:
        return replace(order, lines=tuple(replace(line, qty=0) for line in order.lines))


class TellsTheBuyer(SmallConnector):
    def order(self, row: dict[str, Any]) -> OrderRecord:
        return replace(super().order(row), buyer=row["buyer"])


class LogsItsToken(SmallConnector):
    def ask(self, operation: str, wanted: dict[str, Any], context: ConnectorContext) -> dict[str, Any]:
        context.log.debug("asking with %s", context.platform.token())
        return super().ask(operation, wanted, context)


class BadAnswersAreNothing(SmallConnector):
    """Whatever cannot be read is an empty page."""

    def ask(self, operation: str, wanted: dict[str, Any], context: ConnectorContext) -> dict[str, Any]:
        try:
            return super().ask(operation, wanted, context)
        except (UnavailableError, ValueError, RequestRefusedError):
            return {"rows": [], "total": 0}


class NoNamesNoRows(SmallConnector):
    def rows(self, data: dict[str, Any]) -> list[Any]:
        return data.get("rows") or []


class WaitsAtWill(SmallConnector):
    """Takes pressure for a missing page."""

    def ask(self, operation: str, wanted: dict[str, Any], context: ConnectorContext) -> dict[str, Any]:
        try:
            return super().ask(operation, wanted, context)
        except Exception as error:
            raise RequestRefusedError("no", "It did not work.") from error


class TakesAbsurdNumbers(SmallConnector):
    def order(self, row: dict[str, Any]) -> OrderRecord:
        good = super().order(row | {"qty": 1, "cents": 1, "at": 1_700_000_000})
        return replace(good, lines=tuple(replace(line, qty=row["qty"]) for line in good.lines))


class LeavesBadRowsOut(SmallConnector):
    def page_of(self, rows: Sequence[Any], cursor: str, context: ConnectorContext, *, is_last: bool) -> Page[OrderRecord]:
        return replace(super().page_of(rows, cursor, context, is_last=is_last), rejected=[])


COUNT = itertools.count()


class NewKeyEachTime(SmallConnector):
    def push_prices(self, rows: Sequence[Any], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return super().push_prices([replace(row, code="B") for row in rows], f"{key}{next(COUNT)}", context, preview=preview)


class PreviewsForReal(SmallConnector):
    def push_prices(self, rows: Sequence[Any], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return super().push_prices(rows, key, context, preview=False)


class AlwaysApplied(SmallConnector):
    def push_prices(self, rows: Sequence[Any], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        try:
            return super().push_prices(rows, key, context, preview=preview)
        except Exception:  # noqa: BLE001 - what it is about
            return [PushResult(n, PushStatus.APPLIED) for n, _row in enumerate(rows)]


class OneResultTooFew(SmallConnector):
    def push_prices(self, rows: Sequence[Any], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:
        return super().push_prices(rows, key, context, preview=preview)[1:]


class ChecksNoSignature(SmallConnector):
    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        good = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
        return super().receive(replace(request, headers={"sign": good}), context)


class RandomMessageIds(SmallConnector):
    count = 0

    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        push = super().receive(request, context)
        type(self).count += 1
        return replace(push, messages=[replace(m, message_id=f"m-{self.count}") for m in push.messages])


class IdFromTheBytes(SmallConnector):
    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        push = super().receive(request, context)
        digest = hashlib.sha256(request.body).hexdigest()
        return replace(push, messages=[replace(m, message_id=digest) for m in push.messages])


class FallsOverBadBodies(SmallConnector):
    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        super().receive(request, context)
        order_id = json.loads(request.body)["order"]
        return WebhookPush([WebhookMessage(f"order-{order_id}", "order", {"order": order_id})], WebhookAnswer())


class KeepsTheWholePush(SmallConnector):
    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        push = super().receive(request, context)
        return replace(push, messages=[replace(m, payload={**m.payload, "raw": request.body.decode()}) for m in push.messages])


class AsksWhileReceiving(SmallConnector):
    def receive(self, request: WebhookRequest, context: ConnectorContext) -> WebhookPush:
        context.platform.token()
        return super().receive(request, context)


class ForgetsMessages(SmallConnector):
    def work_on(self, messages: Sequence[WebhookMessage], context: ConnectorContext) -> Iterable[WebhookFacts]:
        return super().work_on(messages[:1], context)


class NoSubject(SmallConnector):
    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        return ConnectionReport("")


class GoesOnWhenRevoked(SmallConnector):
    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:
        return tokens


class TokenLostForGood(SmallConnector):
    """Fetches a person where a new token would do."""

    def ask(self, operation: str, wanted: dict[str, Any], context: ConnectorContext) -> dict[str, Any]:
        if context.platform.token() != TOKEN:
            raise AuthorizationLostError("token", "Authorise the shop again.")
        return super().ask(operation, wanted, context)


@pytest.mark.parametrize(
    ("broken", "caught_by", "says"),
    [
        (SameCursor(), "cursors_lead_on_and_are_not_too_long", "which is a loop"),
        (LongCursor(), "cursors_lead_on_and_are_not_too_long", "too long"),
        (NeverLast(), "a_reading_ends_and_says_so", "does not say is_last|no end after"),
        (SkipsAPage(), "a_cursor_is_enough_for_another_process_to_go_on_after_any_page", "are lost"),
        (RemembersInItself(), "a_cursor_is_enough_for_another_process_to_go_on_after_any_page", "records that the whole|are lost"),
        (FloatMoney(), "records_hold_what_their_class_says", "unit_price is 5.0, which is no"),
        (NumericIds(), "records_hold_what_their_class_says", "external_id is 0, which is no str"),
        (NaiveTimes(), "records_hold_what_their_class_says", "has no time zone"),
        (NoUnits(), "records_hold_what_their_class_says", "qty is 0"),
        (TellsTheBuyer(), "planted_data_and_secrets_are_in_nothing_that_a_reading_gives_or_logs", "holds a buyer's data"),
        (LogsItsToken(), "planted_data_and_secrets_are_in_nothing_that_a_reading_gives_or_logs", "the log holds a secret"),
        (BadAnswersAreNothing(), "each_bad_answer_is_the_right_error", "led to None and not to UnavailableError"),
        (BadAnswersAreNothing(), "a_bad_answer_loses_nothing", "records are lost"),
        (NoNamesNoRows(), "an_answer_with_other_names_is_never_an_empty_one", "taken for nothing"),
        (WaitsAtWill(), "each_bad_answer_is_the_right_error", "and not to ThrottledError"),
        (TakesAbsurdNumbers(), "absurd_numbers_never_become_records", "became a record"),
        (LeavesBadRowsOut(), "absurd_numbers_never_become_records", "taken for nothing"),
        (NewKeyEachTime(), "the_same_key_twice_has_one_effect", "the same key again changed"),
        (NewKeyEachTime(), "a_push_whose_answer_was_lost_is_unknown_and_can_be_called_again", "the platform shows"),
        (PreviewsForReal(), "a_preview_changes_nothing", "the preview changed something"),
        (AlwaysApplied(), "a_bad_answer_is_never_done", "nothing was done, and it says"),
        (OneResultTooFew(), "a_push_has_one_result_a_row_and_does_what_it_says", "have the results"),
        (ChecksNoSignature(), "a_push_that_was_changed_on_its_way_is_refused", "was taken"),
        (ChecksNoSignature(), "a_push_for_somebody_else_is_refused", "was taken"),
        (RandomMessageIds(), "a_message_that_is_pushed_again_has_the_same_id_and_others_have_others", "other message ids"),
        (IdFromTheBytes(), "the_order_of_keys_means_nothing", "changes a message's id"),
        (FallsOverBadBodies(), "whatever_is_pushed_is_answered_and_never_an_accident", "led to"),
        (KeepsTheWholePush(), "nothing_of_a_buyer_and_no_secret_is_kept", "holds a buyer's data"),
        (AsksWhileReceiving(), "the_platforms_pushes_are_taken", "where it may not"),
        (ForgetsMessages(), "messages_lead_to_records_and_are_done_with_them", "never done"),
        (NoSubject(), "the_connection_is_tested_and_says_to_whom", "which shop it is"),
        (GoesOnWhenRevoked(), "a_revoked_authorisation_fetches_a_person", "renewing goes on"),
        (TokenLostForGood(), "a_token_that_is_refused_is_named_so_that_a_new_one_is_fetched", "Authorise the shop again"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, SmallConnector) else None,
)  # fmt: skip
def test_a_broken_connector_is_caught(broken: SmallConnector, caught_by: str, says: str) -> None:
    failed = failing(broken)
    assert caught_by in failed, f"not caught; failed: {sorted(failed)}"
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(failed[caught_by])
