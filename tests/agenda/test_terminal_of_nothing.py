"""*Today* as text where there is nothing to show."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from stockhub.access.models import User
from stockhub.agenda.terminal import plain_lines
from stockhub.agenda.today import today
from stockhub.alerts.models import Subscription

pytestmark = pytest.mark.django_db


def test_an_empty_side_says_so() -> None:
    Subscription.objects.create(user=User.objects.create(username="ana", email="ana@example.com"))
    assert list(plain_lines(today()))[1:] == ["", "Running out: nothing", "", "Lying still: nothing"]


@pytest.mark.parametrize(("option", "message"), [("--user=nobody", "no active user 'nobody'"), ("--pool=moon", "There are: none")])
def test_what_is_not_there_is_wrong_usage(option: str, message: str) -> None:
    with pytest.raises(CommandError, match=message) as refused:
        call_command("today", option)
    assert refused.value.returncode == 2
