"""What the connector says, an operator in Shenzhen can read (U20)."""

from __future__ import annotations

from pathlib import Path

import stockhub_amazon
from stockhub.pluginapi.testing.spoken_contract import unspoken
from stockhub.values.phrasebook import Phrasebook
from stockhub_amazon.chinese import PHRASES

FOLDER = Path(stockhub_amazon.__file__).parent
#: The fake platform, commands of a terminal, and forms that bring both languages by themselves.
LEFT_OUT = ("fake", "receiver", "second_opinion.py", "__main__.py", "account.py", "plugin.py", "chinese.py", "fees", "limits.py")


def test_u20_every_sentence_of_the_connector_is_there_in_chinese() -> None:
    assert unspoken(FOLDER, PHRASES, leaving_out=LEFT_OUT) == []


def test_u20_a_sentence_that_quotes_another_is_told_whole() -> None:
    book = Phrasebook(PHRASES)
    assert book.told("Amazon's limit of getOrders is used up. Whether Amazon took it has to be read back.") == (
        "亚马逊 getOrders 的调用额度已用完。亚马逊是否已接受，须回读确认。"
    )
    assert book.told("Login with Amazon: access_token is missing.") == "Login with Amazon：缺少 access_token。"
    # What Amazon itself said stays Amazon's.
    assert book.told("Amazon refused getOrders (400): Bad marketplace") == "亚马逊拒绝了 getOrders（400）：Bad marketplace"
