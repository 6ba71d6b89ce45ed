"""A folder on the import path into which broken plugins are installed as a stranger's would be: a package and a `.dist-info`."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

SOURCES = Path(__file__).parent / "broken_plugins"
#: Enough for an import on a very busy machine; tests of what hangs set less.
PROBE_SECONDS = 60.0


class PluginSite:
    """A folder on the import path into which plugins are installed."""

    def __init__(self, folder: Path, packages: Path) -> None:
        #: Holds the `.dist-info` folders of this test; the packages lie where all tests share them, so that each is tried only once.
        self.folder = folder
        self.shared = packages
        self.packages: set[str] = set()

    def install(self, source: str, *, name: str | None = None, version: str = "1.0") -> str:
        """Installs `broken_plugins/<source>.py` under the entry-point name `name`; gives the entry point's key."""
        name = name or source.replace("_", "-")
        package = f"broken_{source}"
        if not self.file_of(source).exists() or self.file_of(source).read_bytes() != (SOURCES / f"{source}.py").read_bytes():
            (self.shared / package).mkdir(exist_ok=True)
            (self.shared / package / "__init__.py").touch()
            shutil.copy2(SOURCES / f"{source}.py", self.file_of(source))
        info = self.folder / f"stranger_{source}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: stranger-{source}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[stockhub.plugins]\n{name} = {package}.plugin\n")
        self.packages.add(package)
        importlib.invalidate_caches()
        return f"stranger-{source}:{name}"

    def file_of(self, source: str) -> Path:
        """The installed module."""
        return self.shared / f"broken_{source}" / "plugin.py"

    def uninstall(self, source: str) -> None:
        for path in self.folder.glob(f"stranger_{source}-*.dist-info"):
            shutil.rmtree(path)
        importlib.invalidate_caches()
        self.forget()

    def forget(self) -> None:
        """Makes the next import read the files again."""
        for module in [m for m in sys.modules if m.partition(".")[0] in self.packages]:
            del sys.modules[module]
