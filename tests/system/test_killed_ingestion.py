"""Orders come in, and what takes them in is killed: what was acknowledged is there exactly once. `make soak` does it a hundred times."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.scratch import scratch_copy
from tests.system.kill_trial import Trial, environment

#: Slow: processes start, are killed and start again.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

KILLS = int(os.environ.get("STOCKHUB_KILLS", "3"))
SEED = int(os.environ.get("STOCKHUB_SEED", "1"))


def test_f1_a_process_killed_while_it_takes_orders_in_loses_and_doubles_nothing(tmp_path: Path) -> None:
    for url in scratch_copy(tmp_path):
        trial = Trial(environment(tmp_path, {"DATABASE_URL": url}), tmp_path, call="ingest", seed=SEED)
        try:
            figures = trial.run(KILLS)
        finally:
            trial.close()
        assert (figures.kills, len(figures.seconds)) == (KILLS, KILLS)
        sys.stdout.write(f"{figures}\n")
