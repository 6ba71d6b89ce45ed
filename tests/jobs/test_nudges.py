from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from celery import Celery
from kombu.transport import TRANSPORT_ALIASES
from pytest_django.fixtures import Settings

from stockhub.config.broker import broker_options
from stockhub.jobs.nudges import Nudger


def application(url: str, folder: Path) -> Celery:
    app = Celery("trial", broker=url, set_as_current=False)
    app.conf.broker_transport_options = broker_options(url, folder)
    return app


def files(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in (folder / "queue").iterdir())


def test_the_embedded_broker_is_the_one_whose_messages_appear_whole() -> None:
    assert TRANSPORT_ALIASES["filesystem"] == "stockhub.jobs.filesystem:Transport"


def test_a_nudge_is_a_message_in_its_queue_and_eight_are_enough(tmp_path: Path) -> None:
    nudger = Nudger(application("filesystem://localhost", tmp_path))
    assert nudger.send("jobs.work", ["bulk"], queue="bulk", times=3)
    assert files(tmp_path) == ["bulk.msg"] * 3
    for _ in range(4):
        assert nudger.send("jobs.work", ["bulk"], queue="bulk", times=3)
    assert files(tmp_path) == ["bulk.msg"] * 8


def test_f4_a_broker_that_was_wiped_routes_the_next_nudge_again(tmp_path: Path) -> None:
    nudger = Nudger(application("filesystem://localhost", tmp_path))
    nudger.send("jobs.work", ["bulk"], queue="bulk")
    for path in [*(tmp_path / "queue").iterdir(), *(tmp_path / "control").iterdir()]:
        path.unlink()
    nudger.send("jobs.work", ["bulk"], queue="bulk")
    assert files(tmp_path) == ["bulk.msg"]


def test_messages_are_taken_oldest_first_and_leave_nothing_behind(tmp_path: Path) -> None:
    app = application("filesystem://localhost", tmp_path)
    for number in range(3):
        Nudger(app).send("jobs.work", [str(number)], queue="bulk")
        time.sleep(0.002)
    with app.connection_for_read() as connection, connection.SimpleQueue("bulk") as queue:
        taken = [queue.get(timeout=1) for _ in range(3)]
        assert [message.payload[0] for message in taken] == [["0"], ["1"], ["2"]]
        for message in taken:
            message.ack()
    assert files(tmp_path) == []


@pytest.mark.parametrize("kind", ["refused", "black hole"])
def test_f4_a_broker_out_of_reach_costs_seconds_and_says_so_once(
    kind: str, tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STOCKHUB_BROKER_SECONDS = 0.5
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    app = application(url, tmp_path)
    app.conf.broker_transport_options |= {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    if kind == "refused":
        listener.close()
    nudger = Nudger(app)
    started = time.monotonic()
    assert not nudger.send("jobs.work", ["bulk"], queue="bulk")
    assert not nudger.send("jobs.work", ["bulk"], queue="bulk")
    assert time.monotonic() - started < 10
    assert "check BROKER_URL" in nudger.problem
    assert [record.levelname for record in caplog.records if record.name == "stockhub.jobs.nudges"] == ["ERROR"]
    listener.close()
