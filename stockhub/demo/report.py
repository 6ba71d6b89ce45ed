"""The comparison with the truth as lines: one a scenario, then what was missed or false, then the sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rich.cells import cell_len

from stockhub.demo.checking import FALSE_SHARE, Report, Tally
from stockhub.demo.stages import WrongStage


def report_lines(report: Report) -> Iterator[str]:
    titles = {tally.scenario.slug: _title(tally) for tally in report.told}
    width = max(cell_len(title) for title in titles.values())
    for tally in report.told:
        title = titles[tally.scenario.slug]
        yield _("%(title)s  %(subjects)3d SKUs in pools  expected %(expected)3d  found %(found)3d  missed %(missed)d  false %(false)d") % {
            "title": title + " " * (width - cell_len(title)),
            "subjects": len(tally.subjects),
            "expected": tally.expected,
            "found": tally.found,
            "missed": len(tally.missed),
            "false": len(tally.false),
        }
        yield from _faults(tally)
    yield _("Around them: %(subjects)d SKUs in pools, expected %(expected)d, missed %(missed)d, false %(false)d (not judged)") % {
        "subjects": len(report.crowd.subjects),
        "expected": report.crowd.expected,
        "missed": len(report.crowd.missed),
        "false": len(report.crowd.false),
    }
    yield from _faults(report.crowd)
    yield _("%(raised)d alerts about told SKUs: %(missed)d missed, %(false)d false (at most %(share).0f %% allowed): %(verdict)s") % {
        "raised": report.raised,
        "missed": report.missed,
        "false": report.false,
        "share": 100 * FALSE_SHARE,
        "verdict": _("passed") if report.is_passed else _("FAILED"),
    }


def stage_lines(wrong: Sequence[WrongStage]) -> Iterator[str]:
    """Stages that are plainly wrong, and how many there are."""
    for each in wrong:
        yield _("    wrong stage: %(sku)s sells as “%(curve)s” and is taken for %(stage)s") % {
            "sku": each.sku, "curve": each.curve, "stage": each.stage,
        }  # fmt: skip
    yield _("Told SKUs in a plainly wrong stage: %(count)d") % {"count": len(wrong)}


def _title(tally: Tally) -> str:
    return tally.scenario.title_zh if (get_language() or "").startswith("zh") else tally.scenario.title


def _faults(tally: Tally) -> Iterator[str]:
    for expected, level in tally.missed:
        yield _("    missed: %(kind)s of %(sku)s in %(pool)s, level %(wanted)d at least, found %(found)d") % {
            "kind": expected.kind,
            "sku": expected.sku,
            "pool": expected.pool,
            "wanted": expected.level,
            "found": level,
        }
    for expected in tally.false:
        yield _("    false: %(kind)s of %(sku)s in %(pool)s") % {"kind": expected.kind, "sku": expected.sku, "pool": expected.pool}
