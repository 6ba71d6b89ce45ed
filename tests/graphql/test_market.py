"""What rivals do, as clients read it: each sight with its age, trends with their evidence, for the user's accounts only (H41, H103)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.alerts.parameter_models import RuleParameter
from stockhub.catalog.models import Sku
from stockhub.channels.fact_models import ListingSignal
from stockhub.channels.market import MarketRecord, record_market
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.channels.models import Account, Listing, ListingComponent, PoolAccount
from stockhub.core import clock
from tests.graphql.shop import DAY, NOW, Ask, World
from tests.graphql.test_pages import evaluated

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OBSERVATIONS = """query ($skus: [String!], $account: String, $listing: String, $rival: String, $source: String, $observedFrom: Date,
    $observedTo: Date, $onlyLatest: Boolean! = false, $first: Int! = 50, $after: String) { marketObservations(skus: $skus,
    account: $account, listing: $listing, rival: $rival, source: $source, observedFrom: $observedFrom, observedTo: $observedTo,
    onlyLatest: $onlyLatest, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { rival observedOn
    salesRank monthlySales reviews source recordedAt ageDays isOutOfDate sku { code } account { code } } } } }"""
METRIC = "{ value unit reason asOf explain { value text nodes { op args value name label } } }"
TREND = f"""{{ observedOn ageDays isOutOfDate rivals updatedAt sku {{ code }} account {{ code }} rankChange {METRIC}
    salesChange {METRIC} reviewChange {METRIC} prices {{ change {METRIC} }} evidence {{ rival observations firstObservedOn lastObservedOn
    sources salesRank {{ before after }} monthlySales {{ before after }} reviewsPerDay {{ before after }} offer {{ before {{ amount
    currency }} beforeSeenAt after {{ amount currency }} afterSeenAt }} }} }}"""
ONE = f"query ($account: String!, $sku: String!) {{ marketTrend(account: $account, sku: $sku) {TREND} }}"
TRENDS = f"""query ($skus: [String!], $account: String, $listing: String, $observedFrom: Date, $observedTo: Date) {{ marketTrends(
    skus: $skus, account: $account, listing: $listing, observedFrom: $observedFrom, observedTo: $observedTo) {{ totalCount
    edges {{ node {TREND} }} }} }}"""


@pytest.fixture
def world(world: World) -> World:
    MarketTrend.objects.all().delete()
    MarketObservation.objects.all().delete()
    return world


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def tell(rival: str, days: int, *, account: str = "mine-shop", sku: str = "SKU-001", source: str = "tool", **figures: Any) -> None:  # noqa: ANN401 - figures of several types
    with clock.at(NOW):
        [told] = record_market([MarketRecord(account=account, sku=sku, rival=rival, observed_on=ago(days), source=source, **figures)])
    assert told.error is None


def price(listing: Listing, rival: str, days: int, amount: str, currency: str = "CNY", *, kind: str = "lowest_price") -> None:
    ListingSignal.objects.create(
        listing=listing, kind=kind, rival=rival, value=Decimal(amount), currency=currency, observed_at=NOW - dt.timedelta(days)
    )


def observations(world: World, ask: Ask, user: str = "me", **given: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - variables
    data = ask(getattr(world, user), OBSERVATIONS, given).data["marketObservations"]
    nodes = [edge["node"] for edge in data["edges"]]
    assert data["totalCount"] == len(nodes)
    return nodes


def trend(world: World, ask: Ask, user: str = "me") -> dict[str, Any]:
    found: dict[str, Any] = ask(getattr(world, user), ONE, {"account": "mine-shop", "sku": "SKU-001"}).data["marketTrend"]
    return found


def set_age(days: int, scope: str = "global", **target: Any) -> None:  # noqa: ANN401 - a target of any scope
    RuleParameter.objects.create(
        rule="market-fall", parameter="max_age", value=days, scope=scope, starts_at=NOW, set_at=NOW, reason="x", set_by="x", **target
    )


def test_h103_a_rival_is_told_with_its_source_and_its_age(world: World, ask: Ask) -> None:
    tell("B0X", 21, sales_rank=120, monthly_sales=37.5)
    tell("B0X", 22, reviews=300, source="")
    assert observations(world, ask) == [
        {
            "rival": "B0X", "observedOn": str(ago(22)), "salesRank": None, "monthlySales": None, "reviews": 300, "source": "",
            "recordedAt": "2025-06-18T04:00:00Z", "ageDays": 22, "isOutOfDate": True, "sku": {"code": "SKU-001"},
            "account": {"code": "mine-shop"},
        },
        {
            "rival": "B0X", "observedOn": str(ago(21)), "salesRank": 120, "monthlySales": "37.5", "reviews": None, "source": "tool",
            "recordedAt": "2025-06-18T04:00:00Z", "ageDays": 21, "isOutOfDate": False, "sku": {"code": "SKU-001"},
            "account": {"code": "mine-shop"},
        },
    ]  # fmt: skip


def test_h103_what_is_out_of_date_is_what_the_rule_does_not_use(world: World, ask: Ask) -> None:
    """By what somebody set for the SKU where it is sold; where pools differ, by the longest, because one of them still uses it."""
    tell("B0X", 22, sales_rank=120)

    def said() -> tuple[bool, bool]:
        [seen] = observations(world, ask)
        return seen["isOutOfDate"], trend(world, ask)["isOutOfDate"]

    assert said() == (True, True)
    set_age(22)
    assert said() == (False, False)
    set_age(10, "account", account=world.mine.account)
    assert said() == (True, True)
    set_age(30, "account", account=world.theirs.account)
    assert said() == (True, True)
    PoolAccount.objects.create(pool=world.theirs.pool, account=world.mine.account)
    assert said() == (False, False)
    set_age(21, "sku", sku=world.sku)
    assert said() == (True, True)


def test_h41_a_trend_is_told_with_its_evidence(world: World, ask: Ask) -> None:
    """The rival in the middle speaks; its numbers are in the formula, and the formula gives the stored value."""
    for rival, rank in (("A", 90), ("B", 125), ("C", 900)):
        tell(rival, 40, sales_rank=100, monthly_sales=40.0)
        tell(rival, 5, sales_rank=rank, monthly_sales=30.0, source="spy")
    tell("D", 0, sales_rank=7)
    price(world.mine.listing, "B", 45, "19.9")
    price(world.mine.listing, "B", 32, "20")
    price(world.mine.listing, "B", 2, "15")
    price(world.mine.listing, "B", 1, "12", kind="featured_price")
    price(world.mine.listing, "A", 1, "9", currency="USD")
    price(world.mine.listing, "A", 40, "60")
    told = trend(world, ask)
    assert {name: told[name] for name in ("observedOn", "ageDays", "isOutOfDate", "rivals", "sku", "account")} == {
        "observedOn": str(DAY), "ageDays": 0, "isOutOfDate": False, "rivals": 4, "sku": {"code": "SKU-001"},
        "account": {"code": "mine-shop"},
    }  # fmt: skip
    numbers = {name: (told[name]["value"], told[name]["unit"], told[name]["reason"]) for name in ("rankChange", "salesChange")}
    assert numbers == {"rankChange": ("0.25", "share", None), "salesChange": ("-0.25", "share", None)}
    assert (told["reviewChange"]["value"], told["reviewChange"]["reason"], told["reviewChange"]["explain"]) == (
        None,
        "NO_MARKET_DATA",
        None,
    )
    assert (told["prices"]["change"]["value"], told["prices"]["change"]["asOf"]) == ("-0.25", "2025-06-18T05:00:00Z")
    for number in (told["rankChange"], told["salesChange"], told["prices"]["change"]):
        assert evaluated(number["explain"]["nodes"]) == float(number["value"]) == float(number["explain"]["value"])
    inputs = [(node["label"], node["value"]) for node in told["rankChange"]["explain"]["nodes"] if node["op"] == "input"]
    assert inputs == [("Rank after (B)", "125"), ("Rank before (B)", "100")]
    assert [each["rival"] for each in told["evidence"]] == ["D", "A", "B", "C"]
    assert told["evidence"][2] == {
        "rival": "B", "observations": 2, "firstObservedOn": str(ago(40)), "lastObservedOn": str(ago(5)), "sources": ["spy", "tool"],
        "salesRank": {"before": "100", "after": "125"}, "monthlySales": {"before": "40", "after": "30"},
        "reviewsPerDay": {"before": None, "after": None},
        "offer": {
            "before": {"amount": "20", "currency": "CNY"}, "beforeSeenAt": "2025-05-17T04:00:00Z",
            "after": {"amount": "15", "currency": "CNY"}, "afterSeenAt": "2025-06-16T04:00:00Z",
        },
    }  # fmt: skip


def test_h41_of_two_rivals_the_mean_of_both_is_told_and_explained(world: World, ask: Ask) -> None:
    for rival, rank in (("A", 150), ("B", 130)):
        tell(rival, 30, sales_rank=100)
        tell(rival, 0, sales_rank=rank)
    number = trend(world, ask)["rankChange"]
    assert number["value"] == "0.4"
    assert evaluated(number["explain"]["nodes"]) == 0.4
    chinese = ask(world.me, ONE, {"account": "mine-shop", "sku": "SKU-001"}, accept_language="zh-CN").data["marketTrend"]["rankChange"]
    labels = [node["label"] for node in chinese["explain"]["nodes"] if node["op"] == "input"]
    assert labels == ["此后排名（B）", "此前排名（B）", "此后排名（A）", "此前排名（A）"]


def test_prices_are_those_beside_one_listing_that_delivers_the_sku_alone(world: World, ask: Ask) -> None:
    """A pack costs something else, and what stands beside a set of several SKUs says nothing of one of them."""
    tell("B", 0, sales_rank=1)
    price(world.mine.listing, "B", 40, "20")
    price(world.mine.listing, "B", 3, "15")
    pack = Listing.objects.create(account=world.mine.account, kind="sku_id", code="PACK")
    ListingComponent.objects.create(listing=pack, sku=world.sku, qty=3)
    price(pack, "B", 40, "60")
    assert trend(world, ask)["prices"]["change"]["value"] == "-0.25"
    other = Sku.objects.create(code="OTHER", name="Other")
    ListingComponent.objects.create(listing=world.mine.listing, sku=other, qty=1)
    [rival] = trend(world, ask)["evidence"]
    assert rival["offer"] == {
        "before": {"amount": "60", "currency": "CNY"}, "beforeSeenAt": "2025-05-09T04:00:00Z", "after": None, "afterSeenAt": None,
    }  # fmt: skip
    assert trend(world, ask)["prices"]["change"]["value"] is None


def test_h103_observations_are_filtered_and_paged(world: World, ask: Ask) -> None:
    other = Sku.objects.create(code="OTHER", name="Other")
    for days in (9, 5, 1):
        tell("B0X", days, sales_rank=days)
    tell("B0X", 5, sales_rank=55, source="spy")
    tell("B0Y", 3, sales_rank=3)
    tell("B0X", 2, sales_rank=2, sku="OTHER")

    def seen(**given: Any) -> list[int]:  # noqa: ANN401 - variables
        return [node["salesRank"] for node in observations(world, ask, **given)]

    assert seen() == [2, 3, 55, 1, 5, 9]
    assert seen(skus=["OTHER"]) == [2]
    assert seen(account="mine-shop", rival="B0X", skus=["SKU-001"]) == [55, 1, 5, 9]
    assert seen(source="spy") == [55]
    assert seen(observedFrom=str(ago(5)), observedTo=str(ago(2))) == [2, 3, 55, 5]
    assert seen(onlyLatest=True) == [2, 3, 55, 1]
    assert seen(listing="L-SKU-001") == [3, 55, 1, 5, 9]
    ListingComponent.objects.filter(listing=world.mine.listing).update(valid_to=ago(1))
    assert seen(listing="L-SKU-001") == []
    first = ask(world.me, OBSERVATIONS, {"first": 4}).data["marketObservations"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], len(first["edges"])) == (6, True, 4)
    rest = ask(world.me, OBSERVATIONS, {"first": 4, "after": first["pageInfo"]["endCursor"]}).data["marketObservations"]
    assert [edge["node"]["salesRank"] for edge in rest["edges"]] == [5, 9]
    assert ask(world.me, OBSERVATIONS, {"first": 101}).codes == ["BAD_USER_INPUT"]
    assert ask(world.me, OBSERVATIONS, {"skus": ["x"] * 1001}).codes == ["BAD_USER_INPUT"]
    assert other.market_observations.count() == 1


def test_h103_trends_that_nobody_renews_are_found_by_their_last_day(world: World, ask: Ask) -> None:
    Sku.objects.create(code="OTHER", name="Other")
    tell("B0X", 3, sales_rank=1)
    tell("B0X", 30, sales_rank=1, sku="OTHER")

    def seen(**given: Any) -> list[tuple[str, int, bool]]:  # noqa: ANN401 - variables
        nodes = [edge["node"] for edge in ask(world.me, TRENDS, given).data["marketTrends"]["edges"]]
        return [(node["sku"]["code"], node["ageDays"], node["isOutOfDate"]) for node in nodes]

    assert seen() == [("SKU-001", 3, False), ("OTHER", 30, True)]
    assert seen(observedTo=str(ago(22))) == [("OTHER", 30, True)]
    assert seen(observedFrom=str(ago(22)), account="mine-shop") == [("SKU-001", 3, False)]
    assert seen(listing="L-SKU-001") == seen(skus=["SKU-001"]) == [("SKU-001", 3, False)]


def test_i4_rivals_of_another_shop_are_not_told(world: World, ask: Ask) -> None:
    tell("B0X", 0, sales_rank=1)
    assert [node["rival"] for node in observations(world, ask)] == ["B0X"]
    assert trend(world, ask)["rivals"] == 1
    assert observations(world, ask, "other") == []
    assert observations(world, ask, "other", account="mine-shop") == []
    assert trend(world, ask, "other") is None
    assert ask(world.other, TRENDS, {}).data["marketTrends"] == {"totalCount": 0, "edges": []}
    for document, variables in ((OBSERVATIONS, {}), (TRENDS, {}), (ONE, {"account": "mine-shop", "sku": "SKU-001"})):
        assert ask(world.powerless, document, variables).codes == ["FORBIDDEN"]


@pytest.mark.parametrize(("document", "field"), [(OBSERVATIONS, "marketObservations"), (TRENDS, "marketTrends")])
def test_n4_many_rows_take_as_many_queries_as_one(world: World, ask: Ask, document: str, field: str) -> None:
    """Also where an age is set for an account, and every trend is asked for its evidence and its formulas."""
    set_age(10, "account", account=world.mine.account)

    def queries(rows: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(ask(world.me, document, {}).data[field]["edges"]) == rows
        return len(captured)

    def add(number: int) -> None:
        sku = Sku.objects.create(code=f"MORE-{number}", name="More")
        listing = Listing.objects.create(account=Account.objects.get(code="mine-shop"), kind="sku_id", code=f"M-{number}")
        ListingComponent.objects.create(listing=listing, sku=sku, qty=1)
        tell("B0X", 30, sales_rank=5, sku=sku.code)
        tell("B0X", 0, sales_rank=6, sku=sku.code)
        price(listing, "B0X", 0, "5")

    add(0)
    rows = 2 if field == "marketObservations" else 1
    queries(rows)
    few = queries(rows)
    for number in range(1, 9):
        add(number)
    assert queries(9 * rows) == few
