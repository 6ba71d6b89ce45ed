"""Written for an interface of the future."""

from stockhub.pluginapi import Manifest, hookimpl
from stockhub.values import Label


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="from-the-future", name=Label("Future", "未来"), version="9.0", requires_api=">=2.0")
