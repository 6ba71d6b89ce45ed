"""A queue that speaks SQS's JSON protocol: Amazon's own, or a server that is compatible."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from stockhub_amazon.receiver.posting import PostError, post
from stockhub_amazon.receiver.signing import Credentials, signed_headers

#: A poll waits so long for a message; the request a little longer.
_WAIT_SECONDS: Final = 20
_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """`handle` is what it is deleted by."""

    message_id: str
    handle: str
    body: str


@dataclass(frozen=True, slots=True)
class Queue:
    url: str
    region: str
    credentials: Credentials

    def receive(self, *, wait_seconds: int = _WAIT_SECONDS) -> list[QueueMessage]:
        """Some messages, or none after a while. They come again until they are deleted."""
        asked = {"QueueUrl": self.url, "MaxNumberOfMessages": _MOST, "WaitTimeSeconds": wait_seconds}
        answer = self._call("ReceiveMessage", asked, timeout=wait_seconds + 10)
        found = answer.get("Messages") or []
        if not isinstance(found, list):
            raise PostError("The queue answered with messages that are no list.")
        return [QueueMessage(str(m.get("MessageId", "")), str(m["ReceiptHandle"]), str(m["Body"])) for m in found]

    def delete(self, messages: Sequence[QueueMessage]) -> None:
        entries = [{"Id": str(number), "ReceiptHandle": message.handle} for number, message in enumerate(messages)]
        answer = self._call("DeleteMessageBatch", {"QueueUrl": self.url, "Entries": entries}, timeout=20)
        if answer.get("Failed"):
            raise PostError("The queue did not delete some messages: they will come again, which has no second effect.")

    def _call(self, action: str, asked: dict[str, Any], *, timeout: float) -> dict[str, Any]:
        parts = urlsplit(self.url)
        endpoint = f"{parts.scheme}://{parts.netloc}/"
        body = json.dumps(asked).encode()
        headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{action}"}
        signed = signed_headers(endpoint, headers, body, self.credentials, region=self.region, service="sqs", at=datetime.now(UTC))
        status, said = post(endpoint, signed, body, timeout=timeout)
        if status != 200:
            raise PostError(f"The queue answered {status} to {action}: {said[:200].decode('utf-8', 'replace')}")
        answer = json.loads(said or b"{}")
        return answer if isinstance(answer, dict) else {}
