"""Bands, dated rows and what a table does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.bands import EVERYWHERE, Band, Closed, of_band
from stockhub.formulas.fees.charge import estimated_charge, rate_of, settled_charge, settled_or_estimated
from stockhub.formulas.fees.rates import AmbiguousRatesError, RateRow, RateTable, UnknownRateError
from stockhub.formulas.fees.storage import storage_charge, storage_fee_between
from stockhub.values import Money

JANUARY, JULY = date(2025, 1, 1), date(2025, 7, 1)


def row(rate: str, start: date | None, end: date | None, band: Band = EVERYWHERE, *, marketplace: str = "US") -> RateRow:
    return RateRow(
        marketplace=marketplace,
        fee="monthly_storage",
        tier="standard",
        effective_from=start,
        effective_to=end,
        rate=Decimal(rate),
        per="cuft/month",
        currency="USD",
        source="test",
        confidence="B",
        band=band,
    )


TABLE = RateTable("US", [row("0.87", JANUARY, date(2025, 6, 30)), row("0.78", JULY, None)])


def test_a_row_holds_from_its_first_day_to_its_last() -> None:
    found = [TABLE.row("monthly_storage", "standard", on).rate for on in (JANUARY, date(2025, 6, 30), JULY, date(2030, 1, 1))]
    assert found == [Decimal("0.87"), Decimal("0.87"), Decimal("0.78"), Decimal("0.78")]


@settings(max_examples=60, deadline=None)
@given(days=st.integers(1, 5000))
def test_the_fee_of_a_date_outside_all_rows_is_unknown_never_that_of_the_nearest(days: int) -> None:
    on = JANUARY - timedelta(days=days)
    with pytest.raises(UnknownRateError) as caught:
        storage_charge(TABLE, month=on, tier="standard", mean_cubic_feet=5)
    assert (caught.value.code, caught.value.params["missing"]) == ("unknown_rate", "this date")


def test_what_a_table_does_not_know_is_named() -> None:
    banded = RateTable("US", [row("0.5", JANUARY, None, Band(Decimal(1), Decimal(9), "both"))])
    for table, tier, at, missing in (
        (TABLE, "oversize", 0, "this tier"),
        (banded, "standard", 10, "10 (within 0)"),
        (RateTable("UK", [row("0.5", JANUARY, None)]), "standard", 5, "this tier"),
        (RateTable("US", []), "standard", 5, "this tier"),
    ):
        with pytest.raises(UnknownRateError) as caught:
            table.row("monthly_storage", tier, JULY, at=at)
        assert caught.value.params["missing"] == missing


def test_a_source_without_a_start_holds_on_any_day() -> None:
    assert RateTable("US", [row("0.5", None, None)]).row("monthly_storage", "standard", date(1995, 7, 1)).rate == Decimal("0.5")


def test_two_rows_that_hold_at_once_are_refused() -> None:
    first = row("0.87", JANUARY, JULY)
    for second in (row("0.78", JULY, None), row("0.78", None, JANUARY), row("0.78", None, None, Band(None, Decimal(3)))):
        with pytest.raises(AmbiguousRatesError, match="end the earlier one the day before the later one starts"):
            RateTable("US", [first, second])
    RateTable("US", [first, row("0.78", JULY + timedelta(days=1), None), replace(first, tier="oversize"), replace(first, marketplace="UK")])
    RateTable("US", [replace(first, band=Band(None, Decimal(3))), replace(first, band=Band(Decimal(3), None))])
    RateTable("US", [replace(first, within=Band(None, Decimal(3))), replace(first, within=Band(Decimal(3), None))])


bounds = st.one_of(st.none(), st.integers(0, 6).map(Decimal))
bands = st.builds(
    lambda a, b, closed: Band(a, b, closed) if a is None or b is None else Band(min(a, b), max(a, b), closed),
    bounds,
    bounds,
    st.sampled_from(("lower", "upper", "both", "neither")),
)


@settings(max_examples=60, deadline=None)
@given(first=bands, second=bands)
def test_bands_overlap_where_a_number_lies_in_both(first: Band, second: Band) -> None:
    halves = [Decimal(n) / 4 for n in range(-4, 32)]
    shared = any(number in first and number in second for number in halves)
    # An empty band such as (3, 3] holds nothing; it may still be refused beside another one.
    assert first.overlaps(second) or not shared
    if first.lower != first.upper and second.lower != second.upper:
        assert first.overlaps(second) == shared


@settings(max_examples=60, deadline=None)
@given(band=bands, number=st.integers(-4, 32))
def test_a_band_by_formula_is_the_band_by_decimals(band: Band, number: int) -> None:
    value = of_band(number / 4, [(band, 7.0)])
    assert (value == 7.0) == (Decimal(number) / 4 in band)


def test_a_band_names_its_bounds() -> None:
    written: list[tuple[Decimal | None, Decimal | None, Closed]] = [(Decimal(1), Decimal(2), "both"), (None, Decimal(2), "lower")]
    assert [str(Band(*bounds)) for bounds in written] == ["[1, 2]", "[…, 2)"]
    with pytest.raises(InvalidParameterError, match="lower is 3"):
        Band(Decimal(3), Decimal(2))


@settings(max_examples=60, deadline=None)
@given(start=st.dates(JANUARY, date(2027, 1, 1)), first=st.integers(0, 500), second=st.integers(0, 500), volume=st.floats(0, 1e4))
def test_a_storage_fee_is_additive_over_days(start: date, first: int, second: int, volume: float) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    parts = [storage_fee_between(volume, a, b, table=TABLE, tier="standard") for a, b in ((start, middle), (middle, end))]
    assert sum(parts) == pytest.approx(storage_fee_between(volume, start, end, table=TABLE, tier="standard"), rel=1e-12, abs=1e-12)


def test_a_whole_month_between_is_the_month_and_a_rate_is_that_of_its_first_day() -> None:
    assert storage_fee_between(100.0, JULY, date(2025, 8, 1), table=TABLE, tier="standard") == pytest.approx(78.0, rel=1e-14)
    assert storage_fee_between(100.0, JULY, JULY, table=TABLE, tier="standard") == 0.0
    with pytest.raises(InvalidParameterError, match="end is 2025-06-30"):
        storage_fee_between(100.0, JULY, date(2025, 6, 30), table=TABLE, tier="standard")
    mid_month = RateTable("US", [row("1", JANUARY, date(2025, 7, 9)), row("2", date(2025, 7, 10), None)])
    assert storage_charge(mid_month, month=date(2025, 7, 31), tier="standard", mean_cubic_feet=1).amount == Money(Decimal("1.00"), "USD")


def test_a_charge_has_its_rates_and_the_least_sure_of_them_counts() -> None:
    a, b = replace(row("2", JANUARY, None), confidence="A"), replace(row("3", JANUARY, None), confidence="C")
    charge = estimated_charge("x", rate_of(a, a.rate) * rate_of(b, b.rate), a, b)
    assert (charge.amount, charge.confidence, charge.rows) == (Money(Decimal("6.00"), "USD"), "C", (a, b))
    assert charge.explanation.inputs()["rate"].source == "test"


def test_what_was_charged_wins_over_any_estimate() -> None:
    estimate = storage_charge(TABLE, month=JULY, tier="standard", mean_cubic_feet=10)
    real = settled_charge("monthly_storage", Money(Decimal("7.77"), "USD"))
    assert settled_or_estimated(real, estimate) is real
    assert settled_or_estimated(None, estimate) is estimate
    assert (real.confidence, real.explanation.source, real.explanation.value) == ("A", "settlement", 7.77)


def test_an_input_that_is_no_quantity_is_refused_by_name() -> None:
    for volume in (-1.0, float("nan"), float("inf")):
        with pytest.raises(InvalidParameterError, match="mean_cubic_feet"):
            storage_charge(TABLE, month=JULY, tier="standard", mean_cubic_feet=volume)
