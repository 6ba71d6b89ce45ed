"""Chance for made-up worlds."""

from __future__ import annotations

import numpy as np


class Chance:
    """Choices that come out alike each time."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def often(self, share: float = 0.6) -> bool:
        return bool(self.rng.random() < share)

    def number(self, least: int, most: int) -> int:
        return int(self.rng.integers(least, most + 1))
