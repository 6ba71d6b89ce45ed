"""The numbers of a screen agree with one another, with the alerts behind them and with their formulas (U6)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stockhub.agenda.today import today
from stockhub.alerts.models import Alert, AlertStatus, Side
from stockhub.core import clock
from tests.worlds import NOW, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_u6_every_number_of_today_is_its_alerts_and_what_its_formula_gives() -> None:
    """A number is there with a formula that evaluates to it, or it is not there and says why; sums are those of what is listed."""
    world = make_world()
    world.selling("SHORT", stock=100, rate=10.0)
    world.selling("MUCH", stock=5000, rate=1.0)
    run_cycle("warnings")
    with clock.at(NOW):
        found = today(limit=100)
    for side, lines in ((Side.SHORTAGE, found.shortage), (Side.EXCESS, found.excess)):
        alerts = Alert.objects.filter(side=side, status=AlertStatus.OPEN)
        assert lines.lines
        assert lines.alerts_in_all == alerts.count() == sum(1 + len(line.also) for line in lines.lines) == sum(lines.levels.values())
        for line in lines.lines:
            assert line.value.value == line.alert.value
            for metric in (line.value, line.money, line.saving):
                if metric.value is None:
                    assert metric.reason, line.headline
                elif metric.explanation is not None:
                    assert metric.explanation.evaluate() == pytest.approx(metric.value), line.headline
            assert line.value.value is None or line.value.explanation is not None, line.headline
        # Alerts of one subject price the same units: the worst of them counts.
        worst: dict[str, Decimal] = {}
        for subject, amount in alerts.exclude(money_amount=None).values_list("subject", "money_amount"):
            worst[subject] = max(worst.get(subject, Decimal(0)), amount or Decimal(0))
        assert lines.money.amount == sum(worst.values())
        assert lines.money.amount > 0


@pytest.mark.one_database
def test_n7_what_an_action_saves_ranks_the_lines_and_not_what_is_at_stake() -> None:
    world = make_world()
    # Out for 15 of the 22 days whatever anybody does: much is at stake, and 7 days of it can be saved. The other one lasts until the order
    # arrives: less is at stake, and all of it can be saved.
    for code, price, stock in (("GONE", "65", 0), ("IN-TIME", "90", 150)):
        world.selling(code, price=price, stock=stock or 1, rate=10.0)
    run_cycle("warnings")
    lines = [line for line in today().shortage.lines if line.alert.kind == "shortage"]
    assert [line.alert.sku.code for line in lines if line.alert.sku] == ["IN-TIME", "GONE"]
    assert [line.money.value for line in lines] == [70 * 50.0, 219 * 25.0]
    assert [line.saving.value for line in lines] == [70 * 50.0, 70 * 25.0]
    for line in lines:
        assert line.saving.explanation is not None
        assert line.saving.explanation.evaluate() == line.saving.value
    assert today().shortage.saving.amount == Decimal(3500 + 1750)
