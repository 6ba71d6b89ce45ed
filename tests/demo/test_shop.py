"""The generated shop: the same for a seed and an instant, true to its scenarios, and possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from stockhub.core import clock
from stockhub.demo.demand_curves import peak_lift
from stockhub.demo.facts import facts_of
from stockhub.demo.places import CN, LATE_VENDOR
from stockhub.demo.sales import dispersion
from stockhub.demo.scenarios import SCENARIOS, cast
from stockhub.demo.shop import DemoShop, generate
from stockhub.demo.supply import LEDGER_DAYS
from stockhub.demo.truth import JUDGES, KINDS_OF_TROUBLE, Verdict, expectations

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop() -> DemoShop:
    return generate(now=NOW)


def small(now: datetime = NOW, seed: int = 7) -> DemoShop:
    return generate(now=now, skus=60, history_days=150, seed=seed)


def test_the_same_seed_and_instant_give_the_same_shop_whatever_the_clock_says() -> None:
    first = small()
    with clock.at(NOW + timedelta(days=400)):
        second = small()
    assert first.items == second.items
    pd.testing.assert_frame_equal(first.lines, second.lines)
    assert first.holdings == second.holdings
    assert list(expectations(first)) == list(expectations(second))


def test_another_seed_gives_another_shop() -> None:
    assert not small(seed=7).lines.equals(small(seed=8).lines)


def test_every_scenario_is_played_and_too_small_a_shop_is_refused() -> None:
    assert {s.slug for s in cast(60)} == set(SCENARIOS)
    with pytest.raises(ValueError, match="at least"):
        cast(10)


def test_the_shop_is_as_large_as_promised(shop: DemoShop) -> None:
    assert len(shop.items) == 300
    assert shop.history_days == 548
    assert 80_000 < len(shop.lines) < 180_000
    assert {t.pool for t in shop.trades} == {"DEMO-CN", "DEMO-FBA-US", "DEMO-US-3PL"}
    assert {i.category for i in shop.items if i.scenario.slug == "dying-category"} == {"straps"}
    assert {i.vendor for i in shop.items if i.scenario.slug == "late-supplier"} == {LATE_VENDOR}


def test_history_holds_618_and_singles_day() -> None:
    days = np.arange(-548, 1, dtype=float)
    lift = peak_lift(days, NOW.date())
    day = {(NOW.date() + timedelta(days=int(d))).isoformat(): factor for d, factor in zip(days, lift, strict=True)}
    assert day["2025-06-18"] == 4.0
    assert day["2025-11-11"] == 5.0
    assert day["2025-06-21"] == 1.0


def test_sales_follow_the_true_mean(shop: DemoShop) -> None:
    sold = shop.lines[(shop.lines["status"] != "cancelled") & (shop.lines["trade"] >= 0)].groupby("trade")["units"].sum()
    told = [p for p, t in enumerate(shop.trades) if t.item.scenario.slug in ("healthy", "old-but-steady", "overstocked")]
    mean = {p: float(shop.trades[p].mean[: shop.history_days].sum()) for p in told}
    assert sum(sold[p] for p in told) == pytest.approx(sum(mean.values()), rel=0.02)
    for p in told:
        sd = np.sqrt(dispersion(shop.trades[p], shop.trades[p].mean.max()) * mean[p])
        assert abs(sold[p] - mean[p]) < 4.5 * sd


def test_nothing_is_sold_after_now_or_while_a_sku_is_out(shop: DemoShop) -> None:
    assert shop.lines["ordered"].max() <= NOW.timestamp()
    for position, trade in enumerate(shop.trades):
        if trade.item.scenario.slug == "out-of-stock" and trade.is_focus:
            mine = shop.lines[shop.lines["trade"] == position]
            assert mine["ordered"].max() < NOW.timestamp() - 3 * 86_400


def test_stock_is_never_below_zero_and_ends_where_the_scenario_says(shop: DemoShop) -> None:
    for holding in shop.holdings:
        closing = holding.closing()
        assert len(closing) == LEDGER_DAYS + 1
        assert closing[-1] == holding.final
        assert closing.min() >= min(holding.final, 0)


def test_dead_stock_has_not_sold_for_more_than_90_days_and_is_older(shop: DemoShop) -> None:
    for position, trade in enumerate(shop.trades):
        if trade.item.scenario.slug in ("dead", "dead-us"):
            facts = facts_of(shop, position)
            assert facts.days_since_demand > 90
            assert facts.oldest_days > 90
            assert facts.free > 0


def test_d24_orders_without_stock_are_paid_and_due_within_a_day(shop: DemoShop) -> None:
    owed = shop.lines[shop.lines["owed"]]
    assert set(owed["status"]) == {"paid"}
    assert (owed["ship_by"] - NOW.timestamp()).between(12 * 3600, 24 * 3600).all()


def test_real_life_happens(shop: DemoShop) -> None:
    assert {"cancelled", "completed", "shipped", "paid", "created"} == set(shop.lines["status"])
    assert (shop.lines["code"] == "NEW-LISTING-8812").sum() > 5
    packs = shop.lines[shop.lines["code"].str.endswith("-3PK")]
    assert len(packs) > 100
    assert (packs["units"] == 3 * packs["qty"]).all()
    assert shop.lines["code"].str.startswith("SET-").any()
    assert shop.lines["order"].duplicated().any()


@pytest.mark.parametrize(
    "now", [NOW, datetime(2026, 6, 20, tzinfo=UTC), datetime(2026, 11, 13, 22, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]
)
def test_every_told_sku_has_a_verdict_of_each_kind_whatever_the_season(now: datetime) -> None:
    must: dict[str, set[str]] = {}
    doubtful = total = 0
    for e in expectations(generate(now=now)):
        if e.is_told:
            total += 1
            doubtful += e.verdict is Verdict.OPEN
            if e.verdict is Verdict.MUST:
                must.setdefault(e.scenario.slug, set()).add(e.kind)
    assert doubtful < 0.02 * total
    assert must == KINDS_OF_TROUBLE
    assert set().union(*must.values()) == set(JUDGES)


def test_a_pool_in_china_serves_the_douyin_account_alone(shop: DemoShop) -> None:
    assert {t.item.code for t in shop.trades if t.pool == CN} == {i.code for i in shop.items if CN in i.pools}
