"""Pushes reach the platform once, whatever becomes of the answer (promise 13, D19, H82)."""

from __future__ import annotations

import pytest

from stockhub.channels.models import AccountMode, OrderLine
from stockhub.channels.pushes import sending
from stockhub.channels.pushes.approving import cancel_push, retry_push
from stockhub.channels.pushes.inputs import PushRowInput
from stockhub.channels.pushes.models import Push, PushRow, PushSettings, ShownStock
from stockhub.channels.services import ingest_orders
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub.values.errors import DomainError
from tests.channels.pushes.conftest import Bench, past

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_approved_push_is_sent_once_and_known_to_be_shown(bench: Bench) -> None:
    bench.see(a_1=10, b_1=5)
    push = bench.approved(a_1=20, b_1=0)
    assert bench.now(push) == ("approved", ["pending", "pending"])
    assert bench.send().ended == 1
    assert bench.now(push) == ("confirmed", ["applied", "applied"])
    assert bench.platform.stock == {"a-1": 20, "b-1": 0}
    assert sorted(ShownStock.objects.values_list("listing__code", "qty", "previous_qty", "version")) == [
        ("a-1", 20, 10, 2), ("b-1", 0, 5, 2),
    ]  # fmt: skip
    assert bench.send().taken == 0
    assert len(bench.platform.keys) == 1
    kinds = list(Event.objects.filter(entity="channels.push").order_by("id").values_list("kind", flat=True))
    assert kinds == ["channels.push_proposed.v1", "channels.push_approved.v1", "channels.push_confirmed.v1"]


def test_promise_13_a_push_that_was_applied_and_not_answered_is_read_back_and_never_sent_again(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["lost"]
    assert bench.send().ended == 0
    assert bench.now(push) == ("unknown", ["unknown"])
    assert bench.platform.stock["a-1"] == 25
    assert bench.send().ended == 1
    assert bench.now(push) == ("confirmed", ["applied"])
    assert (bench.platform.stock["a-1"], len(bench.platform.keys), bench.platform.reads) == (25, 1, 1)


def test_promise_13_garbage_for_an_answer_is_no_reason_to_send_again(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["garbage"]
    bench.send()
    bench.send()
    assert (bench.now(push)[0], bench.platform.stock["a-1"], len(bench.platform.keys)) == ("confirmed", 25, 1)


def test_promise_13_orders_in_between_do_not_hide_that_it_was_applied(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["lost"]
    bench.send()
    bench.platform.stock["a-1"] -= 3
    now = clock.now()
    order = OrderRecord("1", "paid", now, "CNY", (OrderLineRecord("a-1", 4, line_id="1"),))
    ingest_orders(account=bench.account, orders=[order], source="test")
    assert OrderLine.objects.get().qty == 4
    bench.send()
    assert bench.now(push) == ("confirmed", ["applied"])
    assert PushRow.objects.get().read_qty == 22
    assert len(bench.platform.keys) == 1


def test_promise_13_what_was_not_done_is_repeated_under_the_same_key(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["down"]
    bench.send()
    assert bench.now(push) == ("unknown", ["unknown"])
    bench.send()
    assert bench.now(push) == ("approved", ["pending"])
    bench.send()
    assert (bench.now(push)[0], bench.platform.stock["a-1"]) == ("confirmed", 25)
    assert len(bench.platform.keys) == 2
    assert len(set(bench.platform.keys)) == 1


def test_promise_13_a_worker_that_dies_between_sending_and_noting_costs_no_double_push(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)

    def dies(*_args: object) -> None:
        raise KeyboardInterrupt  # nothing catches it, as nothing catches a kill

    monkeypatch.setattr(sending, "_note", dies)
    with pytest.raises(KeyboardInterrupt):
        bench.send()
    monkeypatch.undo()
    assert bench.now(push) == ("sending", ["sending"])
    assert bench.send().taken == 0, "its lease still holds"
    past(push)
    assert bench.send().ended == 1
    assert bench.now(push) == ("confirmed", ["applied"])
    assert (bench.platform.stock["a-1"], len(bench.platform.keys)) == (25, 1)


def test_what_fits_neither_before_nor_after_waits_for_a_person(bench: Bench, person: Actor) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["lost"]
    bench.send()
    bench.platform.stock["a-1"] = 17
    for _ in range(10):
        bench.send()
    push.refresh_from_db()
    assert (push.status, push.next_attempt_at, push.reads) == ("unknown", None, 8)
    assert "fits neither before nor after" in push.error
    assert len(bench.platform.keys) == 1
    with acting_as(person):
        retry_push(push_id=push.pk, not_done=True)
    bench.send()
    assert bench.now(push)[0] == "confirmed"
    assert bench.platform.keys[1] == f"{bench.platform.keys[0]}-r1", "a person began a new round"


def test_a_busy_platform_is_left_alone_and_costs_no_attempt(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["busy"]
    bench.send()
    push.refresh_from_db()
    assert (push.status, push.attempts, bench.now(push)[1]) == ("approved", 0, ["pending"])
    assert push.next_attempt_at is not None
    assert bench.platform.effects == []
    bench.send()
    assert bench.now(push)[0] == "confirmed"


def test_rows_are_noted_one_by_one_and_requests_are_small(bench: Bench) -> None:
    """Partial results: what was refused says why, what was done stays done; a person may try the rest again."""
    bench.shop.listing("c-1", C=1)
    bench.see(a_1=10, b_1=10, c_1=10)
    bench.platform.refused = {"b-1"}
    push = bench.approved(a_1=11, b_1=12, c_1=13)
    bench.platform.faults = ["", "down"]
    bench.send()
    assert bench.now(push) == ("unknown", ["applied", "refused", "unknown"])
    bench.send()
    bench.send()
    assert bench.now(push) == ("failed", ["applied", "refused", "applied"])
    assert bench.platform.stock == {"a-1": 11, "b-1": 10, "c-1": 13}
    row = PushRow.objects.get(push=push, code="b-1")
    assert (row.error_code, row.message) == ("locked", "b-1 is locked for a campaign.")
    assert [key.rpartition("-")[2] for key in bench.platform.keys] == ["0", "1", "1"]
    bench.platform.refused = set()
    retry_push(push_id=push.pk)
    bench.send()
    assert bench.now(push) == ("confirmed", ["applied", "applied", "applied"])
    assert bench.platform.stock["a-1"] == 11


def test_what_was_seen_since_a_row_was_applied_outlives_the_later_turns_of_its_push(bench: Bench) -> None:
    """Somebody buys while another row is still unknown: what the platform showed last is what the next difference begins with."""
    bench.shop.listing("c-1", C=1)
    bench.see(a_1=10, b_1=10, c_1=10)
    push = bench.approved(a_1=11, b_1=12, c_1=13)
    bench.platform.faults = ["", "down"]
    bench.send()
    assert bench.now(push) == ("unknown", ["applied", "applied", "unknown"])
    assert ShownStock.objects.get(listing__code="a-1").qty == 11
    bench.see(a_1=7)
    for _turn in range(2):
        bench.send()
    assert bench.now(push) == ("confirmed", ["applied", "applied", "applied"])
    assert dict(ShownStock.objects.values_list("listing__code", "qty")) == {"a-1": 7, "b-1": 12, "c-1": 13}


def test_what_the_platform_does_later_is_read_back_until_it_is_seen(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["later"]
    bench.send()
    assert bench.now(push) == ("sent", ["accepted"])
    bench.send()
    assert bench.now(push) == ("sent", ["accepted"])
    bench.platform.catch_up()
    bench.send()
    assert bench.now(push) == ("confirmed", ["applied"])


def test_a_read_back_that_fails_is_tried_again(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults, bench.platform.read_faults = ["lost"], ["503", "429"]
    for _ in range(3):
        bench.send()
        assert bench.now(push)[0] == "unknown"
    bench.send()
    assert (bench.now(push)[0], len(bench.platform.keys)) == ("confirmed", 1)


def test_the_emergency_stop_and_a_read_only_account_hold_what_was_approved(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    PushSettings.objects.update(is_stopped=True)
    bench.send()
    push.refresh_from_db()
    assert (push.status, push.error, bench.platform.keys) == ("approved", "Pushes of this account are stopped.", [])
    PushSettings.objects.update(is_stopped=False)
    bench.account.mode = AccountMode.READ_ONLY
    bench.account.save()
    bench.send()
    assert (bench.now(push)[0], bench.platform.keys) == ("approved", [])
    bench.account.mode = AccountMode.WRITE
    bench.account.save()
    bench.send()
    assert bench.now(push)[0] == "confirmed"


def test_an_approval_ends(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    Push.objects.update(expires_at=clock.now())
    bench.send()
    assert bench.now(push) == ("expired", ["failed"])
    assert bench.platform.keys == []


def test_the_same_decision_is_the_same_push_and_a_new_fact_makes_a_new_one(bench: Bench) -> None:
    """Deterministic keys: H82, told again nothing happens."""
    bench.see(a_1=10)
    first = bench.set_stock(a_1=25)
    assert bench.set_stock(a_1=25).pk == first.pk
    assert Push.objects.count() == 1
    bench.see(a_1=11)
    second = bench.set_stock(a_1=25)
    assert second.pk != first.pk
    assert bench.now(first)[0] == "cancelled", "the newer one took its place"
    cancel_push(push_id=second.pk, reason="not today")
    third = bench.set_stock(a_1=25)
    assert third.key == f"{second.key}-1"


def test_what_may_be_under_way_is_waited_for(bench: Bench) -> None:
    bench.see(a_1=10)
    bench.approved(a_1=25)
    with pytest.raises(DomainError) as caught:
        bench.set_stock(a_1=30)
    assert caught.value.code == "push_open"


def test_levers_presale_and_price_reach_the_platform(bench: Bench) -> None:
    """D19: throttle a live room by its stock, turn a looming stock-out into a presale, change a price."""
    from datetime import timedelta
    from decimal import Decimal

    from stockhub.channels.pushes.approving import approve_push
    from stockhub.channels.pushes.proposing import propose_push

    until = clock.now() + timedelta(days=5)
    presale = propose_push(bench.wanted("ship_time", PushRowInput(code="a-1", days=7, presale_until=until)))
    approve_push(push_id=presale.pk)
    bench.platform.faults = []
    bench.send()
    assert bench.now(presale) == ("confirmed", ["applied"])
    assert bench.platform.ship_times == {"a-1": [7, until.isoformat()]}
    person_price = propose_push(bench.wanted("price", PushRowInput(code="a-1", price=Decimal("9.90"))))
    assert [each["code"] for each in person_price.held_reasons] == ["before_unknown"]


def test_a_platforms_own_stock_is_not_what_a_listing_of_ours_shows(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon tells of FBA's units under the same code: they say nothing of a push of ours, which waits for a person."""
    from stockhub.catalog.models import Warehouse
    from stockhub.channels.pushes import reading_back
    from stockhub.pluginapi.records import StockCountRecord

    Warehouse.objects.create(code="FBA", name="FBA", authority="snapshot")
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["lost"]
    bench.send()
    told = [StockCountRecord("a-1", "FBA", (("available", 25),), clock.now())]
    monkeypatch.setattr(reading_back, "read_stock", lambda _account, _codes: told)
    bench.send()
    assert bench.now(push) == ("unknown", ["unknown"])
    assert ShownStock.objects.get().qty == 10


def test_a_connector_that_breaks_leaves_the_outcome_unknown_and_an_open_circuit_costs_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 14: whatever a connector raises, its request may have been made; while its circuit is open none is."""
    from stockhub.pluginhost.errors import ProviderFailedError
    from tests.channels.pushes.bench_connector import BenchConnector

    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError("boom")

    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    monkeypatch.setattr(BenchConnector, "push_stock", breaks)
    bench.send()
    assert bench.now(push) == ("unknown", ["unknown"])
    monkeypatch.undo()
    bench.send()
    assert bench.now(push) == ("approved", ["pending"]), "it was not done"

    def is_open(*_args: object, **_more: object) -> None:
        raise ProviderFailedError("circuit_open", "It is left alone for a minute.")

    monkeypatch.setattr(sending, "send", is_open)
    bench.send()
    push.refresh_from_db()
    assert (push.status, push.error, push.attempts) == ("approved", "It is left alone for a minute.", 1)
    monkeypatch.undo()
    bench.send()
    assert bench.now(push)[0] == "confirmed"


def test_trying_again_keeps_the_key_while_anything_is_unknown(bench: Bench) -> None:
    bench.shop.listing("c-1", C=1)
    bench.see(a_1=10, b_1=10, c_1=10)
    bench.platform.refused = {"b-1"}
    push = bench.approved(a_1=11, b_1=12, c_1=13)
    bench.platform.faults = ["", "down"]
    bench.send()
    assert bench.now(push) == ("unknown", ["applied", "refused", "unknown"])
    retry_push(push_id=push.pk)
    push.refresh_from_db()
    assert (push.status, push.round, bench.now(push)[1]) == ("unknown", 0, ["applied", "refused", "unknown"])
    bench.send()
    bench.send()
    assert len(set(bench.platform.keys[1:])) == 1
