"""A small shop with everything in it, twice: one account and warehouse for each of two users, and what they share."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.contrib.auth.models import Permission
from django.test import Client

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.alerts.models import (
    Alert,
    AlertEvent,
    AlertOutcome,
    ExplanationTemplate,
    Incident,
    IncidentEvent,
    ResponseStep,
    RuleParameter,
    Side,
    StockoutEvent,
    Subscription,
)
from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.catalog.models import BundleComponent, Category, PoolWarehouse, Product, Sku, Stage, StockPool, Warehouse
from stockhub.catalog.override_models import StockOverride, ThresholdAdjustment
from stockhub.channels import fact_models as facts
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.channels.models import Account, ExperienceScore, Feed, Listing, ListingComponent, PoolAccount, Quarantined
from stockhub.channels.pushes.models import Push, PushRow, PushSettings, StockDifference, StockRule
from stockhub.channels.received_models import ReceivedRecord
from stockhub.channels.webhooks.models import WebhookMessage
from stockhub.core.models import ExternalRef
from stockhub.cycles.models import Cycle
from stockhub.demand.models import (
    ContingencyPlan,
    DayMark,
    EventLift,
    Forecast,
    ForecastAdjustment,
    ForecastBasis,
    LaunchAnalogue,
    MarketSignal,
    PlannedEvent,
    SalesSeries,
)
from stockhub.demand.track_models import ForecastTrack
from stockhub.inventory.models import (
    Allocation,
    Balance,
    Lot,
    Movement,
    MovementKey,
    StockDispute,
    StockVariance,
    Transfer,
    TransferEvent,
    TransferLine,
)
from stockhub.lifecycle.models import CategoryStage, StageChange, StageFormula, StageOverride, StageState
from stockhub.outbox.models import Delivery, Endpoint, Event
from stockhub.pluginhost.models import Plugin, Provider
from stockhub.purchasing.models import Shipment
from stockhub.suppliers.models import LeadTimeLeg, Offer, PriceBreak, Supplier
from stockhub.values import Explanation

DAY = dt.date(2025, 6, 18)
NOW = dt.datetime(2025, 6, 18, 4, tzinfo=dt.UTC)


@dataclass
class Answer:
    status: int
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        return [e["extensions"]["code"] for e in self.body["errors"]]


Ask = Callable[..., Answer]


def post(client: Client, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Answer:
    body = {"query": query, "variables": variables or {}}
    response = client.post("/graphql/", json.dumps(body), content_type="application/json", headers=headers)
    return Answer(response.status_code, json.loads(response.content))


def make_user(name: str, *, permissions: bool = True, accounts: tuple[Account, ...] = (), warehouses: tuple[Warehouse, ...] = ()) -> User:
    user = User.objects.create_user(name)
    if permissions:
        user.user_permissions.set(Permission.objects.all())
    for kind, rows in ((ScopeKind.ACCOUNT, accounts), (ScopeKind.WAREHOUSE, warehouses)):
        for row in rows:
            Grant.objects.create(user=user, kind=kind, object_id=row.pk)
    return user


def shortage_tree() -> Explanation:
    demand = Explanation.input("demand_qty", unit="unit", source="forecast")
    safety = Explanation.input("safety_qty", unit="unit", source="rule")
    position = Explanation.input("position_qty", unit="unit", source="ledger")
    return (demand + safety - position).named("shortage", "unit")


@dataclass
class Shop:
    """One seller's account with its warehouse, pool, listing, stock, sales, forecast and alert."""

    account: Account
    warehouse: Warehouse
    pool: StockPool
    listing: Listing
    alert: Alert
    movement: Movement
    balance: Balance
    transfer: Transfer


@dataclass
class World:
    sku: Sku
    supplier: Supplier
    offer: Offer
    mine: Shop
    theirs: Shop
    me: User
    other: User
    powerless: User
    root: User


def make_sku(number: int, category: Category, product: Product) -> Sku:
    sku = Sku.objects.create(
        code=f"SKU-{number:03}",
        name=f"Cap {number}",
        category=category,
        product=product,
        stage=Stage.objects.get(slug="growth"),
        unit_cost_amount=Decimal("12.345678"),
        unit_cost_currency="CNY",
        price_amount=Decimal("99.9"),
        price_currency="CNY",
    )
    ExternalRef.objects.create(entity="catalog.sku", entity_id=sku.pk, system="erp", value=f"9007199254740993{number}")
    return sku


def make_shop(code: str, sku: Sku) -> Shop:
    account = Account.objects.create(code=f"{code}-shop", name=code, marketplace="douyin")
    warehouse = Warehouse.objects.create(code=f"{code}-wh", name=code, allows_presale=True)
    pool = StockPool.objects.create(code=f"{code}-pool", name=code)
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    PoolAccount.objects.create(pool=pool, account=account)
    Feed.objects.create(account=account, kind="orders", data_until_at=NOW, last_success_at=NOW, rows=5_000_000_000)
    kept: dict[str, Any] = {"account": account, "kind": "order", "external_id": "x", "payload": {"external_id": "x"}}
    Quarantined.objects.create(**kept, code="unknown_warehouse", message="No such warehouse.", first_seen_at=NOW, last_seen_at=NOW)
    WebhookMessage.objects.create(account=account, message_id=code, kind="order", payload={"order": "x"}, received_at=NOW, status="parked")
    ReceivedRecord.objects.create(**kept, digest=code, source="webhook", received_at=NOW, status="quarantined")
    Allocation.objects.create(reference=f"line:{code}", sku=sku, warehouse=warehouse, wanted_qty=2, is_presale=True, ordered_at=NOW)
    template, _ = ExplanationTemplate.objects.get_or_create(
        digest="d" * 64,
        defaults={
            "rule": "shortage",
            "trees": {"value": shortage_tree().to_json()},
            "labels": {"demand_qty": {"en": "Demand", "zh": "需求"}},
        },
    )
    alert = Alert.objects.create(
        kind="shortage", subject=f"{sku.pk}:{pool.pk}", sku=sku, pool=pool, side=Side.SHORTAGE, level=3, value=100.0, unit="unit",
        money_amount=Decimal("4800.5"), due_on=DAY, suggested_qty=200, template=template, opened_at=NOW, evaluated_at=NOW,
        inputs={"demand_qty": 120.0, "safety_qty": 30.0, "position_qty": 50.0},
    )  # fmt: skip
    AlertEvent.objects.create(alert=alert, what="opened", level=3, actor="cycle:warnings", occurred_at=NOW)
    make_aftermath(alert)
    ResponseStep.objects.create(alert=alert, step="freeze-outbound", level=3, recorded_at=NOW)
    listing, balance, movement = stock_and_sell(sku, account, warehouse, pool)
    make_pushes(account, listing, warehouse, sku)
    tell_platform_facts(listing, warehouse, sku)
    return Shop(account, warehouse, pool, listing, alert, movement, balance, make_transfer(sku, warehouse))


def make_pushes(account: Account, listing: Listing, warehouse: Warehouse, sku: Sku) -> None:
    """A rule, a push that waits, and what did not agree, for a listing and on a shelf."""
    rule = StockRule.objects.create(account=account, listing=listing, percent=Decimal(80))
    rule.warehouses.add(warehouse)
    PushSettings.objects.create(account=account, row_qty=50, row_pct=Decimal(50), push_qty=500, push_pct=Decimal(50))
    push = Push.objects.create(
        account=account, kind="stock", key=f"key-{account.code}", created_by="ana", created_at=NOW,
        held_reasons=[{"code": "row_qty", "subject": listing.code, "value": "90", "limit": "50"}],
    )  # fmt: skip
    PushRow.objects.create(
        push=push, place=0, listing=listing, code=listing.code, before_qty=5, after_qty=95, explanation=shortage_tree().to_json()
    )
    told: dict[str, Any] = {"day": DAY, "cause": "unexplained", "our_qty": 8, "recorded_at": NOW}
    StockDifference.objects.create(
        subject=f"listing:{listing.pk}:", account=account, listing=listing, platform_qty=9, oversold_qty=1, **told
    )
    StockDifference.objects.create(subject=f"sku:{sku.pk}:{warehouse.code}", sku=sku, warehouse=warehouse, warehouse_qty=7, **told)


def tell_platform_facts(listing: Listing, warehouse: Warehouse, sku: Sku) -> None:
    """One of each kind of fact that a platform tells beside orders and stock."""
    account = listing.account
    sent = Shipment.objects.create(code=f"{account.code}:F1", warehouse=warehouse)
    facts.PlatformShipment.objects.create(account=account, external_id="F1", shipment=sent, told_at=NOW, told_key="1")
    of: dict[str, Any] = {"account": account, "listing": listing, "sku": sku}
    facts.StockAge.objects.create(
        **of, warehouse=warehouse, observed_at=NOW, brackets=[[0, 90, 5], [91, None, 7]], units=12, surcharge_amount=3, currency="USD",
        supply_days_30=12.5, sell_through=0.83, excess_qty=4, stranded_qty=2, low_fee_exempt=False, health="Low stock",
    )  # fmt: skip
    facts.FeeEstimate.objects.create(
        **of, observed_at=NOW, price_amount=20, total_amount=Decimal("4.5"), currency="USD", fees=[["ReferralFee", "3"], ["FBA", "1.5"]]
    )
    facts.Settlement.objects.create(**of, external_id="T1", fee="referral", amount=Decimal("2.8"), currency="USD", posted_at=NOW, qty=1)
    facts.DailyTraffic.objects.create(listing=listing, day=DAY, views=100, ad_cost_amount=Decimal("3.5"), currency="USD", recorded_at=NOW)
    facts.ListingSignal.objects.create(listing=listing, kind="sales_rank", subject="Kitchen", value=1234, observed_at=NOW)
    seen: dict[str, Any] = {"account": account, "sku": sku, "observed_on": DAY}
    MarketObservation.objects.create(**seen, rival="B0R", sales_rank=120, source="tool", recorded_at=NOW)
    MarketTrend.objects.create(**seen, rivals=1, updated_at=NOW)
    ExperienceScore.objects.create(account=account, score=88.5, parts=[["logistics", 71.25]], occurred_at=NOW)


def make_stage(sku: Sku) -> None:
    """What is known of a SKU's stage, once for all shops: a stage belongs to the company."""
    growth = Stage.objects.get(slug="growth")
    judged: dict[str, Any] = {
        "stage": growth, "evaluated": growth, "week_on": DAY, "rule": "sales-curve", "evidence": {"slope": 0.05, "slope_p_value": None},
        "formula": StageFormula.objects.get_or_create(
            digest="e" * 64,
            defaults={
                "rule": "sales-curve", "tree": Explanation.input("slope").to_json(), "labels": {"slope": {"en": "Trend", "zh": "趋势"}},
            },
        )[0],
    }  # fmt: skip
    StageState.objects.get_or_create(sku=sku, defaults=judged)
    if sku.category is not None:
        CategoryStage.objects.get_or_create(category=sku.category, defaults=judged)
    if not sku.stage_overrides.exists():
        StageOverride.objects.create(sku=sku, stage=growth, until_on=DAY, reason="plan", set_by="x", set_at=NOW)
        StageChange.objects.create(sku=sku, kind="first", week_on=DAY, stage_to=growth, actor="cycle:lifecycle", recorded_at=NOW)


def make_aftermath(alert: Alert) -> None:
    """The incident of an alert, what became of it, and the stock-out that it foresaw."""
    assert alert.sku is not None
    assert alert.pool is not None
    incident = Incident.objects.create(
        cause="late_supplier", key=f"supplier:{alert.pk}", level=3,
        inputs={"code": alert.pool.code, "name": "Maker"}, money_amount=Decimal("4800.5"),
        alert_count=1, open_count=1, opened_at=NOW,
    )  # fmt: skip
    IncidentEvent.objects.create(incident=incident, what="opened", actor="cycle:warnings", occurred_at=NOW)
    Alert.objects.filter(pk=alert.pk).update(incident=incident)
    AlertOutcome.objects.create(
        alert=alert, kind=alert.kind, raised_on=DAY, outcome="true_positive", horizon_days=29, onset_on=DAY, lead_days=9, is_actionable=True
    )
    StockoutEvent.objects.create(
        sku=alert.sku, pool=alert.pool, onset_on=DAY, ended_on=DAY, outcome="detected", alert=alert, lead_days=9, is_actionable=True,
        lost_units=3.0, lost_amount=Decimal(300),
    )  # fmt: skip


def make_transfer(sku: Sku, warehouse: Warehouse) -> Transfer:
    """A transfer to a warehouse that is nobody's in particular, of which units are missing."""
    hub, _ = Warehouse.objects.get_or_create(code="hub", defaults={"name": "Hub"})
    transfer = Transfer.objects.create(code=f"{warehouse.code}-tr", from_warehouse=hub, to_warehouse=warehouse, status="received")
    TransferLine.objects.create(transfer=transfer, line_no=1, sku=sku, planned_qty=300, shipped_qty=300, received_qty=294)
    TransferEvent.objects.create(transfer=transfer, status="received", occurred_at=NOW)
    StockVariance.objects.create(
        kind="transfer", reference=f"transfer:{transfer.code}", line_no=1, sku=sku, warehouse=warehouse, expected_qty=300, found_qty=294
    )
    return transfer


def stock_and_sell(sku: Sku, account: Account, warehouse: Warehouse, pool: StockPool) -> tuple[Listing, Balance, Movement]:
    listing = Listing.objects.create(account=account, kind="sku_id", code=f"L-{sku.code}", title=sku.name)
    ListingComponent.objects.create(listing=listing, sku=sku, qty=1)
    balance = Balance.objects.create(sku=sku, warehouse=warehouse, bucket_id="available", qty=50)
    Balance.objects.create(sku=sku, warehouse=warehouse, bucket_id="reserved", qty=3)
    movement = Movement.objects.create(
        sku=sku, warehouse=warehouse, to_bucket_id="available", qty=53, kind="opening", actor="import:stock",
        key=f"opening:{warehouse.code}:{sku.code}", occurred_at=NOW,
    )  # fmt: skip
    MovementKey.objects.create(key=movement.key, fingerprint="", posted_qty=53, recorded_at=movement.recorded_at)
    Lot.objects.create(sku=sku, warehouse=warehouse, code="OPEN", received_on=DAY, received_qty=53, remaining_qty=53, recorded_at=NOW)
    StockDispute.objects.create(sku=sku, warehouse=warehouse, cause="count", buckets=["available"], opened_at=NOW, opened_by="ana")
    StockOverride.objects.create(
        sku=sku, pool=pool, line="safety_stock", factor=1.0, starts_at=NOW, until_at=NOW + dt.timedelta(days=30), reason="plan", set_by="x"
    )  # fmt: skip
    RuleParameter.objects.create(
        rule="shortage", parameter="horizon_days", value=30, scope="pool", pool=pool, starts_at=NOW, set_at=NOW, reason="plan", set_by="x"
    )  # fmt: skip
    make_stage(sku)
    ThresholdAdjustment.objects.create(
        sku=sku, pool=pool, schedule="weekly", period_on=DAY, qty=30, cover_days=3.0, daily_mean=10.0, recorded_at=NOW
    )  # fmt: skip
    SalesSeries.objects.create(sku=sku, account=account, first_on=DAY, daily=np.array([1.0, 0.0, 2.5], "<f4"))
    ForecastTrack.objects.create(
        sku=sku, pool=pool, origins=np.array([DAY.toordinal()], "<i4"), promised=np.array([14, 28, 60], "<f4"), error_sum=-120.0,
        mean_error=20.0, forecast_sum=600.0, weeks=6,
    )  # fmt: skip
    forecast = Forecast.objects.create(
        sku=sku, pool=pool, first_on=DAY, horizon_days=2, model_used="ses", mean=np.array([0.1, 0.2], "<f4"),
        quantile_levels=np.array([0.5, 0.9], "<f4"), quantiles=np.array([0, 0, 1, 1], "<f4"), history_days=3,
    )  # fmt: skip
    reason = {"kind": "event", "code": "618", "label": {"en": "618", "zh": "618大促"}, "factor": 2.5, "origin": "learned", "samples": 3}
    ForecastBasis.objects.create(
        forecast=forecast, base_mean=np.array([0.1, 0.1], "<f4"), labels_from=DAY, day_labels=np.array([0, 1, 255], "|u1"),
        reasons=[reason | {"first_on": "2025-06-19", "last_on": None, "why": "", "made_by": "", "values": {"before": 40.0}}],
    )  # fmt: skip
    plan: dict[str, Any] = {"account": account, "pool": pool, "sku": sku, "starts_on": DAY, "ends_on": DAY, "reason": "x", "made_by": "ana"}
    number = "" if sku.code == "SKU-001" else f"-{sku.code}"
    PlannedEvent.objects.create(code=f"{account.code}-plan{number}", kind="promotion", event_type="618", name="618", **plan)
    ForecastAdjustment.objects.create(code=f"{account.code}-factor{number}", factor=1.2, **plan)
    MarketSignal.objects.create(code=f"{account.code}-signal{number}", kind="keyword_rank", factor=1.5, **plan)
    DayMark.objects.create(code=f"{account.code}-mark{number}", treatment="kept", **plan)
    like = Sku.objects.get(code="SET" if sku.code == "SKU-001" else "SKU-001")
    LaunchAnalogue.objects.get_or_create(sku=sku, defaults={"like_sku": like, "scale": 0.8, "reason": "x", "made_by": "ana"})
    ContingencyPlan.objects.create(
        code=f"{account.code}-typhoon{number}", event_type="typhoon", account=account, days_before=5, plan="Ship early.", tasks=["Call"]
    )
    EventLift.objects.get_or_create(event_type="x", account=account, defaults={"lift": 2.5})
    return listing, balance, movement


def make_world() -> World:
    category = Category.objects.create(code="caps", name="Caps")
    CategoryBenchmark.objects.create(category=category, turnover=8.0, as_of=DAY, source="trade", recorded_at=NOW)
    product = Product.objects.create(code="CAP", name="Cap", category=category)
    sku = make_sku(1, category, product)
    bundle = Sku.objects.create(code="SET", name="Set", is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=sku, qty=2)
    supplier = Supplier.objects.create(code="S1", name="Maker")
    offer = make_offer(supplier, sku)
    mine, theirs = make_shop("mine", sku), make_shop("theirs", sku)
    Cycle.objects.create(name="warnings", slot_at=NOW, as_of=NOW, requested_by="beat")
    plugin = Plugin.objects.create(entry_point="x:y", slug="x", status="active", secrets=b"hidden")
    Provider.objects.create(plugin=plugin, kind="forecaster", slug="ses-test", calls=5_000_000_000)
    world = World(
        sku=sku,
        supplier=supplier,
        offer=offer,
        mine=mine,
        theirs=theirs,
        me=make_user("me", accounts=(mine.account,), warehouses=(mine.warehouse,)),
        other=make_user("other", accounts=(theirs.account,), warehouses=(theirs.warehouse,)),
        powerless=make_user("powerless", permissions=False, accounts=(mine.account,), warehouses=(mine.warehouse,)),
        root=User.objects.create_superuser("root"),
    )
    for user in (world.me, world.other):
        tell(user)
    return world


def tell(user: User) -> None:
    """A person who has been told of an alert by mail."""
    endpoint = Endpoint.objects.create(user=user, name=user.username, notifier="mail")
    event = Event.objects.create(kind="alerts.cycle_news.v1", entity="cycles.cycle", entity_id=None, actor="cycle:warnings")
    Delivery.objects.create(
        event=event, channel="mail", recipient=f"{user.username}@example.com", endpoint=endpoint, subject=f"news for {user.username}",
        body="x", status="dead", error="x",
    )  # fmt: skip
    Subscription.objects.create(user=user)


def make_offer(supplier: Supplier, sku: Sku) -> Offer:
    offer = Offer.objects.create(supplier=supplier, sku=sku, unit_price_amount=Decimal(8), currency="CNY", moq=100)
    PriceBreak.objects.create(offer=offer, min_qty=500, unit_price_amount=Decimal("7.5"))
    LeadTimeLeg.objects.create(offer=offer, position=1, name="production", days=20)
    return offer
