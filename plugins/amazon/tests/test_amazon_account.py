"""What an Amazon account must and must not hold."""

import pytest
from pydantic import ValidationError

from stockhub_amazon.account import AmazonAccountConfig
from stockhub_amazon.sites import BY_ID, ENDPOINTS, MARKETPLACES, Region

VALID = {
    "lwa_client_id": "amzn1.application-oa2-client.0123",
    "lwa_client_secret": "amzn1.oa2-cs.v1.not-a-real-one",
    "refresh_token": "Atzr|not-a-real-one",
    "seller_id": "A1B2C3D4E5F6G7",
    "region": "na",
    "marketplace_ids": ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"],
}


def test_an_account_uses_its_regions_endpoint_unless_told_otherwise() -> None:
    assert AmazonAccountConfig.model_validate(VALID).endpoint == "https://sellingpartnerapi-na.amazon.com"
    told = AmazonAccountConfig.model_validate(VALID | {"base_url": "http://127.0.0.1:4811/"})
    assert told.endpoint == "http://127.0.0.1:4811"


def test_a_token_address_can_be_a_test_server() -> None:
    assert str(AmazonAccountConfig.model_validate(VALID).token_url) == "https://api.amazon.com/auth/o2/token"
    told = AmazonAccountConfig.model_validate(VALID | {"token_url": "http://127.0.0.1:4812/auth/o2/token"})
    assert str(told.token_url) == "http://127.0.0.1:4812/auth/o2/token"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"marketplace_ids": ["A1PA6795UKMFR9"]}, r"Not in the region na, which has a refresh token of its own: A1PA6795UKMFR9 \(DE\)"),
        ({"marketplace_ids": ["NOPE"]}, "Unknown marketplace ids: NOPE"),
        ({"marketplace_ids": ["ATVPDKIKX0DER", "ATVPDKIKX0DER"]}, "stands there twice"),
        ({"marketplace_ids": []}, "at least 1 item"),
        ({"lwa_client_secret": ""}, "at least 1"),
        ({"base_url": "ftp://example.com"}, "URL scheme should be 'http' or 'https'"),
        ({"lwa_rotated_on": "2026-02-31"}, "day is out of range"),
        ({"lwa_rotated_on": "yesterday"}, "should match pattern"),
        ({"rivals": ["MUG"]}, "A rival is SKU=ASIN"),
        ({"fba_warehouse": "F B A"}, "should match pattern"),
        ({"smallest_report_share": 2}, "less than or equal to 1"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
    ],
)
def test_a_bad_account_is_refused_with_what_to_do(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        AmazonAccountConfig.model_validate(VALID | change)


def test_every_marketplace_has_its_own_id_and_a_region_with_an_endpoint() -> None:
    assert len(BY_ID) == len(MARKETPLACES) == 23
    assert {m.region for m in MARKETPLACES} == set(Region) == set(ENDPOINTS)


@pytest.mark.parametrize(
    ("code", "marketplace_id", "time_zone", "currency"),
    [
        ("US", "ATVPDKIKX0DER", "America/Los_Angeles", "USD"),
        ("UK", "A1F83G8C2ARO7P", "Europe/London", "GBP"),
        ("DE", "A1PA6795UKMFR9", "Europe/Berlin", "EUR"),
        ("JP", "A1VC38T7YXB528", "Asia/Tokyo", "JPY"),
    ],
)
def test_sites_have_the_day_and_currency_of_their_marketplace(code: str, marketplace_id: str, time_zone: str, currency: str) -> None:
    site = BY_ID[marketplace_id].site
    assert (site.code, site.time_zone, site.currency) == (code, time_zone, currency)
