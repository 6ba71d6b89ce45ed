"""A folder on the import path into which broken plugins are installed as a stranger's would be: a package and a `.dist-info`."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

SOURCES = Path(__file__).parent / "broken_plugins"
#: Long enough for an import on a busy machine, short enough to wait for one that hangs.
PROBE_SECONDS = 8.0


class PluginSite:
    """A folder on the import path into which plugins are installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages: set[str] = set()

    def install(self, source: str, *, name: str | None = None, version: str = "1.0") -> str:
        """Installs `broken_plugins/<source>.py` under the entry-point name `name`; gives the entry point's key."""
        name = name or source.replace("_", "-")
        package = f"broken_{source}"
        (self.folder / package).mkdir(exist_ok=True)
        (self.folder / package / "__init__.py").write_text("")
        shutil.copy(SOURCES / f"{source}.py", self.folder / package / "plugin.py")
        info = self.folder / f"stranger_{source}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: stranger-{source}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[stockhub.plugins]\n{name} = {package}.plugin\n")
        self.packages.add(package)
        importlib.invalidate_caches()
        return f"stranger-{source}:{name}"

    def uninstall(self, source: str) -> None:
        for path in self.folder.glob(f"*{source}*"):
            shutil.rmtree(path)
        importlib.invalidate_caches()
        self.forget()

    def forget(self) -> None:
        """Makes the next import read the files again."""
        for module in [m for m in sys.modules if m.partition(".")[0] in self.packages]:
            del sys.modules[module]
