"""What every admin page of StockHub shares: Unfold's look, no N+1, columns for money, pages that only show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from unfold.enums import ActionVariant

from stockhub.core.actor_names import actor_name
from stockhub.values import DomainError, Money

if TYPE_CHECKING:
    from django.contrib import admin

    _ModelAdmin = admin.ModelAdmin[Any]
    _TabularInline = admin.TabularInline[Any, Any]
    from django.core.paginator import Paginator as InfinitePaginator
else:
    from unfold.admin import ModelAdmin as _ModelAdmin
    from unfold.admin import TabularInline as _TabularInline
    from unfold.paginator import InfinitePaginator

Text = str | Promise
Column = Callable[..., Any]


def column(
    description: Text, *, ordering: str | None = None, boolean: bool = False, label: Mapping[Any, str] | bool | None = None
) -> Callable[[Column], Column]:
    """A method that is a column. `label` draws a badge: its colour by the value, of Unfold's info, success, warning, danger."""

    def decorate(function: Column) -> Column:
        function.short_description = description  # type: ignore[attr-defined]
        if ordering:
            function.admin_order_field = ordering  # type: ignore[attr-defined]
        if boolean:
            function.boolean = True  # type: ignore[attr-defined]
        if label is not None:
            function.label = label  # type: ignore[attr-defined]
        return function

    return decorate


def actor_column(field: str, title: Text) -> Callable[[Any, Any], str]:
    """A column that says who it was, in the reader's language; sorted and searched by what is stored."""

    @column(title, ordering=field)
    def shown(_admin: Any, row: Any) -> str:  # noqa: ANN401 - any page, any row
        return actor_name(str(getattr(row, field) or ""))

    return shown


def page_action(description: Text, *, icon: str, permission: str) -> Callable[[Column], Column]:
    """A button on top of a page that leads to a page of our own; `permission` as in `has_<permission>_permission`."""

    def decorate(function: Column) -> Column:
        function.short_description = description  # type: ignore[attr-defined]
        function.icon = icon  # type: ignore[attr-defined]
        function.attrs = {}  # type: ignore[attr-defined]
        function.variant = ActionVariant.DEFAULT  # type: ignore[attr-defined]
        function.allowed_permissions = (permission,)  # type: ignore[attr-defined]
        return function

    return decorate


def money_text(amount: Decimal | None, currency: str) -> str:
    """`1,234.50 CNY`; empty where there is no amount. An amount without a valid currency shows its bare number."""
    if amount is None:
        return ""
    try:
        money = Money(amount, currency).rounded()
    except ValueError:
        return f"{amount.normalize():,f}"
    return f"{money.amount:,} {money.currency}"


def money(field: str, currency: str, description: Text) -> Column:
    """A column of an amount with the currency that its row names."""

    @column(description, ordering=field)
    def show(_admin: Any, row: Any) -> str:  # noqa: ANN401 - any model
        return money_text(getattr(row, field), str(getattr(row, currency)))

    show.__name__ = f"{field}_money"
    return show


class Badge(tuple[str, str]):
    """A value and its label: lists colour it by the value, an object's page writes the label."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(self[1])


def status_badge(field: str, description: Text, colours: Mapping[Any, str]) -> Column:
    """A column that shows a choice as a coloured badge."""

    @column(description, ordering=field, label=dict(colours))
    def show(_admin: Any, row: Any) -> tuple[str, str]:  # noqa: ANN401 - any model
        return Badge((getattr(row, field), getattr(row, f"get_{field}_display")()))

    show.__name__ = f"{field}_badge"
    return show


def in_language(row: Any, stem: str = "name") -> str:  # noqa: ANN401 - any row with names in both languages
    """`name_zh` for a Chinese reader, else `name_en`."""
    chinese = (get_language() or "").startswith("zh")
    return str(getattr(row, f"{stem}_zh" if chinese else f"{stem}_en"))


def array_text(values: Any, *, last: int = 60) -> SafeString:  # noqa: ANN401 - a numpy array
    """The last values of a series, as text; a gap is a dash."""
    shown = ["–" if value != value else f"{value:g}" for value in values[-last:].tolist()]  # noqa: PLR0124 - NaN is not itself
    return format_html('<div class="sh-array">{}</div>', ("… " if len(values) > last else "") + "  ".join(shown))


def pretty_json(value: object) -> SafeString:
    """A JSON value as indented text, escaped."""
    import json

    return format_html('<pre class="sh-json">{}</pre>', json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str))


def json_column(field: str, description: Text) -> Column:
    """A detail field that shows JSON readably."""

    @column(description)
    def show(_admin: Any, row: Any) -> SafeString:  # noqa: ANN401 - any model
        return pretty_json(getattr(row, field))

    show.__name__ = f"{field}_json"
    return show


class ScopedForms:
    """Choices of related objects are those that the user may see: what the related admin page would list, without the deleted."""

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's signature
        model = db_field.remote_field.model
        related = self.admin_site._registry.get(model)  # type: ignore[attr-defined]  # noqa: SLF001 - the site's only way to ask
        if related is None:
            return super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        queryset = related.get_queryset(request)
        return queryset.filter(deleted_at=None) if _leaves_tombstones(model) else queryset


def _leaves_tombstones(model: type[models.Model]) -> bool:
    return any(field.name == "deleted_at" for field in model._meta.get_fields())


class PageAdmin(ScopedForms, _ModelAdmin):
    """The base of all pages."""

    list_per_page = 50
    # Counting a ledger twice a page is what makes big lists slow.
    show_full_result_count = False
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    compressed_fields = True

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:  # noqa: ANN401 - Django's
        """Locks the row that a POST is going to change, so that two people's edits come one after the other."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and connection.in_atomic_block:
            self.model._default_manager.select_for_update().filter(pk=found.pk).values_list("pk").first()
            found = super().get_object(request, object_id, from_field)
        return found

    def visible_or_404(self, request: HttpRequest, object_id: str) -> Any:  # noqa: ANN401 - an instance of any model
        """The object of a page of our own, within the user's scope."""
        from django.http import Http404

        found = super().get_object(request, object_id)
        if found is None:
            raise Http404
        return found

    def refuse_unless(self, *, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied

    def back_to_list(self) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def back_to(self, object_id: object) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)

    def tell(self, request: HttpRequest, text: str) -> None:
        self.message_user(request, text, messages.SUCCESS)

    def tell_error(self, request: HttpRequest, error: DomainError) -> None:
        """An expected failure, in the user's language."""
        self.message_user(request, error.message, messages.ERROR)

    def form_page(
        self,
        request: HttpRequest,
        *,
        title: Text,
        form: Form,
        submit: Text,
        hidden: Mapping[str, list[str]] | None = None,
        intro: Text = "",
    ) -> TemplateResponse:
        """A page with one form of our own; `hidden` carries a bulk action's selection."""
        context = self.admin_site.each_context(request) | {
            "title": title,
            "form": form,
            "submit": submit,
            "intro": intro,
            "hidden": [(name, value) for name, values in (hidden or {}).items() for value in values],
            "opts": self.opts,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "core/form_page.html", context)


class ShownOnly:
    """Nothing is added, changed or deleted here, not even by a superuser."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - Django's signature
        return False


class ReadOnlyAdmin(ShownOnly, PageAdmin):
    """A page of facts: ledger, events, cycles."""

    warn_unsaved_form = False


class OfTheCompany:
    """What belongs to no single shop or warehouse is shown to those who see all of both."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401 - Django's signature
        user = request.user
        sees_all = getattr(user, "sees_all_accounts", False) and getattr(user, "sees_all_warehouses", False)
        return super().has_view_permission(request, obj) and bool(user.is_superuser or sees_all)  # type: ignore[misc]


class WholeCompanyAdmin(OfTheCompany, ReadOnlyAdmin):
    """Facts that belong to no single shop or warehouse, such as files and events."""


class RowsInline(ScopedForms, _TabularInline):
    """Rows that belong to the object of the page."""

    extra = 0
    tab = False

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's signature
        """Rows that have a page of their own are shown to those who may see them there."""
        queryset = super().get_queryset(request)
        page = self.admin_site._registry.get(self.model)  # noqa: SLF001 - the site's only way to ask
        # In a subquery, so that the page's own joins and order do not come with it.
        return queryset if page is None else queryset.filter(pk__in=page.get_queryset(request).order_by().values("pk"))


class LongReadOnlyAdmin(ReadOnlyAdmin):
    """Facts by the million: pages go forward and back without counting them all."""

    paginator = InfinitePaginator


class ReadOnlyRows(ShownOnly, RowsInline):
    """Rows that belong to the object of the page, as facts."""

    can_delete = False
    show_change_link = False
