"""The two shared files of real order lines go in with their line types handled as their README says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from stockhub.channels.models import Account, CustomerReturn, OrderLine
from stockhub.demand.models import SalesSeries

Run = Callable[..., tuple[int, str]]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_part_of_online_retail_goes_in_with_its_line_types_and_duplicates(shared: Path, run: Run, tmp_path: Path) -> None:
    """Slow: tens of thousands of lines."""
    Account.objects.create(code="uci", name="UCI", marketplace="file", time_zone="Europe/London", currency="GBP")
    part = pq.read_table(shared / "data" / "online_retail_uci_events.parquet").slice(0, 20_000)
    pq.write_table(part, tmp_path / "part.parquet")
    frame = part.to_pandas()
    kinds = frame.line_type.value_counts()
    assert frame.duplicated().sum() > 100
    status, text = run("import_sales", tmp_path / "part.parquet", account="uci", create_skus=True)
    assert status == 0
    assert f"20000 rows read, {kinds['sale'] + kinds['cancel']} new or changed, 0 unchanged, 0 refused." in text
    matched = OrderLine.objects.filter(kind="excluded").exclude(master_line="").count()
    assert CustomerReturn.objects.count() == kinds["cancel"] - matched
    taken_back = sum(OrderLine.objects.filter(kind="excluded").exclude(master_line="").values_list("qty", flat=True))
    gross = frame[frame.line_type == "sale"].qty.sum()
    assert matched > 10
    assert sum(float(np.nansum(series.daily)) for series in SalesSeries.objects.all()) == gross - taken_back
    again = run("import_sales", tmp_path / "part.parquet", account="uci", create_skus=True)[1]
    assert f"0 new or changed, {kinds['sale'] + kinds['cancel']} unchanged, 0 refused." in again


@pytest.mark.slow
@pytest.mark.django_db
def test_the_end_of_complete_journey_goes_in_and_lines_without_units_are_refused(shared: Path, run: Run, tmp_path: Path) -> None:
    """Slow: tens of thousands of lines. The last times lie in 2018."""
    Account.objects.create(code="cj", name="CJ", marketplace="file", time_zone="America/New_York", currency="USD")
    whole = pq.read_table(shared / "data" / "completejourney_events.parquet")
    part = whole.slice(whole.num_rows - 20_000)
    pq.write_table(part, tmp_path / "part.parquet")
    frame = part.to_pandas()
    nothing = int((frame.qty == 0).sum())
    assert nothing > 0
    status, text = run("import_sales", tmp_path / "part.parquet", account="cj", create_skus=True)
    assert status == 0
    assert f"20000 rows read, {20_000 - nothing} new or changed, 0 unchanged, {nothing} refused." in text
    assert max(series.first_on.toordinal() + len(series.daily) - 1 for series in SalesSeries.objects.all()) == frame.ts.max().toordinal()
    assert sum(float(np.nansum(series.daily)) for series in SalesSeries.objects.all()) == frame.qty.sum()
