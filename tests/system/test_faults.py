"""Processes die, brokers forget: the work is done all the same, and once. On both pairs of database and broker."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tests.system.conftest import Proxy, Site, children, kill

pytestmark = pytest.mark.slow
CHUNKS = 8


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
    assert distributed.ask("state", run)["status"] == "due"
    proxy.connect()
    assert_done_once(distributed.finished(run, seconds=30))


def test_f8_nobody_ever_found_the_database_locked(site: Site) -> None:
    assert "database is locked" not in site.log.read_text()
    host = {name.partition("@")[0] for name in site.ask("processes")}
    assert host == {"beat", "dispatcher", "worker bulk", "worker fast"}
