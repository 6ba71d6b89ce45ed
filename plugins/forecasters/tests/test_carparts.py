"""Monthly demand for spare parts, three of four months without any: IMAPA reaches the error that is published for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stockhub_forecasters.aggregation import Adida, Imapa
from stockhub_forecasters.matrix_forecaster import MatrixForecaster
from stockhub_forecasters.portfolio import portfolio_means

MONTHS_OUT = 12


@pytest.fixture(scope="module")
def complete_parts(shared: Path) -> NDArray[np.float32]:
    """Units a month (1236, 51) of the parts that were on sale throughout."""
    import pandas as pd

    path = shared / "data" / "carparts_monthly.parquet"
    if not path.is_file():
        pytest.skip(f"{path.name} is absent from the shared data folder")
    months = pd.read_parquet(path).pivot_table(index="sku", columns="date", values="qty", dropna=False).to_numpy(np.float32)
    complete: NDArray[np.float32] = months[np.isfinite(months).all(axis=1)]
    return complete


def rmsse(forecaster: MatrixForecaster, demand: NDArray[np.float32]) -> float:
    """The last twelve months forecast at once; errors over those of the month before, averaged over parts."""
    past, future = demand[:, :-MONTHS_OUT], demand[:, -MONTHS_OUT:]
    mean = portfolio_means(past, np.ones(past.shape, np.bool_), MONTHS_OUT, (forecaster,))[forecaster.slug]
    scale = np.sqrt((np.diff(past.astype(np.float64), axis=1) ** 2).mean(axis=1))
    error = np.sqrt(((mean.astype(np.float64) - future) ** 2).mean(axis=1))
    return float((error[scale > 0] / scale[scale > 0]).mean())


def test_h23_imapa_and_adida_reach_their_published_errors(complete_parts: NDArray[np.float32]) -> None:
    assert complete_parts.shape == (1236, 51)
    assert rmsse(Imapa(), complete_parts) <= 0.745 + 0.0005
    assert rmsse(Adida(), complete_parts) <= 0.750 + 0.0005
