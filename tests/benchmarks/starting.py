"""From the start of the process to the painted window, beside a bare Qt window."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from tests.benchmarks.searching import catalog_of

ROOT = Path(__file__).parents[2]

# Says when the first window has been painted, and closes it.
_WATCH = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Watch(QObject):
    said = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.said:
            self.said = True
            QTimer.singleShot(0, self.say)
        return False
    def say(self):
        print("painted", flush=True)
        QTimer.singleShot(0, QApplication.closeAllWindows)

application = QApplication(["lightbox"])
watch = Watch()
application.installEventFilter(watch)
"""
_OURS = "from viewer.app import main\nsys.exit(main(sys.argv[1:]))"
_BARE = "window = QMainWindow()\nwindow.show()\nsys.exit(application.exec())"


class Starts:
    """Processes that were started, ended before the next one starts."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._process: subprocess.Popen[str] | None = None

    def until_painted(self, last_words: str) -> None:
        """Start a process and wait until its window is painted."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WATCH + last_words, "--data-dir", self._data_dir],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "painted\n"

    def until_ended(self, last_words: str) -> None:
        """The same, and until the process is gone."""
        self.until_painted(last_words)
        self.end()

    def end(self) -> None:
        """Wait for the process of the last start."""
        if self._process is not None:
            self._process.communicate()
            assert self._process.returncode == 0
            self._process = None


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Start the whole program on a full catalog, and only Qt."""
    starts = Starts(catalog_of(scale.studies, folder))
    for name, work in (
        (f"Start to the window, {scale.studies:,} studies", starts.until_painted),
        ("Start, window, exit", starts.until_ended),
    ):
        yield Race(
            name,
            partial(work, _OURS),
            partial(work, _BARE),
            "a bare Qt window",
            before=starts.end,
            rounds=scale.starts,
        )
    starts.end()
    yield Race(
        "lightbox --help",
        lambda: _command("main.py", "--help"),
        lambda: _command("-c", "pass"),
        "bare Python",
    )


def _command(*words: str) -> None:
    subprocess.run(
        [sys.executable, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
