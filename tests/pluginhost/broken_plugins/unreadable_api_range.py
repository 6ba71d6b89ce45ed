"""Its range is no version range."""

from stockhub.pluginapi import Manifest, hookimpl
from stockhub.values import Label


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="unreadable", name=Label("Unreadable", "无法读取"), version="1", requires_api="newest")
