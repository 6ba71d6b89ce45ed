"""Pages of pushes: rules, what accounts allow, pushes with their approval, and differences of stock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.access.scopes import visible_account_ids, visible_warehouse_ids
from stockhub.channels.pushes import settings, stock_rules
from stockhub.channels.pushes.approving import approve_push, cancel_push, retry_push
from stockhub.channels.pushes.models import (
    LEFT_TO_A_PERSON,
    Push,
    PushRow,
    PushRowStatus,
    PushSettings,
    PushStatus,
    ShownStock,
    StockDifference,
    StockRule,
)
from stockhub.channels.pushes.names import names_of
from stockhub.channels.spoken_columns import told_column
from stockhub.core.admin_classes import (
    LongReadOnlyAdmin,
    ReadOnlyAdmin,
    ReadOnlyRows,
    actor_column,
    column,
    json_column,
    money_text,
    page_action,
    status_badge,
)
from stockhub.core.admin_forms import PlainForm
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.outbox.recorded_admin import ConfigurationAdmin, VersionedForm
from stockhub.values import DomainError, Explanation

_COLOURS = {
    PushStatus.DRAFT: "info",
    PushStatus.APPROVED: "info",
    PushStatus.SENDING: "info",
    PushStatus.SENT: "info",
    PushStatus.CONFIRMED: "success",
    PushStatus.FAILED: "danger",
    PushStatus.UNKNOWN: "danger",
    PushStatus.REFUSED: "danger",
    PushStatus.CANCELLED: "warning",
    PushStatus.EXPIRED: "warning",
}
_ROW_COLOURS = {
    PushRowStatus.PENDING: "info",
    PushRowStatus.SENDING: "info",
    PushRowStatus.APPLIED: "success",
    PushRowStatus.ACCEPTED: "info",
    PushRowStatus.UNCHANGED: "success",
    PushRowStatus.REFUSED: "danger",
    PushRowStatus.FAILED: "danger",
    PushRowStatus.UNKNOWN: "danger",
}


#: How a push goes beyond what is allowed without a person's word: its value, and the limit.
_HELD = {
    "no_limits": _("No largest change is set"),
    "before_unknown": _("Nobody knows what was there before"),
    "row_qty": _("Units of a row"),
    "row_pct": _("Per cent of a row"),
    "push_qty": _("Units of the push"),
    "push_pct": _("Per cent of the push"),
}
#: What a person can do about a push; the rest goes on by itself or has ended.
_NEXT = {
    PushStatus.DRAFT: _("Look at its rows, then approve it or give it up."),
    PushStatus.SENT: _("The platform took it. It is read back by itself where the platform tells; otherwise look there and give it up."),
    PushStatus.UNKNOWN: _("It may be done. It is read back by itself; where it still waits, look there, then try it again or give it up."),
    PushStatus.FAILED: _("See why at its rows, then try it again or make a new one."),
    PushStatus.REFUSED: _("The platform says why at its rows: mend that, then try it again or make a new one."),
    PushStatus.EXPIRED: _("Nobody sent it in time: try it again, or make a new one."),
}


class CheckedForm(VersionedForm):
    """What the service would refuse is said at its field."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            _CHECKS[type(self.instance)](self.instance)
        except DomainError as error:
            name = error.path[0] if error.path and error.path[0] in self.fields else None
            self.add_error(name, ValidationError(error.message, code=error.code))


_CHECKS: dict[type[Any], Callable[[Any], None]] = {StockRule: stock_rules.check, PushSettings: settings.check}


class StockRuleForm(CheckedForm):
    def clean(self) -> dict[str, Any]:
        """A rule is for one account: a listing of another would never be found by it."""
        data: dict[str, Any] = super().clean()
        listing, account = data.get("listing"), data.get("account")
        if listing is not None and data.get("category") is not None:
            raise ValidationError(_("A rule is for a listing or for a category, not for both."), code="invalid_rule")
        if listing is not None and account is not None and listing.account_id != account.pk:
            raise ValidationError({"listing": _("This listing belongs to another account.")})
        return data


@admin.register(StockRule)
class StockRuleAdmin(ScopedAdmin, ConfigurationAdmin):
    form = StockRuleForm
    account_path = "account"
    event_noun = "stockrule"
    list_display = ("account", "listing", "category", "percent", "plus_qty", "min_qty", "max_qty", "live_reserve_qty", "live_until_at")
    list_filter = ("account",)
    list_select_related = ("account", "listing__account", "category")
    search_fields = ("account__code", "listing__code", "category__code")
    autocomplete_fields = ("account", "listing", "category", "warehouses")
    ordering = ("account", "id")
    fieldsets = (
        (None, {"fields": ("account", ("listing", "category"), "warehouses", "buckets")}),
        (_("Number"), {"fields": (("percent", "plus_qty"), ("min_qty", "below_min", "max_qty"), "keeps_lag_buffer")}),
        (_("Live session"), {"fields": (("live_reserve_qty", "live_from_at", "live_until_at"),)}),
    )


@admin.register(PushSettings)
class PushSettingsAdmin(ScopedAdmin, ConfigurationAdmin):
    form = CheckedForm
    account_path = "account"
    list_display = ("account", "is_stopped", "is_automatic", "row_qty", "row_pct", "push_qty", "push_pct", "last_preview_at")
    list_filter = ("is_stopped", "is_automatic")
    list_select_related = ("account",)
    search_fields = ("account__code",)
    autocomplete_fields = ("account",)
    ordering = ("account",)
    readonly_fields = ("last_preview_at", "synced_at")
    fieldsets = (
        (None, {"fields": ("account", "is_stopped", ("is_automatic", "debounce_seconds"), "needs_second_person", "expires_after_hours")}),
        (_("Largest change without a person's word"), {"fields": (("row_qty", "row_pct"), ("push_qty", "push_pct"))}),
        (_("Daily difference"), {"fields": (("tolerance_qty", "tolerance_pct"), "alert_above")}),
        (_("So far"), {"fields": (("last_preview_at", "synced_at"),)}),
    )


class PushRowRows(ReadOnlyRows):
    model = PushRow
    fields = ("code", "warehouse", "shown_before", "shown_after", "shown_status", "shown_message", "read_qty", "reference", "shown_why")
    readonly_fields = ("shown_before", "shown_after", "shown_status", "shown_message", "shown_why")
    shown_message = told_column("message", _("why not"))
    ordering = ("place",)
    shown_status = status_badge("status", _("status"), _ROW_COLOURS)

    @column(_("before"))
    def shown_before(self, row: PushRow) -> str:
        return money_text(row.before_amount, row.currency) if row.before_amount is not None else _number(row.before_qty)

    @column(_("after"))
    def shown_after(self, row: PushRow) -> str:
        if row.after_amount is not None:
            return money_text(row.after_amount, row.currency)
        return _number(row.after_qty if row.after_qty is not None else row.days)

    @column(_("how it came about"))
    def shown_why(self, row: PushRow) -> SafeString:
        """The inputs of the rule, a line each."""
        if row.explanation is None:
            return format_html("{}", "")
        tree = Explanation.from_json(row.explanation)
        names, language = names_of(tree), get_language() or "en"
        given = [node for node in tree.walk() if node.op == "input" and node.name]
        told = [(names[n.name].text(language) if n.name in names else n.name, n.value) for n in given if n.name]
        inputs = [f"{name} {'–' if value is None else f'{value:g}'}" for name, value in told]
        return format_html('<pre class="sh-json">{}</pre>', "\n".join(inputs))


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


class ConfirmForm(PlainForm):
    """The words that a large change or a removal needs."""

    confirm_large = forms.BooleanField(label=_("I have looked at the changes beyond the largest change and want them"), required=False)
    confirm_removal = forms.BooleanField(label=_("I want this stock to be removed; it cannot be undone"), required=False)


class NotDoneForm(PlainForm):
    not_done = forms.BooleanField(label=_("I have looked on the platform: what is unknown was not done"), required=False)


class WaitsFilter(admin.SimpleListFilter):
    """Pushes that go on only when somebody decides."""

    title = _("waits for a person")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("yes", _("Waits for a person"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        return queryset.filter(Q(status=PushStatus.DRAFT) | LEFT_TO_A_PERSON) if self.value() == "yes" else queryset


@admin.register(Push)
class PushAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    """Facts, and three decisions: approve, give up, try again."""

    export_name = "pushes"
    export_filters: ClassVar[Mapping[str, str]] = {
        "status__exact": "status", "kind__exact": "kind", "account__id__exact": "account", "created_at__gte": "created_from",
        "created_at__lt": "created_to",
    }  # fmt: skip
    account_path = "account"
    list_display = ("id", "account", "kind", "shown_status", "is_automatic", "shown_maker", "created_at", "approved_by", "shown_error")
    list_filter = ("status", WaitsFilter, "kind", "account", "created_at")
    list_select_related = ("account",)
    search_fields = ("=key", "=rows__code")
    search_help_text = _("A listing's code or a push's key, whole.")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("account", "kind"), "shown_status", "shown_next", "reason", "shown_error", "shown_held")}),
        (_("Decision"), {"fields": (
            ("shown_maker", "created_at"), ("approved_by", "approved_at"), ("confirmed_by", "expires_at"), "is_automatic", "shown_rules",
        )}),
        (_("Sending"), {"fields": (
            ("first_sent_at", "sent_at"), ("next_attempt_at", "finished_at"), ("attempts", "reads"), ("round", "reference"),
            ("key", "request_key"), ("version", "updated_at"),
        )}),
    )  # fmt: skip
    readonly_fields = ("shown_status", "shown_next", "shown_maker", "shown_error", "shown_held", "shown_rules")
    shown_maker = actor_column("created_by", _("made by"))
    shown_error = told_column("error", _("last error"))
    inlines = (PushRowRows,)
    actions = ("approve", "give_up", "try_again")
    actions_detail = ("approve_this", "give_up_this", "try_this_again")
    shown_status = status_badge("status", _("status"), _COLOURS)
    shown_rules = json_column("rule_snapshot", _("rules as they were"))

    @column(_("beyond the largest change"))
    def shown_held(self, push: Push) -> SafeString:
        """A line each: of what, by how much, and what is allowed."""
        told = [(_HELD.get(each["code"], each["code"]), each["subject"], each["value"], each["limit"]) for each in push.held_reasons]
        return format_html_join("", "<div>{}: {} {} / {}</div>", ((what, of, value, limit or "–") for what, of, value, limit in told))

    @column(_("what to do"))
    def shown_next(self, push: Push) -> str:
        return str(_NEXT.get(PushStatus(push.status), ""))

    def has_approve_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - Unfold's signature
        return request.user.has_perm("channels.approve_push")

    def has_give_up_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - likewise
        return request.user.has_perm("channels.change_push")

    @page_action(_("Approve…"), icon="check", permission="approve")
    def approve_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self.refuse_unless(allowed=self.has_approve_permission(request))
        return self._decide_this(request, object_id, gettext("Approve"), ConfirmForm(request.POST or None), approve_push)

    @page_action(_("Give up…"), icon="close", permission="give_up")
    def give_up_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self.refuse_unless(allowed=self.has_give_up_permission(request))
        return self._decide_this(request, object_id, gettext("Give up"), PlainForm(request.POST or None), cancel_push)

    @page_action(_("Try again…"), icon="replay", permission="approve")
    def try_this_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self.refuse_unless(allowed=self.has_approve_permission(request))
        return self._decide_this(request, object_id, gettext("Try again"), NotDoneForm(request.POST or None), retry_push)

    def _decide_this(self, request: HttpRequest, object_id: str, title: str, form: PlainForm, work: Callable[..., Push]) -> HttpResponse:
        """A form on GET; on POST the decision about the push of the page."""
        push = self.visible_or_404(request, object_id)
        if request.method == "POST" and form.is_valid():
            try:
                work(push_id=push.pk, **form.cleaned_data)
            except DomainError as error:
                self.tell_error(request, error)
            else:
                self.tell(request, gettext("Done: %(count)d") % {"count": 1})
            return self.back_to(push.pk)
        intro = f"{push} · {push.get_status_display()}"
        return self.form_page(request, title=title, form=form, submit=title, intro=intro)

    @admin.action(description=_("Approve…"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Push]) -> HttpResponse | None:
        return self._decide(request, queryset, "approve", ConfirmForm(request.POST if "apply" in request.POST else None), approve_push)

    @admin.action(description=_("Try again…"), permissions=["approve"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Push]) -> HttpResponse | None:
        return self._decide(request, queryset, "try_again", NotDoneForm(request.POST if "apply" in request.POST else None), retry_push)

    @admin.action(description=_("Give up"), permissions=["give_up"])
    def give_up(self, request: HttpRequest, queryset: QuerySet[Push]) -> None:
        self._apply(request, queryset, lambda pk: cancel_push(push_id=pk))

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[Push], action: str, form: PlainForm, work: Callable[..., Push]
    ) -> HttpResponse | None:
        if "apply" in request.POST and form.is_valid():
            self._apply(request, queryset, lambda pk: work(push_id=pk, **form.cleaned_data))
            return None
        ids = sorted(queryset.values_list("pk", flat=True))
        hidden = {"action": [action], "_selected_action": [str(pk) for pk in ids]}
        intro = ngettext("%(count)d push.", "%(count)d pushes.", len(ids)) % {"count": len(ids)}
        title = gettext("Approve") if action == "approve" else gettext("Try again")
        return self.form_page(request, title=title, form=form, submit=title, hidden=hidden, intro=intro)

    def _apply(self, request: HttpRequest, queryset: QuerySet[Push], work: Callable[[int], Push]) -> None:
        done = 0
        for pk in sorted(queryset.values_list("pk", flat=True)):
            try:
                work(pk)
                done += 1
            except DomainError as error:
                self.tell_error(request, error)
        if done:
            self.tell(request, gettext("Done: %(count)d") % {"count": done})


@admin.register(ShownStock)
class ShownStockAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "listing__account"
    list_display = ("listing", "warehouse", "qty", "previous_qty", "observed_at", "changed_at")
    list_filter = ("listing__account", "warehouse")
    list_select_related = ("listing__account",)
    search_fields = ("=listing__code",)
    ordering = ("-id",)


@admin.register(StockDifference)
class StockDifferenceAdmin(ExportedAdmin, LongReadOnlyAdmin):
    export_name = "stock-differences"
    export_filters: ClassVar[Mapping[str, str]] = {
        "cause__exact": "cause", "account__id__exact": "account", "day__gte": "day_from", "day__lt": "day_to",
    }  # fmt: skip
    list_display = (
        "day", "account", "listing", "sku", "warehouse", "our_qty", "platform_qty", "warehouse_qty", "oversold_qty", "cause",
    )  # fmt: skip
    list_filter = ("day", "cause", "account")
    list_select_related = ("account", "listing__account", "sku", "warehouse")
    search_fields = ("=listing__code", "=sku__code")
    ordering = ("-day", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those of listings by their account, those of shelves by their warehouse."""
        rows: QuerySet[Any] = super().get_queryset(request)
        user = request.user
        if not isinstance(user, User):
            return rows.none()
        accounts, warehouses = visible_account_ids(user), visible_warehouse_ids(user)
        of_account = Q(account__isnull=False) if accounts is None else Q(account__in=accounts)
        of_shelf = Q(account=None) if warehouses is None else Q(account=None, warehouse__in=warehouses)
        return rows.filter(of_account | of_shelf)
