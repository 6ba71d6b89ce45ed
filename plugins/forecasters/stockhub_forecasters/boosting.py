"""Boosted trees over all series, by LightGBM (Ke et al. 2017) and XGBoost (Chen & Guestrin 2016)."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label
from stockhub_forecasters.global_model import GlobalForecaster, Model

#: Between Poisson (1) and gamma (2): many zeros, a long tail.
_TWEEDIE_POWER: Final = 1.3
_ROUNDS: Final = 150
_LEARNING_RATE: Final = 0.06


def _examples_a_leaf(examples: int) -> int:
    """So few that a small shop's trees can still split, so many that a large one's do not learn single days."""
    return int(np.clip(examples // 400, 10, 60))


class LightGbm(GlobalForecaster):
    """Leaf-wise boosted trees with Tweedie deviance. The state holds the model's own text format, as bytes."""

    slug: ClassVar[str] = "lightgbm"
    name: ClassVar[Label] = Label("LightGBM, all series", "LightGBM(全局)")

    def train(
        self, features: NDArray[np.float32], targets: NDArray[np.float64], weights: NDArray[np.float64], names: tuple[str, ...], seed: int
    ) -> Model:
        import lightgbm

        parameters = {
            "objective": "tweedie",
            "tweedie_variance_power": _TWEEDIE_POWER,
            "learning_rate": _LEARNING_RATE,
            "num_leaves": 15,
            "min_data_in_leaf": _examples_a_leaf(targets.size),
            "feature_fraction": 0.7,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "seed": seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbosity": -1,
        }
        data = lightgbm.Dataset(features, targets, weight=weights, feature_name=list(names), params={"verbosity": -1})
        text = lightgbm.train(parameters, data, num_boost_round=_ROUNDS).model_to_string()
        return {"text": np.frombuffer(text.encode(), np.uint8)}

    def predict(self, model: Model, features: NDArray[np.float32]) -> NDArray[np.float64]:
        import lightgbm

        booster = lightgbm.Booster(model_str=model["text"].tobytes().decode())
        return np.asarray(booster.predict(features, num_threads=1), np.float64)


class XgBoost(GlobalForecaster):
    """Depth-wise boosted trees with Tweedie deviance. The state holds the model in XGBoost's own binary format (UBJSON)."""

    slug: ClassVar[str] = "xgboost"
    name: ClassVar[Label] = Label("XGBoost, all series", "XGBoost(全局)")

    def train(
        self, features: NDArray[np.float32], targets: NDArray[np.float64], weights: NDArray[np.float64], names: tuple[str, ...], seed: int
    ) -> Model:
        import xgboost

        parameters = {
            "objective": "reg:tweedie",
            "tweedie_variance_power": _TWEEDIE_POWER,
            "eta": _LEARNING_RATE,
            "max_depth": 5,
            "min_child_weight": _examples_a_leaf(targets.size) / 2.0,
            "subsample": 0.7,
            "colsample_bytree": 0.7,
            "tree_method": "hist",
            "seed": seed,
            "nthread": 1,
            "verbosity": 0,
        }
        data = xgboost.DMatrix(features, targets, weight=weights, feature_names=list(names), nthread=1)
        raw = xgboost.train(parameters, data, num_boost_round=_ROUNDS).save_raw("ubj")
        return {"ubjson": np.frombuffer(bytes(raw), np.uint8)}

    def predict(self, model: Model, features: NDArray[np.float32]) -> NDArray[np.float64]:
        import xgboost

        booster = xgboost.Booster({"nthread": 1})
        booster.load_model(bytearray(model["ubjson"].tobytes()))
        predicted = booster.predict(xgboost.DMatrix(features, feature_names=booster.feature_names, nthread=1))
        return np.asarray(predicted, np.float64)
