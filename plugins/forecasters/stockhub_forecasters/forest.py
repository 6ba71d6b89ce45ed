"""A random forest over all series (Breiman 2001), trained by scikit-learn."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label
from stockhub_forecasters.global_model import GlobalForecaster, Model

#: Quantile of the targets above which they are cut off.
_CAP: Final = 0.99


class RandomForest(GlobalForecaster):
    """The mean of many deep trees, each grown on a part of the examples and of the features.

    The state holds the trees as arrays, not as a pickle, so that reading it runs no code and needs no scikit-learn.
    """

    slug: ClassVar[str] = "random-forest"
    name: ClassVar[Label] = Label("Random forest, all series", "随机森林(全局)")
    #: Deep trees cost several times what boosted ones do.
    most_examples: ClassVar[int] = 40_000

    def __init__(self, trees: int = 60) -> None:
        if trees < 1:
            raise ValueError("A forest has at least one tree.")
        self.trees = trees

    def train(
        self,
        features: NDArray[np.float32],
        targets: NDArray[np.float64],
        weights: NDArray[np.float64],
        names: tuple[str, ...],  # noqa: ARG002  trees know features by number
        seed: int,
    ) -> Model:
        from sklearn.ensemble import RandomForestRegressor

        # Squared errors follow outliers: single wholesale orders would pull whole regions of the forest up.
        capped = np.minimum(targets, np.quantile(targets, _CAP))
        leaf = int(np.clip(targets.size // 400, 10, 100))
        forest = RandomForestRegressor(
            n_estimators=self.trees, min_samples_leaf=leaf, max_features=0.3, max_samples=0.4, n_jobs=1, random_state=seed
        ).fit(features, capped, weights)
        trees = [tree.tree_ for tree in forest.estimators_]
        return {
            "starts": np.cumsum([0, *(tree.node_count for tree in trees)], dtype=np.int64),
            "feature": np.concatenate([tree.feature for tree in trees]).astype(np.int32),
            "threshold": np.concatenate([tree.threshold for tree in trees]),
            "children": np.concatenate([np.column_stack([tree.children_left, tree.children_right]) for tree in trees]).astype(np.int32),
            "value": np.concatenate([tree.value[:, 0, 0] for tree in trees]),
        }

    def predict(self, model: Model, features: NDArray[np.float32]) -> NDArray[np.float64]:
        from stockhub_forecasters.kernels.trees import forest_means

        return forest_means(features, model["starts"], model["feature"], model["threshold"], model["children"], model["value"])
