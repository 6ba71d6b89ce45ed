"""The server with the bazaar installed: `uvicorn tests.webhooks.app:application`."""

from stockhub.config.asgi import application
from tests.webhooks.bazaar import installed

installed()

__all__ = ["application"]
