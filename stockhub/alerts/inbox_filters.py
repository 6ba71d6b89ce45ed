"""Filters of the inbox's list in the admin; what they mean is said in `inbox`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from stockhub.alerts.inbox import InboxFilter, categories_beneath, overdue
from stockhub.alerts.life.states import AlertState, condition_of
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.selectors import kind_info
from stockhub.catalog.models import Category, Stage
from stockhub.channels.models import Account
from stockhub.core import clock

_AMOUNTS: Final = (1_000, 10_000, 100_000)


class Lookups(admin.SimpleListFilter, ABC):
    """Base of filters that leave the rows of a chosen value."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        value = self.value()
        return queryset if value is None else self.narrowed(queryset, value)

    @abstractmethod
    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows of the value."""


class KindFilter(Lookups):
    """Kinds by their names."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        kinds = Alert.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kind_info(kind).label) for kind in kinds]

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(kind=value)


class StateFilter(admin.SimpleListFilter):
    """What is still to be dealt with, unless asked otherwise."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("all", _("All")), *((state.value, state.label) for state in AlertState)]

    def choices(self, changelist: Any) -> Any:  # noqa: ANN401 - Django's signature
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=["status"]),
            "display": _("Not resolved"),
        }
        for value, title in self.lookup_choices:
            yield {"selected": self.value() == value, "query_string": changelist.get_query_string({"status": value}), "display": title}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        value = self.value()
        if value == "all":
            return queryset
        states = [AlertState(value)] if value in AlertState.values else None
        return queryset.filter(condition_of(states)) if states else queryset.exclude(status=AlertStatus.RESOLVED)


class OverdueFilter(Lookups):
    """Past a clock that still runs."""

    title = _("overdue")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("yes", _("Overdue")), ("no", _("In time"))]

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        late = overdue(clock.now())
        return queryset.filter(late) if value == "yes" else queryset.exclude(late)


class AccountFilter(Lookups):
    """Of an account, or in a pool that serves it."""

    title = _("account")
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        page = admin.site._registry.get(Account)  # noqa: SLF001 - the site's only way to ask
        accounts = page.get_queryset(request) if page else Account.objects.none()
        return [(account.code, account.code) for account in accounts.filter(deleted_at=None).order_by("code")]

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(InboxFilter(account=value).places())


class CategoryFilter(Lookups):
    """In a category or beneath it."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [(code, name) for code, name in Category.objects.filter(deleted_at=None).order_by("code").values_list("code", "name")[:200]]

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(sku__category__in=categories_beneath(value))


class StageFilter(Lookups):
    """By the stage of the SKU's life."""

    title = _("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [(stage.slug, str(stage)) for stage in Stage.objects.order_by("pk")]

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(sku__stage__slug=value)


class MoneyFilter(Lookups):
    """With at least so much at stake."""

    title = _("money at stake")
    parameter_name = "min_money"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [(str(amount), f"≥ {number_format(amount, force_grouping=True)}") for amount in _AMOUNTS]

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(money_amount__gte=Decimal(value)) if value.isdigit() else queryset
