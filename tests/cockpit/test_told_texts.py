"""What was written down in English, or for machines, is read in Chinese on the pages of the admin; what people typed stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_noop

from stockhub.access.models import User
from stockhub.catalog.models import Sku, Stage
from stockhub.core import clock
from stockhub.cycles.models import Chunk, Cycle
from stockhub.exchange.models import ImportJob
from stockhub.lifecycle.models import StageOverride
from stockhub.lifecycle.overrides import EXPIRED

pytestmark = pytest.mark.django_db
NO_DATA = gettext_noop("No data: there is no SKU that this run is for.")


@pytest.fixture
def page() -> Any:  # noqa: ANN401 - a function
    client = Client()
    client.force_login(User.objects.create_superuser("root"))

    def shown(name: str, *args: object, language: str = "zh-CN") -> str:
        answer = client.get(reverse(f"admin:{name}", args=args), headers={"accept-language": language})
        assert answer.status_code == 200
        return answer.content.decode()

    return shown


def test_runs_say_in_chinese_what_an_operator_should_know(page: Any) -> None:  # noqa: ANN401 - a function
    lines = [{"text": NO_DATA, "params": {}}, "ValueError: x"]
    now = clock.now()
    run: dict[str, Any] = {"name": "warnings", "as_of": now, "message": f"{NO_DATA}\nValueError: x"}
    cycle = Cycle.objects.create(slot_at=now, requested_by="dispatcher", message_lines=lines, **run)
    died = gettext_noop("Its worker died or was stopped in each of three attempts. Look for its end in the log, then have it tried again.")
    chunk = Chunk.objects.create(
        cycle=cycle, ordinal=1, first_sku_id=1, last_sku_id=2, error=died, error_lines=[{"text": died, "params": {}}]
    )
    for told in (page("cycles_cycle_changelist"), page("cycles_cycle_change", cycle.pk)):
        assert "没有数据：没有本轮次适用的 SKU。" in told
        assert "ValueError: x" in told
        assert "调度进程" in told
        assert NO_DATA not in told
    for told in (page("cycles_cycle_change", cycle.pk), page("cycles_chunk_changelist"), page("cycles_chunk_change", chunk.pk)):
        assert died not in told
    assert NO_DATA in page("cycles_cycle_changelist", language="en")


def test_imports_say_in_chinese_how_they_ended_and_by_what(page: Any) -> None:  # noqa: ANN401 - a function
    message = "Stopped by OSError. Run the same import again: it goes on where this one stopped."
    message += " Of the refused rows, the first 1000 reasons are kept."
    job = ImportJob.objects.create(kind="stock", file_name="a.csv", sha256="x", actor="import:stock", message=message)
    told = page("exchange_importjob_change", job.pk)
    assert "因 OSError 中止。请再次运行同一导入：将从中断处继续。 被拒绝的行中，仅保留前 1000 条原因。" in told
    assert "导入：库存" in told
    assert "导入：库存" in page("exchange_importjob_changelist")
    assert message in page("exchange_importjob_change", job.pk, language="en")


def test_what_ends_by_itself_says_so_and_what_somebody_typed_stays(page: Any) -> None:  # noqa: ANN401 - a function
    stage = Stage.objects.get(slug="growth")
    of: dict[str, Any] = {
        "stage": stage, "until_on": date(2025, 6, 1), "reason": "Stock", "set_by": "ana", "set_at": clock.now(), "ended_at": clock.now(),
    }  # fmt: skip
    by_itself, by_hand = (
        StageOverride.objects.create(sku=Sku.objects.create(code=code, name=code), end_reason=why, ended_by=who, **of)
        for code, why, who in (("A", EXPIRED, "cycle:lifecycle"), ("B", "Stock", "ana"))
    )
    told = page("lifecycle_stageoverride_change", by_itself.pk)
    assert "已到期。" in told
    assert "轮次：生命周期" in told
    assert "Stock" in page("lifecycle_stageoverride_change", by_hand.pk)
    listed = page("lifecycle_stageoverride_changelist")
    assert ("已到期。" in listed, EXPIRED in listed) == (True, False)
