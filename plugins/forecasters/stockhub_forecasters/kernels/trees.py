"""Regression trees as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled


@compiled
def forest_means(
    features: NDArray[np.float32],
    starts: NDArray[np.int64],
    feature: NDArray[np.int32],
    threshold: NDArray[np.float64],
    children: NDArray[np.int32],
    value: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The mean (r,) over trees of the leaf that each row of `features` (r, k) ends in.

    All trees' nodes follow each other; tree k begins at `starts[k]` (trees + 1,). A node asks whether its `feature` is at most `threshold`
    and goes on to `children` (nodes, 2), numbered from the tree's beginning; at a leaf `feature` is negative and `value` is its answer.
    """
    rows = features.shape[0]
    trees = starts.size - 1
    means = np.zeros(rows)
    for r in range(rows):
        total = 0.0
        for k in range(trees):
            node = starts[k]
            while feature[node] >= 0:
                side = 0 if features[r, feature[node]] <= threshold[node] else 1
                node = starts[k] + children[node, side]
            total += value[node]
        means[r] = total / trees
    return means
