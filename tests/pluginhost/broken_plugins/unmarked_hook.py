"""A hook without its marker is silently never called by pluggy."""

from stockhub.pluginapi import Forecaster, Manifest, hookimpl
from stockhub.values import Label


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="unmarked", name=Label("Unmarked", "未标记"), version="1", requires_api=">=1.0,<2")


def stockhub_register_forecasters(request: object) -> list[Forecaster]:
    return []
