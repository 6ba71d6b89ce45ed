"""No sale for three months (H87)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.health.last_sale import days_of_last_months, days_since_last_sale, unsold_for_months

AS_OF = date(2026, 6, 30)
TODAY = float(AS_OF.toordinal())


def days_ago(*days: float) -> np.ndarray:
    return TODAY - np.array(days)


def test_h87_sold_92_days_ago_opens_the_flow_and_88_days_ago_does_not() -> None:
    """The first SKU was counted yesterday, was moved and had a return in between: none of these is a sale."""
    row = np.array([0, 0, 0, 0, 1])
    is_sale = np.array([True, False, False, False, True])
    since = days_since_last_sale(row, days_ago(92, 1, 30, 60, 88), is_sale, first_stocked_day=days_ago(400, 400), as_of_day=TODAY)
    assert since.tolist() == [92.0, 88.0]
    limit = float(days_of_last_months(AS_OF))
    assert unsold_for_months(np.array([40.0, 40.0]), since, limit).tolist() == [1.0, 0.0]


def test_h87_on_every_day_of_the_year_92_days_are_three_months_and_88_are_not() -> None:
    days = {days_of_last_months(date(2024, 1, 1) + timedelta(days=day)) for day in range(366 + 365)}
    assert (min(days), max(days)) == (89, 92)


def test_h87_a_sku_on_two_accounts_has_two_clocks() -> None:
    since = days_since_last_sale(
        np.array([0, 1]), days_ago(5, 95), np.array([True, True]), first_stocked_day=days_ago(400, 400), as_of_day=TODAY
    )
    assert unsold_for_months(np.array([7.0, 7.0]), since, 91.0).tolist() == [0.0, 1.0]


def test_h87_what_never_sold_counts_from_its_first_day_in_stock() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    first = np.array([TODAY - 100, TODAY - 10, np.nan, TODAY + 5])
    since = days_since_last_sale(nothing, np.zeros(0), np.zeros(0, dtype=np.bool_), first_stocked_day=first, as_of_day=TODAY)
    assert since.tolist()[:2] == [100.0, 10.0]
    assert np.isnan(since[2:]).all()


def test_sales_after_the_day_are_not_known_yet() -> None:
    since = days_since_last_sale(
        np.array([0, 0]), days_ago(95, -1), np.array([True, True]), first_stocked_day=np.array([np.nan]), as_of_day=TODAY
    )
    assert since.tolist() == [95.0]


def test_without_stock_there_is_nothing_to_clear() -> None:
    assert [unsold_for_months(stock, 200.0, 91.0) for stock in (0.0, -1.0, 1.0)] == [0.0, 0.0, 1.0]


def test_months_end_where_the_earlier_month_ends() -> None:
    assert days_of_last_months(date(2026, 5, 31)) == (date(2026, 5, 31) - date(2026, 2, 28)).days
    assert days_of_last_months(date(2026, 1, 15), 1) == 31
    with pytest.raises(InvalidParameterError):
        days_of_last_months(AS_OF, 0)
