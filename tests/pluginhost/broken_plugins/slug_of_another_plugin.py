"""Calls itself douyin."""

from stockhub.pluginapi import Manifest, hookimpl
from stockhub.values import Label


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="douyin", name=Label("Not Douyin", "冒名"), version="1", requires_api=">=1.0,<2")
