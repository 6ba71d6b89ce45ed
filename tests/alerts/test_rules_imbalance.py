"""A SKU that lies too long in one pool and runs out in another (H4): the rule on numbers, and the alert that a cycle makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.agenda.today import today
from stockhub.alerts.models import Alert
from stockhub.alerts.rules.imbalance import ImbalanceParameters, ImbalanceRule
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.alerts.wording import headline
from stockhub.catalog.models import PoolWarehouse, Sku, StockPolicy, StockPool, Warehouse
from stockhub.core import clock
from stockhub.inventory.models import MovementKind, StockDispute
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import Posting
from stockhub.inventory.services import open_dispute, resolve_dispute
from stockhub.pluginapi import Findings, Snapshot
from stockhub.pluginapi.testing import AlertRuleContract
from stockhub.pluginapi.testing.snapshots import random_snapshot, snapshot_of, take_rows
from tests.worlds import DAY, NOW, World, make_world, run_cycle

NAN = float("nan")
PLACE = {
    "region": 17230.0,
    "lead_time": 15.0,
    "review_period": 7.0,
    "safety_stock": 10.0,
    "unit_price": 50.0,
    "unit_cost": 20.0,
    "selling_fee": 5.0,
}
#: H4: 300 days in one pool, 2 days in the other, both at ten a day.
FULL = {**PLACE, "available": 3000.0, "daily_mean": 10.0, "shared_stock": 1.0}
SHORT = {**PLACE, "available": 20.0, "daily_mean": 10.0, "shared_stock": 2.0}


def pools(*rows: Mapping[str, float], inbound: Sequence[tuple[int, float, float]] = ()) -> Snapshot:
    """One SKU in as many pools as there are rows, of ids 1, 2, …"""
    made = snapshot_of(*rows, forecast=[row.get("daily_mean", NAN) for row in rows], inbound=inbound)
    return replace(made, sku_ids=np.zeros(len(rows), np.int64), pool_ids=np.arange(1, len(rows) + 1))


def judged(snapshot: Snapshot, **changes: float) -> Findings:
    return ImbalanceRule().evaluate(snapshot, ImbalanceParameters(**changes))


def test_h4_300_days_here_and_2_days_there_is_an_imbalance_of_the_shorter_pool() -> None:
    found = judged(pools(FULL, SHORT))
    assert found.level.tolist() == [0, 2]
    assert (found.inputs["donor_pool"][1], found.inputs["donor_cover_days"][1], found.inputs["donor_available"][1]) == (1.0, 300.0, 3000.0)
    # The full pool keeps 22 days and its safety stock: 2,770 to spare; the other wants 22 days and safety stock less its 20: 210.
    assert (found.inputs["donor_spare"][1], found.value[1], found.suggested_qty[1], found.due_in_days[1]) == (2770.0, 210.0, 210.0, 2.0)
    # 15 days at ten a day less the 20 that are there are missing before an order can come.
    assert (found.money[1], found.saving[1]) == (130 * 25.0, 130 * 25.0)


def test_h4_both_full_or_both_short_is_no_imbalance() -> None:
    assert judged(pools(FULL, {**FULL, "shared_stock": 2.0})).level.tolist() == [0, 0]
    assert judged(pools({**SHORT, "shared_stock": 1.0}, SHORT)).level.tolist() == [0, 0]


@pytest.mark.parametrize(("stock", "level"), [(899.0, 0), (900.0, 2), (901.0, 2)])
def test_h4_a_glut_begins_at_its_days(stock: float, level: int) -> None:
    assert judged(pools({**FULL, "available": stock}, SHORT)).level[1] == level


@pytest.mark.parametrize(("stock", "level"), [(161.0, 0), (160.0, 0), (159.0, 1), (71.0, 1), (70.0, 2), (1.0, 2), (0.0, 3), (-4.0, 3)])
def test_h4_short_is_below_lead_time_and_safety_stock(stock: float, level: int) -> None:
    assert judged(pools(FULL, {**SHORT, "available": stock})).level[1] == level


@pytest.mark.parametrize(("rate", "level"), [(0.0, 0), (0.09, 2), (0.1, 3)])
def test_h4_being_out_of_what_hardly_sells_calls_nobody(rate: float, level: int) -> None:
    row = {**SHORT, "available": 0.0, "daily_mean": rate}
    assert judged(pools(FULL, row)).level[1] == level


@pytest.mark.parametrize(("stock", "safety", "level"), [(96.0, 84.0, 0), (97.0, 85.0, 0), (905.0, 680.0, 2), (904.0, 680.0, 0)])
def test_h4_few_units_are_not_worth_a_transfer(stock: float, safety: float, level: int) -> None:
    """905 units at ten a day keep 220 and 680 of safety stock: five are left."""
    assert judged(pools({**FULL, "available": stock, "safety_stock": safety}, SHORT)).level[1] == level


def test_h15_what_lands_in_time_is_no_want() -> None:
    assert judged(pools(FULL, SHORT, inbound=[(1, 7.0, 500.0)])).level[1] == 0
    # On day 8 it comes too late for the nearest days, but the lead time is served.
    assert judged(pools(FULL, SHORT, inbound=[(1, 8.0, 100.0)])).level[1] == 2
    assert judged(pools(FULL, SHORT, inbound=[(1, 16.0, 500.0)])).level[1] == 2


def test_pools_that_share_a_warehouse_hold_the_same_units() -> None:
    assert judged(pools(FULL, {**SHORT, "shared_stock": 1.0})).level.tolist() == [0, 0]


@pytest.mark.parametrize("region", [21843.0, NAN])
def test_stock_of_another_country_is_no_transfer(region: float) -> None:
    assert judged(pools(FULL, {**SHORT, "region": region})).level.tolist() == [0, 0]


def test_the_pool_that_can_spare_most_gives_and_the_lowest_id_among_equals() -> None:
    fuller = {**FULL, "available": 4000.0, "shared_stock": 3.0}
    found = judged(pools(FULL, SHORT, fuller, {**fuller, "shared_stock": 4.0}))
    assert found.inputs["donor_pool"][1] == 3.0
    # A pool that has more to spare and sells it in time is no glut: the one that lies goes first.
    fast = {**FULL, "available": 30_000.0, "daily_mean": 400.0, "shared_stock": 3.0}
    assert judged(pools(FULL, SHORT, fast)).inputs["donor_pool"][1] == 1.0


def test_e13_stock_that_nobody_asks_for_is_a_glut_and_has_no_number_of_days() -> None:
    found = judged(pools({**FULL, "daily_mean": 0.0}, SHORT))
    assert found.level[1] == 2
    assert math.isnan(found.inputs["donor_cover_days"][1])
    assert found.reasons["NO_DEMAND"].tolist() == [False, True]


def test_e13_without_a_forecast_a_quarter_of_sales_speaks_and_without_both_nothing_is_claimed() -> None:
    dead = {**FULL, "daily_mean": NAN, "safety_stock": NAN, "sold_90": 0.0}
    assert judged(pools(dead, SHORT)).level.tolist() == [0, 2]
    found = judged(pools({**dead, "sold_90": NAN}, SHORT))
    assert found.level.tolist() == [-1, -1]
    assert found.reasons["NO_DONOR_DATA"].tolist() == [False, True]
    assert found.reasons["NO_FORECAST"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("available", "NO_STOCK_DATA"),
        ("lead_time", "NO_LEAD_TIME"),
        ("review_period", "NO_REVIEW_PERIOD"),
        ("safety_stock", "NO_SAFETY_STOCK"),
    ],
)
def test_missing_data_is_said_and_never_level_zero(column: str, code: str) -> None:
    found = judged(pools(FULL, {**SHORT, column: NAN}))
    assert found.level[1] == -1
    assert found.reasons[code].tolist() == [False, True]


def test_without_a_price_the_money_is_unknown_and_the_alert_stands() -> None:
    found = judged(pools(FULL, {**SHORT, "unit_price": NAN}))
    assert (found.level[1], math.isnan(found.money[1])) == (2, True)
    assert next(iter(found.reasons)) != "NO_DEMAND"


def test_what_is_unknown_elsewhere_matters_only_where_stock_is_wanted() -> None:
    found = judged(pools({**FULL, "available": NAN}, {**SHORT, "available": 500.0}))
    assert found.level[1] == 0


def test_an_open_alert_waits_on_either_side() -> None:
    for row, other in ((SHORT, {**FULL, "available": 860.0}), ({**SHORT, "available": 165.0}, FULL)):
        found = judged(pools(other, row))
        assert (found.level[1], found.hold_level[1] > 0) == (0, True)
    assert judged(pools({**FULL, "available": 850.0}, SHORT)).hold_level[1] == 0


def crowd(seed: int, missing: float) -> Snapshot:
    """Random rows of a few SKUs in a few pools, in any order."""
    made = random_snapshot(seed, 24, missing=missing)
    rng = np.random.default_rng(seed)
    order = rng.permutation(24)
    columns = {**made.columns, "region": np.full(24, 0.0), "shared_stock": (order // 6).astype(np.float64)}
    return replace(made, sku_ids=(order % 6).astype(np.int64), pool_ids=(order // 6).astype(np.int64), columns=columns)


class TestImbalanceAmongPools(AlertRuleContract):
    rule = ImbalanceRule()

    def snapshot(self) -> Snapshot:
        return crowd(5, 0.1)

    def test_a_row_does_not_depend_on_its_neighbours(self) -> None:
        """Not on other SKUs, nor on the order of rows."""
        snapshot = self.snapshot()
        rows = [row for row in np.random.default_rng(1).permutation(len(snapshot)).tolist() if snapshot.sku_ids[row] in (1, 4)]
        whole, part = self.findings(snapshot), self.findings(take_rows(snapshot, rows))
        assert whole.level[rows].tolist() == part.level.tolist()
        assert np.array_equal(whole.value[rows], part.value, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), missing=st.sampled_from([0.0, 0.2]))
def test_explanations_give_the_numbers_among_pools(seed: int, missing: float) -> None:
    snapshot = crowd(seed, missing)
    found = ImbalanceRule().evaluate(snapshot, ImbalanceParameters())
    for name, tree in ImbalanceRule().explain(snapshot.symbols()).items():
        for row, number in enumerate(getattr(found, name).tolist()):
            told = tree.fill({k: v[row] for k, v in found.inputs.items()}).evaluate()
            assert (told is None) == math.isnan(number)
            assert told is None or told == pytest.approx(number, rel=1e-12, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_moves_leaves_the_donor_its_own_target(seed: int) -> None:
    snapshot = crowd(seed, 0.0)
    found = ImbalanceRule().evaluate(snapshot, ImbalanceParameters())
    raised = np.flatnonzero(found.level > 0)
    x = {name: values[raised] for name, values in found.inputs.items()}
    moved = found.value[raised]
    assert (moved >= 5).all()
    assert (moved == np.floor(moved)).all()
    assert (moved <= x["donor_available"]).all()
    left = x["donor_available"] + x["donor_inbound"] - moved
    assert (left >= x["donor_daily_demand"] * x["donor_keep_days"] + x["donor_safety_stock"] - 1e-6).all()


# --- with the database ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return make_world()


def second_place(world: World, *, country: str = "") -> tuple[StockPool, Warehouse]:
    """Another pool with a warehouse of its own, for the same account."""
    warehouse = Warehouse.objects.create(code="cn-south", name="South", country=country, ledger_starts_at=NOW - timedelta(days=60))
    pool = StockPool.objects.create(code="south", name="South")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    return pool, warehouse


def unbalanced(world: World, *, country: str = "") -> tuple[Sku, StockPool, Warehouse]:
    """2 days in the first pool, 300 days in the second."""
    pool, warehouse = second_place(world, country=country)
    sku = world.selling("CAP", stock=20, rate=10.0)
    StockPolicy.objects.create(sku=sku, safety_stock_method="fixed", safety_stock_qty=10, review_period_days=7)
    [result] = post(
        [
            Posting(
                sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=3000,
                kind=MovementKind.OPENING, key="opening:south", occurred_at=NOW - timedelta(days=1),
            )
        ]
    )  # fmt: skip
    assert result.status == "posted"
    replace(world, pool=pool).forecast(sku, 10.0)
    return sku, pool, warehouse


@pytest.mark.django_db
@pytest.mark.both_databases
class TestImbalanceAlert:
    def test_h4_a_cycle_raises_one_alert_for_the_short_pool_with_both_sides_as_evidence(self, world: World) -> None:
        _sku, pool, _warehouse = unbalanced(world)
        run_cycle("warnings")
        alert = Alert.objects.select_related("sku", "pool").get(kind="imbalance")
        assert (alert.pool_id, alert.level, alert.value, alert.suggested_qty, alert.due_on) == (
            world.pool.pk,
            2,
            210.0,
            210,
            DAY + timedelta(days=2),
        )
        assert (alert.inputs["donor_pool"], alert.inputs["donor"], alert.inputs["donor_spare"]) == (float(pool.pk), "south", 2770.0)
        assert headline(alert) == (
            "CAP in cn · Imbalance: 210 units · south has stock for 300 days · transfer 210 from south by 2026-03-04 · "
            "7,800.00 CNY at stake · 7,800.00 CNY can be saved"
        )

    def test_h6_a_transfer_from_a_pool_whose_stock_is_in_dispute_is_held_until_it_is_settled(self, world: World) -> None:
        sku, pool, warehouse = unbalanced(world)
        run_cycle("warnings")
        free = Alert.objects.get(kind="imbalance")
        assert free.held_reason is None
        quarters = [NOW + n * timedelta(minutes=15) for n in range(5)]
        with clock.at(quarters[0]):
            dispute = open_dispute(sku_id=sku.pk, warehouse_id=warehouse.pk, note="half of it is wet", idempotency_key="d")
        run_cycle("warnings", quarters[1])
        held = Alert.objects.select_related("sku", "pool").get(kind="imbalance")
        assert (held.pk, held.held_reason, held.inputs["donor_pool"]) == (free.pk, "DONOR_IN_DISPUTE", float(pool.pk))
        assert "held: transfer 210 from south" in headline(held)
        assert "the stock of south is in dispute: count it, or settle the dispute" in headline(held)
        # What rests on the short pool's own stock alone goes on.
        assert Alert.objects.get(kind="shortage", pool=world.pool).held_reason is None
        with clock.at(quarters[1]):
            open_dispute(sku_id=sku.pk, warehouse_id=world.warehouse.pk, note="and this", idempotency_key="e")
        run_cycle("warnings", quarters[2])
        assert Alert.objects.get(kind="imbalance").held_reason == "IN_DISPUTE"
        with clock.at(quarters[2]):
            resolve_dispute(dispute_id=dispute.pk, resolution="dried")
            resolve_dispute(dispute_id=StockDispute.objects.get(resolved_at=None).pk, resolution="fine")
        run_cycle("warnings", quarters[3])
        assert Alert.objects.get(kind="imbalance").held_reason is None

    def test_h4_it_closes_when_the_stock_has_moved(self, world: World) -> None:
        sku, _pool, _warehouse = unbalanced(world)
        run_cycle("warnings")
        world.stock(sku, 210, at=NOW)
        for hours in (1, 2):
            run_cycle("warnings", NOW + timedelta(hours=hours))
        assert Alert.objects.get(kind="imbalance").status == "resolved"

    def test_h4_no_alert_across_a_border_nor_over_a_shared_warehouse(self, world: World) -> None:
        sku, pool, warehouse = unbalanced(world, country="US")
        run_cycle("warnings")
        assert not Alert.objects.filter(kind="imbalance").exists()
        Warehouse.objects.filter(pk=warehouse.pk).update(country="")
        PoolWarehouse.objects.create(pool=pool, warehouse=world.warehouse)
        run_cycle("warnings", NOW + timedelta(hours=1))
        assert not Alert.objects.filter(kind="imbalance", sku=sku).exists()

    def test_i4_an_imbalance_is_seen_by_those_who_see_both_pools(self, world: World) -> None:
        _sku, _pool, warehouse = unbalanced(world)
        run_cycle("warnings")
        user = User.objects.create_user("half", sees_all_accounts=True)
        Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
        assert "shortage" in set(alerts_visible_to(user).values_list("kind", flat=True))
        assert not alerts_visible_to(user).filter(kind="imbalance").exists()
        Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=warehouse.pk)
        seer = User.objects.get(pk=user.pk)
        assert alerts_visible_to(seer).filter(kind="imbalance").count() == 1

    def test_h4_today_names_it_beside_the_shortage(self, world: World) -> None:
        unbalanced(world)
        run_cycle("warnings")
        with clock.at(NOW):
            lines = today(User.objects.create_superuser("root")).shortage.lines
        assert {a.kind for line in lines for a in (line.alert, *line.also)} >= {"shortage", "imbalance"}
