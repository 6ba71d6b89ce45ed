"""The report as a table for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: Title, and where the figure is found.
_COLUMNS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("rmsse", ("rmsse",)),
    ("mase", ("mase7",)),
    ("wape", ("wape",)),
    ("smape", ("smape",)),
    ("wape14", ("wape_sum14",)),
    ("wape28", ("wape_sum28",)),
    ("bias", ("bias",)),
    ("pin.9", ("daily", "pinball", "0.9")),
    ("cov.9", ("daily", "coverage", "0.9")),
    ("sum rel", ("lead_time", "rel")),
    ("sum cerr", ("lead_time", "cerr")),
    ("seconds", ("seconds",)),
)
_WIDTH: Final = 9


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """What was tested, a line a model, who the champions were, and what was wrong with the file."""
    yield f"{report['series']} series, {report['windows']} windows of {report['horizon']} periods up to {report['last_on']}"
    if report["drivers"]:
        yield f"known ahead: {', '.join(report['drivers'])}"
    yield ""
    name_width = max((len(slug) for slug in report["models"]), default=8) + 2
    yield "model".ljust(name_width) + "".join(title.rjust(_WIDTH) for title, _path in _COLUMNS)
    ranked = sorted(report["models"].items(), key=lambda item: (item[1]["lead_time"]["rel"] is None, item[1]["lead_time"]["rel"] or 0.0))
    for slug, found in ranked:
        yield slug.ljust(name_width) + _row(found)
    if report["champion"]:
        yield "champion".ljust(name_width) + _row(report["champion"])
    textbook = {"lead_time": report["textbook"]}
    yield "(textbook)".ljust(name_width) + _row(textbook)
    yield ""
    yield "sum rel: loss of lead-time sums over that of independent normal days; sum cerr: distance of coverage from its level, in points."
    if report["champion"]:
        for number, chosen in enumerate(report["champion"]["chosen"], start=1):
            yield f"champions of window {number}: " + ", ".join(f"{kind} {slug}" for kind, slug in chosen.items())
    for kind, found in report["champion"]["by_class"].items() if report["champion"] else ():
        covered = found["lead_time"].get("14", {}).get("coverage", {})
        shares = ", ".join(f"{level} {share:.2f}" for level, share in covered.items() if share is not None)
        yield f"{kind}: {found['series_windows']} series and windows; 14-day sums at or below their quantile: {shares or '–'}"
    for days in report["few_blocks"]:
        yield f"few blocks: history holds fewer than three lead times of {days} days; their quantiles rest on hardly anything."
    for slug, text in report["failures"].items():
        yield f"failed: {slug}: {text}"
    yield from _problems(report["problems"])


def _problems(problems: Mapping[str, list[str]]) -> Iterator[str]:
    counts = Counter(kind for kinds in problems.values() for kind in kinds)
    for kind, count in counts.most_common():
        names = [name for name, kinds in problems.items() if kind in kinds]
        yield f"{kind}: {count} series, such as {', '.join(names[:5])}"


def _row(found: Mapping[str, Any]) -> str:
    return "".join(_cell(found, path).rjust(_WIDTH) for _title, path in _COLUMNS)


def _cell(found: Any, path: tuple[str, ...]) -> str:  # noqa: ANN401 - JSON
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return "–" if found is None else f"{found:.3f}"
