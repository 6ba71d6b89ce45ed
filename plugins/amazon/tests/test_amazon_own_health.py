"""The plugin says whether its machine and its own files are what Amazon needs."""

from __future__ import annotations

import logging
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

import stockhub_amazon.plugin
from stockhub.pluginapi import FeeRate, HealthRequest, PluginContext
from stockhub.pluginapi.manifest import EmptyConfig
from stockhub_amazon import health
from stockhub_amazon.fees.schedule import AmazonFees

NOW = datetime(2026, 11, 28, tzinfo=UTC)
NAMES = ["fees in force", "business days of the sites", "room for reports", "signature of notifications"]


def problems() -> dict[str, str]:
    """Of the checks that are not met, what they say."""
    return {check.name: check.message for check in health.check_all(NOW) if not check.ok}


def test_all_is_well_here() -> None:
    context = PluginContext(EmptyConfig(), logging.getLogger("amazon"), lambda: NOW)
    checks = list(stockhub_amazon.plugin.stockhub_health(HealthRequest(context)))
    assert [(c.name, c.ok, c.message) for c in checks] == [(name, True, "") for name in NAMES]


def test_h52_a_fee_that_has_ended_without_a_later_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody had entered what removal costs from 2026-01-15 on."""
    known = AmazonFees().rates("US")

    def rates(_self: AmazonFees, site: str) -> list[FeeRate]:
        return [rate for rate in known if rate.fee != "removal" or rate.effective_to is not None] if site == "US" else []

    monkeypatch.setattr(AmazonFees, "rates", rates)
    assert list(health.ended_rates("US", date(2026, 1, 14))) == []
    assert list(health.ended_rates("US", date(2026, 1, 15))) == [
        ("removal", "standard", date(2026, 1, 14)), ("removal", "oversize", date(2026, 1, 14)),
    ]  # fmt: skip
    said = problems()["fees in force"]
    assert said.startswith("Rates have ended and no later ones are known: US removal (standard), until 2026-01-14; US removal (oversize)")
    assert "enter the rates that hold under Fees" in said


def test_h52_rates_that_start_later_have_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    (first, *_others) = AmazonFees().rates("DE")
    coming = replace(first, effective_from=date(2026, 12, 1), effective_to=date(2026, 12, 31))
    monkeypatch.setattr(AmazonFees, "rates", lambda _self, _site: [coming])
    assert list(health.ended_rates("DE", date(2026, 11, 28))) == []
    assert list(health.ended_rates("DE", date(2027, 1, 1))) == [(first.fee, first.tier, date(2026, 12, 31))]


def test_a_machine_without_time_zones_says_whose_day_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(name: str) -> ZoneInfo:
        if name == "Asia/Riyadh":
            raise ZoneInfoNotFoundError(name)
        return ZoneInfo(name)

    monkeypatch.setattr(health, "ZoneInfo", known)
    assert problems() == {
        "business days of the sites": "This machine does not know the business day of SA (Asia/Riyadh): install its time zones (tzdata)."
    }


def test_a_full_disk_is_told_before_a_report_is_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=100 << 20))
    assert problems() == {
        "room for reports": "100 MiB are free for temporary files and 256 MiB are wanted: make room, or set TMPDIR to a folder with more."
    }


def test_a_temporary_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_named: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    assert problems() == {"room for reports": "No temporary file can be written (Permission denied): set TMPDIR to a folder where it can."}


def test_a_character_set_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_CHARSETS", ("utf-8", "cp-of-nowhere"))
    assert problems() == {"room for reports": "This Python cannot read cp-of-nowhere, which Amazon writes reports in."}


@pytest.mark.judged
def test_the_signature_of_notifications_is_openssls() -> None:
    """The digest is OpenSSL's over time, dot and body; another one is told."""
    assert "signature of notifications" not in problems()


def test_another_signature_than_openssls_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_SIGNED", "sha256=00")
    assert list(problems()) == ["signature of notifications"]
