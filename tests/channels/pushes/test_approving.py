"""What a person decides: previews, the largest change, approvals, removals, and the switch to writing."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError
from stockhub.channels.accounts import AccountInput, upsert_account
from stockhub.channels.models import Account, AccountMode
from stockhub.channels.pushes.approving import approve_push, cancel_push, retry_push
from stockhub.channels.pushes.inputs import PushRowInput
from stockhub.channels.pushes.models import Push, PushSettings
from stockhub.channels.pushes.proposing import preview_push, propose_push
from stockhub.channels.pushes.settings import PushSettingsInput, upsert_push_settings
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError
from tests.channels.pushes.conftest import Bench

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refused(work: object) -> DomainError:
    with pytest.raises(DomainError) as caught:
        work()  # type: ignore[operator]
    return caught.value


def test_a_preview_changes_nothing_and_is_remembered(bench: Bench) -> None:
    """D19: levers as a dry run."""
    bench.see(a_1=10)
    PushSettings.objects.update(last_preview_at=None)
    bench.platform.refused = {"b-1"}
    bad = preview_push(bench.wanted("stock", PushRowInput(code="a-1", qty=25), PushRowInput(code="b-1", qty=3)))
    assert [(each.index, str(each.status), each.message) for each in bad.results] == [
        (0, "applied", ""), (1, "refused", "b-1 is locked for a campaign."),
    ]  # fmt: skip
    assert PushSettings.objects.get().last_preview_at is None, "it was not good"
    good = preview_push(bench.wanted("stock", PushRowInput(code="a-1", qty=25)))
    assert [(row.before_qty, row.after_qty) for row in good.plan.rows] == [(10, 25)]
    until = clock.now() + timedelta(days=3)
    assert preview_push(bench.wanted("ship_time", PushRowInput(code="a-1", days=5, presale_until=until))).is_good
    assert PushSettings.objects.get().last_preview_at is not None
    assert (bench.platform.stock["a-1"], bench.platform.keys, bench.platform.ship_times, Push.objects.count()) == (10, [], {}, 0)


def test_a_read_only_account_previews_and_approves_nothing(bench: Bench) -> None:
    Account.objects.update(mode=AccountMode.READ_ONLY)
    bench.see(a_1=10)
    assert preview_push(bench.wanted("stock", PushRowInput(code="a-1", qty=25))).is_good
    push = bench.set_stock(a_1=25)
    error = refused(lambda: approve_push(push_id=push.pk))
    assert (error.code, error.params) == ("account_read_only", {"account": "dy-main"})
    assert bench.send().taken == 0
    assert bench.now(push)[0] == "draft"


def test_an_account_is_switched_to_writing_after_a_preview_with_a_guard_by_somebody_who_may(bench: Bench, person: Actor) -> None:
    Account.objects.update(mode=AccountMode.READ_ONLY)
    PushSettings.objects.all().delete()

    def switch() -> Account:
        return upsert_account(AccountInput(code="dy-main", mode="write"))

    assert refused(switch).code == "no_largest_change"
    upsert_push_settings(PushSettingsInput(account="dy-main", row_qty=5, row_pct=Decimal(10), push_qty=50, push_pct=Decimal(5)))
    assert refused(switch).code == "no_preview"
    with clock.at(clock.now() - timedelta(days=2)):
        preview_push(bench.wanted("stock", PushRowInput(code="a-1", qty=25)))
    assert refused(switch).code == "no_preview", "it was two days ago"
    preview_push(bench.wanted("stock", PushRowInput(code="a-1", qty=25)))
    clerk = User.objects.create_user("clerk", sees_all_accounts=True)
    from django.contrib.auth.models import Permission

    clerk.user_permissions.set(Permission.objects.filter(codename="change_account"))
    with acting_as(Actor("clerk", clerk.pk)), pytest.raises(NotAllowedError):
        switch()
    with acting_as(person):
        assert switch().mode == "write"
    assert refused(lambda: upsert_account(AccountInput(code="new", marketplace="bench", mode="write"))).code == "no_largest_change"


def test_a_change_beyond_the_guard_waits_until_a_person_confirms_that_very_push(bench: Bench, person: Actor) -> None:
    bench.see(a_1=10)
    push = bench.set_stock(a_1=100)
    assert [(each["code"], each["subject"], each["value"], each["limit"]) for each in push.held_reasons] == [
        ("row_qty", "a-1", "90", "50"), ("row_pct", "a-1", "900", "300.00"), ("push_qty", "", "90", "80"),
        ("push_pct", "", "900", "200.00"),
    ]  # fmt: skip
    assert refused(lambda: approve_push(push_id=push.pk)).code == "beyond_largest_change"
    assert refused(lambda: approve_push(push_id=push.pk, confirm_large=True)).code == "beyond_largest_change", "no person said so"
    with acting_as(person):
        assert refused(lambda: approve_push(push_id=push.pk)).code == "beyond_largest_change"
        done = approve_push(push_id=push.pk, confirm_large=True)
    assert (done.approved_by, done.confirmed_by) == ("ana", "ana")
    bench.send()
    assert bench.platform.stock["a-1"] == 100


def test_the_guard_is_that_of_the_moment_of_approval(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.set_stock(a_1=25)
    assert push.held_reasons == []
    upsert_push_settings(PushSettingsInput(account="dy-main", row_qty=3))
    assert refused(lambda: approve_push(push_id=push.pk)).code == "beyond_largest_change"


def test_a_number_that_nobody_knew_before_is_held(bench: Bench) -> None:
    assert [each["code"] for each in bench.set_stock(a_1=1).held_reasons] == ["before_unknown"]


def test_promise_17_a_key_used_again_with_other_parameters_is_refused(bench: Bench) -> None:
    bench.see(a_1=10)
    wanted = bench.wanted("stock", PushRowInput(code="a-1", qty=25), idempotency_key="K1")
    first = propose_push(wanted)
    approve_push(push_id=first.pk)
    bench.send()
    assert propose_push(wanted).pk == first.pk
    other = bench.wanted("stock", PushRowInput(code="a-1", qty=26), idempotency_key="K1")
    assert refused(lambda: propose_push(other)).code == "idempotency_key_reused"
    assert Push.objects.count() == 1


def test_whoever_made_a_push_may_have_to_leave_it_to_another(bench: Bench, person: Actor) -> None:
    upsert_push_settings(PushSettingsInput(account="dy-main", needs_second_person=True))
    bench.see(a_1=10)
    with acting_as(person):
        push = bench.set_stock(a_1=25)
        assert refused(lambda: approve_push(push_id=push.pk)).code == "needs_second_person"
    ben = User.objects.create_superuser("ben")
    with acting_as(Actor("ben", ben.pk)):
        assert approve_push(push_id=push.pk).approved_by == "ben"


def test_a_removal_needs_a_persons_second_word_and_is_never_repeated_by_itself(bench: Bench, person: Actor) -> None:
    bench.platform.stock["a-1"] = 10
    push = propose_push(bench.wanted("removal", PushRowInput(code="a-1", qty=4, disposition="disposal")))
    assert refused(lambda: approve_push(push_id=push.pk, confirm_removal=True)).code == "removal_needs_confirmation", "no person"
    with acting_as(person):
        assert refused(lambda: approve_push(push_id=push.pk)).code == "removal_needs_confirmation"
        approve_push(push_id=push.pk, confirm_removal=True)
    bench.platform.faults = ["lost"]
    bench.send()
    push.refresh_from_db()
    assert (push.status, push.next_attempt_at, push.confirmed_by) == ("unknown", None, "ana")
    for _ in range(3):
        bench.send()
    assert (bench.platform.stock["a-1"], len(bench.platform.keys)) == (6, 1)
    with acting_as(person):
        assert retry_push(push_id=push.pk, not_done=True).status == "draft"
        assert refused(lambda: approve_push(push_id=push.pk)).code == "removal_needs_confirmation"
        assert cancel_push(push_id=push.pk, reason="It was done.").status == "cancelled"


def test_an_inbound_plan_is_a_draft_on_the_platform(bench: Bench) -> None:
    push = propose_push(bench.wanted("inbound_plan", PushRowInput(code="a-1", qty=40), PushRowInput(code="b-1", qty=20)))
    approve_push(push_id=push.pk)
    bench.send()
    push.refresh_from_db()
    assert (push.status, push.reference) == ("confirmed", "plan-2")


def test_what_is_wrong_with_a_row_is_said_at_its_place(bench: Bench) -> None:
    cases = [
        ("stock", PushRowInput(code="nope", qty=1), "unknown_listing", ("rows", "0", "code")),
        ("stock", PushRowInput(code="a-1", qty=-1), "invalid_quantity", ("rows", "0", "qty")),
        ("price", PushRowInput(code="a-1", price=Decimal(0)), "invalid_price", ("rows", "0", "price")),
        ("price", PushRowInput(code="a-1", price=Decimal("NaN")), "invalid_price", ("rows", "0", "price")),
        ("ship_time", PushRowInput(code="a-1", days=400), "invalid_days", ("rows", "0", "days")),
        ("removal", PushRowInput(code="a-1", qty=1, disposition="burn"), "invalid_disposition", ("rows", "0", "disposition")),
        ("gift", PushRowInput(code="a-1", qty=1), "invalid_kind", ("kind",)),
    ]
    for kind, row, code, path in cases:
        error = refused(lambda kind=kind, row=row: propose_push(bench.wanted(kind, row)))
        assert (error.code, tuple(error.path)) == (code, path)
    twice = PushRowInput(code="a-1", qty=1)
    assert refused(lambda: propose_push(bench.wanted("stock", twice, twice))).code == "named_twice"
    Account.objects.update(marketplace="file")
    assert refused(lambda: bench.set_stock(a_1=1)).code == "not_supported"
    assert Push.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: two approvals never meet there")
def test_two_people_who_approve_at_once_approve_it_once(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.set_stock(a_1=25)
    people = [Actor(name, User.objects.create_superuser(name).pk) for name in ("ana", "ben", "cai")]
    begin, told = threading.Barrier(len(people)), []

    def approve(who: Actor) -> None:
        try:
            with acting_as(who):
                begin.wait()
                told.append(approve_push(push_id=push.pk).status)
        except DomainError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["approved", "push_not_draft", "push_not_draft"]
    assert Event.objects.filter(kind="channels.push_approved.v1").count() == 1
