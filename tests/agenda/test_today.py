"""*Today*: both fears side by side, ranked by money, within what the reader may see."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from stockhub.access.models import Grant, User
from stockhub.agenda.terminal import plain_lines
from stockhub.agenda.today import today
from stockhub.alerts import services
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku
from stockhub.channels.models import Account, Feed
from stockhub.core import clock
from stockhub.suppliers.models import Offer, Supplier
from tests.made_once import made_once, own
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db


def _make() -> World:
    """Two SKUs that run short, of which the second is dearer, and one of which there is too much."""
    world = make_world()
    second = Supplier.objects.create(code="second", name="Second")
    for code, price, stock, rate in (("CHEAP", "10", 100, 10.0), ("DEAR", "500", 100, 10.0), ("MUCH", "100", 5000, 1.0)):
        sku = world.sku(code, price=price, cost="4" if code == "CHEAP" else "40")
        Offer.objects.create(supplier=second, sku=sku, currency="CNY", lead_time_days=15.0, preference=2)
        world.stock(sku, stock)
        world.sold(sku, [rate] * 60)
        world.forecast(sku, rate)
    run_cycle("warnings")
    return world


made = made_once(_make)


@pytest.fixture
def world(made: World, db: None) -> World:
    return own(made)


def test_the_line_that_saves_most_money_comes_first_and_a_sku_has_one_line(world: World) -> None:
    found = today()
    lines = [(line.rank, line.alert.sku.code if line.alert.sku else "") for line in found.shortage.lines]
    assert lines == [(1, "DEAR"), (2, "CHEAP")]
    assert [line.alert.sku.code for line in found.excess.lines if line.alert.sku] == ["MUCH"]
    kinds = {line.alert.kind for line in found.shortage.lines} | {a.kind for line in found.shortage.lines for a in line.also}
    assert kinds == {"shortage", "order-due"}
    assert found.shortage.alerts_in_all == 4


def test_every_number_of_a_line_evaluates_to_itself(world: World) -> None:
    found = today()
    lines = [*found.shortage.lines, *found.excess.lines]
    assert len(lines) == 3
    for line in lines:
        for metric in (line.money, line.value):
            assert metric.value is not None
            assert metric.explanation is not None
            assert metric.explanation.evaluate() == pytest.approx(metric.value, rel=1e-9)


def test_the_money_of_a_side_counts_each_subject_once(world: World) -> None:
    by_subject: dict[str, Decimal] = {}
    for alert in Alert.objects.filter(side="shortage"):
        assert alert.money_amount is not None
        by_subject[alert.subject] = max(by_subject.get(alert.subject, Decimal(0)), alert.money_amount)
    assert today().shortage.money.amount == sum(by_subject.values())


def test_what_is_snoozed_waits_and_what_is_acknowledged_stays(world: World) -> None:
    dear = Sku.objects.get(code="DEAR")
    with clock.at(NOW):
        services.acknowledge(alert_ids=list(Alert.objects.filter(sku__code="CHEAP").values_list("id", flat=True)))
        ids = list(Alert.objects.filter(sku=dear).values_list("id", flat=True))
        services.snooze(alert_ids=ids, until_at=NOW + timedelta(days=2), reason="A container lands on Wednesday")
    assert [line.alert.sku.code for line in today().shortage.lines if line.alert.sku] == ["CHEAP"]


def test_what_somebody_is_at_work_on_stays_with_its_money_until_it_is_settled(world: World) -> None:
    before = today().shortage
    with clock.at(NOW):
        services.start(alert_ids=list(Alert.objects.filter(sku__code="DEAR").values_list("id", flat=True)))
    after = today().shortage
    assert [line.alert.sku.code for line in after.lines if line.alert.sku] == ["DEAR", "CHEAP"]
    assert {line.alert.status for line in after.lines} == {"in_progress", "open"}
    assert (after.money, after.saving, after.alerts_in_all) == (before.money, before.saving, before.alerts_in_all)


def test_i4_nobody_sees_lines_of_warehouses_that_are_not_his(world: World) -> None:
    stranger = User.objects.create(username="stranger")
    assert today(stranger).shortage.lines == []
    assert today(stranger).excess.alerts_in_all == 0
    mine = User.objects.create(username="mine")
    Grant.objects.create(user=mine, kind="warehouse", object_id=world.warehouse.pk)
    assert len(today(mine).shortage.lines) == 2


def test_a_line_reads_in_both_languages(world: World) -> None:
    line = today().excess.lines[0]
    assert line.headline == (
        "MUCH in cn · Overstock: 4,916 units · Let it go: liquidated today it is worth more than held for a year · 23,596.80 CNY at stake"
        # A liquidator gives 21,250 now; held for a year they are worth 3,145.06.
        " · 18,104.94 CNY can be saved"
    )
    with translation.override("zh-hans"):
        assert "库存积压" in line.headline
        assert "MUCH" in line.headline


def test_levels_are_counted_and_the_list_is_narrowed_to_an_account_or_an_owner(world: World) -> None:
    found = today().shortage
    assert sum(found.levels.values()) == found.alerts_in_all == 4
    assert dict(found.levels) == dict(Counter(Alert.objects.filter(side="shortage").values_list("level", flat=True)))
    other = Account.objects.create(code="other", name="o", marketplace="file")
    assert today(account_id=world.account.pk).shortage.alerts_in_all == 4
    assert today(account_id=other.pk).shortage.alerts_in_all == 0
    owner = User.objects.create(username="owner")
    Alert.objects.filter(sku__code="DEAR").update(owner=owner)
    mine = today(owner_id=owner.pk)
    assert [line.alert.sku.code for line in mine.shortage.lines if line.alert.sku] == ["DEAR"]
    assert mine.excess.lines == []


def test_h103_today_says_how_old_its_data_are_the_oldest_first(world: World) -> None:
    Feed.objects.create(account=world.account, kind="stock", data_until_at=NOW - timedelta(hours=5))
    Feed.objects.create(account=world.account, kind="returns")
    with clock.at(NOW + timedelta(hours=1)):
        feeds = today().feeds
        [line] = [text for text in plain_lines(today()) if text.startswith("Data:")]
    assert [(feed.kind, feed.data_until_at) for feed in feeds] == [("returns", None), ("stock", NOW - timedelta(hours=5)), ("orders", NOW)]
    assert line == "Data: dy returns none yet, dy stock 6 hours old, dy orders 1 hour old"
    assert today(User.objects.create(username="stranger")).feeds == []


def test_n7_no_line_saves_more_than_is_at_stake_whichever_alert_saves_most(world: World) -> None:
    line = today().excess.lines[0]
    assert line.priced is line.alert
    beside = Alert.objects.get(pk=line.alert.pk)
    beside.pk, beside.kind, beside.level = None, "unsold-stock", 1
    beside.money_amount, beside.saving_amount = Decimal(30_000), Decimal(29_000)
    beside.save(force_insert=True)
    line = today().excess.lines[0]
    assert (line.alert.kind, line.priced.kind) == ("overstock", "unsold-stock")
    assert (line.money.value, line.saving.value) == (30_000.0, 29_000.0)


def test_u2_a_line_names_every_alert_of_its_subject_however_little_they_save(world: World) -> None:
    [whole] = [line for line in today().shortage.lines if line.alert.sku and line.alert.sku.code == "DEAR"]
    [short] = today(limit=1).shortage.lines
    assert len(whole.also) == Alert.objects.filter(subject=whole.alert.subject, side="shortage").count() - 1
    # Many alerts that save something elsewhere leave none of its own out.
    for number in range(20):
        made = Alert.objects.get(pk=whole.alert.pk)
        made.pk, made.kind = None, f"kind-{number}"
        made.saving_amount = Decimal(1)
        made.save(force_insert=True)
    [again] = today(limit=1).shortage.lines
    assert again.alert.subject == short.alert.subject
    assert len(again.also) == Alert.objects.filter(subject=again.alert.subject, side="shortage").count() - 1
