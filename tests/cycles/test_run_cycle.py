from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import Work
from tests.cycles.conftest import Define

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("run_cycle", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_prints_what_the_run_changed(define: Define) -> None:
    def run_chunk(work: Work) -> None:
        with work.step("rules"):
            work.count("alerts opened", 2500)

    define(run_chunk, finish=lambda _cycle: "Two feeds are stale.")
    out, err = run("trial")
    first, *lines = out.splitlines()
    assert first.startswith("trial as of ")
    assert ": Done in " in first
    assert lines[0] == "         7,500  alerts opened"
    assert {line.split(" s  ")[1] for line in lines[1:4]} == {"prepare", "rules", "finish"}
    assert lines[-1] == "  Two feeds are stale."
    assert err == ""


def test_it_runs_as_of_a_moment_and_for_some_skus(define: Define) -> None:
    moments: list[datetime] = []
    define(lambda _work: moments.append(clock.now()), sku_ids=lambda cycle: [1] if cycle.sku_codes == ["A", "B"] else [])
    run("trial", "--at", "2026-03-01T02:30:00+08:00", "--skus", "A, B")
    assert moments == [datetime(2026, 2, 28, 18, 30, tzinfo=UTC)]
    assert Cycle.objects.get().as_of == moments[0]


def test_a_run_with_errors_ends_with_status_1_and_names_them(define: Define) -> None:
    def run_chunk(work: Work) -> None:
        if work.chunk.ordinal == 2:
            raise ValueError("NaN in row 7")

    define(run_chunk)
    err = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("run_cycle", "trial", stdout=StringIO(), stderr=err)
    assert caught.value.returncode == 1
    assert err.getvalue() == "  part 2 (SKU ids 5 to 8): ValueError: NaN in row 7\n"


@pytest.mark.parametrize("arguments", [["nonsense"], ["trial", "--at", "yesterday"], ["trial", "--at", "2026-03-01T02:30:00"]])
def test_wrong_usage_ends_with_status_2_and_runs_nothing(define: Define, arguments: list[str]) -> None:
    define()
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert (caught.value.returncode, Cycle.objects.count()) == (2, 0)
