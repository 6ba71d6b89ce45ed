"""What the plugin needs of its machine and of its own files, whatever the accounts: dated fees, days of the sites, room for reports, proof.

How each account is, the feeds' freshness and the test of the connection say.
"""

from __future__ import annotations

import codecs
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stockhub.pluginapi import HealthCheck
from stockhub_amazon.fees.schedule import AmazonFees
from stockhub_amazon.notifications.proof import SIGNATURE, signed
from stockhub_amazon.sites import MARKETPLACES

#: A planning report of 500,000 SKUs, packed, is a fifth of it.
LEAST_ROOM: Final = 256 << 20
#: Character sets of Amazon's reports.
_CHARSETS: Final = ("utf-8", "utf-16", "cp1252", "cp932")
#: Made up; the signature is OpenSSL's: `printf TIME.BODY | openssl dgst -sha256 -hmac SECRET`.
_SECRET: Final = "a-made-up-secret"  # noqa: S105 - made up
_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_BODY: Final = b'{"NotificationType":"ORDER_CHANGE"}'
_SIGNED: Final = "sha256=994ad012ca4100a1785aa6e5a69e1078efbe2751539fec7bdeabc62c95ba6e91"


def check_all(now: datetime) -> list[HealthCheck]:
    """One check for each need."""
    return [_fees(now.date()), _days(), _reports(), _notifications()]


def _fees(today: date) -> HealthCheck:
    """What had a rate once and has none today is unknown, and what needs it stops: somebody should know before he misses it."""
    ended = [f"{site} {fee} ({tier}), until {last}" for site in AmazonFees.sites for fee, tier, last in ended_rates(site, today)]
    if not ended:
        return HealthCheck("fees in force", ok=True)
    shown = "; ".join(ended[:3]) + (f"; and {len(ended) - 3} more" if len(ended) > 3 else "")
    return HealthCheck(
        "fees in force",
        ok=False,
        message=f"Rates have ended and no later ones are known: {shown}. Install a newer version of the plugin, or enter the rates that "
        "hold under Fees. Until then these fees are unknown, and what needs them says so.",
    )


def ended_rates(site: str, today: date) -> Iterator[tuple[str, str, date]]:
    """(fee, tier, last day) of what was known until a day that is over. Of what starts later nothing has ended."""
    last: dict[tuple[str, str], date] = {}
    for rate in AmazonFees().rates(site):
        if rate.effective_from is None or rate.effective_from <= today:
            until, key = rate.effective_to or date.max, (rate.fee, rate.tier)
            last[key] = max(until, last.get(key, until))
    yield from ((fee, tier, until) for (fee, tier), until in last.items() if until < today)


def _days() -> HealthCheck:
    unknown: dict[str, str] = {}
    for marketplace in MARKETPLACES:
        try:
            ZoneInfo(marketplace.site.time_zone)
        except ZoneInfoNotFoundError:
            unknown[marketplace.site.code] = marketplace.site.time_zone
    said = ", ".join(f"{code} ({zone})" for code, zone in unknown.items())
    message = f"This machine does not know the business day of {said}: install its time zones (tzdata)." if unknown else ""
    return HealthCheck("business days of the sites", ok=not unknown, message=message)


def _reports() -> HealthCheck:
    """Reports are fetched into a temporary file and read in Amazon's character sets."""
    name, missing = "room for reports", [charset for charset in _CHARSETS if not _is_known(charset)]
    if missing:
        return HealthCheck(name, ok=False, message=f"This Python cannot read {', '.join(missing)}, which Amazon writes reports in.")
    try:
        with tempfile.TemporaryFile(prefix="stockhub-report-") as file:
            file.write(b"stockhub")
            file.flush()
        free = shutil.disk_usage(tempfile.gettempdir()).free
    except OSError as error:
        said = error.strerror or type(error).__name__
        return HealthCheck(name, ok=False, message=f"No temporary file can be written ({said}): set TMPDIR to a folder where it can.")
    if free < LEAST_ROOM:
        said = f"{free >> 20} MiB are free for temporary files and {LEAST_ROOM >> 20} MiB are wanted"
        return HealthCheck(name, ok=False, message=f"{said}: make room, or set TMPDIR to a folder with more.")
    return HealthCheck(name, ok=True)


def _is_known(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except LookupError:
        return False
    return True


def _notifications() -> HealthCheck:
    name = "signature of notifications"
    if signed(_BODY, _SECRET, _AT)[SIGNATURE] == _SIGNED:
        return HealthCheck(name, ok=True)
    message = "HMAC-SHA256 gives another signature than OpenSSL, so no signed notification can be checked: install the plugin anew."
    return HealthCheck(name, ok=False, message=message)
