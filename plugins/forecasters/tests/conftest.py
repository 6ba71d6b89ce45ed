"""Matrices of daily demand: random ones of many shapes, and real ones from the shared data folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from stockhub.pluginapi import ForecastBatch, Panel

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(os.environ.get("STOCKHUB_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        pytest.skip("the shared data folder is absent; STOCKHUB_SHARED names it")
    return folder


@pytest.fixture(scope="session", params=["online_retail_uci", "completejourney"])
def real_demand(request: pytest.FixtureRequest, shared: Path) -> NDArray[np.float32]:
    """Units a day (n, t) of a real shop, NaN before a SKU's first sale."""
    import pandas as pd

    path = shared / "data" / f"{request.param}_daily.parquet"
    if not path.is_file():
        pytest.skip(f"{path.name} is absent from the shared data folder")
    frame = pd.read_parquet(path, columns=["sku", "date", "qty"]).astype({"sku": str})
    return frame.pivot_table(index="sku", columns="date", values="qty", aggfunc="sum").to_numpy(np.float32)


def _kinds(rng: np.random.Generator, n: int, t: int) -> dict[str, Callable[[], NDArray[np.float64]]]:
    level = np.exp(rng.normal(0.5, 1.5, (n, 1)))
    return {
        "counts": lambda: rng.poisson(level * np.exp(np.cumsum(rng.normal(0, 0.05, (n, t)), axis=1))).astype(float),
        "intermittent": lambda: rng.poisson(level * 3, (n, t)) * (rng.random((n, t)) < rng.uniform(0.02, 0.6, (n, 1))),
        "walk": lambda: np.abs(100 + np.cumsum(rng.normal(0, 5, (n, t)), axis=1)),
        "fractions": lambda: rng.gamma(0.7, level, (n, t)),
        "steps": lambda: np.where(np.arange(t) < rng.integers(1, t + 1, (n, 1)), level, level * 7),
        "last day": lambda: np.where(np.arange(t) < t - 1, level, level * 7),
        "huge": lambda: rng.poisson(1e9, (n, t)).astype(float),
    }


@pytest.fixture(scope="session")
def random_demand() -> Callable[[str, int, int], NDArray[np.float32]]:
    """Units a day (n, t) of one kind; every fifth series starts late."""

    def make(kind: str, n: int, t: int) -> NDArray[np.float32]:
        rng = np.random.default_rng([n, t])
        demand = _kinds(rng, n, t)[kind]().astype(np.float32)
        for row in range(0, n, 5):
            demand[row, : rng.integers(0, t)] = np.nan
        return demand

    return make


@pytest.fixture(scope="session")
def batch_of() -> Callable[..., ForecastBatch]:
    """A batch of the given demand, observed throughout unless said otherwise."""

    def make(
        demand: ArrayLike, *, observed: ArrayLike | None = None, horizon: int = 7, levels: tuple[float, ...] = (0.5, 0.9)
    ) -> ForecastBatch:
        values = np.atleast_2d(np.asarray(demand, np.float32))
        known = np.ones(values.shape, np.bool_) if observed is None else np.atleast_2d(np.asarray(observed, np.bool_))
        return ForecastBatch(Panel(np.arange(values.shape[0]), date(2025, 1, 1), values, known), horizon, levels)

    return make
