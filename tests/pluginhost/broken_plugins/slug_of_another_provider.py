"""Its only forecaster calls itself tsb."""

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Manifest, Panel, State, hookimpl
from stockhub.values import Label


class NotTsb(Forecaster):
    slug = "tsb"
    name = Label("Not TSB", "冒名")

    def fit(self, panel: Panel) -> State:
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        return None


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="impostor", name=Label("Impostor", "冒名"), version="1", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_forecasters(request: object) -> list[Forecaster]:
    return [NotTsb()]
