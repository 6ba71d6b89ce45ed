"""An import that is killed is finished by running it again, in processes of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from stockhub.channels.models import OrderLine
from stockhub.demand.models import SalesSeries
from stockhub.exchange.models import ImportJob, ImportStatus
from tests import migrated
from tests.channels.shop import small_shop

REPOSITORY = Path(__file__).resolve().parents[2]
ROWS = 60_000


def environment(folder: Path) -> dict[str, str]:
    """The database of the tests, as a process of its own sees it."""
    settings = connection.settings_dict
    if connection.vendor == "postgresql":
        url = f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    else:
        url = f"sqlite:///{folder / 'killed.sqlite3'}"
    return os.environ | {"DATABASE_URL": url, "STOCKHUB_VAR": str(folder), "LOG_LEVEL": "ERROR"}


def manage(env: dict[str, str], *args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *[str(arg) for arg in args]]
    return subprocess.run(command, cwd=REPOSITORY, env=env, check=False, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_an_import_killed_half_way_is_finished_by_the_next_one(tmp_path: Path) -> None:
    """Slow: a real process has to start, be killed in the middle of its work, and start again."""
    env = environment(tmp_path)
    path = tmp_path / "sales.csv"
    with path.open("w") as file:
        file.write("order_id,sku,time,quantity,price\n")
        file.writelines(f"{n // 3},S{n % 50},2025-06-{n % 28 + 1:02} 10:00,{n % 5 + 1},9.90\n" for n in range(ROWS))
    if connection.vendor == "postgresql":
        small_shop()
    else:
        if (copy := migrated.sqlite_file()) is not None:
            shutil.copy(copy, tmp_path / "killed.sqlite3")
        else:
            manage(env, "migrate", "-v0")
        manage(env, "shell", "-v0", "-c", "from tests.channels.shop import small_shop; small_shop()")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_sales", str(path), "--account", "dy-main", "--create-skus"], cwd=REPOSITORY, env=env
    )
    while process.poll() is None and not 0 < int(asked(env, _LINES)) < ROWS:
        time.sleep(0.05)
    assert process.poll() is None, "the import was over before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    half = int(asked(env, _LINES))
    assert 0 < half < ROWS
    done = manage(env, "import_sales", path, "--account", "dy-main", "--create-skus")
    assert done.returncode == 0, done.stderr
    counts = re.search(r"(\d+) rows read, (\d+) new or changed, (\d+) unchanged, 0 refused", done.stdout)
    assert counts is not None, done.stdout
    assert [int(count) for count in counts.groups()] == [ROWS, ROWS - half, half]
    assert asked(env, _STATE) == f"{ROWS} {sum(n % 5 + 1 for n in range(ROWS))} failed,done"


_LINES = "from stockhub.channels.models import OrderLine; print(OrderLine.objects.count())"
_STATE = (
    "from stockhub.channels.models import OrderLine; from stockhub.demand.models import SalesSeries; "
    "from stockhub.exchange.models import ImportJob; "
    "print(OrderLine.objects.count(), int(sum(s.daily.sum() for s in SalesSeries.objects.all())), "
    "','.join(ImportJob.objects.order_by('id').values_list('status', flat=True)))"
)


def asked(env: dict[str, str], code: str) -> str:
    """What the database says: directly where it is the tests' own, else from a process that opens it."""
    if connection.vendor == "postgresql":
        lines = OrderLine.objects.count()
        if code == _LINES:
            return str(lines)
        sold = int(sum(series.daily.sum() for series in SalesSeries.objects.all()))
        statuses = ",".join(ImportStatus(status).value for status in ImportJob.objects.order_by("id").values_list("status", flat=True))
        return f"{lines} {sold} {statuses}"
    import sqlite3

    if code == _LINES:
        with sqlite3.connect(env["DATABASE_URL"].removeprefix("sqlite:///"), timeout=60) as database:
            return str(database.execute("SELECT count(*) FROM channels_orderline").fetchone()[0])
    return manage(env, "shell", "-v0", "-c", code).stdout.strip().splitlines()[-1]
