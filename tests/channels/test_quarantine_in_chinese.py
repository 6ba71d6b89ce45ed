"""Why a record is in quarantine is told in the reader's language, whoever brought it; and rows of before stay readable (U20)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

import stockhub.channels
from stockhub.access.models import User
from stockhub.channels import quarantine
from stockhub.channels.facts.inbound import ingest_inbound
from stockhub.channels.facts.traffic import ingest_traffic
from stockhub.channels.inbox import accept_records
from stockhub.channels.models import Quarantined
from stockhub.channels.order_intake import NO_WAREHOUSE, NOT_LINKED, Refusal
from stockhub.channels.services import ingest_orders, ingest_returns, ingest_stock
from stockhub.channels.spoken import told_reason
from stockhub.core import clock
from stockhub.pluginapi.platform_records import InboundLineRecord, InboundRecord, TrafficRecord
from stockhub.pluginapi.records import OrderRecord, ReturnRecord, StockCountRecord
from tests.channels.conftest import ORDERED
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Make = Callable[..., OrderRecord]
COUNT = "%(name)s must be a whole number from %(least)d to %(most)d."
QUOTED = "%(code)s: %(reason)s Its other lines are counted."


def refuse(shop: Shop, order: Make) -> dict[str, Quarantined]:
    """One of each shape of reason: without values, with a code, with a noun, and one that quotes another."""
    ingest_orders(account=shop.account, orders=[order("1", line_warehouse="CN9")], source="connector")
    ingest_returns(account=shop.account, returns=[ReturnRecord("R1", "a-1", 2, ORDERED, grade="lost")])
    ingest_stock(account=shop.account, counts=[StockCountRecord("nobody", "FBA", (("available", -1),), ORDERED)])
    ingest_traffic(account=shop.account, traffic=[TrafficRecord("a-1", clock.now().date() - timedelta(days=1), views=-5)])
    lines = (InboundLineRecord("nobody", 5, 0),)
    ingest_inbound(account=shop.account, shipments=[InboundRecord("S1", "CN1", "in_transit", ORDERED, lines=lines)])
    return {row.kind: row for row in Quarantined.objects.order_by("id")}


def in_chinese(monkeypatch: pytest.MonkeyPatch, **texts: str) -> None:
    """The catalogue of the test says what the templates are, so that the proof rests on no wording."""
    chinese: Any = trans_real.translation("zh-hans")
    for english, other in texts.items():
        monkeypatch.setitem(chinese._catalog._catalogs[0], english, other)


def test_u20_reasons_are_kept_as_template_and_values_beside_their_english(shop: Shop, order: Make) -> None:
    with translation.override("zh-hans"):
        rows = refuse(shop, order)
    assert {kind: (row.code, row.template, row.params) for kind, row in rows.items()} == {
        "order": ("unknown_warehouse", str(NO_WAREHOUSE), {"code": "CN9"}),
        "return": ("grade", "The grade must be new, like_new, damaged or defective.", {}),
        "stock": ("unknown_warehouse", str(NO_WAREHOUSE), {"code": "FBA"}),
        "traffic": ("quantity", COUNT, {"name": "views", "least": 0, "most": 10**12}),
        "inbound": ("unmapped", QUOTED, {"code": "nobody", "reason": {"text": str(NOT_LINKED), "params": {}}}),
    }
    assert rows["traffic"].message == "views must be a whole number from 0 to 1000000000000."
    assert rows["inbound"].message == (
        "nobody: No SKU is linked to this code. Link the listing, then try the record again. Its other lines are counted."
    )
    with translation.override("en"):
        assert [told_reason(row) for row in rows.values()] == [row.message for row in rows.values()]


def test_u20_a_reason_that_quotes_another_is_told_whole(shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = refuse(shop, order)
    in_chinese(monkeypatch, **{QUOTED: "%(code)s：%(reason)s其余已计。", str(NOT_LINKED): "编码未关联。"})
    with translation.override("zh-hans"):
        assert told_reason(rows["inbound"]) == "nobody：编码未关联。其余已计。"


def test_u20_the_admin_and_the_graph_tell_it_in_the_readers_language(shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    row = refuse(shop, order)["order"]
    in_chinese(monkeypatch, **{str(NO_WAREHOUSE): "没有仓库 %(code)r"})
    client = Client()
    client.force_login(User.objects.create_superuser("root", language="zh-hans"))
    for page in (reverse("admin:channels_quarantined_changelist"), reverse("admin:channels_quarantined_change", args=[row.pk])):
        shown = client.get(page, headers={"accept-language": "zh-hans"}).content.decode()
        assert "没有仓库 &#x27;CN9&#x27;" in shown, page
        # The template and its values are how it is kept, and nothing for a reader.
        assert "%(code)" not in shown, page
    query = "{ quarantinedRecords(recordKind: ORDER) { edges { node { message code } } } }"
    answered = client.post("/graphql/", {"query": query}, "application/json", headers={"accept-language": "zh-hans"}).json()
    assert answered["data"]["quarantinedRecords"]["edges"] == [{"node": {"message": "没有仓库 'CN9'", "code": "unknown_warehouse"}}]


def test_u20_rows_of_before_are_read_as_they_were_written_and_a_new_refusal_brings_its_template(shop: Shop, order: Make) -> None:
    now = clock.now()
    old = Quarantined.objects.create(
        account=shop.account, kind="order", external_id="1", code="unknown_warehouse",
        message="There is no warehouse 'CN9' at 100 %. Create it.", first_seen_at=now, last_seen_at=now,
    )  # fmt: skip
    with translation.override("zh-hans"):
        assert told_reason(old) == old.message
    ingest_orders(account=shop.account, orders=[order("1", line_warehouse="CN9")], source="connector")
    old.refresh_from_db()
    assert (old.attempts, old.template, old.params) == (2, str(NO_WAREHOUSE), {"code": "CN9"})


def test_u20_what_a_platform_said_has_no_template_and_takes_an_earlier_one_away(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1", line_warehouse="CN9")], source="connector")
    said = Refusal("1", "unknown_warehouse", "The platform knows no CN9: 100 %(sure)s")
    quarantine.keep_refused(account=shop.account, kind="order", refused=[({}, said)])
    row = Quarantined.objects.get()
    assert (row.template, row.params) == (None, None)
    assert told_reason(row) == "The platform knows no CN9: 100 %(sure)s"


def test_u20_values_that_cannot_be_stored_are_cleaned(shop: Shop, order: Make) -> None:
    told = accept_records(account=shop.account, kind="order", records=[order("1", qty="x\x00y")], source="api")
    assert told.refused[0].code in ("malformed", "quantity")
    quarantine.keep_refused(
        account=shop.account, kind="order", refused=[({}, Refusal("2", "unknown_warehouse", "No C\x00.", NO_WAREHOUSE, {"code": "C\x00"}))]
    )
    assert Quarantined.objects.get(external_id="2").params == {"code": "C�"}


def test_u20_no_reason_of_the_core_is_a_plain_text() -> None:
    """A text in quotes, or put together from values, is English for ever."""
    found = []
    for path in sorted(Path(stockhub.channels.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("RefusedError", "Refusal"):
                text = node.args[1] if node.func.id == "RefusedError" else node.args[2]
                if isinstance(text, (ast.Constant, ast.JoinedStr)):
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []
