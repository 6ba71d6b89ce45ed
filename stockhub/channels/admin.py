"""Shops, their listings, and what came in from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from stockhub.access import grants
from stockhub.access.models import ScopeKind
from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.channels import (  # noqa: F401 - their pages register themselves
    fact_admin,
    fee_admin,
    feed_admin,
    market_admin,
    received_admin,
    suggestion_admin,
)
from stockhub.channels.accounts import FILE_MARKETPLACE
from stockhub.channels.baseline_page import BaselinePage
from stockhub.channels.connecting import admin as connecting_admin  # noqa: F401 - as above
from stockhub.channels.connecting.connection_page import ConnectionPage
from stockhub.channels.connections import configure_account
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.models import (
    Account,
    AccountMode,
    CustomerReturn,
    ExperienceScore,
    ExternalCode,
    Feed,
    Listing,
    ListingComponent,
    Order,
    OrderLine,
    OrderStatus,
    OrderStatusChange,
    PoolAccount,
    PriceFact,
    Quarantined,
    Responsibility,
    SalesDelta,
)
from stockhub.channels.pushes import admin as push_admin  # noqa: F401 - likewise
from stockhub.channels.pushes.settings import require_may_write
from stockhub.channels.quarantine_retries import ROWS, Retried, dismiss_quarantined, retry_quarantined
from stockhub.channels.spoken_columns import reason_column, told_column
from stockhub.channels.webhooks import admin as webhook_admin  # noqa: F401 - as above
from stockhub.core.admin_classes import (
    LongReadOnlyAdmin,
    ReadOnlyAdmin,
    ReadOnlyRows,
    RowsInline,
    column,
    json_column,
    money,
    money_text,
    page_action,
    status_badge,
)
from stockhub.core.admin_forms import dress
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.outbox.recorded_admin import ConfigurationAdmin, RecordedAdmin, VersionedForm
from stockhub.pluginhost.configuration import Stored
from stockhub.pluginhost.forms import form_class
from stockhub.pluginhost.registry import registry
from stockhub.values.errors import DomainError

grants.name_scope(ScopeKind.ACCOUNT, lambda: Account.objects.filter(deleted_at=None).order_by("code").values_list("pk", "code", "name"))

_ORDER_COLOURS = {
    OrderStatus.CREATED: "info",
    OrderStatus.PAID: "info",
    OrderStatus.SHIPPED: "success",
    OrderStatus.COMPLETED: "success",
    OrderStatus.CANCELLED: "warning",
}


class PoolAccountRows(RowsInline):
    model = PoolAccount
    fields = ("pool", "priority", "share", "valid_from", "valid_to")
    autocomplete_fields = ("pool",)


class FeedRows(ReadOnlyRows):
    model = Feed
    fields = ("kind", "data_until_at", "last_success_at", "rows", "is_paused", "shown_error")
    readonly_fields = ("shown_error",)
    shown_error = told_column("error", _("last error"))


class AccountForm(VersionedForm):
    """An account is switched to writing as its service would: after a preview, with the largest change set, by somebody who may.

    Marketplaces are those of the connectors that are installed; one that is gone stays what it was.
    """

    marketplace = forms.ChoiceField(label=_("marketplace"), help_text=_("Files, or one whose connector is installed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        if "marketplace" not in self.fields:
            return
        names = {FILE_MARKETPLACE: gettext("Files and requests")}
        names |= {slug: connector.name.text(get_language() or "en") for slug, connector in sorted(registry().marketplaces.items())}
        known = self.instance.marketplace
        if known and known not in names:
            names[known] = gettext("%(slug)s (not installed)") % {"slug": known}
        chooser: Any = self.fields["marketplace"]
        chooser.label = capfirst(gettext("marketplace"))
        chooser.widget, chooser.choices = UnfoldAdminSelectWidget(), list(names.items())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("mode") == AccountMode.WRITE and self.initial.get("mode") != AccountMode.WRITE:
            try:
                require_may_write(self.instance)
            except DomainError as error:
                raise ValidationError({"mode": error.message}, code=error.code) from error
        return data


@admin.register(Account)
class AccountAdmin(BaselinePage, ConnectionPage, ScopedAdmin, ConfigurationAdmin):
    form = AccountForm
    account_path = "pk"
    list_display = ("code", "name", "marketplace", "site", "shown_mode", "currency", "time_zone", "is_active", "baseline_at")
    list_filter = ("marketplace", "mode", "is_active")
    search_fields = ("code", "name")
    ordering = ("code",)
    fieldsets = (
        (None, {"fields": (("code", "name"), ("marketplace", "site"), ("currency", "time_zone"), "is_active")}),
        (_("Stock and warnings"), {"fields": (("mode", "reduce_on"), "experience_score_floor", "baseline_at", "shown_baseline")}),
    )
    readonly_fields = ("baseline_at", "shown_baseline")
    inlines = (PoolAccountRows, FeedRows)
    shown_mode = status_badge("mode", _("mode"), {"read_only": "info", "write": "warning"})
    actions_detail = ("configure", "connection")

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:  # noqa: ANN401 - Django's signature
        """A new account of a platform goes on to its connection, which is where somebody new would have to look for it."""
        if obj.marketplace == FILE_MARKETPLACE or "_addanother" in request.POST or not self.has_connect_permission(request):
            return super().response_add(request, obj, post_url_continue)
        self.tell(request, gettext("The account is there and reads nothing yet: say how to connect it, then authorise it."))
        return redirect(reverse("admin:channels_account_configure", args=[obj.pk]))

    @page_action(_("Connection"), icon="link", permission="connect")
    def configure(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form that the connector's own model draws. Secrets go in and never come out."""
        self.refuse_unless(allowed=self.has_connect_permission(request))
        account = self.visible_or_404(request, object_id)
        connector = registry().marketplaces.get(account.marketplace)
        if connector is None:
            told = gettext("No connector named %(slug)s is installed, so there is nothing to set.") % {"slug": account.marketplace}
            self.message_user(request, told, messages.WARNING)
            return self.back_to(account.pk)
        form = form_class(connector.account_config_model)(Stored(account.config, bytes(account.secrets)), request.POST or None)
        if request.method == "POST" and form.is_valid():
            configure_account(account_id=account.pk, stored=form.result)
            self.tell(request, gettext("The configuration is saved. Now test the connection, or authorise the account."))
            return redirect(reverse("admin:channels_account_connection", args=[account.pk]))
        dress(form)
        return self.form_page(request, title=f"{account.name}: {gettext('Connection')}", form=form, submit=_("Save"))


@admin.register(Responsibility)
class ResponsibilityAdmin(ScopedAdmin, RecordedAdmin):
    account_path = "account"
    unowned_is_shared = True
    list_display = ("id", "account", "sku", "category", "brand", "owner", "buyer")
    list_filter = ("account", "owner", "buyer")
    list_select_related = ("account", "sku", "category", "owner", "buyer")
    search_fields = ("sku__code", "category__code", "brand", "owner__username", "buyer__username")
    autocomplete_fields = ("account", "sku", "category", "owner", "buyer")


@admin.register(ExternalCode)
class ExternalCodeAdmin(ScopedAdmin, RecordedAdmin):
    account_path = "account"
    unowned_is_shared = True
    list_display = ("value", "kind", "sku", "account")
    list_filter = ("kind", "account")
    list_select_related = ("sku", "account")
    search_fields = ("value", "sku__code")
    autocomplete_fields = ("sku", "account")


class MappedFilter(admin.SimpleListFilter):
    """Listings that deliver nothing yet: their orders wait for a link."""

    title = _("link to SKUs")
    parameter_name = "linked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("no", _("Not linked")), ("yes", _("Linked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        return queryset.filter(components__isnull=self.value() == "no").distinct() if self.value() else queryset


class ListingComponentRows(RowsInline):
    model = ListingComponent
    fields = ("sku", "qty", "valid_from", "valid_to")
    autocomplete_fields = ("sku",)


@admin.register(Listing)
class ListingAdmin(ScopedAdmin, ConfigurationAdmin):
    account_path = "account"
    list_display = ("code", "title", "account", "kind", "status", "shown_linked", "last_sold_at", "first_seen_at")
    list_filter = (MappedFilter, "account", "kind", "status")
    list_select_related = ("account",)
    search_fields = ("code", "title")
    autocomplete_fields = ("account",)
    ordering = ("account", "code")
    fields = (("account", "kind", "code"), "title", ("status", "url"), ("first_seen_at", "last_sold_at"))
    readonly_fields = ("first_seen_at", "last_sold_at")
    inlines = (ListingComponentRows,)
    actions_list = ("suggestions",)

    @page_action(_("Suggestions"), icon="link", permission="link")
    def suggestions(self, request: HttpRequest) -> HttpResponse:
        """What the next listings without a link may deliver, for a person to tick."""
        self.refuse_unless(allowed=self.has_link_permission(request))
        waiting = super().get_queryset(request).filter(components=None, deleted_at=None).select_related("account")
        listings = list(waiting.order_by("account__code", "code", "kind")[: suggestion_admin.LISTINGS])
        choices, ticked = suggestion_admin.drawn(listings)
        form = suggestion_admin.SuggestionsForm(request.POST or None, initial={"chosen": ticked})
        form.set_choices("chosen", choices)
        if request.method == "POST" and form.is_valid():
            done = suggestion_admin.accept(listings, form.cleaned_data["chosen"])
            numbers = {"linked": sum(each.error is None for each in done), "refused": sum(each.error is not None for each in done)}
            self.tell(request, gettext("Linked: %(linked)d. Refused: %(refused)d.") % numbers)
            return redirect(request.path)
        intro = _("Listings that deliver nothing yet, the first hundred. Their earlier orders are counted in once they are linked.")
        return self.form_page(request, title=_("Suggestions"), form=form, submit=_("Link"), intro=intro)

    def has_link_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - Unfold's signature
        return request.user.has_perm("channels.change_listing")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(component_count=Count("components"))
        return queryset

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        """Linking counts what was sold and came back of the listing anew, so the service does it."""
        formset.save(commit=False)
        rows = [row.cleaned_data for row in formset.forms if row.cleaned_data.get("sku") and not row.cleaned_data.get("DELETE")]
        if formset.new_objects or formset.changed_objects or formset.deleted_objects:
            components = [ComponentInput(row["sku"].pk, row["qty"], row["valid_from"], row["valid_to"]) for row in rows]
            linked = link_listing(listing=form.instance, components=components)
            numbers = {"lines": linked.lines, "returns": linked.moved_returns}
            self.tell(request, gettext("Order lines counted anew: %(lines)d. Returns moved to the new SKUs: %(returns)d.") % numbers)

    @column(_("linked"), boolean=True)
    def shown_linked(self, listing: Listing) -> bool:
        return bool(listing.component_count)  # type: ignore[attr-defined]  # annotated above


@admin.register(PriceFact)
class PriceFactAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "listing__account"
    list_display = ("listing", "kind", "shown_amount", "reason", "occurred_at", "recorded_at")
    list_filter = ("kind", "occurred_at")
    list_select_related = ("listing__account",)
    search_fields = ("=listing__code",)
    ordering = ("-id",)
    fields = ("listing", "kind", "shown_amount", "reason", "occurred_at", "recorded_at")
    readonly_fields = ("shown_amount",)
    shown_amount = money("amount", "currency", _("price"))


class OrderLineRows(ReadOnlyRows):
    model = OrderLine
    fields = ("line_key", "sku", "listing", "warehouse", "qty", "shown_price", "kind", "status", "promo")
    readonly_fields = ("shown_price",)

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's
        return super().get_queryset(request).select_related("sku", "listing__account", "warehouse", "order")

    @column(_("unit price"))
    def shown_price(self, line: OrderLine) -> str:
        return money_text(line.unit_price_amount, line.order.currency)


class OrderStatusRows(ReadOnlyRows):
    model = OrderStatusChange
    fields = ("status", "occurred_at", "recorded_at")
    ordering = ("occurred_at", "id")


@admin.register(Order)
class OrderAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "account"
    list_display = ("external_id", "account", "shown_status", "kind", "fulfilled_by", "ordered_at", "paid_at", "ship_by_at", "shipped_at")
    list_filter = ("account", "status", "kind", "ordered_at")
    list_select_related = ("account",)
    search_fields = ("=external_id",)
    search_help_text = _("An order's number, whole.")
    ordering = ("-id",)
    exclude = ("buyer_hash", "status")
    readonly_fields = ("shown_status",)
    inlines = (OrderLineRows, OrderStatusRows)
    shown_status = status_badge("status", _("status"), _ORDER_COLOURS)


@admin.register(OrderLine)
class OrderLineAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "order__account"
    list_display = ("line_key", "order", "sku", "listing", "warehouse", "qty", "shown_price", "status", "ordered_at")
    list_filter = ("status", "kind", ("sku", admin.EmptyFieldListFilter))
    list_select_related = ("order", "sku", "listing__account", "warehouse")
    search_fields = ("=order__external_id", "=sku__code")
    ordering = ("-id",)

    @column(_("unit price"), ordering="unit_price_amount")
    def shown_price(self, line: OrderLine) -> str:
        return money_text(line.unit_price_amount, line.order.currency)


@admin.register(CustomerReturn)
class CustomerReturnAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "account"
    list_display = ("external_id", "account", "order_external_id", "sku", "qty", "grade", "reason", "returned_at")
    list_filter = ("account", "grade", "returned_at")
    list_select_related = ("account", "sku")
    search_fields = ("=external_id", "=order_external_id", "=sku__code")
    ordering = ("-id",)


@admin.register(Quarantined)
class QuarantinedAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    export_name = "quarantine"
    export_filters: ClassVar[Mapping[str, str]] = {
        "kind": "kind", "code": "code", "account__id__exact": "account", "resolved_at__isempty": "open",
    }  # fmt: skip
    account_path = "account"
    list_display = ("external_id", "kind", "account", "shown_message", "code", "attempts", "last_seen_at", "resolved_at")
    list_filter = (("resolved_at", admin.EmptyFieldListFilter), "kind", "code", "account")
    list_select_related = ("account",)
    search_fields = ("external_id", "message")
    ordering = ("-last_seen_at", "-id")
    exclude = ("payload", "message", "template", "params")
    readonly_fields = ("shown_message", "shown_payload")
    shown_message = reason_column(_("reason"))
    actions = ("retry", "dismiss")
    shown_payload = json_column("payload", _("record"))

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Quarantined]) -> None:
        told = Retried()
        asked = list(queryset.filter(resolved_at=None).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(asked), ROWS):
            told += retry_quarantined(asked[start : start + ROWS])
        self.tell(request, gettext("Taken in: %(taken)d. Still refused: %(left)d.") % {"taken": told.taken, "left": told.left})

    @admin.action(description=_("Dismiss: nobody needs them"), permissions=["retry"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Quarantined]) -> None:
        number = 0
        asked = list(queryset.filter(resolved_at=None).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(asked), ROWS):
            number += dismiss_quarantined(ids=asked[start : start + ROWS], reason=gettext("Dismissed in the admin"))
        self.tell(request, gettext("Dismissed: %(number)d.") % {"number": number})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Nobody edits a record, but those who may change the quarantine may try one again."""
        return request.user.has_perm("channels.change_quarantined")


@admin.register(ExperienceScore)
class ExperienceScoreAdmin(ScopedAdmin, ReadOnlyAdmin):
    account_path = "account"
    list_display = ("account", "score", "parts", "occurred_at", "recorded_at")
    list_filter = ("account", "occurred_at")
    list_select_related = ("account",)
    ordering = ("-occurred_at", "-id")


@admin.register(SalesDelta)
class SalesDeltaAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "account"
    list_display = ("sku", "account", "hour_at", "qty")
    list_filter = ("account",)
    list_select_related = ("sku", "account")
    ordering = ("-id",)
