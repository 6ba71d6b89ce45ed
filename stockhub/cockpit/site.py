"""The admin's site: Unfold's, which makes no list of all tables for a page that does not show one."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite


class Site(UnfoldAdminSite):  # type: ignore[misc]
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:  # noqa: ANN401 - a list, once somebody looks
        """Every page is given it and only the search looks: with its permissions and addresses it costs as much as half a page."""
        return SimpleLazyObject(lambda: super(Site, self).get_app_list(request, app_label))


class PagesConfig(AdminConfig):
    """Django's admin with all pages of the apps, at this site."""

    default_site = "stockhub.cockpit.site.Site"
    default = False
