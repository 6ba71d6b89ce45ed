"""What an amount of cash is best spent on, of the actions of *Today*, by figures reckoned by hand (N7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.agenda import plan as planning
from stockhub.agenda.action_texts import action_text, cash_text, pool_codes, saving_text
from stockhub.agenda.actions import ActionKind, actions_of
from stockhub.agenda.cash import CashNeed
from stockhub.agenda.plan import Plan, budget_from, budget_of, plan, planned
from stockhub.agenda.terminal_plan import plan_lines
from stockhub.agenda.today import today
from stockhub.alerts.models import Alert
from stockhub.catalog.models import ExchangeRate, Sku, Warehouse
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.inventory.transfers.models import Transfer, TransferLine
from stockhub.suppliers.models import Offer, PriceBreak, Supplier
from stockhub.values import DomainError, Money
from tests.agenda.action_rows import EAST, HERE, PLACES, SOUTH, alert, imbalance, paused, short
from tests.alerts.remedy_rows import too_much_here_and_too_little_in_the_east
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

D = Decimal


def cny(amount: str | int) -> Money:
    return Money(D(amount), "CNY")


def plan_of(alerts: list[Alert], cash: list[str | int | None], budget: int | None) -> Plan:
    """A plan of alerts with one action each, with what those need."""
    actions = actions_of(alerts, PLACES)
    needs = [CashNeed(None, "NO_COST") if each is None else CashNeed(D(each)) for each in cash]
    return planned(actions, needs, alerts, None if budget is None else cny(budget))


def chosen(found: Plan) -> list[tuple[str, Decimal]]:
    return [(each.action.alert.subject, each.action.saving) for each in found.chosen]


@pytest.mark.one_database
def test_n7_a_budget_pays_for_the_actions_that_save_most_together() -> None:
    alerts = [short(HERE, 60, sku=1), short(HERE, 100, sku=2), short(HERE, 120, sku=3)]
    found = plan_of(alerts, [10, 20, 30], 55)
    assert chosen(found) == [("3:1", D(120)), ("2:1", D(100))]
    assert (found.saving, found.cash, found.left, found.bound, found.gap) == (cny(220), cny(50), cny(5), cny(220), 0.0)
    assert [each.per_cash for each in found.chosen] == [D(4), D(5)]
    assert [(each.action.alert.subject, each.waits_for) for each in found.left_out] == [("1:1", "")]
    assert found.following is not None
    assert (found.following.planned.action.alert, found.following.extra_cash, found.following.extra_saving) == (alerts[0], cny(5), cny(60))
    assert found.following.per_cash == 12


@pytest.mark.one_database
def test_n7_what_nobody_knows_the_cost_of_is_never_taken_for_free() -> None:
    alerts = [short(HERE, 500, sku=1), short(HERE, 20, sku=2)]
    found = plan_of(alerts, [None, 5], 1_000)
    assert chosen(found) == [("2:1", D(20))]
    assert [(each.action.alert, each.waits_for, each.per_cash) for each in found.undecided] == [(alerts[0], "NO_COST", None)]
    assert found.saving == cny(20)
    # Without a budget it is what to do first, and the sum of the cash is of what is known.
    unlimited = plan_of(alerts, [None, 5], None)
    assert chosen(unlimited) == [("1:1", D(500)), ("2:1", D(20))]
    assert (unlimited.cash, unlimited.left, unlimited.following, unlimited.undecided) == (cny(5), None, None, ())


@pytest.mark.one_database
def test_n7_a_better_answer_of_unknown_cost_is_named_where_another_is_chosen_meanwhile() -> None:
    found = plan_of([short(EAST, 50), imbalance(EAST, HERE, 130, 210, 400.0)], [10, None], 100)
    assert [each.action.kind for each in found.chosen] == [ActionKind.ORDER]
    assert [(each.action.kind, each.waits_for) for each in found.undecided] == [(ActionKind.TRANSFER, "NO_COST")]
    assert found.left_out == ()


@pytest.mark.one_database
def test_n7_what_is_held_waits_until_it_is_settled() -> None:
    waits = short(HERE, 500, sku=1)
    waits.held_reason = "IN_DISPUTE"
    for budget in (1_000, None):
        found = plan_of([waits], [5], budget)
        assert found.chosen == ()
        assert [each.waits_for for each in found.undecided] == ["IN_DISPUTE"]


@pytest.mark.one_database
def test_n7_a_transfer_is_chosen_where_the_order_is_too_dear_and_gives_way_where_it_is_not() -> None:
    alerts = [short(EAST, 900), imbalance(EAST, HERE, 130, 210, 400.0)]
    poor = plan_of(alerts, [5_000, 40], 100)
    assert [(each.action.kind, each.action.saving) for each in poor.chosen] == [(ActionKind.TRANSFER, D(130))]
    assert poor.left_out == ()
    assert poor.following is not None
    # The order takes the transfer's place: 40 of its cash are there, and 60 are left.
    assert (poor.following.extra_cash, poor.following.extra_saving) == (cny(4_900), cny(770))
    rich = plan_of(alerts, [5_000, 40], 5_000)
    assert [(each.action.kind, each.action.saving) for each in rich.chosen] == [(ActionKind.ORDER, D(900))]
    assert (rich.left, rich.following) == (cny(0), None)


@pytest.mark.one_database
def test_n7_an_order_is_not_paid_for_beside_a_pause_that_would_cancel_it() -> None:
    alerts = [short(EAST, 200), paused(HERE), short(SOUTH, 50, sku=8)]
    # The actions: the orders of both SKUs, and the pause, which needs nothing.
    places = {action.kind: place for place, action in enumerate(actions_of(alerts, PLACES).every)}
    assert places == {ActionKind.PURCHASE_PAUSE: 1, ActionKind.ORDER: 2}
    found = plan_of(alerts, [10, 0, 10], 100)
    assert chosen(found) == [("7:1", D(300)), ("8:3", D(50))]
    assert [each.action.alert for each in found.left_out] == [alerts[0]]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [("-1", "CNY", "invalid_budget"), ("NaN", "CNY", "invalid_budget"), ("1e13", "CNY", "invalid_budget"),
     ("0.0000001", "CNY", "invalid_budget"), ("5", "USD", "budget_currency")],
)  # fmt: skip
def test_n7_a_budget_that_is_none_is_refused(amount: str, currency: str, code: str) -> None:
    with pytest.raises(DomainError) as failure:
        budget_of(D(amount), currency)
    assert failure.value.code == code


@pytest.mark.one_database
def test_n7_a_budget_is_typed_as_people_write_amounts() -> None:
    assert budget_from(" 12,500.50 ") == cny("12500.50")
    for text in ("abc", "12 yuan", "", "--5"):
        with pytest.raises(DomainError, match="is no amount of money"):
            budget_from(text)
    with pytest.raises(DomainError, match="from 0 to"):
        budget_from("-5")


@pytest.fixture
def world() -> World:
    """Two that run short: of 1,000 units that cost 40 each at the supplier, and one dearer in sale."""
    made = make_world()
    for code, price, stock in (("GONE", "65", 1), ("IN-TIME", "90", 150)):
        made.selling(code, price=price, stock=stock, rate=10.0)
    run_cycle("warnings")
    return made


def planned_on_the_day(user: User | None = None, *, budget: str | None = None) -> Plan:
    with clock.at(NOW):
        return plan(user, budget=None if budget is None else budget_from(budget))


def test_n7_orders_cost_their_quantity_at_the_suppliers_price(world: World) -> None:
    quantity = {a.sku.code: a.suggested_qty or 0 for a in Alert.objects.filter(kind="shortage").select_related("sku") if a.sku}
    # 28 days of 10 and what is kept against surprises, less what is there.
    assert quantity["GONE"] - quantity["IN-TIME"] == 149
    found = planned_on_the_day()
    assert [(each.action.alert.sku.code, each.action.kind, each.cash.supplier) for each in found.chosen if each.action.alert.sku] == [
        ("IN-TIME", ActionKind.ORDER, "sup"), ("GONE", ActionKind.ORDER, "sup"),
    ]  # fmt: skip
    assert [each.cash.amount for each in found.chosen] == [D(40 * quantity["IN-TIME"]), D(40 * quantity["GONE"])]
    assert found.saving == today().shortage.saving == cny(5250)
    # 3,500 for the one, 1,750 for the other: there is money for one.
    tight = planned_on_the_day(budget=str(40 * quantity["IN-TIME"] + 10))
    assert [each.action.alert.sku.code for each in tight.chosen if each.action.alert.sku] == ["IN-TIME"]
    assert (tight.saving, tight.left) == (cny(3500), cny(10))
    assert tight.following is not None
    assert (tight.following.extra_cash, tight.following.extra_saving) == (cny(40 * quantity["GONE"] - 10), cny(1750))
    assert [each.action.alert.sku.code for each in tight.left_out if each.action.alert.sku] == ["GONE"]


def test_n7_price_breaks_other_currencies_and_missing_prices(world: World) -> None:
    gone, in_time = Sku.objects.get(code="GONE"), Sku.objects.get(code="IN-TIME")
    offer = Offer.objects.get(sku=gone)
    PriceBreak.objects.create(offer=offer, min_qty=2, unit_price_amount=D(30))
    PriceBreak.objects.create(offer=offer, min_qty=100_000, unit_price_amount=D(1))
    dollars = Supplier.objects.create(code="abroad", name="Abroad", currency="USD")
    Offer.objects.create(supplier=dollars, sku=in_time, pool=world.pool, currency="USD", unit_price_amount=D(5), preference=9)

    def cash() -> dict[str, CashNeed]:
        return {each.action.alert.sku.code: each.cash for each in planned_on_the_day().chosen if each.action.alert.sku}

    needs = cash()
    # What is offered to the pool itself goes before what is offered to every pool; and nobody has told what a dollar is.
    assert (needs["GONE"].each, needs["IN-TIME"]) == (D(30), CashNeed(None, "NO_RATE"))
    ExchangeRate.objects.create(day=DAY - timedelta(days=1), source_currency="USD", target_currency="CNY", rate="7.2")
    told = cash()["IN-TIME"]
    quantity = Alert.objects.get(kind="shortage", sku=in_time).suggested_qty or 0
    assert told == CashNeed(D(36 * quantity), supplier="abroad", each=D(36))
    # Without any offer a unit costs what the SKU costs; without that nobody knows.
    Offer.objects.all().delete()
    assert cash()["IN-TIME"] == CashNeed(D(40 * quantity), supplier="", each=D(40))
    Sku.objects.update(unit_cost_amount=None)
    assert cash()["IN-TIME"] == CashNeed(None, "NO_COST")
    found = planned_on_the_day(budget="1000000")
    assert (found.chosen, found.saving) == ((), cny(0))
    assert {each.waits_for for each in found.undecided} == {"NO_COST"}


def _two_pools() -> tuple[World, Alert, int]:
    made = make_world()
    Account.objects.filter(pk=made.account.pk).update(marketplace="douyin", site="CN")
    Warehouse.objects.filter(pk=made.warehouse.pk).update(country="CN")
    excess, east = too_much_here_and_too_little_in_the_east(made)
    return made, excess, east.pk


def test_n7_a_transfer_costs_the_freight_that_was_last_paid_on_its_way() -> None:
    made, excess, east = _two_pools()
    [move] = [each for each in planned_on_the_day().chosen if each.action.kind is ActionKind.TRANSFER]
    assert (move.action.from_pool_id, move.action.pool_id, move.cash) == (made.pool.pk, east, CashNeed(None, "NO_FREIGHT"))
    assert [alert.kind for alert in move.also_answers] == ["overstock"]
    assert excess.sku is not None
    house = Warehouse.objects.get(code="east")
    for code, days, freight, way in (("T1", 20, "3", (made.warehouse, house)), ("T2", 5, "2", (made.warehouse, house)),
                                     ("T3", 1, "9", (house, made.warehouse))):  # fmt: skip
        one = Transfer.objects.create(code=code, from_warehouse=way[0], to_warehouse=way[1], shipped_on=DAY - timedelta(days=days))
        TransferLine.objects.create(
            transfer=one, line_no=1, sku=excess.sku, planned_qty=1, freight_amount=D(freight), freight_currency="CNY"
        )  # fmt: skip
    [move] = [each for each in planned_on_the_day().chosen if each.action.kind is ActionKind.TRANSFER]
    assert move.cash == CashNeed(D(2 * (move.action.quantity or 0)), each=D(2))
    with translation.override("en"):
        assert action_text(move, pool_codes([move])) == f"transfer {move.action.quantity:,} from cn to east"
    # The sums of the two sides count what the plan counts.
    found = today()
    assert found.shortage.saving.amount + found.excess.saving.amount == planned_on_the_day().saving.amount
    [line] = found.excess.lines
    assert [tie.alert.kind for tie in line.ties.also_answers] == ["imbalance"]


def test_n7_who_may_not_see_a_pool_reads_nothing_of_a_transfer_to_it() -> None:
    made, excess, _east = _two_pools()
    ana = User.objects.create_user("ana", password="")
    Grant.objects.create(user=ana, kind=ScopeKind.WAREHOUSE, object_id=made.warehouse.pk)
    assert excess.saving_amount
    found = planned_on_the_day(ana)
    assert (found.chosen, found.undecided, found.saving) == ((), (), cny(0))
    assert today(ana).excess.lines[0].ties.also_answers == ()
    whole = planned_on_the_day()
    assert whole.saving.amount > 0


def test_n7_a_plan_takes_as_many_queries_for_many_lines_as_for_two(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with CaptureQueriesContext(connection) as few:
        planned_on_the_day(budget="1000")
    for number in range(12):
        world.selling(f"MORE-{number}", price="90", stock=150, rate=10.0)
    run_cycle("warnings", at=NOW + timedelta(minutes=5))
    with CaptureQueriesContext(connection) as many:
        found = planned_on_the_day(budget="1000000")
    assert len(found.chosen) == 14
    assert len(many) == len(few) <= 10
    # Lines that are not considered are counted, with what they save.
    monkeypatch.setattr(planning, "CONSIDERED", 3)
    part = planned_on_the_day(budget="1000000")
    assert len(part.chosen) == 3
    assert part.elsewhere.lines == 11
    assert part.elsewhere.saving + part.saving.amount == found.saving.amount


def test_n7_the_terminal_says_what_an_amount_is_best_spent_on(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    quantity = Alert.objects.get(kind="shortage", sku__code="IN-TIME").suggested_qty or 0
    with clock.at(NOW):
        call_command("today", budget=str(40 * quantity), language="en")
    told = capsys.readouterr().out
    cost = f"{40 * quantity:,.2f}"
    assert f"With {cost} CNY: 3,500.00 CNY can be saved for {cost} CNY, 0.00 CNY are left" in told
    assert f"1  IN-TIME in cn · order {quantity} at sup · {cost} CNY · saves 3,500.00 CNY, " in told
    assert "No other choice of these actions saves more." in told
    assert "No money for it, or a better one excludes it:\n-  GONE in cn · order " in told
    with pytest.raises(CommandError, match="is no amount of money"):
        call_command("today", budget="much")


@pytest.mark.one_database
def test_n7_texts_of_what_is_not_known_and_of_what_needs_no_cash() -> None:
    found = plan_of([short(HERE, 20, sku=1), alert("burn-rate", HERE, 10, sku=2)], [None, 0], None)
    with translation.override("en"):
        assert [(cash_text(each), saving_text(each)) for each in found.chosen] == [
            ("cost unknown: unit cost is unknown", "saves 20.00 CNY"), ("needs no cash", "saves 10.00 CNY"),
        ]  # fmt: skip
        assert list(plan_lines(found, 5))[1] == "2  SKU-2 in here · Slow the sale down · needs no cash · saves 10.00 CNY"
