"""Dated rates: the last known, never a silent 1."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from stockhub.catalog.exchange_rates import rate_on, rates_on, record_rates
from stockhub.catalog.models import ExchangeRate
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def rates() -> None:
    record_rates(
        [(date(2025, 1, 1), "USD", "CNY", "7.2"), (date(2025, 1, 10), "USD", "CNY", "7.3"), (date(2025, 1, 5), "CNY", "EUR", "0.125")]
    )


def test_the_last_rate_on_or_before_the_day_counts() -> None:
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 9), date(2025, 1, 10), date(2026, 1, 1)]
    known = [rate_on(day, "USD", "CNY") for day in days]
    assert known == [None, Decimal("7.2"), Decimal("7.2"), Decimal("7.3"), Decimal("7.3")]
    np.testing.assert_allclose(rates_on(days, ["USD"] * 5, "CNY"), [np.nan, 7.2, 7.2, 7.3, 7.3])


def test_the_opposite_rate_serves_where_there_is_no_direct_one() -> None:
    assert rate_on(date(2025, 1, 5), "EUR", "CNY") == Decimal(8)
    np.testing.assert_allclose(rates_on([date(2025, 1, 5)] * 2, ["EUR", "CNY"], "CNY"), [8.0, 1.0])


def test_an_unknown_rate_is_unknown() -> None:
    assert rate_on(date(2025, 1, 5), "JPY", "CNY") is None
    assert rate_on(date(2025, 1, 5), "", "CNY") is None
    np.testing.assert_array_equal(rates_on([date(2025, 1, 5)] * 2, ["JPY", ""], "CNY"), [np.nan, np.nan])
    assert len(rates_on([], [], "CNY")) == 0


def test_a_known_rate_is_never_overwritten() -> None:
    record_rates([(date(2025, 1, 1), "USD", "CNY", "9")])
    assert rate_on(date(2025, 1, 1), "USD", "CNY") == Decimal("7.2")


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "many"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(DomainError) as caught:
        record_rates([(date(2025, 2, 1), "USD", "CNY", rate)])
    assert caught.value.code == "invalid_rate"
    assert not ExchangeRate.objects.filter(day=date(2025, 2, 1)).exists()
