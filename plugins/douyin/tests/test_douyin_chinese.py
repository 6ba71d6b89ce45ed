"""What the connector says, an operator in Hangzhou can read (U20)."""

from __future__ import annotations

from pathlib import Path

import stockhub_douyin
from stockhub.pluginapi.testing.spoken_contract import unspoken
from stockhub.values.phrasebook import Phrasebook
from stockhub_douyin.chinese import PHRASES

FOLDER = Path(stockhub_douyin.__file__).parent
#: The fake platform, its shop, and forms that bring both languages by themselves.
LEFT_OUT = ("fake", "fake_shop.py", "account.py", "plugin.py", "chinese.py", "assumptions.py", "fees")


def test_u20_every_sentence_of_the_connector_is_there_in_chinese() -> None:
    assert unspoken(FOLDER, PHRASES, leaving_out=LEFT_OUT) == []


def test_u20_a_refusal_keeps_douyins_own_code_and_log() -> None:
    book = Phrasebook(PHRASES)
    english = "order.searchList: Douyin wants fewer calls. (60000 isv.traffic-limited:10, log 2026abc)"
    assert book.told(english) == "order.searchList：抖音要求降低调用频率。（60000 isv.traffic-limited:10，日志号 2026abc）"
    assert book.told("Without the experience score: shop.reputation: Douyin refuses it. (50002 isv.x)") == (
        "无法读取体验分：shop.reputation：抖音拒绝了该请求。（50002 isv.x）"
    )
