"""Every page of the admin opens, in both languages, without a query a row, and with hostile names inert."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.models import Alert
from tests.cockpit.made_up_shop import HOSTILE, Shop

pytestmark = pytest.mark.django_db
MODELS = sorted((model for model in admin.site._registry), key=lambda model: model._meta.label)
LABELS = [model._meta.label_lower for model in MODELS]
MakeShop = Callable[..., Shop]


def list_url(label: str) -> str:
    app, model = label.split(".")
    return reverse(f"admin:{app}_{model}_changelist")


def queries_of(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_every_table_of_the_core_has_a_page() -> None:
    from django.apps import apps

    inlined = {
        "catalog.bundlecomponent",
        "catalog.categorymapping",
        "catalog.poolwarehouse",
        "suppliers.pricebreak",
        "suppliers.leadtimeleg",
        "purchasing.shipmentline",
        "purchasing.shipmentevent",
        "inventory.transferline",
        "inventory.transferevent",
        "channels.poolaccount",
        "channels.listingcomponent",
        "channels.orderstatuschange",
        "channels.pushrow",
        "access.grant",
        "editing.changesetrow",
        "alerts.incidentevent",
    }
    ours = {
        m._meta.label_lower
        for m in apps.get_models()
        if m.__module__.startswith("stockhub.") and not m.__module__.startswith("stockhub.graphql")
    }
    assert ours - set(LABELS) == inlined


@pytest.mark.slow  # more than a hundred pages
@pytest.mark.usefixtures("without_menu")
def test_lists_take_as_many_queries_for_six_rows_as_for_two(browser: Client, shop: MakeShop) -> None:
    shop(2)
    urls = {label: list_url(label) + ("?status=all" if label == "alerts.alert" else "") for label in LABELS}
    ContentType.objects.get_for_models(*MODELS)
    browser.get(reverse("admin:index"))
    few = {label: queries_of(browser, url) for label, url in urls.items()}
    shop(4, first=3)
    many = {label: queries_of(browser, url) for label, url in urls.items()}
    assert {label: (few[label], many[label]) for label in LABELS if many[label] > few[label]} == {}


@pytest.mark.slow  # some two hundred pages
@pytest.mark.usefixtures("without_menu")
def test_lists_and_objects_open_and_hostile_names_are_inert(browser: Client, shop: MakeShop) -> None:
    shop(2, name=HOSTILE)
    for number, model in enumerate(MODELS):
        browser.cookies["django_language"] = ("en", "zh-hans")[number % 2]
        for url in _urls(model):
            page = browser.get(url)
            assert page.status_code in (200, 403), url
            assert page.status_code == 200 or url.endswith("/add/"), url
            assert "<img src=x" not in page.content.decode(), url


def _urls(model: type[Model]) -> list[str]:
    label = model._meta.label_lower
    name = label.replace(".", "_")
    first = model._default_manager.order_by("pk").first()
    of_one = [] if first is None else [reverse(f"admin:{name}_{what}", args=[first.pk]) for what in ("change", "history")]
    return [list_url(label), reverse(f"admin:{name}_add"), *of_one]


def test_the_start_page_shows_both_sides_with_money_and_links(browser: Client, shop: MakeShop) -> None:
    made = shop(2, name=HOSTILE)
    page = browser.get(reverse("admin:index")).content.decode()
    assert "Running out" in page
    assert "Too much" in page
    assert "4,802.00 CNY" in page
    assert reverse("admin:alerts_alert_change", args=[made.alert.pk]) in page
    assert "<img src=x" not in page
    assert "Forecast of four weeks 300 units" in page
    # What is wrong by how much, and what to do: the numbers to decide (U4).
    assert "<b>Shortage: " in page
    assert "order 200 " in page


def test_h70_the_start_page_says_whose_a_decision_is_and_how_far(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    anna = User.objects.create_user("anna")
    Alert.objects.filter(pk=made.alert.pk).update(owner=anna)
    page = browser.get(reverse("admin:index")).content.decode()
    assert '<div class="sh-why">Owner: anna</div>' in page
    services.start(alert_ids=[made.alert.pk])
    page = browser.get(reverse("admin:index")).content.decode()
    assert '<div class="sh-why">Owner: anna · In progress</div>' in page


def test_the_start_page_says_what_to_do_where_there_is_nothing(browser: Client) -> None:
    page = browser.get(reverse("admin:index")).content.decode()
    assert "Nothing to show yet" in page
    assert "import_sales FILE --account CODE" in page


def test_the_start_page_needs_no_more_queries_for_more_alerts(browser: Client, shop: MakeShop) -> None:
    shop(3)
    browser.get(reverse("admin:index"))
    few = queries_of(browser, reverse("admin:index"))
    shop(3, first=4)
    assert queries_of(browser, reverse("admin:index")) == few


def test_our_templates_hold_no_script_and_no_style_attribute() -> None:
    from pathlib import Path

    import stockhub.core

    root = Path(stockhub.core.__file__).parents[1]
    templates = [path for path in root.rglob("templates/**/*.html") if "graphql" not in path.parts]
    assert len(templates) >= 4
    guilty = [
        str(path)
        for path in templates
        if any(bad in path.read_text() for bad in ("<script>", " style=", "onclick", "javascript:", "|safe"))
    ]
    assert guilty == []
