"""What others reach: the turnover of a category in its trade, with its source and its day."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class CategoryBenchmark(models.Model):
    """Turnover a year of a category in its trade, as somebody published it for a day. The last one on or before a day counts.

    It holds for the category and for everything beneath it that has none of its own.
    """

    category = models.ForeignKey("catalog.Category", models.CASCADE, related_name="benchmarks", verbose_name=_("category"))
    turnover = models.FloatField(_("turnover a year"), validators=[MinValueValidator(0)], help_text=_("How often a year stock is sold."))
    as_of = models.DateField(_("as of"), help_text=_("The day that the figure speaks of, not the day it was read."))
    source = models.CharField(_("source"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("benchmark of a category")
        verbose_name_plural = _("benchmarks of categories")
        constraints = [
            models.UniqueConstraint(fields=["category", "as_of"], name="catalog_categorybenchmark_once"),
            models.CheckConstraint(condition=Q(turnover__gte=0), name="catalog_categorybenchmark_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.as_of}: {self.turnover:g}"
