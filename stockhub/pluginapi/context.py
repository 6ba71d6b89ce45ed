"""What the host hands to a plugin's code."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class PluginContext:
    """`config` is an instance of the manifest's model; `log` redacts the configuration's secrets; `now` is the host's clock in UTC."""

    config: BaseModel
    log: logging.Logger
    now: Callable[[], datetime]
