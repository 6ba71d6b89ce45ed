"""Starts a process that outlives its call."""

import subprocess

import numpy as np

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Manifest, Panel, State, hookimpl
from stockhub.values import Label


class StartsAChild(Forecaster):
    slug = "starts-a-child"
    name = Label("Starts a child", "启动子进程")

    def fit(self, panel: Panel) -> State:
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        child = subprocess.Popen(["sleep", "600"])
        n, q, h = batch.panel.values.shape[0], len(batch.quantile_levels), batch.horizon
        return ForecastResult(np.full((n, h), child.pid, np.float32), np.zeros((n, q, h), np.float32), np.zeros(n, np.float32))


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="starts-a-child", name=Label("Starts a child", "启动子进程"), version="1", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_forecasters(request: object) -> list[Forecaster]:
    return [StartsAChild()]
