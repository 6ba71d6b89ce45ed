"""`manage.py demo` as a person runs it: in processes of its own, on a database of its own, from nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

#: From nothing, with imports and cycles, in some ten seconds a shop.
pytestmark = [pytest.mark.slow, pytest.mark.both_databases]
REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = ("--no-serve", "--scale", "0.2", "--days", "150", "--seed", "7")
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A new database on the engine that this run of the suite is for."""
    own = settings.DATABASES["default"]
    if not own["ENGINE"].endswith("postgresql"):
        yield f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite3'}"
        return
    import psycopg
    from psycopg import sql

    name = f"{own['NAME']}_demo"
    server = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "password": own["PASSWORD"], "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
        yield f"postgres://{own['USER']}{password}@{own['HOST']}:{own['PORT']}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def manage(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Manage:
    folder = tmp_path_factory.mktemp("var")
    unset = ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DEBUG", "BROKER_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"DATABASE_URL": database_url, "STOCKHUB_VAR": str(folder)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(REPOSITORY / "manage.py"), *arguments]
        return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=240, check=False)

    return run


@pytest.fixture(scope="module")
def first(manage: Manage) -> subprocess.CompletedProcess[str]:
    done = manage("demo", *SMALL)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_from_nothing_to_today_with_a_reason_under_each_line(first: subprocess.CompletedProcess[str]) -> None:
    assert re.search(r"^Running out: \d+ alerts, [\d,.]+ CNY at stake$", first.stdout, re.MULTILINE)
    assert re.search(r"^Lying still: \d+ alerts, [\d,.]+ CNY at stake$", first.stdout, re.MULTILINE)
    lines = first.stdout.splitlines()
    ranked = [number for number, line in enumerate(lines) if re.match(r" *\d+  level [123]  \S+ in DEMO-", line)]
    assert len(ranked) > 10
    assert all(re.match(r" +\S.* = ", lines[number + 1]) for number in ranked)


def test_it_ends_with_how_to_sign_in(first: subprocess.CompletedProcess[str]) -> None:
    assert re.search(r"http://127\.0\.0\.1:8000/admin/ as demo with the password \S{12}", first.stdout)
    assert re.search(r"Authorization: Bearer sh_\S{43}", first.stdout)


@pytest.mark.usefixtures("first")
def test_the_alerts_agree_with_the_known_truth(manage: Manage) -> None:
    done = manage("demo", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("passed")


@pytest.mark.usefixtures("first")
def test_the_ledger_adds_up(manage: Manage) -> None:
    done = manage("reconcile")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("kind", ["shortage", "unsold-stock"])
def test_a_missing_alert_makes_the_check_fail(manage: Manage, kind: str) -> None:
    level = f"Alert.objects.filter(kind='{kind}', level=3).order_by('id')"
    hidden = manage(
        "shell", "-c", f"from stockhub.alerts.models import Alert; a = {level}[0]; a.status = 'resolved'; a.save(); print(a.sku.code)"
    )
    assert hidden.returncode == 0, hidden.stderr
    done = manage("demo", "--check")
    assert done.returncode == 1
    assert f"missed: {kind} of {hidden.stdout.split()[-1]} in" in done.stdout
    back = "Alert.objects.filter(status='resolved').update(status='open')"
    assert manage("shell", "-c", f"from stockhub.alerts.models import Alert; {back}").returncode == 0
    assert manage("demo", "--check").returncode == 0


@pytest.mark.usefixtures("first")
def test_a_second_run_uses_the_shop_that_is_there_and_changes_no_fact(manage: Manage) -> None:
    count = (
        "from stockhub.alerts.models import Alert; from stockhub.channels.models import OrderLine; "
        "from stockhub.inventory.models import Movement; "
        "print(Movement.objects.count(), OrderLine.objects.count(), Alert.objects.count())"
    )
    before = manage("shell", "-c", count).stdout.splitlines()[-1]
    done = manage("demo", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "is here already" in done.stdout
    assert manage("shell", "-c", count).stdout.splitlines()[-1] == before
    assert manage("demo", "--check").returncode == 0


@pytest.mark.usefixtures("first")
def test_today_speaks_chinese(manage: Manage) -> None:
    done = manage("today", "--language", "zh-hans", "--limit", "3")
    assert done.returncode == 0, done.stderr
    assert "缺货风险" in done.stdout


@pytest.mark.usefixtures("first")
def test_a_fresh_start_replaces_the_shop(manage: Manage) -> None:
    done = manage("demo", *SMALL, "--fresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Removing the earlier demo shop." in done.stdout
    assert manage("demo", "--check").returncode == 0
