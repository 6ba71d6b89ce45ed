"""Starting a plugin's process before the server has started, for commands that ask one plugin and end.

Which plugin that will be only the registry knows, and it needs the apps. So a command's last choice is kept in a file beside what probes
have found, and the next start begins with it: on two cores the plugin loads while the apps do. A choice that has changed since costs an
idle process, which ends with the command. Needs Django's settings, but no apps.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Final

from django.conf import settings

from stockhub.pluginhost.entries import Entry, installed
from stockhub.pluginhost.probing import is_safe
from stockhub.pluginhost.supervision import runner_of

_FILE: Final = "asked-last.json"


def start_as_last_time() -> bool:
    """Starts the plugin that the last command asked, and says whether there was one. It is left alone where its files have changed since:
    what is new is probed first.
    """
    try:
        last = json.loads(_path().read_text())
        key, plugin = str(last["entry_point"]), str(last["plugin"])
    except (OSError, ValueError, KeyError, TypeError):
        return False  # none yet, or by another release
    entry = next((each for each in installed() if each.key == key), None)
    if entry is None or not is_safe(entry):
        return False
    runner_of(entry, plugin).start_meanwhile()
    return True


def remember(entry: Entry, plugin: str) -> None:
    """Keeps which plugin is asked, for `start_as_last_time`."""
    text, path = json.dumps({"entry_point": entry.key, "plugin": plugin}), _path()
    # A folder that cannot be written costs the next command a moment, nothing else.
    with contextlib.suppress(OSError):
        if path.is_file() and path.read_text() == text:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.replace(path)


def _path() -> Path:
    return Path(settings.VAR_DIR) / "plugins" / _FILE
