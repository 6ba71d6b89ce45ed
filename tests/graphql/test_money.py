"""What actions save and which cover costs least, as clients read them (N6, N7, H103)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stockhub.access.models import User
from stockhub.alerts.models import Alert
from stockhub.channels.models import Account
from stockhub.core import clock
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


def test_n6_the_cheapest_cover_and_its_cost_are_explained(root: Client, world: World) -> None:
    [edge] = asked(root, COVER)["stockOverview"]["edges"]
    [pool] = edge["node"]["pools"]
    assert pool["bestCover"]["unit"] == "day"
    # The expected shortage is a step that not every client can compute; the explanation names it.
    present, best = pool["costAtPresentCover"], pool["costAtBestCover"]
    assert float(present["value"]) > float(best["value"]) > 0
    assert "expected_shortage" in {node["op"] for node in best["explain"]["nodes"]}
    assert number(pool["bestCover"]) >= 22
