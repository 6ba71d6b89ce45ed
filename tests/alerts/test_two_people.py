"""Two people who act on one alert at the same moment: one of them is told, and nothing is lost (row 5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from stockhub.alerts import services
from stockhub.alerts.models import Alert
from stockhub.core import actor
from stockhub.core.actor import Actor
from stockhub.values import DomainError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PEOPLE = 8


@pytest.fixture(autouse=True)
def many_writers(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")


def test_of_eight_people_with_one_version_one_acts_and_seven_are_told() -> None:
    alert = Alert.objects.create(kind="shortage", subject="1:1", side="shortage", level=2)
    ready = Barrier(PEOPLE)

    def act(number: int) -> str:
        try:
            ready.wait()
            with actor.acting_as(Actor(f"person{number}", number)):
                services.resolve(alert_ids=[alert.pk], resolution=f"by {number}", expected_version=alert.version)
            return "done"
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as pool:
        told = sorted(pool.map(act, range(PEOPLE)))
    assert told == ["alert_resolved"] * (PEOPLE - 1) + ["done"]
    alert.refresh_from_db()
    assert (alert.status, alert.version, alert.resolution) == ("resolved", 2, f"by {alert.resolved_by.removeprefix('person')}")
    assert alert.events.count() == 1
