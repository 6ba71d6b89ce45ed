"""What actions save and which cover costs least, as clients read them (N6, N7, H103)."""

from __future__ import annotations

from base64 import b64decode
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Warehouse
from stockhub.channels.models import Account
from stockhub.core import clock
from tests.alerts.remedy_rows import too_much_here_and_too_little_in_the_east
from tests.graphql.shop import post
from tests.system.real_day import evaluate
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db
METRIC = "{ value unit reason explain { nodes { id op value args } } }"
TODAY = """query($account: String, $owner: String, $mine: Boolean! = false, $pool: String) {
  today(account: $account, owner: $owner, mine: $mine, pool: $pool) {
    feeds { kind age { value } }
    shortage { totalCount levels { level count } saving { amount currency } lines { alert { sku { code } saving METRIC }
      saving METRIC money METRIC } }
  }
}""".replace("METRIC", METRIC)
ALERTS = "{ alerts(orderBy: SAVING) { edges { node { sku { code } saving { value } } } } }"
COVER = """{ stockOverview(skus: ["IN-TIME"]) { edges { node { pools {
  bestCover METRIC costAtBestCover METRIC costAtPresentCover METRIC } } } } }""".replace("METRIC", METRIC)


@pytest.fixture
def world() -> World:
    """One SKU that is out whatever anybody does, and one that an order of today is in time for."""
    made = make_world()
    for code, price, stock in (("GONE", "65", 1), ("IN-TIME", "90", 150)):
        made.selling(code, price=price, stock=stock, rate=10.0)
    run_cycle("warnings")
    return made


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root", "root@example.com", "x"))
    return client


def asked(client: Client, query: str, **variables: Any) -> dict[str, Any]:  # noqa: ANN401 - variables of a query
    with clock.at(NOW):
        answer = post(client, query, variables)
    data: dict[str, Any] = answer.data
    return data


def number(metric: dict[str, Any]) -> float:
    """The metric's value, which its explanation gives."""
    found = evaluate(metric["explain"]["nodes"])
    assert found == pytest.approx(float(metric["value"]))
    return float(metric["value"])


def test_n7_today_is_ranked_by_what_an_action_saves(root: Client, world: World) -> None:
    side = asked(root, TODAY)["today"]["shortage"]
    assert [line["alert"]["sku"]["code"] for line in side["lines"]] == ["IN-TIME", "GONE"]
    assert [number(line["saving"]) for line in side["lines"]] == [3500.0, 1750.0]
    assert [number(line["money"]) for line in side["lines"]] == [3500.0, 219 * 25.0]
    assert (float(side["saving"]["amount"]), side["saving"]["currency"]) == (5250.0, "CNY")
    assert sum(level["count"] for level in side["levels"]) == side["totalCount"] == 4
    rows = [edge["node"] for edge in asked(root, ALERTS)["alerts"]["edges"] if edge["node"]["sku"]]
    assert [row["sku"]["code"] for row in rows][:2] == ["IN-TIME", "GONE"]


def test_today_is_narrowed_to_a_pool_an_account_an_owner_or_oneself(root: Client, world: World) -> None:
    Account.objects.create(code="other", name="o", marketplace="file")
    # What nobody answers for is with the only person there is.
    Alert.objects.exclude(sku__code="GONE").update(owner=User.objects.create_user("ana"))
    Alert.objects.filter(sku__code="GONE").update(owner=User.objects.get(username="root"))

    def codes(**variables: Any) -> list[str]:  # noqa: ANN401 - variables of a query
        return [line["alert"]["sku"]["code"] for line in asked(root, TODAY, **variables)["today"]["shortage"]["lines"]]

    assert codes(account="dy") == codes(pool="cn") == ["IN-TIME", "GONE"]
    assert codes(account="other") == codes(pool="no such pool") == codes(owner="nobody") == []
    assert codes(owner="root") == codes(mine=True) == ["GONE"]
    assert asked(root, TODAY, account="other")["today"]["feeds"] == []
    assert [feed["kind"] for feed in asked(root, TODAY)["today"]["feeds"]] == ["orders"]


def _saved_elsewhere(world: World) -> tuple[User, Alert]:
    """Somebody who sees the first pool only, and an excess there of which a transfer to the other pool saves most."""
    Account.objects.filter(pk=world.account.pk).update(marketplace="douyin", site="CN")
    Warehouse.objects.filter(pk=world.warehouse.pk).update(country="CN")
    alert, _east = too_much_here_and_too_little_in_the_east(world)
    ana = User.objects.create_user("ana", password="")
    ana.user_permissions.add(*Permission.objects.filter(codename__in=("view_alert", "view_sku", "view_stockpool")))
    Grant.objects.create(user=ana, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    return ana, alert


SEEN = """query($first: Int! = 50, $after: String) { alerts(orderBy: SAVING, first: $first, after: $after) {
  edges { cursor node { sku { code } saving { value } } } pageInfo { endCursor hasNextPage } } }"""


@pytest.mark.both_databases
def test_i4_n7_alerts_are_ordered_by_what_the_reader_sees_and_cursors_tell_no_more(client: Client) -> None:
    world = make_world()
    ana, alert = _saved_elsewhere(world)
    less = Alert.objects.get(pk=alert.pk)
    less.pk, less.kind, less.subject, less.inputs, less.saving_amount = None, "no-sale", "rule:x", {}, Decimal(300)
    less.save(force_insert=True)
    assert alert.saving_amount is not None
    assert alert.saving_amount > 300
    client.force_login(ana)
    edges = asked(client, SEEN)["alerts"]["edges"]
    known = [float(edge["node"]["saving"]["value"]) for edge in edges if edge["node"]["saving"]["value"] is not None]
    # The transfer saves more than 300, and who does not see where to reads 0 and below it.
    assert known == sorted(known, reverse=True)
    assert known[:2] == [300.0, 0.0]
    told = "".join(b64decode(edge["cursor"]).decode() for edge in edges)
    assert str(alert.saving_amount) not in told
    # Page by page it is the same list.
    after, codes = None, []
    while True:
        part = asked(client, SEEN, first=1, after=after)["alerts"]
        codes += [edge["cursor"] for edge in part["edges"]]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    assert codes == [edge["cursor"] for edge in edges]
    client.force_login(User.objects.create_superuser("root", "root@example.com", "x"))
    # What the transfer saves in both pools: the excess may say so to who sees both.
    whole = [float(edge["node"]["saving"]["value"] or 0) for edge in asked(client, SEEN)["alerts"]["edges"]]
    assert any(each == pytest.approx(float(alert.saving_amount)) for each in whole)
    assert whole == sorted(whole, reverse=True)


PLAN = """query($budget: MoneyInput) { today(budget: $budget) {
  shortage { lines { alsoAnswers { label } decideFirst { actionKind label alert { kind { slug } } } } }
  excess { saving { amount } lines { alsoAnswers { label actionKind alert { kind { slug } pool { code } } } } }
  plan { budget { amount currency } totalCount saving { amount } cash { amount } cashLeft { amount } savingBound { amount }
    optimalityGap notConsideredCount savingNotConsidered { amount }
    actions { kind label quantity supplier savingPerCash waitsFor saving { amount } cash { value unit reason }
      alert { kind { slug } sku { code } } pool { code } fromPool { code } alsoAnswers { kind { slug } } }
    leftOut: actions(which: LEFT_OUT) { kind alert { sku { code } } } undecided: actions(which: UNDECIDED) { waitsFor }
    waiting: totalCount(which: UNDECIDED)
    nextAction { extraCash { amount } extraSaving { amount } savingPerCash action { kind alert { sku { code } } } } } } }"""


def test_n7_within_a_budget_the_plan_says_what_to_do_and_what_more_would_bring(root: Client, world: World) -> None:
    quantity = {a.sku.code: a.suggested_qty or 0 for a in Alert.objects.filter(kind="shortage").select_related("sku") if a.sku}
    enough = {"amount": str(40 * quantity["IN-TIME"] + 10), "currency": "CNY"}
    plan = asked(root, PLAN, budget=enough)["today"]["plan"]
    [action] = plan["actions"]
    assert (action["kind"], action["quantity"], action["supplier"], action["waitsFor"]) == ("ORDER", quantity["IN-TIME"], "sup", None)
    assert action["cash"] == {"value": str(40 * quantity["IN-TIME"]), "unit": "CNY", "reason": None}
    assert (action["alert"]["kind"]["slug"], action["pool"], action["fromPool"]) == ("shortage", {"code": "cn"}, None)
    assert Decimal(action["savingPerCash"]) == round(Decimal(3500) / (40 * quantity["IN-TIME"]), 6)
    assert (plan["budget"], plan["totalCount"], plan["cashLeft"]) == (enough, 1, {"amount": "10"})
    assert (plan["saving"], plan["savingBound"], plan["optimalityGap"]) == ({"amount": "3500"}, {"amount": "3500"}, "0")
    assert plan["leftOut"] == [{"kind": "ORDER", "alert": {"sku": {"code": "GONE"}}}]
    extra = 40 * quantity["GONE"] - 10
    assert (plan["nextAction"]["extraCash"], plan["nextAction"]["extraSaving"]) == ({"amount": str(extra)}, {"amount": "1750"})
    assert Decimal(plan["nextAction"]["savingPerCash"]) == round(Decimal(1750) / extra, 6)
    whole = asked(root, PLAN)["today"]["plan"]
    assert (whole["budget"], whole["totalCount"], whole["saving"], whole["nextAction"]) == (None, 2, {"amount": "5250"}, None)


@pytest.mark.parametrize(
    ("amount", "currency", "code", "message"),
    [("-5", "CNY", "BAD_USER_INPUT", "from 0 to"), ("5", "USD", "BAD_USER_INPUT", "is in CNY"),
     ("1e3", "CNY", "GRAPHQL_VALIDATION_FAILED", "A Decimal is a string")],
)  # fmt: skip
def test_n7_a_budget_that_is_none_is_refused_with_what_is_wrong(
    root: Client, world: World, amount: str, currency: str, code: str, message: str
) -> None:
    answer = post(root, PLAN, {"budget": {"amount": amount, "currency": currency}})
    assert answer.codes == [code]
    assert message in answer.body["errors"][0]["message"]


@pytest.mark.both_databases
def test_n7_a_transfer_is_told_once_and_only_to_who_sees_both_pools(client: Client) -> None:
    ana, _alert = _saved_elsewhere(make_world())
    client.force_login(User.objects.create_superuser("root", "root@example.com", "x"))
    seen = asked(client, PLAN)["today"]
    [line] = seen["excess"]["lines"]
    [tie] = line["alsoAnswers"]
    assert (tie["actionKind"], tie["alert"]) == ("TRANSFER", {"kind": {"slug": "imbalance"}, "pool": {"code": "east"}})
    [move] = [each for each in seen["plan"]["actions"] if each["kind"] == "TRANSFER"]
    assert (move["fromPool"], move["pool"], move["waitsFor"]) == ({"code": "cn"}, {"code": "east"}, "NO_FREIGHT")
    assert [each["kind"]["slug"] for each in move["alsoAnswers"]] == ["overstock"]
    budget = {"amount": "1000000", "currency": "CNY"}
    within = asked(client, PLAN, budget=budget)["today"]["plan"]
    assert not [each for each in within["actions"] if each["kind"] == "TRANSFER"]
    assert "NO_FREIGHT" in [each["waitsFor"] for each in within["undecided"]]
    assert within["waiting"] == len(within["undecided"])
    client.force_login(ana)
    hers = asked(client, PLAN)["today"]
    assert (hers["excess"]["saving"]["amount"], hers["excess"]["lines"][0]["alsoAnswers"], hers["plan"]["actions"]) == ("0", [], [])


def test_n6_the_cheapest_cover_and_its_cost_are_explained(root: Client, world: World) -> None:
    [edge] = asked(root, COVER)["stockOverview"]["edges"]
    [pool] = edge["node"]["pools"]
    assert pool["bestCover"]["unit"] == "day"
    # The expected shortage is a step that not every client can compute; the explanation names it.
    present, best = pool["costAtPresentCover"], pool["costAtBestCover"]
    assert float(present["value"]) > float(best["value"]) > 0
    assert "expected_shortage" in {node["op"] for node in best["explain"]["nodes"]}
    assert number(pool["bestCover"]) >= 22
