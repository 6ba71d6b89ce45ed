"""Messages that are worked on: once, in batches, under a lease; a fault is found, waited out, or parked where a person sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.db.models.functions import Now

from stockhub.channels import quarantine
from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.models import Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.channels.webhooks import retries, storing, waiting
from stockhub.channels.webhooks.models import UnreadableWebhook, WebhookMessage
from stockhub.channels.webhooks.working import MAX_ATTEMPTS, SUSPECT_AFTER, Worked, work_due
from stockhub.core import clock, retention
from stockhub.core.actor import Actor, acting_as
from stockhub.jobs import tasks
from stockhub.outbox.models import Event
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorContext,
    FeedKind,
    Rejected,
    RequestRefusedError,
    ThrottledError,
    UnavailableError,
    UnreadableAnswerError,
    WebhookFacts,
)
from stockhub.pluginapi.connectors import (
    WebhookMessage as Message,
)
from stockhub.pluginhost.models import Provider
from stockhub.values import DomainError
from tests.channels.shop import Shop
from tests.webhooks.bazaar import Bazaar, orders, pushed_order

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Pushes = Callable[..., Any]
Seen = Sequence[Message]


def states() -> list[tuple[str, str, int]]:
    """The last digits of the id, the status, and the attempts that failed."""
    return [(row.message_id[-2:], row.status, row.attempts) for row in WebhookMessage.objects.order_by("message_id")]


def seconds_to_next() -> list[float]:
    row = WebhookMessage.objects.annotate(wait=F("next_attempt_at") - Now()).order_by("message_id")
    return [each.wait.total_seconds() for each in row]


def let_time_pass() -> None:
    """Until messages are due, the connector's circuit has closed, and a person has authorised the account again."""
    Provider.objects.update(open_until=None, consecutive_failures=0)
    AccountAuthorization.objects.all().delete()
    WebhookMessage.objects.update(next_attempt_at=Now() - timedelta(seconds=1))


def raising(error: Exception) -> Callable[[Seen, ConnectorContext], Iterable[WebhookFacts]]:
    def works(_messages: Seen, _context: ConnectorContext) -> Iterable[WebhookFacts]:
        raise error

    return works


@pytest.mark.parametrize(
    ("error", "least", "most", "attempts"),
    [
        (ThrottledError("Slow down.", after_seconds=90), 85, 95, 0), (ThrottledError("Slow down."), 25, 35, 0),
        (AuthorizationLostError("revoked", "Authorise again."), 595, 605, 0), (DomainError("circuit_open", "Later."), 55, 65, 0),
        (UnavailableError("Away."), 10, 20, 1), (UnavailableError("Away.", after_seconds=500), 495, 505, 1),
        (UnreadableAnswerError("HTML."), 10, 20, 1), (ValueError("13800138000"), 10, 20, 1),
    ],
)  # fmt: skip
def test_a_platform_that_wants_to_be_left_alone_is_no_failure_and_one_that_is_away_is_waited_for(
    push: Pushes, bazaar: Bazaar, error: Exception, least: float, most: float, attempts: int
) -> None:
    push(pushed_order(1))
    bazaar.works = raising(error)
    assert work_due("w") == Worked(put_off=1)
    row = WebhookMessage.objects.get()
    assert (row.status, row.attempts, row.begun, row.leased_by, row.lease_until) == ("due", attempts, 0, "", None)
    assert least <= seconds_to_next()[0] <= most
    assert row.error
    assert "13800138000" not in row.error
    assert work_due("w") == Worked()
    bazaar.works = None
    let_time_pass()
    assert work_due("w") == Worked(done=1)


def test_one_message_at_fault_is_found_alone_and_parked_and_a_person_tries_it_again(push: Pushes, bazaar: Bazaar, shop: Shop) -> None:
    def works(messages: Seen, context: ConnectorContext) -> Iterable[WebhookFacts]:
        if any(message.message_id.endswith("95") for message in messages):
            raise TypeError("the second one")
        return orders(messages, context)

    push(*[pushed_order(n) for n in range(1, 5)])
    bazaar.works = works
    assert work_due("w") == Worked(done=3, put_off=5)
    assert states() == [("94", "done", 0), ("95", "due", 1), ("96", "done", 0), ("97", "done", 0)]
    for _attempt in range(MAX_ATTEMPTS - 1):
        let_time_pass()
        work_due("w")
    assert states()[1] == ("95", "parked", MAX_ATTEMPTS)
    assert (
        WebhookMessage.objects.get(status="parked").error
        == "raised: The connector failed. Its plugin's page says where, and until when it is left alone."
    )
    assert [(each.account, each.status, each.number) for each in waiting.backlog()] == [("dy-main", "parked", 1)]
    let_time_pass()
    assert work_due("w") == Worked()
    bazaar.works = None
    chosen = list(WebhookMessage.objects.values_list("pk", flat=True))
    assert retries.retry_messages(chosen) == 1
    assert Event.objects.filter(kind="channels.webhooks_retried.v1").count() == 1
    assert work_due("w") == Worked(done=1)
    assert retries.retry_messages(chosen) == 0
    with pytest.raises(DomainError, match="1 to 1000"):
        retries.retry_messages([])
    with acting_as(Actor("anonymous")), pytest.raises(DomainError, match="Sign in"):
        retries.retry_messages(chosen)


def test_f6_a_poison_message_is_parked_alone_and_opens_no_circuit(push: Pushes, bazaar: Bazaar) -> None:
    """All its attempts fail in the connector's own code, which would open the circuit of a feed four times over."""

    def works(messages: Seen, context: ConnectorContext) -> Iterable[WebhookFacts]:
        if any(message.message_id.endswith("94") for message in messages):
            raise TypeError("it cannot be worked on")
        return orders(messages, context)

    bazaar.works = works
    push(pushed_order(1))
    for number in range(2, MAX_ATTEMPTS + 2):
        # No circuit is closed by hand here: only what is due by itself is worked on.
        push(pushed_order(number))
        WebhookMessage.objects.filter(status="due").update(next_attempt_at=Now() - timedelta(seconds=1))
        work_due("w")
        provider = Provider.objects.get(slug="bazaar", kind="marketplace")
        assert (provider.open_until, provider.consecutive_failures) == (None, 0)
    assert WebhookMessage.objects.filter(status="done").count() == MAX_ATTEMPTS
    (poison,) = WebhookMessage.objects.exclude(status="done")
    assert (poison.message_id[-2:], poison.status, poison.attempts) == ("94", "parked", MAX_ATTEMPTS)
    assert ReceivedRecord.objects.count() == MAX_ATTEMPTS
    assert provider.failures >= MAX_ATTEMPTS, "each failure is counted where an operator looks"


def test_what_a_platform_refuses_for_good_is_parked_at_once(push: Pushes, bazaar: Bazaar) -> None:
    push(pushed_order(1))
    bazaar.works = raising(RequestRefusedError("no_such_order", "It was deleted."))
    assert work_due("w") == Worked(parked=1)
    assert WebhookMessage.objects.get().error == "no_such_order: It was deleted."


def test_messages_that_an_answer_named_before_an_error_are_done_and_the_others_are_worked_on_again(push: Pushes, bazaar: Bazaar) -> None:
    def works(messages: Seen, context: ConnectorContext) -> Iterable[WebhookFacts]:
        yield from orders(messages[:2], context)
        raise UnavailableError("Away.")

    push(*[pushed_order(n) for n in range(1, 5)])
    bazaar.works = works
    assert work_due("w") == Worked(done=2, put_off=2)
    assert [status for _id, status, _attempts in states()] == ["done", "done", "due", "due"]
    assert ReceivedRecord.objects.count() == 2


def test_a_message_that_is_named_in_no_answer_is_not_done(push: Pushes, bazaar: Bazaar) -> None:
    push(pushed_order(1))
    bazaar.works = lambda _messages, _context: ()
    assert work_due("w") == Worked(put_off=1)
    assert WebhookMessage.objects.get().error == "The connector did not say what became of it."


def test_rejected_parts_go_into_quarantine_and_a_message_of_no_use_is_done(push: Pushes, bazaar: Bazaar) -> None:
    def works(messages: Seen, _context: ConnectorContext) -> Iterable[WebhookFacts]:
        rejected = Rejected("R1", "no_quantity", "It has no quantity.", {"order": "R1"})
        yield WebhookFacts(FeedKind.RETURNS, [], [messages[0].message_id], [rejected])
        yield WebhookFacts(FeedKind.TRAFFIC, [], [messages[1].message_id])

    push(pushed_order(1), pushed_order(2))
    bazaar.works = works
    assert work_due("w") == Worked(done=2)
    assert list(Quarantined.objects.values_list("kind", "external_id", "code")) == [("return", "R1", "no_quantity")]


def test_records_that_come_with_no_finished_message_are_kept_while_the_batch_is_held(push: Pushes, bazaar: Bazaar) -> None:
    """An after-sale leads to its order first, and finishes its message with the return (promise 10)."""

    def works(messages: Seen, context: ConnectorContext) -> Iterable[WebhookFacts]:
        told = next(iter(orders(messages, context)))
        rejected = Rejected("R1", "no_quantity", "It has no quantity.", {"order": "R1"})
        yield WebhookFacts(FeedKind.ORDERS, told.records[:1], [], [rejected])
        yield WebhookFacts(FeedKind.RETURNS, [], told.message_ids)
        yield WebhookFacts(FeedKind.ORDERS, told.records[1:], told.message_ids)

    push(pushed_order(1), pushed_order(2))
    bazaar.works = works
    assert work_due("w") == Worked(done=2)
    assert ReceivedRecord.objects.count() == 2
    assert list(Quarantined.objects.values_list("kind", "external_id", "code")) == [("order", "R1", "no_quantity")]


def test_a_record_of_which_nothing_can_be_kept_is_told_of_in_quarantine(push: Pushes, bazaar: Bazaar) -> None:
    def works(messages: Seen, context: ConnectorContext) -> Iterable[WebhookFacts]:
        told = next(iter(orders(messages, context)))
        yield WebhookFacts(FeedKind.ORDERS, [*told.records, object()], told.message_ids)

    push(pushed_order(1))
    bazaar.works = works
    assert work_due("w") == Worked(done=1)
    assert (ReceivedRecord.objects.count(), Quarantined.objects.count()) == (1, 1)


def test_records_and_the_mark_that_a_message_is_done_are_one_transaction(
    push: Pushes, bazaar: Bazaar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(**_kwargs: object) -> None:
        raise OperationalError("the connection is lost")

    push(pushed_order(1))
    monkeypatch.setattr(quarantine, "keep_refused", torn)
    with pytest.raises(OperationalError):
        work_due("w")
    monkeypatch.undo()
    assert (ReceivedRecord.objects.count(), WebhookMessage.objects.get().status) == (0, "due")
    assert work_due("w") == Worked(), "its lease runs"
    WebhookMessage.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert work_due("w") == Worked(done=1)
    assert ReceivedRecord.objects.count() == 1
    assert bazaar.worked == [["9007199254740994"]] * 2


def test_a_worker_that_was_taken_for_dead_writes_nothing(push: Pushes, bazaar: Bazaar) -> None:
    def overtaken(messages: Seen, context: ConnectorContext) -> Iterable[WebhookFacts]:
        WebhookMessage.objects.update(lease_until=Now() - timedelta(seconds=1))
        bazaar.works = None
        assert work_due("another") == Worked(done=1)
        assert ReceivedRecord.objects.count() == 1
        yield from orders(messages, context)

    push(pushed_order(1))
    bazaar.works = overtaken
    assert work_due("w") == Worked()
    assert (states(), ReceivedRecord.objects.count()) == ([("94", "done", 0)], 1)


def test_a_message_that_kills_its_workers_is_taken_alone_and_parked_in_the_end(push: Pushes, bazaar: Bazaar) -> None:
    push(pushed_order(1), pushed_order(2))
    WebhookMessage.objects.filter(message_id__endswith="94").update(begun=SUSPECT_AFTER)
    assert work_due("w") == Worked(done=2)
    assert sorted(map(len, bazaar.worked)) == [1, 1]
    push(pushed_order(3))
    WebhookMessage.objects.filter(status="due").update(begun=20)
    assert work_due("w") == Worked(parked=1)
    assert WebhookMessage.objects.get(status="parked").error == "Its workers died each time that they began on it."


def test_a_push_that_could_not_be_read_is_read_once_the_connector_is_mended_as_of_when_it_came(
    push: Pushes, bazaar: Bazaar, shop: Shop
) -> None:
    def unable(_body: bytes) -> object:
        raise ValueError("a field was renamed")

    reads, bazaar.reads = bazaar.reads, unable
    push(pushed_order(1))
    row = UnreadableWebhook.objects.get()
    UnreadableWebhook.objects.update(received_at=clock.now())
    with clock.at(clock.now() + timedelta(days=3)):
        assert retries.read_again([row.pk]) == retries.Read(left=1)
        bazaar.reads = reads
        assert retries.read_again([row.pk]) == retries.Read(read=1, messages=1)
    row.refresh_from_db()
    assert (bytes(row.secrets), row.resolved_by, states()) == (b"", "system", [("94", "due", 0)])
    assert work_due("w") == Worked(done=1)
    push(body=b"{")
    kept = UnreadableWebhook.objects.get(resolved_at=None)
    assert retries.dismiss_pushes([kept.pk]) == 1
    kept.refresh_from_db()
    assert (bytes(kept.secrets), kept.resolved_at is not None) == (b"", True)
    with clock.at(clock.now() + timedelta(days=3)):
        push(body=b"{")
        kept.refresh_from_db()
        request = storing.request_of(kept)
    assert request is not None
    assert (request.body, kept.times, kept.resolved_at, kept.received_at) == (b"{", 2, None, kept.last_received_at)


def test_promise_11_messages_that_came_while_no_worker_ran_are_found_and_nudged_for(
    push: Pushes, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []

    class Nudger:
        def send(self, task: str, _arguments: list[str], *, queue: str, times: int = 1) -> None:
            sent.append((task, queue))

    push(pushed_order(1))
    assert waiting.due_accounts() == [shop.account.pk]
    tasks.nudge_due_work(Nudger())  # type: ignore[arg-type]
    assert ("jobs.work_webhooks", "fast") in sent
    tasks.work_webhooks()
    assert (states(), waiting.due_accounts(), waiting.is_due()) == ([("94", "done", 0)], [], False)


def test_what_is_done_is_forgotten_after_its_days_and_what_is_not_is_kept(push: Pushes, bazaar: Bazaar) -> None:
    push(pushed_order(1), pushed_order(2))
    WebhookMessage.objects.filter(message_id__endswith="94").update(status="done")
    retention.forget_expired(clock.now() + timedelta(days=150))
    assert states() == [("95", "due", 0)]


@pytest.mark.django_db(transaction=True)
def test_promise_10_the_same_push_many_times_at_once_is_one_message_and_one_effect(push: Pushes, shop: Shop) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection; the flood goes over a real server.")
    answers: list[int] = []

    def send() -> None:
        try:
            answers.append(push(*[pushed_order(n) for n in range(5)]).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 8

    def work() -> None:
        work_due("w")
        connection.close()

    workers = [threading.Thread(target=work) for _each in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [status for _id, status, _attempts in states()] == ["done"] * 5
    assert ReceivedRecord.objects.count() == 5
