"""Benchmarks of categories in the admin; many at once come in by `import_benchmarks`."""

from __future__ import annotations

from django.contrib import admin

from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.outbox.recorded_admin import RecordedAdmin


@admin.register(CategoryBenchmark)
class CategoryBenchmarkAdmin(RecordedAdmin):
    list_display = ("category", "turnover", "as_of", "source", "recorded_at")
    list_filter = ("as_of",)
    list_select_related = ("category",)
    search_fields = ("category__code", "category__name", "source")
    autocomplete_fields = ("category",)
    fields = ("category", "turnover", "as_of", "source")
    ordering = ("category", "-as_of")
