"""Its forecasters would never be called."""

from stockhub.pluginapi import Manifest, hookimpl
from stockhub.values import Label


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="misspelt", name=Label("Misspelt", "拼错"), version="1", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_forcasters(request: object) -> list[object]:
    return []
