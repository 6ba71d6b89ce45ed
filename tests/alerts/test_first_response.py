"""The first response (H65): who is told of what, when, in which words; and what is recorded to be done at levels 2 and 3."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from email.message import Message as Mail
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models.functions import Now
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from stockhub.access.models import User
from stockhub.alerts import first_response
from stockhub.alerts.composing import compose_due, due_notices
from stockhub.alerts.models import Alert, AlertEvent, Incident, Notice, Side, Subscription
from stockhub.alerts.notices import personal_endpoints
from stockhub.catalog.models import Category, Sku, StockPool
from stockhub.channels.models import Account, PoolAccount
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.outbox.deliveries import deliver_due
from stockhub.outbox.endpoints import EndpointInput, save_endpoint
from stockhub.outbox.models import Delivery, Digest, Endpoint, Event
from tests.alerts.opened_alerts import opened, respond
from tests.outbox.receiver import receiving
from tests.outbox.smtp_sink import Sink
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)
HOSTILE = '<img src=x onerror="alert(1)"> **[pay](https://evil.example)**'


@pytest.fixture(autouse=True)
def _roles_are_told() -> None:
    """A test of transactions empties the tables behind it, and what the migration wrote with them."""
    if not Subscription.objects.exists():
        import_module("stockhub.alerts.migrations.0008_told_roles").tell_purchasing_and_sales(apps, None)
        import_module("stockhub.alerts.migrations.0013_told_of_data").tell_administrators(apps, None)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 2.0
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.STOCKHUB_PUBLIC_URL = "https://stock.example.com"
    yield sink
    sink.stop()


def person(name: str, *roles: str, language: str = "en") -> User:
    user = User.objects.create(
        username=name, email=f"{name}@example.com", language=language, sees_all_accounts=True, sees_all_warehouses=True
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def room(name: str = "room", **options: Any) -> Endpoint:  # noqa: ANN401 - settings of an endpoint
    config = {"url": "https://erp.example/hook", "secret": "s" * 20}
    return save_endpoint(given=EndpointInput(name=name, notifier="webhook", config=config, **options))


def told(endpoint: Endpoint, **wanted: Any) -> Subscription:  # noqa: ANN401 - what it is told of
    return Subscription.objects.create(endpoint=endpoint, **wanted)


def composed(at: datetime = NOW) -> int:
    with clock.at(at):
        return compose_due()


def subjects() -> dict[str, int]:
    """How many alerts each recipient is told of."""
    return {d.recipient: d.message["data"]["count"] for d in Delivery.objects.order_by("pk") if d.message}


def counts() -> list[int]:
    """How many alerts each message tells of, in their order."""
    return [d.message["data"]["count"] for d in Delivery.objects.order_by("pk") if d.message]


def parts(mail: Mail) -> dict[str, str]:
    found = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()}
    return {kind: content.decode("utf-8-sig") for kind, content in found.items() if isinstance(content, bytes) and "sheet" not in kind}


# --- H65 ------------------------------------------------------------------------------------------------------------------------------


def test_h65_purchasing_and_sales_get_the_stock_report_and_the_suggested_quantity(world: World, sink: Sink) -> None:
    """Level 1: both roles are told by mail, each in the language of its member."""
    person("buyer", "purchasing")
    person("seller", "sales", language="zh-hans")
    person("clerk")
    sku = world.selling("CAP-RED", stock=100, rate=10.0)
    sku.name = HOSTILE
    sku.save()
    run_cycle("warnings")
    [alert] = Alert.objects.filter(kind="shortage")
    assert composed() == 2
    assert deliver_due("worker").sent == 2
    by_recipient = {str(mail["To"]): mail for mail in sink.received}
    assert set(by_recipient) == {"buyer@example.com", "seller@example.com"}
    english, chinese = parts(by_recipient["buyer@example.com"]), parts(by_recipient["seller@example.com"])
    assert f"    Suggested quantity: {alert.suggested_qty} units" in english["text/plain"]
    assert "    Why: " in english["text/plain"]
    assert "https://stock.example.com/admin/" in english["text/plain"]
    assert "CAP-RED（cn）" in chinese["text/plain"] or "缺货" in chinese["text/plain"]
    for mail in by_recipient.values():
        # The same report as a workbook, row for row.
        [book] = [part for part in mail.walk() if part.get_filename() == "stock-report.xlsx"]
        sheet = load_workbook(io.BytesIO(book.get_payload(decode=True))).worksheets[0]  # type: ignore[arg-type]
        told = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert [type(cell) for cell in next(sheet.iter_rows(min_row=2, values_only=True))][4:6] == [int, int]
        [table] = [part for part in mail.walk() if part.get_filename() == "stock-report.csv"]
        rows = list(csv.reader(io.StringIO(table.get_payload(decode=True).decode("utf-8-sig"))))  # type: ignore[union-attr]
        assert told == [[cell.removesuffix(".0") for cell in row] for row in rows]
    for content in (english, chinese):
        assert "<img" not in content["text/html"]
        rows = list(csv.reader(io.StringIO(content["text/csv"])))
        shortage = next(row for row in rows[1:] if row[0] == "CAP-RED" and row[3] in ("Shortage", "缺货风险"))
        assert (shortage[2], shortage[5]) == ("cn", "100")
        assert str(alert.suggested_qty) in shortage
        assert shortage[1] == HOSTILE


@pytest.mark.one_database
def test_h65_a_card_tells_why_by_when_how_much_and_what_quantity(world: World, settings: Settings) -> None:
    settings.STOCKHUB_PUBLIC_URL = "https://stock.example.com"
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    world.selling("CAP-RED", stock=100, rate=10.0)
    with receiving(answer=b'{"code":0}') as bot:
        feishu = EndpointInput(name="chat", notifier="feishu", config={"webhook_url": bot.url})
        told(save_endpoint(given=feishu), kinds=["shortage"])
        run_cycle("warnings")
        assert composed() == 1
        assert deliver_due("worker").sent == 1
    [alert] = Alert.objects.filter(kind="shortage")
    [_title, *_rest] = elements = bot.received[0].json()["card"]["elements"]
    facts = dict(each["text"]["content"].split("\n") for each in elements[0]["fields"])
    assert facts["Suggested quantity"] == f"{alert.suggested_qty} units"
    assert set(facts) == {"What", "Why", "By", "At stake", "Suggested quantity"}
    assert facts["At stake"].endswith(" CNY")
    assert facts["Why"].count(" · ") >= 1
    assert elements[-1]["actions"][0]["url"] == f"https://stock.example.com/admin/alerts/alert/{alert.pk}/change/"


def test_the_roles_of_the_first_response_are_there_from_the_start() -> None:
    found = Subscription.objects.order_by("pk").values_list("role__name", "min_level", "max_level", "sides", "is_active")
    both = ["shortage", "excess"]
    assert list(found) == [("purchasing", 1, 3, both, True), ("sales", 1, 3, both, True), ("admin", 2, 3, ["data"], True)]


def test_h65_whoever_may_mend_them_is_told_of_grave_doubts_about_data(world: World) -> None:
    """An account to be authorised again reaches an administrator at once, and not first when it is overdue."""
    for name, *its in (("root", "admin"), ("buyer", "purchasing"), ("seller", "sales"), ("clerk",)):
        person(name, *its)
    opened(world, "A", level=3, side=Side.DATA, kind="authorization-lost")
    opened(world, "B", level=2, side=Side.DATA, kind="stale-feed")
    opened(world, "C", level=1, side=Side.DATA, kind="old-benchmarks")
    respond()
    composed()
    assert [(d.recipient, d.level, d.message["data"]["kinds"]) for d in Delivery.objects.all() if d.message] == [
        ("root@example.com", 3, ["authorization-lost", "stale-feed"])
    ]


# --- whom it concerns -----------------------------------------------------------------------------------------------------------------


def test_alerts_are_routed_by_level_side_kind_account_pool_and_category(world: World) -> None:
    other = StockPool.objects.create(code="eu", name="EU")
    account = Account.objects.create(code="amz", name="amz", baseline_at=NOW)
    PoolAccount.objects.create(pool=other, account=account)
    hats, caps = Category.objects.create(code="hats", name="Hats"), Category.objects.create(code="caps", name="Caps")
    caps.parent = hats
    caps.save()
    opened(world, "A", level=1)
    opened(world, "B", level=3, side=Side.EXCESS, kind="overstock")
    opened(world, "C", level=2, pool=other)
    Sku.objects.filter(code="C").update(category=caps)
    routes: dict[str, dict[str, Any]] = {
        "all": {}, "mild": {"max_level": 1}, "grave": {"min_level": 3}, "excess": {"sides": ["excess"]},
        "kinds": {"kinds": ["shortage"]}, "nothing": {"kinds": ["burn-rate"]}, "off": {"is_active": False},
    }  # fmt: skip
    for name, wanted in routes.items():
        told(room(name), **wanted)
    told(room("account")).accounts.add(account)
    told(room("pool")).pools.add(world.pool)
    told(room("category")).categories.add(hats)
    respond()
    composed()
    assert subjects() == {"all": 3, "mild": 1, "grave": 1, "excess": 1, "kinds": 2, "account": 1, "pool": 2, "category": 1}


def test_i4_members_of_a_role_are_told_of_what_they_may_see_only(world: World) -> None:
    blind = person("blind", "sales")
    User.objects.filter(pk=blind.pk).update(sees_all_accounts=False, sees_all_warehouses=False)
    person("seller", "sales")
    opened(world, "A")
    respond()
    assert composed() == 1
    assert subjects() == {"seller@example.com": 1}


def test_somebody_with_two_roles_and_a_subscription_gets_one_message(world: World) -> None:
    user = person("both", "purchasing", "sales")
    Subscription.objects.create(user=user)
    opened(world, "A")
    respond()
    composed()
    assert subjects() == {"both@example.com": 1}


@pytest.mark.one_database
def test_people_who_are_gone_or_have_no_address_are_left_out(world: World) -> None:
    for name, change in (("gone", {"is_active": False}), ("mute", {"email": ""})):
        User.objects.filter(pk=person(name, "sales").pk).update(**change)
    opened(world, "A")
    respond()
    assert (composed(), Endpoint.objects.count(), Event.objects.filter(kind="alerts.cycle_news.v1").count()) == (0, 0, 0)


def test_a_subscription_of_an_older_release_is_one_of_this(world: World) -> None:
    """An older release inserts what it knows of; what it does not name has its defaults."""
    user = person("ana")
    with connection.cursor() as cursor:
        columns = "user_id, kinds, min_level, is_active"
        cursor.execute(f"INSERT INTO alerts_subscription ({columns}) VALUES (%s, %s, 1, %s)", [user.pk, "[]", True])  # noqa: S608 - own names
    opened(world, "A", level=3)
    respond()
    composed()
    assert subjects() == {"ana@example.com": 1}


@pytest.mark.parametrize("targets", [{}, {"user": True, "endpoint": True}])
def test_a_subscription_has_one_target(targets: dict[str, bool]) -> None:
    columns: dict[str, Any] = {"user": person("ana")} if "user" in targets else {}
    columns |= {"endpoint": room()} if "endpoint" in targets else {}
    with pytest.raises(Exception, match=r"one_target"), transaction.atomic():
        Subscription.objects.create(**columns)


# --- when it comes --------------------------------------------------------------------------------------------------------------------


def test_a_digest_gathers_what_several_runs_found_and_leaves_out_what_is_resolved_or_put_off(world: World) -> None:
    told(room(digest=Digest.HOURLY, urgent_level=4))
    opened(world, "A")
    respond()
    first = NOW.replace(minute=0) + HOUR
    assert [n.due_at for n in Notice.objects.all()] == [first]
    later = Cycle.objects.create(name="warnings", slot_at=NOW + HOUR / 4, as_of=NOW + HOUR / 4, created_at=NOW + HOUR / 4)
    second, third, fourth = opened(world, "B", level=2), opened(world, "C"), opened(world, "D")
    found = [second.pk, third.pk, fourth.pk]
    Alert.objects.filter(pk__in=found).update(opened_cycle=later, changed_cycle=later)
    AlertEvent.objects.filter(alert__in=found).update(occurred_at=later.created_at)
    with clock.at(later.created_at):
        first_response.respond_to_cycle(later)
    Alert.objects.filter(pk=third.pk).update(status="resolved")
    Alert.objects.filter(pk=fourth.pk).update(status="snoozed", snoozed_until_at=first + 24 * HOUR)
    assert (composed(first - timedelta(seconds=1)), composed(first), composed(first)) == (0, 1, 0)
    [delivery] = Delivery.objects.all()
    assert delivery.subject == "2 new or worse stock alerts"
    assert [line.split(" ")[1] for line in delivery.body.splitlines()] == ["B", "A"]
    assert (delivery.event.kind, delivery.event.payload["alerts"]) == ("alerts.news_gathered.v1", 4)
    assert not Notice.objects.exists()


@pytest.mark.one_database
def test_level_three_breaks_through_the_night_and_the_rest_comes_in_the_morning(world: World) -> None:
    night = NOW.replace(hour=15, minute=30)  # 23:30 in Shanghai
    told(room(quiet_from=time(22), quiet_until=time(7)))
    opened(world, "A", level=1)
    opened(world, "B", level=3)
    opened(world, "C", level=2)
    respond(night)
    assert composed(night) == 1
    [urgent] = Delivery.objects.all()
    assert (urgent.level, counts()) == (3, [1])
    morning = NOW.replace(hour=23)  # 07:00
    assert (composed(morning - timedelta(minutes=1)), composed(morning)) == (0, 1)
    assert counts() == [1, 2]
    # Both tell of one run, and both are there: an event and a recipient are one message, so the second has an event of its own.
    assert sorted(Delivery.objects.values_list("event__kind", flat=True)) == ["alerts.cycle_news.v1", "alerts.news_gathered.v1"]


@pytest.mark.one_database
def test_a_message_that_failed_in_the_evening_is_not_tried_at_night(world: World) -> None:
    now = clock.wall()
    told(endpoint := room(time_zone="UTC"))
    opened(world, "A")
    respond()
    composed()
    Delivery.objects.update(attempts=1, next_attempt_at=Now() - timedelta(seconds=1))
    Endpoint.objects.update(quiet_from=(now - HOUR).time(), quiet_until=(now + HOUR).time().replace(microsecond=0))
    done = deliver_due("worker")
    assert (done.sent, done.failed, done.put_off) == (0, 0, 1)
    [delivery] = Delivery.objects.all()
    assert (delivery.endpoint_id, delivery.attempts) == (endpoint.pk, 1)
    assert delivery.next_attempt_at == (now + HOUR).replace(microsecond=0)


def test_nothing_is_lost_where_writing_a_message_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told(room())
    opened(world, "A")
    respond()
    monkeypatch.setattr("stockhub.alerts.composing.written", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        composed()
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 0)
    monkeypatch.undo()
    assert composed() == 1


def test_f20_n14_a_storm_is_one_card_by_kind_and_incident(world: World) -> None:
    """Alerts of one incident are told together, by its cause in the reader's language."""
    late = [opened(world, f"L{n}", level=2) for n in range(40)]
    incident = Incident.objects.create(cause="late_supplier", key="supplier:1", inputs={"code": "sup", "name": "Sup"}, level=2)
    Alert.objects.filter(id__in=[alert.pk for alert in late]).update(incident=incident)
    opened(world, "X", level=3)
    opened(world, "Y", level=1, side=Side.EXCESS, kind="overstock")
    chat = save_endpoint(given=EndpointInput(name="chat", notifier="wecom", config={"webhook_url": "https://qyapi.example/?key=1"}))
    told(chat, min_level=1)
    Endpoint.objects.update(urgent_level=4)
    respond()
    assert composed() == 1
    [delivery] = Delivery.objects.all()
    assert delivery.subject == "42 new or worse stock alerts"
    first, *rest = delivery.body.splitlines()
    assert first == "Shortage: 1 · Shortage, Sup delivers late: 40 · Overstock: 1"
    assert (len(rest), rest[0].split(" ")[:2], rest[-1]) == (11, ["[3]", "X"], "… and 32 more: open Today.")


def test_a_storm_beyond_what_a_notice_names_is_still_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stockhub.alerts.notices.NAMED", 5)
    told(room())
    for n in range(12):
        opened(world, f"S{n:02}", money_amount=Decimal(n))
    respond()
    [notice] = Notice.objects.all()
    assert (notice.count, notice.groups[0]["count"], len(notice.groups[0]["ids"])) == (12, 12, 5)
    composed()
    [delivery] = Delivery.objects.all()
    lines = delivery.body.splitlines()
    assert [line.split(" ")[1] for line in lines[:-1]] == ["S11", "S10", "S09", "S08", "S07"]
    assert (delivery.subject, lines[-1]) == ("12 new or worse stock alerts", "… and 7 more: open Today.")


def test_peoples_endpoints_are_made_once_and_follow_their_address(world: World) -> None:
    user = person("ana", language="zh-hans")
    first, second = personal_endpoints([user]), personal_endpoints([user])
    assert [e.pk for e in first] == [e.pk for e in second]
    assert (first[0].notifier, first[0].language, first[0].time_zone) == ("mail", "zh-hans", "Asia/Shanghai")
    Subscription.objects.create(user=user)
    User.objects.update(email="new@example.com")
    opened(world, "A")
    respond()
    composed()
    assert [d.recipient for d in Delivery.objects.all()] == ["new@example.com"]
    assert not due_notices().exists()
