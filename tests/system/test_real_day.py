"""Real sales travel the whole way on PostgreSQL and Redis, and the cycles are beat's. `make soak` lives that day on SQLite as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.migrated import template_of
from tests.services import POSTGRES, AbsentError, postgres_database, redis_database
from tests.system.real_day import assert_real_sales_become_today

pytestmark = [pytest.mark.slow, pytest.mark.services]


@pytest.fixture
def services() -> Iterator[dict[str, str]]:
    """Variables that name a database made for this and a broker."""
    try:
        with postgres_database("real_day", template=template_of(POSTGRES)) as database, redis_database() as broker:
            yield {"DATABASE_URL": database, "BROKER_URL": broker}
    except AbsentError as error:
        absent(str(error))


def test_d2_h26_h27_real_sales_become_a_today_whose_numbers_explain_themselves(
    services: dict[str, str], shared: Path, tmp_path: Path
) -> None:
    assert_real_sales_become_today(shared, tmp_path, services)
