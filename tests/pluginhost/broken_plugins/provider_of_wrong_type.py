"""Registers things that are no forecasters, a class instead of an instance among them."""

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Manifest, Panel, State, hookimpl
from stockhub.values import Label


class NotMade(Forecaster):
    slug = "not-made"
    name = Label("Not made", "未实例化")

    def fit(self, panel: Panel) -> State:
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        return None


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="wrong-type", name=Label("Wrong type", "类型错误"), version="1", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_forecasters(request: object) -> list[Forecaster]:
    return ["a text", NotMade]
