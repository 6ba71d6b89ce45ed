"""What actions of *Today* have to do with each other: nothing is counted twice, by figures reckoned by hand (N7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from stockhub.agenda.actions import ActionKind, actions_of
from stockhub.agenda.dependencies import Dependencies, tied
from stockhub.agenda.pool_places import PoolPlaces
from stockhub.alerts.models import Alert
from tests.agenda.action_rows import ABROAD, EAST, HERE, PLACES, SOUTH, alert, emptied, imbalance, paused, short

D = Decimal


def hanging(alerts: Sequence[Alert], places: PoolPlaces = PLACES) -> Dependencies:
    return tied(alerts, actions_of(alerts, places))


def told(found: Dependencies, of: Alert) -> tuple[list[str], list[str]]:
    """What an alert's line also answers, and what is to be decided first."""
    ties = found.of(of)
    return [tie.answered for tie in ties.also_answers], [tie.to_decide for tie in ties.decide_first]


def test_n7_a_transfer_that_empties_one_pool_to_fill_another_is_one_action_and_its_margin_counts_once() -> None:
    full, thin = emptied(HERE, EAST, 210, 130.0), imbalance(EAST, HERE, 130, 210, 400.0)
    actions = actions_of([full, thin], PLACES)
    moves = [action for action in actions.every if action.kind is ActionKind.TRANSFER]
    assert [(move.alert, move.quantity, move.from_pool_id, move.pool_id, move.saving) for move in moves] == [
        (thin, 210, HERE, EAST, D(340))
    ]
    # 210 of write-down here and 130 of margin there; each alert by itself tells 340 and 130.
    assert moves[0].parts == {("7:2", "shortage"): D(130), ("7:1", "excess"): D(210)}
    found = hanging([full, thin])
    assert found.counted_twice == {"excess": D(130)}
    assert told(found, thin) == (["Overstock, SKU-7 in here"], [])
    assert told(found, full) == (["Imbalance, SKU-7 in east"], [])


def test_n7_where_an_order_saves_more_than_the_transfer_one_decides_between_them() -> None:
    full, thin, wants = emptied(HERE, EAST, 210, 130.0), imbalance(EAST, HERE, 130, 210, 400.0), short(EAST, 900)
    found = hanging([full, thin, wants])
    assert told(found, wants) == ([], ["Transfer, SKU-7 in here"])
    assert told(found, full) == ([], ["Order, SKU-7 in east"])
    # Either the order, 900, or the transfer, 340, and a pause beside the order would cancel what it buys.
    assert found.counted_twice == {"excess": D(340)}


def test_n7_one_surplus_named_by_two_pools_is_given_once() -> None:
    one, other = imbalance(EAST, HERE, 90, 60, 100.0), imbalance(SOUTH, HERE, 80, 50, 100.0)
    found = hanging([one, other])
    assert found.counted_twice == {"shortage": D(80)}
    assert told(found, one) == ([], ["Transfer, SKU-7 in south"])
    enough = [imbalance(EAST, HERE, 90, 60, 110.0), imbalance(SOUTH, HERE, 80, 50, 110.0)]
    assert hanging(enough) == Dependencies()


def test_n7_an_order_for_what_another_alert_would_cancel_is_one_decision() -> None:
    held, wants = paused(HERE), short(EAST, 900)
    found = hanging([held, wants])
    assert found.counted_twice == {"excess": D(300)}
    assert told(found, held) == ([], ["Order, SKU-7 in east"])
    assert told(found, wants) == ([], ["Purchase pause, SKU-7 in here"])
    # What is on its way to another country does not come here, and another SKU is another matter.
    assert hanging([held, short(ABROAD, 900)]) == Dependencies()
    assert hanging([held, short(EAST, 900, sku=8)]) == Dependencies()


def test_n7_pools_that_hold_the_same_units_want_one_order() -> None:
    shared = PoolPlaces.of([(HERE, 10, "CN"), (EAST, 10, "CN"), (SOUTH, 30, "CN")])
    here, east, south = short(HERE, 500), short(EAST, 400), short(SOUTH, 50)
    found = hanging([here, east, south], shared)
    assert found.counted_twice == {"shortage": D(400)}
    assert told(found, here) == (["Shortage, SKU-7 in east"], [])
    assert told(found, east) == (["Shortage, SKU-7 in here"], [])
    assert told(found, south) == ([], [])


def test_n7_alerts_of_one_line_are_one_action_and_need_no_tie() -> None:
    assert hanging([short(HERE, 500), alert("low-inventory-fee", HERE, 70, qty=30)]) == Dependencies()


def test_n7_a_transfer_that_no_imbalance_tells_takes_the_answer_of_the_pool_that_it_fills() -> None:
    full, wants = emptied(HERE, EAST, 400, 200.0), short(EAST, 500)
    found = hanging([full, wants])
    assert found.counted_twice == {"shortage": D(500)}
    assert told(found, full) == ([], ["Order, SKU-7 in east"])


def test_n7_what_saves_nothing_or_nobody_can_value_asks_for_no_action() -> None:
    assert actions_of([short(HERE, 0), alert("order-due", HERE, None, qty=5)], PLACES).every == ()


@pytest.mark.parametrize(
    ("kind", "qty", "expected"),
    [("burn-rate", None, ActionKind.SLOW_SALE), ("ship-by-risk", None, ActionKind.OTHER), ("of-a-plugin", 10, ActionKind.ORDER),
     ("of-a-plugin", None, ActionKind.OTHER)],
)  # fmt: skip
def test_n7_each_kind_of_shortage_has_its_own_action(kind: str, qty: int | None, expected: ActionKind) -> None:
    [action] = actions_of([alert(kind, HERE, 10, qty=qty)], PLACES).every
    assert (action.kind, action.saving) == (expected, D(10))


def test_n7_a_rule_that_keeps_no_remedies_is_answered_as_it_says() -> None:
    [action] = actions_of([alert("of-a-plugin", HERE, 12, side="excess")], PLACES).every
    assert (action.kind, action.saving) == (ActionKind.OTHER, D(12))
