"""Makes a shop on the bazaar in the database that the environment names: `python -m tests.webhooks.shop_on_the_bazaar`."""

from __future__ import annotations

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
    django.setup()
    make()


def make() -> None:
    from tests.channels.shop import small_shop
    from tests.webhooks.bazaar import connect, installed

    installed()
    shop = small_shop()
    connect(shop.account)
    shop.stock("A", 1_000_000)


if __name__ == "__main__":
    main()
