"""Why a row was refused is told in the reader's language, whoever imported the file; and rows of before stay readable (U20)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from stockhub.access.models import User
from stockhub.channels.imports.sales import NOT_POSITIVE
from stockhub.channels.models import Account
from stockhub.exchange.models import ImportJob, RowError
from tests.worlds import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SALES = """order_id,sku,quantity,time,price
1,TEA,two,2026-02-01,9
2,TEA,1,2026-02-31,9
3,TEA,0,2026-02-01,9
4,TEA,1,1955-01-01,9
5,,1,2026-02-01,9
"""


@pytest.fixture
def world() -> World:
    return make_world()


def refused(world: World, tmp_path: Path) -> list[RowError]:
    path = tmp_path / "sales.csv"
    path.write_text(SALES, encoding="utf-8")
    with pytest.raises(CommandError, match="No row could be taken"):
        call_command("import_sales", str(path), account=Account.objects.get(pk=world.account.pk).code, create_skus=True)
    return list(RowError.objects.order_by("line", "column"))


def test_u20_a_reason_is_kept_as_code_template_and_values(world: World, tmp_path: Path) -> None:
    rows = refused(world, tmp_path)
    assert [(row.line, row.code, row.template) for row in rows] == [
        (2, "malformed", "%(column)s cannot be read as a whole number."),
        (3, "bad_date", "There is no such day or time."),
        (4, "quantity_not_positive", str(NOT_POSITIVE)),
        (5, "too_old", "%(column)s lies before %(year)d: is this the right column?"),
        (6, "missing", "%(column)s is missing."),
    ]  # fmt: skip
    assert [row.params for row in rows] == [{"column": "quantity"}, {}, {}, {"column": "time", "year": 1980}, {"column": "sku"}]
    # English is written down, too: whoever searches finds it.
    assert rows[3].message == "time lies before 1980: is this the right column?"
    assert [row.text for row in rows] == [row.message for row in rows]


def test_u20_whoever_imports_in_chinese_writes_the_same_down(world: World, tmp_path: Path) -> None:
    with translation.override("zh-hans"):
        rows = refused(world, tmp_path)
    assert rows[3].template == "%(column)s lies before %(year)d: is this the right column?"
    assert rows[3].message == "time lies before 1980: is this the right column?"


def test_u20_a_reader_of_chinese_reads_chinese_and_a_reader_of_english_english(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalogue of the test says what one template is, so that the proof rests on no wording."""
    [*_others, old, _missing] = refused(world, tmp_path)
    chinese: Any = trans_real.translation("zh-hans")
    monkeypatch.setitem(chinese._catalog._catalogs[0], old.template, "%(column)s 早于 %(year)d 年")
    with translation.override("zh-hans"):
        assert old.text == "time 早于 1980 年"
    with translation.override("en"):
        assert old.text == old.message
    client = Client()
    client.force_login(User.objects.create_superuser("root", language="zh-hans"))
    page = client.get(reverse("admin:exchange_importjob_change", args=[old.job_id]), headers={"accept-language": "zh-hans"})
    assert "time 早于 1980 年" in page.content.decode()
    listed = client.get(reverse("admin:exchange_rowerror_changelist"), headers={"accept-language": "zh-hans"})
    assert "time 早于 1980 年" in listed.content.decode()


@pytest.mark.parametrize(
    ("template", "params"), [(None, None), ("", None), ("%(gone)s is at fault.", {}), ("%(n)d rows.", {"n": "three"}), ("100 %", {})]
)
def test_u20_rows_of_before_and_of_another_release_are_read_as_they_were_written(
    world: World, template: str | None, params: dict[str, str] | None
) -> None:
    job = ImportJob.objects.create(kind="sales", file_name="old.csv", sha256="0" * 64, actor="somebody")
    row = RowError.objects.create(job=job, line=7, column="qty", code="odd", message="Odd at 100 %.", template=template, params=params)
    with translation.override("zh-hans"):
        assert row.text == "Odd at 100 %."
        assert str(row) == "7: Odd at 100 %."
