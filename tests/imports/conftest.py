"""What the tests of imports share."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.channels.shop import Shop, small_shop

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def shop(db: object) -> Shop:
    return small_shop()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a CSV file; each call makes another one."""
    count = iter(range(1000))

    def make(content: str) -> Path:
        path = tmp_path / f"{next(count)}.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return make


@pytest.fixture
def run() -> Run:
    """Runs a command; returns its exit status and everything it printed, or the message of its failure."""

    def call(name: str, *args: object, **options: Any) -> tuple[int, str]:  # noqa: ANN401 - a command's options
        out = io.StringIO()
        try:
            call_command(name, *[str(arg) for arg in args], stdout=out, **options)
        except CommandError as error:
            return error.returncode, f"{out.getvalue()}{error}"
        return 0, out.getvalue()

    return call
