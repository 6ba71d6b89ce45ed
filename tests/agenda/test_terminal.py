"""*Today* as text: aligned, with reasons, in both languages, on a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.utils import translation
from rich.cells import cell_len

from stockhub.access.models import User
from stockhub.agenda.terminal import plain_lines, reasons, show_today
from stockhub.agenda.today import Today, today
from tests.made_once import made_once, own
from tests.worlds import World, make_world, run_cycle

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _make() -> World:
    """One SKU that runs out and one that nobody wants."""
    world = make_world()
    short = world.sku("CAP-RED")
    world.stock(short, 20)
    world.sold(short, [10.0] * 60)
    world.forecast(short, 10.0)
    dead = world.sku("CAP-OLD")
    world.stock(dead, 300)
    world.sold(dead, [1.0] + [0.0] * 100)
    world.forecast(dead, 0.0)
    run_cycle("warnings")
    return world


made = made_once(_make)


@pytest.fixture
def world(made: World, db: None) -> World:
    return own(made)


@pytest.fixture
def list_of_today(world: World) -> Today:
    return today()


def test_both_fears_stand_side_by_side_with_a_reason_under_each_line(list_of_today: Today) -> None:
    lines = list(plain_lines(list_of_today))
    shortage, excess = (next(n for n, line in enumerate(lines) if line.startswith(name)) for name in ("Running out: ", "Lying still: "))
    assert shortage < excess
    assert lines[shortage + 1].startswith("1  level 3  CAP-RED in cn · ")
    assert lines[excess + 1].startswith("1  level 3  CAP-OLD in cn · ")
    assert " = " in lines[shortage + 2]


def test_a_reason_has_the_formula_and_the_numbers_that_went_in(list_of_today: Today) -> None:
    [line] = list_of_today.shortage.lines
    value = next(reason for reason in reasons(line) if "Safety stock" in reason)
    assert "Forecast within the horizon + Safety stock − Can be sold within the horizon" in value
    assert "Forecast within the horizon 280 units" in value
    assert "Can be sold within the horizon 20 units" in value


def test_other_alerts_of_the_same_subject_are_named(list_of_today: Today) -> None:
    [line] = list_of_today.shortage.lines
    assert line.also
    assert any(reason.startswith("Also: ") for reason in reasons(line))


def test_a_terminal_gets_both_lists_within_its_width(list_of_today: Today, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    stream = Terminal()
    with translation.override("zh-hans"):
        show_today(list_of_today, stream)
    drawn = stream.getvalue()
    assert "CAP-RED" in drawn
    assert "CAP-OLD" in drawn
    assert "缺货风险" in drawn
    assert max(cell_len(_without_codes(line)) for line in drawn.splitlines()) <= 80


def _without_codes(line: str) -> str:
    from rich.text import Text

    return Text.from_ansi(line).plain


def test_a_pipe_gets_no_colours(list_of_today: Today) -> None:
    stream = io.StringIO()
    show_today(list_of_today, stream)
    assert "\x1b" not in stream.getvalue()
    assert stream.getvalue().splitlines() == list(plain_lines(list_of_today))


@pytest.mark.usefixtures("world")
def test_the_command_limits_and_narrows() -> None:
    out = io.StringIO()
    call_command("today", "--pool", "cn", "--limit", "1", stdout=out)
    assert "CAP-RED in cn" in out.getvalue()


@pytest.mark.usefixtures("world")
def test_a_user_without_grants_sees_nothing_of_the_pool() -> None:
    User.objects.create_user("ana")
    out = io.StringIO()
    call_command("today", "--user", "ana", stdout=out)
    assert "CAP-RED" not in out.getvalue()
