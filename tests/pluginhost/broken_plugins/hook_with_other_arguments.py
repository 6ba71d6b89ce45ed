"""A hook whose argument has another name."""

from stockhub.pluginapi import hookimpl


@hookimpl
def stockhub_manifest(version: object) -> None:
    return None
