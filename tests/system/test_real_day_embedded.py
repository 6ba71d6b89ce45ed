"""Real sales travel the whole way on SQLite and the filesystem broker, and the cycles are beat's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.real_day import assert_real_sales_become_today

pytestmark = pytest.mark.slow


def test_d2_h26_h27_real_sales_become_a_today_whose_numbers_explain_themselves(shared: Path, tmp_path: Path) -> None:
    assert_real_sales_become_today(shared, tmp_path, {})
