"""Models that need a library of their own, and whether it is there."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from stockhub.pluginapi import Forecaster, HealthCheck
from stockhub_forecasters.boosting import LightGbm, XgBoost
from stockhub_forecasters.forest import RandomForest
from stockhub_forecasters.lead_time.full import BoostedLeadTimeDemand
from stockhub_forecasters.prophet_model import Prophet
from stockhub_forecasters.statistical import AutoArima, AutoEts, AutoTheta


@dataclass(frozen=True, slots=True)
class Extra:
    """`name` is the extra of this distribution, `module` what it lets one import, `distribution` what pip calls that."""

    name: str
    module: str
    distribution: str
    forecasters: tuple[Callable[[], Forecaster], ...]

    @property
    def is_installed(self) -> bool:
        """Looks for the module without importing it."""
        return importlib.util.find_spec(self.module) is not None

    def check(self) -> HealthCheck:
        """That the library is absent is no fault: nobody has asked for it. So the check holds, and says how to get the models."""
        slugs = ", ".join(make().slug for make in self.forecasters)
        if not self.is_installed:
            command = f"pip install 'stockhub-forecasters[{self.name}]'"
            return HealthCheck(self.name, ok=True, message=f"Not installed, so not offered: {slugs}. {command} adds it; then restart.")
        return HealthCheck(self.name, ok=True, message=f"{self.distribution} {self._version()}: {slugs}.")

    def _version(self) -> str:
        try:
            return importlib.metadata.version(self.distribution)
        except importlib.metadata.PackageNotFoundError:
            return "of unknown version"


EXTRAS: Final = (
    Extra("statsforecast", "statsforecast", "statsforecast", (AutoEts, AutoArima, AutoTheta)),
    Extra("prophet", "prophet", "prophet", (Prophet,)),
    Extra("random-forest", "sklearn", "scikit-learn", (RandomForest,)),
    Extra("lightgbm", "lightgbm", "lightgbm", (LightGbm, BoostedLeadTimeDemand)),
    # Either build of the library has this module; ours is the one without graphics cards.
    Extra("xgboost", "xgboost", "xgboost-cpu", (XgBoost,)),
)


def installed_forecasters() -> Iterator[Forecaster]:
    """The models whose library is there."""
    for extra in EXTRAS:
        if extra.is_installed:
            yield from (make() for make in extra.forecasters)
