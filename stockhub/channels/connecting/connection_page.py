"""The page on which an operator authorises an account, tests its connection, adopts its warehouses, and ends all that."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.channels.accounts import FILE_MARKETPLACE
from stockhub.channels.connecting.account_connection import IN_BROWSER, authorise_account, disconnect_account
from stockhub.channels.connecting.browser_authorization import start_authorization
from stockhub.channels.connecting.tokens import authorization_of
from stockhub.channels.connecting.trying import try_account
from stockhub.channels.connecting.warehouses import adopt_warehouses
from stockhub.channels.models import Account
from stockhub.channels.webhooks.addresses import webhook_path
from stockhub.core.admin_classes import PageAdmin, page_action
from stockhub.values import DomainError


class ConnectionPage(PageAdmin):
    """Mixed into the account's admin."""

    @page_action(_("Authorisation"), icon="vpn_key", permission="connect")
    def connection(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """State, and what can be done about it. What is asked of the platform is asked while the person waits."""
        self.refuse_unless(allowed=self.has_connect_permission(request))
        account = self.visible_or_404(request, object_id)
        if account.marketplace == FILE_MARKETPLACE:
            self.message_user(request, gettext("Data of this account come as files: there is nothing to connect."), messages.WARNING)
            return self.back_to(account.pk)
        found: dict[str, Any] = {}
        if request.method == "POST":
            try:
                found = self._done(request, account)
            except DomainError as error:
                self.tell_error(request, error)
        base = settings.STOCKHUB_PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
        path = webhook_path(account)
        context = self.admin_site.each_context(request) | {
            "title": f"{account.name}: {gettext('Authorisation')}", "account": account, "opts": self.opts,
            "webhook_address": path and f"{base}{path}",
            "authorization": authorization_of(account), "back": reverse("admin:channels_account_change", args=[account.pk]),
            "may_make_warehouses": request.user.has_perm("catalog.change_warehouse"), **found,
        }  # fmt: skip
        return TemplateResponse(request, "channels/connection.html", context)

    def has_connect_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - Unfold's signature
        return request.user.has_perm("channels.change_account")

    def _done(self, request: HttpRequest, account: Account) -> dict[str, Any]:
        match request.POST.get("do"):
            case "test":
                return {"tried": try_account(account)}
            case "authorise":
                return self._authorised(request, account)
            case "adopt":
                number = len(adopt_warehouses(account, request.POST.getlist("code")))
                told = ngettext("%(count)d warehouse is here now.", "%(count)d warehouses are here now.", number)
                self.tell(request, told % {"count": number})
            case "disconnect":
                disconnect_account(account)
                self.tell(request, gettext("The account is disconnected: nothing is read or pushed until it is authorised again."))
        return {}

    def _authorised(self, request: HttpRequest, account: Account) -> dict[str, Any]:
        tried = authorise_account(account)
        if tried.code != IN_BROWSER:
            return {"tried": tried}
        user_id = request.user.pk
        assert user_id is not None  # noqa: S101 - the permission says so
        return {"url": start_authorization(account=account, user_id=user_id, base_url=request.build_absolute_uri("/"))}
