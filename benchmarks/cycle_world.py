"""The shop of the warning cycle's benchmark: SKUs in three pools, with a year of sales, forecasts, stock, lots, offers and prices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

POOLS: Final = 3
DAYS: Final = 365
HORIZON: Final = 90
NOW: Final = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
_BATCH: Final = 5_000
#: What the facts of the three pools are made of: a rate of sales and a stock for each SKU and pool.
_SOLD: Final = "bench_sold(sku_id bigint, place bigint, daily bytea, rate double precision, stock bigint)"
_STATEMENTS: Final = (
    """INSERT INTO demand_salesseries (sku_id, account_id, first_on, daily, hourly, last_sold_at, updated_at)
    SELECT s.sku_id, a.id, %(today)s::date - (%(days)s - 1), s.daily, ''::bytea, %(at)s::timestamptz, %(at)s::timestamptz
    FROM bench_sold s JOIN channels_account a ON a.code = 'a' || s.place ORDER BY s.sku_id, s.place""",
    """INSERT INTO demand_stockoutseries (sku_id, pool_id, first_on, in_stock, updated_at)
    SELECT s.sku_id, p.id, %(today)s::date - %(days)s, decode(repeat('64', %(days)s), 'hex'), %(at)s::timestamptz
    FROM bench_sold s JOIN catalog_stockpool p ON p.code = 'p' || s.place ORDER BY s.sku_id, s.place""",
    """INSERT INTO demand_forecast (sku_id, pool_id, first_on, horizon_days, model_used, fallback_reason, mean, quantile_levels, quantiles,
    error_sd, history_days, created_at, lead_time_days, lead_time_levels, lead_time_quantiles, lead_time_model, lead_time_fallback)
    SELECT s.sku_id, p.id, %(today)s::date, %(horizon)s, 'bench', '', decode(repeat(encode(little(s.rate), 'hex'), %(horizon)s), 'hex'),
    decode(repeat(encode(little(0.9), 'hex'), 5), 'hex'), decode(repeat(encode(little(s.rate * 1.5), 'hex'), 5 * %(horizon)s), 'hex'),
    sqrt(s.rate), %(days)s, %(at)s::timestamptz, %(lead_times)s, %(levels)s,
    (SELECT string_agg(little(greatest(s.rate * days + z * sqrt(s.rate * days), 0)), ''::bytea ORDER BY z, days)
    FROM unnest(%(days_of_lead_times)s::float8[]) days, unnest(%(scores)s::float8[]) z), 'bench', ''
    FROM bench_sold s JOIN catalog_stockpool p ON p.code = 'p' || s.place ORDER BY s.sku_id, s.place""",
    """INSERT INTO inventory_balance (sku_id, warehouse_id, bucket_id, qty, updated_at)
    SELECT s.sku_id, w.id, b.slug, CASE b.slug WHEN 'available' THEN s.stock ELSE s.stock / 20 END, %(at)s::timestamptz
    FROM bench_sold s JOIN catalog_warehouse w ON w.code = 'w' || s.place, (VALUES ('available'), ('reserved')) b(slug)
    ORDER BY s.sku_id, s.place""",
    """INSERT INTO inventory_lot (sku_id, warehouse_id, code, received_on, grade, received_qty, remaining_qty, settled_at, reference,
    recorded_at)
    SELECT s.sku_id, w.id, 'L1', %(today)s::date - (1 + abs(hashint8(s.sku_id * 3 + s.place)) %% 200), 'new', s.stock + s.stock / 20,
    s.stock + s.stock / 20, %(at)s::timestamptz, '', %(at)s::timestamptz
    FROM bench_sold s JOIN catalog_warehouse w ON w.code = 'w' || s.place WHERE s.stock > 0 ORDER BY s.sku_id, s.place""",
    """INSERT INTO channels_listing (account_id, kind, code, title, status, url, first_seen_at, created_at, updated_at, version)
    SELECT a.id, 'sku', 'L' || s.sku_id, '', 'active', '', %(at)s::timestamptz, %(at)s::timestamptz, %(at)s::timestamptz, 1
    FROM bench_sold s JOIN channels_account a ON a.code = 'a' || s.place ORDER BY s.sku_id, s.place""",
    """INSERT INTO channels_listingcomponent (listing_id, sku_id, qty)
    SELECT id, substring(code from 2)::bigint, 1 FROM channels_listing ORDER BY id""",
    """INSERT INTO channels_pricefact (listing_id, kind, amount, currency, reason, occurred_at, recorded_at)
    SELECT l.id, 'list', 25000000 + turn, 'CNY', '', %(at)s::timestamptz - turn * INTERVAL '30 days', %(at)s::timestamptz
    FROM channels_listing l, generate_series(1, 2) turn ORDER BY l.id, turn""",
    """INSERT INTO catalog_stockpolicy (sku_id, pool_id, safety_stock_method, service_level, created_at, updated_at, version)
    SELECT sku.id, NULL, 'statistical', 0.98, %(at)s::timestamptz, %(at)s::timestamptz, 1 FROM catalog_sku sku
    WHERE abs(hashint8(sku.id * 7919 + 1)) %% 10 = 0""",
    """INSERT INTO purchasing_purchaseorderline (purchase_order_id, sku_id, line_no, ordered_qty, shipped_qty, received_qty, promised_on,
    posted_qty, revision)
    SELECT o.id, sku.id, row_number() OVER (ORDER BY sku.id), 50, 0, 0, %(today)s::date + 9, 0, 0
    FROM catalog_sku sku, purchasing_purchaseorder o WHERE abs(hashint8(sku.id * 7919 + 2)) %% 10 = 0""",
)


def fill(skus: int, now: datetime = NOW) -> None:
    """Makes the shop as it is at `now`, and lets the server learn what it holds."""
    _places(now)
    _catalogue(skus, now)
    with _cursor() as cursor:
        # The arrays are stored with the least byte first, which the server has no function for.
        cursor.execute(
            "CREATE FUNCTION little(double precision) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT substring(b from 4 for 1)"
            " || substring(b from 3 for 1) || substring(b from 2 for 1) || substring(b from 1 for 1) FROM float4send($1::real) b $$"
        )
        cursor.execute(f"CREATE UNLOGGED TABLE {_SOLD.replace('(', ' (', 1)}")
        _copy_sales(cursor)
        for statement in _STATEMENTS:
            cursor.execute(statement, {"at": now, "today": now.date(), "days": DAYS, "horizon": HORIZON} | _lead_times())
        cursor.execute("DROP TABLE bench_sold")
        cursor.execute("VACUUM ANALYZE")


def _lead_times() -> dict[str, Any]:
    from scipy.special import ndtri

    from stockhub.demand.lead_times import DEFAULT_DAYS, DEFAULT_LEVELS

    return {
        "lead_times": np.array(DEFAULT_DAYS, "<i2").tobytes(),
        "levels": np.array(DEFAULT_LEVELS, "<f4").tobytes(),
        "days_of_lead_times": list(map(float, DEFAULT_DAYS)),
        "scores": ndtri(np.array(DEFAULT_LEVELS)).tolist(),
    }


def change_one_percent(turn: int) -> None:
    """Sells a tenth of the stock of every hundredth row."""
    with _cursor() as cursor:
        cursor.execute("UPDATE inventory_balance SET qty = qty - qty / 10 WHERE bucket_id = 'available' AND id %% 100 = %s", [turn])


def forget_alerts() -> None:
    with _cursor() as cursor:
        cursor.execute("TRUNCATE alerts_alertevent, alerts_alert, outbox_delivery, outbox_event CASCADE")
        cursor.execute("VACUUM ANALYZE alerts_alert")


def _cursor() -> Any:  # noqa: ANN401 - Django's cursor wrapper
    from django.db import connection

    return connection.cursor()


def _places(now: datetime) -> None:
    from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
    from stockhub.channels.models import Account, Feed, PoolAccount

    for number in range(POOLS):
        warehouse = Warehouse.objects.create(code=f"w{number}", name="w", ledger_starts_at=now - timedelta(days=1))
        pool = StockPool.objects.create(code=f"p{number}", name="p")
        PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
        account = Account.objects.create(code=f"a{number}", name="a", marketplace="file", baseline_at=now - timedelta(days=2))
        PoolAccount.objects.create(pool=pool, account=account)
        Feed.objects.create(account=account, kind="orders", last_success_at=now)


def _catalogue(skus: int, now: datetime) -> None:
    from stockhub.catalog.models import Sku, Warehouse
    from stockhub.purchasing.models import PurchaseOrder
    from stockhub.suppliers.models import Offer, Supplier

    supplier = Supplier.objects.create(code="s", name="s")
    PurchaseOrder.objects.create(
        code="PO", supplier=supplier, warehouse=Warehouse.objects.get(code="w0"), currency="CNY", ordered_on=now.date()
    )
    made = Sku.objects.bulk_create(
        [Sku(code=f"SKU{i:06}", unit_cost_amount=10, unit_cost_currency="CNY", price_amount=25, price_currency="CNY") for i in range(skus)],
        batch_size=2000,
    )
    Offer.objects.bulk_create(
        [Offer(supplier=supplier, sku=s, currency="CNY", lead_time_days=15, lead_time_sd_days=3, moq=20, case_pack=10) for s in made],
        batch_size=2000,
    )


def _copy_sales(cursor: Any) -> None:  # noqa: ANN401 - Django's cursor wrapper
    from stockhub.catalog.models import Sku

    rng = np.random.default_rng(20_260_302)
    ids = list(Sku.objects.order_by("id").values_list("id", flat=True))
    with cursor.copy("COPY bench_sold FROM STDIN") as copy:
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            for place in range(POOLS):
                rates = rng.gamma(0.6, 3.0, len(part))
                sales = rng.poisson(rates[:, None], (len(part), DAYS)).astype("<f4")
                stock = rng.poisson(rates * rng.uniform(5, 120, len(part)))
                lines = [
                    f"{sku}\t{place}\t\\\\x{row.tobytes().hex()}\t{rate!r}\t{units}\n"
                    for sku, row, rate, units in zip(part, sales, rates.tolist(), stock.tolist(), strict=True)
                ]
                copy.write("".join(lines))
