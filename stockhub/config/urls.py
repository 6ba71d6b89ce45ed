"""The addresses of the server, as `docs/reference/contract.md` promises them."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path

from stockhub.web import connecting
from stockhub.web.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lambda _request: redirect("admin:index"), name="home"),
    path("admin/stock/", include("stockhub.cockpit.urls")),
    path("admin/", admin.site.urls),
    path("connect/<str:account>/callback/", connecting.callback, name="connect_callback"),
    path("exports/", include("stockhub.exports.urls")),
    path("graphql/", include("stockhub.graphql.urls")),
    path("health/", include("stockhub.web.urls")),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
]
