"""Its fee schedule names no site."""

from collections.abc import Sequence

from stockhub.pluginapi import FeeRate, FeeSchedule, Manifest, hookimpl
from stockhub.values import Label


class Tariff(FeeSchedule):
    slug = "a-tariff"
    name = Label("Tariff", "费率")
    marketplace = "bazaar"
    sites = ()

    def rates(self, site: str) -> Sequence[FeeRate]:
        return ()


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="tariff", name=Label("Tariff", "费率"), version="1", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_fee_schedules(request: object) -> list[FeeSchedule]:
    return [Tariff()]
