"""*Today* on a terminal, and as plain lines where there is none: what to decide, and under each line why.

Widths are counted in cells, so that Chinese, two cells a character, stays aligned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Final, Protocol, cast
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stockhub.agenda.action_texts import tie_texts
from stockhub.agenda.today import FeedAge, Today, TodayLine, TodaySide
from stockhub.alerts.explanation_tree import Branch, tree_of
from stockhub.alerts.explanations import labels_of
from stockhub.alerts.formula_names import name_of_result
from stockhub.alerts.selectors import kind_info
from stockhub.alerts.units import amount_of_unit
from stockhub.alerts.wording import money_text

#: By level; the colour never stands alone, the number is always shown.
_COLOURS: Final = {1: "yellow", 2: "dark_orange", 3: "bold red"}
#: The numbers that have a reason line, in this order.
_REASONED: Final = ("value", "money")
#: Parts of a formula that a line names; the alert's page has the whole tree.
_PARTS: Final = 6


class Stream(Protocol):
    """What `self.stdout` of a command and a file have in common."""

    def isatty(self) -> bool: ...

    def write(self, text: str, /) -> object: ...


def show_today(today: Today, stream: Stream) -> None:
    """Draws on a terminal, writes plain lines elsewhere: to a file, a pipe, a log."""
    if stream.isatty():
        Console(file=cast("IO[str]", stream)).print(_drawn(today))
    else:
        stream.write("\n".join(plain_lines(today)) + "\n")


def plain_lines(today: Today) -> Iterator[str]:
    """The list without colours or wrapping."""
    yield _title(today)
    if today.feeds:
        yield _freshness(today)
    if today.unheard:
        yield today.unheard.text
    for name, side in _sides(today):
        yield ""
        yield _section(name, side)
        margin = cell_len(str(len(side.lines)))
        for line in side.lines:
            yield f"{_right(str(line.rank), margin)}  {_level(line)}  {line.headline}"
            for reason in reasons(line):
                yield f"{' ' * (margin + cell_len(_level(line)) + 4)}{reason}"


def reasons(line: TodayLine) -> list[str]:
    """Why the line says what it says: each number with its formula and what went into it, and the other alerts of the same subject."""
    labels = labels_of(line.alert)
    out = []
    for name in _REASONED:
        tree = line.explanations.get(name)
        if tree is not None and tree.value is not None:
            out.append(_reason(tree_of(tree, labels, name=name_of_result(name))))
    tree = line.saving.explanation
    if tree is not None and tree.value:
        # Of several alerts on one subject, the one whose action saves most.
        name = (
            name_of_result("saving")
            if line.saver is line.alert
            else _("%(kind)s: an action saves") % {"kind": kind_info(line.saver.kind).label}
        )
        out.append(_reason(tree_of(tree, labels_of(line.saver), name=name)))
    if line.also:
        kinds = ", ".join(kind_info(alert.kind).label for alert in line.also)
        out.append(_("Also: %(kinds)s") % {"kinds": kinds})
    return [*out, *tie_texts(line.ties)]


def _reason(branch: Branch) -> str:
    what = _("%(name)s: %(amount)s") % {"name": branch.name, "amount": branch.amount}
    if not branch.formula:
        return what
    parts = ", ".join(f"{part.name} {part.amount}" for part in branch.parts[:_PARTS])
    return _("%(what)s = %(formula)s (%(parts)s)") % {"what": what, "formula": branch.formula, "parts": parts}


def _drawn(today: Today) -> Group:
    parts: list[Text | Padding | Table] = [Text(_title(today), style="bold")]
    if today.feeds:
        parts.append(Text(_freshness(today), style="dim"))
    if today.unheard:
        parts.append(Text(today.unheard.text, style="bold red"))
    for name, side in _sides(today):
        parts.append(Padding(Text(_section(name, side), style="bold underline"), (1, 0, 0, 0)))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold", ratio=1)
        for line in side.lines:
            what = Text(line.headline)
            for reason in reasons(line):
                what.append(f"\n{reason}", style="dim")
            table.add_row(str(line.rank), Text(_level(line), style=_COLOURS[line.alert.level]), what)
        parts.append(table)
    return Group(*parts)


def _sides(today: Today) -> list[tuple[str, TodaySide]]:
    """The two fears always, doubts about the data where there are any."""
    sides = [(_("Running out"), today.shortage), (_("Lying still"), today.excess)]
    return [*sides, (_("Doubtful data"), today.data)] if today.data.lines else sides


def _title(today: Today) -> str:
    at = today.as_of.astimezone(ZoneInfo(today.time_zone))
    return _("Today · %(time)s %(zone)s") % {"time": f"{at:%Y-%m-%d %H:%M}", "zone": today.time_zone}


def _section(name: str, side: TodaySide) -> str:
    if not side.lines:
        return _("%(side)s: nothing") % {"side": name}
    count = ngettext("%(number)d alert", "%(number)d alerts", side.alerts_in_all) % {"number": side.alerts_in_all}
    by_level = ", ".join(
        _("level %(level)d: %(number)d") % {"level": level, "number": side.levels[level]} for level in sorted(side.levels, reverse=True)
    )
    parts = [_("%(side)s: %(count)s") % {"side": name, "count": f"{count} ({by_level})"}]
    if side.money.amount:
        parts.append(_("%(money)s at stake") % {"money": money_text(side.money)})
    if side.saving.amount:
        parts.append(_("%(money)s can be saved") % {"money": money_text(side.saving)})
    return ", ".join(parts)


def _freshness(today: Today) -> str:
    """How old the data are: each feed, the one that is furthest behind first (H103)."""
    return _("Data: %(feeds)s") % {"feeds": ", ".join(_age(feed, today.as_of) for feed in today.feeds)}


def _age(feed: FeedAge, now: datetime) -> str:
    named = {"account": feed.account, "kind": feed.kind}
    if feed.data_until_at is None:
        return _("%(account)s %(kind)s none yet") % named
    old = amount_of_unit(max(round((now - feed.data_until_at).total_seconds() / 3600, 1), 0.0), "hour")
    return _("%(account)s %(kind)s %(age)s old") % {**named, "age": old}


def _level(line: TodayLine) -> str:
    return _("level %(level)d") % {"level": line.alert.level}


def _right(text: str, cells: int) -> str:
    return " " * (cells - cell_len(text)) + text
