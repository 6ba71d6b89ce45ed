"""Pushes messages over HTTP as the platform does: signed, at least once, in no order that one may rely on.

A message is taken when the answer is a 200 whose JSON says `code` 0, within five seconds; otherwise it is pushed again, after
pauses that are a setting, because nobody knows the platform's.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.messages import PushMessage
from stockhub_douyin.fake.settings import FakeSettings
from stockhub_douyin.fake.signature import event_sign

_TIMEOUT: Final = 5.0
_SENDERS: Final = 8


@dataclass(slots=True)
class PushSettings:
    """`url` empty: nothing is pushed. `copies`: how often each is sent, even when it was taken. `batch`: messages in one request.

    `disorder`: seconds by which messages are put off, each by its own random share. `as_object`: data as an object and not as text.
    """

    url: str = ""
    copies: int = 1
    batch: int = 1
    disorder: float = 0.0
    as_object: bool = False
    as_single: bool = False
    pauses: list[float] = field(default_factory=lambda: [1.0, 5.0, 30.0])

    def change(self, values: dict[str, Any]) -> None:
        unknown = sorted(set(values) - set(self.__slots__))
        if unknown:
            raise ControlError(f"Pushes have no setting {', '.join(unknown)}; they have {', '.join(self.__slots__)}.")
        for name, value in values.items():
            setattr(self, name, [float(p) for p in value] if name == "pauses" else type(getattr(self, name))(value))


@dataclass(slots=True)
class _Delivery:
    messages: list[PushMessage]
    attempt: int = 0


class Pusher:
    def __init__(self, settings: FakeSettings, random: Random) -> None:
        self.settings = PushSettings()
        self._app = settings
        self._random = random
        self._due: list[tuple[float, int, _Delivery]] = []
        self._number = 0
        self._change = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._is_stopped = False
        self._waiting: list[PushMessage] = []
        self._at_work = 0
        self.taken = 0
        self.refused = 0
        self.given_up = 0
        self.log: deque[dict[str, Any]] = deque(maxlen=5_000)

    def start(self) -> None:
        self._threads = [threading.Thread(target=self._work, name=f"fake-push-{n}", daemon=True) for n in range(_SENDERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._change:
            self._is_stopped = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join(timeout=_TIMEOUT + 1)

    def add(self, message: PushMessage) -> None:
        """Pushed as soon as there is somewhere to push to; messages from before nobody hears of."""
        with self._change:
            if not self.settings.url:
                return
            self._waiting.append(message)
            if len(self._waiting) >= self.settings.batch:
                self._release()

    def flush(self) -> None:
        """Sends a batch that is not full."""
        with self._change:
            self._release()

    def again(self, last: int) -> int:
        """Pushes the last messages once more, oldest last. How many."""
        with self._change:
            known: dict[str, PushMessage] = {entry["msg_id"]: entry["message"] for entry in self.log}
            chosen = list(known.values())[-last:][::-1]
            for message in chosen:
                self._put(_Delivery([message]), 0.0)
            return len(chosen)

    def verify(self) -> None:
        """What the platform sends when the address is saved."""
        with self._change:
            self._put(_Delivery([PushMessage("0", "0", time.strftime("%Y-%m-%dT%H:%M:%S+08:00"))]), 0.0)

    def is_idle(self) -> bool:
        with self._change:
            return not self._due and not self._at_work and not self._waiting

    def shown(self) -> dict[str, Any]:
        with self._change:
            log = [{name: value for name, value in entry.items() if name != "message"} for entry in list(self.log)[-500:]]
            return {
                "taken": self.taken, "refused": self.refused, "given_up": self.given_up, "waiting": len(self._due) + len(self._waiting),
                "log": log,
            }  # fmt: skip

    def _release(self) -> None:
        messages, self._waiting = self._waiting, []
        if messages:
            for _copy in range(max(self.settings.copies, 1)):
                self._put(_Delivery(list(messages)), self._random.random() * self.settings.disorder)

    def _put(self, delivery: _Delivery, after: float) -> None:
        self._number += 1
        heappush(self._due, (time.monotonic() + after, self._number, delivery))
        self._change.notify()

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            started = time.monotonic()
            status, is_taken = self._send(delivery)
            self._note(delivery, status, is_taken=is_taken, seconds=time.monotonic() - started)

    def _next(self) -> _Delivery | None:
        with self._change:
            while not self._is_stopped:
                if self._due and self._due[0][0] <= time.monotonic():
                    self._at_work += 1
                    return heappop(self._due)[2]
                self._change.wait(self._due[0][0] - time.monotonic() if self._due else None)
            return None

    def _note(self, delivery: _Delivery, status: int | str, *, is_taken: bool, seconds: float) -> None:
        with self._change:
            self._at_work -= 1
            for message in delivery.messages:
                self.log.append(
                    {"msg_id": message.msg_id, "tag": message.tag, "attempt": delivery.attempt + 1, "status": status, "taken": is_taken,
                     "seconds": round(seconds, 4), "message": message}
                )  # fmt: skip
            if is_taken:
                self.taken += 1
                return
            self.refused += 1
            if delivery.attempt >= len(self.settings.pauses):
                self.given_up += 1
                return
            pause = self.settings.pauses[delivery.attempt]
            delivery.attempt += 1
            self._put(delivery, pause)

    def _send(self, delivery: _Delivery) -> tuple[int | str, bool]:
        """The status, or why there is none, and whether the message was taken."""
        url = urlsplit(self.settings.url)
        body = self._body(delivery.messages)
        headers = {
            "app-id": self._app.app_key, "event-sign": event_sign(self._app.app_key, body, self._app.app_secret),
            "Content-Type": "application/json;charset=UTF-8",
        }  # fmt: skip
        connection = http.client.HTTPConnection(url.hostname or "", url.port or 80, timeout=_TIMEOUT)
        try:
            connection.request("POST", url.path + (f"?{url.query}" if url.query else ""), body, headers)
            answer = connection.getresponse()
            content = answer.read(65_536)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, False
        finally:
            connection.close()
        return answer.status, answer.status == 200 and _code(content) == 0

    def _body(self, messages: list[PushMessage]) -> bytes:
        shown = [message.shown(as_object=self.settings.as_object) for message in messages]
        value: object = shown[0] if self.settings.as_single and len(shown) == 1 else shown
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _code(content: bytes) -> object:
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer.get("code") if isinstance(answer, dict) else None
