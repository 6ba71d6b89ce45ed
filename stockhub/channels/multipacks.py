"""How many units of something a title says are sold at once: 2件装, x2, pack of 3."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CHINESE: Final = {"一": 1, "两": 2, "二": 2, "双": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNTED: Final = "件个只瓶盒条支片包袋罐双套本枚颗卷块桶"
#: In the order in which they are believed.
_PATTERNS: Final = (
    re.compile(r"(?:pack|set|box|lot|case)\s+of\s+(\d{1,3})\b"),
    re.compile(r"(\d{1,3})[\s-]*(?:packs?|pcs|pieces?|count|ct|pk)\b"),
    re.compile(rf"(\d{{1,3}}|[{''.join(_CHINESE)}])\s*[{_COUNTED}]\s*(?:装|组合|裝)"),
    re.compile(rf"(\d{{1,3}}|[{''.join(_CHINESE)}])\s*[{_COUNTED}]\s*$"),
    # At the end of a title or of a bracket: a size such as 10x15 has a digit before its cross, and a model such as X2 a noun after it.
    re.compile(r"(?<=[\s)\]】）*])[x×*]\s?(\d{1,3})(?=\s*(?:[)\]】）,，/]|$))"),
)


def units_in(title: str) -> int:
    """Units that the title says; 1 where it says none, or something that no parcel holds."""
    text = unicodedata.normalize("NFKC", title).lower()
    for pattern in _PATTERNS:
        if found := pattern.search(text):
            said = found.group(1)
            number = _CHINESE.get(said) or int(said)
            return number if number > 0 else 1
    return 1
