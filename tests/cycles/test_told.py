"""What a run says to an operator is told in the language of whoever reads it, whichever language wrote it down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from stockhub.core.actor import Actor, acting_as
from stockhub.cycles.executor import run_inline
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import Work
from stockhub.cycles.services import cancel_cycle, request_cycle, retry_parked
from stockhub.values import DomainError
from tests.cycles.conftest import Define

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SLOT = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)


def in_both(cycle: Cycle) -> tuple[str, str]:
    cycle.refresh_from_db()
    with translation.override("en"):
        english = cycle.told_message
    with translation.override("zh-hans"):
        return english, cycle.told_message


def run() -> Cycle:
    with translation.override("zh-hans"):
        cycle = run_inline(request_cycle(name="trial", slot_at=SLOT, requested_by="ana"))
    cycle.refresh_from_db()
    return cycle


def refuse(_work: Work) -> NoReturn:
    raise DomainError("unknown_cycle", gettext_lazy("There is no such run."))


def test_what_failed_is_told_with_its_number_and_the_failure_that_it_quotes(define: Define) -> None:
    """A worker whose language is Chinese writes English down all the same: it is searched and logged."""
    define(refuse)
    cycle = run()
    assert cycle.message == "3 of 3 parts were given up after three attempts. The first error: There is no such run."
    assert in_both(cycle) == (cycle.message, "共 3 个分块，其中 3 个三次尝试后放弃。首个错误：没有这次运行。")
    chunk = cycle.chunks.earliest("pk")
    assert (chunk.error, chunk.told_errors) == ("There is no such run.", ["There is no such run."])
    with translation.override("zh-hans"):
        assert (chunk.told_error, chunk.told_errors) == ("没有这次运行。", ["没有这次运行。"])
    retry_parked(cycle_id=cycle.pk)
    assert in_both(cycle) == ("", "")


def test_each_line_is_told_by_itself_and_a_fault_of_a_program_stays_as_it_is(define: Define) -> None:
    def fail_a_step(work: Work) -> None:
        work.errors.append("rule fba-fees: 503")
        if work.chunk.ordinal == 1:
            raise ValueError("100% of “row 7”")

    define(fail_a_step, finish=lambda _cycle: gettext_lazy("No data: there is no SKU that this run is for."))
    cycle = run()
    assert cycle.message.splitlines() == [
        "No data: there is no SKU that this run is for.",
        "1 of 3 part was given up after three attempts. The first error: ValueError: 100% of “row 7”",
        "3 steps failed. The first: rule fba-fees: 503",
    ]
    english, chinese = in_both(cycle)
    assert english == cycle.message
    assert chinese.splitlines() == [
        "没有数据：没有本轮次适用的 SKU。",
        "共 3 个分块，其中 1 个三次尝试后放弃。首个错误：ValueError: 100% of “row 7”",
        "3 个步骤失败。首个错误：rule fba-fees: 503",
    ]


def test_who_cancels_in_chinese_is_read_in_english(define: Define) -> None:
    define()
    cycle = request_cycle(name="trial", slot_at=SLOT, requested_by="ana")
    with acting_as(Actor("ana")), translation.override("zh-hans"):
        told = cancel_cycle(cycle_id=cycle.pk).told_message
    assert in_both(cycle) == ("Cancelled by ana when 0 of 0 parts were done. What these wrote stays.", told)
    assert told == "ana 已取消：共 0 个分块，已完成 0 个，其写入的内容保留。"


def test_rows_of_before_are_read_as_they_were_written_and_whole_sentences_are_told(define: Define) -> None:
    define()
    cycle = request_cycle(name="trial", slot_at=SLOT, requested_by="ana")
    before = (
        "No data: there is no SKU that this run is for.\n2 of 5 parts were given up after three attempts. The first error: ValueError: 1"
    )
    Cycle.objects.filter(pk=cycle.pk).update(message=before, message_lines=None)
    assert in_both(cycle) == (before, before.replace("No data: there is no SKU that this run is for.", "没有数据：没有本轮次适用的 SKU。"))
    # A release to come may fill a sentence in otherwise.
    unknown = [{"text": "%(gone)s came.", "params": {"other": 1}}]
    Cycle.objects.filter(pk=cycle.pk).update(message="It came.", message_lines=unknown)
    assert in_both(cycle) == ("It came.", "It came.")
