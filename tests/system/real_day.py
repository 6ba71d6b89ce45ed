"""The first day of a seller, with real sales: files in, cycles run by beat, *Today* out over GraphQL. On whatever the environment names.

`python -m tests.system.real_day` runs it with every line of both event files; the tests take the last lines of each.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[2]
#: Lines of each file in a test.
LINES = 4000
FILES = {"retail": "online_retail_uci_events.parquet", "grocery": "completejourney_events.parquet"}
SETUP = """
from django.core.management import call_command
from datetime import timedelta
from stockhub.core import clock
from stockhub.access.models import User
from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
from stockhub.channels.models import Account, PoolAccount
from stockhub.jobs.schedules import install_schedules
from django_celery_beat.models import CrontabSchedule, PeriodicTask
for code in ("retail", "grocery"):
    warehouse = Warehouse.objects.create(code=code, name=code, ledger_starts_at=clock.now() - timedelta(hours=1))
    pool = StockPool.objects.create(code=code, name=code)
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    account = Account.objects.create(code=code, name=code, marketplace="file", currency="CNY")
    PoolAccount.objects.create(pool=pool, account=account)
User.objects.create_superuser("owner", "owner@example.com", "not-used")
install_schedules()
"""

#: What an operator would do in the admin to have both cycles run every minute.
HURRY = """
from django_celery_beat.models import CrontabSchedule, PeriodicTask
every = {"hour": "*", "day_of_week": "*", "day_of_month": "*", "month_of_year": "*", "timezone": "Asia/Shanghai"}
minute, _ = CrontabSchedule.objects.get_or_create(minute="*", **every)
for task in PeriodicTask.objects.filter(name__in=["cycle: forecast", "cycle: warnings"]):
    task.crontab = minute
    task.save()
"""


@dataclass
class RealDay:
    """`lines` limits each file; None takes all. `environment` names database and broker; `folder` holds everything made."""

    shared: Path
    folder: Path
    environment: dict[str, str]
    lines: int | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def manage(self, *arguments: str, stdin: str | None = None) -> str:
        """Runs a command and returns what it printed; fails with its errors."""
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=REPOSITORY, env=self.environment, input=stdin, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        self.seconds[" ".join(arguments[:2])] = round(time.perf_counter() - started, 1)
        return done.stdout

    def facts(self) -> dict[str, pd.DataFrame]:
        """The event files as a seller's exports of today: their last day is yesterday, weekdays kept."""
        out = {}
        for account, name in FILES.items():
            frame = pd.read_parquet(self.shared / "data" / name)
            if self.lines:
                chosen = sorted(frame["sku"].unique())[: max(self.lines // 400, 20)]
                frame = frame[frame["sku"].isin(chosen)].tail(self.lines)
            shift = pd.Timestamp.now().normalize() - frame["ts"].max().normalize() - pd.Timedelta(days=1)
            frame["ts"] = frame["ts"] + pd.Timedelta(days=shift.days // 7 * 7)
            out[account] = frame
        return out

    def write(self, account: str, frame: pd.DataFrame) -> None:
        """The files of one account: catalog, supplier, opening stock with lots, listings, sales."""
        skus = frame["sku"].astype(str).drop_duplicates().sort_values()
        codes = account[0].upper() + "-" + skus
        price = frame.groupby(frame["sku"].astype(str))["unit_price"].median().clip(lower=0.01).reindex(skus).round(2).to_numpy()
        rng = np.random.default_rng(7)
        sold = frame[frame["qty"] > 0].groupby(frame["sku"].astype(str))["qty"].sum().reindex(skus).fillna(0).to_numpy()
        stock = np.ceil(sold / 365 * rng.uniform(0, 200, len(skus))).astype(int)
        age = rng.integers(1, 300, len(skus))
        tables = {
            "catalog": {"sku": codes, "name": codes, "unit_cost": (price * 0.5).round(2), "price": price, "currency": "CNY"},
            "suppliers": {
                "supplier": "S1", "sku": codes, "unit_price": (price * 0.5).round(2), "currency": "CNY", "moq": 10, "case_pack": 5,
                "lead_time_days": 20,
            },
            "stock": {
                "sku": codes, "warehouse": account, "qty": stock, "age_days": age, "unit_cost": (price * 0.5).round(2), "currency": "CNY",
            },
            "listings": {"account": account, "code": skus, "sku": codes, "qty": 1, "price": price, "currency": "CNY"},
        }  # fmt: skip
        for kind, columns in tables.items():
            pd.DataFrame(columns).to_csv(self.folder / f"{account}_{kind}.csv", index=False)
        frame.to_parquet(self.folder / f"{account}_sales.parquet")

    def import_everything(self) -> str:
        """Runs the imports in a seller's order, in one process: only the first start is worth testing. Returns what they said."""
        calls = []
        for account, frame in self.facts().items():
            self.write(account, frame)
            calls += [
                [f"import_{kind}", str(self.folder / f"{account}_{kind}.csv")] for kind in ("catalog", "suppliers", "stock", "listings")
            ]
            calls.append(["import_sales", str(self.folder / f"{account}_sales.parquet"), "--account", account])
        return self.manage("shell", "--no-imports", stdin=f"{SETUP}\nfor call in {calls!r}: call_command(*call)\n\n")


class Served:
    """`up` in the background, and a client of its API."""

    def __init__(self, day: RealDay) -> None:
        self.day = day
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.log = day.folder / "up.log"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port)],
            cwd=REPOSITORY, env=day.environment, stdout=self.log.open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.token = day.manage("create_token", "owner").split()[-1]

    def query(self, text: str, **variables: object) -> dict[str, Any]:
        """The data of a query; fails on errors."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql/",
            data=json.dumps({"query": text, "variables": variables}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            body = json.load(answer)
        assert not body.get("errors"), body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    def until(self, text: str, good: Any, *, seconds: float, every: float = 1.0) -> dict[str, Any]:  # noqa: ANN401 - a predicate
        """Asks until the answer is good."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if good(data := self.query(text)):
                    return data
            except OSError:
                pass
            time.sleep(every)
        raise AssertionError(f"Not in {seconds} s. The log ends:\n{self.log.read_text()[-5000:]}")

    def kill_in(self, cycle: str, *, whole_worker: bool) -> None:
        """Kills the bulk worker, or its pool processes, with -9 as soon as a run of the cycle is in the middle."""
        running = lambda data: any(_node(e, cycle, "RUNNING") for e in data["cycles"]["edges"])  # noqa: E731 - a predicate
        self.until(CYCLES, running, seconds=240, every=0.02)
        lines = [line for line in self.log.read_text().splitlines() if "| bulk runs as process" in line]
        worker = int(lines[-1].rpartition(" ")[2].rstrip("."))
        pool = [int(pid) for pid in Path(f"/proc/{worker}/task/{worker}/children").read_text().split()]
        killed = [worker] if whole_worker else pool
        for pid in killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        print(f"killed {'the worker' if whole_worker else 'the pool'} in the middle of {cycle}: {killed}", flush=True)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


TODAY = """
fragment M on Metric { value unit reason explain { value nodes { id op name value args } } }
fragment S on TodaySide { totalCount lines { headline money { ...M } value { ...M } alert { level sku { code } } } }
{ today(first: 50) { shortage { ...S } excess { ...S } feeds { kind } } }
"""
CYCLES = """{ cycles(first: 100) { edges { node { name { slug } status message } } } }"""


def evaluate(nodes: list[dict[str, Any]]) -> float | None:
    """An explanation's value from its nodes alone, as any client can: arguments come before what uses them, the root is last."""
    operations: dict[str, Callable[..., float | None]] = {
        "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b if b else None,
        "neg": lambda a: -a, "max": max, "min": min, "ceil": math.ceil, "floor": math.floor, "sqrt": math.sqrt, "pow": pow,
        "sum": lambda *terms: math.fsum(terms), "gt": lambda a, b: float(a > b), "ge": lambda a, b: float(a >= b),
        "lt": lambda a, b: float(a < b), "le": lambda a, b: float(a <= b),
        "and": lambda a, b: float(bool(a) and bool(b)), "or": lambda a, b: float(bool(a) or bool(b)),
    }  # fmt: skip
    known: dict[int, float | None] = {}
    for node in nodes:
        values = [known[i] for i in node["args"]]
        if node["op"] in ("input", "constant"):
            known[node["id"]] = None if node["value"] is None else float(node["value"])
        elif node["op"] == "where":
            known[node["id"]] = None if values[0] is None else values[1] if values[0] else values[2]
        else:
            known[node["id"]] = None if None in values else operations[node["op"]](*values)
    return known[nodes[-1]["id"]]


def live(day: RealDay, *, kills: bool = False) -> dict[str, Any]:
    """Runs the whole day and returns *Today*, having proven every number in it. `kills` ends workers in the middle of both cycles."""
    day.manage("migrate", "-v0")
    print(day.import_everything()[-3000:], flush=True)
    served = Served(day)
    try:
        day.manage("shell", "--no-imports", stdin=HURRY)
        started = time.perf_counter()
        if kills:
            served.kill_in("forecast", whole_worker=False)
        served.until(CYCLES, lambda data: _done(data, "forecast") >= 1, seconds=240)
        if kills:
            served.kill_in("warnings", whole_worker=True)
        after = _done(served.query(CYCLES), "warnings")
        served.until(CYCLES, lambda data: _done(data, "warnings") > after, seconds=240)
        day.seconds["beat"] = round(time.perf_counter() - started, 1)
        today: dict[str, Any] = served.query(TODAY)["today"]
    finally:
        served.close()
    for side in ("shortage", "excess"):
        assert today[side]["lines"], f"No {side} in {today}"
        for line in today[side]["lines"]:
            prove(line)
    day.manage("reconcile")
    return today


def prove(line: dict[str, Any]) -> None:
    """Every number of the line evaluates to itself, or says why there is none."""
    assert line["value"]["value"] is not None, line
    for metric in (line["value"], line["money"]):
        if metric["value"] is None:
            assert metric["reason"], line
            continue
        assert metric["explain"], line
        found = evaluate(metric["explain"]["nodes"])
        assert found is not None, line
        assert math.isclose(found, float(metric["value"]), rel_tol=1e-6, abs_tol=1e-6), line


def _node(edge: dict[str, Any], name: str, status: str) -> bool:
    return bool(edge["node"]["name"]["slug"] == name and edge["node"]["status"] == status)


def _done(data: dict[str, Any], name: str) -> int:
    nodes = [edge["node"] for edge in data["cycles"]["edges"]]
    assert not [n for n in nodes if n["status"] == "FAILED"], nodes
    return sum(n["name"]["slug"] == name and n["status"] in ("DONE", "PARTIAL") for n in nodes)


def assert_real_sales_become_today(shared: Path, folder: Path, services: dict[str, str]) -> None:
    """The day with the last lines of each file; `python -m tests.system.real_day` takes all."""
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BROKER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    day = RealDay(shared, folder, clean | {"STOCKHUB_VAR": str(folder / "var"), "LOG_LEVEL": "WARNING"} | services, lines=LINES)
    today = live(day)
    assert {line["alert"]["sku"]["code"][:2] for line in today["shortage"]["lines"]} == {"R-", "G-"}
    assert {feed["kind"] for feed in today["feeds"]} >= {"orders"}


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        whole = RealDay(
            Path(os.environ.get("STOCKHUB_SHARED", REPOSITORY.parent / "shared")),
            Path(made),
            dict(os.environ) | {"STOCKHUB_VAR": str(Path(made) / "var"), "LOG_LEVEL": "WARNING", "STOCKHUB_LEASE_SECONDS": "5"},
        )
        result = live(whole, kills=True)
        print(json.dumps({side: [line["headline"] for line in result[side]["lines"][:5]] for side in ("shortage", "excess")}, indent=1))
        print(whole.seconds)
