"""The ERP's ids of our objects, to look up; an ERP writes them through the API."""

from django.contrib import admin

from stockhub.core.admin_classes import ReadOnlyAdmin
from stockhub.core.models import ExternalRef


@admin.register(ExternalRef)
class ExternalRefAdmin(ReadOnlyAdmin):
    list_display = ("system", "value", "entity", "entity_id", "created_at")
    list_filter = ("system", "entity")
    search_fields = ("value",)
