"""The limits that the connector keeps are those of Amazon's models, and the README names each of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from stockhub.pluginapi.connectors import RateLimit
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.quotas import RATES
from stockhub_amazon.limits import RATE_LIMITS

README = Path(__file__).resolve().parents[1] / "README.md"
_SOURCE = Path(__file__).resolve().parents[1] / "stockhub_amazon"
#: A usage plan's row, as every operation's description has one.
_PLAN = re.compile(r"\|\s*([\d.]+)\s*\|\s*([\d.]+)\s*\|")
_MODELS = {
    "getOrder": "orders_2026-01-01", "getShipment": "fulfillmentInbound_2024-03-20",
}  # fmt: skip


def plans(kit: Path) -> dict[str, set[RateLimit]]:
    """Of each operation of ours, what the models say; where two of Amazon's interfaces share a name, that of the one that is called."""
    found: dict[str, set[RateLimit]] = {}
    for path in sorted((kit / "models" / "openapi").glob("*.json")):
        for verbs in json.loads(path.read_text("utf-8"))["paths"].values():
            for verb in verbs.values():
                name = str(verb.get("operationId")) if isinstance(verb, dict) else ""
                if name in RATE_LIMITS and path.stem == _MODELS.get(name, path.stem):
                    rows = {RateLimit(float(rate), int(burst)) for rate, burst in _PLAN.findall(verb["description"])}
                    found.setdefault(name, set()).update(rows)
    return found


def test_h103_every_limit_is_the_one_that_amazons_model_declares(shared_kit: Path) -> None:
    said = plans(shared_kit)
    assert {name: {RateLimit(float(limit.per_second), limit.burst)} for name, limit in RATE_LIMITS.items()} == said


def test_the_made_up_amazon_has_the_same_quotas() -> None:
    assert {name: RATES[name] for name in RATE_LIMITS} == {name: (limit.per_second, limit.burst) for name, limit in RATE_LIMITS.items()}


def test_every_operation_that_is_called_has_a_limit_and_no_other_has() -> None:
    """`""` is an address that Amazon signs, which has none."""
    called: set[str] = set()
    for path in _SOURCE.rglob("*.py"):
        if "fake" not in path.parts:
            source = path.read_text("utf-8")
            called |= set(re.findall(r'call(?:_any)?\(\s*context,\s*"(\w+)"', source))
    assert called == set(RATE_LIMITS)


def rows() -> list[list[str]]:
    """Cells of the README's table of capabilities."""
    lines = README.read_text("utf-8").split("| capability | operation | limit |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("operation", sorted(RATE_LIMITS))
def test_the_readme_tells_the_limit_and_the_tests_of_each_operation(operation: str) -> None:
    limit = RATE_LIMITS[operation]
    of = [row for row in rows() if re.search(rf"\b{operation}\b", row[1])]
    assert of, "the README does not name it"
    for _capability, _operation, told, tested, unverified in of:
        assert f"{limit.per_second:g}, {limit.burst}" in told.split("; ")
        assert tested not in {"", "–"}
        assert unverified


def test_the_readme_tells_of_every_capability() -> None:
    told = {name for row in rows() for name in row[0].split(", ") if name and name != "any report"}
    assert told == set(AmazonConnector.capabilities())
