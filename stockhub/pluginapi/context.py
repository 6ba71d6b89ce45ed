"""What the host hands to a plugin's code."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel

from stockhub.pluginapi.http import HttpClient, NoHttp


@dataclass(frozen=True, slots=True)
class PluginContext:
    """`config` is an instance of the manifest's model; `log` redacts the configuration's secrets; `now` is the host's clock in UTC.

    `http` is the only way out: with a deadline, a limit on sizes, and no way into the private network.
    """

    config: BaseModel
    log: logging.Logger
    now: Callable[[], datetime]
    http: HttpClient = field(default_factory=NoHttp)
