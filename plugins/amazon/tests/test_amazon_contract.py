"""The connector keeps the contract that every marketplace connector keeps."""

import stockhub_amazon.plugin
from stockhub.pluginapi.connectors import FEED_CAPABILITIES
from stockhub.pluginapi.testing import MarketplaceContract
from stockhub_amazon.connector import AmazonConnector


class TestAmazonConnector(MarketplaceContract):
    plugin = stockhub_amazon.plugin
    connector = AmazonConnector()
    valid_account = {
        "lwa_client_id": "amzn1.application-oa2-client.0123",
        "lwa_client_secret": "amzn1.oa2-cs.v1.not-a-real-one",
        "refresh_token": "Atzr|not-a-real-one",
        "seller_id": "A1B2C3D4E5F6G7",
        "region": "eu",
        "marketplace_ids": ["A1PA6795UKMFR9"],
        "base_url": "http://127.0.0.1:4811",
    }


def test_it_declares_what_it_does_and_a_plan_for_every_feed() -> None:
    assert AmazonConnector.capabilities() == (
        "Authorize", "DraftInboundPlans", "Inbound", "PushPrices", "PushStock", "ReadAges", "ReadFees", "ReadListings", "ReadMarketSignals",
        "ReadOrders", "ReadReturns", "ReadSettlements", "ReadStock", "ReadTraffic", "ReadWarehouses", "ReceiveWebhook", "RequestRemovals",
    )  # fmt: skip
    brought = {kind for kind, (capability, _method) in FEED_CAPABILITIES.items() if issubclass(AmazonConnector, capability)}
    assert set(AmazonConnector.feed_plans) == brought
