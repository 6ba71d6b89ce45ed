"""What a plugin says about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel

from stockhub.values import Label

SLUG_PATTERN: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class EmptyConfig(BaseModel):
    """The configuration of a plugin that has none."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Identity and needs of a plugin.

    `slug` is lower-case with hyphens and unique on a server. `requires_api` is a PEP 440 range over `API_VERSION`, such as
    `>=1.0,<2`. `config_model` validates the plugin's configuration, draws its admin form and gives the frontend its JSON Schema;
    fields of type `pydantic.SecretStr` are encrypted at rest and never shown again. `config_version` counts up when stored
    configurations must pass through `stockhub_migrate_config`.
    """

    slug: str
    name: Label
    version: str
    requires_api: str
    description: Label = field(default_factory=lambda: Label("", ""))
    config_model: type[BaseModel] = EmptyConfig
    config_version: int = 1

    def __post_init__(self) -> None:
        if not SLUG_PATTERN.fullmatch(self.slug):
            raise ValueError(f"Plugin slug {self.slug!r} must be lower-case words joined by hyphens.")
        if self.config_version < 1:
            raise ValueError("config_version starts at 1.")
