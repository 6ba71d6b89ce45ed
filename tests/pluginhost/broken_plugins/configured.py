"""A plugin with a configuration of version 2, secrets and a health check."""

import os
import time
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from stockhub.pluginapi import HealthCheck, HealthRequest, Manifest, MigrateConfigRequest, hookimpl
from stockhub.values import Label


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")

    host: HttpUrl = Field(description="Where it listens.")
    token: SecretStr = Field(description="Given by the provider.")
    second_token: SecretStr | None = None
    colour: Colour = Colour.RED
    retries: int = Field(3, ge=0, le=9)
    share: Decimal = Decimal("0.5")
    names: list[str] = []
    mode: str = "well"


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(
        slug="configured",
        name=Label("Configured", "已配置"),
        version="1",
        requires_api=">=1.0,<2",
        config_model=Config,
        config_version=2,
    )


@hookimpl
def stockhub_migrate_config(request: MigrateConfigRequest) -> dict[str, object]:
    if "address" not in request.config:
        raise KeyError("address")
    return {"host": request.config["address"], "token": request.config["token"]}


@hookimpl
def stockhub_health(request: HealthRequest) -> list[HealthCheck]:
    config = request.context.config
    token = config.token.get_secret_value()
    request.context.log.warning("asked with %s", token)
    if config.mode == "hangs":
        time.sleep(3600)
    if config.mode == "dies":
        os._exit(5)
    if config.mode == "raises":
        raise ConnectionError(f"{token} was refused")
    if config.mode == "badly":
        return ["fine"]
    return [
        HealthCheck("connection", ok=True),
        HealthCheck("token", ok=False, message=f"{token} ends tomorrow."),
        HealthCheck("environment", ok=not any(name in os.environ for name in ("SECRET_KEY", "DATABASE_URL", "STOCKHUB_ENCRYPTION_KEYS"))),
    ]
