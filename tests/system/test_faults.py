"""Processes die, brokers forget: the work is done all the same, and once. On both pairs of database and broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.system.conftest import Proxy, Site, children, kill
from tests.system.kill_trial import Remote

pytestmark = pytest.mark.slow
CHUNKS = 8
#: How long the database is away: half a minute in `make soak`.
GONE_SECONDS = float(os.environ.get("STOCKHUB_GONE_SECONDS", "3"))
#: How many SKUs are short at once: a thousand in `make soak`.
STORM_SKUS = int(os.environ.get("STOCKHUB_STORM_SKUS", "100"))


def assert_done_once(state: dict[str, object]) -> None:
    assert state["status"] == "done", state
    assert (state["chunks"], state["once"], state["finished"]) == (["done"] * CHUNKS, True, 1)
    assert state["counts"] == {"chunks": CHUNKS}


def test_f1_a_worker_killed_in_a_cycle_loses_nothing_and_doubles_nothing(site: Site) -> None:
    run = site.ask("request", "slow")
    site.at_work(run)
    kill(site.pid("bulk"))
    state = site.finished(run)
    assert_done_once(state)
    assert max(state["attempts"]) == 2


def test_f1_a_pool_process_killed_in_a_cycle_loses_nothing_and_doubles_nothing(site: Site) -> None:
    run = site.ask("request", "slow")
    site.at_work(run)
    worker = site.pid("bulk")
    for child in children(worker):
        kill(child)
    assert_done_once(site.finished(run))
    assert site.pid("bulk") == worker


def test_f2_a_worker_told_to_stop_stops_at_the_next_chunk_and_no_attempt_is_lost(site: Site) -> None:
    run = site.ask("request", "slow")
    site.at_work(run)
    worker = site.pid("bulk")
    kill(worker, signal.SIGTERM)
    site.until(lambda: site.pid("bulk") != worker)
    middle = site.ask("state", run)
    assert middle["status"] == "running"
    assert set(middle["chunks"]) == {"done", "due"}
    state = site.finished(run)
    assert_done_once(state)
    assert state["attempts"] == [1] * CHUNKS


def test_f4_work_is_found_again_when_the_broker_forgets_it_while_it_is_due(site: Site) -> None:
    worker = site.pid("bulk")
    # Asleep, so that the work stays due until its message is gone.
    for pid in (worker, *children(worker)):
        kill(pid, signal.SIGSTOP)
    try:
        run = site.ask("request", "slow")
        time.sleep(1)
        site.wipe_broker()
        assert site.ask("state", run)["status"] == "due"
    finally:
        for pid in (worker, *children(worker)):
            kill(pid, signal.SIGCONT)
    assert_done_once(site.finished(run))


def test_f6_a_chunk_that_kills_its_process_is_parked_after_three_attempts_and_shown(site: Site) -> None:
    state = site.finished(site.ask("request", "deadly"))
    assert (state["status"], state["chunks"], state["attempts"]) == ("failed", ["parked"], [3])
    assert "died" in state["message"]


def test_f14_bad_forecasters_that_a_worker_asks_cost_themselves_alone(site: Site) -> None:
    run = site.ask("request", "asking")
    state = site.finished(run, seconds=120)
    # The five bad ones are named, the good one answered, and the pool process that asked them all works on.
    assert [error.partition(":")[0] for error in state["errors"]] == ["answers-nan", "crashes", "dies", "eats-memory", "exits-politely"]
    assert state["counts"]["behaving"] == 1
    assert (state["chunks"], state["attempts"]) == (["done"], [1])
    assert state["counts"]["process"] in children(site.pid("bulk"))


def test_f3_two_beats_make_one_run_a_slot(site: Site) -> None:
    second = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "stockhub.config.celery", "beat", "--pidfile="],
        env=site.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    started = time.time()
    try:
        site.ask("every", 2, "instant")
        runs = site.until(lambda: found if len(found := site.ask("runs", "instant")) >= 4 else None)
    finally:
        site.ask("never", "instant")
        second.kill()
        second.wait()
    slots = [slot for _, slot, _ in runs]
    assert len(set(slots)) == len(slots) <= (time.time() - started) / 2 + 2
    states = [site.finished(run) for run, _, _ in runs]
    assert [state["finished"] for state in states] == [1] * len(runs)
    assert all(state["once"] or "Overtaken" in state["message"] for state in states)


def test_an_event_is_answered_by_the_dispatcher_within_seconds(site: Site) -> None:
    known = len(site.ask("runs", "reacting"))
    site.ask("emit", "trial.order_placed.v1")
    runs = site.until(lambda: found if len(found := site.ask("runs", "reacting")) > known else None, seconds=5)
    assert site.finished(runs[-1][0], seconds=5)["status"] == "done"


@pytest.mark.services
def test_f4_a_broker_that_is_down_does_not_refuse_work_and_within_30_seconds_of_its_return_the_work_is_done(
    distributed: Site, proxy: Proxy
) -> None:
    distributed.ready("bulk")
    proxy.hang_up()
    run = distributed.ask("request", "slow")
    time.sleep(2)
    # A worker may still hold a nudge of before, and find this work by it.
    assert distributed.ask("state", run)["status"] in ("due", "running")
    proxy.connect()
    assert_done_once(distributed.finished(run, seconds=30))


@pytest.mark.services
def test_f4_a_broker_that_accepts_and_says_nothing_holds_up_nobody_and_the_work_is_done_when_it_speaks_again(
    distributed: Site, proxy: Proxy
) -> None:
    distributed.ready("bulk")
    proxy.is_silent = True
    try:
        started = time.monotonic()
        run = distributed.ask("request", "slow")
        assert time.monotonic() - started < 5
        time.sleep(2)
    finally:
        proxy.hang_up()
        proxy.connect()
    assert_done_once(distributed.finished(run, seconds=30))


def test_f4_a_broker_that_is_wiped_again_and_again_while_work_is_announced_loses_none(site: Site) -> None:
    runs = []
    for _ in range(5):
        runs.append(site.ask("request", "instant"))
        site.wipe_broker()
    assert_done_once(site.finished(site.ask("request", "slow"), seconds=30))
    for run in runs:
        state = site.finished(run, seconds=30)
        assert state["status"] == "done"
        assert state["once"] or "Overtaken" in state["message"]


def test_f4_an_embedded_broker_whose_folder_is_gone_does_not_refuse_work_and_the_work_is_done_when_it_is_back(embedded: Site) -> None:
    """What is down is the folder: a file stands where it was."""
    embedded.ready("bulk")
    folder = Path(embedded.environment["STOCKHUB_VAR"]) / "broker"
    away = folder.with_name("broker.away")
    folder.rename(away)
    folder.touch()
    try:
        run = embedded.ask("request", "slow")
        time.sleep(2)
        assert embedded.ask("state", run)["status"] in ("due", "running")
    finally:
        folder.unlink()
        away.rename(folder)
    assert_done_once(embedded.finished(run, seconds=30))


def test_f5_a_task_longer_than_the_visibility_timeout_has_one_effect(site: Site) -> None:
    """And longer than its lease of three seconds, which is all there is to outlast on the embedded broker: it gives no message twice."""
    state = site.finished(site.ask("request", "long"))
    assert (state["status"], state["chunks"], state["attempts"], state["once"]) == ("done", ["done"], [1], True)
    assert (state["finished"], state["counts"]) == (1, {"chunks": 1})


def test_f20_a_storm_of_alerts_through_the_workers_is_an_alert_for_each_and_one_message(site: Site) -> None:
    """Both brokers; `make soak` has a thousand SKUs."""
    site.ask("storm", STORM_SKUS)
    state = site.finished(site.ask("request", "warnings"), seconds=120)
    assert state["status"] == "done", state
    found = site.until(lambda: told if (told := site.ask("stormed"))["messages"] else None, seconds=90)
    assert found == {
        "alerts": STORM_SKUS,
        "steps": STORM_SKUS,
        "events": STORM_SKUS,
        "messages": [f"{STORM_SKUS} new or worse stock alerts"],
    }


@pytest.mark.services
def test_f7_a_database_that_is_gone_in_the_middle_of_a_cycle_is_waited_for_and_the_cycle_is_done_once(
    distributed: Site, database_proxy: Proxy
) -> None:
    distributed.ready("bulk")
    run = distributed.ask("request", "slow")
    distributed.at_work(run)
    database_proxy.hang_up()
    try:
        time.sleep(GONE_SECONDS)
        assert distributed.ask("state", run)["status"] == "running"
    finally:
        database_proxy.connect()
    assert_done_once(distributed.finished(run, seconds=30))


def test_u25_a_request_is_followed_through_the_lines_of_the_processes_into_the_cycle_that_answers_it(site: Site) -> None:
    site.ask("emit", "trial.order_placed.v1", "request-of-a-shop")

    def answered() -> list[dict[str, object]]:
        return [line for line in site.told() if "request-of-a-shop" in line.get("caused_by", ())]

    [line] = site.until(answered)
    run, correlation = line["cycle_id"], f"cycle-{line['cycle_id']}"
    assert (line["level"], line["logger"], line["cycle"]) == ("INFO", "stockhub.jobs.dispatcher", "reacting")
    site.finished(run)
    [end] = site.until(lambda: [line for line in site.told() if line["message"] == "The run has ended." and line["cycle_id"] == run])
    assert (end["correlation_id"], end["actor"], end["cycle"], end["status"]) == (correlation, "cycle:reacting", "reacting", "done")
    assert set(end["step_seconds"]) == {"prepare", "finish"}
    # A worker tells of its chunks as well: the dispatcher had no part in this one.
    slow = site.ask("request", "slow")
    site.finished(slow)
    [end] = site.until(lambda: [line for line in site.told() if line["message"] == "The run has ended." and line["cycle_id"] == slow])
    assert (end["level"], end["correlation_id"]) == ("INFO", f"cycle-{slow}")


def test_f8_orders_come_in_by_two_processes_while_workers_and_beat_write(embedded: Site, tmp_path: Path) -> None:
    """On SQLite there is one writer at a time: the others queue, and nobody is turned away."""
    embedded.ready("bulk")
    run = embedded.ask("request", "slow")
    intakes = [Remote(embedded.environment | {"DJANGO_SETTINGS_MODULE": "slow_settings"}, tmp_path / "intake.log") for _ in range(2)]
    try:
        assert intakes[0].ask("prepare") == "ready"
        for number in range(20):
            for intake in intakes:
                intake.send("ingest", number)
        assert [[intake.answer(seconds=60) for _ in range(20)] for intake in intakes] == [list(range(20))] * 2
        assert_done_once(embedded.finished(run))
        assert intakes[0].ask("differences", 20) == {}
    finally:
        for intake in intakes:
            intake.kill()
    assert "database is locked" not in (tmp_path / "intake.log").read_text()


def test_f8_nobody_ever_found_the_database_locked(site: Site) -> None:
    assert "database is locked" not in site.log.read_text()
    # Each says that it lives within ten seconds of its start.
    expected = {"beat", "dispatcher", "worker bulk", "worker fast"}
    site.until(lambda: {name.partition("@")[0] for name in site.ask("processes")} == expected)
