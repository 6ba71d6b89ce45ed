"""What belongs together in a message: alerts of one kind with one cause. Whoever knows causes says so here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: Gives the cause of those alerts that have one, by id: a text that alerts with the same cause share.
Causes = Callable[[Sequence[int]], Mapping[int, str]]


def no_causes(alert_ids: Sequence[int]) -> Mapping[int, str]:  # noqa: ARG001 - the port's signature
    return {}


_causes: Causes = no_causes


def bind_causes(causes: Causes) -> None:
    """Called once by the area that groups alerts into incidents."""
    global _causes  # noqa: PLW0603 - a port with one binding a process
    _causes = causes


@dataclass(slots=True)
class Group:
    """`count` alerts of one kind and cause; `ids` are the worst of them, in order."""

    kind: str
    cause: str
    level: int
    count: int
    ids: list[int] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def grouped(worst: Sequence[tuple[int, str, int]], totals: Mapping[str, int]) -> list[Group]:
    """The groups of alerts (id, kind, level), the worst first, of kinds that have `totals` in all.

    Of a kind with more alerts than are among the worst, the rest counts to its group without a cause.
    """
    causes = _causes([pk for pk, _kind, _level in worst])
    groups: dict[tuple[str, str], Group] = {}
    for pk, kind, level in worst:
        cause = causes.get(pk, "")
        group = groups.setdefault((kind, cause), Group(kind, cause, level, 0))
        group.ids.append(pk)
        group.count += 1
        group.level = max(group.level, level)
    for kind, total in totals.items():
        told = sum(group.count for group in groups.values() if group.kind == kind)
        if total > told:
            rest = groups.setdefault((kind, ""), Group(kind, "", 1, 0))
            rest.count += total - told
    return list(groups.values())


def merged(lists: Iterable[Sequence[Mapping[str, Any]]]) -> list[Group]:
    """Groups of several runs as one list. An alert that several runs told of is counted once, as far as its id is known."""
    groups: dict[tuple[str, str], Group] = {}
    for each in (Group(**document) for documents in lists for document in documents):
        known = groups.setdefault((each.kind, each.cause), Group(each.kind, each.cause, each.level, 0))
        again = set(known.ids) & set(each.ids)
        known.ids += [pk for pk in each.ids if pk not in again]
        known.count += each.count - len(again)
        known.level = max(known.level, each.level)
    return list(groups.values())
