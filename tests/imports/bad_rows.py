"""200,000 rows of which every hundredth cannot be taken, as CSV in GBK and as XLSX: killed half-way, imported to its end, imported again.
Part of `make soak`.

`python -m tests.imports.bad_rows [ROWS]` does it alone.
"""

from __future__ import annotations

import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from tests.conftest import REPOSITORY

ROWS: Final = 200_000
#: Rows that cannot be taken, by what is wrong with them.
_BAD: Final[tuple[Callable[[int], str], ...]] = (
    lambda _n: ",茶,9.90",
    lambda n: f"{'S' * 400}{n},茶,9.90",
    lambda n: f"S{n},茶,NaN",
    lambda n: f"S{n},茶,1e309",
    lambda n: f"S{n},茶,-5",
)
#: What is said of them, by column.
_REASONS: Final = {
    ("sku", "missing"), ("sku", "too_long"), ("price", "not_a_number"), ("price", "too_large"), ("price", "too_small"),
}  # fmt: skip
#: Files are read and written in batches, whatever their length; most of this is the interpreter with its libraries.
_MOST_MIB: Final = 600


def run(rows: int = ROWS) -> None:
    """Promise 15. Raises AssertionError where a good row is missing or doubled, a bad one is not reported, or the memory is not bounded."""
    for name in ("catalog.csv", "catalog.xlsx"):
        _run(name, rows)


def _run(name: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        path = folder / name
        bad = write(path, rows)
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BROKER_URL", "REDIS_URL")}
        environment |= {"STOCKHUB_VAR": made, "LOG_LEVEL": "ERROR"}
        _manage(environment, "migrate", "-v0")
        _killed_half_way(environment, path, folder, rows)
        had = _skus(folder)
        assert 0 < had < rows - len(bad), had
        text = _manage(environment, "import_catalog", str(path))
        assert _counts(text) == (rows, rows - len(bad) - had, had, len(bad)), text
        assert _skus(folder) == rows - len(bad)
        assert _refused_lines(folder) >= set(bad[:100])
        assert _refused_reasons(folder) == _REASONS, _refused_reasons(folder)
        again = _manage(environment, "import_catalog", str(path))
        assert _counts(again) == (rows, 0, rows - len(bad), len(bad)), again
        assert _skus(folder) == rows - len(bad)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert most < _MOST_MIB, f"{most:.0f} MiB"
    print(f"{name}: {rows} rows, {len(bad)} refused, {had} were in when it was killed, {most:.0f} MiB at most", flush=True)


def write(path: Path, rows: int) -> list[int]:
    """Writes the file, a CSV in GBK, and returns the lines of its bad rows; the header is line 1."""
    bad = list(range(50, rows, 100))
    wrong = set(bad)
    lines = (_BAD[n // 100 % len(_BAD)](n) if n in wrong else f"S{n},茶叶 {n},9.90" for n in range(rows))
    if path.suffix == ".xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in chain(("sku,name,price",), lines):
            sheet.append(line.split(","))
        book.save(path)
    else:
        with path.open("w", encoding="gbk", newline="") as file:
            file.writelines(f"{line}\n" for line in chain(("sku,name,price",), lines))
    return [n + 2 for n in bad]


def _manage(environment: dict[str, str], *arguments: str) -> str:
    """What a command prints. One that refuses rows says so by its status as well."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=REPOSITORY, env=environment, check=False, capture_output=True, text=True
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def _killed_half_way(environment: dict[str, str], path: Path, folder: Path, rows: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_catalog", str(path)], cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL
    )  # fmt: skip
    while process.poll() is None and _skus(folder) < rows // 3:
        time.sleep(0.01)
    assert process.poll() is None, "The import was over before it could be killed."
    process.kill()
    process.wait()


def _skus(folder: Path) -> int:
    with sqlite3.connect(folder / "stockhub.sqlite3", timeout=60) as database:
        return int(database.execute("SELECT count(*) FROM catalog_sku").fetchone()[0])


def _refused_lines(folder: Path) -> set[int]:
    with sqlite3.connect(folder / "stockhub.sqlite3", timeout=60) as database:
        return {line for (line,) in database.execute("SELECT line FROM exchange_rowerror")}


def _refused_reasons(folder: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(folder / "stockhub.sqlite3", timeout=60) as database:
        return set(database.execute("SELECT DISTINCT column, code FROM exchange_rowerror").fetchall())


def _counts(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+) rows read, (\d+) new or changed, (\d+) unchanged, (\d+) refused", text)
    assert found is not None, text
    return tuple(int(count) for count in found.groups())


if __name__ == "__main__":
    run(*map(int, sys.argv[1:]))
