"""A push's own page: what it shows is what a person decides about, there and then."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.channels.pushes.models import Push
from tests.channels.pushes.conftest import Bench

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ana(db: object) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ana"))
    return client


def act(client: Client, action: str, push: Push, **given: str) -> str:
    """The page that comes of an action's form."""
    url = reverse(f"admin:channels_push_{action}", args=[push.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"apply": "1", **given}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:channels_push_change", args=[push.pk]), 302)]
    push.refresh_from_db()
    return answer.content.decode()


def test_a_push_is_approved_or_given_up_on_its_own_page(bench: Bench, ana: Client) -> None:
    bench.see(a_1=10, b_1=10)
    first, second = bench.set_stock(a_1=25), bench.set_stock(b_1=12)
    page = ana.get(reverse("admin:channels_push_change", args=[first.pk])).content.decode()
    assert all(text in page for text in ("Approve…", "Give up…", "Try again…", "Look at its rows, then approve it or give it up."))
    assert "Done: 1" in act(ana, "approve_this", first)
    assert (first.status, first.approved_by) == ("approved", "ana")
    assert "Done: 1" in act(ana, "give_up_this", second)
    assert second.status == "cancelled"
    # What cannot be is said, and nothing changes.
    assert "This push cannot be given up" in act(ana, "give_up_this", second)
    assert "Only what failed or is unknown can be tried again." in act(ana, "try_this_again", first)
    assert first.status == "approved"


def test_a_large_change_wants_the_word_of_the_form(bench: Bench, ana: Client) -> None:
    bench.see(a_1=10)
    push = bench.set_stock(a_1=900)
    assert "Done: 1" not in act(ana, "approve_this", push)
    assert push.status == "draft"
    assert "Done: 1" in act(ana, "approve_this", push, confirm_large="on")
    assert (push.status, push.confirmed_by) == ("approved", "ana")


def test_whoever_may_only_look_decides_nothing(bench: Bench) -> None:
    bench.see(a_1=10)
    push = bench.set_stock(a_1=25)
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_push"))
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("admin:channels_push_change", args=[push.pk]))
    assert "Approve…" not in page.content.decode()
    for action in ("approve_this", "give_up_this", "try_this_again"):
        assert client.post(reverse(f"admin:channels_push_{action}", args=[push.pk])).status_code == 403
    push.refresh_from_db()
    assert push.status == "draft"
