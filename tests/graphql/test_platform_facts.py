"""What platforms tell, through the API: by account, dated, with the series as columns, and in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.channels import fact_models as facts
from stockhub.channels.models import ExperienceScore, Listing
from tests.graphql.shop import DAY, Ask, World

pytestmark = [pytest.mark.django_db]

LISTS = {
    "platformShipments": "externalId shipmentCode status expectedOn toldAt account { code }",
    "stockAges": "units brackets { firstDay lastDay units } surcharge { amount currency } storage { amount } sku { code } listing { code } "
    "supplyDays30 supplyDays90 sellThrough excessQty strandedQty lowFeeExempt lowFeeApplied health",
    "feeEstimates": "price { amount } total { amount currency } fees { name amount { amount } } skuUnits sku { code } listing { code }",
    "settledCharges": "externalId fee amount { amount currency } qty sku { code } account { code }",
    "listingSignals": "kind subject rival value observedAt listing { code account { code } }",
    "experienceScores": "score parts { name score } occurredAt account { code }",
}


def nodes(world: World, ask: Ask, name: str, user: str = "me") -> list[dict[str, object]]:
    answer = ask(getattr(world, user), f"{{ {name} {{ totalCount edges {{ node {{ {LISTS[name]} }} }} }} }}")
    return [edge["node"] for edge in answer.data[name]["edges"]]


def test_each_fact_is_told_whole(world: World, ask: Ask) -> None:
    told = {name: nodes(world, ask, name)[0] for name in LISTS}
    assert told["platformShipments"] == {
        "externalId": "F1", "shipmentCode": "mine-shop:F1", "status": "in_transit", "expectedOn": None, "toldAt": "2025-06-18T04:00:00Z",
        "account": {"code": "mine-shop"},
    }  # fmt: skip
    assert told["stockAges"] == {
        "units": 12, "brackets": [{"firstDay": 0, "lastDay": 90, "units": 5}, {"firstDay": 91, "lastDay": None, "units": 7}],
        "surcharge": {"amount": "3", "currency": "USD"}, "storage": None, "sku": {"code": "SKU-001"}, "listing": {"code": "L-SKU-001"},
        "supplyDays30": "12.5", "supplyDays90": None, "sellThrough": "0.83", "excessQty": 4, "strandedQty": 2, "lowFeeExempt": False,
        "lowFeeApplied": None, "health": "Low stock",
    }  # fmt: skip
    assert told["feeEstimates"]["fees"] == [
        {"name": "ReferralFee", "amount": {"amount": "3"}}, {"name": "FBA", "amount": {"amount": "1.5"}},
    ]  # fmt: skip
    assert told["settledCharges"]["amount"] == {"amount": "2.8", "currency": "USD"}
    assert (told["listingSignals"]["kind"], told["listingSignals"]["value"]) == ("SALES_RANK", "1234")
    assert told["experienceScores"]["parts"] == [{"name": "logistics", "score": "71.25"}]


@pytest.mark.parametrize("name", LISTS)
def test_i4_nobody_sees_another_shops_facts(world: World, ask: Ask, name: str) -> None:
    assert (len(nodes(world, ask, name)), len(nodes(world, ask, name, "root"))) == (1, 2)
    assert "theirs" not in str(nodes(world, ask, name))
    assert ask(world.powerless, f"{{ {name} {{ totalCount }} }}").codes == ["FORBIDDEN"]


def test_facts_are_found_by_the_platforms_id(world: World, ask: Ask) -> None:
    query = """{ platformShipment(account: "mine-shop", externalId: "F1") { name } other: platformShipment(account: "theirs-shop",
        externalId: "F1") { name } settledCharge(account: "mine-shop", externalId: "T1") { fee } }"""
    assert ask(world.me, query).data == {"platformShipment": {"name": ""}, "other": None, "settledCharge": {"fee": "referral"}}


def test_traffic_is_a_column_a_day_and_unknown_days_are_null(world: World, ask: Ask) -> None:
    query = """{ listingTraffic(account: "mine-shop", code: "L-SKU-001", codeKind: "sku_id", lastDays: 3) { asOf listing { code }
        views { from zone values } visitors { values } advertising { unit values } } }"""
    told = ask(world.me, query).data["listingTraffic"]
    assert told["views"] == {"from": str(DAY - dt.timedelta(days=2)), "zone": "Asia/Shanghai", "values": [None, None, "100"]}
    assert told["visitors"]["values"] == [None, None, None]
    assert told["advertising"] == {"unit": "USD", "values": [None, None, "3.5"]}
    assert (told["asOf"], told["listing"]) == ("2025-06-18T04:00:00Z", {"code": "L-SKU-001"})
    theirs = '{ listingTraffic(account: "theirs-shop", code: "L-SKU-002", codeKind: "sku_id") { asOf } }'
    assert ask(world.me, theirs).data["listingTraffic"] is None
    assert ask(world.me, query.replace("lastDays: 3", "lastDays: 2000")).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("name", LISTS)
def test_many_rows_take_as_many_queries_as_one(world: World, ask: Ask, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            nodes(world, ask, name)
        return len(captured)

    queries()
    few = queries()
    models: dict[str, Any] = {
        "stockAges": facts.StockAge, "feeEstimates": facts.FeeEstimate, "settledCharges": facts.Settlement,
        "listingSignals": facts.ListingSignal, "experienceScores": ExperienceScore,
    }  # fmt: skip
    model = models.get(name)
    if model is None:
        # A shipment stands for one of ours, of which the joined query reads both.
        return
    for number in range(5):
        row = model.objects.filter(**{"account__code" if name != "listingSignals" else "listing__account__code": "mine-shop"}).first()
        assert row is not None
        row.pk = None
        if name == "experienceScores":
            row.score = number
        else:
            row.listing = Listing.objects.create(account=row.listing.account, code=f"more-{number}")
        if name == "settledCharges":
            row.external_id = f"M{number}"
        row.save(force_insert=True)
    assert len(nodes(world, ask, name)) == 6
    assert queries() == few
