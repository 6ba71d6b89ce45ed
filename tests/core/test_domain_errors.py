"""Expected failures speak the language of whoever reads them; their codes do not."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext_lazy as _

import stockhub
from stockhub.values.errors import DomainError

ROOT = Path(stockhub.__file__).parent
#: Rooms whose refusals reach people in GraphQL, the admin and imports. The messages of pure packages and of plugins are English.
ROOMS = (
    "access", "alerts", "catalog", "channels", "core", "cycles", "editing", "exchange", "inventory", "lifecycle", "outbox",
    "purchasing", "suppliers",
)  # fmt: skip


def test_a_refusal_is_read_in_the_language_of_now_and_its_code_stays() -> None:
    error = DomainError("stock_left", _("%(name)s still has stock: bring it to 0 first."), params={"name": "A-1"})

    assert (error.message, error.code) == ("A-1 still has stock: bring it to 0 first.", "stock_left")
    with translation.override("zh-hans"):
        assert error.message == str(error) == "A-1 仍有库存：请先清零。"
        assert error.code == "stock_left"
    assert str(error) == "A-1 still has stock: bring it to 0 first."


def test_a_refusal_told_at_another_place_keeps_its_code_its_values_and_its_languages() -> None:
    error = DomainError("stock_left", _("%(name)s still has stock: bring it to 0 first."), params={"name": "A-1"}, path=("sku",))

    moved = error.at("rows", "3", "sku")

    assert (moved.code, moved.path, moved.params) == ("stock_left", ("rows", "3", "sku"), {"name": "A-1"})
    with translation.override("zh-hans"):
        assert moved.message == "A-1 仍有库存：请先清零。"


def test_a_plain_text_is_the_message_as_it_is() -> None:
    assert DomainError("odd", "100 % of %(name)s", params={"name": "x"}).message == "100 % of %(name)s"


def test_no_refusal_of_a_room_with_readers_holds_its_values_in_its_text() -> None:
    """A plain or an f-string cannot be translated: the text is marked, and the values are named in `params`."""
    plain = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "DomainError"
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant | ast.JoinedStr)
    ]
    assert plain == []
