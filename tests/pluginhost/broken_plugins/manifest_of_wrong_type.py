"""Returns a dict for a manifest."""

from stockhub.pluginapi import hookimpl


@hookimpl
def stockhub_manifest(request: object) -> dict[str, str]:
    return {"slug": "dict"}
