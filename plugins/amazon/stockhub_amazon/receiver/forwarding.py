"""From the queue to the webhook: a message is deleted only after the webhook has taken it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from stockhub_amazon.notifications.proof import signed
from stockhub_amazon.receiver.posting import PostError, post
from stockhub_amazon.receiver.queue import Queue, QueueMessage

log = logging.getLogger("stockhub_amazon.receiver")
_LONGEST_PAUSE: Final = 60.0


@dataclass(slots=True)
class Forwarder:
    """`taken` and `refused` count since the start. A message that the webhook refuses stays in the queue, for its dead-letter queue."""

    queue: Queue
    webhook_url: str
    secret: str = field(repr=False)
    taken: int = 0
    refused: int = 0
    pause: float = 0.0

    def turn(self, *, wait_seconds: int = 20) -> int:
        """One poll, and what came of it. Afterwards `pause` says how long to wait before the next one."""
        try:
            messages = self.queue.receive(wait_seconds=wait_seconds)
            done = [message for message in messages if self._posted(message)]
            if done:
                self.queue.delete(done)
        except PostError as error:
            self.pause = min(max(self.pause * 2, 1.0), _LONGEST_PAUSE)
            log.warning("%s Tried again in %.0f s.", error, self.pause)
            return 0
        self.pause = 0.0
        self.taken += len(done)
        if messages:
            log.info("%d of %d messages taken (%d since the start, %d refused).", len(done), len(messages), self.taken, self.refused)
        return len(done)

    def _posted(self, message: QueueMessage) -> bool:
        body = message.body.encode()
        headers = {"content-type": "application/json", **signed(body, self.secret, datetime.now(UTC))}
        status, _said = post(self.webhook_url, headers, body)
        if 200 <= status < 300:
            return True
        if status >= 500 or status == 429:
            raise PostError(f"The webhook answered {status}.")
        self.refused += 1
        log.error("The webhook refused message %s with %d: it stays in the queue. See its address and secret.", message.message_id, status)
        return False
