"""The comparison with the truth can fail, and says where."""

from __future__ import annotations

from stockhub.demo.checking import Report, compare
from stockhub.demo.report import report_lines
from stockhub.demo.scenarios import SCENARIOS
from stockhub.demo.truth import END_OF_LIFE_LINE, ORDER_DUE, SHORTAGE, STOCKOUT_RISK, Expectation, Verdict

DEAD, HEALTHY = SCENARIOS["dead"], SCENARIOS["healthy"]


def expect(sku: str, verdict: Verdict, level: int = 0, *, is_told: bool = True) -> Expectation:
    return Expectation(sku, "CN", "unsold-stock", DEAD if verdict is Verdict.MUST else HEALTHY, is_told, verdict, level)


def judged(truth: list[Expectation], **levels: int) -> Report:
    return compare(truth, {(sku, "CN", "unsold-stock"): level for sku, level in levels.items()})


def test_all_found_and_nothing_false_passes() -> None:
    report = judged([expect("A", Verdict.MUST, 2), expect("B", Verdict.MUST_NOT)], A=3)
    assert (report.missed, report.false, report.raised) == (0, 0, 1)
    assert report.is_passed


def test_a_dead_sku_without_its_alert_fails_and_is_named() -> None:
    report = judged([expect("A", Verdict.MUST, 2)])
    assert not report.is_passed
    assert any("missed: unsold-stock of A in CN, level 2 at least, found 0" in line for line in report_lines(report))
    assert list(report_lines(report))[-1].endswith("FAILED")


def test_a_level_below_the_expected_one_is_a_miss() -> None:
    assert judged([expect("A", Verdict.MUST, 3)], A=2).missed == 1


def test_one_false_alert_in_ten_is_the_most() -> None:
    truth = [expect(f"D{n}", Verdict.MUST, 1) for n in range(9)]
    found = {f"D{n}": 1 for n in range(9)}
    assert judged([*truth, expect("H", Verdict.MUST_NOT)], **found, H=1).is_passed
    two = judged([*truth, expect("H", Verdict.MUST_NOT), expect("I", Verdict.MUST_NOT)], **found, H=1, I=1)
    assert two.false == 2
    assert not two.is_passed


def test_an_open_verdict_neither_counts_nor_fails() -> None:
    report = judged([expect("A", Verdict.OPEN)], A=3)
    assert (report.raised, report.false, report.missed) == (0, 0, 0)


def test_the_crowd_is_shown_and_not_judged() -> None:
    report = judged([expect("A", Verdict.MUST_NOT, is_told=False)], A=1)
    assert report.is_passed
    assert len(report.crowd.false) == 1


def test_h62_the_end_of_life_line_stands_for_shortage_and_order_due_and_for_nothing_else() -> None:
    runs_out = SCENARIOS["runs-out"]
    truth = [Expectation("A", "CN", kind, runs_out, True, Verdict.MUST, 2) for kind in (SHORTAGE, ORDER_DUE, STOCKOUT_RISK)]
    report = compare(truth, {("A", "CN", END_OF_LIFE_LINE): 3})
    assert [(its.kind, level) for tally in report.told for its, level in tally.missed] == [(STOCKOUT_RISK, 0)]
