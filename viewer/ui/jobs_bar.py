"""What the program is doing, at the foot of the window; gone when it does nothing."""

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from viewer.services.jobs import Job, Jobs, JobState, JobStatus
from viewer.ui import theme
from viewer.ui.footer import footer_button, show_paused, time_left

_BAR_WIDTH = 240
_SURE_AFTER_S = 3.0  # before that, a guess of the time left only jumps about


class JobsBar(QWidget):
    """One line for each long work: progress, pause, cancel."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        theme.set_role(self, "footer")
        self._jobs = jobs
        self._rows: dict[int, _Row] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(
            theme.GAP_L, theme.UNIT, theme.GAP_S, theme.UNIT
        )
        self._layout.setSpacing(0)
        self.hide()
        jobs.changed.connect(self.show_status)

    def show_status(self, status: JobStatus) -> None:
        """Bring the line of one job up to date."""
        job = self._jobs.running.get(status.id)
        if status.state.over:
            self._remove(status.id)
        elif status.id in self._rows:
            self._rows[status.id].show_status(status)
        elif job is not None:
            row = self._rows[status.id] = _Row(job)
            row.show_status(status)
            self._layout.addWidget(row)
        self.setVisible(bool(self._rows))

    def _remove(self, job_id: int) -> None:
        row = self._rows.pop(job_id, None)
        if row is not None:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()


class _Row(QWidget):
    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job
        self._clock = _TimeLeft()
        self.setFixedHeight(theme.ROW)
        self._title = QLabel(job.status.title)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._figures = QLabel()
        self._figures.setFont(theme.figures(self._figures.font()))
        self._text = QLabel()
        for label in (self._figures, self._text):
            theme.set_role(label, "secondary")
        self._pause = footer_button("job", "pause", "Pause", self._toggle)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP_M)
        layout.addWidget(self._title)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._figures)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._pause)
        layout.addWidget(footer_button("job", "x", "Cancel", self._cancel))

    def show_status(self, status: JobStatus) -> None:
        self._bar.setRange(0, status.total)
        self._bar.setValue(status.done)
        paused = status.state is JobState.PAUSED
        show_paused(self._pause, paused=paused)
        left = "paused" if paused else self._clock.text(status)
        counted = f"{status.done:,} / {status.total:,}" if status.total else ""
        self._figures.setText("  ·  ".join(part for part in (counted, left) if part))
        self._text.setText(status.text)

    def _toggle(self) -> None:
        if self._job.status.state is JobState.PAUSED:
            self._job.resume()
        else:
            self._job.pause()

    def _cancel(self) -> None:
        self._job.cancel()
        self._title.setText(f"{self._job.status.title} – stopping")


class _TimeLeft:
    """Guesses from the work done so far how long the rest takes."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def text(self, status: JobStatus) -> str:
        """In words, or nothing while it would be a wild guess."""
        spent = time.monotonic() - self._since
        if spent < _SURE_AFTER_S or not 0 < status.done < status.total:
            return ""
        return time_left(spent / status.done * (status.total - status.done))
