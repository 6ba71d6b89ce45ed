"""Whether a change without an answer was done, over every number that a platform may show (promise 13)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockhub.channels.pushes.guarding import Change, Limits, beyond
from stockhub.channels.pushes.judging import Verdict, verdict

SMALL = st.integers(min_value=0, max_value=60)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(before=SMALL, after=SMALL, sold=SMALL, taken=SMALL, was_done=st.booleans())
def test_the_verdict_is_never_wrong_it_may_only_be_unclear(before: int, after: int, sold: int, taken: int, was_done: bool) -> None:  # noqa: FBT001 - drawn
    shown = (after if was_done else before) - min(taken, sold)
    said = verdict(shown=shown, before=before, after=after, sold=sold)
    assert said in ((Verdict.DONE if was_done else Verdict.NOT_DONE), Verdict.UNCLEAR)
    if not sold and before != after:
        assert said != Verdict.UNCLEAR


def test_what_nobody_knew_before_is_only_done_where_it_is_exactly_so() -> None:
    assert verdict(shown=20, before=None, after=20, sold=0) == Verdict.DONE
    assert verdict(shown=19, before=None, after=20, sold=0) == Verdict.UNCLEAR
    assert verdict(shown=20, before=None, after=20, sold=3) == Verdict.UNCLEAR
    assert verdict(shown=None, before=5, after=20, sold=0) == Verdict.UNCLEAR
    assert verdict(shown=17, before=10, after=25, sold=0) == Verdict.UNCLEAR


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=6), SMALL, SMALL)
def test_the_guard_holds_a_push_exactly_where_a_limit_is_passed(steps: list[tuple[int, int]], row: int, push: int) -> None:
    limits = Limits(row, Decimal(10**6), push, Decimal(10**6))
    found = {each.code for each in beyond([Change("x", Decimal(a), Decimal(b)) for a, b in steps], limits)}
    assert ("row_qty" in found) == any(abs(a - b) > row for a, b in steps)
    assert ("push_qty" in found) == (sum(abs(a - b) for a, b in steps) > push)


def test_a_price_has_limits_in_per_cent_and_no_limits_hold_everything() -> None:
    limits = Limits(1, Decimal(10), 1, Decimal(10))
    change = Change("x", Decimal(100), Decimal("109.99"), is_money=True)
    assert beyond([change], limits) == []
    assert [each.code for each in beyond([Change("x", Decimal(100), Decimal(111), is_money=True)], limits)] == ["row_pct", "push_pct"]
    assert [each.code for each in beyond([change], Limits(1, None, 1, Decimal(1)))] == ["no_limits"]
    free = Change("x", Decimal(0), Decimal(5), is_money=True)
    assert [each.code for each in beyond([free], limits)] == ["before_unknown"], "there is no per cent of nothing"
