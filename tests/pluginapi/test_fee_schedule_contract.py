"""The contract of a fee schedule catches what a schedule must not say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from stockhub.pluginapi import FeeBand, FeeRate, FeeSchedule
from stockhub.pluginapi.testing import FeeScheduleContract
from stockhub.values import Label


def rate(**changes: Any) -> FeeRate:  # noqa: ANN401 - whatever the case is about
    given: dict[str, Any] = {
        "fee": "storage", "tier": "any", "effective_from": date(2026, 1, 1), "rate": Decimal("0.1"), "per": "price", "currency": "USD",
        "source": "a page", "confidence": "B",
    }  # fmt: skip
    return FeeRate(**(given | changes))


class Fees(FeeSchedule):
    slug = "fees"
    name = Label("Fees", "费用")
    marketplace = "bazaar"
    sites = ("US",)

    def __init__(self, *rates: FeeRate) -> None:
        self.given: Callable[[str], Sequence[FeeRate]] = lambda site: rates if site == "US" else ()

    def rates(self, site: str) -> Sequence[FeeRate]:
        return self.given(site)


def failures(schedule: FeeSchedule) -> list[str]:
    """The names of the tests that a schedule fails."""
    contract = FeeScheduleContract()
    contract.schedule = schedule
    failed = []
    for name in sorted(name for name in dir(contract) if name.startswith("test_")):
        try:
            getattr(contract, name)()
        except AssertionError:
            failed.append(name)
    return failed


def test_a_good_schedule_passes() -> None:
    later = rate(effective_from=date(2026, 2, 1), rate=Decimal("0.2"))
    assert failures(Fees(rate(effective_to=date(2026, 1, 31)), later)) == []
    bands = [rate(band=FeeBand(None, Decimal(10))), rate(band=FeeBand(Decimal(10), None))]
    assert failures(Fees(*bands)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": Decimal(-1)}, {"rate": Decimal("NaN")}, {"rate": Decimal(5)}, {"currency": "$"}, {"source": " "}, {"confidence": "E"},
        {"effective_to": date(2025, 1, 1)}, {"least": Decimal(2), "most": Decimal(1)}, {"fee": ""},
    ],
)  # fmt: skip
def test_a_rate_that_is_no_fact_is_caught(wrong: dict[str, Any]) -> None:
    assert failures(Fees(rate(**wrong))) == ["test_every_rate_is_a_dated_fact_with_its_source"]


def test_rates_that_hold_at_once_sites_without_rates_and_rates_of_any_site_are_caught() -> None:
    assert failures(Fees(rate(), rate(effective_from=date(2026, 2, 1)))) == ["test_no_two_rates_hold_at_once"]
    assert failures(Fees(rate(band=FeeBand(Decimal(1), Decimal(5), "both")), rate(band=FeeBand(Decimal(5), None, "both")))) == [
        "test_no_two_rates_hold_at_once"
    ]
    assert failures(Fees()) == ["test_every_rate_is_a_dated_fact_with_its_source"]
    everywhere = Fees()
    everywhere.given = lambda _site: (rate(),)
    assert failures(everywhere) == ["test_gives_the_same_answer_again_and_none_for_a_site_that_it_does_not_know"]
