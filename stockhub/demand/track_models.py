"""What was forecast, kept so that it can be compared with what came."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.db import models
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.catalog.models import Sku, StockPool
from stockhub.core import clock
from stockhub.core.fields import ArrayField

#: Days ahead that are compared: the first week, a fortnight, and the first month (H102).
BUCKETS = (7, 14, 30)


class ForecastTrack(models.Model):
    """Of a SKU in a pool: every week, what the forecast of that day said of the days ahead, and how far it leaned over the last weeks."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="forecast_tracks", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="forecast_tracks", verbose_name=_("pool"))
    #: Ordinals of the first days of the forecasts, a week or more apart, the newest last.
    origins = ArrayField(_("forecast on"), dtype="<i4")
    #: For each of them, units of the first week, fortnight and month; NaN beyond the forecast's end.
    promised = ArrayField(_("units forecast"), dtype="<f4")
    #: Actual less forecast over the last weeks whose sales are known, and the mean size of a week's error; null without any.
    error_sum = models.FloatField(_("actual less forecast"), null=True)
    mean_error = models.FloatField(_("mean error a week"), null=True)
    forecast_sum = models.FloatField(_("forecast of these weeks"), null=True)
    weeks = models.PositiveSmallIntegerField(_("weeks compared"), default=0)
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("forecast against actual")
        verbose_name_plural = _("forecasts against actuals")
        constraints = [models.UniqueConstraint(fields=["sku", "pool"], name="demand_forecasttrack_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}"

    @property
    def days(self) -> list[date]:
        """The first day of each forecast that is kept."""
        return [date.fromordinal(int(day)) for day in self.origins]

    @property
    def sums(self) -> NDArray[np.float64]:
        """Units forecast (k, buckets)."""
        return np.asarray(self.promised, np.float64).reshape(-1, len(BUCKETS))
