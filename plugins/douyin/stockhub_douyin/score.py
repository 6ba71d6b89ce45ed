"""The shop's experience score (体验分): its scale is told nowhere."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, UnreadableAnswerError
from stockhub.pluginapi.platform_records import ScoreRecord
from stockhub_douyin.client import DouyinClient

OPERATION: Final = "shop.reputation"
_PARTS: Final = ("product_score", "logistics_score", "service_score")
_OLD_BEST: Final = 5.0


def read_experience_score(context: ConnectorContext) -> Iterator[Page[ScoreRecord]]:
    """The score of now, from 0 to 100."""
    client = DouyinClient(context)
    data = client.read(OPERATION, {})
    score = _number(data, "shop_score")
    if score is None:
        raise UnreadableAnswerError(f"{OPERATION}: the answer has no shop_score.", code="renamed_field")
    parts = {name: value for name in _PARTS if (value := _number(data, name)) is not None}
    factor = 100.0 / _best(client.config.score_scale, (score, *parts.values()))
    at = context.now()
    record = ScoreRecord(round(score * factor, 4), at, tuple((name, round(value * factor, 4)) for name, value in parts.items()))
    yield Page([record], at.isoformat(), data_until=at, is_last=True)


def _best(told: float, values: tuple[float, ...]) -> float:
    """The scale that the account says; else that of five, where nothing is above it."""
    if told:
        return told
    return _OLD_BEST if max(values) <= _OLD_BEST else 100.0


def _number(data: Any, name: str) -> float | None:  # noqa: ANN401 - an answer's data
    """Scores come as text."""
    value = data.get(name) if isinstance(data, dict) else None
    if value in (None, ""):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not 0 <= found <= 100:
        raise UnreadableAnswerError(f"{OPERATION}: {name} is no score.", code="renamed_field")
    return found
