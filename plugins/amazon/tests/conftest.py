"""A seller's Amazon, and Amazon's own models as the judge between it and whoever asks it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from stockhub_amazon.fake.asking import Client
from stockhub_amazon.fake.server import Fake

#: Whoever asks for one of these compares with what Amazon wrote: its models behind Prism, its schemas, its own samples.
_JUDGES = frozenset({"judged", "shared_kit"})
_HERE = Path(__file__).resolve().parent
_ROOT = Path(__file__).resolve().parents[3]
_KIT = Path(os.environ.get("STOCKHUB_SHARED", _ROOT.parent / "shared")) / "kits" / "spapi"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "services: needs PostgreSQL, Redis, Node or Chromium")
    config.addinivalue_line("markers", "judged: compares with what the author did not write")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks a judge is marked so, and nothing else by mistake."""
    ours = {path for path in {item.path for item in items} if _HERE in path.parents}
    for item in items:
        if item.path in ours and _JUDGES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.judged)


@pytest.fixture(scope="session")
def shared_kit() -> Path:
    """Amazon's models, schemas and sample reports."""
    if not _KIT.is_dir():
        pytest.skip("the shared kit of Amazon's models is absent (STOCKHUB_SHARED)")
    return _KIT


@pytest.fixture
def amazon() -> Iterator[Fake]:
    """An Amazon whose quotas do not bind."""
    with Fake(rates=0) as fake:
        yield fake


@pytest.fixture(scope="session")
def prism() -> tuple[Path, Path]:
    """The judge's program and Amazon's models, merged."""
    if not _KIT.is_dir():
        pytest.skip("the shared kit of Amazon's models is absent (STOCKHUB_SHARED)")
    if shutil.which("npm") is None:
        _absent("Node")
    home = _ROOT / "var" / "prism"
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        # Workers of one run: the first one installs.
        fcntl.flock(lock, fcntl.LOCK_EX)
        program, models = home / "node_modules" / ".bin" / "prism", home / "models.json"
        if not program.exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(_KIT / "mock" / name, home / name)
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=home, check=True)
        if not models.exists():
            inputs = [_KIT / "models" / "openapi" / f"{name}.json" for name in _MODELS]
            subprocess.run(
                [sys.executable, _KIT / "prep_models.py", "--require-token", "-o", models, *inputs], check=True, capture_output=True
            )
    return program, models


#: Without `--no-next-token`, which would make the judge refuse pages.
_MODELS = (
    "fbaInventory", "orders_2026-01-01", "reports_2021-06-30", "productFeesV0", "fulfillmentInboundV0", "fulfillmentInbound_2024-03-20",
    "listingsItems_2021-08-01", "catalogItems_2022-04-01", "awd_2024-05-09", "productPricing_2022-05-01", "sellers", "feeds_2021-06-30",
)  # fmt: skip


@pytest.fixture(scope="session")
def _judge(prism: tuple[Path, Path]) -> Iterator[tuple[Fake, str]]:
    """A door to an Amazon and the address of the judge before it, who takes seconds to read Amazon's models."""
    program, models = prism
    port = _free_port()
    with Fake(rates=0) as door:
        command = ["node", str(program), "proxy", "-h", "127.0.0.1", "-p", str(port), "--errors", str(models), door.base_url]
        with (models.parent / f"judge-{os.getpid()}.log").open("w") as log:
            judge = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
            try:
                _wait_for(port, judge)
                yield door, f"http://127.0.0.1:{port}"
            finally:
                judge.terminate()
                judge.wait(timeout=10)


@pytest.fixture(scope="module")
def judged(_judge: tuple[Fake, str]) -> Iterator[tuple[Fake, str]]:
    """An Amazon and the address of the judge before it: a wrong answer becomes a 500, a wrong request a 422."""
    door, address = _judge
    with Fake(rates=0) as fake:
        fake.answer_for(door)
        yield fake, address


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, judge: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if judge.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("The judge did not start: see var/prism.")


def _absent(what: str) -> NoReturn:
    if os.environ.get("STOCKHUB_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is required here and absent.")
    pytest.skip(f"{what} is absent.")


@pytest.fixture
def client(amazon: Fake) -> Client:
    """Asks the Amazon of this test."""
    return Client.of(amazon.base_url, amazon.base_url)


@pytest.fixture
def judged_client(judged: tuple[Fake, str]) -> Client:
    """Asks through the judge."""
    fake, judge = judged
    return Client.of(judge, fake.base_url)
