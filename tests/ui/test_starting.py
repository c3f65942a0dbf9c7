"""The window is there before everything else, and goes without a trace."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.windows import Start
from viewer.core.errors import Closing
from viewer.services.opening import WindowRequest
from viewer.services.places import catalog_file
from viewer.ui.application import Starting
from viewer.ui.loading import load

ROOT = Path(__file__).parents[2]
HEAVY = (
    "numpy",
    "sqlalchemy",
    "cv2",
    "pydicom",
    "imagecodecs",
    "pydantic",
    "qtawesome",
    "viewer.ui.icon_font",
)


def _started(data_dir: Path) -> str:
    """The beginning of a program of its own, in which the window starts."""
    return f"""
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from viewer.services.opening import WindowRequest
from viewer.ui.application import Starting
application = QApplication([])
starting = Starting(WindowRequest(Path({str(data_dir)!r})), application)
"""


def _said(code: str) -> str:
    """What a program writes that ends well."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_first_paint_waits_for_nothing_but_qt(tmp_path: Path) -> None:
    code = f"""{_started(tmp_path)}
loaded = []
starting.window.painted.connect(
    lambda: loaded.extend(m for m in {HEAVY!r} if m in sys.modules)
)
starting.window.painted.connect(lambda: QTimer.singleShot(0, application.quit))
application.exec()
starting.window.close()
starting.close()
print(*loaded)
"""
    assert _said(code) == "\n"


def test_what_is_heavy_is_not_imported_by_the_windows_thread(tmp_path: Path) -> None:
    code = f"""{_started(tmp_path)}
import threading
from importlib.abc import MetaPathFinder

class Watch(MetaPathFinder):
    by_window = []
    def find_spec(self, name, path, target=None):
        if threading.current_thread() is threading.main_thread():
            self.by_window.append(name)
        return None

starting.window.painted.connect(lambda: sys.meta_path.insert(0, Watch()))
looking = QTimer(interval=20)
looking.timeout.connect(lambda: starting.program is None or application.quit())
looking.start()
application.exec()
sys.meta_path.pop(0)
starting.window.close()
starting.close()
heavy = ({", ".join(map(repr, HEAVY))}, "viewer.ui.port", "viewer.ui.joining")
print(*(name for name in heavy if name in Watch.by_window))
"""
    assert _said(code) == "\n"


def test_no_module_leaves_its_source_in_memory(tmp_path: Path) -> None:
    code = f"""{_started(tmp_path)}
import linecache
looking = QTimer(interval=20)
looking.timeout.connect(lambda: starting.program is None or application.quit())
looking.start()
application.exec()
kept = [
    name
    for name in ("numpy", "sqlalchemy", "viewer.ui.theme", "viewer.ui.joining")
    if sys.modules[name].__file__ in linecache.cache
]
starting.window.close()
starting.close()
print(*kept)
"""
    assert _said(code) == "\n"


def test_a_window_that_is_closed_while_it_loads_leaves_no_thread(
    qtbot: QtBot, qapp: object, tmp_path: Path
) -> None:
    starting = Starting(WindowRequest(tmp_path), qapp)  # type: ignore[arg-type]
    qtbot.addWidget(starting.window)
    with qtbot.waitSignal(starting.window.painted):
        pass
    qtbot.waitUntil(lambda: "import-shell" in _threads() or starting.shell is not None)
    starting.window.close()
    assert not starting.window.isVisible()
    starting.close()
    assert "import-shell" not in _threads()
    assert starting.program is None


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def test_a_catalog_that_cannot_be_opened_is_said(
    qtbot: QtBot, qapp: object, tmp_path: Path
) -> None:
    catalog_file(tmp_path).write_bytes(b"no catalog at all" * 100)
    starting = Starting(WindowRequest(tmp_path), qapp)  # type: ignore[arg-type]
    qtbot.addWidget(starting.window)
    qtbot.waitUntil(lambda: bool(starting.window.notices.shown), timeout=30_000)
    words = [label.text() for label in starting.window.notices.findChildren(QLabel)]
    QTest.keyClick(starting.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not starting.window.isVisible()
    starting.close()
    assert starting.program is None
    assert any("catalog" in word for word in words)


def test_a_window_without_a_catalog_ends_like_a_command_without_one(
    tmp_path: Path,
) -> None:
    catalog_file(tmp_path).write_bytes(b"no catalog at all" * 100)
    code = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from viewer.app import main
application = QApplication([])

def leave():
    windows = [w for w in application.topLevelWidgets() if hasattr(w, "notices")]
    if any(window.notices.shown for window in windows):
        application.closeAllWindows()

looking = QTimer(interval=50)
looking.timeout.connect(leave)
looking.start()
sys.exit(main(["--data-dir", {str(tmp_path)!r}]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 3
    assert "The catalog is damaged." in done.stderr
    assert "Traceback" not in done.stderr


def test_the_window_stands_where_it_stood(start: Start, tmp_path: Path) -> None:
    stood = (800, 600)  # a size the smallest test screen has room for
    first, _ = start(tmp_path)
    first.window.resize(*stood)
    first.window.close()
    first.close()
    again, program = start(tmp_path)
    # `start` resizes to look the same on every screen; what was kept is in the file.
    again.window.restore_geometry(program.desk.settings.value.window_geometry)
    assert again.window.size().toTuple() == stood


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_theme_is_remembered(start: Start, tmp_path: Path, theme: str) -> None:
    _, program = start(tmp_path)
    if theme == "light":
        program.actions.run("view.light")
    assert program.desk.settings.value.theme == theme
    if theme == "light":
        program.actions.run("view.light")
    assert program.desk.settings.value.theme == "dark"


def test_who_leaves_at_once_waits_for_nothing_more(tmp_path: Path) -> None:
    with pytest.raises(Closing):
        load(tmp_path, lambda: True)
    assert not catalog_file(tmp_path).exists()
