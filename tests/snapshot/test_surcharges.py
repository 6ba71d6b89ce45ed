"""From which age lots are charged, when and how much (H44, E14): against the shared fee tables, and by warehouse."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from stockhub.catalog.models import ExchangeRate, Warehouse
from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE, aged_charge, first_assessment_on, first_charged_age
from stockhub.formulas.fees.rates import UnknownRateError
from stockhub.snapshot.surcharges import surcharge_table, surcharges_of
from stockhub.snapshot.worth import Rates
from tests.formulas.fee_rates import FACTS, fee_table

DAY = date(2026, 8, 3)
needs_facts = pytest.mark.skipif(not FACTS.exists(), reason="Shared data is absent: set STOCKHUB_SHARED.")


@pytest.mark.django_db
@needs_facts
@pytest.mark.parametrize(("country", "marketplace"), [("US", "US"), ("GB", "UK"), ("DE", "DE"), ("CA", "CA")])
@pytest.mark.parametrize("on", [date(2025, 6, 15), date(2026, 2, 15), date(2026, 8, 15)])
def test_e14_the_tables_are_the_shared_ones(country: str, marketplace: str, on: date) -> None:
    ours, shared = surcharge_table(country), fee_table(marketplace)
    assert ours is not None
    for age in (0, 180, 181, 240, 241, 271, 365, 366, 456, 900):
        try:
            row = shared.row(AGED_SURCHARGE, "any", on, at=age)
        except UnknownRateError:
            with pytest.raises(UnknownRateError):
                ours.row(AGED_SURCHARGE, "any", on, at=age)
            continue
        found = ours.row(AGED_SURCHARGE, "any", on, at=age)
        assert (found.rate, found.least, found.per, found.currency) == (row.rate, row.least, row.per, row.currency)


@pytest.mark.django_db
def test_h44_the_first_charged_day_is_181_in_america_and_241_in_europe_and_unknown_elsewhere() -> None:
    tables = [surcharge_table(country) for country in ("US", "GB", "DE", "CA")]
    assert [first_charged_age(table, DAY) for table in tables if table] == [181, 241, 241, 181]
    assert surcharge_table("JP") is None


@pytest.mark.django_db
@pytest.mark.both_databases
class TestLots:
    def house(self, code: str, country: str, kind: str = "fba") -> int:
        return Warehouse.objects.create(code=code, name=code, country=country, kind=kind).pk

    def test_e14_every_age_is_charged_on_the_first_15th_on_which_it_is_old_enough(self) -> None:
        ExchangeRate.objects.create(day=DAY, source_currency="USD", target_currency="CNY", rate="7")
        us, table = self.house("us", "US"), surcharge_table("US")
        assert table is not None
        age = np.arange(0.0, 500.0)
        found = surcharges_of(np.full(500, us), age, np.full(500, 2.0), DAY, Rates(DAY))
        for place in range(0, 500, 7):
            # Today's assessment, if there is one, is over.
            on = first_assessment_on(DAY + timedelta(days=1), place + 1, 181)
            charge = aged_charge(table, snapshot_on=on, age_days=place + (on - DAY).days, unit_cubic_feet=2.0, units=1)
            assert found.assessed_in[place] == (on - DAY).days
            assert found.charge[place] == pytest.approx(float(charge.amount.amount) * 7)
        assert set(found.charged_from.tolist()) == {181.0}

    def test_e14_each_warehouse_has_its_countrys_ages_and_others_charge_nothing(self) -> None:
        houses = [
            self.house("us", "US"), self.house("de", "de"), self.house("jp", "JP"), self.house("own", "US", "own"),
            self.house("none", ""),
        ]  # fmt: skip
        found = surcharges_of(np.array(houses), np.full(5, 200.0), np.full(5, 1.0), DAY, Rates(DAY))
        np.testing.assert_array_equal(found.charged_from, [181.0, 241.0, np.nan, np.nan, np.nan])
        # Charged already: on the 15th of August. In Germany from the 13th of September on, and so on the 15th of that month.
        np.testing.assert_array_equal(found.assessed_in, [12.0, 43.0, np.nan, np.nan, np.nan])
        # Nobody knows what a dollar is.
        assert np.isnan(found.charge).all()

    def test_on_the_day_of_an_assessment_the_next_one_is_asked_for(self) -> None:
        us, day = self.house("us", "US"), date(2026, 8, 15)
        found = surcharges_of(np.array([us]), np.array([300.0]), np.array([1.0]), day, Rates(day))
        assert found.assessed_in.tolist() == [31.0]

    def test_e14_goods_that_are_exempt_for_a_while_are_charged_nothing_until_then(self) -> None:
        """Amazon charges some categories from day 271 on only."""
        ExchangeRate.objects.create(day=DAY, source_currency="USD", target_currency="CNY", rate="7")
        us, table = self.house("us", "US"), surcharge_table("US")
        assert table is not None
        exempt = sorted({name for row in table.rows_on(AGED_SURCHARGE, "any", DAY) for name in row.exempt_categories})
        assert exempt
        age, category = np.array([200.0, 200.0, 300.0]), np.array(["", exempt[0], exempt[0]], object)
        found = surcharges_of(np.full(3, us), age, np.full(3, 2.0), DAY, Rates(DAY), category)
        charged, free, old = found.charge.tolist()
        assert (charged > 0, free, old > charged) == (True, 0.0, True)
