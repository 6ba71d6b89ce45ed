from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The composition root: binds the ports that lower layers declare to the things that serve them."""

    name = "stockhub.config"
    label = "config"

    def ready(self) -> None:
        # The Celery application becomes the current one, so that `shared_task` works in every process that has Django.
        from stockhub.config import celery, ports, start_up

        ports.bind(celery.app)
        start_up.end()
