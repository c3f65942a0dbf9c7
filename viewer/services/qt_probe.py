"""Whether Qt's libraries can be loaded, found out in a process of its own.

A missing system library shows only when Qt opens it, and a broken Qt may abort the
process; neither must happen to the one who asks.
"""

import subprocess
import sys

_PATIENCE_S = 60

_PROBE = """
import ctypes, importlib, pathlib, sys
for name in ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtPrintSupport"):
    try:
        importlib.import_module("PySide6." + name)
    except ImportError as error:
        print("missing", error)
from PySide6.QtCore import QLibraryInfo
plugins = pathlib.Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
if sys.platform == "linux":
    for name in ("libqoffscreen.so", "libqxcb.so"):
        try:
            ctypes.CDLL(str(plugins / "platforms" / name))
        except OSError as error:
            print("missing" if "offscreen" in name else "window", error)
"""


def qt_complaints() -> list[tuple[str, bool]]:
    """What could not be loaded, and whether nothing of the window works without.

    Only the X11 plugin is not essential: Wayland may be there instead.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [(f"Qt does not start ({type(error).__name__})", True)]
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
    found = [(what, kind == "missing") for kind, what in lines]
    if done.returncode and not found:
        return [("Qt does not start", True)]
    return found
