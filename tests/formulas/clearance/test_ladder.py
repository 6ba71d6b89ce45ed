"""Ladders of pay ratios: templates, dates, deadlines, floors (H45, H46, E9, E10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance import ladder as ld
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Money, PayRatio

START = datetime(2026, 11, 2, tzinfo=UTC)
RULE = ld.ExitRule(0.5, ld.LEAST_DWELL)


def _ratios(*texts: str) -> tuple[PayRatio, ...]:
    return tuple(PayRatio.parse(text) for text in texts)


def test_h45_the_standard_ladder_is_70_50_30_of_100_and_every_step_can_be_left() -> None:
    rungs = ld.schedule_template(ld.STANDARD, starts_at=START, deadline=START + timedelta(days=21))
    base = Money(Decimal(100), "CNY")
    assert [rung.pay_ratio.of(base).amount for rung in rungs] == [70, 50, 30]
    assert [rung.starts_at for rung in rungs] == [START + timedelta(days=7 * i) for i in range(3)]
    assert [rung.ends_at for rung in rungs] == [START + timedelta(days=7 * i) for i in (1, 2, 3)]
    assert {rung.exit_rule for rung in rungs} == {RULE}


def test_h46_a_step_without_an_end_is_refused() -> None:
    with pytest.raises(ld.OpenEndedRungError) as refused:
        ld.rung(PayRatio(Decimal("0.7")), starts_at=START, ends_at=None, exit_rule=RULE)
    assert (refused.value.code, refused.value.path) == ("open_ended_rung", ("ends_at",))
    with pytest.raises(ld.OpenEndedRungError):
        ld.schedule_template(ld.STANDARD, starts_at=START, deadline=None)


def test_e9_the_probe_at_8_comes_before_the_ladder_7_5_3() -> None:
    assert ld.TEST_FIRST.pay_ratios == _ratios("8折", "7折", "5折", "3折") == ld.MILD.pay_ratios
    assert ld.STANDARD.pay_ratios == _ratios("7折", "5折", "3折")
    deadline = START + timedelta(days=28)
    probe = ld.schedule_template(ld.TEST_FIRST, starts_at=START, deadline=deadline)
    assert [(rung.pay_ratio, rung.ends_at) for rung in probe] == [(PayRatio(Decimal("0.8")), START + timedelta(days=7))]
    assert len(ld.schedule_template(ld.MILD, starts_at=START, deadline=deadline)) == 4
    assert dict(ld.TEMPLATES) == {"mild": ld.MILD, "standard": ld.STANDARD, "test_first": ld.TEST_FIRST}


def test_e10_7_zhe_is_70_paid_and_30_off() -> None:
    seven = ld.STANDARD.pay_ratios[0]
    assert (seven.ratio, seven.text("zh-hans"), seven.text("en")) == (Decimal("0.7"), "7折", "30% off")
    assert seven == PayRatio.parse("7折") == PayRatio.parse("30% off")
    assert seven.of(Money(Decimal(100), "CNY")) == Money(Decimal(70), "CNY")


def test_a_rung_needs_time_to_show_its_effect() -> None:
    with pytest.raises(ld.ShortDwellError, match="3 rungs"):
        ld.schedule_template(ld.STANDARD, starts_at=START, deadline=START + timedelta(days=20))
    flash = ld.schedule_template(ld.STANDARD, starts_at=START, deadline=START + timedelta(hours=220), flash=True)
    assert [rung.ends_at - rung.starts_at for rung in flash] == [timedelta(hours=73), timedelta(hours=73), timedelta(hours=74)]
    assert flash[0].exit_rule.least_dwell == timedelta(hours=72)
    with pytest.raises(ld.ShortDwellError):
        ld.rung(PayRatio(Decimal("0.7")), starts_at=START, ends_at=START + timedelta(days=6), exit_rule=RULE)


def test_instants_have_a_zone_and_an_order() -> None:
    with pytest.raises(InvalidParameterError, match="time zone"):
        ld.schedule_ladder(_ratios("7折"), starts_at=START.replace(tzinfo=None), deadline=START + timedelta(days=9))
    with pytest.raises(InvalidParameterError, match="after the start"):
        ld.rung(PayRatio(Decimal("0.7")), starts_at=START, ends_at=START, exit_rule=RULE)
    with pytest.raises(InvalidParameterError, match="at least one rung"):
        ld.schedule_ladder([], starts_at=START, deadline=START + timedelta(days=9))
    with pytest.raises(ld.ShortDwellError):
        ld.schedule_ladder(_ratios("7折"), starts_at=START, deadline=START - timedelta(days=9))
    # Across the end of summer time a week of local days has an hour more.
    los_angeles = ZoneInfo("America/Los_Angeles")
    start, end = datetime(2026, 10, 31, tzinfo=los_angeles), datetime(2026, 11, 7, tzinfo=los_angeles)
    assert ld.schedule_ladder(_ratios("7折"), starts_at=start, deadline=end)[0].ends_at - start == timedelta(days=7, hours=1)


def test_a_ladder_falls() -> None:
    for texts in (("5折", "7折"), ("7折", "7折")):
        with pytest.raises(ld.RisingLadderError) as refused:
            ld.schedule_ladder(_ratios(*texts), starts_at=START, deadline=START + timedelta(days=90))
        assert refused.value.code == "rising_ladder"


@settings(max_examples=60, deadline=None)
@given(ratios=st.sets(st.integers(1, 100), min_size=1, max_size=6), spare=st.integers(0, 2000))
def test_rungs_follow_on_one_another_until_the_deadline_and_fall(ratios: set[int], spare: int) -> None:
    pay_ratios = [PayRatio(Decimal(r) / 100) for r in sorted(ratios, reverse=True)]
    deadline = START + len(pay_ratios) * ld.LEAST_DWELL + timedelta(hours=spare)
    rungs = ld.schedule_ladder(pay_ratios, starts_at=START, deadline=deadline)
    assert (rungs[0].starts_at, rungs[-1].ends_at) == (START, deadline)
    assert [rung.ends_at for rung in rungs[:-1]] == [rung.starts_at for rung in rungs[1:]]
    assert all(rung.ends_at - rung.starts_at >= ld.LEAST_DWELL for rung in rungs)
    assert all(a.pay_ratio > b.pay_ratio for a, b in pairwise(rungs))


def test_no_rung_is_below_the_floor() -> None:
    price, floor = Money(Decimal(100), "CNY"), Money(Decimal(50), "CNY")
    assert ld.above_floor(ld.STANDARD.pay_ratios, price, floor) == _ratios("7折", "5折")
    with pytest.raises(ld.LadderBelowFloorError) as refused:
        ld.above_floor(ld.STANDARD.pay_ratios, price, Money(Decimal(71), "CNY"))
    assert refused.value.code == "ladder_below_floor"
