"""The inbox: accepted is durable, applied is once, and one record at fault holds no other up (I3, I5, promise 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy

from stockhub.access.scopes import NotAllowedError
from stockhub.channels import inbox, order_batch, received
from stockhub.channels.inbox import MAX_ATTEMPTS, SUSPECT_AFTER, Accepted, Applied, accept_records, apply_due
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import Account, CustomerReturn, Listing, Order, OrderLine, Quarantined
from stockhub.channels.received_models import ReceivedKey, ReceivedRecord
from stockhub.channels.received_reasons import REASONS, told_error
from stockhub.channels.spoken import told_reason
from stockhub.core import actor, clock
from stockhub.inventory.models import Balance, Movement
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import ListingRecord, OrderLineRecord, OrderRecord, ReturnRecord, StockCountRecord
from stockhub.values.errors import DomainError
from tests.channels.conftest import ORDERED
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Make = Callable[..., OrderRecord]


def accept(shop: Shop, *records: OrderRecord, source: str = "webhook") -> Accepted:
    return accept_records(account=shop.account, kind="order", records=records, source=source)


def said(external_id: str) -> str:
    """The last failure of a record, in the active language."""
    row: Any = ReceivedRecord.objects.annotate(**REASONS).get(external_id=external_id)
    return told_error(row.status, row.error, row.reason_code, row.reason_message, row.reason_template, row.reason_params)


def test_why_a_record_was_not_taken_is_told_in_the_readers_language(shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code is what it keeps; the sentence is the quarantine's. What waits for another attempt says its own last failure."""

    def refuse(_self: order_batch.OrderBatch, orders: Any) -> None:  # noqa: ANN401 - the batch's signature
        raise DomainError("not_found", gettext_lazy("There is no such run."))

    accept(shop, order("gone", line_warehouse="nowhere"), order("fine"))
    assert apply_due() == Applied(applied=1, quarantined=1)
    held = ReceivedRecord.objects.get(external_id="gone")
    row = Quarantined.objects.get(external_id="gone")
    assert (held.status, held.error) == ("quarantined", row.code)
    assert said("gone") == row.message
    with translation.override("zh-hans"):
        assert (said("gone"), said("fine")) == (told_reason(row), "")
        assert said("gone") != row.message
    # Of before the quarantine kept templates, and where its row has gone.
    Quarantined.objects.filter(pk=row.pk).update(template=None, params=None)
    assert said("gone") == row.message
    Quarantined.objects.all().delete()
    assert said("gone") == row.code
    monkeypatch.setattr(order_batch.OrderBatch, "take", refuse)
    accept(shop, order("late"))
    for _attempt in range(3):
        ReceivedRecord.objects.update(next_attempt_at=Now() - timedelta(seconds=1))
        apply_due()
    with translation.override("zh-hans"):
        assert said("late") == "尝试 3 次仍未能接收：没有这次运行。"
    assert said("late") == "It could not be taken in 3 attempts: There is no such run."


def statuses() -> list[tuple[str, str]]:
    return list(ReceivedRecord.objects.order_by("id").values_list("external_id", "status"))


def test_i5_what_is_accepted_is_kept_and_has_its_effects_once_a_worker_looks(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    assert accept(shop, order("1"), order("2", qty=2)) == Accepted(new=2)
    assert (Order.objects.count(), shop.balance("A")) == (0, 10)
    assert statuses() == [("1", "due"), ("2", "due")]
    assert apply_due() == Applied(applied=2)
    assert statuses() == [("1", "applied"), ("2", "applied")]
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (5, 5)
    assert apply_due() == Applied()
    assert reconcile() == []


def test_i3_an_exact_repetition_is_one_row_and_one_effect(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    assert accept(shop, order("1"), order("1")) == Accepted(new=1, repeated=1)
    assert apply_due() == Applied(applied=1)
    assert accept(shop, order("1")) == Accepted(repeated=1)
    assert accept(shop, order("1", version=1)) == Accepted(new=1)
    assert apply_due() == Applied(applied=1)
    assert (ReceivedRecord.objects.count(), ReceivedKey.objects.count()) == (2, 2)
    assert shop.balance("A", "reserved") == 3


def test_the_same_record_of_two_shops_is_two_records(shop: Shop, order: Make) -> None:
    other = Account.objects.create(code="dy-2", name="Second", marketplace="file")
    accept(shop, order("1"))
    assert accept_records(account=other, kind="order", records=[order("1")], source="webhook") == Accepted(new=1)
    assert apply_due() == Applied(applied=2)
    assert Order.objects.count() == 2


def test_versions_in_one_call_build_on_each_other_whatever_their_order(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    accept(shop, order("1", version=3, status="cancelled"), order("1", version=1), order("1", version=2, qty=5))
    assert apply_due() == Applied(applied=3)
    assert (Order.objects.get().status, shop.balance("A")) == ("cancelled", 10)


def test_no_personal_data_is_kept(shop: Shop, order: Make) -> None:
    accept(shop, order("1", buyer="13800138000"))
    kept = ReceivedRecord.objects.get()
    assert "13800138000" not in str(kept.payload)
    apply_due()
    assert Order.objects.get().buyer_hash == kept.payload["buyer_hash"]
    ingest_orders(account=shop.account, orders=[order("2", buyer="13800138000")], source="api")
    assert len(set(Order.objects.values_list("buyer_hash", flat=True))) == 1


def test_every_kind_of_record_goes_through(shop: Shop) -> None:
    Account.objects.update(code="dy-main")
    listing = ListingRecord("new-1", ORDERED, title="Cap", list_price=Decimal("9.90"), currency="CNY")
    back = ReturnRecord("R1", "a-1", 2, ORDERED, grade="new")
    for kind, record in (("listing", listing), ("return", back)):
        assert accept_records(account=shop.account, kind=kind, records=[record], source="poll") == Accepted(new=1)
    assert apply_due() == Applied(applied=2)
    assert Listing.objects.get(code="new-1").title == "Cap"
    assert CustomerReturn.objects.get().qty == 2
    assert shop.balance("A") == 2


def test_platform_counts_go_through(shop: Shop) -> None:
    from stockhub.catalog.models import Warehouse

    fba = Warehouse.objects.create(code="FBA", name="FBA", authority="snapshot", ledger_starts_at=shop.warehouse.ledger_starts_at)
    count = StockCountRecord("a-1", "FBA", (("available", 7), ("unsellable", 1)), ORDERED)
    assert accept_records(account=shop.account, kind="stock", records=[count], source="poll") == Accepted(new=1)
    assert apply_due() == Applied(applied=1)
    assert dict(Balance.objects.filter(warehouse=fba).values_list("bucket_id", "qty")) == {"available": 7, "unsellable": 1}


def test_f6_a_record_at_fault_is_found_and_quarantined_after_three_attempts_and_the_rest_goes_in(
    shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = order_batch.OrderBatch.take

    def take(self: order_batch.OrderBatch, orders: Any) -> None:  # noqa: ANN401 - handed through
        if any(each.record.external_id == "5" for each in orders):
            raise ZeroDivisionError("a bug")
        real(self, orders)

    monkeypatch.setattr(order_batch.OrderBatch, "take", take)
    shop.stock("A", 100)
    accept(shop, *(order(str(number), qty=1) for number in range(11)))
    assert apply_due() == Applied(applied=10, failed=1)
    assert (Order.objects.count(), shop.balance("A", "reserved")) == (10, 10)
    held = ReceivedRecord.objects.get(external_id="5")
    assert (held.status, held.attempts, held.error) == ("due", 1, "ZeroDivisionError: a bug")
    assert apply_due() == Applied()  # it waits
    for expected in (Applied(failed=1), Applied(quarantined=1)):
        ReceivedRecord.objects.update(next_attempt_at=Now() - timedelta(seconds=1))
        accept(shop, order("later", version=ReceivedRecord.objects.count()))
        told = apply_due()
        assert (told.failed, told.quarantined, told.applied) == (expected.failed, expected.quarantined, 1)
    held.refresh_from_db()
    assert (held.status, held.attempts) == ("quarantined", 3)
    refused = Quarantined.objects.get()
    assert (refused.kind, refused.external_id, refused.code) == ("order", "5", "failed")
    assert refused.message == "It could not be taken in 3 attempts: ZeroDivisionError: a bug"
    with translation.override("zh-hans"):
        assert said("5") == "尝试 3 次仍未能接收：ZeroDivisionError: a bug"
    assert said("5") == held.error == refused.message
    monkeypatch.undo()
    accept(shop, order("5", qty=1))  # the source sends it once more, after the bug is gone
    assert apply_due() == Applied(applied=1)
    refused.refresh_from_db()
    assert refused.resolved_at is not None
    assert reconcile() == []


def test_f6_a_record_that_kills_its_workers_is_found_and_the_rest_goes_in(shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies can note nothing any more; what it noted when it began tells."""
    real = order_batch.OrderBatch.take

    def take(self: order_batch.OrderBatch, orders: Any) -> None:  # noqa: ANN401 - handed through
        if any(each.record.external_id == "5" for each in orders):
            raise KeyboardInterrupt
        real(self, orders)

    monkeypatch.setattr(order_batch.OrderBatch, "take", take)
    shop.stock("A", 100)
    accept(shop, *(order(str(number), qty=1) for number in range(11)))
    deaths = 0
    while True:
        try:
            apply_due()
        except KeyboardInterrupt:
            deaths += 1
        else:
            break
    assert deaths == SUSPECT_AFTER + MAX_ATTEMPTS
    assert (Order.objects.count(), shop.balance("A", "reserved")) == (10, 10)
    refused = Quarantined.objects.get()
    assert (refused.external_id, refused.code, refused.message) == ("5", "failed", "Its workers died each time that they began on it.")
    monkeypatch.undo()
    accept(shop, order("5", qty=1))
    assert apply_due() == Applied(applied=1)
    assert reconcile() == []


def test_a_transaction_that_dies_leaves_neither_effect_nor_mark(shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.stock("A", 10)
    accept(shop, order("1"))

    def die(*_args: Any, **_options: Any) -> None:  # noqa: ANN401 - handed nothing on
        raise KeyboardInterrupt

    monkeypatch.setattr(received, "settle", die)
    with pytest.raises(KeyboardInterrupt):
        apply_due()
    assert (Order.objects.count(), shop.balance("A"), Movement.objects.filter(kind="reserve").count()) == (0, 10, 0)
    assert statuses() == [("1", "due")]
    monkeypatch.undo()
    assert apply_due() == Applied(applied=1)
    assert shop.balance("A") == 7


def test_i3_an_account_that_another_worker_finished_first_is_no_failure(shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    accept_records(account=shop.account, kind="order", records=[order("1")], source="webhook")
    locked = inbox._next_account

    def overtaken() -> Account | None:
        monkeypatch.setattr(inbox, "_next_account", locked)
        account = locked()
        assert apply_due() == Applied(applied=1)
        return account

    monkeypatch.setattr(inbox, "_next_account", overtaken)
    assert apply_due() == Applied()
    assert ReceivedRecord.objects.get().status == "applied"


def test_a_limit_bounds_a_round(shop: Shop, order: Make) -> None:
    accept(shop, *(order(str(number)) for number in range(7)))
    assert apply_due(3) == Applied(applied=3)
    assert [status for _id, status in statuses()] == ["applied"] * 3 + ["due"] * 4
    assert apply_due(stopping=lambda: True) == Applied()
    assert apply_due() == Applied(applied=4)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"external_id": ""}, "order_id"),
        ({"external_id": "1\x002"}, "order_id"),
        ({"external_id": "x" * 5_000}, "order_id"),
        ({"status": "gone"}, "status"),
        ({"version": 10**30}, "version"),
        ({"version": 10**5_000}, "version"),
        ({"ordered_at": ORDERED.replace(tzinfo=None)}, "naive_time"),
        ({"ordered_at": "2026-03-10"}, "malformed"),
        ({"currency": "yuan"}, "currency"),
        ({"lines": (OrderLineRecord("a-1", -3),)}, "quantity"),
        ({"lines": (OrderLineRecord("a-1", 10**9),)}, "quantity"),
        ({"lines": (OrderLineRecord("a-1", 1, Decimal("NaN")),)}, "price"),
        ({"lines": (OrderLineRecord("a-1", 1, Decimal(-1)),)}, "price"),
        ({"lines": (OrderLineRecord("a-1", 1, code_kind="s\x00"),)}, "nul"),
        ({"lines": [{"code": "a-1"}]}, "malformed"),
        ({"province": "\ud800"}, "malformed"),
    ],
)
def test_f10_a_record_that_is_wrong_in_itself_is_refused_at_the_door_and_shown(
    shop: Shop, order: Make, change: dict[str, Any], code: str
) -> None:
    shop.stock("A", 10)
    bad = replace(order("1"), **change)
    told = accept(shop, bad, order("good"))
    assert (told.new, [refusal.code for refusal in told.refused]) == (1, [code])
    assert apply_due() == Applied(applied=1)
    assert Quarantined.objects.get().code == code
    assert list(Order.objects.values_list("external_id", flat=True)) == ["good"]
    # Sent again, it is the same refusal and no second row; tried again, it does not heal by having been kept.
    assert [refusal.code for refusal in accept(shop, bad).refused] == [code]
    assert Quarantined.objects.get().attempts == 2
    from stockhub.channels.quarantine_retries import retry_quarantined

    retry_quarantined([Quarantined.objects.get().pk])
    assert (Order.objects.count(), OrderLine.objects.count()) == (1, 1)
    assert Quarantined.objects.filter(resolved_at=None).count() == 1


def test_f10_a_huge_record_is_refused_and_its_neighbours_go_in(shop: Shop, order: Make) -> None:
    huge = order("1", lines=tuple(OrderLineRecord("a-1", 1, line_id=f"{n}" + "x" * 100) for n in range(3_000)))
    told = accept(shop, huge, order("2"))
    assert (told.new, [(refusal.external_id, refusal.code) for refusal in told.refused]) == (1, [("1", "too_large")])
    assert ReceivedRecord.objects.count() == 1


def test_too_many_unknown_kinds_and_nobody_are_refused_and_change_nothing(shop: Shop, order: Make) -> None:
    for options, code in (
        ({"kind": "parcel", "records": [order()]}, "unknown_kind"),
        ({"kind": "order", "records": [order()] * 5_001}, "too_many_records"),
        ({"kind": "order", "records": [order()], "source": ""}, "invalid_source"),
    ):
        with pytest.raises(DomainError) as refused:
            accept_records(**{"account": shop.account, "source": "webhook", **options})  # type: ignore[arg-type]
        assert refused.value.code == code
    with actor.acting_as(actor.Actor("anonymous")), pytest.raises(NotAllowedError):
        accept(shop, order())
    assert (ReceivedRecord.objects.count(), ReceivedKey.objects.count()) == (0, 0)
    assert accept(shop) == Accepted()


def test_direct_ingestion_keeps_what_it_took_and_a_file_does_not(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1"), order("2", line_warehouse="none")], source="connector")
    ingest_orders(account=shop.account, orders=[order("3")], source="file")
    assert statuses() == [("1", "applied"), ("2", "quarantined")]
    assert ReceivedRecord.objects.get(external_id="1").applied_at is not None
    assert accept(shop, order("1")) == Accepted(repeated=1)


def test_effects_say_where_they_come_from(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    accept(shop, order("1"))
    apply_due()
    assert Movement.objects.get(kind="reserve").actor == "inbox:webhook"
    changed = Event.objects.get(kind="channels.order_changed.v1")
    assert (changed.actor, changed.payload["source"]) == ("inbox:webhook", "webhook")


def test_many_are_accepted_in_a_fixed_number_of_statements(shop: Shop, order: Make) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(first: int, count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            accept(shop, *(order(str(number)) for number in range(first, first + count)))
        return sum(not each["sql"].startswith(("SAVEPOINT", "RELEASE")) for each in captured)

    few = statements(0, 2)
    assert few <= 4
    if connection.vendor == "postgresql":
        assert statements(100, 900) == few


def test_the_oldest_due_record_is_known_to_the_operator(shop: Shop, order: Make) -> None:
    assert (inbox.is_due(), inbox.waiting_since(), inbox.due_accounts()) == (False, None, [])
    accept(shop, order("1"))
    since = inbox.waiting_since()
    assert since is not None
    assert abs((clock.now() - since).total_seconds()) < 60
    assert inbox.due_accounts() == [shop.account.pk]
