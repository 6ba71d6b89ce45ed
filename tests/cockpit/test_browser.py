"""A person signs in, reads *Today* and an alert, in both languages, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from stockhub.access.models import User
from tests.cockpit.made_up_shop import Shop
from tests.conftest import absent

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        absent("Chromium (/usr/bin/chromium)")
    # Playwright's loop runs in this thread, which makes Django take it for an asynchronous one.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize(
    ("locale", "today", "short", "reason", "acknowledged"),
    [
        ("en-US", "Running out", "Shortage", "How these numbers come about", "Acknowledged"),
        ("zh-CN", "即将断货", "缺货风险", "数值如何得出", "已确认"),
    ],
)
def test_signing_in_reading_today_and_acknowledging_an_alert(
    chromium: Browser,
    live_server: LiveServer,
    shop: Callable[..., Shop],
    locale: str,
    today: str,
    short: str,
    reason: str,
    acknowledged: str,
) -> None:
    shop(1)
    User.objects.create_superuser("root", password="correct horse")
    context = chromium.new_context(locale=locale, base_url=live_server.url)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    with override_settings(ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, "localhost", "127.0.0.1"]):
        page.goto("/admin/")
        page.fill("#id_username", "root")
        page.fill("#id_password", "correct horse")
        page.press("#id_password", "Enter")
        page.get_by_role("heading", name=today).wait_for()
        assert page.get_by_text("4,801.00 CNY").first.is_visible()
        page.get_by_role("link", name="SKU-1 @ pool1").first.click()
        page.get_by_role("heading", name=reason).wait_for()
        assert short in page.locator(".sh-headline").inner_text()
        assert page.locator(".sh-tree").first.get_by_text("120").first.is_visible()
        page.locator(".sh-head form button").first.click()
        page.wait_for_load_state()
        assert page.locator(".sh-tag", has_text=re.compile(acknowledged)).count() == 1
    assert broken == []
