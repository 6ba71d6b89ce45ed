"""Why a message did not arrive is told in the reader's language; what the receiver said stays as it was said."""

from __future__ import annotations

import pytest
from django.utils import translation

from stockhub.outbox.spoken import NO_CHANNEL, told


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Its worker died in each of eight attempts.", "八次尝试中，处理它的进程均已终止。"),
        (NO_CHANNEL.format(channel=repr("pager")), "没有通知渠道 'pager'：请启用提供该渠道的插件。"),
        ("The robot refused it with code 45009: api freq out of limit", "机器人拒绝接收，代码 45009：api freq out of limit"),
        ("apprise could not deliver it: it gives no reason.", "apprise 未能送达：未说明原因。"),
        ("SMTPServerDisconnected: Connection unexpectedly closed", "SMTPServerDisconnected: Connection unexpectedly closed"),
        ("", ""),
    ],
)
def test_errors_of_deliveries_are_told_as_far_as_they_are_ours(english: str, chinese: str) -> None:
    with translation.override("zh-hans"):
        assert told(english) == chinese
    with translation.override("en"):
        assert told(english) == english
