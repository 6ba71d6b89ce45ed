"""The plugin says whether its machine can sign and check as Douyin does."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

import stockhub_douyin.plugin
from stockhub.pluginapi import HealthRequest, PluginContext
from stockhub.pluginapi.manifest import EmptyConfig
from stockhub_douyin import health

CONTEXT = PluginContext(EmptyConfig(), logging.getLogger("douyin"), lambda: datetime(2026, 3, 1, tzinfo=UTC))


def test_both_signatures_are_those_of_the_sdks() -> None:
    checks = list(stockhub_douyin.plugin.stockhub_health(HealthRequest(CONTEXT)))
    assert [(c.name, c.ok, c.message) for c in checks] == [("signature of requests", True, ""), ("signature of messages", True, "")]


def test_a_machine_without_md5_says_what_that_means(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_named: object) -> str:
        raise ValueError("disabled for FIPS")

    monkeypatch.setattr(health, "push_signature", refused)
    assert [(c.ok, "polling goes on" in c.message) for c in health.check_signatures()] == [(True, False), (False, True)]
