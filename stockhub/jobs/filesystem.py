"""The embedded broker: kombu's filesystem transport, with messages that appear and go in one step."""

from __future__ import annotations

import contextlib
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """kombu opens a message's file in the queue folder and writes afterwards: a worker that looks in between reads nothing, loses the
    message and stops. It also moves messages through the system's folder for temporary files, which may be another disk and is not ours.
    """

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ANN401, ARG002 - kombu's signature
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        draft = folder / f"draft-{name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(str_to_bytes(dumps(payload)))
            draft.rename(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add {name} to {folder}: {error.strerror}.") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ANN401, ARG002 - kombu's signature
        folder = Path(self.data_folder_in)
        try:
            names = sorted(path.name for path in folder.iterdir() if path.name.partition(".")[2] == f"{queue}.msg")
        except FileNotFoundError:
            raise Empty from None
        for name in names:
            taken = folder / f"taken-{uuid.uuid4()}.part"
            try:
                # Of two workers one succeeds.
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue
            text = taken.read_text()
            taken.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    """Runs in the worker's event loop. kombu's own has the pool processes share one pipe and its lock instead: one that is killed while it
    waits for work keeps the lock, and no other gets work any more.
    """

    Channel = Channel
    implements = filesystem.Transport.implements.extend(asynchronous=True)

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:  # noqa: ANN401 - kombu's signature
        """Looks for messages at every polling interval; no more are taken than the pool has room for."""

        def look() -> None:
            with contextlib.suppress(TimeoutError):
                while True:
                    self.drain_events(connection, timeout=0)

        loop.call_repeatedly(self.polling_interval, look)
