"""Listings, the catalogue, prices, fees and the seller himself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from stockhub_amazon.fake.answers import Answer, RefusedError, Request, instant, invalid
from stockhub_amazon.fake.paging import Pages
from stockhub_amazon.fake.world import MARKETPLACE, Product, World

#: Amazon takes a patch at once and does it some minutes later.
PATCH_SECONDS = 120


class Offers:
    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages
        #: Patches that came with an effect, by SKU: what a test counts.
        self.patched: list[str] = []

    def search_listings(self, request: Request) -> Answer:
        size = int(request.one("pageSize", "10"))
        if not 1 <= size <= 20:
            raise invalid("pageSize lies between 1 and 20.")
        self.apply_patches()
        rows = list(self._world.products.values())
        if wanted := request.listed("identifiers"):
            rows = [product for product in rows if _identifier(product, request.one("identifiersType")) in wanted]
            if len(wanted) > 20:
                raise invalid("At most 20 identifiers.")
        page, token = self._pages.cut(rows, asked=request.one("pageToken"), query=f"listings|{wanted}", size=size, seconds=3_600)
        answer: dict[str, Any] = {"numberOfResults": len(rows), "items": [_item(product) for product in page]}
        if token:
            answer["pagination"] = {"nextToken": token}
        return Answer.of(answer)

    def get_listing(self, request: Request) -> Answer:
        self.apply_patches()
        return Answer.of(_item(self._product(request.path["sku"])))

    def patch_listing(self, request: Request) -> Answer:
        product, body = self._product(request.path["sku"]), request.json()
        issues = [issue for patch in body["patches"] if (issue := _issue(product, patch))]
        submission = f"{self._world.number('submission'):032x}"
        status = "INVALID" if issues else "VALID" if request.one("mode") == "VALIDATION_PREVIEW" else "ACCEPTED"
        if status == "ACCEPTED":
            self.patched.append(product.sku)
            at = self._world.now() + timedelta(seconds=PATCH_SECONDS)
            self._world.pending_patches += [(at, product.sku, patch) for patch in body["patches"]]
        return Answer.of({"sku": product.sku, "status": status, "submissionId": submission, "issues": issues})

    def apply_patches(self) -> None:
        """Does the patches whose time has come."""
        due = [each for each in self._world.pending_patches if each[0] <= self._world.now()]
        self._world.pending_patches = [each for each in self._world.pending_patches if each[0] > self._world.now()]
        for _at, sku, patch in due:
            product, value = self._world.products[sku], patch["value"][0]  # type: ignore[index]
            if patch["path"] == "/attributes/fulfillment_availability":
                product.merchant_qty = int(value["quantity"])
                if patch["op"] == "replace" or "lead_time_to_ship_max_days" in value:
                    # What a replacement does not name is dropped.
                    product.handling_days = value.get("lead_time_to_ship_max_days")
            else:
                product.price = Decimal(str(value["our_price"][0]["schedule"][0]["value_with_tax"]))
            product.updated_at = self._world.now()

    def search_catalogue(self, request: Request) -> Answer:
        wanted = request.listed("identifiers")
        if len(wanted) > 20:
            raise invalid("At most 20 identifiers.")
        kind = request.one("identifiersType")
        if kind == "SKU" and not request.one("sellerId"):
            raise invalid("identifiersType SKU needs a sellerId.")
        rows = [product for product in self._world.products.values() if (product.sku if kind == "SKU" else product.asin) in wanted]
        return Answer.of({"numberOfResults": len(rows), "items": [_catalogued(product) for product in rows]})

    def competitive_summary(self, request: Request) -> Answer:
        requests = request.json()["requests"]
        if not 1 <= len(requests) <= 20:
            raise invalid("1 to 20 requests.")
        return Answer.of({"responses": [self._competition(each) for each in requests]})

    def _competition(self, each: dict[str, Any]) -> dict[str, Any]:
        asin = each["asin"]
        body: dict[str, Any] = {"asin": asin, "marketplaceId": each["marketplaceId"]}
        product = next((product for product in self._world.products.values() if product.asin == asin), None)
        if product is None:
            body["errors"] = [{"code": "INVALID_ASIN", "message": "The ASIN is not in the catalogue.", "details": ""}]
            return {"status": {"statusCode": 400, "reasonPhrase": "Bad Request"}, "body": body}
        lowest = min(product.price, product.rival_price or product.price)
        body["featuredBuyingOptions"] = [{"buyingOptionType": "New", "segmentedFeaturedOffers": [_featured(product)]}]
        body["lowestPricedOffers"] = [
            {"lowestPricedOffersInput": {"itemCondition": "New", "offerType": "Consumer"}, "offers": [_offer("A2RIVAL", lowest)]}
        ]
        return {"status": {"statusCode": 200, "reasonPhrase": "OK"}, "body": body}

    def fee_estimates(self, request: Request) -> Answer:
        rows = request.json()
        if len(rows) > 20:
            raise invalid("At most 20 items.")
        return Answer.of([self._fees(row) for row in rows])

    def _fees(self, row: dict[str, Any]) -> dict[str, Any]:
        asked = row["FeesEstimateRequest"]
        identifier = {
            "MarketplaceId": asked["MarketplaceId"], "IdType": row["IdType"], "IdValue": row["IdValue"],
            "IsAmazonFulfilled": asked.get("IsAmazonFulfilled", False), "SellerInputIdentifier": asked["Identifier"],
            "PriceToEstimateFees": asked["PriceToEstimateFees"],
        }  # fmt: skip
        if row["IdType"] == "SellerSKU" and row["IdValue"] not in self._world.products:
            error = {"Type": "Sender", "Code": "InvalidParameterValue", "Message": "There is no such SKU.", "Detail": []}
            return {"Status": "ClientError", "FeesEstimateIdentifier": identifier, "Error": error}
        listing = asked["PriceToEstimateFees"]["ListingPrice"]
        currency, price = listing["CurrencyCode"], Decimal(str(listing["Amount"]))
        referral = (price * Decimal("0.15")).quantize(Decimal("0.01"))
        fees = {"ReferralFee": referral, "VariableClosingFee": Decimal(0)}
        if asked.get("IsAmazonFulfilled"):
            fees["FBAFees"] = Decimal("3.96")
        return {
            "Status": "Success",
            "FeesEstimateIdentifier": identifier,
            "FeesEstimate": {
                "TimeOfFeesEstimation": instant(self._world.now()),
                "TotalFeesEstimate": _old_money(sum(fees.values(), Decimal(0)), currency),
                "FeeDetailList": [
                    {
                        "FeeType": name, "FeeAmount": _old_money(fee, currency), "FeePromotion": _old_money(Decimal(0), currency),
                        "FinalFee": _old_money(fee, currency),
                    }
                    for name, fee in fees.items()
                ],
            },
        }  # fmt: skip

    def participations(self, request: Request) -> Answer:  # noqa: ARG002 - takes no parameters
        marketplace = {
            "id": MARKETPLACE, "name": "Amazon.com", "countryCode": "US", "defaultCurrencyCode": "USD", "defaultLanguageCode": "en_US",
            "domainName": "www.amazon.com",
        }  # fmt: skip
        participation = {"isParticipating": True, "hasSuspendedListings": False}
        return Answer.of({"payload": [{"marketplace": marketplace, "participation": participation, "storeName": "Fake Store"}]})

    def _product(self, sku: str) -> Product:
        found = self._world.products.get(sku)
        if found is None:
            raise RefusedError(404, "NOT_FOUND", f"SKU {sku[:60]!r} is not found.")
        return found


def _identifier(product: Product, kind: str) -> str:
    if kind not in ("SKU", "ASIN", "FNSKU"):
        raise invalid("identifiers need an identifiersType that is known here: SKU, ASIN or FNSKU.")
    return {"SKU": product.sku, "ASIN": product.asin, "FNSKU": product.fnsku}[kind]


def _issue(product: Product, patch: dict[str, Any]) -> dict[str, Any] | None:
    message = ""
    if patch["path"] == "/attributes/fulfillment_availability":
        if product.fulfilled_by == "AMAZON":
            message = "The quantity of an item that Amazon fulfils cannot be changed."
        elif not 0 <= int(patch["value"][0].get("quantity", -1)) <= 10_000_000:
            message = "The quantity is out of range."
    elif patch["path"] == "/attributes/purchasable_offer":
        price = patch["value"][0].get("our_price", [{}])[0].get("schedule", [{}])[0].get("value_with_tax")
        if price is None or Decimal(str(price)) <= 0:
            message = "The price is missing or not above zero."
    else:
        message = "The attribute is not known."
    if patch["op"] == "merge" and patch["path"] != "/attributes/fulfillment_availability":
        message = "Only quantities can be merged."
    if not message:
        return None
    return {"code": "90220", "message": message, "severity": "ERROR", "categories": ["INVALID_ATTRIBUTE"]}


def _item(product: Product) -> dict[str, Any]:
    merchant = product.fulfilled_by == "MERCHANT"
    channel = {"fulfillmentChannelCode": "DEFAULT", "quantity": product.merchant_qty} if merchant else {
        "fulfillmentChannelCode": "AMAZON_NA"
    }  # fmt: skip
    return {
        "sku": product.sku,
        "summaries": [
            {
                "marketplaceId": MARKETPLACE, "asin": product.asin, "productType": "PRODUCT", "conditionType": "new_new",
                "status": ["BUYABLE", "DISCOVERABLE"], "fnSku": product.fnsku, "itemName": product.title,
                "createdDate": instant(product.created_at), "lastUpdatedDate": instant(product.updated_at),
            }
        ],
        "offers": [
            {"marketplaceId": MARKETPLACE, "offerType": "B2C", "price": {"currencyCode": "USD", "amount": str(product.price)}}
        ],
        "fulfillmentAvailability": [channel],
        "issues": [],
    }  # fmt: skip


def _catalogued(product: Product) -> dict[str, Any]:
    return {
        "asin": product.asin,
        "summaries": [{"marketplaceId": MARKETPLACE, "itemName": product.title}],
        "salesRanks": [
            {
                "marketplaceId": MARKETPLACE,
                "displayGroupRanks": [
                    {"websiteDisplayGroup": "kitchen_display_on_website", "title": "Kitchen & Dining", "rank": product.rank}
                ],
                "classificationRanks": [{"classificationId": "367147011", "title": "Mugs", "rank": max(1, product.rank // 100)}],
            }
        ],
    }


def _offer(seller: str, price: Decimal) -> dict[str, Any]:
    return {
        "sellerId": seller, "condition": "New", "fulfillmentType": "AFN",
        "listingPrice": {"currencyCode": "USD", "amount": float(price)},
        "shippingOptions": [{"shippingOptionType": "DEFAULT", "price": {"currencyCode": "USD", "amount": 0}}],
    }  # fmt: skip


def _featured(product: Product) -> dict[str, Any]:
    segments = [{"customerMembership": "DEFAULT", "segmentDetails": {}}]
    return _offer("A1FAKESELLER", product.price) | {"featuredOfferSegments": segments}


def _old_money(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"CurrencyCode": currency, "Amount": float(amount)}
