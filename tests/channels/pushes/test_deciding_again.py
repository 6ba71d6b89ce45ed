"""What a person decides meets what else goes on: newer pushes, stale workers, the emergency stop, and what cannot be read back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from stockhub.channels.models import Account
from stockhub.channels.pushes import reading_back, sending
from stockhub.channels.pushes.approving import approve_push, cancel_push, retry_push
from stockhub.channels.pushes.inputs import PushRowInput
from stockhub.channels.pushes.models import LEFT_TO_A_PERSON, Push, PushRow, PushSettings
from stockhub.channels.pushes.proposing import propose_push
from stockhub.core import clock
from stockhub.values.errors import DomainError
from tests.channels.pushes.conftest import Bench, past

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        work()
    return caught.value.code


def refused_push(bench: Bench, **qty: int) -> Push:
    """One that the platform has refused, and would take now."""
    bench.platform.refused = {name.replace("_", "-") for name in qty}
    push = bench.approved(**qty)
    bench.send()
    bench.platform.refused = set()
    return push


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, happens: Callable[[], object]) -> None:  # noqa: ANN401 - any module
    """Something happens once after the platform was asked, before its answer is noted."""
    real, left = getattr(module, name), [happens]

    def work(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - passed on
        told = real(*args, **more)
        if left:
            left.pop()()
        return told

    monkeypatch.setattr(module, name, work)


def test_promise_13_an_old_push_is_not_tried_again_after_a_newer_one_did_the_same(bench: Bench) -> None:
    bench.see(a_1=10)
    old = refused_push(bench, a_1=25)
    newer = bench.approved(a_1=25)
    bench.send()
    assert bench.now(newer)[0] == "confirmed"
    assert code_of(lambda: retry_push(push_id=old.pk)) == "push_outdated"
    bench.send()
    assert bench.platform.stock["a-1"] == 25
    third = refused_push(bench, a_1=30)
    retry_push(push_id=third.pk)
    bench.send()
    assert (bench.now(third)[0], bench.platform.stock["a-1"]) == ("confirmed", 30)


def test_promise_13_a_newer_push_that_had_no_effect_and_rows_that_are_done_are_in_nobodys_way(bench: Bench) -> None:
    bench.see(a_1=10, b_1=10)
    bench.platform.refused = {"b-1"}
    old = bench.approved(a_1=25, b_1=12)
    bench.send()
    bench.platform.refused = set()
    bench.approved(a_1=26)
    bench.send()
    refused_push(bench, b_1=13)
    retry_push(push_id=old.pk)
    bench.send()
    assert (bench.now(old)[0], bench.platform.stock) == ("confirmed", {"a-1": 26, "b-1": 12})


def test_promise_13_a_draft_is_not_approved_beside_an_open_push(bench: Bench) -> None:
    bench.see(a_1=10)
    old = refused_push(bench, a_1=25)
    draft = bench.set_stock(a_1=26)
    retry_push(push_id=old.pk)
    assert code_of(lambda: approve_push(push_id=draft.pk)) == "push_open"
    bench.send()
    assert code_of(lambda: approve_push(push_id=draft.pk)) == "push_outdated"
    assert bench.platform.stock["a-1"] == 25


@pytest.mark.parametrize("taken_away", ["stop", "deleted", "inactive", "read_only"])
def test_the_emergency_stop_holds_the_next_request_of_a_push_that_is_being_sent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, taken_away: str
) -> None:
    changes: dict[str, dict[str, Any]] = {
        "deleted": {"deleted_at": clock.now()}, "inactive": {"is_active": False}, "read_only": {"mode": "read_only"},
    }  # fmt: skip

    def take_away() -> None:
        if taken_away == "stop":
            PushSettings.objects.update(is_stopped=True)
        else:
            Account.objects.update(**changes[taken_away])

    bench.shop.listing("c-1", C=1)
    bench.see(a_1=10, b_1=10, c_1=10)
    push = bench.approved(a_1=11, b_1=12, c_1=13)
    meanwhile(monkeypatch, sending, "send", take_away)
    bench.send()
    assert (bench.now(push), len(bench.platform.keys)) == (("approved", ["applied", "applied", "pending"]), 1)
    push.refresh_from_db()
    assert push.error in ("Pushes of this account are stopped.", "The account is read-only, inactive or deleted.")
    bench.send()
    assert len(bench.platform.keys) == 1
    PushSettings.objects.update(is_stopped=False)
    Account.objects.update(deleted_at=None, is_active=True, mode="write")
    bench.send()
    assert (bench.now(push)[0], bench.platform.stock["c-1"]) == ("confirmed", 13)


def test_a_push_that_was_given_up_does_not_come_back_from_a_worker_that_was_taken_for_dead(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)
    bench.platform.faults = ["down"]
    bench.send()

    def give_up() -> None:
        past(push)
        cancel_push(push_id=push.pk, reason="It was looked at.")

    meanwhile(monkeypatch, reading_back, "read_stock", give_up)
    bench.send()
    assert bench.now(push) == ("cancelled", ["unknown"])
    push.refresh_from_db()
    assert (push.error, push.leased_by, push.lease_until, push.next_attempt_at) == ("It was looked at.", "", None, None)


def test_what_a_worker_learns_after_another_has_taken_its_push_over_is_not_noted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.see(a_1=10)
    push = bench.approved(a_1=25)

    def overtake() -> None:
        Push.objects.filter(pk=push.pk).update(leased_by="another", lease_until=Now() + timedelta(minutes=5))

    meanwhile(monkeypatch, sending, "send", overtake)
    bench.send()
    assert bench.now(push) == ("sending", ["sending"])
    push.refresh_from_db()
    assert push.leased_by == "another"
    past(push)
    bench.send()
    assert (bench.now(push)[0], len(bench.platform.keys)) == ("confirmed", 1)


def test_what_was_taken_and_cannot_be_read_back_is_settled_by_a_person(bench: Bench) -> None:
    def taken(days: int) -> Push:
        push = approve_push(push_id=propose_push(bench.wanted("ship_time", PushRowInput(code="a-1", days=days))).pk)
        bench.platform.faults = ["later"]
        bench.send()
        assert bench.now(push) == ("sent", ["accepted"])
        assert list(Push.objects.filter(LEFT_TO_A_PERSON)) == [push]
        return push

    done = taken(3)
    assert code_of(lambda: retry_push(push_id=done.pk)) == "push_not_retryable", "nobody says that it was not done"
    cancel_push(push_id=done.pk, reason="It is done.")
    again = taken(4)
    retry_push(push_id=again.pk, not_done=True)
    bench.send()
    assert bench.now(again) == ("confirmed", ["applied"])
    assert bench.platform.keys[-1] == f"{again.key}-0-r1"


def test_promise_17_a_key_that_led_to_a_push_that_stood_already_is_taken(bench: Bench) -> None:
    bench.see(a_1=10, b_1=10)

    def asked(qty: int, key: str, code: str = "a-1") -> Push:
        return propose_push(bench.wanted("stock", PushRowInput(code=code, qty=qty), idempotency_key=key))

    first = bench.set_stock(a_1=25)
    assert asked(25, "K1").pk == first.pk
    assert asked(25, "K2").pk == first.pk, "the same decision"
    assert code_of(lambda: asked(9, "K1", "b-1")) == "idempotency_key_reused"
    assert code_of(lambda: asked(9, "K2", "b-1")) == "idempotency_key_reused"
    approve_push(push_id=first.pk)
    bench.send()
    assert [asked(25, key).pk for key in ("K1", "K2")] == [first.pk] * 2
    assert Push.objects.count() == 1


def test_a_key_and_a_warehouse_that_are_too_long_are_told_of(bench: Bench) -> None:
    row = PushRowInput(code="a-1", qty=1)
    assert code_of(lambda: propose_push(bench.wanted("stock", row, idempotency_key="k" * 101))) == "invalid_key"
    long = PushRowInput(code="a-1", qty=1, warehouse="w" * 61)
    assert code_of(lambda: propose_push(bench.wanted("stock", long))) == "invalid_warehouse"
    assert PushRow.objects.count() == 0
