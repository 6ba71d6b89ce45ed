"""What people do in the admin: alerts, deliveries, quarantine, cycles, purchase orders, links, configuration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku, Warehouse
from stockhub.catalog.services import SkuInput, upsert_skus
from stockhub.catalog.skus import SKU_CHANGES
from stockhub.channels.models import Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import clock
from stockhub.cycles.models import Chunk, Cycle
from stockhub.editing.recording import recording
from stockhub.inventory.models import Balance, Lot, LotCost
from stockhub.outbox.models import Delivery, Event
from stockhub.purchasing.models import PurchaseOrder
from tests.cockpit.made_up_shop import Shop

pytestmark = pytest.mark.django_db
MakeShop = Callable[..., Shop]


def selected(action: str, *rows: Model, **more: str) -> dict[str, Any]:
    return {"action": action, "_selected_action": [row.pk for row in rows], **more}


def management(prefix: str, total: int, initial: int = 0) -> dict[str, Any]:
    names = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    return {f"{prefix}-{name}": str(value) for name, value in zip(names, (total, initial, 0, 1000), strict=True)}


# --- alerts ----------------------------------------------------------------------------------------------------------------------


def test_acknowledging_by_post_records_who_and_by_get_changes_nothing(browser: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    url = reverse("admin:alerts_alert_acknowledge", args=[alert.pk])
    assert browser.get(url).status_code == 403
    assert Alert.objects.get(pk=alert.pk).status == "open"
    assert browser.post(url).status_code == 302
    changed = Alert.objects.get(pk=alert.pk)
    assert (changed.status, changed.acknowledged_by) == ("acknowledged", "root")


def test_snoozing_asks_for_a_reason_and_a_time_in_the_future(browser: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    url = reverse("admin:alerts_alert_snooze", args=[alert.pk])
    tomorrow = clock.now() + timedelta(days=2)
    when = {"until_at_0": f"{tomorrow:%Y-%m-%d}", "until_at_1": "08:00", "apply": "1"}
    for refused in ({**when, "reason": ""}, {**when, "reason": "on its way", "until_at_0": "2020-01-01"}):
        assert browser.post(url, refused).status_code == 200
        assert Alert.objects.get(pk=alert.pk).status == "open"
    assert browser.post(url, {**when, "reason": "on its way"}).status_code == 302
    changed = Alert.objects.get(pk=alert.pk)
    assert (changed.status, changed.snooze_reason) == ("snoozed", "on its way")


def test_many_alerts_are_resolved_with_one_word(browser: Client, shop: MakeShop) -> None:
    shop(2)
    found = list(Alert.objects.filter(kind="shortage"))
    url = reverse("admin:alerts_alert_changelist")
    asked = browser.post(url, selected("resolve", *found))
    assert asked.status_code == 200
    assert [value for name, value in asked.context["hidden"] if name == "_selected_action"] == [
        str(a.pk) for a in sorted(found, key=lambda a: -a.money_amount)
    ]
    assert browser.post(url, selected("resolve", *found, apply="1", resolution="ordered by air")).status_code == 302
    assert set(Alert.objects.filter(kind="shortage").values_list("status", "resolution")) == {("resolved", "ordered by air")}


def test_the_alert_s_page_explains_every_number(browser: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    page = browser.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
    for text in (
        "Forecast of four weeks + Safety stock − Can be sold within the horizon",
        "120 units",
        "4,800.00 CNY",
        "stock ledger",
        "2026-03-02",
        "(the larger of Shortage index and 0) × Price",
        "Opened",
    ):
        assert text in page, text
    browser.cookies["django_language"] = "zh-hans"
    page = browser.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
    for text in ("未来四周预测 + 安全库存 − 预测期内可售量", "120 件", "库存台账", "已开启"):
        assert text in page, text


def test_a_rule_s_parameters_are_checked_by_the_rule_and_ended_with_a_reason(browser: Client, shop: MakeShop) -> None:
    from stockhub.alerts.models import RuleParameter

    pool = shop(1).pool
    RuleParameter.objects.all().delete()
    url = reverse("admin:alerts_ruleparameter_add")
    given = {
        "rule": "shortage", "parameter": "horizon_days", "value": "-1", "scope": "pool", "starts_at_0": "2026-01-01",
        "starts_at_1": "00:00", "reason": "why",
    }  # fmt: skip
    refused = browser.post(url, given)
    assert refused.status_code == 200
    assert set(refused.context["adminform"].form.errors) == {"pool", "value"}
    assert browser.post(url, given | {"value": "35", "pool": pool.pk}).status_code == 302
    made = RuleParameter.objects.get()
    assert (made.value, made.pool, made.scope, made.reason) == (35.0, pool, "pool", "why")
    listed = reverse("admin:alerts_ruleparameter_changelist")
    ending = {"action": "end", "_selected_action": made.pk}
    assert "1 value." in browser.post(listed, ending).content.decode()
    browser.post(listed, ending | {"apply": "1", "reason": "over"})
    made.refresh_from_db()
    assert (made.end_reason, made.ended_at is not None) == ("over", True)


# --- operation ---------------------------------------------------------------------------------------------------------------------


def test_a_delivery_that_was_given_up_is_tried_again(browser: Client, shop: MakeShop) -> None:
    delivery = shop(1).delivery
    browser.post(reverse("admin:outbox_delivery_changelist"), selected("retry", delivery))
    changed = Delivery.objects.get(pk=delivery.pk)
    assert (changed.status, changed.attempts) == ("due", 0)


def test_records_in_quarantine_are_tried_again_or_dismissed_and_kept_ones_applied_again(browser: Client, shop: MakeShop) -> None:
    shop(2)
    first, second = Quarantined.objects.order_by("pk")
    quarantine = reverse("admin:channels_quarantined_changelist")
    page = browser.post(quarantine, selected("retry", first), follow=True).content.decode()
    assert "Taken in: 0. Still refused: 1." in page
    page = browser.post(quarantine, selected("dismiss", second), follow=True).content.decode()
    assert "Dismissed: 1." in page
    second.refresh_from_db()
    assert (second.dismissed_reason, second.resolved_at is None) == ("Dismissed in the admin", False)
    kept = ReceivedRecord.objects.order_by("pk").first()
    assert kept is not None
    ReceivedRecord.objects.update(status="applied")
    received = reverse("admin:channels_receivedrecord_changelist")
    page = browser.post(received, selected("apply_again", kept), follow=True).content.decode()
    assert "Due again: 1." in page
    assert sorted(ReceivedRecord.objects.values_list("status", flat=True)) == ["applied", "replay"]


def test_a_cycle_is_asked_for_and_its_given_up_parts_tried_again(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    before = Cycle.objects.count()
    answer = browser.post(reverse("admin:cycles_cycle_run_now"), {"name": "warnings", "sku_codes": "SKU-1, PART-1\n", "apply": "1"})
    assert answer.status_code == 302
    cycle = Cycle.objects.latest("pk")
    assert (Cycle.objects.count(), cycle.name, cycle.status, cycle.sku_codes, cycle.requested_by) == (
        before + 1,
        "warnings",
        "due",
        ["SKU-1", "PART-1"],
        "root",
    )
    browser.post(reverse("admin:cycles_cycle_changelist"), selected("retry_given_up", made.cycle))
    assert Chunk.objects.get(cycle=made.cycle).status == "due"
    page = browser.get(reverse("admin:cycles_cycle_changelist"))
    assert "0 / 1" in page.content.decode()
    browser.post(reverse("admin:cycles_cycle_changelist"), selected("cancel", made.cycle, cycle))
    assert list(Cycle.objects.filter(pk__in=[made.cycle.pk, cycle.pk]).values_list("status", flat=True)) == ["cancelled"] * 2
    assert Chunk.objects.get(cycle=made.cycle).status == "cancelled"


def test_asking_for_a_cycle_needs_the_permission(shop: MakeShop) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    client = Client()
    client.force_login(clerk)
    assert client.post(reverse("admin:cycles_cycle_run_now"), {"name": "warnings", "apply": "1"}).status_code == 403
    assert Cycle.objects.count() == 0


# --- configuration -------------------------------------------------------------------------------------------------------------------


def sku_form(sku: Sku, **more: object) -> dict[str, Any]:
    return {
        "code": sku.code,
        "name": sku.name,
        "attributes": "{}",
        "is_replenished": "on",
        "seen_version": sku.version,
        **management("components", 0),
        **management("relations", 0),
        **management("policies", 0),
        **more,
    }


def test_an_edit_raises_the_version_and_tells_old_and_new(browser: Client, shop: MakeShop) -> None:
    sku = shop(1).sku
    form = sku_form(sku, name="Cup", unit_cost_amount="3.141593", unit_cost_currency="CNY")
    assert browser.post(reverse("admin:catalog_sku_change", args=[sku.pk]), form).status_code == 302
    changed = Sku.objects.get(pk=sku.pk)
    assert (changed.name, changed.version, changed.unit_cost_amount) == ("Cup", 2, Decimal("3.141593"))
    event = Event.objects.latest("pk")
    assert (event.kind, event.actor, event.payload["changes"]["name"]) == ("catalog.sku_changed.v1", "root", ["Kettle", "Cup"])


def test_an_edit_of_an_old_version_is_refused(browser: Client, shop: MakeShop) -> None:
    sku = shop(1).sku
    Sku.objects.filter(pk=sku.pk).update(version=5, name="theirs")
    answer = browser.post(reverse("admin:catalog_sku_change", args=[sku.pk]), sku_form(sku, name="mine"))
    assert answer.status_code == 200
    assert "Somebody else has changed this" in answer.content.decode()
    assert Sku.objects.get(pk=sku.pk).name == "theirs"


def test_deleting_leaves_a_tombstone_that_can_be_brought_back_and_spares_what_has_stock(browser: Client, shop: MakeShop) -> None:
    shop(1)
    part, sku, place = Sku.objects.create(code="ALONE"), Sku.objects.get(code="SKU-1"), Warehouse.objects.earliest("pk")
    assert browser.post(reverse("admin:catalog_sku_delete", args=[part.pk]), {"post": "yes"}).status_code == 302
    assert Sku.objects.get(pk=part.pk).deleted_at is not None
    for label, kept in (("sku", sku), ("warehouse", place)):
        refused = browser.post(reverse(f"admin:catalog_{label}_delete", args=[kept.pk]), {"post": "yes"})
        assert "still has stock" in refused.content.decode()
        assert type(kept)._default_manager.get(pk=kept.pk).deleted_at is None
    browser.post(reverse("admin:catalog_sku_changelist") + "?deleted=yes", selected("restore", part))
    assert Sku.objects.get(pk=part.pk).deleted_at is None


def test_a_part_of_a_bundle_is_not_deleted_and_the_page_says_what_to_do(browser: Client, shop: MakeShop) -> None:
    """The same check as everywhere else, on the page, in the action on several, and where a creation is undone."""
    shop(1)
    part, bundle = Sku.objects.get(code="PART-1"), Sku.objects.get(code="SKU-1")
    said = "is a part of these bundles: SKU-1. Take it out of them, or delete them, first."
    refused = browser.post(reverse("admin:catalog_sku_delete", args=[part.pk]), {"post": "yes"})
    assert said in refused.content.decode()
    several = browser.post(reverse("admin:catalog_sku_changelist"), {**selected("delete_selected", part), "post": "yes"})
    assert said in several.content.decode()
    obstacle = SKU_CHANGES.obstacle(part)
    assert obstacle is not None
    assert (obstacle.code, obstacle.params["bundles"]) == ("part_of_bundle", ["SKU-1"])
    assert Sku.objects.get(pk=part.pk).deleted_at is None
    Sku.objects.filter(pk=bundle.pk).update(deleted_at=clock.now())
    assert browser.post(reverse("admin:catalog_sku_delete", args=[part.pk]), {"post": "yes"}).status_code == 302
    assert Sku.objects.get(pk=part.pk).deleted_at is not None
    event = Event.objects.filter(kind="catalog.sku_deleted.v1").get()
    assert (event.entity_id, event.payload["code"], event.actor) == (part.pk, "PART-1", "root")


def test_a_purchase_order_is_saved_by_its_service_and_posted_on_order(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    data = {
        "code": "PO-new",
        "status": "open",
        "supplier": made.supplier.pk,
        "warehouse": made.warehouse.pk,
        "currency": "CNY",
        "ordered_on": "2026-03-02",
        "promised_on": "",
        **management("lines", 1),
        "lines-0-line_no": "1",
        "lines-0-sku": made.sku.pk,
        "lines-0-ordered_qty": "70",
    }
    answer = browser.post(reverse("admin:purchasing_purchaseorder_add"), data)
    assert answer.status_code == 302
    order = PurchaseOrder.objects.get(code="PO-new")
    assert Balance.objects.get(sku=made.sku, bucket="on_order").qty == 70
    line = order.lines.get()
    change = {
        "status": "open",
        "supplier": made.supplier.pk,
        "currency": "CNY",
        "ordered_on": "2026-03-02",
        "promised_on": "",
        "seen_version": order.version,
        **management("lines", 1, 1),
        "lines-0-id": line.pk,
        "lines-0-purchase_order": order.pk,
        "lines-0-line_no": "1",
        "lines-0-sku": made.sku.pk,
        "lines-0-ordered_qty": "30",
    }
    assert browser.post(reverse("admin:purchasing_purchaseorder_change", args=[order.pk]), change).status_code == 302
    assert Balance.objects.get(sku=made.sku, bucket="on_order").qty == 30
    assert browser.post(reverse("admin:purchasing_purchaseorder_delete", args=[order.pk]), {"post": "yes"}).status_code == 403


def test_schedules_have_labels_and_are_saved(browser: Client, shop: MakeShop) -> None:
    from django_celery_beat.models import PeriodicTask

    shop(1)
    task = PeriodicTask.objects.get(name="task 1")
    page = browser.get(reverse("admin:django_celery_beat_periodictask_change", args=[task.pk])).content.decode()
    for field in ("name", "regtask", "task", "interval", "crontab"):
        assert f'for="id_{field}"' in page, field
    data = {"name": "task 1", "regtask": "", "task": "stockhub.nothing", "interval": task.interval_id, "args": "[]", "kwargs": "{}"}
    answer = browser.post(reverse("admin:django_celery_beat_periodictask_change", args=[task.pk]), data)
    assert answer.status_code == 302
    assert PeriodicTask.objects.get(pk=task.pk).enabled is False


def test_a_user_reads_times_in_his_own_zone(browser: Client, shop: MakeShop, root: User) -> None:
    made = shop(1)
    url = reverse("admin:inventory_movement_change", args=[made.movement.pk])
    assert "2026-03-02 12:00" in browser.get(url).content.decode()
    User.objects.filter(pk=root.pk).update(time_zone="UTC")
    assert "2026-03-02 04:00" in browser.get(url).content.decode()


# --- change sets -----------------------------------------------------------------------------------------------------------------


def test_h18_a_change_set_is_undone_and_what_stands_in_the_way_is_said(browser: Client) -> None:
    with recording() as recorded:
        upsert_skus([SkuInput(code="A"), SkuInput(code="B")])
    upsert_skus([SkuInput(code="B", name="changed")])
    change_set = recorded.change_set
    assert change_set is not None
    page = browser.post(reverse("admin:editing_changeset_changelist"), selected("undo", change_set), follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert told == [
        f"#{change_set.pk} catalog.sku: 1 taken back.",
        "Somebody has changed it since; undo that first, or change it back by hand.",
    ]
    assert dict(Sku.objects.filter(code__in="AB").values_list("code", "name")) == {"A": "", "B": "changed"}
    assert [sku.deleted_at is not None for sku in Sku.objects.filter(code__in="AB").order_by("code")] == [True, False]


# --- lots ------------------------------------------------------------------------------------------------------------------------


def test_a_late_invoice_is_added_to_a_lot_once(browser: Client, shop: MakeShop) -> None:
    shop(1)
    lot = Lot.objects.get()
    url = reverse("admin:inventory_lot_add_cost", args=[lot.pk])
    page = browser.get(url).content.decode()
    assert 'name="key"' in page
    typed = {"kind": "freight", "unit_amount": "0.25", "currency": "CNY", "rate_on": "", "key": "form:1", "apply": "1"}
    for wrong in ({"currency": "yuan"}, {"currency": "XXQ"}, {"currency": ""}):
        refused = browser.post(url, {**typed, **wrong})
        assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["currency"])
    credit = browser.post(url, {**typed, "unit_amount": "-10"}, follow=True)
    assert "would cost less than nothing" in str(next(iter(credit.context["messages"])))
    assert LotCost.objects.count() == 1
    for _time in range(2):
        assert browser.post(url, typed).status_code == 302
    assert list(LotCost.objects.order_by("id").values_list("kind", "unit_amount", "rate_on")) == [
        ("purchase", Decimal("9.876543"), lot.received_on), ("freight", Decimal("0.25"), lot.received_on),
    ]  # fmt: skip
    shown = browser.get(reverse("admin:inventory_lot_change", args=[lot.pk])).content.decode()
    assert "10.13 CNY" in shown
    assert "202.53 CNY" in shown


def test_a_late_invoice_needs_its_permission(db: None, shop: MakeShop) -> None:
    shop(1)
    lot = Lot.objects.get()
    viewer = User.objects.create_user("viewer", is_staff=True, sees_all_accounts=True, sees_all_warehouses=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_lot"))
    client = Client()
    client.force_login(viewer)
    typed = {"kind": "freight", "unit_amount": "1", "currency": "CNY", "key": "k", "apply": "1"}
    assert client.get(reverse("admin:inventory_lot_change", args=[lot.pk])).status_code == 200
    assert client.post(reverse("admin:inventory_lot_add_cost", args=[lot.pk]), typed).status_code == 403
    assert LotCost.objects.count() == 1
