"""pluggy's markers, bound to this project."""

import pluggy

PROJECT_NAME = "stockhub"
hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)
