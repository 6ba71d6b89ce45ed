"""The key figures every week and every month, to those who asked for them (H84)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message as Mail
from typing import Any

import pytest
from django.test import Client
from django_celery_beat.models import PeriodicTask
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.alerts.models import Subscription
from stockhub.alerts.subscriptions import MONTHLY_REPORT as MONTHLY
from stockhub.alerts.subscriptions import WEEKLY_REPORT as WEEKLY
from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
from stockhub.core import clock
from stockhub.inventory.models import Balance
from stockhub.jobs import slots
from stockhub.jobs.schedules import install_schedules
from stockhub.outbox.deliveries import deliver_due
from stockhub.outbox.models import Delivery, Endpoint
from stockhub.overview.kpis import KPIS, KpiGrouping, stock_kpis
from stockhub.review.kpi_report import send_reports
from tests.outbox.smtp_sink import Sink
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def world() -> World:
    """One pool that sells 2 a day from 400 units, and another that holds 30 units and sells nothing."""
    made = make_world()
    made.selling("SELLS", stock=400, rate=2.0)
    other = Warehouse.objects.create(code="W2", name="W2")
    PoolWarehouse.objects.create(pool=StockPool.objects.create(code="far", name="Far"), warehouse=other)
    dead = made.sku("DEAD")
    Balance.objects.create(sku=dead, warehouse=other, bucket_id="available", qty=30)
    run_cycle("warnings")
    return made


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5.0
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield sink
    sink.stop()


def boss(language: str = "en") -> User:
    return User.objects.create_superuser(f"boss-{language}", f"boss-{language}@example.com", "x", language=language)


def asks(target: dict[str, Any], *kinds: str) -> Subscription:
    return Subscription.objects.create(kinds=list(kinds), **target)


def parts(mail: Mail) -> dict[str, Any]:
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    return {part.get_filename() or part.get_content_type(): part.get_payload(decode=True) for part in leaves}


def test_h84_the_weekly_report_comes_by_mail_with_the_figures_that_the_page_shows(world: World, sink: Sink) -> None:
    """The same numbers, as CSV and as a workbook; once a run, however often it is finished."""
    user = boss()
    asks({"user": user}, WEEKLY)
    cycle = run_cycle(WEEKLY, LATER)
    assert (cycle.status, cycle.counts["reports"]) == ("done", 1)
    with clock.at(LATER):
        send_reports(cycle)
    assert Delivery.objects.filter(recipient=user.email).count() == 1
    deliver_due("test")
    [mail] = sink.received
    assert mail["Subject"] == "Key figures of the week, 2026-03-02"
    attached = parts(mail)
    table = list(csv.reader(io.StringIO(attached["key-figures.csv"].decode("utf-8-sig"))))
    assert table[0] == ["By", "Code", "Name", "Day", "SKUs", *(label.text("en") for label in KPIS.values())]
    with clock.at(LATER):
        shown = {(by, place.code): place for by in KpiGrouping for place in stock_kpis(by, viewer=user)}
    assert [(row[0].lower(), row[1]) for row in table[1:]] == [(by.value, code) for by, code in shown]
    for row, place in zip(table[1:], shown.values(), strict=True):
        told = [None if cell == "" else float(cell) for cell in row[5:]]
        assert told == [None if each.value is None else round(float(each.value), 4) for each in place.metrics.values()]
    sheet = load_workbook(io.BytesIO(attached["key-figures.xlsx"])).worksheets[0]
    assert list(next(sheet.iter_rows(values_only=True))) == table[0]
    assert sheet.max_row == len(table)


def test_h84_only_those_who_asked_get_it_each_in_his_language_and_of_what_he_may_see(world: World) -> None:
    """The subscription names the report; a chat room gets every pool, a person the pools that he sees, and one without the right none."""
    chinese, none = boss("zh-hans"), User.objects.create_user("clerk", "clerk@example.com", "x")
    room = Endpoint.objects.create(name="room", notifier="webhook", language="en")
    asks({"user": chinese}, MONTHLY)
    asks({"user": none}, MONTHLY)
    asks({"endpoint": room}, MONTHLY, "shortage")
    asks({"user": boss()}, WEEKLY)
    run_cycle(MONTHLY, LATER)
    told = {delivery.recipient: delivery.message or {} for delivery in Delivery.objects.filter(event__kind="review.kpi_report_made.v1")}
    assert sorted(told) == ["boss-zh-hans@example.com", "room"]
    message = told["room"]
    assert (message["data"]["report"], message["data"]["pools"]) == (MONTHLY, ["cn", "far"])
    assert [item["title"] for item in message["items"]] == ["cn", "far"]
    assert {fact["label"] for fact in message["items"][0]["facts"]} == {label.text("en") for label in KPIS.values()}
    in_chinese = told["boss-zh-hans@example.com"]
    assert in_chinese["language"] == "zh-hans"
    assert in_chinese["report"]["columns"][5:] == [label.text("zh-hans") for label in KPIS.values()]


def test_h84_a_person_gets_the_pools_that_he_may_see(world: World) -> None:
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("one", "one@example.com", "x", sees_all_warehouses=False)
    user.user_permissions.add(Permission.objects.get(codename="view_stockfigures"))
    Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    asks({"user": user}, WEEKLY)
    run_cycle(WEEKLY, LATER)
    assert (Delivery.objects.get().message or {})["data"]["pools"] == ["cn"]


def test_h84_a_subscription_without_kinds_is_about_alerts_and_brings_no_report(world: World) -> None:
    asks({"user": boss()})
    assert run_cycle(WEEKLY, LATER).counts["reports"] == 0
    assert not Delivery.objects.filter(event__kind="review.kpi_report_made.v1").exists()


def test_h84_before_there_are_figures_the_run_says_so(db: None) -> None:
    make_world()
    asks({"user": boss()}, WEEKLY)
    cycle = run_cycle(WEEKLY, LATER)
    assert (cycle.counts["reports"], "no key figures yet" in cycle.message) == (0, True)


@pytest.mark.parametrize(
    ("name", "slot"),
    [("cycle: kpi-report-weekly", "2026-03-02T08:00:00+08:00"), ("cycle: kpi-report-monthly", "2026-03-01T08:10:00+08:00")],
)
def test_h84_the_reports_are_due_on_mondays_and_on_the_first(db: None, name: str, slot: str) -> None:
    install_schedules()
    schedule = PeriodicTask.objects.get(name=name)
    assert slots.slot_of(schedule, datetime.fromisoformat("2026-03-05T12:00:00+08:00")) == datetime.fromisoformat(slot)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_h84_the_figures_are_a_file_that_equals_the_page(world: World, suffix: str) -> None:
    user, client = boss(), Client()
    client.force_login(user)
    with clock.at(LATER):
        response = client.get(f"/exports/key-figures.{suffix}?by=pool")
        content = b"".join(response.streaming_content)  # type: ignore[attr-defined] # a file is a stream
        pools = stock_kpis(KpiGrouping.POOL, viewer=user)
    assert response.status_code == 200
    expected = [["pool", each.code, each.name, each.skus, *(metric.value for metric in each.metrics.values())] for each in pools]
    if suffix == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
        told = [[*row[:3], int(row[4]), *(float(cell) if cell else None for cell in row[5:])] for row in rows]
        assert told == [[round(cell, 4) if isinstance(cell, float) else cell for cell in row] for row in expected]
    else:
        cells = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=2, values_only=True)
        assert [[*row[:3], *row[4:]] for row in cells] == expected
