"""A model of the ledger and the ledger itself, side by side: movements, orders in disorder, counts, replays, two writers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.scratch import scratch_copy

#: Slow: the writers are real connections to a database of their own, which a process of its own opens.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

#: `make soak` asks for hundreds, other ones each time; here they are always the same.
EXAMPLES = os.environ.get("STOCKHUB_MACHINE_EXAMPLES", "15")
CHOICE = "random" if "STOCKHUB_MACHINE_EXAMPLES" in os.environ else "fixed"
STEPS = "25"


def test_d1_d2_f8_f17_the_ledger_keeps_its_promises_whatever_happens(db: None, tmp_path: Path) -> None:
    for url in scratch_copy(tmp_path):
        environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])}
        command = [sys.executable, str(Path(__file__).with_name("ledger_machine.py")), EXAMPLES, STEPS, CHOICE]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
