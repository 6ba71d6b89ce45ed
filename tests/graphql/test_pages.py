"""The pages of an ERP: what is asked for is what is there, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from tests.graphql.shop import Ask, World




def test_a_sku_page_shows_everything_about_a_sku(world: World, ask: Ask) -> None:
    query = """{ skuByCode(code: "SKU-001") {
        id code name stage { slug label severity } unitCost { amount currency } price { amount } product { code } category { code }
        externalRefs { system id }
        balances { qty bucket { slug label isSellable } warehouse { code } }
        offers { supplier { code } unitPrice { amount currency } moq priceBreaks { minQty unitPriceAmount } legs { name days } }
        listingComponents { qty listing { code account { code } } }
        sales { account { code } daily { from step zone unit values } }
        forecasts { modelUsed mean { from values } quantiles { level series { values } } }
        lots { code receivedOn remainingQty }
    } }"""
    sku = ask(world.me, query).data["skuByCode"]
    assert sku["stage"] == {"slug": "growth", "label": "Growth", "severity": 0}
    assert sku["unitCost"] == {"amount": "12.345678", "currency": "CNY"}
