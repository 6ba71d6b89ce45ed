"""The contract of a fee schedule, as tests that a plugin author runs against his own."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations

from stockhub.pluginapi.fee_schedule import FeeBand, FeeRate, FeeSchedule, FeeSizeClass
from stockhub.pluginapi.manifest import SLUG_PATTERN

#: What `per` may say of a rate that is a share, so at most 1.
_SHARES = frozenset({"price", "fee"})


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


class FeeScheduleContract:
    """Subclass it in a test file and name the schedule; pytest finds the rest.

        class TestMyFees(FeeScheduleContract):
            schedule = MyFees()

    Needs neither Django nor a database.
    """

    schedule: FeeSchedule

    def test_has_a_slug_a_name_in_both_languages_and_sites(self) -> None:
        schedule = self.schedule
        _require(SLUG_PATTERN.fullmatch(schedule.slug), f"slug {schedule.slug!r} must be lower-case words joined by hyphens")
        _require(SLUG_PATTERN.fullmatch(schedule.marketplace), f"marketplace {schedule.marketplace!r} must be a connector's slug")
        _require(schedule.name.en.strip() and schedule.name.zh.strip(), "name needs English and Chinese")
        _require(len(set(schedule.sites)) == len(schedule.sites) > 0, "sites must be named once each, and at least one")

    def test_every_rate_is_a_dated_fact_with_its_source(self) -> None:
        for site in self.schedule.sites:
            rates = self.schedule.rates(site)
            _require(rates, f"{site} has no rate: leave it out of sites, so that its fees are unknown")
            for rate in rates:
                _require(isinstance(rate, FeeRate), f"{rate!r:.100} is no FeeRate")
                _require_sound(site, rate)

    def test_no_two_rates_hold_at_once(self) -> None:
        for site in self.schedule.sites:
            by_tier: dict[tuple[str, str], list[FeeRate]] = defaultdict(list)
            for rate in self.schedule.rates(site):
                by_tier[rate.fee, rate.tier].append(rate)
            for (fee, tier), rates in by_tier.items():
                for one, other in combinations(rates, 2):
                    _require(not _clash(one, other), f"two rates of {fee} ({tier}) in {site} hold at once, from {one.effective_from}")

    def test_gives_the_same_answer_again_and_none_for_a_site_that_it_does_not_know(self) -> None:
        for site in self.schedule.sites:
            _require(list(self.schedule.rates(site)) == list(self.schedule.rates(site)), f"{site} gives other rates the second time")
        _require(not self.schedule.rates("nowhere"), "a site that it does not know has no rates")

    def test_size_classes_come_smallest_first(self) -> None:
        for site in self.schedule.sites:
            classes = self.schedule.size_classes(site)
            for each in classes:
                _require(isinstance(each, FeeSizeClass) and each.tier and each.storage_tier, f"{each!r:.100} is no FeeSizeClass")
            sizes = [(each.weight_lb, each.longest) for each in classes]
            _require(sizes == sorted(sizes), f"the size classes of {site} must come smallest first")


def _require_sound(site: str, rate: FeeRate) -> None:
    of = f"{rate.fee} ({rate.tier}) in {site}"
    _require(rate.fee and rate.tier and rate.per, f"{of} needs a fee, a tier and what it is per")
    _require(len(rate.currency) == 3 and rate.currency.isupper(), f"the currency {rate.currency!r} of {of} is no ISO 4217 code")
    _require(rate.source.strip(), f"{of} needs a source")
    _require(rate.confidence in ("A", "B", "C", "D"), f"the confidence of {of} must be A, B, C or D, not {rate.confidence!r}")
    starts, ends = rate.effective_from or date.min, rate.effective_to or date.max
    _require(starts <= ends, f"{of} ends on {ends}, before it starts")
    amounts = [rate.rate, rate.fixed, *(n for n in (rate.least, rate.most, rate.step) if n is not None)]
    _require(all(isinstance(n, Decimal) and n.is_finite() and n >= 0 for n in amounts), f"{of} needs decimals of at least 0")
    _require(rate.per not in _SHARES or rate.rate <= 1, f"{of} is a share, so at most 1")
    _require(rate.least is None or rate.most is None or rate.least <= rate.most, f"the least of {of} must not pass its most")


def _clash(one: FeeRate, other: FeeRate) -> bool:
    apart = (one.effective_from or date.min) > (other.effective_to or date.max)
    apart = apart or (other.effective_from or date.min) > (one.effective_to or date.max)
    return not apart and _overlap(one.band, other.band) and _overlap(one.within, other.within)


def _overlap(one: FeeBand, other: FeeBand) -> bool:
    return not (_ends_before(one, other) or _ends_before(other, one))


def _ends_before(one: FeeBand, other: FeeBand) -> bool:
    if one.upper is None or other.lower is None:
        return False
    touching = one.closed in ("upper", "both") and other.closed in ("lower", "both")
    return one.upper < other.lower or (one.upper == other.lower and not touching)
