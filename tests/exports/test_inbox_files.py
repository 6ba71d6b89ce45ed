"""The files of alerts, incidents and stock-outs hold what the page shows, with the seconds of each step."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.http.response import HttpResponseBase

from stockhub.alerts.models import Alert
from tests.graphql.shop import NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Fetch = Callable[..., HttpResponseBase]


def rows(fetch: Fetch, world: World, address: str) -> list[dict[str, str]]:
    answer = fetch(world.me, address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]


def test_h69_an_alert_is_exported_with_its_times_and_its_outcome(fetch: Fetch, world: World) -> None:
    Alert.objects.filter(pk=world.mine.alert.pk).update(
        acknowledged_at=NOW + dt.timedelta(minutes=2), acknowledged_by="ana", started_at=NOW + dt.timedelta(minutes=5), started_by="ana",
        resolved_at=NOW + dt.timedelta(hours=26, seconds=1), resolved_by="ana", resolution="late truck", status="resolved",
        ending="false_alarm", false_alarm_cause="late_delivery",
    )  # fmt: skip
    [row] = rows(fetch, world, "/exports/alerts.csv?state=false_alarm")
    shown = ("kind", "sku", "pool", "state", "seconds_to_acknowledge", "seconds_to_start", "seconds_to_resolve", "false_alarm_cause")
    assert [row[name] for name in shown] == [
        "shortage", "SKU-001", "mine-pool", "false_alarm", "120", "300", "93601", "late_delivery",
    ]  # fmt: skip
    assert (row["outcome"], row["lead_days"], row["started_by"]) == ("true_positive", "9", "ana")
    assert rows(fetch, world, "/exports/alerts.csv?outcome=averted") == []


def test_n14_an_incident_is_exported_with_its_count_and_money(fetch: Fetch, world: World) -> None:
    [row] = rows(fetch, world, "/exports/incidents.csv?cause=late_supplier")
    assert (row["code"], row["alerts"], row["open_alerts"], row["status"], row["currency"]) == ("mine-pool", "1", "1", "open", "CNY")


def test_a_stock_out_is_exported_with_what_it_cost(fetch: Fetch, world: World) -> None:
    [row] = rows(fetch, world, "/exports/stockouts.csv?outcome=detected")
    assert (row["sku"], row["lead_days"], row["lost_units"], row["version"], row["reason"]) == ("SKU-001", "9", "3", "1", "known")
