"""The season in a series, and the series without it (science.md 1.7: a trend is looked for after the season is out)."""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray, ratio
from stockhub.formulas.errors import InvalidParameterError

#: Fewest whole seasons from which indices are taken.
FEWEST_SEASONS = 2


def season_indices(series: FloatArray, season: int) -> FloatArray:
    """Mean of each place in the season over the mean of all places, (n, season), from series (n, t) that end at the last place.

    NaN is left out. A series of fewer than two whole seasons, without sales, or with a place that was never seen has no season: all 1.
    """
    if season < 1:
        raise InvalidParameterError("season", season, "a season of at least one period")
    n, periods = series.shape
    seasons = periods // season
    if seasons < FEWEST_SEASONS:
        return np.ones((n, season))
    whole = series[:, periods - seasons * season :].reshape(n, seasons, season)
    known = ~np.isnan(whole)
    counts = known.sum(axis=1)
    means = np.where(known, whole, 0.0).sum(axis=1) / np.maximum(counts, 1)
    indices = np.asarray(ratio(means, means.mean(axis=1, keepdims=True)))
    defined = ((counts >= FEWEST_SEASONS).all(axis=1) & (means.mean(axis=1) > 0))[:, None]
    return np.where(defined, indices, 1.0)


def deseasonalised(series: FloatArray, indices: FloatArray) -> FloatArray:
    """Series (n, t) over their indices (n, season), the last period being the last place; missing where an index is 0."""
    periods, season = series.shape[1], indices.shape[1]
    place = (np.arange(periods) - periods) % season
    return np.asarray(ratio(series, indices[:, place]))
