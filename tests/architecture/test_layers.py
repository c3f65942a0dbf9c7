"""The arrows point down."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    subprocess.run([program, "--no-cache"], check=True, cwd=ROOT)


def test_everything_but_the_ui_starts_without_qt() -> None:
    code = (
        "import sys, pkgutil, importlib, viewer\n"
        "for m in pkgutil.walk_packages(viewer.__path__, 'viewer.'):\n"
        "    if not m.name.startswith(('viewer.ui', 'viewer.app')):\n"
        "        importlib.import_module(m.name)\n"
        "sys.exit(any(n.startswith('PySide6') for n in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
