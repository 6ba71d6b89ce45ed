"""A made-up shop of any size, with something in every table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from stockhub.access.models import ApiToken, Grant, ScopeKind, User
from stockhub.alerts import models as alerts
from stockhub.alerts.rules import BUILT_IN
from stockhub.catalog import models as catalog
from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.catalog.override_models import StockOverride, ThresholdAdjustment
from stockhub.channels import market_models, received_models
from stockhub.channels import models as channels
from stockhub.channels.connecting import models as connecting_models
from stockhub.channels.fee_models import FeeOverride
from stockhub.channels.webhooks import models as webhook_models
from stockhub.core.models import ExternalRef
from stockhub.cycles import models as cycles
from stockhub.demand import champion_models, track_models, turnover_models
from stockhub.demand import models as demand
from stockhub.editing import models as editing
from stockhub.exchange import models as exchange
from stockhub.inventory import models as inventory
from stockhub.lifecycle import models as lifecycle
from stockhub.outbox import models as outbox
from stockhub.pluginhost import models as pluginhost
from stockhub.purchasing import models as purchasing
from stockhub.suppliers import models as suppliers
from stockhub.values import Explanation
from tests.cockpit.made_up_platform import put_platform_facts, put_pushes

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
#: A name that would run, were it not escaped.
HOSTILE = '<img src=x onerror="document.title=1">'


class Shop:
    """Rows number `n` of every table. The same number twice is an error, as codes are unique."""

    def __init__(self, name: str = "Kettle") -> None:
        self.name = name

    def add(self, n: int) -> None:
        self._catalog(n)
        self._lifecycle(n)
        self._suppliers(n)
        self._stock(n)
        self._channels(n)
        self._demand(n)
        self._system(n)
        self._alerts(n)
        self._people(n)

    def _catalog(self, n: int) -> None:
        self.category = catalog.Category.objects.create(code=f"cat{n}", name=self.name)
        catalog.CategoryMapping.objects.create(category=self.category, marketplace="file", value=self.name)
        self.season = catalog.Season.objects.create(code=f"s{n}", name=self.name, starts_month=6, starts_day=1, ends_month=8, ends_day=31)
        product = catalog.Product.objects.create(code=f"p{n}", name=self.name, category=self.category, brand=self.name)
        stage = catalog.Stage.objects.order_by("position")[n % 6]
        self.sku = catalog.Sku.objects.create(
            code=f"SKU-{n}", name=self.name, product=product, category=self.category, brand=self.name, stage=stage, season=self.season,
            unit_cost_amount=Decimal("12.5"), unit_cost_currency="CNY", price_amount=Decimal("1234.5"), price_currency="CNY",
        )  # fmt: skip
        part = catalog.Sku.objects.create(code=f"PART-{n}", name=self.name)
        catalog.BundleComponent.objects.create(bundle=self.sku, component=part, qty=2)
        catalog.SkuRelation.objects.create(sku=self.sku, other=part, kind="supersedes", valid_from=DAY)
        self.warehouse = catalog.Warehouse.objects.create(code=f"wh{n}", name=self.name)
        self.pool = catalog.StockPool.objects.create(code=f"pool{n}", name=self.name)
        catalog.PoolWarehouse.objects.create(pool=self.pool, warehouse=self.warehouse)
        catalog.StockPolicy.objects.create(sku=self.sku, pool=self.pool, alert_threshold_qty=10)
        StockOverride.objects.create(
            sku=self.sku, pool=self.pool, qty=50, starts_at=NOON, until_at=NOON + timedelta(days=30), reason=self.name, set_by=self.name
        )  # fmt: skip
        ThresholdAdjustment.objects.create(
            sku=self.sku, pool=self.pool, schedule="weekly", period_on=DAY, qty=300, previous_qty=200, cover_days=30.0, daily_mean=10.0
        )
        CategoryBenchmark.objects.create(category=self.category, turnover=8.0, as_of=DAY, source=self.name)
        catalog.ExchangeRate.objects.create(day=date(2026, 1, n + 1), source_currency="USD", target_currency="CNY", rate="7.10000000")

    def _lifecycle(self, n: int) -> None:
        stage = catalog.Stage.objects.order_by("position")[n % 6]
        formula = lifecycle.StageFormula.objects.create(
            digest=f"{n:064d}",
            rule="sales-curve",
            tree=Explanation.input("slope").to_json(),
            labels={"slope": {"en": self.name, "zh": "x"}},
        )
        judged: dict[str, Any] = {
            "stage": self.sku.stage, "evaluated": self.sku.stage, "week_on": DAY, "since_on": DAY, "rule": "sales-curve",
            "evidence": {"slope": 0.1, "seasonal": None}, "formula": formula, "reason": "" if n % 2 else "NO_SALES",
        }  # fmt: skip
        lifecycle.StageState.objects.create(sku=self.sku, **judged)
        lifecycle.CategoryStage.objects.create(category=self.category, sku_count=1, **judged)
        lifecycle.StageChange.objects.create(
            sku=self.sku, kind="overridden", week_on=DAY, stage_to=self.sku.stage, actor=self.name, note=self.name
        )
        lifecycle.StageOverride.objects.create(sku=self.sku, stage=stage, until_on=DAY, reason=self.name, set_by=self.name)
        lifecycle.LifecycleSettings.objects.create()
        run = cycles.Cycle.objects.create(name="lifecycle", slot_at=NOON + timedelta(minutes=n), as_of=NOON, requested_by=self.name)
        lifecycle.CategorySum.objects.create(
            cycle=run, first_sku_id=1, category_id=self.category.pk, weekly=np.array([1.0, np.nan]), sku_count=1
        )

    def _suppliers(self, n: int) -> None:
        self.supplier = suppliers.Supplier.objects.create(code=f"sup{n}", name=self.name, contact_name=self.name)
        offer = suppliers.Offer.objects.create(
            supplier=self.supplier, sku=self.sku, pool=self.pool, currency="CNY", unit_price_amount=Decimal(10), moq=100, case_pack=10
        )
        suppliers.PriceBreak.objects.create(offer=offer, min_qty=500, unit_price_amount=Decimal("9.5"))
        suppliers.LeadTimeLeg.objects.create(offer=offer, position=1, name=self.name, days=12.0)
        order = purchasing.PurchaseOrder.objects.create(
            code=f"PO-{n}", supplier=self.supplier, warehouse=self.warehouse, currency="CNY", ordered_on=DAY, promised_on=DAY
        )
        line = purchasing.PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=self.sku, ordered_qty=100, received_qty=40)
        shipment = purchasing.Shipment.objects.create(code=f"SH-{n}", warehouse=self.warehouse, supplier=self.supplier)
        purchasing.ShipmentLine.objects.create(shipment=shipment, line_no=1, sku=self.sku, order_line=line, shipped_qty=60)
        purchasing.ShipmentEvent.objects.create(shipment=shipment, status="in_transit", occurred_at=NOON)
        self.shipment = shipment

    def _stock(self, n: int) -> None:
        bucket = inventory.Bucket.objects.get(slug="available")
        common: dict[str, Any] = {"sku": self.sku, "warehouse": self.warehouse}
        self.movement = inventory.Movement.objects.create(
            **common, to_bucket=bucket, qty=50, kind="opening", actor="ana", key=f"k{n}", occurred_at=NOON, reason=self.name
        )
        inventory.MovementKey.objects.create(key=f"k{n}", fingerprint="f")
        inventory.Balance.objects.create(**common, bucket=bucket, qty=50)
        lot = inventory.Lot.objects.create(**common, code=f"lot{n}", received_on=DAY, received_qty=50, remaining_qty=20)
        inventory.LotCost.objects.create(lot=lot, kind="purchase", unit_amount=Decimal("9.876543"), currency="CNY", rate_on=DAY)
        inventory.LotReceipt.objects.create(lot=lot, qty=50, occurred_at=NOON, sellable_before_qty=0, unsellable_before_qty=0)
        inventory.BalanceCheckpoint.objects.create(**common, bucket=bucket, at=datetime(2026, 3, 1, tzinfo=UTC), qty=50)
        other = catalog.Warehouse.objects.create(code=f"far{n}", name=self.name)
        transfer = inventory.Transfer.objects.create(code=f"TR-{n}", from_warehouse=other, to_warehouse=self.warehouse, expected_on=DAY)
        line = inventory.TransferLine.objects.create(transfer=transfer, line_no=1, sku=self.sku, planned_qty=300, shipped_qty=300)
        inventory.TransferEvent.objects.create(transfer=transfer, status="planned", occurred_at=NOON)
        inventory.TransferLot.objects.create(line=line, position=0, lot=lot, qty=300)
        inventory.StockVariance.objects.create(
            **common, kind="transfer", reference=f"transfer:TR-{n}", line_no=1, expected_qty=300, found_qty=294, note=self.name
        )
        inventory.Allocation.objects.create(**common, reference=f"line:{n}", wanted_qty=3, reserved_qty=3, ordered_at=NOON)
        inventory.StockDispute.objects.create(
            **common, cause="count", buckets=["available"], book_qty=100, counted_qty=92, deviation_pct=Decimal(-8), note=self.name,
            counted_at=NOON, opened_at=NOON, opened_by="ana",
        )  # fmt: skip
        inventory.LedgerProof.objects.create(
            started_at=NOON, duration_seconds=1.5, discrepancy_count=1, discrepancies=[["I1", self.name]], actor="job:reconcile"
        )
        inventory.RepeatedMovement.objects.create(movement_id=n, key=f"k{n}", qty=50, reversed_by=f"correct:{n}")
        inventory.StockHistory.objects.create(**common, first_on=DAY, qty=np.array([5, np.nan, 3], dtype="<f4"))

    def _channels(self, n: int) -> None:
        self.account = channels.Account.objects.create(code=f"acc{n}", name=self.name, marketplace="file")
        account = self.account
        channels.PoolAccount.objects.create(pool=self.pool, account=account)
        channels.Responsibility.objects.create(account=account, sku=self.sku, brand=self.name)
        channels.ExternalCode.objects.create(account=account, sku=self.sku, kind="asin", value=f"B0{n}")
        listing = channels.Listing.objects.create(account=account, code=f"L{n}", title=self.name)
        channels.ListingComponent.objects.create(listing=listing, sku=self.sku)
        channels.PriceFact.objects.create(listing=listing, kind="list", amount=Decimal(5), currency="CNY", occurred_at=NOON)
        order = channels.Order.objects.create(account=account, external_id=f"O{n}", currency="CNY", ordered_at=NOON, province=self.name)
        channels.OrderLine.objects.create(
            order=order, line_key="1", listing=listing, sku=self.sku, warehouse=self.warehouse, qty=1, ordered_at=NOON,
            order_recorded_at=order.recorded_at,
        )  # fmt: skip
        channels.OrderStatusChange.objects.create(order=order, status="created", occurred_at=NOON)
        channels.CustomerReturn.objects.create(account=account, external_id=f"R{n}", sku=self.sku, qty=1, grade="new", returned_at=NOON)
        channels.Quarantined.objects.create(account=account, kind="order", external_id=f"Q{n}", code="bad_qty", message=self.name)
        kept: dict[str, Any] = {"account": account, "external_id": f"O{n}", "digest": f"{n}", "source": self.name[:40]}
        received_models.ReceivedRecord.objects.create(**kept, kind="order", payload={"province": self.name}, error=self.name)
        received_models.ReceivedKey.objects.create(digest=f"{n}")
        webhook_models.WebhookMessage.objects.create(
            account=account, message_id=f"{n}", kind=self.name[:60], payload={"order": self.name}, status="parked", error=self.name
        )
        webhook_models.UnreadableWebhook.objects.create(account=account, digest=f"{n}", reason=self.name, size=n)
        webhook_models.RefusedWebhook.objects.create(account=account, code=f"cause_{n}", message=self.name, status=401)
        channels.Feed.objects.create(account=account, kind="orders", data_until_at=NOON, error=self.name)
        FeeOverride.objects.create(
            marketplace="douyin", site="CN", account=account, fee="oos_compensation", tier="order", rate=Decimal("0.05"), currency="CNY",
            effective_from=NOON.date(), reason="Read in the shop's rules", set_by="root",
        )  # fmt: skip
        connecting_models.AccountAuthorization.objects.create(account=account, state="lost", reason=self.name, lost_at=NOON)
        connecting_models.ConnectorMemory.objects.create(account=account, name=f"rows{n}", value={"name": self.name})
        connecting_models.RateBucket.objects.create(scope=f"account:{n}", operation="orders", full_at=NOON.timestamp())
        put_pushes(n, self.name, listing)
        channels.ExperienceScore.objects.create(account=account, score=88.5, occurred_at=NOON, parts=[[self.name, 1.5]])
        put_platform_facts(n, self.name, listing, self.sku, self.shipment)
        channels.SalesDelta.objects.create(sku=self.sku, account=account, hour_at=NOON, qty=2)

    def _demand(self, n: int) -> None:
        self.cycle = cycles.Cycle.objects.create(
            name=("warnings", "forecast", "sync")[n % 3], slot_at=datetime(2026, 3, 1, n, tzinfo=UTC), as_of=NOON, requested_by="beat",
            status="partial", message=self.name, started_at=NOON, finished_at=NOON,
        )  # fmt: skip
        cycles.Chunk.objects.create(
            cycle=self.cycle, ordinal=1, first_sku_id=1, last_sku_id=9, status="parked", error=self.name, errors=[self.name]
        )
        self._turnover(n)
        demand.SalesSeries.objects.create(sku=self.sku, account=self.account, first_on=DAY, daily=np.array([1, 2, 3], dtype="<f4"))
        demand.StockoutSeries.objects.create(sku=self.sku, pool=self.pool, first_on=DAY, in_stock=np.array([0, 100, 255], dtype="|u1"))
        demand.LeadTimeCalibration.objects.create(
            cycle=self.cycle, forecaster="lead-time", last_on=DAY, series_count=9, learned=b"x", error=self.name
        )
        forecast = demand.Forecast.objects.create(
            sku=self.sku, pool=self.pool, cycle=self.cycle, first_on=DAY, horizon_days=2, model_used="naive", history_days=30,
            mean=np.array([2, 2], dtype="<f4"), quantile_levels=np.array([0.5, 0.9], dtype="<f4"),
            quantiles=np.array([2, 2, 4, 4], dtype="<f4"), lead_time_model="textbook", lead_time_fallback=self.name,
            lead_time_days=np.array([7, 14], dtype="<i2"), lead_time_levels=np.array([0.5, 0.9], dtype="<f4"),
            lead_time_quantiles=np.array([14, 28, 20, 37], dtype="<f4"),
        )  # fmt: skip
        reason = {"kind": "event", "code": "618", "label": {"en": self.name, "zh": self.name}, "factor": 2.5, "why": self.name}
        demand.ForecastBasis.objects.create(
            forecast=forecast, base_mean=forecast.mean, labels_from=DAY, day_labels=np.array([0, 1, 2, 3, 255], dtype="|u1"),
            reasons=[reason | {"first_on": "2026-06-01", "last_on": "2026-06-20"}],
        )  # fmt: skip
        target: dict[str, Any] = {"account": self.account, "pool": self.pool, "sku": self.sku}
        plan = target | {"starts_on": DAY, "ends_on": DAY, "reason": self.name, "made_by": self.name}
        demand.ContingencyPlan.objects.create(code=f"C{n}", event_type="618", account=self.account, plan=self.name, tasks=[self.name])
        demand.PlannedEvent.objects.create(code=f"E{n}", kind="promotion", event_type="618", name=self.name, expected_lift=2.5, **plan)
        demand.ForecastAdjustment.objects.create(code=f"J{n}", factor=1.2, **plan)
        demand.MarketSignal.objects.create(code=f"M{n}", kind="keyword_rank", factor=1.5, source=self.name, value_before=40, **plan)
        demand.DayMark.objects.create(code=f"D{n}", treatment="stated", units=12.5, **plan)
        demand.LaunchAnalogue.objects.create(
            sku=self.sku, like_sku=self.sku.components.get().component, scale=0.8, reason=self.name, made_by=self.name
        )
        demand.EventLift.objects.create(event_type=f"type-{n}", account=self.account, lift=2.5, observed_lift=2.6, dip=0.8, sku_events=3)
        demand.EventSales.objects.create(
            **target, event_key=f"plan:{n}", event_type="618", first_on=DAY, last_on=DAY, sold_units=260, baseline_units=100, log_lift=0.9,
            dip_sold_units=50, dip_baseline_units=100,
        )  # fmt: skip
        track_models.ForecastTrack.objects.create(
            sku=self.sku, pool=self.pool, origins=np.array([DAY.toordinal()], "<i4"), promised=np.array([14, 28, np.nan], "<f4"), weeks=6,
            error_sum=-120.0, mean_error=20.0, forecast_sum=600.0,
        )  # fmt: skip
        kind = champion_models.DemandKind.values[n % 6]
        backtest = champion_models.Backtest.objects.create(cycle=self.cycle, last_on=DAY, horizon_days=28, windows=4)
        champion_models.BacktestSum.objects.create(backtest=backtest, first_sku_id=1, kind=kind, model="naive", values=np.ones(104))
        champion_models.ModelAccuracy.objects.create(backtest=backtest, kind=kind, model="naive", series_windows=8, rmsse=0.9)
        champion_models.Champion.objects.create(
            kind=kind, model="naive", mean_model="ses-optimised", decision="take_challenger", backtest=backtest
        )

    def _turnover(self, n: int) -> None:
        place: dict[str, Any] = {"sku": self.sku, "pool": self.pool}
        turnover_models.TurnoverHistory.objects.create(
            **place, last_month=date(2026, 2, 1), sold=np.full(12, 30, "<f4"), held=np.array([*[60] * 11, np.nan], "<f4")
        )
        turnover_models.CategoryTurnover.objects.create(
            pool=self.pool, category=self.category, last_month=date(2026, 2, 1), cogs=np.full(12, 300.0), inventory=np.full(12, 900.0),
            median=4.0, skus=1,
        )  # fmt: skip
        turnover_models.DemandCliff.objects.create(
            **place, broke_on=DAY, rate_before=10.0, rate_after=3.0, days_after=9.0, p_value=0.001, detected_at=NOON
        )
        turnover_models.StockFigures.objects.create(
            cycle=self.cycle, chunk=0, day=DAY, pool=self.pool, category=self.category, figures=np.full(17, 2.0 + n)
        )
        seen: dict[str, Any] = {"sku": self.sku, "account": self.account}
        market_models.MarketObservation.objects.create(**seen, rival=self.name, observed_on=DAY, sales_rank=9, source=self.name)
        market_models.MarketTrend.objects.create(**seen, observed_on=DAY, rivals=1, rank_change=0.2)

    def _system(self, n: int) -> None:
        event = outbox.Event.objects.create(
            kind="catalog.sku_updated.v1", entity="catalog.sku", entity_id=n, payload={"name": self.name}, actor="ana"
        )
        change_set = editing.ChangeSet.objects.create(noun="catalog.sku", actor=self.name)
        editing.ChangeSetRow.objects.create(change_set=change_set, position=0, event=event)
        self.delivery = outbox.Delivery.objects.create(
            event=event, channel="mail", recipient="ana@example.com", subject=self.name, body=self.name, status="dead", error=self.name
        )
        self.endpoint = outbox.Endpoint.objects.create(
            name=f"{self.name}{n}", notifier="webhook", config={"note": self.name}, last_error=self.name
        )
        job = exchange.ImportJob.objects.create(kind="sales", file_name=f"{self.name}{n}.csv", sha256="0" * 64, actor="ana", rows_refused=1)
        exchange.RowError.objects.create(job=job, line=2, column="qty", code="not_a_number", message=self.name, value=self.name)
        plugin = pluginhost.Plugin.objects.create(
            entry_point=f"dist:{n}", slug=f"plugin-{n}", name_en=self.name, name_zh=self.name, status="broken", reason=self.name
        )
        pluginhost.Provider.objects.create(plugin=plugin, kind="forecaster", slug=f"f{n}", calls=4, seconds=2.0, last_error=self.name)
        pluginhost.HealthResult.objects.create(plugin=plugin, name="reach", ok=False, message=self.name)
        ExternalRef.objects.create(entity="catalog.sku", entity_id=n, system="erp", value=f"{n}")
        cycles.ProcessHeartbeat.objects.create(name=f"worker{n}", kind="worker", host=self.name, pid=n, started_at=NOON, seen_at=NOON)
        interval = IntervalSchedule.objects.create(every=n + 5, period="minutes")
        crontab = CrontabSchedule.objects.create(minute=str(n), hour="3")
        PeriodicTask.objects.create(name=f"task {n}", task="stockhub.nothing", interval=interval)
        PeriodicTask.objects.create(name=f"nightly {n}", task="stockhub.nothing", crontab=crontab)

    def _alerts(self, n: int) -> None:
        template = alerts.ExplanationTemplate.objects.create(
            digest=f"{n:064}", rule="shortage", trees=TREES, labels={"demand": {"en": "Forecast of four weeks", "zh": "未来四周预测"}}
        )
        self.alert = alerts.Alert.objects.create(
            kind="shortage", subject=f"{self.sku.pk}:{self.pool.pk}", sku=self.sku, pool=self.pool, side="shortage", level=3, value=120.0,
            unit="unit", money_amount=Decimal(4800 + n), due_on=DAY, suggested_qty=200, template=template,
            inputs={"demand": 300.0, "safety_stock": 20.0, "available": 150.0, "inbound": 50.0, "unit_price": 40.0},
        )  # fmt: skip
        alerts.AlertEvent.objects.create(alert=self.alert, what="opened", level=3, actor="cycle:warnings", note=self.name)
        self._aftermath(n)
        alerts.Alert.objects.create(
            kind="overstock", subject=f"{self.sku.pk}:{self.pool.pk}", sku=self.sku, pool=self.pool, side="excess", level=1, value=90.0,
            unit="unit",
            money_amount=Decimal(900 + n),
        )  # fmt: skip
        alerts.Alert.objects.create(kind="rule-not-evaluated", subject=f"rule:r{n}", side="data", level=2, message=self.name)
        slugs = [rule.slug for rule in BUILT_IN]
        alerts.RuleSetting.objects.get_or_create(rule=slugs[n % len(slugs)])

        alerts.RuleParameter.objects.create(
            rule="shortage", parameter="horizon_days", value=30 + n, scope="sku", sku=self.sku, starts_at=NOON, reason=self.name,
            set_by=self.name,
        )  # fmt: skip
        alerts.ResponseStep.objects.create(alert=self.alert, step=("plan-transfer", "tell-management")[n % 2], level=2, note=self.name)
        news = outbox.Event.objects.create(kind="alerts.cycle_news.v1", entity="cycles.cycle", entity_id=n, payload={}, actor="ana")
        groups = [{"kind": "shortage", "incident": None, "level": 3, "count": 1, "ids": [self.alert.pk]}]
        alerts.Notice.objects.create(endpoint=self.endpoint, event=news, level=3, count=1, groups=groups, due_at=NOON)
        alerts.Subscription.objects.create(endpoint=self.endpoint, name=self.name)

    def _aftermath(self, n: int) -> None:
        """Its incident, what became of it, the stock-out that it foresaw, and the clocks that it ran by."""
        self.incident = alerts.Incident.objects.create(
            cause="late_supplier", key=f"supplier:{n}", inputs={"code": f"S{n}", "name": self.name}, level=3, open_count=1, alert_count=1,
            money_amount=Decimal(4800 + n),
        )  # fmt: skip
        alerts.IncidentEvent.objects.create(incident=self.incident, what="joined", count=1, actor="cycle:warnings", note=self.name)
        alerts.Alert.objects.filter(pk=self.alert.pk).update(incident=self.incident)
        alerts.AlertOutcome.objects.create(
            alert=self.alert, kind="shortage", raised_on=DAY, outcome="true_positive", horizon_days=29, onset_on=DAY, lead_days=9
        )
        alerts.StockoutEvent.objects.create(
            sku=self.sku, pool=self.pool, onset_on=DAY, outcome="detected", alert=self.alert, lead_days=9, lost_amount=Decimal(300)
        )
        alerts.ServiceLevel.objects.create(rule=f"rule{n}", level=3, acknowledge_hours=4, resolve_hours=24)
        boss, _ = User.objects.get_or_create(username="boss")
        alerts.EscalationStep.objects.create(position=n, user=boss)

    def _people(self, n: int) -> None:
        user = User.objects.create_user(f"user{n}", first_name=self.name)
        ApiToken.objects.create(user=user, name=self.name, prefix="sh_abc", digest=f"{n:x}".zfill(64).replace("0", "d"))
        Grant.objects.create(user=user, kind=ScopeKind.ACCOUNT, object_id=self.account.pk)
        alerts.Subscription.objects.create(user=user)


def _input(name: str, unit: str, source: str) -> dict[str, Any]:
    return {"op": "input", "name": name, "unit": unit, "source": source}


_POSITION = {
    "op": "add",
    "name": "position_within",
    "unit": "unit",
    "args": [_input("available", "unit", "ledger"), _input("inbound", "unit", "ledger")],
}
_SHORT = {
    "op": "sub",
    "name": "shortage_index",
    "unit": "unit",
    "args": [{"op": "add", "args": [_input("demand", "unit", "forecast"), _input("safety_stock", "unit", "policy")]}, _POSITION],
}
#: 300 + 20 − (150 + 50) = 120 short; at 40 each, 4,800.
TREES = {
    "value": _SHORT,
    "money": {
        "op": "mul",
        "name": "lost_margin",
        "unit": "base currency",
        "args": [{"op": "max", "args": [_SHORT, {"op": "constant", "value": 0.0}]}, _input("unit_price", "base currency/unit", "price")],
    },
}
