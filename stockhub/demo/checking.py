"""The demo's alerts against its known truth: what was found, what was missed, and what was false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from stockhub.alerts.models import Alert, AlertStatus
from stockhub.demo.scenarios import SCENARIOS, Scenario
from stockhub.demo.truth import STANDS_FOR, Expectation, Verdict

#: Of the alerts of told SKUs, this part may be false.
FALSE_SHARE: Final = 0.1
Key = tuple[str, str, str]


@dataclass(slots=True)
class Tally:
    """One scenario: alerts that had to be there and were; the missed, with the level that was found instead; and the false ones."""

    scenario: Scenario
    subjects: set[tuple[str, str]] = field(default_factory=set)
    expected: int = 0
    found: int = 0
    missed: list[tuple[Expectation, int]] = field(default_factory=list)
    false: list[Expectation] = field(default_factory=list)
    #: Alerts on the scenario's subjects of kinds that have a verdict.
    raised: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """`told`: a tally for each scenario; `crowd`: the same of everything else, which is shown and not judged by its false alerts."""

    told: list[Tally]
    crowd: Tally

    @property
    def missed(self) -> int:
        return sum(len(tally.missed) for tally in self.told)

    @property
    def false(self) -> int:
        return sum(len(tally.false) for tally in self.told)

    @property
    def raised(self) -> int:
        return sum(tally.raised for tally in self.told)

    @property
    def is_passed(self) -> bool:
        """Nothing known was missed, and at most one alert in ten about told SKUs is false."""
        return self.missed == 0 and self.false <= FALSE_SHARE * self.raised


def open_alerts() -> dict[Key, int]:
    """The level of every alert that is not resolved, by SKU, pool and kind."""
    rows = Alert.objects.exclude(status=AlertStatus.RESOLVED).filter(sku__isnull=False, pool__isnull=False)
    return {(sku, pool, kind): level for sku, pool, kind, level in rows.values_list("sku__code", "pool__code", "kind", "level")}


def compare(truth: Iterable[Expectation], alerts: dict[Key, int]) -> Report:
    """The report. A level below the expected one is a miss: a manager who is not called is not called."""
    told = {slug: Tally(scenario) for slug, scenario in SCENARIOS.items() if scenario.is_told}
    crowd = Tally(SCENARIOS["mature"])
    for expectation in truth:
        tally = told[expectation.scenario.slug] if expectation.is_told else crowd
        _count(tally, expectation, _level(expectation, alerts))
    return Report(list(told.values()), crowd)


def _level(its: Expectation, alerts: dict[Key, int]) -> int:
    """Of the alert of that kind, or of the one that stands for it."""
    kinds = (its.kind, STANDS_FOR.get(its.kind, its.kind))
    return max(alerts.get((its.sku, its.pool, kind), 0) for kind in kinds)


def _count(tally: Tally, expectation: Expectation, level: int) -> None:
    tally.subjects.add((expectation.sku, expectation.pool))
    if expectation.verdict is Verdict.OPEN:
        return
    tally.raised += level > 0
    if expectation.verdict is Verdict.MUST_NOT:
        if level:
            tally.false.append(expectation)
        return
    tally.expected += 1
    if level >= expectation.level:
        tally.found += 1
    else:
        tally.missed.append((expectation, level))
