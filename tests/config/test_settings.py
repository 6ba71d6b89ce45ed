"""A server starts with what it needs, or says what is missing; and it starts light."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "not-a-secret-" * 5,
    "ALLOWED_HOSTS": "stock.example.com",
    "STOCKHUB_ENCRYPTION_KEYS": "QnJ1bm5lbiB1bmQgQmFjaGUgc2luZCBrYWx0IDEyMyE=",
}


def manage(*arguments: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    names = ("DATABASE_URL", "BROKER_URL", "REDIS_URL", *PRODUCTION)
    clean = {k: v for k, v in os.environ.items() if k not in names}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=clean | {"STOCKHUB_VAR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "STOCKHUB_ENCRYPTION_KEYS"])
def test_production_refuses_to_start_without_a_secret_and_names_it(tmp_path: Path, missing: str) -> None:
    given = {k: v for k, v in PRODUCTION.items() if k != missing}
    done = manage("check", tmp_path=tmp_path, **given)
    assert done.returncode != 0
    assert f"DEBUG is off and {missing} is not set." in done.stderr
    assert "Traceback" not in done.stdout


def test_production_refuses_an_encryption_key_that_is_none(tmp_path: Path) -> None:
    done = manage("check", tmp_path=tmp_path, **PRODUCTION | {"STOCKHUB_ENCRYPTION_KEYS": "garbage"})
    assert done.returncode != 0
    assert "STOCKHUB_ENCRYPTION_KEYS holds something that is no Fernet key." in done.stderr
    assert "garbage" not in done.stderr


def test_production_with_everything_passes_djangos_own_deployment_checks(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_development_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY, *settings.STOCKHUB_ENCRYPTION_KEYS)"
    first, second = (manage("shell", "--no-imports", "-c", code, tmp_path=tmp_path).stdout.strip() for _ in range(2))
    assert len(first.split()) == 2
    assert first == second


def test_an_empty_database_url_is_none(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default']['NAME'])"
    told = manage("shell", "--no-imports", "-c", code, tmp_path=tmp_path, DATABASE_URL="").stdout.strip()
    assert told == str(tmp_path / "stockhub.sqlite3")


def test_check_imports_neither_pandas_nor_numba() -> None:
    code = (
        "import sys; sys.argv = ['manage.py', 'check']; import manage; manage.main();"
        "print(sorted({'pandas', 'numba', 'statsforecast', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_commands_on_files_leave_the_pages_alone() -> None:
    """A second of every `decide` and `backtest` was the admin's."""
    code = (
        "import sys; sys.argv = ['manage.py', 'backtest', '--help']; import manage\n"
        "try:\n    manage.main()\nexcept SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('stockhub') and name.endswith('.admin')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
