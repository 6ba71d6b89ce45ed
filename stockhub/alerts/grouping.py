"""What belongs together in a message: alerts of one kind that are of one incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from stockhub.alerts.models import Alert


@dataclass(slots=True)
class Group:
    """`count` alerts of one kind and of one incident, by its id, or of none; `ids` are the worst of them, in order."""

    kind: str
    incident: int | None
    level: int
    count: int
    ids: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def grouped(worst: Sequence[tuple[int, str, int]], totals: Mapping[str, int]) -> list[Group]:
    """The groups of alerts (id, kind, level), the worst first, of kinds that have `totals` in all.

    Of a kind with more alerts than are among the worst, the rest counts to its group without an incident.
    """
    incidents = dict(Alert.objects.filter(id__any_of=[pk for pk, _kind, _level in worst]).values_list("id", "incident_id"))
    groups: dict[tuple[str, int | None], Group] = {}
    for pk, kind, level in worst:
        incident = incidents.get(pk)
        group = groups.setdefault((kind, incident), Group(kind, incident, level, 0))
        group.ids.append(pk)
        group.count += 1
        group.level = max(group.level, level)
    for kind, total in totals.items():
        told = sum(group.count for group in groups.values() if group.kind == kind)
        if total > told:
            rest = groups.setdefault((kind, None), Group(kind, None, 1, 0))
            rest.count += total - told
    return list(groups.values())


def merged(lists: Iterable[Sequence[Mapping[str, Any]]]) -> list[Group]:
    """Groups of several runs as one list. An alert that several runs told of is counted once, as far as its id is known."""
    groups: dict[tuple[str, int | None], Group] = {}
    for each in (Group(**document) for documents in lists for document in documents):
        known = groups.setdefault((each.kind, each.incident), Group(each.kind, each.incident, each.level, 0))
        again = set(known.ids) & set(each.ids)
        known.ids += [pk for pk in each.ids if pk not in again]
        known.count += each.count - len(again)
        known.level = max(known.level, each.level)
    return list(groups.values())
