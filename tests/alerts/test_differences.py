"""Findings against open alerts, over arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stockhub.alerts.differences import CLEAN_EVALUATIONS, Differences, Numbers, OpenAlerts, differences


def numbers(n: int, value: float = 1.0) -> Numbers:
    return Numbers(np.full(n, value), *[np.full(n, np.nan) for _other in range(4)])


def compare(
    level: list[int], hold: list[int], shown: list[tuple[int, int, int]], *, value: float = 1.0, quiet: list[bool] | None = None
) -> Differences:
    """`shown`: row, level and clean evaluations of each open alert, whose value is 1."""
    alerts = OpenAlerts(
        id=np.arange(len(shown)),
        row=np.array([s[0] for s in shown], np.int64),
        level=np.array([s[1] for s in shown], np.int8),
        clean=np.array([s[2] for s in shown], np.int8),
        numbers=numbers(len(shown)),
    )
    return differences(
        np.array(level, np.int8), np.array(hold, np.int8), numbers(len(level), value), alerts,
        np.array(quiet or [False] * len(level), np.bool_),
    )  # fmt: skip


def test_a_finding_without_an_alert_opens_one_and_a_quiet_one_does_not() -> None:
    assert compare([2, 0, 1, -1], [2, 1, 1, -1], [], quiet=[False, False, True, False]).opened.tolist() == [0]


def test_a_worse_finding_raises_at_once() -> None:
    diff = compare([3], [3], [(0, 1, 0)])
    assert (diff.raised.tolist(), diff.new_level.tolist()) == ([0], [3])


def test_what_the_laxer_line_still_finds_holds_the_level() -> None:
    diff = compare([0], [2], [(0, 2, 1)])
    assert (diff.resolved.tolist(), diff.new_level.tolist(), diff.new_clean.tolist(), diff.counted.tolist()) == ([], [2], [0], [0])


def test_a_level_falls_after_two_clean_evaluations() -> None:
    first = compare([1], [1], [(0, 3, 0)])
    assert (first.lowered.tolist(), first.counted.tolist(), first.new_level.tolist(), first.new_clean.tolist()) == ([], [0], [3], [1])
    second = compare([1], [1], [(0, 3, 1)])
    assert (second.lowered.tolist(), second.new_level.tolist(), second.new_clean.tolist()) == ([0], [1], [0])


def test_an_alert_whose_row_is_gone_is_resolved_at_once() -> None:
    assert compare([1], [1], [(-1, 2, 0)]).resolved.tolist() == [0]
    assert compare([], [], [(-1, 2, 0)]).resolved.tolist() == [0]


def test_what_was_not_evaluated_changes_nothing() -> None:
    diff = compare([-1], [-1], [(0, 2, 1)], value=99.0)
    assert [a.tolist() for a in (diff.opened, diff.raised, diff.lowered, diff.resolved, diff.counted, diff.renumbered)] == [[]] * 6


def test_other_numbers_at_the_same_level_are_written_and_equal_ones_are_not() -> None:
    assert compare([2], [2], [(0, 2, 0)], value=1.5).renumbered.tolist() == [0]
    assert compare([2], [2], [(0, 2, 0)], value=1.0).renumbered.tolist() == []


levels = st.integers(-1, 3)


@given(st.lists(st.tuples(levels, levels, st.integers(0, 3), st.integers(0, CLEAN_EVALUATIONS - 1), st.booleans()), max_size=30))
def test_each_alert_takes_one_step_and_no_row_gets_a_second_alert(rows: list[tuple[int, int, int, int, bool]]) -> None:
    level = [r[0] for r in rows]
    hold = [max(r[0], r[1]) for r in rows]
    shown = [(i, r[2], r[3]) for i, r in enumerate(rows) if r[2] > 0]
    diff = compare(level, hold, shown)
    taken = {s[0] for s in shown}
    assert not taken & set(diff.opened.tolist())
    assert set(diff.opened.tolist()) == {i for i, found in enumerate(level) if found > 0 and i not in taken}
    steps = [set(a.tolist()) for a in (diff.raised, diff.lowered, diff.resolved)]
    assert sum(map(len, steps)) == len(set().union(*steps))
    assert all(0 <= after <= 3 for after in diff.new_level.tolist())
