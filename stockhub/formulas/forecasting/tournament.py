"""Which model forecasts a series (science.md 2.3): the one that would have decided best, and no change for a trifle.

A model's score in a window is the pinball, at the policy's service level, of its quantile for the sum over the horizon L + R: the number
that an order rests on. Models are compared by the mean of it; a tie goes to the lower RMSSE, then to the lower absolute bias, then to the
model listed first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.demand.classification import ERRATIC, SMOOTH
from stockhub.formulas.elementwise import FloatArray, N, at_least, both, either, explained, greater, negation, where
from stockhub.formulas.forecasting.probabilistic_accuracy import pinball
from stockhub.formulas.forecasting.rolling_origin import FEWEST_WINDOWS

#: By how much, and in which share of windows, a challenger has to be better than the incumbent.
LEAST_GAIN = 0.05
LEAST_WINS = 0.60
#: The same gain of the mean's score: most of an error of the mean is chance, which no model takes away, so that models lie closer.
LEAST_MEAN_GAIN = 0.01
#: Whole seasons from which seasonal models may run.
FEWEST_CYCLES = 2

SEASONAL_NAIVE: Final = "seasonal-naive"
#: Models by the kind of demand; the seasonal naive forecast is always among them, as the floor.
REGULAR_MODELS: Final = ("ses-optimised", "damped-holt", "moving-average", "weighted-moving-average", SEASONAL_NAIVE)
SPARSE_MODELS: Final = ("croston-sba", "adida", "moving-average", "empirical-bootstrap", SEASONAL_NAIVE)
#: For a sparse series that declines: Croston's rate never falls while nothing is sold, this one does.
DECLINING_MODEL: Final = "tsb"
#: Costly models, for shops that want them and series that are worth it (D14).
ADVANCED_MODELS: Final = ("auto-ets",)
SEASONAL_MODELS: Final = ("holt-winters",)

#: What `champion_decision` answers, and the slugs in that order.
KEEP_INCUMBENT, TAKE_CHALLENGER, FALL_BACK = 0.0, 1.0, 2.0
CHAMPION_DECISIONS: Final = ("keep_incumbent", "take_challenger", "fall_back_to_floor")


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about a series' champion, all (n,).

    `challenger` is the index of the best model, −1 where none has a score. Scores are means over the windows that both models answered;
    missing where there is none. `wins` is the share of windows in which the challenger is better than the incumbent by the least gain.
    """

    challenger: NDArray[np.int64]
    challenger_score: FloatArray
    incumbent_score: FloatArray
    floor_score: FloatArray
    wins: FloatArray
    windows: FloatArray


def candidate_models(demand_class: float, *, declining: bool, cycles: int, advanced: bool) -> tuple[str, ...]:
    """The slugs of the models that compete for a series of a class (`demand.classification`), the floor among them.

    `cycles` are the whole seasons of history. `advanced` is whether costly models may run: large sellers and series of class A (D14).
    """
    if demand_class not in (SMOOTH, ERRATIC):
        return ((DECLINING_MODEL,) if declining else ()) + SPARSE_MODELS
    seasonal = SEASONAL_MODELS if cycles >= FEWEST_CYCLES else ()
    return REGULAR_MODELS + seasonal + (ADVANCED_MODELS if advanced else ())


def window_scores(demand: FloatArray, quantiles: FloatArray, service_level: FloatArray) -> FloatArray:
    """Scores (n, m, w) from demand summed over each window's horizon (n, w), the models' quantiles of it (n, m, w), and service levels
    (n,).

    Missing where either is: a window with a censored day has no truth.
    """
    return np.asarray(pinball(demand[:, None, :], quantiles, service_level[:, None, None]))


def mean_scores(scaled: FloatArray, off: FloatArray) -> FloatArray:
    """Scores (…) of means: their scaled error a period (…) times the geometric mean of what their sums over lead times are off by (…, l).

    The one alone would be won by what lies near the median of single days, the other alone by what is near that of sums.
    """
    if not off.shape[-1]:
        return scaled
    return np.asarray(scaled * np.prod(off, axis=-1) ** (1.0 / off.shape[-1]))


def standing(
    scores: FloatArray,
    rmsse: FloatArray,
    bias: FloatArray,
    incumbent: NDArray[np.int64],
    floor: int,
    *,
    least_gain: float = LEAST_GAIN,
) -> Standing:
    """The standing of m models for n series from their scores (n, m, w), RMSSE (n, m) and bias (n, m).

    `incumbent` (n,) is an index of a model, −1 for a series without one, and `floor` that of the seasonal naive forecast. Windows whose
    truth is missing for every model are left out; a model that lacks an answer in another is out of the tournament.
    """
    judged: NDArray[np.bool_] = np.logical_not(np.isnan(scores).all(axis=1))
    windows = judged.sum(axis=1).astype(np.float64)
    out = (np.isnan(scores) & judged[:, None, :]).any(axis=2) | (windows == 0)[:, None]
    mean = np.where(out, np.nan, np.where(judged[:, None, :], scores, 0.0).sum(axis=2) / np.maximum(windows, 1)[:, None])
    order = np.lexsort((np.nan_to_num(np.abs(bias), nan=np.inf), np.nan_to_num(rmsse, nan=np.inf), np.where(out, np.inf, mean)), axis=1)
    best = order[:, 0]
    rows = np.arange(len(scores))
    challenger = np.where(np.isnan(mean[rows, best]), -1, best)
    of_incumbent = scores[rows, np.maximum(incumbent, 0)]
    better = exceeds_by(of_incumbent, scores[rows, best], least_gain) == 1.0
    comparable = judged & ~np.isnan(of_incumbent)
    share = np.where(windows > 0, (better & comparable).sum(axis=1) / np.maximum(windows, 1), np.nan)
    return Standing(
        challenger=challenger.astype(np.int64),
        challenger_score=mean[rows, best],
        incumbent_score=np.where(incumbent >= 0, mean[rows, np.maximum(incumbent, 0)], np.nan),
        floor_score=mean[:, floor],
        wins=np.where(incumbent >= 0, share, np.nan),
        windows=windows,
    )


@explained(unit="flag")
def exceeds_by(worse: N, better: N, least_gain: N | float = LEAST_GAIN) -> N:
    """Whether one score is above another by at least a share of itself; equal scores never are, not even two of 0."""
    return both(greater(worse, better), at_least(worse - better, worse * least_gain))


@explained(unit="code")
def champion_decision(
    has_incumbent: N, challenger_score: N, incumbent_score: N, floor_score: N, wins: N, windows: N, least_wins: N | float = LEAST_WINS
) -> N:
    """Keep the incumbent, take the challenger, or fall back to the seasonal naive floor.

    With fewer than two windows there is no tournament: what is in use stays, and a series without anything takes the floor. An incumbent
    that is worse than the floor is rejected whatever the share of wins; any other is replaced by a challenger that is 5 % better in 60 % of
    the windows.
    """
    unanswered = where(has_incumbent, KEEP_INCUMBENT, FALL_BACK)
    replaced = either(greater(incumbent_score, floor_score), at_least(wins, least_wins))
    challenged = where(has_incumbent, where(replaced, TAKE_CHALLENGER, KEEP_INCUMBENT), TAKE_CHALLENGER)
    # The floor is a candidate, so that the best is never worse; a challenger that was judged apart from it may be.
    admitted = negation(greater(challenger_score, floor_score))
    judged = where(admitted, challenged, FALL_BACK)
    return where(at_least(windows, float(FEWEST_WINDOWS)), judged, unanswered)


def champions(table: Standing, incumbent: NDArray[np.int64], floor: int) -> NDArray[np.int64]:
    """The model (n,) to use from now on, by `champion_decision`.

    An incumbent without a score cannot be defended: the challenger takes over. A floor without one, on a history shorter than its season,
    rejects nobody. Where no model has a score, what is in use stays.
    """
    has = ((incumbent >= 0) & ~(np.isnan(table.incumbent_score) & (table.windows >= FEWEST_WINDOWS))).astype(np.float64)
    worst = np.fmax(table.challenger_score, table.incumbent_score)
    floor_score = np.where(np.isnan(table.floor_score), worst, table.floor_score)
    decision = champion_decision(has, table.challenger_score, table.incumbent_score, floor_score, table.wins, table.windows)
    decided = np.where(np.isnan(decision), np.where(incumbent >= 0, KEEP_INCUMBENT, FALL_BACK), decision)
    return np.select([decided == KEEP_INCUMBENT, decided == TAKE_CHALLENGER], [incumbent, table.challenger], floor).astype(np.int64)
