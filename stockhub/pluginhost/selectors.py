"""What other areas ask about plugins."""

from __future__ import annotations

from django.db.models import Q

from stockhub.core import clock
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import PluginStatus, Provider
from stockhub.pluginhost.registry import registry


def callable_slugs(kind: Kind | str) -> frozenset[str]:
    """Providers of this process that may be called now: built-in, or of an active plugin, and with a closed circuit. One query."""
    known = registry().by_kind[Kind(kind)]
    closed = Q(open_until__isnull=True) | Q(open_until__lte=clock.wall())
    allowed = Q(plugin__isnull=True) | Q(plugin__enabled=True, plugin__status=PluginStatus.ACTIVE)
    rows = Provider.objects.filter(kind=Kind(kind).value)
    permitted = set(rows.filter(closed & allowed).values_list("slug", flat=True))
    # A provider without a row was never called, and is a plugin's only where states were not synchronised yet.
    unknown = set(known) - set(rows.values_list("slug", flat=True))
    return frozenset(known) & (permitted | unknown)


def enabled_slugs(kind: Kind | str) -> frozenset[str]:
    """Providers that an operator wants called: built-in, or of a plugin that is not switched off. Circuits do not count."""
    known = registry().by_kind[Kind(kind)]
    off = Provider.objects.filter(kind=Kind(kind).value, plugin__enabled=False).values_list("slug", flat=True)
    return frozenset(known) - set(off)
