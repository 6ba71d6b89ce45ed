"""Would store secrets in the clear."""

from pydantic import BaseModel, SecretStr

from stockhub.pluginapi import Manifest, hookimpl
from stockhub.values import Label


class Config(BaseModel):
    keys: list[SecretStr]


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="open-secret", name=Label("Open secret", "泄密"), version="1", requires_api=">=1.0,<2", config_model=Config)
